//! A loyalty programme that enrols and withdraws as fast as it is answered, and
//! what it was told.

use crate::{
    chance::Chance,
    desk::{self, Member},
    gateway::{Gateway, outcome},
    http,
    mqtt::Client,
    radio::espresense,
    site::Site,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    ops::RangeInclusive,
};

/// What the gateway has acknowledged of each member: version, and whether consent holds.
#[derive(Debug, Clone, Default)]
pub struct Acknowledged {
    /// By the member's number.
    pub by_member: BTreeMap<u16, (u64, bool)>,
}

/// A request of the loyalty programme, and what is known once it is answered.
#[derive(Debug)]
pub struct Request {
    /// Whom it is about.
    pub member: u16,
    path: &'static str,
    body: String,
    then: (u64, bool),
}

impl Acknowledged {
    /// All versions together: how many enrolments were answered.
    pub fn versions(&self) -> u64 {
        self.by_member.values().map(|(version, _)| version).sum()
    }

    /// Whether somebody is to be enrolled or withdrawn next.
    pub fn next(&self, members: &RangeInclusive<u16>, chance: &mut Chance) -> Request {
        let many = usize::from(members.end() - members.start()) + 1;
        let n = members.start() + u16::try_from(chance.below(many)).expect("small");
        let member = Member::new(n);
        let (version, enrolled) = self.by_member.get(&n).copied().unwrap_or((0, false));
        if enrolled && chance.below(2) == 0 {
            let body = desk::withdrawal(&member.customer).to_string();
            return Request {
                member: n,
                path: "/api/withdraw",
                body,
                then: (version, false),
            };
        }
        Request {
            member: n,
            path: "/api/profiles",
            body: member.enrolment(version + 1).to_string(),
            then: (version + 1, true),
        }
    }

    /// Makes a request; `None` when nobody answers any more.
    pub fn ask(&mut self, port: u16, request: &Request) -> Option<()> {
        let answer = http::ask(port, "POST", request.path, request.body.as_bytes())?;
        assert_eq!(
            outcome(&answer),
            "done",
            "{}: {}",
            request.path,
            answer.text()
        );
        self.by_member.insert(request.member, request.then);
        Some(())
    }

    /// Looks whether all of it holds at a gateway that has just started. Versions are
    /// seen by asking once more for what is known already, which is stale; consents
    /// by letting everybody walk in, since who has none is a stranger. Of `unsure`
    /// members a later request was not answered: their consent may be either.
    pub fn check(&self, site: &Site, gateway: &Gateway, unsure: &BTreeSet<u16>) {
        for (n, (version, _)) in &self.by_member {
            let member = Member::new(*n);
            let answer = gateway.post("/api/profiles", &member.enrolment(*version));
            assert_eq!(outcome(&answer), "stale", "{version} of {n} is lost");
        }
        let all = self.by_member.iter();
        let sure: Vec<_> = all.filter(|(n, _)| !unsure.contains(n)).collect();
        let fobs = sure.iter().map(|(n, _)| **n);
        let here = walk_in(site, gateway, fobs);
        let consenting = sure.iter().filter(|(_, (_, consents))| *consents).count();
        assert_eq!(here, consenting, "{self:?}");
    }

    /// Brings members whose last request was cut off into a known state.
    pub fn settle(&mut self, gateway: &Gateway, unsure: &BTreeSet<u16>) {
        for n in unsure {
            let (version, _) = self.by_member.get(n).copied().unwrap_or((0, false));
            // Further than anything that was not answered any more.
            let next = version + 1_000;
            gateway.enrol(&Member::new(*n), next);
            self.by_member.insert(*n, (next, true));
        }
    }
}

/// Lets members walk in whom nobody has heard yet; how many of them are shoppers.
pub fn walk_in(site: &Site, gateway: &Gateway, members: impl Iterator<Item = u16>) -> usize {
    let before = gateway.live();
    let visits = |live: &serde_json::Value| live["status"]["visits"].as_array().map_or(0, Vec::len);
    let count = |live: &serde_json::Value, what: &str| live["counts"][what].as_u64().unwrap_or(0);
    let mut client = Client::connect(site.broker_port, "walk-in").expect("the broker is there");
    let mut sent = 0;
    for n in members {
        let (topic, payload) = espresense(&Member::new(n).fob, "dairy", -55.0);
        let said = client.publish(&topic, payload.as_bytes());
        said.expect("the broker is there");
        sent += 1;
    }
    let after = gateway.until("everybody was heard", |live| {
        count(live, "sightings") == count(&before, "sightings") + sent
    });
    let here = visits(&after) - visits(&before);
    let strangers = count(&after, "strangers") - count(&before, "strangers");
    assert_eq!(strangers + here as u64, sent, "each is one or the other");
    here
}
