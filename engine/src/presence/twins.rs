//! One identity in two places: a copied fob. Nobody's offers may hang on it.
//!
//! Two signs tell, and neither needs the other:
//!
//! - **It swings.** Packets come in turn from two places, so that a scanner near one of
//!   them hears a strong one and a weak one. Fading alone does not go so far: where nothing
//!   arrives straight and every packet fades by itself (Rayleigh), two packets differ by
//!   `20 log10(2)` = 6.02 dB on average (the difference of the logarithms of two exponential
//!   variables is logistic, and the mean of its modulus `2 ln 2`), and the scanners that hear
//!   most hear more straight. No map and no power is needed for that. The mean is steadier
//!   than the mean square, which a few deep fades make.
//! - **It is too strong.** Two scanners hear it so strongly at once that no place explains
//!   both. So it is with copies too far apart for any scanner to hear both.

use super::{
    ear::{Ear, Swing},
    power::Power,
    radio_map::RadioMap,
};
use crate::time::Mono;
use serde::{Deserialize, Serialize};

/// By how much two successive packets differ on average where nothing arrives straight, dB.
const FADING_DB: f32 = 6.02;
/// By how much those from two places do. The margin is for the chance of few packets: in an
/// hour of Rayleigh fading, heard twice a second by twelve scanners, twenty seconds are taken
/// for two beacons.
const SWING_DB: f32 = 7.3;
/// Of so many scanners, those that hear it best.
const LOUDEST: usize = 4;
/// From so many pairs of successive packets on.
const PAIRS_MIN: f32 = 24.0;
/// Beyond what the best place for both and a beacon as strong as it may well be
/// explain, dB: fading never adds so much to what the strong packets of a beacon, of which
/// its power is learnt, say already.
const BEYOND_DB: f32 = 9.0;
/// The same where nothing was surveyed: between shelves, who is in sight is heard better
/// by as much as shelves take from the others (in `uji-lib` 17.7 dB for a moment, and more
/// than 10 dB for as long as it takes to be certain).
const BEYOND_UNSURVEYED_DB: f32 = 12.0;
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
    /// A step passed in which something was heard, from two places or not. Whether that
    /// became certain just now.
    pub fn note(&mut self, apart: bool) -> bool {
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

/// Whether two scanners heard it more strongly than any one place explains; `peaks` is the
/// strongest packet by scanner.
pub fn too_strong(
    map: &RadioMap,
    power: Power,
    peaks: impl Iterator<Item = (usize, f32)> + Clone,
) -> bool {
    let beyond_db = if map.is_surveyed() {
        BEYOND_DB
    } else {
        BEYOND_UNSURVEYED_DB
    };
    let strongest_db = power.mean_db + MAY_WELL * libm::sqrtf(power.variance) + beyond_db;
    let is_beyond = |a: usize, b: usize, peak: f32| peak - map.both[a][b] > strongest_db;
    peaks.clone().any(|(a, at_a)| {
        let mut others = peaks.clone().filter(|(b, _)| *b < a);
        others.any(|(b, at_b)| is_beyond(a, b, at_a) && is_beyond(a, b, at_b))
    })
}

/// Whether the scanners that hear it best, two of them at least, hear it swing farther than
/// fading goes.
pub fn swings(now: Mono, ears: &[Ear]) -> bool {
    let mut loudest = [(0.0_f32, Swing::default()); LOUDEST];
    for ear in ears {
        let mut heard = (ear.strength(), ear.swing(now));
        if heard.1.pairs < 1.0 {
            continue;
        }
        for place in &mut loudest {
            if heard.0 > place.0 {
                core::mem::swap(&mut heard, place);
            }
        }
    }
    // One alone may have two antennas, or be two that were given one name.
    let fades = |swing: &Swing| swing.sum_db <= FADING_DB * swing.pairs;
    let several = loudest.iter().filter(|(_, swing)| !fades(swing)).count() > 1;
    let pairs: f32 = loudest.iter().map(|(_, swing)| swing.pairs).sum();
    let sum_db: f32 = loudest.iter().map(|(_, swing)| swing.sum_db).sum();
    several && pairs >= PAIRS_MIN && sum_db > SWING_DB * pairs
}

#[cfg(test)]
mod tests {
    use super::super::{floor::Floor, tests::hall};
    use super::*;
    use crate::strength::Strength;

    /// Ears to which a beacon sends every 250 ms for eight seconds; how strong each hears
    /// which packet, dBm.
    fn heard(ears: usize, rssi_dbm: impl Fn(usize, u32) -> f32) -> bool {
        let mut hears = vec![Ear::new(Mono(0)); ears];
        for packet in 1..=32_u32 {
            let at = Mono(u64::from(packet) * 250);
            for (n, ear) in hears.iter_mut().enumerate() {
                let half = usize::from(packet % 4 >= 2);
                ear.hear(at, half, Strength::of_one(rssi_dbm(n, packet)), 500.0);
                ear.take(half, at);
            }
        }
        swings(Mono(8_000), &hears)
    }

    /// The same numbers from 0 to 1 on every machine.
    fn chance(n: usize, packet: u32, seed: u32) -> f32 {
        let mixed = (n as u32 * 7_919 + packet * 104_729 + seed * 1_299_709 + 1)
            .wrapping_mul(2_654_435_761);
        let mixed = (mixed ^ (mixed >> 15)).wrapping_mul(2_246_822_519);
        ((mixed ^ (mixed >> 13)) >> 8) as f32 / 16_777_216.0
    }

    #[test]
    fn packets_that_come_in_turn_from_two_places_swing() {
        let near_one_or_the_other = |n: usize, packet: u32| match (n, packet % 2) {
            (0, 0) | (1, 1) => -55.0,
            (0 | 1, _) => -75.0,
            _ => -70.0,
        };
        assert!(heard(4, near_one_or_the_other));
        assert!(heard(2, near_one_or_the_other));
        // One scanner alone may have two antennas.
        let two_antennas = |n: usize, packet: u32| match n {
            0 => near_one_or_the_other(0, packet),
            _ => -70.0,
        };
        assert!(!heard(4, two_antennas));
        assert!(!heard(1, near_one_or_the_other));
        // Farther apart than successive packets, or too few of them.
        let mut ear = Ear::new(Mono(0));
        for packet in 0..40_u32 {
            let at = Mono(u64::from(packet) * 1_100);
            let heard = Strength::of_one(near_one_or_the_other(0, packet));
            ear.hear(at, 0, heard, 500.0);
            ear.take(0, at);
        }
        assert!(!swings(Mono(44_000), &[ear, ear, ear, ear]));
    }

    /// Seconds of an hour in which a beacon is taken for two that twelve scanners tell of
    /// twice a second, of so many packets together, fading by so much.
    fn taken_for_two(together: u8, fading_db: impl Fn(f32) -> f32) -> usize {
        let mut ears = vec![Ear::new(Mono(0)); 12];
        let mut twins = Twins::default();
        let second = |second: u32| {
            for half in 0..2 {
                for (n, ear) in ears.iter_mut().enumerate() {
                    let drawn = |what| chance(n, 2 * second + half, what);
                    let late_ms = (400.0 * drawn(1)) as u64;
                    let at = Mono(u64::from(2 * second + half) * 500 + late_ms);
                    let packets = (0..together).map(|packet| {
                        -60.0 - 2.0 * n as f32 + fading_db(drawn(2 + u32::from(packet)))
                    });
                    ear.hear(at, half as usize, told(packets), 500.0);
                    ear.take(half as usize, at);
                }
            }
            twins.note(swings(Mono(u64::from(second + 1) * 1_000), &ears));
            twins.certain()
        };
        (0..3_600).map(second).filter(|certain| *certain).count()
    }

    /// What a sensor node tells of packets.
    fn told(dbm: impl Iterator<Item = f32> + Clone) -> Strength {
        let packets = dbm.clone().count() as u8;
        Strength {
            mean_dbm: dbm.clone().sum::<f32>() / f32::from(packets),
            strongest_dbm: dbm.fold(f32::NEG_INFINITY, f32::max),
            packets,
        }
    }

    #[test]
    fn fading_as_deep_as_it_goes_is_one_beacon() {
        // Of an exponential power, as where nothing arrives straight.
        let rayleigh_db = |drawn: f32| 10.0 * libm::log10f(1e-4_f32.max(-libm::logf(1.0 - drawn)));
        for together in [1, 2, 3, 5, 10] {
            let taken = taken_for_two(together, rayleigh_db);
            assert!(taken < 36, "{taken} of 3600, {together} together");
            assert_eq!(taken_for_two(together, |drawn| -14.0 * drawn), 0);
            // With a copy, whose packets come in between.
            let copied_db = |drawn: f32| if drawn < 0.5 { 0.0 } else { -18.0 };
            let taken = taken_for_two(together, copied_db);
            assert!(taken > 3_500, "{taken} of 3600, {together} together");
        }
    }

    #[test]
    fn where_nothing_is_surveyed_much_may_be_in_the_way_of_all_but_two() {
        let mut plan = hall(1);
        let mut beyond = |survey: Vec<crate::plan::SurveyPoint>, by_db: f32| {
            plan.survey = survey;
            let map = Floor::new(&plan).map;
            let power = Power {
                mean_db: -60.0,
                variance: 4.0,
            };
            let peak = map.both[1][0] + power.mean_db + 6.0 + by_db;
            too_strong(&map, power, [(0, peak), (1, peak)].into_iter())
        };
        assert!(!beyond(Vec::new(), 11.0) && beyond(Vec::new(), 12.5));
        let surveyed = || {
            let place = |scanner| crate::plan::SurveyPoint {
                at: crate::plan::Point { x: 9.0, y: 6.0 },
                level: 0,
                scanner: crate::plan::ScannerIx(scanner),
                rssi_dbm: -70.0,
                packets: 50,
            };
            vec![place(0), place(1)]
        };
        assert!(!beyond(surveyed(), 8.0) && beyond(surveyed(), 9.5));
    }
}
