//! Everything that can happen to a shop. Left of the engine all is an event.

pub use crate::ingest::{age_ms, heard_at};

use crate::{
    control::Pause,
    effect::CommitId,
    money::{Action, CodeOutcome, Ticket},
    plan::{OfferIx, ScannerIx, ScreenIx, SensorIx, StorePlan},
    shopper::{Consent, Enrolment, Profile, Purposes, ShopperId},
    strength::Strength,
    time::UnixMs,
    trial::Incident,
};
use protocol::{
    beacon::Beacon,
    frame::{NodeFrame, Quantity},
    id::{OfferId, ScreenId},
    screen::ScreenStatus,
};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// One thing that happened. Its moment comes beside it, as [`crate::Now`].
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// A scanner of any make heard a beacon.
    Sighting(Sighting),
    /// A node of ours sent a batch.
    Node {
        /// Which node.
        scanner: ScannerIx,
        /// Its batch.
        frame: Box<NodeFrame>,
    },
    /// A sensor of any make said something.
    Reading(Reading),
    /// Somebody asks what a shopper may be offered in private.
    Tail {
        /// Whom to answer.
        request: RequestId,
        /// What.
        tail: Tail,
    },
    /// The shell could not read a message. Only counted.
    Malformed(Malformed),
    /// Profile, keys and consent of one shopper, new or newer.
    Upsert {
        /// Whom to answer.
        request: RequestId,
        /// Keys and consent: what the engine keeps.
        enrolment: Box<Enrolment>,
        /// What the store keeps until the shopper comes.
        profile: Box<Profile>,
    },
    /// A shopper takes consent back.
    Withdraw {
        /// Whom to answer.
        request: RequestId,
        /// Who.
        shopper: ShopperId,
        /// Which purposes; [`Purposes::ALL`] for everything.
        purposes: Purposes,
    },
    /// A shopper asks to be forgotten.
    Forget {
        /// Whom to answer.
        request: RequestId,
        /// Who.
        shopper: ShopperId,
    },
    /// The store's answer to [`crate::Effect::Fetch`].
    Profile {
        /// Whose.
        shopper: ShopperId,
        /// Nothing when the store has none or cannot tell.
        profile: Option<Box<Profile>>,
    },
    /// How many enrolled shoppers are in the segments of each offer, counted by
    /// the store over all profiles. Offers left out keep their number.
    Census(Vec<(OfferId, u32)>),
    /// What was learned of offers on screens, as factors of their scores; what is
    /// left out is 1.
    Learned(Vec<(OfferId, ScreenId, f32)>),
    /// Somebody stops something by hand.
    Pause {
        /// Whom to answer.
        request: RequestId,
        /// What.
        what: Pause,
    },
    /// Somebody lets it go on.
    Resume {
        /// Whom to answer.
        request: RequestId,
        /// What.
        what: Pause,
    },
    /// A till closed a basket; nobody waits for an answer.
    Basket(Basket),
    /// A till closed a receipt, took one back or took goods back, and waits.
    Receipt {
        /// Whom to answer, once it is on the disk.
        request: RequestId,
        /// What it says.
        receipt: Box<Receipt>,
    },
    /// Somebody complained about a screen, or called for help near it.
    Incident {
        /// Whom to answer, once it is on the disk.
        request: RequestId,
        /// Which screen.
        screen: ScreenIx,
        /// What happened.
        what: Incident,
    },
    /// Somebody lets an offer loose again that was taken back.
    ResumeRamp {
        /// Whom to answer, once it is on the disk.
        request: RequestId,
        /// Which offer.
        offer: OfferId,
    },
    /// A till asks about a voucher's code, and waits.
    Code {
        /// Whom to answer, once it is on the disk.
        request: RequestId,
        /// What it wants.
        asks: Box<TillAsks>,
    },
    /// A screen said something.
    Screen(ScreenSaid),
    /// Everything up to and including this commit is on the disk.
    Durable(CommitId),
    /// Whether the store's disk has room, when that changes. It has at the start.
    Room(bool),
    /// The shop's files changed: from now on this plan.
    PlanChanged(Arc<StorePlan>),
    /// The moment [`crate::Engine::next_wake`] asked for, or any other.
    Woke,
}

/// One beacon heard by one scanner.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sighting {
    /// Who heard.
    pub scanner: ScannerIx,
    /// Who was heard.
    pub beacon: Beacon,
    /// How strong.
    pub strength: Strength,
    /// Signal strength one metre from the beacon, dBm, if the frame states it.
    pub reference_dbm: Option<i8>,
    /// When, as far as the message tells.
    pub heard: Heard,
}

/// When a sighting or reading was made, as far as its message tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Heard {
    /// The message does not say: now.
    OnReceipt,
    /// This many milliseconds before the message was made.
    AgoMs(u32),
    /// At this date, by the sender's clock.
    At(UnixMs),
}

/// One value from one sensor.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Reading {
    /// Which sensor.
    pub sensor: SensorIx,
    /// What it says.
    pub value: Quantity,
    /// When, as far as the message tells.
    pub heard: Heard,
    /// Whether the broker kept it from before: state, never news.
    pub retained: bool,
}

/// Why the shell could not read a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Malformed {
    /// A node's frame.
    NodeFrame,
    /// A Theengs Gateway or `OpenMQTTGateway` message.
    Theengs,
    /// An `ESPresense` message.
    Espresense,
    /// A Ruuvi Gateway's message.
    Ruuvi,
    /// Lines of an Ingics gateway.
    Ingics,
    /// A message of a Minew gateway.
    Minew,
    /// A message of a Shelly, or of a script on one.
    Shelly,
    /// A message of Tasmota.
    Tasmota,
    /// A message of `Zigbee2MQTT`.
    Zigbee2mqtt,
    /// An event of an Axis camera.
    Axis,
    /// A value of a Homie device.
    Homie,
    /// A message that a mapper of the shop's files reads.
    Mapped,
    /// A message to a desk.
    Desk,
    /// A screen's report.
    ScreenReport,
    /// A message that names a scanner, sensor or screen the plan does not have.
    UnknownDevice,
    /// A topic nobody reads.
    UnknownTopic,
    /// A till's receipt.
    Till,
}

impl Malformed {
    /// Every reason, in the order of [`crate::view::Counts::malformed`].
    pub const ALL: [Self; 17] = [
        Self::NodeFrame,
        Self::Theengs,
        Self::Espresense,
        Self::Ruuvi,
        Self::Ingics,
        Self::Minew,
        Self::Shelly,
        Self::Tasmota,
        Self::Zigbee2mqtt,
        Self::Axis,
        Self::Homie,
        Self::Mapped,
        Self::Desk,
        Self::ScreenReport,
        Self::UnknownDevice,
        Self::UnknownTopic,
        Self::Till,
    ];

    /// The reason, as a bounded label.
    pub const fn label(self) -> &'static str {
        match self {
            Self::NodeFrame => "node_frame",
            Self::Theengs => "theengs",
            Self::Espresense => "espresense",
            Self::Ruuvi => "ruuvi",
            Self::Ingics => "ingics",
            Self::Minew => "minew",
            Self::Shelly => "shelly",
            Self::Tasmota => "tasmota",
            Self::Zigbee2mqtt => "zigbee2mqtt",
            Self::Axis => "axis",
            Self::Homie => "homie",
            Self::Mapped => "mapped",
            Self::Desk => "desk",
            Self::ScreenReport => "screen_report",
            Self::UnknownDevice => "unknown_device",
            Self::UnknownTopic => "unknown_topic",
            Self::Till => "till",
        }
    }
}

/// Ties an answer to its request; drawn by the shell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct RequestId(pub u64);

/// A closed basket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Basket {
    /// Till and receipt number: a basket seen twice is one basket.
    pub receipt: String,
    /// The shopper, when a loyalty card was shown.
    pub shopper: Option<ShopperId>,
    /// What was bought.
    pub lines: Vec<BasketLine>,
}

/// A receipt of a till.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// What was bought, or brought back.
    pub basket: Basket,
    /// It takes the receipt of the same number back, come before or yet to come.
    pub is_void: bool,
    /// For goods that come back: the receipt that they were sold with.
    pub returned_from: Option<String>,
    /// Coupons that were redeemed with it.
    pub codes: Vec<CouponNumber>,
    /// Vouchers that were redeemed with it; their signature was checked.
    pub vouchers: Vec<Ticket>,
}

/// What a till wants of a voucher's code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TillAsks {
    /// What the code says; its signature was checked.
    pub ticket: Ticket,
    /// What the till wants.
    pub action: Action,
    /// Till and receipt.
    pub receipt: String,
    /// Which attempt of the receipt, 1 for the first.
    pub attempt: u8,
}

/// A Global Coupon Number, GS1 AI (255).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CouponNumber {
    /// Names the coupon: 13 digits, the last of them a check digit.
    pub number: String,
    /// Which one of them.
    pub serial: u64,
}

/// One line of a basket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BasketLine {
    /// Product.
    pub sku: String,
    /// Pieces; negative for a return.
    pub pieces: i32,
    /// Amount paid, in the currency's smallest unit.
    pub amount_minor: i64,
}

/// Something a screen said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScreenSaid {
    /// Which screen.
    pub screen: ScreenIx,
    /// Newest revision it has painted.
    pub revision: u64,
    /// What happened.
    pub status: ScreenStatus,
}

/// What became of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Done, and on the disk.
    Done,
    /// The gateway already has this version or a newer one. Nothing changed.
    Stale,
    /// No such shopper, offer or campaign.
    Unknown,
    /// The shopper was forgotten; only a consent newer than that is accepted.
    Forgotten,
    /// A stated limit is reached (shoppers, keys per shopper, pauses). Nothing changed.
    Full,
    /// A key of this enrolment belongs to another shopper. Nothing changed.
    KeyTaken,
    /// What a shopper may be offered in private; charged, and on the disk.
    Offered(Offered),
    /// What a till is told of a voucher's code.
    Code(CodeOutcome),
    /// The disk has no room for a record. What the record takes back is taken back;
    /// nothing else changed.
    NoRoom,
}

/// Somebody asks what one shopper may be offered in private.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tail {
    /// Which shopper.
    pub shopper: ShopperId,
    /// Before which screen; the nearest if `None`.
    pub screen: Option<ScreenIx>,
    /// Who will see it.
    pub eyes: Eyes,
}

/// Who sees what is offered in private.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Eyes {
    /// The shopper alone: everything they agreed to.
    Shopper,
    /// A member of staff beside them: nothing that is sensitive.
    Staff,
}

/// Offers in private, best first; places in the plan in force.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Offered(pub [Option<OfferIx>; 3]);

/// Used by [`crate::Snapshot`] and by tests to name a consent at a glance.
impl Enrolment {
    /// With these purposes and nothing else special.
    pub fn consenting(shopper: ShopperId, version: u64, purposes: Purposes) -> Self {
        Self {
            shopper,
            version,
            keys: Vec::new(),
            consent: Consent {
                purposes,
                notice: 1,
                until: None,
                showings_per_day: None,
            },
        }
    }
}
