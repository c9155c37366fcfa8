//! Messages to inputs of the shop.

use super::{
    answers::Answers,
    complaints::Complaint,
    route::{Route, Routes},
};
use crate::{
    dialect::{
        desk::{self, DeskMessage, Request},
        node, screen,
    },
    pseudonym::Pseudonymiser,
    shop::{Ask, Input, Truth},
};
use config::ScannerSource;
use dialect::{
    Fact, Sink, Unreadable,
    advert::no_keys,
    fact::{AddressKind, Identity, Says},
    scanner::{espresense, theengs},
};
use engine::{
    Event,
    event::{self, Malformed, Reading, Sighting},
    plan::{ScannerIx, StorePlan},
};
use link::Message;
use protocol::{beacon::Beacon, id::ScannerId, topic::Desk};
use std::{collections::HashMap, fmt, sync::Arc};
use tokio::sync::oneshot;

/// Reads messages by one plan.
#[derive(Debug)]
pub(super) struct Translator {
    plan: Arc<StorePlan>,
    routes: Routes,
    sources: HashMap<ScannerId, ScannerSource>,
    pseudonym: Pseudonymiser,
    /// In the order of [`Malformed::ALL`].
    complaints: [Complaint; Malformed::ALL.len()],
    retained: Complaint,
}

impl Translator {
    pub(super) fn new(
        plan: Arc<StorePlan>,
        sources: HashMap<ScannerId, ScannerSource>,
        pseudonym: Pseudonymiser,
    ) -> Self {
        Self {
            routes: Routes::new(&plan, &sources),
            plan,
            sources,
            pseudonym,
            complaints: Default::default(),
            retained: Complaint::default(),
        }
    }

    /// From now on by this plan.
    pub(super) fn renew(&mut self, plan: Arc<StorePlan>) {
        self.routes = Routes::new(&plan, &self.sources);
        self.plan = plan;
    }

    /// What the message means to the shop, if anything.
    pub(super) fn translate(
        &mut self,
        message: &Message,
        demo: bool,
        answers: &mut Answers,
    ) -> Option<Input> {
        let payload = &message.payload[..];
        let route = self.routes.route(&message.topic);
        // What the broker kept from before is state. A sighting or a report
        // from before is nothing; a withdrawal must not be missed.
        if message.retained && !matches!(route, Route::Desk(_)) {
            self.retained.retained();
            return None;
        }
        let event = match route {
            Route::Node(scanner) => match node::read(payload) {
                Ok(frame) => Event::Node { scanner, frame },
                Err(bad) => self.malformed(Malformed::NodeFrame, &bad),
            },
            Route::Theengs(scanner) => {
                let read =
                    |sink: &mut Sink<'_>| theengs::read(&message.topic, payload, &no_keys, sink);
                self.sighting(scanner, read, Malformed::Theengs)?
            }
            Route::Espresense(scanner) => {
                let read =
                    |sink: &mut Sink<'_>| espresense::read(&message.topic, payload, &no_keys, sink);
                self.sighting(scanner, read, Malformed::Espresense)?
            }
            Route::Screen(ix, id) => match screen::read(ix, &id, payload) {
                Ok(said) => Event::Screen(said),
                Err(bad) => self.malformed(Malformed::ScreenReport, &bad),
            },
            Route::Desk(desk) => return Some(self.desk(desk, message, answers)),
            Route::Truth if demo => match serde_json::from_slice::<Truth>(payload) {
                Ok(truth) => return Some(Input::Truth(truth)),
                Err(_) => self.malformed(Malformed::UnknownTopic, &"not the simulator's truth"),
            },
            Route::Truth => self.malformed(Malformed::UnknownTopic, &"this is no demo"),
            Route::Unknown(why @ Malformed::UnknownDevice) => {
                self.malformed(why, &"a scanner or screen that store.toml does not have")
            }
            Route::Unknown(why) => self.malformed(why, &"nobody reads this topic"),
        };
        Some(Input::Event(event))
    }

    /// The first beacon that a message tells of.
    fn sighting(
        &mut self,
        scanner: ScannerIx,
        read: impl FnOnce(&mut Sink<'_>) -> Result<(), Unreadable>,
        kind: Malformed,
    ) -> Option<Event> {
        let mut heard = None;
        match read(&mut |fact| heard = heard.or_else(|| sighting(scanner, &fact))) {
            Ok(()) => heard.map(Event::Sighting),
            Err(bad) => Some(self.malformed(kind, &bad)),
        }
    }

    fn desk(&mut self, desk: Desk, message: &Message, answers: &mut Answers) -> Input {
        let read = desk::read(desk, &message.payload, &self.pseudonym, &self.plan);
        let DeskMessage { id, request } = read;
        let ask = match request {
            Ok(Request::Upsert(enrolment, profile)) => Ask::Upsert(enrolment, profile),
            Ok(Request::Withdraw(shopper, purposes)) => Ask::Withdraw(shopper, purposes),
            Ok(Request::Forget(shopper)) => Ask::Forget(shopper),
            Ok(Request::Basket(basket)) => {
                answers.taken(id);
                return Input::Event(Event::Basket(basket));
            }
            Ok(Request::Reading(reading)) => {
                answers.taken(id);
                let retained = message.retained;
                return Input::Event(Event::Reading(Reading {
                    retained,
                    ..reading
                }));
            }
            Err(refusal) => {
                answers.refused(id, &refusal);
                return Input::Event(self.malformed(refusal.malformed(), &refusal));
            }
        };
        let (reply, answer) = oneshot::channel();
        answers.expect(id, answer);
        Input::Ask(ask, reply)
    }

    fn malformed(&mut self, kind: Malformed, reason: &dyn fmt::Display) -> Event {
        let index = Malformed::ALL.iter().position(|k| *k == kind);
        let index = index.expect("ALL holds every kind");
        self.complaints[index].unreadable(kind.label(), reason);
        Event::Malformed(kind)
    }
}

fn sighting(scanner: ScannerIx, fact: &Fact<'_>) -> Option<Sighting> {
    let Says::Sighting {
        identity,
        reference_dbm,
    } = fact.says
    else {
        return None;
    };
    let beacon = match identity {
        Identity::Beacon(beacon) => beacon,
        // An address alone names nobody, unless somebody's key resolves it.
        Identity::Address(address, AddressKind::RandomResolvable) => {
            Beacon::PrivateAddress(address)
        }
        Identity::Address(..) | Identity::Exposure(_) | Identity::Named(_) => return None,
    };
    Some(Sighting {
        scanner,
        beacon,
        rssi_dbm: fact.source.rssi_dbm?,
        reference_dbm,
        heard: event::Heard::OnReceipt,
    })
}
