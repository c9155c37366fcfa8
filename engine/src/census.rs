//! How many enrolled shoppers are in the segments of each offer: what the
//! public-screen guard weighs when few people are about. Counted by the store
//! over all profiles it keeps, with the engine's own rule.

use crate::{decide::Traits, plan::StorePlan, shopper::Profile};
use protocol::id::OfferId;

/// Counts profiles one by one.
#[derive(Debug)]
pub struct Census<'p> {
    plan: &'p StorePlan,
    day: i32,
    counts: Vec<u32>,
}

impl<'p> Census<'p> {
    /// Nobody counted yet. Without a local day nobody was away for any time.
    pub fn new(plan: &'p StorePlan, day: Option<i32>) -> Self {
        Self {
            plan,
            day: day.unwrap_or(i32::MIN),
            counts: vec![0; plan.offers.len()],
        }
    }

    /// Counts one shopper.
    pub fn count(&mut self, profile: Profile) {
        let traits = Traits::new(self.plan, profile);
        for (offer, count) in self.plan.offers.iter().zip(&mut self.counts) {
            if offer.is_personal() && traits.qualifies(offer, self.day) {
                *count += 1;
            }
        }
    }

    /// The counts, for [`crate::Event::Census`].
    pub fn result(self) -> Vec<(OfferId, u32)> {
        let names = self.plan.offers.iter().map(|o| o.id.clone());
        names.zip(self.counts).collect()
    }
}
