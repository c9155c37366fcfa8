//! A decision as the marketer's desk tells it.

use engine::{
    decide::{Decision, Reason, Verdict},
    plan::{OfferIx, StorePlan},
};
use serde::Serialize;

/// What a score is made of.
#[derive(Debug, Serialize)]
pub(super) struct Parts {
    value: f32,
    reach: f32,
    fatigue: f32,
    pacing: f32,
    learned: f32,
    total: f32,
}

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

fn verdict(decision: &Decision, offer: OfferIx) -> Option<Verdict> {
    decision.waterfall.get(offer.at()).copied()
}

pub(super) fn stopped(decision: &Decision, offer: OfferIx) -> Option<Reason> {
    match verdict(decision, offer)? {
        Verdict::Stopped(reason) => Some(reason),
        Verdict::Scored(_) => None,
    }
}

pub(super) fn scored(decision: &Decision, offer: OfferIx) -> Option<f32> {
    parts(decision, offer).map(|parts| parts.total)
}

pub(super) fn parts(decision: &Decision, offer: OfferIx) -> Option<Parts> {
    match verdict(decision, offer)? {
        Verdict::Scored(score) => Some(Parts {
            value: score.value,
            reach: score.reach,
            fatigue: score.fatigue,
            pacing: score.pacing,
            learned: score.learned,
            total: score.total(),
        }),
        Verdict::Stopped(_) => None,
    }
}

pub(super) fn words(plan: &StorePlan, decision: &Decision, offer: OfferIx) -> String {
    if decision.chosen == Some(offer) {
        return "it is chosen".to_owned();
    }
    if let Some(reason) = stopped(decision, offer) {
        return reason.words().to_owned();
    }
    match decision.chosen {
        Some(winner) => format!(
            "\u{201c}{}\u{201d} scores higher ({:.0} against {:.0})",
            plan.offers[winner.at()].title,
            decision.total(),
            scored(decision, offer).unwrap_or(0.0),
        ),
        None => "it could be shown".to_owned(),
    }
}
