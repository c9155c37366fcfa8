//! What a recording is made of.

use crate::{
    control::Pause,
    effect::CommitId,
    event::{Eyes, Reading, Receipt, ScreenSaid, TillAsks},
    measure::Charges,
    plan::{ScannerIx, ScreenIx},
    presence::Tag,
    recording::Standing,
    shopper::{Consent, Profile, Purposes, ShopperId},
    strength::Strength,
    time::{Mono, Now},
    trial::Incident,
};
use protocol::id::{OfferId, ScreenId};
use serde::{Deserialize, Serialize};

/// Stands for a shopper within one run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Slot(pub u32);

/// One thing that was taken in, and when.
#[derive(Debug, Clone, PartialEq)]
pub struct Moment {
    /// Both clocks.
    pub now: Now,
    /// What.
    pub taken: Taken,
}

/// One thing that was taken in.
#[derive(Debug, Clone, PartialEq)]
pub enum Taken {
    /// A scanner heard a beacon of somebody who agreed to be followed.
    Signal(Slot, Signal),
    /// A second's work was done. For every decision in it, in the order of
    /// screens, the lowest bits of the chain after it.
    Step(Vec<u16>),
    /// Anything else.
    Body(Box<Body>),
}

/// A sighting after identity and consent.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Signal {
    /// Who heard.
    pub scanner: ScannerIx,
    /// Which of the shopper's beacons.
    pub tag: Tag,
    /// How strong.
    pub strength: Strength,
    /// When it was heard.
    pub at: Mono,
}

/// What is rarer than signals and steps.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Body {
    /// A run begins; nothing before it counts.
    Begin(Begin),
    /// From now on a slot stands for this shopper, who agreed to be followed.
    Subject {
        /// Which slot.
        slot: Slot,
        /// Who.
        shopper: ShopperId,
        /// What was agreed to.
        standing: Standing,
        /// What is on its way to the disk.
        pending: Option<PendingConsent>,
        /// Showings charged so far.
        charged: Charges,
    },
    /// A newer record of somebody.
    Upsert {
        /// Who.
        slot: Slot,
        /// Its version.
        version: u64,
        /// What was agreed to.
        consent: Consent,
    },
    /// Consent was taken back.
    Withdraw {
        /// By whom.
        slot: Slot,
        /// For what.
        purposes: Purposes,
    },
    /// Somebody asked to be forgotten.
    Forget {
        /// Who.
        slot: Slot,
    },
    /// A profile came from the store; nothing when it could not be used.
    Profile {
        /// Whose.
        slot: Slot,
        /// What.
        profile: Option<Box<Profile>>,
    },
    /// Somebody asked what a shopper may be offered in private.
    Tail {
        /// Which shopper.
        slot: Slot,
        /// Before which screen; the nearest if `None`.
        screen: Option<ScreenIx>,
        /// Who sees it.
        eyes: Eyes,
    },
    /// A sensor said something.
    Reading(Reading),
    /// A screen said something.
    Screen(ScreenSaid),
    /// Everything up to this commit is on the disk.
    Durable(CommitId),
    /// How many enrolled shoppers are in the segments of offers.
    Census(Vec<(OfferId, u32)>),
    /// What was learned of offers on screens, as factors.
    Learned(Vec<(OfferId, ScreenId, f32)>),
    /// A till's receipt, with the products of offers only.
    Receipt {
        /// Whose, if it counts for somebody in this run.
        slot: Option<Slot>,
        /// What it says; it names no shopper.
        receipt: Receipt,
    },
    /// The shop's files changed: the plan as JSON.
    Plan(String),
    /// The ledger was given an entry about somebody who is not in this run.
    Elsewhere,
    /// The run ended in order, with this chain after so many decisions.
    End {
        /// The chain.
        chain: u64,
        /// Decisions.
        decisions: u64,
    },
    /// Somebody stopped something by hand.
    Pause(Pause),
    /// Somebody let it go on.
    Resume(Pause),
    /// Somebody complained about a screen, or called for help near it.
    Incident(ScreenIx, Incident),
    /// Somebody let an offer loose again.
    ResumeRamp(OfferId),
    /// A till asked about a voucher's code.
    Code(TillAsks),
    /// Whether the disk has room, when that changed.
    Room(bool),
}

/// The beginning of a run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Begin {
    /// [`super::VERSION`].
    pub version: u32,
    /// When.
    pub now: Now,
    /// The plan in force, as JSON: names that outlive a build of the program.
    pub plan: String,
    /// Who in the image stands in which slot.
    pub slots: Vec<(Slot, ShopperId)>,
    /// State of the engine: [`super::Image`].
    pub image: Vec<u8>,
}

/// A consent that holds once its commit is on the disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PendingConsent {
    /// Which commit.
    pub id: CommitId,
    /// Version of the record.
    pub version: u64,
    /// What was agreed to.
    pub consent: Consent,
}

impl Body {
    /// Whose it is, if it is about one shopper.
    pub const fn slot(&self) -> Option<Slot> {
        match self {
            Self::Subject { slot, .. }
            | Self::Upsert { slot, .. }
            | Self::Withdraw { slot, .. }
            | Self::Forget { slot }
            | Self::Tail { slot, .. }
            | Self::Profile { slot, .. } => Some(*slot),
            Self::Receipt { slot, .. } => *slot,
            Self::Begin(_)
            | Self::Reading(_)
            | Self::Screen(_)
            | Self::Durable(_)
            | Self::Census(_)
            | Self::Learned(_)
            | Self::Plan(_)
            | Self::Elsewhere
            | Self::Pause(_)
            | Self::Resume(_)
            | Self::Incident(..)
            | Self::ResumeRamp(_)
            | Self::End { .. }
            | Self::Code(_)
            | Self::Room(_) => None,
        }
    }
}
