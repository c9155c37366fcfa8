//! A decision in words that a marketer can act on.

use super::{Decision, Reason, Score, Verdict};
use crate::plan::StorePlan;

/// Why the screen shows what it shows, in a sentence.
pub fn why(plan: &StorePlan, decision: &Decision) -> String {
    let (shoppers, others) = decision.audience;
    let audience = match (shoppers, others.round() as u32) {
        (0, 0) => "nobody in view".to_owned(),
        (0, n) => format!("about {n} unknown people in view"),
        (n, 0) => format!("{n} opted-in in view"),
        (n, m) => format!("{n} opted-in and about {m} unknown people in view"),
    };
    if let Some(chosen) = decision.chosen {
        let offer = &plan.offers[chosen.at()];
        let score = decision.score().map(Score::to_string).unwrap_or_default();
        let how = if decision.explored {
            "was drawn to learn about it"
        } else {
            "scored highest"
        };
        return format!(
            "\u{201c}{}\u{201d} {how} ({score}); {audience}",
            offer.title
        );
    }
    let nearest = decision
        .waterfall
        .iter()
        .zip(&plan.offers)
        .filter_map(|(verdict, offer)| match verdict {
            Verdict::Stopped(reason) => Some((*reason, offer)),
            Verdict::Scored(_) => None,
        })
        .max_by_key(|(reason, _)| *reason);
    match nearest {
        None => format!("house loop: no offers; {audience}"),
        Some((reason, offer)) => format!(
            "house loop: {audience}; nearest was \u{201c}{}\u{201d}: {}",
            offer.title,
            reason.words()
        ),
    }
}

impl Reason {
    /// The reason in words.
    pub const fn words(self) -> &'static str {
        match self {
            Self::SafeNow => "everything is stopped by hand: `safe-now --end` lets it go on",
            Self::Paused => "it is paused by hand: resume it",
            Self::OtherScreen => "it is meant for other screens",
            Self::NoDate => "the date is not known",
            Self::OutOfDates => "it has not begun or is over",
            Self::OutOfHours => "not on this weekday or at this hour",
            Self::SensorSilent => "a sensor it depends on is silent",
            Self::Condition => "a condition on the shop does not hold",
            Self::OutOfStock => "its product is not on the shelf",
            Self::OtherPrice => "the tills take another price than its picture says",
            Self::Pacing => "it is ahead of an even pace over the day",
            Self::Budget => "its budget is used up",
            Self::VoucherBudget => {
                "as many of its vouchers as may be are out or redeemed; more after some expire"
            }
            Self::CampaignBudget => "the budget of its campaign is used up",
            Self::ScreenHour => "this screen has shown it often enough within the hour",
            Self::GuardSensitivity => "too sensitive for a public screen",
            Self::GuardTurn => {
                "it is not its turn: an offer for a segment has one quarter of an hour in several on each screen"
            }
            Self::NobodyInZone => "nobody who opted in is where it wants people",
            Self::ZoneUnsure => "nobody is surely enough where it wants people",
            Self::NoConsent => "nobody in view agreed to such offers",
            Self::NoSegment => "nobody in view is in its segments",
            Self::Visits => "nobody in view has visited as often as it asks",
            Self::DaysAway => "nobody in view has been away for as long as it asks",
            Self::Language => "nobody in view speaks its languages",
            Self::Affinity => "nobody in view likes its department enough",
            Self::Dwell => "nobody has been there long enough",
            Self::Cap => "everybody who qualifies has seen it often enough",
            Self::CampaignCap => "everybody who qualifies has seen enough of its campaign",
            Self::Group => "everybody who qualifies has seen another offer of its group",
            Self::Holdout => "everybody who qualifies is held out to measure its effect",
            Self::Switchback => "its switchback is off here now, to measure its effect",
            Self::Reverted => {
                "it was taken back by itself: see what happened, then let it loose again"
            }
            Self::Ramp => "it is not let loose on anybody here yet: its ramp goes on by itself",
            Self::GuardCrowd => "too few people about for it not to point at one",
            Self::GuardSettle => "somebody came in just now",
        }
    }
}
