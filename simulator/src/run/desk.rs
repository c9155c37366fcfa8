//! The consent desk and the CRM: one request of a customer after the other,
//! each asked again until it is answered.

use crate::world::population::Population;
use engine::{
    Event,
    event::{Outcome, RequestId},
    shopper::{Enrolment, Profile, Purposes, ShopperId},
};
use std::{
    collections::{BTreeMap, VecDeque},
    sync::Arc,
};

/// An answer that does not come within this time is asked for again, ms.
const PATIENCE_MS: u64 = 5_000;
/// Most requests on their way at once; more wait their turn.
const AT_ONCE_MAX: usize = 200;

/// What a customer may want.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ask {
    /// Sign up, or agree again.
    SignUp,
    /// Take these purposes back.
    Withdraw(Purposes),
    /// Be forgotten.
    Forget,
}

/// All requests.
#[derive(Debug)]
pub struct Desk {
    population: Arc<Population>,
    waiting: BTreeMap<u32, VecDeque<Ask>>,
    asked: BTreeMap<u32, (RequestId, u64)>,
    by_request: BTreeMap<RequestId, u32>,
    versions: BTreeMap<u32, u64>,
    last_request: u64,
    /// Requests answered.
    pub answered: u64,
    /// Answers that no request of ours should get.
    pub odd: Vec<Outcome>,
}

/// The pseudonym of a customer.
pub const fn shopper(customer: u32) -> ShopperId {
    // Spread like the keyed hash it stands for; odd, so no two are the same.
    ShopperId((customer as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15))
}

impl Desk {
    /// Everybody wants to sign up.
    pub fn new(population: Arc<Population>) -> Self {
        let everybody = population.iter().map(|(n, _)| (n, [Ask::SignUp].into()));
        Self {
            waiting: everybody.collect(),
            population,
            asked: BTreeMap::new(),
            by_request: BTreeMap::new(),
            versions: BTreeMap::new(),
            last_request: 0,
            answered: 0,
            odd: Vec::new(),
        }
    }

    /// A customer wants something, once all that was wanted before is done.
    pub fn want(&mut self, customer: u32, ask: Ask) {
        self.waiting.entry(customer).or_default().push_back(ask);
    }

    /// How many requests are not answered yet.
    pub fn open(&self) -> usize {
        self.waiting.values().map(VecDeque::len).sum()
    }

    /// Whether everybody who should be enrolled has been answered once.
    pub fn is_idle(&self) -> bool {
        self.waiting.is_empty()
    }

    /// The requests to send now, for the first time or again.
    pub fn due(&mut self, now_ms: u64) -> Vec<Event> {
        let mut due = Vec::new();
        for (customer, asks) in &self.waiting {
            if due.len() == AT_ONCE_MAX {
                break;
            }
            let wait = self
                .asked
                .get(customer)
                .is_some_and(|(_, at)| now_ms < at + PATIENCE_MS);
            if wait {
                continue;
            }
            let Some(ask) = asks.front() else { continue };
            self.last_request += 1;
            let request = RequestId(self.last_request);
            if let Some((before, _)) = self.asked.insert(*customer, (request, now_ms)) {
                self.by_request.remove(&before);
            } else if *ask == Ask::SignUp {
                *self.versions.entry(*customer).or_default() += 1;
            }
            self.by_request.insert(request, *customer);
            let version = self.versions.get(customer).copied().unwrap_or(1);
            due.push(event(&self.population, request, *customer, *ask, version));
        }
        due
    }

    /// An answer came.
    pub fn answer(&mut self, request: RequestId, outcome: Outcome) {
        let Some(customer) = self.by_request.remove(&request) else {
            // The answer to an earlier asking of a request asked again since.
            return;
        };
        match outcome {
            Outcome::Done | Outcome::Stale | Outcome::Unknown => {}
            // No room just now: ask again later.
            Outcome::Full | Outcome::NoRoom => return,
            Outcome::Forgotten | Outcome::KeyTaken | Outcome::Offered(_) | Outcome::Code(_) => {
                self.odd.push(outcome);
            }
        }
        self.answered += 1;
        self.asked.remove(&customer);
        if let Some(asks) = self.waiting.get_mut(&customer) {
            asks.pop_front();
            if asks.is_empty() {
                self.waiting.remove(&customer);
            }
        }
    }
}

fn event(
    population: &Population,
    request: RequestId,
    customer: u32,
    ask: Ask,
    version: u64,
) -> Event {
    let whose = shopper(customer);
    let known = population.get(customer);
    match ask {
        Ask::SignUp => Event::Upsert {
            request,
            enrolment: Box::new(Enrolment {
                shopper: whose,
                version,
                keys: vec![known.key],
                consent: known.consent,
            }),
            profile: Box::new(Profile::clone(&known.profile)),
        },
        Ask::Withdraw(purposes) => Event::Withdraw {
            request,
            shopper: whose,
            purposes,
        },
        Ask::Forget => Event::Forget {
            request,
            shopper: whose,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::small_shop;

    fn desk() -> Desk {
        Desk::new(Population::draw(&small_shop::plan(), 1, 1, None))
    }

    fn request(event: &Event) -> RequestId {
        match event {
            Event::Upsert { request, .. }
            | Event::Withdraw { request, .. }
            | Event::Forget { request, .. } => *request,
            other => panic!("{other:?} is no request"),
        }
    }

    #[test]
    fn what_is_not_answered_is_asked_again_with_the_same_version() {
        let mut desk = desk();
        let first = desk.due(0);
        assert_eq!(first.len(), 1);
        assert_eq!(desk.due(PATIENCE_MS - 1), []);
        let again = desk.due(PATIENCE_MS);
        assert_ne!(request(&first[0]), request(&again[0]));
        let version = |event: &Event| match event {
            Event::Upsert { enrolment, .. } => enrolment.version,
            other => panic!("{other:?} is no sign-up"),
        };
        assert_eq!(version(&first[0]), version(&again[0]));
        assert_eq!(desk.open(), 1);
        desk.answer(request(&first[0]), Outcome::Done);
        assert_eq!(desk.open(), 1, "an answer to an earlier asking");
        desk.answer(request(&again[0]), Outcome::Stale);
        assert_eq!(desk.open(), 0);
    }

    #[test]
    fn one_thing_after_the_other_and_a_second_sign_up_is_newer() {
        let mut desk = desk();
        desk.want(0, Ask::Withdraw(Purposes::ALL));
        desk.want(0, Ask::SignUp);
        let mut kinds = Vec::new();
        for second in 0..3 {
            let due = desk.due(second * 1_000);
            kinds.push(match &due[0] {
                Event::Upsert { enrolment, .. } => format!("sign up {}", enrolment.version),
                Event::Withdraw { .. } => "withdraw".to_owned(),
                other => panic!("{other:?}"),
            });
            desk.answer(request(&due[0]), Outcome::Done);
        }
        assert_eq!(kinds, ["sign up 1", "withdraw", "sign up 2"]);
        assert_eq!(desk.open(), 0);
    }
}
