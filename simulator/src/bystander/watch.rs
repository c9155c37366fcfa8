//! What somebody who stands in the shop and looks around could write down:
//! second by second who is where before which screen, and what it shows.

use crate::world::{floor::Floor, person::Person, population::Population};
use engine::{
    decide::Decision,
    plan::{OfferIx, StorePlan, ZoneIx},
};
use std::{collections::BTreeMap, sync::Arc};

/// One second before one screen.
#[derive(Debug, Clone, PartialEq)]
pub struct Moment {
    /// Who could see it, by the number of their visit, and from which zone.
    pub people: Vec<(u32, ZoneIx)>,
    /// What it showed; `None` for the house loop.
    pub glass: Option<OfferIx>,
}

/// Notes of one run.
#[derive(Debug, Default)]
pub struct Watch {
    /// By screen and second.
    pub screens: Vec<Vec<Moment>>,
    /// By visit, which customer: ground truth, not for the attacker.
    pub customers: BTreeMap<u32, u32>,
    /// Who the customers are: ground truth.
    pub population: Option<Arc<Population>>,
    /// Score times seconds on the glass: what the shop gets out of its screens.
    pub value: f64,
    /// Seconds on the glass of offers for segments.
    pub segment_s: u64,
    decided: Vec<Decided>,
}

/// What was decided for a screen, until the next decision.
#[derive(Debug, Clone, Copy, Default)]
struct Decided {
    offer: Option<OfferIx>,
    score: f32,
    before: (Option<OfferIx>, f32),
}

impl Watch {
    /// The engine decided something.
    pub fn decided(&mut self, decision: &Decision) {
        let at = decision.screen.at();
        if self.decided.len() <= at {
            self.decided.resize(at + 1, Decided::default());
        }
        let old = self.decided[at];
        self.decided[at] = Decided {
            offer: decision.chosen,
            score: decision.total(),
            before: (old.offer, old.score),
        };
    }

    /// A second has passed.
    pub fn look(
        &mut self,
        plan: &StorePlan,
        floor: &Floor,
        people: &[Person],
        glass: &[Option<OfferIx>],
    ) {
        self.screens.resize(plan.screens.len(), Vec::new());
        for person in people {
            if let Some(customer) = person.customer {
                self.customers.insert(person.number, customer);
            }
        }
        for (at, screen) in plan.screens.iter().enumerate() {
            let seen = |p: &Person| {
                let zone = p.zone(floor)?;
                screen.seen_from.has(zone.0).then_some((p.number, zone))
            };
            let moment = Moment {
                people: people.iter().filter_map(seen).collect(),
                glass: glass[at],
            };
            self.count(plan, at, moment.glass);
            self.screens[at].push(moment);
        }
    }

    fn count(&mut self, plan: &StorePlan, screen: usize, glass: Option<OfferIx>) {
        let Some(offer) = glass else { return };
        self.segment_s += u64::from(plan.offers[offer.at()].is_personal());
        let decided = self.decided.get(screen).copied().unwrap_or_default();
        // The next picture may be decided while the one before is still seen.
        if decided.offer == Some(offer) {
            self.value += f64::from(decided.score);
        } else if decided.before.0 == Some(offer) {
            self.value += f64::from(decided.before.1);
        }
    }
}
