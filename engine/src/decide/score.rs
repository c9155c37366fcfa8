//! What an offer is worth on a screen now, in parts that can be said.

use crate::plan::{Offer, OfferIx, ScreenIx, StorePlan};
use core::fmt;
use protocol::id::{OfferId, ScreenId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What showing an offer is worth, in parts: what is compared is their product.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Score {
    /// What the marketer says that it is worth: the offer's priority, 1 to 100.
    pub value: f32,
    /// People expected to see it, those who like the department counting up to
    /// twice; less for people nobody knows, least for an empty aisle.
    pub reach: f32,
    /// Share of that which is left because they have seen it before, 0 to 1: each
    /// counts once more for every showing of today, which weighs half after two hours.
    pub fatigue: f32,
    /// Above 1 when its budget lags behind the day, below when it runs ahead.
    pub pacing: f32,
    /// What was learned of this offer on this screen; 1 is nothing.
    pub learned: f32,
}

impl Score {
    /// Of an offer at this pace, before anybody is counted.
    pub(super) fn fresh(offer: &Offer, pacing: f32) -> Self {
        Self {
            value: f32::from(offer.priority),
            reach: 0.0,
            fatigue: 1.0,
            pacing,
            learned: 1.0,
        }
    }

    /// What is compared.
    pub fn total(&self) -> f32 {
        self.value * self.reach * self.fatigue * self.pacing * self.learned
    }
}

/// The total and the parts that make it, without those that change nothing.
impl fmt::Display for Score {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let total = self.total();
        write!(
            f,
            "{total:.0}: value {:.0}, reach {:.2}",
            self.value, self.reach
        )?;
        for (part, factor) in [
            ("seen before", self.fatigue),
            ("pacing", self.pacing),
            ("learned", self.learned),
        ] {
            if (factor - 1.0).abs() >= 0.005 {
                write!(f, ", {part} \u{d7}{factor:.2}")?;
            }
        }
        Ok(())
    }
}

/// What was learned is believed within these bounds: an offer is neither
/// buried nor made a sure winner by numbers alone.
const LEARNED_MIN: f32 = 0.1;
const LEARNED_MAX: f32 = 10.0;

/// What was learned of each offer on each screen, as a factor of its score.
/// Nothing learns yet: whoever will hands the table in by
/// [`crate::Event::Learned`].
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Learned {
    factors: BTreeMap<(OfferIx, ScreenIx), f32>,
}

impl Learned {
    /// In the words of this plan. What it does not know is dropped, and so is
    /// what is no number; the rest is kept within bounds.
    pub fn new(plan: &StorePlan, told: &[(OfferId, ScreenId, f32)]) -> Self {
        let known = |(offer, screen, factor): &(OfferId, ScreenId, f32)| {
            let at = (plan.offer(offer)?, plan.screen(screen)?);
            let factor = factor.clamp(LEARNED_MIN, LEARNED_MAX);
            (!factor.is_nan()).then_some((at, factor))
        };
        Self {
            factors: told.iter().filter_map(known).collect(),
        }
    }

    /// The factor of one offer on one screen; 1 where nothing was learned.
    pub fn factor(&self, offer: OfferIx, screen: ScreenIx) -> f32 {
        self.factors.get(&(offer, screen)).copied().unwrap_or(1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAIN: Score = Score {
        value: 60.0,
        reach: 0.72,
        fatigue: 1.0,
        pacing: 1.0,
        learned: 1.0,
    };

    #[test]
    fn a_score_is_the_product_of_its_parts_and_says_so() {
        let dear = Score {
            fatigue: 0.5,
            pacing: 1.2,
            learned: 0.8,
            ..PLAIN
        };
        assert!((PLAIN.total() - 43.2).abs() < 1e-3);
        assert!((dear.total() - 20.736).abs() < 1e-3);
        assert_eq!(PLAIN.to_string(), "43: value 60, reach 0.72");
        assert_eq!(
            dear.to_string(),
            "21: value 60, reach 0.72, seen before \u{d7}0.50, pacing \u{d7}1.20, learned \u{d7}0.80"
        );
    }
}
