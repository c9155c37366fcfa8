//! Everything the engine asks for. Right of the engine all is an effect: to be
//! performed in order, without a choice; done twice it does no more than once.

use crate::{
    control::Pause,
    decide::Decision,
    event::{Outcome, RequestId},
    money::MoneyEntry,
    plan::{OfferIx, ScreenIx, ZoneIx},
    presence::Memory,
    sale::{CodeTally, KeptReceipt, Sale, ShownCode},
    shopper::{ConsentNote, Enrolment, Profile, Purposes, SealedEnrolment, ShopperId},
    snapshot::Tally,
    time::{Mono, UnixMs},
    trial::{Bought, Incident, Paired, RampMove, RampState, Reach, TrialTally},
};
use protocol::{
    id::{OfferId, ScreenId},
    screen::ScreenCommand,
};
use serde::{Deserialize, Serialize};

/// One thing to do.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Append to the ledger; answer [`crate::Event::Durable`] once it is on the
    /// disk. Commits are made durable in the order of their ids.
    Commit {
        /// Rises by one.
        id: CommitId,
        /// What to append.
        entry: LedgerEntry,
    },
    /// Send to a screen. A command replaces every earlier one to that screen.
    Command(ScreenCommand),
    /// Read a profile from the store; answer [`crate::Event::Profile`].
    Fetch {
        /// Whose.
        shopper: ShopperId,
    },
    /// Keep a profile in the store. Sent with the commit of its enrolment.
    Keep {
        /// Whose.
        shopper: ShopperId,
        /// What.
        profile: Box<Profile>,
    },
    /// Remove everything the store has of this shopper.
    Erase {
        /// Whose.
        shopper: ShopperId,
    },
    /// Keep what was learnt of radio in place of what was kept before, for
    /// [`crate::Engine::recall`] after the next start. Loses nothing but time to learn
    /// it again where it cannot be kept.
    KeepRadio(Box<Memory>),
    /// Answer a request.
    Answer {
        /// Which.
        request: RequestId,
        /// With what.
        outcome: Outcome,
    },
    /// Something worth a line in a log or on the console.
    Record(Record),
}

/// The effects of one event, in order. Belongs to the caller and is reused.
pub type Effects = Vec<Effect>;

/// Orders commits; starts at 1 with each start of the engine.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
pub struct CommitId(pub u64);

/// What must survive a power cut. Names, not indices: a ledger outlives plans.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum LedgerEntry {
    /// The gateway started; makes screen revisions rise over restarts.
    Started {
        /// Counts starts.
        boot: u32,
    },
    /// A consent was given or changed.
    Enrolled(Enrolment),
    /// A consent was taken back.
    Withdrawn {
        /// By whom.
        shopper: ShopperId,
        /// For what.
        purposes: Purposes,
    },
    /// A shopper is to be forgotten. What remains is this line.
    Forgotten {
        /// Who.
        shopper: ShopperId,
        /// Version of the enrolment that ended; an older one cannot come back.
        version: u64,
    },
    /// A showing is about to happen: caps and budget are charged before the
    /// picture appears.
    Reserved(Reservation),
    /// The showing never appeared: what was charged is given back.
    Released {
        /// The reservation.
        showing: ShowingId,
    },
    /// The showing was painted and is over.
    Exposed(Exposure),
    /// As gateways wrote it before [`Self::Sold`]: one entry for each offer.
    Redeemed(Redemption),
    /// In a checkpoint only: what one offer has used up and achieved.
    Tallied {
        /// Which offer.
        offer: OfferId,
        /// So far.
        tally: Tally,
    },
    /// In a checkpoint only: a reservation that its tally already holds and
    /// that was neither exposed nor released.
    Open(Reservation),
    /// In a checkpoint only: a receipt already counted. Oldest first.
    Receipt(String),
    /// What stood here was about somebody who has been forgotten since.
    Blank,
    /// Entries before this one could not be read, and one of them may have
    /// taken a consent back: none given before is relied on any more.
    Doubted,
    /// A receipt that holds products of offers, or codes that screens showed.
    Sold(Sale),
    /// A receipt was taken back, come before or yet to come.
    Voided {
        /// Till and receipt.
        receipt: String,
    },
    /// A showing with a code is about to happen; in a checkpoint, it did.
    Coded(ShownCode),
    /// In a checkpoint only: a receipt whose tally is already held. Oldest first.
    Kept(KeptReceipt),
    /// In a checkpoint only: what the codes of one offer brought.
    CodesTallied {
        /// Which offer.
        offer: OfferId,
        /// So far.
        tally: CodeTally,
    },
    /// Something was stopped by hand.
    Paused(Pause),
    /// It goes on.
    Resumed(Pause),
    /// An offer would have gone to a shopper, or is about to: the first time
    /// that day.
    Reached(Reach),
    /// A receipt of a shopper whom an offer reached before.
    Bought(Bought),
    /// A pair of blocks of a switchback is over.
    Paired(Paired),
    /// How far an offer is let loose now.
    Ramped {
        /// Which offer.
        offer: OfferId,
        /// What moved it; `None` when only time passed.
        moved: Option<RampMove>,
        /// How far.
        state: RampState,
    },
    /// Somebody complained or called for help where these offers were shown.
    Incident {
        /// What happened.
        what: Incident,
        /// Near which screen.
        screen: ScreenId,
        /// What it showed within the last minutes.
        offers: Vec<OfferId>,
    },
    /// In a checkpoint only: one offer's trial so far.
    Tried {
        /// Which offer.
        offer: OfferId,
        /// So far.
        tally: Box<TrialTally>,
    },
    /// Something that happened to money or to a limit.
    Money(Box<MoneyEntry>),
    /// From here on entries have another first name towards a hub: what came
    /// before was never told to one, or the ledger it lay in was lost in part.
    Epoch {
        /// Drawn; with the number of an entry it names that entry for ever.
        id: u64,
        /// The entry with which it began; in a checkpoint, one long before.
        since: u64,
    },
    /// [`Self::Enrolled`] as the store writes it: with the keys sealed by a key of
    /// the shopper's own. The store opens it before anybody else sees it.
    Sealed(Box<SealedEnrolment>),
    /// How a consent came to be or ended, for whoever must prove it.
    Noted(Box<ConsentNote>),
}

/// Names one showing on one screen: the revision of its command.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ShowingId {
    /// Where.
    pub screen: ScreenId,
    /// With which revision.
    pub revision: u64,
}

/// A charge against caps and budget.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reservation {
    /// Which showing.
    pub showing: ShowingId,
    /// Of which offer.
    pub offer: OfferId,
    /// Whose caps are charged.
    pub shoppers: Vec<ShopperId>,
    /// Local day (days since 1970-01-01) on which it counts.
    pub day: i32,
}

/// A showing that was painted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exposure {
    /// Which showing.
    pub showing: ShowingId,
    /// Of which offer.
    pub offer: OfferId,
    /// How long it was on the glass by the screen's own word, ms.
    pub painted_ms: u32,
    /// Who saw it, for how long, ms (presence probability x time); only
    /// shoppers who agreed to be measured.
    pub seen_by: Vec<(ShopperId, u32)>,
    /// Person-milliseconds of everybody else in view, as far as sensors tell.
    pub anonymous_ms: u32,
    /// When it ended.
    pub ended: Option<UnixMs>,
}

/// A basket that holds a product of an offer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Redemption {
    /// Till and receipt.
    pub receipt: String,
    /// Of which offer.
    pub offer: OfferId,
    /// Who, if known and measured.
    pub shopper: Option<ShopperId>,
    /// Which arm the shopper was in.
    pub arm: Arm,
    /// Pieces of the offer's products; negative for a return.
    pub pieces: i32,
    /// Amount paid for them, in the currency's smallest unit.
    pub amount_minor: i64,
}

/// What became of a shopper with respect to an offer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Arm {
    /// Was shown the offer.
    Exposed,
    /// Would have been, but is held out.
    Holdout,
    /// Neither.
    Neither,
}

/// Something worth a line in a log or on the console. Holds no name and no
/// address; a visit is a number that means nothing tomorrow.
#[derive(Debug, Clone, PartialEq)]
pub enum Record {
    /// A shopper with consent came in.
    Arrived {
        /// Number of the visit since start.
        visit: u32,
    },
    /// A visit ended by silence or withdrawal.
    Left {
        /// Number of the visit since start.
        visit: u32,
    },
    /// A visit changed zone.
    Moved {
        /// Number of the visit since start.
        visit: u32,
        /// Into which zone; `None` for none with enough confidence.
        zone: Option<ZoneIx>,
        /// With what probability, 0 to 1.
        probability: f32,
    },
    /// A visit's identity is heard in two places at once: a copied beacon. The
    /// visit is in no zone until that ends.
    Doubled {
        /// Number of the visit since start.
        visit: u32,
    },
    /// A screen's picture was decided.
    Decided(Box<Decision>),
    /// A screen confirmed a picture.
    Painted {
        /// Which screen.
        screen: ScreenIx,
        /// Which offer; `None` for the house loop.
        offer: Option<OfferIx>,
        /// Which revision.
        revision: u64,
        /// From command to confirmation, ms.
        after_ms: u64,
    },
    /// A screen does not confirm what it was sent.
    ScreenSilent {
        /// Which screen.
        screen: ScreenIx,
        /// Since when.
        since: Mono,
    },
    /// A showing ended and was committed.
    Exposed {
        /// Which offer, by name: it may have left the plan.
        offer: OfferId,
        /// Painted time, ms.
        painted_ms: u32,
    },
    /// A stated limit was reached and something was dropped.
    Dropped(Dropped),
    /// A ramp moved: an offer is let loose further, or taken back.
    RampMoved {
        /// Which offer.
        offer: OfferId,
        /// How.
        moved: RampMove,
    },
    /// Somebody complained or called for help near a screen.
    Incident {
        /// What happened.
        what: Incident,
        /// Near which screen.
        screen: ScreenIx,
    },
}

/// What was dropped for want of room.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Dropped {
    /// A shopper could not be followed: too many in the shop.
    Visit,
    /// An enrolment could not be kept.
    Enrolment,
    /// A redemption could not be matched any more.
    Exposure,
}
