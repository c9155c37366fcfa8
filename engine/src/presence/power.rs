//! What is learnt while somebody is followed: how strong their beacon is, and
//! how much more one scanner hears than another.

use super::Tuning;
use serde::{Deserialize, Serialize};

/// The least that is ever left of a power's variance: a bag moves. dB squared.
const POWER_SURE: f32 = 2.0;
/// No scanner is this far off; beyond, it is something else. dB.
pub const OFFSET_DB_MAX: f32 = 12.0;

/// How strong a beacon is, as learnt so far.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Power {
    /// Relative to the map, dB.
    pub mean_db: f32,
    /// Variance of `mean_db`, dB squared.
    pub variance: f32,
}

impl Power {
    /// Learns from what all scanners had in common, by a scalar Kalman step; a look
    /// has this variance, dB squared.
    pub fn learn(&mut self, common_db: f32, look_db2: f32) {
        let gain = self.variance / (self.variance + look_db2);
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
    pub const fn new(kept_db: f32, tuning: &Tuning) -> Self {
        Self {
            db: kept_db,
            variance: tuning.offset_variance,
        }
    }

    /// Learns from how far what was heard is from what the others heard, by a
    /// scalar Kalman step; a look has this variance, dB squared.
    pub fn learn(&mut self, apart_db: f32, look_db2: f32) {
        let gain = self.variance / (self.variance + look_db2);
        self.db = (self.db + gain * apart_db).clamp(-OFFSET_DB_MAX, OFFSET_DB_MAX);
        self.variance *= 1.0 - gain;
    }

    /// Hands on what this visit learnt, the more the surer it is.
    pub fn keep(self, kept_db: &mut f32, tuning: &Tuning) {
        let sure = 1.0 - self.variance / tuning.offset_variance;
        *kept_db += tuning.offset_kept * sure * (self.db - *kept_db);
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
            power.learn(-8.0, Tuning::USED.power_look);
        }
        assert!((power.mean_db + 8.0).abs() < 1.0, "{power:?}");
        assert!(power.variance >= POWER_SURE);
    }

    #[test]
    fn a_deaf_scanner_is_learnt_slowly_and_never_beyond_reason() {
        let mut offset = Offset::new(0.0, &Tuning::USED);
        offset.learn(-5.0, 256.0);
        assert!(offset.db < 0.0 && offset.db > -1.0, "{offset:?}");
        for _ in 0..100_000 {
            offset.learn(-50.0, 256.0);
        }
        assert!(offset.db >= -OFFSET_DB_MAX);
        let mut kept_db = 0.0;
        offset.keep(&mut kept_db, &Tuning::USED);
        assert!((-OFFSET_DB_MAX * Tuning::USED.offset_kept..0.0).contains(&kept_db));
    }
}
