//! What would have to change for the rule that stopped an offer: the smallest
//! change, in words, with the moment at which it comes by itself if one is known.
//!
//! It is said of the first rule only. When that is mended the next may stop it.

mod moments;
mod people;
mod shop;

use super::{Reason, Scene};
use crate::{plan::OfferIx, time::UnixMs};
use serde::Serialize;

/// What would have to change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Remedy {
    /// In words.
    pub words: String,
    /// When it changes by itself, all else as it is, ms since 1970; `None` when
    /// it does not, or nobody knows.
    pub from: Option<UnixMs>,
}

impl Remedy {
    fn words(words: impl Into<String>) -> Self {
        Self {
            words: words.into(),
            from: None,
        }
    }
}

/// What would have to change for the rule that stopped this offer here.
pub fn remedy(scene: &Scene<'_>, index: OfferIx, reason: Reason) -> Remedy {
    match reason {
        Reason::SafeNow => Remedy::words("`aislecast offers safe-now --end`"),
        Reason::Paused => Remedy::words("`aislecast offers resume` for it, its campaign or all"),
        Reason::NoDate => Remedy::words("a known date: the gateway's clock needs a time server"),
        Reason::Reverted => {
            Remedy::words("read `aislecast offers results`, then `aislecast offers let-loose`")
        }
        Reason::OutOfDates
        | Reason::OutOfHours
        | Reason::Pacing
        | Reason::Budget
        | Reason::ScreenHour
        | Reason::GuardTurn
        | Reason::Switchback => moments::remedy(scene, index, reason),
        Reason::OtherScreen
        | Reason::SensorSilent
        | Reason::Condition
        | Reason::OutOfStock
        | Reason::OtherPrice
        | Reason::VoucherBudget
        | Reason::CampaignBudget
        | Reason::GuardSensitivity
        | Reason::GuardCrowd
        | Reason::GuardSettle
        | Reason::Ramp => shop::remedy(scene, index, reason),
        Reason::NobodyInZone
        | Reason::ZoneUnsure
        | Reason::NoConsent
        | Reason::NoSegment
        | Reason::Visits
        | Reason::DaysAway
        | Reason::Language
        | Reason::Affinity
        | Reason::Dwell
        | Reason::Cap
        | Reason::CampaignCap
        | Reason::Group
        | Reason::Holdout => people::remedy(scene, index, reason),
    }
}

/// Names as they are said: `a, b or c`.
fn one_of<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let names: Vec<&str> = names.collect();
    match names.split_last() {
        None => "none".to_owned(),
        Some((only, [])) => (*only).to_owned(),
        Some((last, others)) => format!("{} or {last}", others.join(", ")),
    }
}
