//! The `[[test]]` cases of offers, looked up and ready to be tried.

use engine::{
    decide::Reason,
    plan::{Bits, OfferIx, ScreenIx, SensorIx, ZoneIx},
    time::Wall,
};
use protocol::frame::Quantity;

/// One `[[test]]`: a situation and what is expected of one offer in it.
/// Indices belong to the plan it was read with.
#[derive(Debug, Clone, PartialEq)]
pub struct OfferTest {
    /// Which offer.
    pub offer: OfferIx,
    /// The situation in words.
    pub name: String,
    /// The file it stands in, for messages.
    pub file: String,
    /// The line it begins on.
    pub line: usize,
    /// What is the case.
    pub situation: Situation,
    /// What is to become of the offer.
    pub expected: Expected,
}

/// Everything a decision about one offer on one screen depends on, besides the plan.
#[derive(Debug, Clone, PartialEq)]
pub struct Situation {
    /// The date.
    pub at: Wall,
    /// Which screen. It shows the house loop and has done so for long.
    pub screen: ScreenIx,
    /// Shoppers who opted in, certainly in their zones.
    pub audience: Vec<Person>,
    /// What sensors said just now; the others are silent. A door counts from
    /// nothing: `inward` people are in the shop.
    pub readings: Vec<(SensorIx, Quantity)>,
    /// Enrolled shoppers who qualify.
    pub enrolled: u32,
    /// Whether a single shopper came into view just now.
    pub settling: bool,
    /// Showings already charged to the budget.
    pub showings: u32,
    /// Those of them charged today.
    pub showings_today: u32,
}

/// A shopper who opted in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Where.
    pub zone: ZoneIx,
    /// Since when, ms.
    pub dwell_ms: u64,
    /// In which of the plan's segments.
    pub segments: Bits,
    /// Whether consent to being shown offers holds.
    pub consent: bool,
    /// Whether consent to choosing them by profile holds.
    pub personalisation: bool,
    /// Whether known to be of age.
    pub adult: bool,
    /// Whether held out from this offer.
    pub held_out: bool,
    /// Showings of this offer charged within this visit.
    pub seen_this_visit: u16,
    /// Showings of this offer charged today.
    pub seen_today: u16,
}

/// What is to become of an offer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expected {
    /// Nothing stops it. (An offer of higher priority may still go first.)
    Shown,
    /// This rule stops it.
    Stopped(Reason),
}

/// Every reason, in the order in which rules are asked.
pub(crate) const REASONS: [Reason; 17] = [
    Reason::OtherScreen,
    Reason::NoDate,
    Reason::OutOfDates,
    Reason::OutOfHours,
    Reason::SensorSilent,
    Reason::Condition,
    Reason::OutOfStock,
    Reason::Budget,
    Reason::GuardSensitivity,
    Reason::NobodyInZone,
    Reason::NoConsent,
    Reason::NoSegment,
    Reason::Dwell,
    Reason::Cap,
    Reason::Holdout,
    Reason::GuardCrowd,
    Reason::GuardSettle,
];

/// A reason by the name the engine gives it.
pub(crate) fn label(reason: Reason) -> String {
    match serde_json::to_value(reason) {
        Ok(serde_json::Value::String(label)) => label,
        _ => unreachable!("a reason is written as one word"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_can_be_expected() {
        for (i, reason) in REASONS.into_iter().enumerate() {
            assert_eq!(reason as usize, i, "{reason:?}");
        }
        // A new reason must be added above: the last one is the last.
        assert_eq!(REASONS.len(), Reason::GuardSettle as usize + 1);
    }
}
