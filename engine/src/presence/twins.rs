//! One identity in two places: a copied fob. Nobody's offers may hang on it.
//!
//! Two signs tell, and neither needs the other:
//!
//! - **It swings.** Packets come in turn from two places, so that a scanner near one of
//!   them hears a strong one and a weak one. Fading alone does not go so far: where nothing
//!   arrives straight and every packet fades by itself, decibels scatter by 5.57 (Rayleigh
//!   fading: the logarithm of an exponential variable has a standard deviation of
//!   `pi / sqrt(6)`), and the scanners that hear most hear more straight. No map and no
//!   power is needed for that.
//! - **It is too strong.** Two scanners hear it so strongly at once that no place explains
//!   both. So it is with copies too far apart for any scanner to hear both.

use super::{
    ear::{Ear, Swing},
    power::Power,
    radio_map::RadioMap,
};
use crate::time::Mono;
use serde::{Deserialize, Serialize};

/// Variance of packets that come from one place is less, dB squared: 6 dB, where Rayleigh
/// fading comes to 5.57. On `rssi_tetam`, 5.6 at most while somebody walks and, for a
/// moment, 6.5 in three hours of standing.
const SWING_DB2: f32 = 6.0 * 6.0;
/// Of so many scanners, those that hear it best.
const LOUDEST: usize = 4;
/// From so many pairs of successive packets on.
const PAIRS_MIN: f32 = 16.0;
/// Beyond what the best place for both and a beacon as strong as it may well be
/// explain, dB: fading never adds so much to what the strong packets of a beacon, of which
/// its power is learnt, say already.
const BEYOND_DB: f32 = 9.0;
/// The same where nothing was surveyed: between shelves, who is in sight is heard better
/// by as much as shelves take from the others (17.7 dB at most in `uji-lib`).
const BEYOND_UNSURVEYED_DB: f32 = 18.0;
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
    let too_strong = |a: usize, b: usize, peak: f32| peak - map.both[a][b] > strongest_db;
    peaks.clone().any(|(a, at_a)| {
        let mut others = peaks.clone().filter(|(b, _)| *b < a);
        others.any(|(b, at_b)| too_strong(a, b, at_a) && too_strong(a, b, at_b))
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
    let swings = |swing: &Swing| swing.squares > SWING_DB2 * swing.pairs;
    let all = loudest
        .iter()
        .fold(Swing::default(), |all, (_, swing)| Swing {
            squares: all.squares + swing.squares,
            pairs: all.pairs + swing.pairs,
        });
    // One alone may have two antennas, or be two that were given one name.
    let several = loudest.iter().filter(|(_, swing)| swings(swing)).count() > 1;
    several && all.pairs >= PAIRS_MIN && swings(&all)
}

#[cfg(test)]
mod tests {
    use super::super::{floor::Floor, tests::hall};
    use super::*;

    /// Ears to which a beacon sends every 250 ms for eight seconds; how strong each hears
    /// which packet, dBm.
    fn heard(ears: usize, rssi_dbm: impl Fn(usize, u32) -> f32) -> bool {
        let mut hears = vec![Ear::new(Mono(0)); ears];
        for packet in 1..=32_u32 {
            let at = Mono(u64::from(packet) * 250);
            for (n, ear) in hears.iter_mut().enumerate() {
                let half = usize::from(packet % 4 >= 2);
                ear.hear(at, half, rssi_dbm(n, packet), 500.0);
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
            ear.hear(
                Mono(u64::from(packet) * 1_100),
                0,
                near_one_or_the_other(0, packet),
                500.0,
            );
            ear.take(0, Mono(u64::from(packet) * 1_100));
        }
        assert!(!swings(Mono(44_000), &[ear, ear, ear, ear]));
    }

    #[test]
    fn fading_as_deep_as_it_goes_is_one_beacon() {
        let fading = |seed| {
            heard(4, |n, packet| {
                // Of an exponential power, as where nothing arrives straight.
                let power = -libm::logf(1.0 - chance(n, packet, seed));
                -60.0 + 10.0 * libm::log10f(power.max(1e-4))
            })
        };
        // Eight seconds of four scanners are 64 pairs: some look like more than fading; as
        // many in a row as make it certain do not.
        let taken = (0..1_000).filter(|seed| fading(*seed)).count();
        assert!(taken < 400, "{taken} of 1000");
        let milder = |seed| heard(4, |n, packet| -60.0 - 14.0 * chance(n, packet, seed));
        assert!(!(0..1_000).any(milder));
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
        assert!(!beyond(Vec::new(), 17.0) && beyond(Vec::new(), 18.5));
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
