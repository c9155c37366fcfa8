//! How an offer's effect is measured and how it is let loose: arms, switchback
//! and ramp.

use super::Offer;
use protocol::screen::Creative;
use serde::{Deserialize, Serialize};

/// Most arms of one offer.
pub const MAX_ARMS: usize = 4;
/// Largest share of one arm, in parts: assignment costs a hash a part.
pub const MAX_SHARE: u8 = 100;

/// How an offer is tried out.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Trial {
    /// Pictures compared with each other, the control first; empty for one picture.
    pub arms: Vec<TrialArm>,
    /// Length of a switchback's blocks, ms; `None` when shoppers are assigned.
    pub switchback_ms: Option<u64>,
    /// How it is let loose; `None` for everybody at once.
    pub ramp: Option<Ramp>,
}

/// One of several pictures of an offer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrialArm {
    /// Name; assignment and results go with it.
    pub name: String,
    /// Parts of all arms' parts, 1 to [`MAX_SHARE`].
    pub share: u8,
    /// What it paints; `None` for the offer's own picture.
    pub creative: Option<Creative>,
}

/// Letting an offer loose step by step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ramp {
    /// Shares of shoppers, thousandths, rising, the last 1,000.
    pub steps: Vec<u16>,
    /// Running time with a known date before the next step, ms.
    pub every_ms: u64,
    /// Showings painted before the next step.
    pub showings_min: u32,
    /// What takes it back.
    pub guard: RampGuard,
}

/// How many times as often as where the offer is not shown something may
/// happen before the offer is taken back; 0 for not watched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct RampGuard {
    /// Shoppers taking consent back on a day on which the offer reached them.
    pub opt_outs: u8,
    /// Complaints about a screen.
    pub complaints: u8,
    /// Calls for help near a screen.
    pub help: u8,
    /// Pictures that a screen refused or never confirmed.
    pub screen_errors: u8,
}

impl Trial {
    /// One picture, shoppers assigned, everybody at once.
    pub const NONE: Self = Self {
        arms: Vec::new(),
        switchback_ms: None,
        ramp: None,
    };
}

impl Ramp {
    /// The share that follows `permille`, thousandths; `None` at the end.
    pub fn after(&self, permille: u16) -> Option<u16> {
        self.steps.iter().copied().find(|step| *step > permille)
    }
}

impl Offer {
    /// Whether shoppers are assigned, so that there is something to compare.
    pub const fn is_tried(&self) -> bool {
        self.trial.switchback_ms.is_none()
            && (self.holdout_permille > 0
                || !self.trial.arms.is_empty()
                || self.trial.ramp.is_some())
    }

    /// What an arm of it paints.
    pub fn creative_of(&self, arm: Option<u8>) -> &Creative {
        let arm = arm.and_then(|arm| self.trial.arms.get(usize::from(arm)));
        let own = arm.and_then(|arm| arm.creative.as_ref());
        own.unwrap_or(&self.creative)
    }
}
