//! Campaigns, compiled: what one TOML file under `config/offers/` becomes.

use super::{AudienceRule, Bits, Limits, SensorIx, Trial, Voucher, ZoneIx};
use crate::time::{LocalMoment, UnixMs};
use protocol::{id::OfferId, screen::Creative};
use serde::{Deserialize, Serialize};

/// One campaign.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Offer {
    /// Name; also the name of its file.
    pub id: OfferId,
    /// Name as marketers read it.
    pub title: String,
    /// How much showing it on a public screen says about the people before it.
    pub sensitivity: Sensitivity,
    /// Higher goes first among offers that could all be shown. 1 to 100.
    pub priority: u8,
    /// When.
    pub schedule: Schedule,
    /// In which zones the people must be; empty for any zone seen from the screen.
    pub zones: Bits,
    /// On which screens; empty for all.
    pub screens: Bits,
    /// How long somebody must have been in the zone, ms.
    pub dwell_ms_min: u64,
    /// How sure it must be that somebody is in those zones, 0 to 1; 0 when being
    /// taken to be there ([`super::PresenceSettings`]) is enough.
    pub zone_confidence: f32,
    /// Who.
    pub segments: SegmentRule,
    /// What their profiles must say.
    pub audience: AudienceRule,
    /// What must be true of the shop around.
    pub conditions: Vec<Condition>,
    /// How often for one shopper.
    pub cap: Cap,
    /// How often for everybody.
    pub budget: Budget,
    /// How the day's budget is spent.
    pub pacing: Pacing,
    /// Thousandths of shoppers who never get it, so that its effect can be measured.
    pub holdout_permille: u16,
    /// How long it stays on the screen, ms.
    pub shown_for_ms: u32,
    /// Products it promotes; joins it to baskets.
    pub skus: Vec<String>,
    /// Department it belongs to; joins it to affinities.
    pub department: Option<String>,
    /// What to paint.
    pub creative: Creative,
    /// A code that it carries, to join the receipt to the showing.
    pub code: Option<OfferCode>,
    /// How it is tried out.
    pub trial: Trial,
    /// What limits it besides its own cap and budget.
    pub limits: Limits,
    /// A voucher that it carries, instead of a code.
    pub voucher: Option<Voucher>,
}

/// A code that an offer's pictures carry: a Global Coupon Number whose serial
/// names the showing, as a GS1 Digital Link.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfferCode {
    /// Names the coupon: 13 digits, the last of them a check digit.
    pub number: String,
    /// Where the link begins: `https://id.gs1.org`, without a slash at its end.
    pub link: String,
}

impl OfferCode {
    /// The link that one showing carries.
    pub fn text(&self, serial: u64) -> String {
        format!("{}/255/{}{serial:012}", self.link, self.number)
    }
}

impl Offer {
    /// Whether it is aimed at people with certain properties, and so needs
    /// their consent to be chosen.
    pub fn is_personal(&self) -> bool {
        !self.segments.is_everybody()
            || !self.audience.is_anybody()
            || self.sensitivity > Sensitivity::Public
    }
}

/// How much showing an offer on a public screen says about the people before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Sensitivity {
    /// Says nothing about anybody: may be shown to an empty aisle.
    Public,
    /// Says that somebody here belongs to a broad group.
    Segment,
    /// Says something about one person. Never on a public screen.
    Personal,
    /// Says something about health, belief, children. Never on a public screen.
    Sensitive,
}

/// Dates, weekdays and hours, local time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Schedule {
    /// First moment.
    pub from: Option<UnixMs>,
    /// First moment at which it is over. Offers always have one.
    pub until: Option<UnixMs>,
    /// Bit 0 is Monday.
    pub weekdays: u8,
    /// Hours of the day; empty for all day.
    pub hours: Vec<HourRange>,
}

impl Schedule {
    /// Always.
    pub const fn always() -> Self {
        Self {
            from: None,
            until: None,
            weekdays: 0x7f,
            hours: Vec::new(),
        }
    }

    /// Whether the date lies in `from..until`.
    pub fn in_dates(&self, at: UnixMs) -> bool {
        self.from.is_none_or(|from| at >= from) && self.until.is_none_or(|until| at < until)
    }

    /// Whether weekday and hour fit. A range that passes midnight belongs to
    /// the weekday on which it begins.
    pub fn in_week(&self, moment: LocalMoment) -> bool {
        let on = |weekday: u8| self.weekdays >> (weekday % 7) & 1 == 1;
        if self.hours.is_empty() {
            return on(moment.weekday);
        }
        self.hours.iter().any(|range| {
            let (m, today, yesterday) = (moment.minute, moment.weekday, moment.weekday + 6);
            if range.from_minute < range.until_minute {
                on(today) && (range.from_minute..range.until_minute).contains(&m)
            } else {
                (on(today) && m >= range.from_minute) || (on(yesterday) && m < range.until_minute)
            }
        })
    }
}

/// Part of a day, minutes since local midnight; passes midnight when `until <= from`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct HourRange {
    /// First minute, 0 to 1439.
    pub from_minute: u16,
    /// First minute after, 0 to 1440.
    pub until_minute: u16,
}

/// Which segments a shopper must and must not be in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
pub struct SegmentRule {
    /// At least one of these, unless empty.
    pub any: Bits,
    /// Every one of these.
    pub all: Bits,
    /// None of these.
    pub none: Bits,
}

impl SegmentRule {
    /// Whether it asks nothing.
    pub const fn is_everybody(&self) -> bool {
        self.any.is_empty() && self.all.is_empty() && self.none.is_empty()
    }

    /// Whether somebody in exactly these segments qualifies.
    pub const fn admits(&self, segments: Bits) -> bool {
        (self.any.is_empty() || segments.0 & self.any.0 != 0)
            && segments.0 & self.all.0 == self.all.0
            && segments.0 & self.none.0 == 0
    }
}

/// An inclusive range; a missing end is open. Values are in the thousandth of
/// the condition's unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Bound {
    /// Not below.
    pub min_milli: Option<i64>,
    /// Not above.
    pub max_milli: Option<i64>,
}

impl Bound {
    /// Whether the value lies within.
    pub fn holds(&self, value_milli: i64) -> bool {
        self.min_milli.is_none_or(|min| value_milli >= min)
            && self.max_milli.is_none_or(|max| value_milli <= max)
    }
}

/// What must be true of the shop around. An unknown or stale value fails the
/// condition: doubt means the house loop.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Condition {
    /// Value of one sensor, in its own unit (°C, %, lx, pieces, grams, people).
    Sensor {
        /// Which.
        sensor: SensorIx,
        /// Allowed values.
        bound: Bound,
    },
    /// People in a zone, strangers counted by sensors included.
    Crowd {
        /// Which zone; `None` for the zones seen from the screen together.
        zone: Option<ZoneIx>,
        /// Allowed numbers of people.
        bound: Bound,
    },
    /// Pieces of a product on the shelf.
    Stock {
        /// The stock sensor of that product.
        sensor: SensorIx,
        /// At least this many.
        pieces_min: u16,
    },
    /// What a product costs, by the tills' own price list.
    Price {
        /// The price sensor of that product.
        sensor: SensorIx,
        /// Exactly this, in the smallest unit of the currency.
        is_minor: u32,
    },
}

/// How often one shopper may be shown one offer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cap {
    /// Within one visit.
    pub per_visit: u16,
    /// Within one local day.
    pub per_day: u16,
}

/// How often an offer may be shown at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Budget {
    /// Showings over the whole campaign.
    pub showings: u32,
    /// Showings within one local day.
    pub showings_per_day: Option<u32>,
}

/// How the showings of a day are spread over it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Pacing {
    /// As they come.
    #[default]
    Free,
    /// Evenly over the hours at which the shop is open and the offer runs.
    Even,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_over_midnight_belongs_to_the_day_it_begins_on() {
        let friday_night = Schedule {
            weekdays: 1 << 4,
            hours: vec![HourRange {
                from_minute: 22 * 60,
                until_minute: 2 * 60,
            }],
            ..Schedule::always()
        };
        let at = |weekday, minute| LocalMoment {
            day: 0,
            weekday,
            minute,
        };
        assert!(friday_night.in_week(at(4, 23 * 60)));
        assert!(friday_night.in_week(at(5, 60)));
        assert!(!friday_night.in_week(at(5, 23 * 60)));
        assert!(!friday_night.in_week(at(4, 60)));
    }

    #[test]
    fn segments_any_all_none() {
        let bits = |list: &[u8]| list.iter().fold(Bits::NONE, |b, i| b.with(*i));
        let rule = SegmentRule {
            any: bits(&[1, 2]),
            all: bits(&[3]),
            none: bits(&[4]),
        };
        for (segments, admitted) in [
            (&[1, 3][..], true),
            (&[3], false),
            (&[1], false),
            (&[2, 3, 4], false),
            (&[1, 2, 3, 9], true),
        ] {
            assert_eq!(rule.admits(bits(segments)), admitted, "{segments:?}");
        }
    }
}
