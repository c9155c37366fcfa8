//! Messages to inputs of the shop.

use super::{
    answers::Answers,
    complaints::Complaint,
    devices::Devices,
    intake::{Intake, Taken},
    route::{Route, Routes},
};
use crate::{
    dialect::{
        Unreadable,
        desk::{self, DeskMessage, Request},
        node, screen,
    },
    node::Word,
    pseudonym::Pseudonymiser,
    shop::{Ask, Input, Truth},
    till::{self, codes},
    voucher::Codes,
};
use dialect::changes::Changes;
use engine::{
    Event,
    event::{Malformed, Reading},
    plan::StorePlan,
};
use link::Message;
use protocol::{
    beacon::Address,
    id::{ScannerId, TillId},
    topic::Desk,
};
use std::{fmt, sync::Arc, time::Instant};
use tokio::sync::oneshot;

/// Longest id of an answer, bytes.
const ANSWER_ID_MAX: usize = 64;
/// Longest name of a device that is shown to an operator, characters.
const NAME_MAX: usize = 80;

/// Reads messages by one plan.
#[derive(Debug)]
pub(super) struct Translator {
    plan: Arc<StorePlan>,
    devices: Arc<Devices>,
    routes: Routes,
    intake: Intake,
    began: Instant,
    pseudonym: Pseudonymiser,
    codes: Codes,
    /// In the order of [`Malformed::ALL`].
    complaints: [Complaint; Malformed::ALL.len()],
    retained: Complaint,
    sealed: Complaint,
}

impl Translator {
    /// `counters` are the numbers of encrypted frames that an earlier run saw.
    pub(super) fn new(
        plan: Arc<StorePlan>,
        devices: Arc<Devices>,
        counters: impl Iterator<Item = (Address, u32)>,
        (pseudonym, codes): (Pseudonymiser, Codes),
    ) -> Self {
        let mut changes = Changes::default();
        changes.restore(counters);
        Self {
            routes: Routes::new(&plan, &devices),
            intake: Intake::new(&plan, &devices, changes),
            plan,
            devices,
            began: Instant::now(),
            pseudonym,
            codes,
            complaints: Default::default(),
            retained: Complaint::default(),
            sealed: Complaint::default(),
        }
    }

    /// From now on by this plan and these devices.
    pub(super) fn renew(&mut self, plan: Arc<StorePlan>, devices: Arc<Devices>) {
        self.routes = Routes::new(&plan, &devices);
        self.intake.renew(&plan, &devices);
        self.plan = plan;
        self.devices = devices;
    }

    /// The broker was lost.
    pub(super) const fn disconnected(&mut self) {
        self.intake.disconnected();
    }

    /// Numbers of encrypted frames so far.
    pub(super) fn counters(&self) -> Vec<(Address, u32)> {
        self.intake.counters()
    }

    /// Adds what the message means to the shop, if anything.
    pub(super) fn translate(
        &mut self,
        message: &Message,
        demo: bool,
        answers: &mut Answers,
        inputs: &mut Vec<Input>,
    ) {
        let payload = &message.payload[..];
        let route = self.routes.route(&message.topic);
        // What the broker kept from before is state. A sighting or a report
        // from before is nothing; a withdrawal must not be missed. A basket or a
        // complaint would count again with every session.
        let is_state = match &route {
            Route::Desk(Desk::Basket | Desk::Complaint) => false,
            Route::Desk(_) | Route::NodeStatus(_) | Route::NodeHealth(_) => true,
            Route::Foreign(speaker) => !speaker.sensors.is_empty(),
            _ => false,
        };
        if message.retained && !is_state {
            self.retained.retained();
            return;
        }
        let event = match route {
            Route::Node(scanner) => match node::read(payload) {
                Ok(frame) => Event::Node { scanner, frame },
                Err(bad) => self.malformed(Malformed::NodeFrame, &bad),
            },
            Route::NodeStatus(id) => return inputs.push(self.word(id, node::status(payload))),
            Route::NodeHealth(id) => return inputs.push(self.word(id, node::health(payload))),
            Route::NodeAsk => self.malformed(Malformed::NodeFrame, &"not a question for the time"),
            Route::Foreign(speaker) => {
                let now_ms = self.began.elapsed().as_millis() as u64;
                match self.intake.take(speaker, message, now_ms) {
                    Ok(taken) => return self.taken(taken, inputs),
                    Err(bad) => {
                        let kind = speaker.malformed();
                        self.malformed(kind, &bad)
                    }
                }
            }
            Route::Screen(ix, id) => match screen::read(ix, &id, payload) {
                Ok(said) => Event::Screen(said),
                Err(bad) => self.malformed(Malformed::ScreenReport, &bad),
            },
            Route::Desk(desk) => return inputs.push(self.desk(desk, message, answers)),
            Route::Till(till) => return inputs.extend(self.till(&till, payload, answers)),
            Route::Truth if demo => match serde_json::from_slice::<Truth>(payload) {
                Ok(truth) => return inputs.push(Input::Truth(truth)),
                Err(_) => self.malformed(Malformed::UnknownTopic, &"not the simulator's truth"),
            },
            Route::Truth => self.malformed(Malformed::UnknownTopic, &"this is no demo"),
            Route::Stranger(name) => {
                let name = name.to_owned();
                return self.stranger(&name, inputs);
            }
            Route::Unknown(why) => self.malformed(why, &"nobody reads this topic"),
        };
        inputs.push(Input::Event(event));
    }

    fn taken(&mut self, taken: Taken, inputs: &mut Vec<Input>) {
        inputs.extend(taken.events.into_iter().map(Input::Event));
        if let Some(name) = taken.stranger {
            self.stranger(&name, inputs);
        }
        if let Some(why) = taken.sealed {
            self.sealed.sealed(why);
        }
    }

    /// A node says how it is.
    fn word(&mut self, id: ScannerId, said: Result<Word, Unreadable>) -> Input {
        match said {
            Ok(word) => Input::Node(id, word),
            Err(bad) => Input::Event(self.malformed(Malformed::NodeFrame, &bad)),
        }
    }

    /// A scanner, node or screen speaks that the plan does not have.
    fn stranger(&mut self, name: &str, inputs: &mut Vec<Input>) {
        let reason = &"a scanner or screen that store.toml does not have";
        let event = self.malformed(Malformed::UnknownDevice, reason);
        inputs.push(Input::Event(event));
        let fits = |c: &char| !c.is_control();
        let name = name.chars().filter(fits).take(NAME_MAX).collect();
        inputs.push(Input::Stranger(name));
    }

    fn desk(&mut self, desk: Desk, message: &Message, answers: &mut Answers) -> Input {
        let read = desk::read(desk, &message.payload, &self.pseudonym, &self.plan);
        let DeskMessage { id, request } = read;
        let ask = match request {
            Ok(Request::Upsert(enrolment, profile, given)) => {
                Ask::Upsert(enrolment, profile, given)
            }
            Ok(Request::Withdraw(shopper, purposes, given)) => {
                Ask::Withdraw(shopper, purposes, given)
            }
            Ok(Request::Forget(shopper)) => {
                let (reply, answer) = oneshot::channel();
                answers.expect_receipt(id, answer, shopper);
                return Input::Ask(Ask::Forget(shopper), reply);
            }
            Ok(Request::Incident(screen, what)) => Ask::Incident(screen, what),
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

    /// A till's receipt. Its answer names it, since the till's own words have
    /// no id of ours.
    fn till(&mut self, till: &TillId, payload: &[u8], answers: &mut Answers) -> Option<Input> {
        let Some(till) = self.devices.till(till) else {
            let why = &"a till that store.toml does not have";
            return Some(Input::Event(self.malformed(Malformed::Till, why)));
        };
        if let Some(message) = codes::message(payload) {
            let till = till.id.clone();
            return Some(match message {
                Ok(message) => self.code(&till, message, answers),
                Err(id) => {
                    let id = id.filter(|id| id.len() <= ANSWER_ID_MAX);
                    answers.refused(id, &codes::BadQuestion::Keys);
                    Input::Event(self.malformed(Malformed::Till, &codes::BadQuestion::Keys))
                }
            });
        }
        match till::read(till, payload, &self.pseudonym, &self.codes) {
            Ok(None) => None,
            Ok(Some(receipt)) => {
                let name = Some(receipt.basket.receipt.clone());
                let (reply, answer) = oneshot::channel();
                answers.expect(name.filter(|n| n.len() <= ANSWER_ID_MAX), answer);
                Some(Input::Ask(Ask::Receipt(receipt), reply))
            }
            Err(bad) => Some(Input::Event(self.malformed(Malformed::Till, &bad))),
        }
    }

    /// A till's question about a voucher's code.
    fn code(&mut self, till: &str, message: codes::Message, answers: &mut Answers) -> Input {
        let id = message.id.clone().filter(|id| id.len() <= ANSWER_ID_MAX);
        let (code, action) = (message.code.clone(), message.action);
        match codes::asks(till, &code, action, &message.into(), &self.codes) {
            Ok(asks) => {
                let (reply, answer) = oneshot::channel();
                answers.expect(id, answer);
                Input::Ask(Ask::Code(asks), reply)
            }
            Err(why) => {
                answers.refused(id, &why);
                Input::Event(self.malformed(Malformed::Till, &why))
            }
        }
    }

    fn malformed(&mut self, kind: Malformed, reason: &dyn fmt::Display) -> Event {
        let index = Malformed::ALL.iter().position(|k| *k == kind);
        let index = index.expect("ALL holds every kind");
        self.complaints[index].unreadable(kind.label(), reason);
        Event::Malformed(kind)
    }
}
