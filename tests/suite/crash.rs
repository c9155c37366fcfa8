//! `kill -9` at any moment: what was acknowledged is there afterwards, and what
//! is limited stays within its limit.

use std::{collections::BTreeMap, fs, sync::mpsc, thread, time::Duration};
use tests::{
    chance::Chance,
    desk::{self, Member},
    gateway::{Gateway, outcome},
    http,
    mosquitto::Mosquitto,
    mqtt::Client,
    radio::{InTheDairy, espresense},
    screen::{self, Screen},
    site::Site,
};

/// How often the gateway is killed.
const KILLS: usize = 20;
/// Every so many-th time a file is planted that sled would stumble over.
const PLANT_EVERY: usize = 10;
/// Most members; each is enrolled and taken back many times.
const MEMBERS: u16 = 40;

/// What the gateway has acknowledged of each member: version, and whether consent holds.
#[derive(Debug, Default)]
struct Acknowledged {
    by_member: BTreeMap<u16, (u64, bool)>,
}

/// Enrols and withdraws as fast as it is answered until nobody answers any more.
/// An answer that never came says nothing: then either may hold.
fn keep_busy(port: u16, seed: u64, known: &Acknowledged) -> (Acknowledged, Option<u16>) {
    let mut chance = Chance::new(seed);
    let mut now = Acknowledged {
        by_member: known.by_member.clone(),
    };
    loop {
        let n = 1 + u16::try_from(chance.below(MEMBERS.into())).expect("small");
        let member = Member::new(n);
        let (version, enrolled) = now.by_member.get(&n).copied().unwrap_or((0, false));
        let (path, body, then) = if enrolled && chance.below(2) == 0 {
            (
                "/api/withdraw",
                desk::withdrawal(&member.customer),
                (version, false),
            )
        } else {
            (
                "/api/profiles",
                member.enrolment(version + 1),
                (version + 1, true),
            )
        };
        let answer = http::ask(port, "POST", path, body.to_string().as_bytes());
        match answer {
            Some(answer) => {
                assert_eq!(outcome(&answer), "done", "{path}: {}", answer.text());
                now.by_member.insert(n, then);
            }
            None => return (now, Some(n)),
        }
    }
}

/// Versions are seen by asking once more for what is known already, which is
/// stale; consents by letting everybody walk in, since who has none is a stranger.
fn check(site: &Site, gateway: &Gateway, acknowledged: &Acknowledged, doubtful: Option<u16>) {
    let sure = |n: &u16| Some(*n) != doubtful;
    let members: Vec<_> = acknowledged
        .by_member
        .iter()
        .filter(|(n, _)| sure(n))
        .map(|(n, (version, consents))| (Member::new(*n), *version, *consents))
        .collect();
    for (member, version, _) in &members {
        let answer = gateway.post("/api/profiles", &member.enrolment(*version));
        assert_eq!(
            outcome(&answer),
            "stale",
            "{} of {}",
            version,
            member.customer
        );
    }
    let mut client = Client::connect(site.broker_port, "walk-in").expect("the broker is there");
    for (member, ..) in &members {
        let (topic, payload) = espresense(&member.fob, "dairy", -55.0);
        let sent = client.publish(&topic, payload.as_bytes());
        sent.expect("the broker is there");
    }
    let live = gateway.until("everybody was heard", |live| {
        live["counts"]["sightings"] == members.len()
    });
    let consenting = members.iter().filter(|(.., consents)| *consents).count();
    let here = live["status"]["visits"].as_array().map(Vec::len);
    assert_eq!(here, Some(consenting), "{acknowledged:?}");
    assert_eq!(live["counts"]["strangers"], members.len() - consenting);
}

fn plant(site: &Site) {
    let mut folders = vec![site.data()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            if entry.path().is_dir() {
                folders.push(entry.path());
            } else if entry.file_name() == "db" {
                let sled = entry.path();
                let sled = sled.parent().expect("a file is in a folder");
                fs::write(sled.join("snap.00000000ffffffff.generating"), b"")
                    .expect("the data folder can be written");
            }
        }
    }
}

#[test]
fn what_was_acknowledged_survives_kill_9_at_any_moment() {
    let site = Site::embedded();
    let mut chance = Chance::new(9);
    let mut acknowledged = Acknowledged::default();
    let mut answers = 0;
    for round in 0..KILLS {
        if round % PLANT_EVERY == PLANT_EVERY - 1 {
            plant(&site);
        }
        let mut gateway = Gateway::start(&site);
        let before = acknowledged.by_member.values().map(|(v, _)| v).sum::<u64>();
        let port = site.http_port;
        let (done, finished) = mpsc::channel();
        let seed = chance.number();
        let known = std::mem::take(&mut acknowledged);
        let busy = thread::spawn(move || {
            let result = keep_busy(port, seed, &known);
            let _ = done.send(());
            result
        });
        // Not a wait for something: the moment of the cut is part of the test.
        let cut = Duration::from_millis(50 + chance.number() % 500);
        assert!(
            finished.recv_timeout(cut).is_err(),
            "the gateway answers until it is killed"
        );
        gateway.process().kill();
        let (now, doubtful) = busy.join().expect("the busy client ends with the gateway");
        answers += now.by_member.values().map(|(v, _)| v).sum::<u64>() - before;
        acknowledged = now;

        let mut gateway = Gateway::start(&site);
        check(&site, &gateway, &acknowledged, doubtful);
        // From here on only what is surely known is built upon.
        if let Some(n) = doubtful {
            settle(&gateway, n, &mut acknowledged);
        }
        gateway.process().kill();
    }
    assert!(
        answers > KILLS as u64,
        "only {answers} acknowledgements in {KILLS} rounds"
    );
}

/// Brings a member whose last request was cut off into a known state.
fn settle(gateway: &Gateway, n: u16, acknowledged: &mut Acknowledged) {
    let (version, _) = acknowledged
        .by_member
        .get(&n)
        .copied()
        .unwrap_or((0, false));
    let next = version + 2;
    gateway.enrol(&Member::new(n), next);
    acknowledged.by_member.insert(n, (next, true));
}

/// Showings an offer of this test may have at all.
const BUDGET: usize = 6;

#[test]
fn a_budget_is_never_exceeded_however_often_the_gateway_dies() {
    let dir = tempfile::tempdir().unwrap();
    let Some(broker) = Mosquitto::start(dir.path()) else {
        return;
    };
    let site = Site::beside(broker.port);
    let offer = site.dir().join("offers/members.toml");
    let text = fs::read_to_string(&offer).unwrap();
    let text = text
        .replace("showings = 1000000", &format!("showings = {BUDGET}"))
        .replace("shown_for = \"30s\"", "shown_for = \"3s\"");
    fs::write(&offer, text).unwrap();
    let members = [1, 2, 3].map(Member::new);
    let _shoppers = InTheDairy::with(broker.port, members.iter().map(|m| m.fob).collect());
    let screen = Screen::on(&broker);
    let mut spent = false;
    for round in 0..BUDGET * 2 {
        let mut gateway = Gateway::start(&site);
        if round == 0 {
            members.iter().for_each(|member| gateway.enrol(member, 1));
        }
        let before = screen.shown();
        let last = before.last().copied().unwrap_or(0);
        gateway.post("/screen/front/report", &screen::report(last, "hello"));
        tests::wait::until("it shows the offer or has no budget left", || {
            spent = gateway.live()["status"]["offers"][0]["left"] == 0;
            (spent || screen.shown().len() > before.len()).then_some(())
        });
        gateway.process().kill();
    }
    let shown = screen.shown();
    assert!(shown.len() <= BUDGET, "{shown:?} for a budget of {BUDGET}");
    assert!(spent, "the budget was used up: {shown:?}");
}
