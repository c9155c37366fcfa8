//! What is learnt while somebody is followed: how strong their beacon is, and
//! how much more one scanner hears than another.

use serde::{Deserialize, Serialize};

/// Variance of one look at a beacon's power, and the least that is ever left:
/// a bag moves. dB squared.
const POWER_LOOK: f32 = 180.0;
const POWER_SURE: f32 = 2.0;
/// How far a scanner may be from what the map says of it: variance, dB squared.
const OFFSET_VARIANCE: f32 = 25.0;
/// Variance of one look at that, for the square of the map's own doubt, dB squared
/// both: where the map is wrong it is wrong for as long as somebody is about, so
/// that many looks are hardly more than one; and what it is wrong by draws the
/// belief along, so that less of it is seen.
const OFFSET_LOOK: f32 = 16.0;
/// No scanner is this far off; beyond, it is something else. dB.
const OFFSET_DB_MAX: f32 = 12.0;
/// How much of what one visit learnt of a scanner is kept for the next.
const KEPT: f32 = 0.3;

/// How strong a beacon is, as learnt so far.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Power {
    /// Relative to the map, dB.
    pub mean_db: f32,
    /// Variance of `mean_db`, dB squared.
    pub variance: f32,
}

impl Power {
    /// Learns from what all scanners had in common, by a scalar Kalman step.
    pub fn learn(&mut self, common_db: f32) {
        let gain = self.variance / (self.variance + POWER_LOOK);
        self.mean_db += gain * (common_db - self.mean_db);
        self.variance = (self.variance * (1.0 - gain)).max(POWER_SURE);
    }
}

/// How much more than the map says a scanner hears.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Offset {
    /// By so much, dB.
    pub db: f32,
    /// Variance of `db`, dB squared.
    variance: f32,
}

impl Offset {
    /// Begins with what earlier visits taught.
    pub const fn new(kept_db: f32) -> Self {
        Self {
            db: kept_db,
            variance: OFFSET_VARIANCE,
        }
    }

    /// Learns from how far what was heard is from what the others heard, by a
    /// scalar Kalman step. `freshness` is how much this look is worth.
    pub fn learn(&mut self, apart_db: f32, map_variance: f32, freshness: f32) {
        let look = OFFSET_LOOK * map_variance * map_variance / freshness;
        let gain = self.variance / (self.variance + look);
        self.db = (self.db + gain * apart_db).clamp(-OFFSET_DB_MAX, OFFSET_DB_MAX);
        self.variance *= 1.0 - gain;
    }

    /// Hands on what this visit learnt, the more the surer it is.
    pub fn keep(self, kept_db: &mut f32) {
        let sure = 1.0 - self.variance / OFFSET_VARIANCE;
        *kept_db += KEPT * sure * (self.db - *kept_db);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_weak_beacon_is_found_out() {
        let mut power = Power {
            mean_db: 0.0,
            variance: 36.0,
        };
        for _ in 0..60 {
            power.learn(-8.0);
        }
        assert!((power.mean_db + 8.0).abs() < 1.0, "{power:?}");
        assert!(power.variance >= POWER_SURE);
    }

    #[test]
    fn a_deaf_scanner_is_learnt_slowly_and_never_beyond_reason() {
        let mut offset = Offset::new(0.0);
        offset.learn(-5.0, 4.0, 1.0);
        assert!(offset.db < 0.0 && offset.db > -1.0, "{offset:?}");
        for _ in 0..100_000 {
            offset.learn(-50.0, 4.0, 1.0);
        }
        assert!(offset.db >= -OFFSET_DB_MAX);
        let mut kept_db = 0.0;
        offset.keep(&mut kept_db);
        assert!((-OFFSET_DB_MAX * KEPT..0.0).contains(&kept_db));
    }
}
