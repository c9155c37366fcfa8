//! An offer's state in one word, as the list of offers tells it.

use crate::waterfall::{scored, stopped};
use engine::{
    decide::{Decision, Reason},
    plan::OfferIx,
};

/// The best that becomes of an offer on any screen.
pub(super) fn state_of(decisions: &[Decision], offer: OfferIx) -> (&'static str, &'static str) {
    if decisions.iter().any(|d| d.chosen == Some(offer)) {
        return ("shown", "it is what a screen would show now");
    }
    if decisions.iter().any(|d| scored(d, offer).is_some()) {
        return ("ready", "it could be shown; others score higher");
    }
    let reasons = decisions.iter().filter_map(|d| stopped(d, offer));
    match reasons.max() {
        Some(reason) => (label(reason), reason.words()),
        None => ("ready", "there is no screen"),
    }
}

/// The few states that a list can be sorted by; all else is waiting for people.
const fn label(reason: Reason) -> &'static str {
    match reason {
        Reason::SafeNow | Reason::Paused => "paused",
        Reason::NoDate | Reason::OutOfDates | Reason::OutOfHours => "out_of_hours",
        Reason::SensorSilent | Reason::Condition | Reason::OutOfStock => "conditions",
        Reason::Budget | Reason::Cap => "used_up",
        _ => "waiting",
    }
}
