//! What may be seen of the engine from outside: for the console, `/metrics`
//! and tests. Reading it changes nothing.

use crate::{
    control::Pause,
    event::Malformed,
    money::CodeOutcome,
    presence::Ellipse,
    trial::{Incident, RampStatus},
};
use protocol::{
    id::{CampaignId, OfferId, ScannerId, ScreenId, SensorId, ZoneId},
    screen::Creative,
};
use serde::Serialize;

/// Facts counted since start. Every one is a metric; none has a label that
/// grows with people.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Counts {
    /// Sightings taken in.
    pub sightings: u64,
    /// Sightings of nobody who opted in: dropped where they were looked up.
    pub strangers: u64,
    /// Sightings older than the bound.
    pub late: u64,
    /// Frames of nodes that say of themselves when they were made, and cannot
    /// have been: taken in as of now.
    pub mistimed: u64,
    /// Sightings and frames that came before.
    pub duplicate: u64,
    /// Values no such device can mean.
    pub implausible: u64,
    /// Sightings beyond what a receiver can hear, or a beacon can send.
    pub flooded: u64,
    /// Rotating identifiers of shoppers heard again after their time.
    pub replayed: u64,
    /// Private addresses not tried against keys, for want of time.
    pub unresolved: u64,
    /// Readings taken in.
    pub readings: u64,
    /// Messages the shell could not read, by [`Malformed::ALL`].
    pub malformed: [u64; Malformed::ALL.len()],
    /// Dropped for want of room.
    pub dropped: u64,
    /// Decisions taken.
    pub decisions: u64,
    /// Commands sent to screens.
    pub commands: u64,
    /// Commands sent again for want of a report.
    pub resent: u64,
    /// Pictures confirmed.
    pub painted: u64,
    /// Pictures never confirmed.
    pub unconfirmed: u64,
    /// Exposures committed.
    pub exposures: u64,
    /// Baskets taken in.
    pub baskets: u64,
    /// Receipts taken back.
    pub voids: u64,
    /// Receipts refused because the disk does not keep up; the till sends again.
    pub tills_full: u64,
    /// Records of shoppers turned away because the disk had no room.
    pub turned_away: u64,
    /// Codes of showings redeemed for the first time.
    pub codes_redeemed: u64,
    /// Codes redeemed again by another receipt.
    pub codes_again: u64,
    /// Coupons that are not ours, or no longer on record.
    pub codes_unknown: u64,
    /// What tills were told of vouchers, by [`CodeOutcome::ALL`].
    pub vouchers: [u64; CodeOutcome::ALL.len()],
    /// Codes whose worth was freed because nobody redeemed them in time.
    pub vouchers_lapsed: u64,
    /// Consents given or changed.
    pub enrolled: u64,
    /// Consents taken back.
    pub withdrawn: u64,
    /// Shoppers forgotten.
    pub forgotten: u64,
    /// Frames the nodes said they had to drop.
    pub node_dropped: u64,
    /// Visits whose identity was heard in two places at once.
    pub doubled: u64,
    /// Decisions at which an offer would have been shown, but for its trial.
    pub ghosts: u64,
    /// Opt-outs after an offer, complaints, calls for help, screen errors.
    pub incidents: [u64; Incident::ALL.len()],
}

/// The shop as the engine sees it now.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Status {
    /// Shoppers who opted in and are here.
    pub visits: Vec<VisitStatus>,
    /// Zones, in the order of the plan.
    pub zones: Vec<ZoneStatus>,
    /// Scanners, in the order of the plan.
    pub scanners: Vec<ScannerStatus>,
    /// What is heard that no honest beacon sends.
    pub air: AirStatus,
    /// Sensors, in the order of the plan.
    pub sensors: Vec<SensorStatus>,
    /// Screens, in the order of the plan.
    pub screens: Vec<ScreenStatus>,
    /// Offers, in the order of the plan.
    pub offers: Vec<OfferStatus>,
    /// Campaigns, in the order of the plan.
    pub campaigns: Vec<CampaignStatus>,
    /// What is stopped by hand.
    pub pauses: Vec<Pause>,
    /// Shoppers enrolled.
    pub enrolled: u32,
    /// People in the shop by the door counters, strangers included, if any counts.
    pub people: Option<u32>,
    /// Whether the date is known.
    pub wall_synced: bool,
}

/// One shopper who opted in and is here, as a number that means nothing tomorrow.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct VisitStatus {
    /// Number of the visit since start.
    pub visit: u32,
    /// Best estimate of the place, metres.
    pub x_m: f32,
    /// Best estimate of the place, metres.
    pub y_m: f32,
    /// Storey, 0 for the ground floor.
    pub level: u8,
    /// How far about that place: one standard deviation each way.
    pub ellipse: Ellipse,
    /// The zone the visit is in, if one is sure enough.
    pub zone: Option<ZoneId>,
    /// Probability of that zone, or of the likeliest.
    pub probability: f32,
    /// Time in that zone, ms.
    pub dwell_ms: u64,
    /// Since last heard, ms.
    pub silent_ms: u64,
}

/// One zone.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ZoneStatus {
    /// Which.
    pub id: ZoneId,
    /// Expected number of shoppers who opted in.
    pub shoppers: f32,
    /// Expected number of people, strangers counted by sensors included.
    pub people: f32,
}

/// One scanner.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ScannerStatus {
    /// Which.
    pub id: ScannerId,
    /// Since it last said anything, ms; `None` for never.
    pub silent_ms: Option<u64>,
    /// Sightings taken in from it.
    pub sightings: u64,
    /// Since it told a strength that nobody can have measured, ms.
    pub impossible_ms: Option<u64>,
    /// Since it told more than any receiver hears, ms.
    pub flooded_ms: Option<u64>,
}

/// What is heard that no honest beacon sends.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct AirStatus {
    /// Shoppers whose beacon is heard in two places at once, now.
    pub doubled: u32,
    /// Since an identifier was heard again after its time, ms.
    pub replayed_ms: Option<u64>,
    /// Since a beacon was heard more often than any sends, ms.
    pub flooded_ms: Option<u64>,
    /// Since a private address could not be tried for want of time, ms.
    pub unresolved_ms: Option<u64>,
}

/// One sensor.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SensorStatus {
    /// Which.
    pub id: SensorId,
    /// Value in its unit; `None` while unknown or stale.
    pub value: Option<f32>,
    /// Unit of `value`.
    pub unit: &'static str,
    /// Since it last said anything, ms; `None` for never.
    pub silent_ms: Option<u64>,
}

/// One screen.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ScreenStatus {
    /// Which.
    pub id: ScreenId,
    /// The offer on the glass by the screen's own word; `None` for the house loop.
    pub offer: Option<OfferId>,
    /// Its picture.
    pub creative: Option<Creative>,
    /// The revision last commanded.
    pub commanded: u64,
    /// The revision last reported painted.
    pub painted: u64,
    /// How far the screen is with its command.
    pub phase: ScreenPhase,
    /// Why it shows what it shows, in a sentence.
    pub why: String,
    /// Since it last said anything, ms; `None` for never.
    pub silent_ms: Option<u64>,
}

/// How far a screen is with its command.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ScreenPhase {
    /// House loop, confirmed or by default.
    House,
    /// A showing is being made durable.
    Reserving,
    /// Commanded, not yet confirmed.
    Sent,
    /// Confirmed on the glass.
    Showing,
    /// Told to clear, not yet confirmed.
    Clearing,
    /// Does not confirm.
    Silent,
}

/// One offer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OfferStatus {
    /// Which.
    pub id: OfferId,
    /// Showings charged.
    pub showings: u32,
    /// Showings charged today.
    pub showings_today: u32,
    /// Showings left in the budget.
    pub left: u32,
    /// Showings painted.
    pub painted: u32,
    /// Person-seconds of measured shoppers.
    pub seen_s: f32,
    /// Baskets by arm: exposed, holdout, neither.
    pub baskets: [u32; 3],
    /// Showings whose code was redeemed.
    pub codes: u32,
    /// What can be told of its effect, in sentences.
    pub told: Vec<String>,
    /// How far it is let loose; `None` without a ramp.
    pub ramp: Option<RampStatus>,
    /// What its vouchers cost; `None` without vouchers.
    pub vouchers: Option<VoucherStatus>,
}

/// What the offers of one campaign used up together. Amounts are in the
/// currency's smallest unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CampaignStatus {
    /// Which.
    pub id: CampaignId,
    /// Showings charged.
    pub showings: u32,
    /// Showings left in its budget; `None` without a limit.
    pub left: Option<u32>,
    /// Worth of codes that can still be redeemed.
    pub reserved_minor: u64,
    /// Worth of codes that were redeemed.
    pub committed_minor: u64,
    /// Money left in its budget; `None` without a limit.
    pub left_minor: Option<u64>,
}

/// What the vouchers of one offer cost. Amounts are in the currency's smallest
/// unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct VoucherStatus {
    /// Codes that can still be redeemed.
    pub reserved: u32,
    /// What they are worth.
    pub reserved_minor: u64,
    /// Codes that were redeemed.
    pub committed: u32,
    /// What they were worth.
    pub committed_minor: u64,
    /// Codes whose worth was freed again.
    pub released: u32,
    /// Redemptions left in the budget.
    pub left: u32,
    /// What they are worth.
    pub left_minor: u64,
    /// Codes handed in after their worth was freed: beside the budget.
    pub late: u32,
    /// Codes handed in that another receipt had redeemed.
    pub again: u32,
}
