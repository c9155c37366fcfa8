//! Two clocks, two types. Timers use [`Mono`]; opening hours, expiry and
//! reports use [`Wall`], which may be unsynced: a Raspberry Pi has no battery
//! clock, and until it hears the network nothing that depends on the date is
//! shown.

use serde::{Deserialize, Serialize};

/// Milliseconds since the gateway started. Never goes back.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
pub struct Mono(pub u64);

impl Mono {
    /// This long after; saturating.
    #[must_use]
    pub const fn after_ms(self, ms: u64) -> Self {
        Self(self.0.saturating_add(ms))
    }

    /// This much earlier.
    #[must_use]
    pub const fn before_ms(self, ms: u64) -> Self {
        Self(self.0.saturating_sub(ms))
    }

    /// Milliseconds from `earlier` to here; 0 when `earlier` is later.
    pub const fn since_ms(self, earlier: Self) -> u64 {
        self.0.saturating_sub(earlier.0)
    }
}

/// Milliseconds since 1970-01-01T00:00:00Z.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
pub struct UnixMs(pub i64);

impl UnixMs {
    /// Whole seconds, rounded down.
    pub const fn seconds(self) -> i64 {
        self.0.div_euclid(1000)
    }
}

/// The date, if it is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Wall {
    /// The operating system vouches for it.
    Synced(UnixMs),
    /// Nobody vouches for it.
    Unsynced,
}

impl Wall {
    /// The date, or nothing.
    pub const fn known(self) -> Option<UnixMs> {
        match self {
            Self::Synced(at) => Some(at),
            Self::Unsynced => None,
        }
    }
}

/// Both clocks at the moment of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Now {
    /// For timers.
    pub mono: Mono,
    /// For dates.
    pub wall: Wall,
}

/// The shop's offset from UTC over the years: seconds east of UTC from each
/// instant on. Worked out from the time-zone database when the shop's files
/// are read, so that the engine needs no database.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LocalTime {
    /// `(unix second from which it holds, seconds east of UTC)`, rising; never empty.
    offsets: Vec<(i64, i32)>,
}

/// A moment as the shop's own clock and calendar show it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LocalMoment {
    /// Days since 1970-01-01 in local time.
    pub day: i32,
    /// 0 is Monday.
    pub weekday: u8,
    /// Minutes since local midnight, 0 to 1439.
    pub minute: u16,
}

impl LocalTime {
    /// One offset for all time, seconds east of UTC.
    pub fn fixed(offset_s: i32) -> Self {
        Self {
            offsets: vec![(i64::MIN, offset_s)],
        }
    }

    /// From transitions in rising order; `None` when there are none or they do not rise.
    pub fn from_transitions(offsets: Vec<(i64, i32)>) -> Option<Self> {
        let rising = offsets.windows(2).all(|w| w[0].0 < w[1].0);
        (rising && !offsets.is_empty()).then_some(Self { offsets })
    }

    /// Seconds east of UTC at this moment.
    pub fn offset_s(&self, at: UnixMs) -> i32 {
        let second = at.seconds();
        let after = self.offsets.partition_point(|(from, _)| *from <= second);
        self.offsets[after.saturating_sub(1)].1
    }

    /// What the shop's clock shows.
    pub fn at(&self, at: UnixMs) -> LocalMoment {
        let local = at.seconds() + i64::from(self.offset_s(at));
        let day = local.div_euclid(86_400) as i32;
        LocalMoment {
            day,
            // 1970-01-01 was a Thursday.
            weekday: (day + 3).rem_euclid(7) as u8,
            minute: (local.rem_euclid(86_400) / 60) as u16,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shop_clock_in_hanoi_is_seven_hours_ahead() {
        // 2026-11-21T22:30:00Z is Sunday 05:30 in Hanoi.
        let hanoi = LocalTime::fixed(7 * 3600);
        let moment = hanoi.at(UnixMs(1_795_300_200_000));
        assert_eq!((moment.weekday, moment.minute), (6, 330));
    }

    #[test]
    fn a_summer_time_change_takes_effect_at_its_second() {
        let change = 1_000_000;
        let local = LocalTime::from_transitions(vec![(i64::MIN, 3600), (change, 7200)]).unwrap();
        assert_eq!(local.offset_s(UnixMs(change * 1000 - 1)), 3600);
        assert_eq!(local.offset_s(UnixMs(change * 1000)), 7200);
        assert!(LocalTime::from_transitions(vec![]).is_none());
        assert!(LocalTime::from_transitions(vec![(5, 0), (5, 1)]).is_none());
    }
}
