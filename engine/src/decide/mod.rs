//! Which creative for which screen: one pure function, and the waterfall that
//! says why for every offer, chosen or not.

mod assign;
mod audience;
mod blind;
mod book;
mod card;
mod draw;
mod explain;
mod guard;
mod judging;
mod kinds;
mod label;
mod limits;
mod lots;
mod offer_set;
mod pacing;
mod rehearse;
mod remedy;
mod rules;
mod scene;
mod score;
mod standing;
mod traits;
mod used;
mod worth;

pub use blind::Reached;
pub use book::RuleBook;
pub use explain::why;
pub use guard::{Guarding, Settle};
pub use rehearse::{Person, Situation, rehearse, rehearse_audience, rehearse_shop};
pub use remedy::{Remedy, remedy};
pub use rules::{decide, still_right, verdict};
pub use scene::{Choice, Scene, Viewer};
pub use score::{Learned, Score};
pub use standing::Standing;
pub use traits::Traits;
pub use used::Used;

pub use crate::context::Context;

use audience::Audience;

use crate::plan::{OfferIx, ScreenIx};
use crate::time::Mono;

/// What was decided for one screen, and why.
#[derive(Debug, Clone, PartialEq)]
pub struct Decision {
    /// Which screen.
    pub screen: ScreenIx,
    /// When.
    pub at: Mono,
    /// The offer; `None` for the house loop.
    pub chosen: Option<OfferIx>,
    /// Shoppers in view with a permit, and everybody else as far as sensors tell.
    pub audience: (u32, f32),
    /// With what probability exactly this was drawn: 1 for the house loop.
    pub propensity: f32,
    /// Whether it was drawn to learn about it although another scored higher.
    pub explored: bool,
    /// For every offer what became of it, in the order of the plan.
    pub waterfall: Vec<Verdict>,
}

impl Decision {
    /// Score of the chosen offer; `None` for the house loop.
    pub fn score(&self) -> Option<&Score> {
        match self.waterfall.get(self.chosen?.at()) {
            Some(Verdict::Scored(score)) => Some(score),
            Some(Verdict::Stopped(_)) | None => None,
        }
    }

    /// The highest that any offer scored; 0 when all were stopped.
    pub fn top(&self) -> f32 {
        let scored = self.waterfall.iter().filter_map(|verdict| match verdict {
            Verdict::Scored(score) => Some(score.total()),
            Verdict::Stopped(_) => None,
        });
        scored.fold(0.0, f32::max)
    }

    /// With what probability each offer that could be shown would have been
    /// drawn, exploring so many thousandths of the time.
    pub fn chances(&self, explore_permille: u16) -> Vec<(OfferIx, f32)> {
        let verdicts = (0..).map(OfferIx).zip(&self.waterfall);
        let scored: Vec<draw::Scored> = verdicts
            .filter_map(|(offer, verdict)| match verdict {
                Verdict::Scored(score) => Some((offer, score.total())),
                Verdict::Stopped(_) => None,
            })
            .collect();
        draw::chances(&scored, explore_permille)
    }

    /// What is compared; 0 for the house loop.
    pub fn total(&self) -> f32 {
        self.score().map_or(0.0, Score::total)
    }
}

/// What became of one offer at one decision.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Verdict {
    /// It could have been shown, with this score; the highest wins, but for
    /// what is drawn to learn.
    Scored(Score),
    /// The first rule that stopped it.
    Stopped(Reason),
}

/// The first rule that stopped an offer, in the order in which rules are asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// Somebody stopped everything by hand.
    SafeNow,
    /// Somebody stopped it by hand.
    Paused,
    /// Meant for other screens.
    OtherScreen,
    /// The date is not known.
    NoDate,
    /// Not begun or over.
    OutOfDates,
    /// Not on this weekday or at this hour.
    OutOfHours,
    /// A sensor it depends on is silent.
    SensorSilent,
    /// A condition on the shop around does not hold.
    Condition,
    /// Its products are not on the shelf.
    OutOfStock,
    /// Its picture names another price than the tills take.
    OtherPrice,
    /// Its budget is used up.
    Budget,
    /// It is ahead of the day's even pace.
    Pacing,
    /// As many of its vouchers as may be are out or redeemed.
    VoucherBudget,
    /// The budget of its campaign is used up.
    CampaignBudget,
    /// It was on this screen often enough within this hour.
    ScreenHour,
    /// The guard: never on a public screen.
    GuardSensitivity,
    /// The guard: not in this offer's turn.
    GuardTurn,
    /// Nobody is where it wants people.
    NobodyInZone,
    /// Nobody is surely enough where it wants people.
    ZoneUnsure,
    /// Nobody in view agreed to be shown such offers.
    NoConsent,
    /// Nobody in view is in its segments.
    NoSegment,
    /// Nobody in view has visited so often.
    Visits,
    /// Nobody in view was away for so long.
    DaysAway,
    /// Nobody in view speaks one of its languages.
    Language,
    /// Nobody in view likes its department enough.
    Affinity,
    /// Nobody has been there long enough.
    Dwell,
    /// Everybody who qualifies has seen it often enough.
    Cap,
    /// Everybody who qualifies has seen enough of its campaign.
    CampaignCap,
    /// Everybody who qualifies has seen another offer of its group.
    Group,
    /// Everybody who qualifies is held out.
    Holdout,
    /// Its switchback is off on this screen.
    Switchback,
    /// It was taken back by its ramp's guard.
    Reverted,
    /// It is not let loose on anybody here yet.
    Ramp,
    /// The guard: too few people for the picture not to point at one.
    GuardCrowd,
    /// The guard: such a picture may not appear right after a single arrival.
    GuardSettle,
}
