//! The checked description of a shop: what the files in `config/` become.
//!
//! A plan is built once, by the `config` crate, which reports every problem
//! with its file, line and key. Here everything is already right: names are
//! resolved to indices, units are in the names, limits hold. Indices are only
//! valid within one plan; what outlives a plan (the ledger) uses names.

mod audience;
mod floor;
mod guard;
mod limits;
mod offer;
mod pace;
mod trial;
mod voucher;

pub use audience::{Affinity, AudienceRule, same_language};
pub use floor::{
    Level, Point, Polygon, Scanner, Screen, Sensor, SensorKind, Stairs, SurveyPoint, Zone,
};
pub use guard::GuardSettings;
pub use limits::{Campaign, CampaignIx, Limits};
pub use offer::{
    Bound, Budget, Cap, Condition, HourRange, Offer, OfferCode, Pacing, Schedule, SegmentRule,
    Sensitivity,
};
pub use pace::Pace;
pub use trial::{MAX_ARMS, MAX_SHARE, Ramp, RampGuard, Trial, TrialArm};
pub use voucher::Voucher;

use crate::time::LocalTime;
use protocol::{
    beacon::Beacon,
    id::{OfferId, ScannerId, ScreenId, SensorId, StoreId, ZoneId},
    screen::Creative,
};
use serde::{Deserialize, Serialize};

/// Most zones, scanners, screens and segments in a plan: each is a bit of a `u64`.
pub const MAX_BITS: usize = 64;
/// Most sensors in a plan.
pub const MAX_SENSORS: usize = 256;
/// Most storeys of a shop.
pub const MAX_LEVELS: usize = 8;
/// Most places of a survey. What it costs to work the radio map out grows with their cube.
pub const MAX_SURVEY_PLACES: usize = 400;
/// Most campaigns in a plan.
pub const MAX_CAMPAIGNS: usize = 256;
/// Most offers in a plan.
pub const MAX_OFFERS: usize = 2_000;

macro_rules! indices {
    ($($(#[$doc:meta])* $name:ident($int:ty);)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub struct $name(pub $int);

        impl $name {
            /// For indexing the plan's vectors.
            pub const fn at(self) -> usize {
                self.0 as usize
            }
        }
    )*};
}

indices! {
    /// Index into [`StorePlan::zones`].
    ZoneIx(u8);
    /// Index into [`StorePlan::scanners`].
    ScannerIx(u8);
    /// Index into [`StorePlan::sensors`].
    SensorIx(u16);
    /// Index into [`StorePlan::screens`].
    ScreenIx(u8);
    /// Index into [`StorePlan::offers`].
    OfferIx(u16);
    /// Index into [`StorePlan::segments`].
    SegmentIx(u8);
}

/// A set of up to 64 indices.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
pub struct Bits(pub u64);

impl Bits {
    /// The empty set.
    pub const NONE: Self = Self(0);

    /// Adds `index`, which must be below 64.
    #[must_use]
    pub const fn with(self, index: u8) -> Self {
        Self(self.0 | 1 << index)
    }

    /// Whether `index` is in.
    pub const fn has(self, index: u8) -> bool {
        self.0 >> index & 1 == 1
    }

    /// Whether nothing is in.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The members, rising.
    pub fn iter(mut self) -> impl Iterator<Item = u8> {
        core::iter::from_fn(move || {
            let next = (self.0 != 0).then(|| self.0.trailing_zeros() as u8);
            self.0 &= self.0.wrapping_sub(1);
            next
        })
    }
}

/// A whole shop, checked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StorePlan {
    /// The shop.
    pub store: StoreId,
    /// The shop's name as people read it.
    pub name: String,
    /// The shop's clock.
    pub local_time: LocalTime,
    /// When the shop is open, local time. Outside, screens show the house loop.
    pub opening: Schedule,
    /// Floor outline, metres.
    pub outline: Polygon,
    /// Shelves and walls: nobody walks through them and radio loses strength.
    pub obstacles: Vec<Polygon>,
    /// Storeys above the ground floor, rising; mostly none.
    pub upper: Vec<Level>,
    /// Where one gets from one storey to the next. The storeys of a shop
    /// without any are never changed between.
    pub stairs: Vec<Stairs>,
    /// Zones, in the order of the file.
    pub zones: Vec<Zone>,
    /// Scanners, in the order of the file.
    pub scanners: Vec<Scanner>,
    /// What a tag carried about was heard like; empty for a shop not surveyed.
    pub survey: Vec<SurveyPoint>,
    /// Sensors, in the order of the file.
    pub sensors: Vec<Sensor>,
    /// Screens, in the order of the file.
    pub screens: Vec<Screen>,
    /// Names of the segments that offers mention, sorted.
    pub segments: Vec<String>,
    /// Offers, sorted by name so that the order of files never matters.
    pub offers: Vec<Offer>,
    /// Offers that share caps and a budget, in the order of the file.
    pub campaigns: Vec<Campaign>,
    /// What screens show when there is nothing better.
    pub house_loop: Vec<Creative>,
    /// How people are taken to be somewhere.
    pub presence: PresenceSettings,
    /// What keeps a public screen from giving people away.
    pub guard: GuardSettings,
    /// Thousandths of decisions drawn evenly from all offers with a score, so
    /// that what is rarely shown can be learned about; 0 to 200.
    pub explore_permille: u16,
}

/// How people are taken to be somewhere.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct PresenceSettings {
    /// Probability of a zone at which somebody enters it.
    pub enter_probability: f32,
    /// Probability of the current zone below which somebody leaves it.
    pub leave_probability: f32,
    /// Silence after which somebody is taken to have left the shop, ms.
    pub absent_after_ms: u64,
    /// Path-loss exponent of the floor, about 1.5 to 4.
    pub path_loss_exponent: f32,
    /// Not the shop's to choose: see there.
    #[serde(skip)]
    pub tuning: crate::presence::Tuning,
}

impl StorePlan {
    /// The zone of this name.
    pub fn zone(&self, id: &ZoneId) -> Option<ZoneIx> {
        position(&self.zones, |z| &z.id == id).map(|i| ZoneIx(i as u8))
    }

    /// The scanner of this name.
    pub fn scanner(&self, id: &ScannerId) -> Option<ScannerIx> {
        position(&self.scanners, |s| &s.id == id).map(|i| ScannerIx(i as u8))
    }

    /// The scanner that sends this itself.
    pub fn sends(&self, beacon: &Beacon) -> Option<ScannerIx> {
        let own = |s: &Scanner| s.beacon.as_ref() == Some(beacon);
        position(&self.scanners, own).map(|i| ScannerIx(i as u8))
    }

    /// The sensor of this name.
    pub fn sensor(&self, id: &SensorId) -> Option<SensorIx> {
        position(&self.sensors, |s| &s.id == id).map(|i| SensorIx(i as u16))
    }

    /// The screen of this name.
    pub fn screen(&self, id: &ScreenId) -> Option<ScreenIx> {
        position(&self.screens, |s| &s.id == id).map(|i| ScreenIx(i as u8))
    }

    /// The offer of this name.
    pub fn offer(&self, id: &OfferId) -> Option<OfferIx> {
        self.offers
            .binary_search_by(|o| o.id.cmp(id))
            .ok()
            .map(|i| OfferIx(i as u16))
    }

    /// The segment of this name, if any offer mentions it.
    pub fn segment(&self, name: &str) -> Option<SegmentIx> {
        self.segments
            .binary_search_by(|s| s.as_str().cmp(name))
            .ok()
            .map(|i| SegmentIx(i as u8))
    }

    /// The zone of the ground floor that holds this point; the first in the file
    /// where zones overlap.
    pub fn zone_at(&self, point: Point) -> Option<ZoneIx> {
        self.zone_on(0, point)
    }

    /// The zone of a storey that holds this point; the first in the file where
    /// zones overlap.
    pub fn zone_on(&self, level: u8, point: Point) -> Option<ZoneIx> {
        let holds = |z: &Zone| z.level == level && z.area.contains(point);
        position(&self.zones, holds).map(|i| ZoneIx(i as u8))
    }

    /// Outline and obstacles of every storey, from the ground floor up.
    pub fn levels(&self) -> impl Iterator<Item = (&Polygon, &[Polygon])> {
        let ground = (&self.outline, self.obstacles.as_slice());
        let upper = self.upper.iter();
        core::iter::once(ground).chain(upper.map(|l| (&l.outline, l.obstacles.as_slice())))
    }
}

fn position<T>(items: &[T], wanted: impl FnMut(&T) -> bool) -> Option<usize> {
    items.iter().position(wanted)
}
