//! From probabilities to one zone: hysteresis, because flapping is what people
//! complain about first.

use crate::plan::{PresenceSettings, ZoneIx};
use serde::{Deserialize, Serialize};

/// Scanners that must have spoken before somebody who came in is placed by less than
/// certainty: one scanner's word says how near it, and of all places that near its own
/// zone has most.
const SPOKEN: usize = 2;
/// Half steps after which one scanner's word must do: a beacon may be out of reach of
/// all others.
const ALONE_FOR: u8 = 2;

/// The zone somebody is taken to be in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Settled {
    zone: Option<ZoneIx>,
    /// Smoothed probability of each zone, and last of none.
    smooth: Vec<f32>,
    /// Half steps since the beginning, as far as they matter.
    halves: u8,
}

impl Settled {
    /// In none yet.
    pub fn new(zones: usize) -> Self {
        let mut smooth = vec![0.0; zones + 1];
        smooth[zones] = 1.0;
        Self {
            zone: None,
            smooth,
            halves: 0,
        }
    }

    /// In one for certain.
    pub fn certain(zones: usize, zone: ZoneIx) -> Self {
        let mut smooth = vec![0.0; zones + 1];
        smooth[zone.at()] = 1.0;
        Self {
            zone: Some(zone),
            smooth,
            halves: u8::MAX,
        }
    }

    /// Which, if any.
    pub const fn zone(&self) -> Option<ZoneIx> {
        self.zone
    }

    /// How many zones there are.
    pub fn zones(&self) -> usize {
        self.smooth.len().saturating_sub(1)
    }

    /// Half a step passed with these probabilities.
    pub fn smooth(&mut self, probabilities: &[f32], kept: f32) {
        self.halves = self.halves.saturating_add(1);
        let (none, zones) = self.smooth.split_last_mut().expect("one more than zones");
        for (smooth, p) in zones.iter_mut().zip(probabilities) {
            *smooth = kept * *smooth + (1.0 - kept) * p;
        }
        let nowhere = (1.0 - probabilities.iter().sum::<f32>()).max(0.0);
        *none = kept * *none + (1.0 - kept) * nowhere;
    }

    /// Changes zone when another is sure enough, or the current one too unsure
    /// and another clearly likelier; so many scanners have spoken. Whether it did.
    pub fn settle(&mut self, settings: &PresenceSettings, spoken: usize) -> bool {
        let none = self.smooth.len() - 1;
        let current = self.zone.map_or(none, ZoneIx::at);
        let best = (0..=none)
            .max_by(|a, b| self.smooth[*a].total_cmp(&self.smooth[*b]))
            .unwrap_or(none);
        let (p_best, p_current) = (self.smooth[best], self.smooth[current]);
        let sure = p_best >= settings.enter_probability;
        // Who is in none flaps between none.
        let tuning = &settings.tuning;
        let margin = if self.zone.is_some() {
            tuning.margin
        } else {
            0.0
        };
        let alone_for = if spoken < SPOKEN { ALONE_FOR } else { 0 };
        let left = self.halves >= tuning.guessed_after + alone_for
            && p_current < settings.leave_probability
            && p_best - p_current > margin;
        let moves = best != current && (sure || left);
        if moves {
            self.zone = (best != none).then_some(ZoneIx(best as u8));
        }
        moves
    }

    /// In none from now on.
    pub fn leave(&mut self) -> bool {
        self.smooth.fill(0.0);
        self.zone.take().is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::presence::Tuning;

    const SETTINGS: PresenceSettings = PresenceSettings {
        enter_probability: 0.6,
        leave_probability: 0.4,
        absent_after_ms: 60_000,
        path_loss_exponent: 2.0,
        tuning: Tuning::USED,
    };

    #[test]
    fn a_zone_is_kept_until_another_is_clearly_likelier() {
        let mut settled = Settled::new(2);
        for (probabilities, zone) in [
            ([0.5, 0.1], None),
            ([0.9, 0.1], Some(0)),
            ([0.5, 0.5], Some(0)),
            ([0.45, 0.55], Some(0)),
            ([0.2, 0.8], Some(1)),
            ([0.5, 0.5], Some(1)),
            ([0.1, 0.0], None),
        ] {
            settled.smooth(&probabilities, Tuning::USED.smooth_kept);
            settled.settle(&SETTINGS, SPOKEN);
            assert_eq!(settled.zone(), zone.map(ZoneIx), "{probabilities:?}");
        }
    }

    #[test]
    fn one_scanner_alone_is_believed_a_second_later() {
        for (spoken, guessed) in [(1, 4), (2, 2), (12, 2)] {
            let mut settled = Settled::new(2);
            let first = (1..=8).find(|_| {
                settled.smooth(&[0.54, 0.46], Tuning::USED.smooth_kept);
                settled.settle(&SETTINGS, spoken)
            });
            assert_eq!(first, Some(guessed), "{spoken} scanners have spoken");
        }
    }
}
