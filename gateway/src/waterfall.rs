//! A decision as the marketer's desk tells it, over HTTP and on the command line.

use engine::{
    decide::{Decision, Reason, Remedy, Verdict, why},
    plan::{OfferIx, StorePlan},
};
use serde::Serialize;
use serde_json::{Value, json};

/// What is not as it is in the shop where somebody describes who is there.
pub(crate) const DESCRIBED: &str = "these people, held out from nothing; nothing shown, redeemed or \
                                    paused yet; sensors that are not named are silent";

/// What a score is made of.
#[derive(Debug, Serialize)]
pub(crate) struct Parts {
    value: f32,
    reach: f32,
    fatigue: f32,
    pacing: f32,
    learned: f32,
    total: f32,
}

/// One step of a waterfall.
#[derive(Debug, Serialize)]
struct Step<'p> {
    offer: &'p str,
    title: &'p str,
    chosen: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    score: Option<Parts>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<Reason>,
    words: String,
    /// What would have to change; `None` unless a rule stopped it.
    #[serde(skip_serializing_if = "Option::is_none")]
    needed: Option<&'p Remedy>,
}

/// What one screen makes of one offer.
#[derive(Debug, Serialize)]
struct OnScreen<'p> {
    screen: &'p str,
    label: &'p str,
    chosen: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    score: Option<f32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<Reason>,
    words: String,
    /// What would have to change; `None` unless a rule stopped it.
    #[serde(skip_serializing_if = "Option::is_none")]
    needed: Option<&'p Remedy>,
}

/// The whole waterfall of one screen. `needed` says what would have to change
/// for each offer, if that was asked; `assumed` what is not as it is in the shop.
pub(crate) fn of_screen(
    plan: &StorePlan,
    decision: &Decision,
    needed: &[Option<Remedy>],
    assumed: Option<&str>,
) -> Value {
    let steps = plan.offers.iter().enumerate().map(|(at, offer)| {
        let index = OfferIx(at as u16);
        Step {
            offer: offer.id.as_str(),
            title: &offer.title,
            chosen: decision.chosen == Some(index),
            score: parts(decision, index),
            reason: stopped(decision, index),
            words: words(plan, decision, index),
            needed: needed.get(at).and_then(Option::as_ref),
        }
    });
    json!({
        "screen": plan.screens[decision.screen.at()].id,
        "why": why(plan, decision),
        "assumed": assumed,
        "opted_in": decision.audience.0,
        "others": decision.audience.1,
        "offers": steps.collect::<Vec<_>>(),
    })
}

/// What one screen makes of one offer.
pub(crate) fn of_offer(
    plan: &StorePlan,
    decision: &Decision,
    offer: OfferIx,
    needed: Option<&Remedy>,
) -> Value {
    let screen = &plan.screens[decision.screen.at()];
    json!(OnScreen {
        screen: screen.id.as_str(),
        label: &screen.label,
        chosen: decision.chosen == Some(offer),
        score: scored(decision, offer),
        reason: stopped(decision, offer),
        words: words(plan, decision, offer),
        needed,
    })
}

fn verdict(decision: &Decision, offer: OfferIx) -> Option<Verdict> {
    decision.waterfall.get(offer.at()).copied()
}

pub(crate) fn stopped(decision: &Decision, offer: OfferIx) -> Option<Reason> {
    match verdict(decision, offer)? {
        Verdict::Stopped(reason) => Some(reason),
        Verdict::Scored(_) => None,
    }
}

pub(crate) fn scored(decision: &Decision, offer: OfferIx) -> Option<f32> {
    parts(decision, offer).map(|parts| parts.total)
}

pub(crate) fn parts(decision: &Decision, offer: OfferIx) -> Option<Parts> {
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

pub(crate) fn words(plan: &StorePlan, decision: &Decision, offer: OfferIx) -> String {
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
