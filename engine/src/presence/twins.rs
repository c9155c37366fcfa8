//! One identity in two places: a copied fob. Two scanners hear it so strongly at
//! once that no place explains both. Nobody's offers may hang on it.

use super::{power::Power, radio_map::RadioMap};
use serde::{Deserialize, Serialize};

/// Beyond what the best place for both and a beacon as strong as it may well be
/// explain, dB: fading never adds so much to what the strong packets of a beacon, of which
/// its power is learnt, say already.
const BEYOND_DB: f32 = 9.0;
/// How strong it may well be: standard deviations of its power.
const MAY_WELL: f32 = 3.0;
/// Steps of evidence that make it certain, and the most that is remembered.
const CERTAIN: u8 = 4;
const REMEMBERED: u8 = 12;

/// How much speaks for two beacons with one identity.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Twins {
    evidence: u8,
    certain: bool,
}

impl Twins {
    /// A step passed; `peaks` is the strongest packet by scanner. Whether it
    /// became certain just now.
    pub fn note(
        &mut self,
        map: &RadioMap,
        power: Power,
        peaks: impl Iterator<Item = (usize, f32)> + Clone,
    ) -> bool {
        let strongest_db = power.mean_db + MAY_WELL * libm::sqrtf(power.variance) + BEYOND_DB;
        let too_strong = |a: usize, b: usize, peak: f32| peak - map.both[a][b] > strongest_db;
        let apart = peaks.clone().any(|(a, at_a)| {
            let mut others = peaks.clone().filter(|(b, _)| *b < a);
            others.any(|(b, at_b)| too_strong(a, b, at_a) && too_strong(a, b, at_b))
        });
        self.evidence = if apart {
            (self.evidence + 1).min(REMEMBERED)
        } else {
            self.evidence.saturating_sub(1)
        };
        let before = self.certain;
        self.certain = self.evidence >= CERTAIN || (before && self.evidence > 0);
        self.certain && !before
    }

    /// Whether there are two.
    pub const fn certain(self) -> bool {
        self.certain
    }
}
