//! Where somebody is, given what was heard: a histogram filter over the cells
//! of the [`RadioMap`] (a hidden Markov model: Thrun, Burgard, Fox,
//! "Probabilistic Robotics", chapter 8.2). One step a second.
//!
//! Absolute strength is not trusted: a tag in a bag is 8 dB weaker than one in
//! a hand. What all scanners have in common is taken out of every comparison.

use super::radio_map::RadioMap;

/// Spread of one comparison between what is heard and what the map expects,
/// dB: shadowing 4.5 and packet noise 3.8, measured on the `rssi_tetam` data, and our
/// map's own error without a survey.
const SPREAD_DB: f32 = 6.5;
/// Successive seconds hear the same shadowing: each counts as this part of an
/// independent look.
const INDEPENDENCE: f32 = 0.5;
/// A comparison off by more says that the map is wrong there, not that nobody
/// is there: in squared spreads, halved.
const OUTLIER: f32 = 4.5;
/// Part of the belief that moves to a neighbouring cell within a second, for
/// people who stroll at half a cell to one cell a second.
const STROLL: f32 = 0.35;
/// Part of the belief that is spread over the whole floor each second, so that
/// no place is ever ruled out for good.
const DOUBT: f32 = 0.002;

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

/// Weighs the belief by what was heard.
pub fn weigh(map: &RadioMap, belief: &mut [f32], heard: &Heard, scratch: &mut Vec<f32>) {
    let heard_by: Vec<(&[f32], f32)> = map
        .expected
        .iter()
        .zip(heard)
        .filter_map(|(expected, rssi)| rssi.map(|rssi| (expected.as_slice(), rssi)))
        .collect();
    // One scanner alone says nothing once the common part is out, except that
    // its neighbourhood is likelier than places where others would hear too.
    if heard_by.is_empty() {
        return;
    }
    scratch.clear();
    let silent = silent_expectation(map, heard);
    let count = heard_by.len() as f32;
    for (cell, quiet) in silent.iter().enumerate() {
        let off = |(expected, rssi): &(&[f32], f32)| rssi - expected[cell];
        let common = heard_by.iter().map(off).sum::<f32>() / count;
        let misfit: f32 = heard_by
            .iter()
            .map(|one| {
                let z = (off(one) - common) / SPREAD_DB;
                (0.5 * z * z).min(OUTLIER)
            })
            .sum();
        scratch.push(-INDEPENDENCE * (misfit + quiet_misfit(*quiet + common)));
    }
    let best = scratch.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let mut total = 0.0;
    for (p, log_weight) in belief.iter_mut().zip(scratch.iter()) {
        *p *= libm::expf(log_weight - best);
        total += *p;
    }
    if total > f32::MIN_POSITIVE {
        belief.iter_mut().for_each(|p| *p /= total);
    } else {
        let even = 1.0 / belief.len() as f32;
        belief.fill(even);
    }
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

/// Expected place, metres.
pub fn place(map: &RadioMap, belief: &[f32]) -> (f32, f32) {
    map.places
        .iter()
        .zip(belief)
        .fold((0.0, 0.0), |(x, y), (at, p)| (x + at.x * p, y + at.y * p))
}
