//! Where somebody is, given what was heard: a histogram filter over the cells
//! of the floor (a hidden Markov model: Thrun, Burgard, Fox, "Probabilistic
//! Robotics", chapter 8.2), two half steps a second.
//!
//! - **Likelihood.** With `e` what a scanner heard beyond what a cell expects,
//!   the belief is multiplied by `(1 + e²/425)⁻³` where `e > 0` and by
//!   `(1 + e²/106)^(-3/4)` where `e < 0`: Student-like, with a short tail above
//!   and a long one below, because multipath and bodies take 12 dB away now and
//!   then and never add more than 8 (residuals of `rssi_tetam`: 2 % below -12
//!   and above +8.7). Both are far broader than the noise of a packet. That is
//!   the tempering: noise that lasts while one stands still, and cycles with the
//!   advertising channels, must not count as so many independent looks.
//! - **Freshness.** A scanner that was silent for a while says something new; one
//!   that spoke half a second ago says nearly the same again.
//! - **Common part.** A tag in a bag is 8 dB weaker than one in a hand. What all
//!   scanners have in common is estimated for every cell between what the cell
//!   says and what was learnt before ([`Power`]), and taken out.
//!   What it explains is missing from the deviations: of `n` looks `n - f` are left to
//!   tell places apart by, where `f` is how far the looks and not what was learnt
//!   before say what it is; each counts `n / (n - f)` times (after Bessel).
//! - **Own part.** What one scanner hears beyond the others is learnt and taken
//!   out, too ([`Offset`]).
//!
//! Products of rational functions need no exponential and no logarithm, and run
//! four cells at a time on any machine.

use super::{
    Tuning,
    ear::Said,
    fading::Word,
    power::{Offset, Power},
    radio_map::{FLOOR_DBM, RadioMap},
    sums::{dot, normalise},
};

/// No deviation counts for more than these, dB: products stay finite.
const ABOVE_DB_MAX: f32 = 20.0;
const BELOW_DB_MAX: f32 = 50.0;
/// How far a beacon's strength strays from its mean as a body turns: variance,
/// dB squared.
const COMMON_STRAY: f32 = 4.0;
/// How much more a look can be worth for silence before it.
const FRESH_MAX: f32 = 4.0;
/// Looks multiplied together before the belief is made to add up to one again:
/// twelve as odd as they come (20 dB above, to the power of three) stay above the
/// smallest `f32`.
const LOOKS_AT_ONCE: usize = 12;
/// What a place (two) and a power explain of any looks, and half as much again, for the
/// belief runs after what it is taught: no more scanners than these say nothing about
/// one of them. With 3 the flat's six scanners taught each other what a room sounds like.
const EXPLAINED: f32 = 4.5;

/// What one scanner says about where somebody is.
#[derive(Debug, Clone, Copy)]
pub struct Look {
    /// Which scanner.
    scanner: usize,
    /// Strength, less the scanner's own part, dBm.
    rssi_dbm: f32,
    /// How much it is worth: inverse of the width's scale.
    sharpness: f32,
    /// Part of that which is due to silence before.
    freshness: f32,
    /// What was heard beyond what the weighed belief expects, dB.
    beyond_db: f32,
    /// The scanner's own part, dB.
    own_db: f32,
}

impl Look {
    /// From what a scanner heard in half a step.
    pub fn new(scanner: usize, said: Said, offset: Offset, tuning: &Tuning) -> Self {
        let fresh_s = said.gap_ms.saturating_sub(super::ear::HALF_MS) as f32 / 1_000.0;
        let freshness = (1.0 + tuning.fresh_per_s * fresh_s).min(FRESH_MAX);
        // Half of what troubles one packet troubles the next as well.
        let spread = 0.5 + 0.5 / f32::from(said.packets.max(1));
        Self {
            scanner,
            rssi_dbm: said.rssi_dbm - offset.db,
            sharpness: freshness / spread,
            freshness,
            beyond_db: 0.0,
            own_db: offset.db,
        }
    }

    /// What the scanner heard beyond what belief and power expect, its own part not
    /// taken out.
    pub fn word(&self, power: Power) -> Word {
        Word {
            scanner: self.scanner,
            beyond_db: self.beyond_db + self.own_db - power.mean_db,
        }
    }

    /// A scanner that should have heard something for `gap_ms`, and did not.
    pub fn silent(scanner: usize, gap_ms: u64, offset: Offset, tuning: &Tuning) -> Self {
        let said = Said {
            rssi_dbm: FLOOR_DBM,
            packets: 1,
            gap_ms,
        };
        Self::new(scanner, said, offset, tuning)
    }
}

/// Room to work in, as long as the belief; shared by all visits.
#[derive(Debug)]
pub struct Work {
    /// For [`super::stroll::Stroll::pass`].
    pub scratch: Vec<f32>,
    /// What is to be weighed.
    pub looks: Vec<Look>,
    /// What was heard in the newest half step of the beacon weighed last, to learn from.
    pub words: Vec<Word>,
    common: Vec<f32>,
    above: Vec<f32>,
    below: Vec<f32>,
}

impl Work {
    /// For a floor of so many cells and scanners.
    pub fn new(cells: usize, scanners: usize) -> Self {
        let room = || vec![0.0; cells];
        Self {
            scratch: room(),
            looks: Vec::with_capacity(scanners),
            words: Vec::with_capacity(scanners),
            common: room(),
            above: room(),
            below: room(),
        }
    }
}

/// Weighs the belief by `work.looks`, and learns from them.
pub fn weigh(
    map: &RadioMap,
    belief: &mut [f32],
    power: &mut Power,
    offsets: &mut [Offset],
    lesson_db2: Option<f32>,
    work: &mut Work,
) {
    if work.looks.is_empty() {
        return;
    }
    find_common(map, *power, work);
    let explained = explained(map, *power, work.looks.len());
    for looks in work.looks.chunks(LOOKS_AT_ONCE) {
        for look in looks {
            let expected = &map.expected[look.scanner];
            let sharpness = explained * look.sharpness;
            let widths = (sharpness / map.tuning.above, sharpness / map.tuning.below);
            let sums = (&mut work.above[..], &mut work.below[..]);
            deviate(expected, (look.rssi_dbm, widths), &work.common, sums);
        }
        apply(belief, &mut work.above, &mut work.below);
    }
    let looks = &mut work.looks;
    let common_db = compare(map, belief, looks);
    power.learn(common_db, map.tuning.power_look);
    if let Some(variance) = lesson_db2 {
        let look_db2 = map.tuning.offset_look * variance * variance;
        teach(looks, common_db, look_db2, offsets);
    }
}

/// Weighs the belief by scanners that heard nothing: by how far above the
/// receivers' floor they should have heard.
pub fn weigh_silence(map: &RadioMap, belief: &mut [f32], power: Power, work: &mut Work) {
    for looks in work.looks.chunks(LOOKS_AT_ONCE) {
        work.below.fill(1.0);
        work.above.fill(1.0);
        for look in looks {
            let scale = look.sharpness / map.tuning.below;
            let cells = work.below.iter_mut().zip(&map.expected[look.scanner]);
            for (below, expected) in cells {
                let missing = (expected + power.mean_db - look.rssi_dbm).clamp(0.0, BELOW_DB_MAX);
                *below *= 1.0 + missing * missing * scale;
            }
        }
        apply(belief, &mut work.above, &mut work.below);
    }
}

/// What each of `n` deviations is worth more because the common part, as far as it
/// is estimated from these looks, took its share of them.
fn explained(map: &RadioMap, power: Power, n: usize) -> f32 {
    let n = n as f32;
    let of_looks = n / map.tuning.common_look;
    let share = of_looks / (of_looks + 1.0 / power.variance);
    n / (n - share)
}

/// For each cell what all scanners have in common, and how odd that is.
fn find_common(map: &RadioMap, power: Power, work: &mut Work) {
    work.common.fill(0.0);
    for look in &work.looks {
        for (sum, expected) in work.common.iter_mut().zip(&map.expected[look.scanner]) {
            *sum += expected;
        }
    }
    let n = work.looks.len() as f32;
    let heard: f32 = work.looks.iter().map(|l| l.rssi_dbm).sum();
    let common_look = map.tuning.common_look;
    let weight = n / common_look + 1.0 / power.variance;
    let per_sum = 1.0 / (common_look * weight);
    let at_zero = (heard / common_look + power.mean_db / power.variance) / weight;
    let oddity = 1.0 / (1.5 * (power.variance + COMMON_STRAY));
    for (common, below) in work.common.iter_mut().zip(&mut work.below) {
        *common = at_zero - per_sum * *common;
        let stray = *common - power.mean_db;
        *below = 1.0 + stray * stray * oddity;
    }
    work.above.fill(1.0);
}

fn deviate(
    expected: &[f32],
    (rssi_dbm, (up, down)): (f32, (f32, f32)),
    common: &[f32],
    (above, below): (&mut [f32], &mut [f32]),
) {
    let cells = expected.iter().zip(common).zip(above).zip(below);
    for (((expected, common), above), below) in cells {
        let beyond = rssi_dbm - (expected + common).max(FLOOR_DBM);
        let more = beyond.clamp(0.0, ABOVE_DB_MAX);
        let less = beyond.clamp(-BELOW_DB_MAX, 0.0);
        *above *= 1.0 + more * more * up;
        *below *= 1.0 + less * less * down;
    }
}

/// `belief / (above³ below^¾)`, made to add up to one; `above` and `below` are
/// begun anew.
fn apply(belief: &mut [f32], above: &mut [f32], below: &mut [f32]) {
    for ((p, above), below) in belief
        .iter_mut()
        .zip(above.iter_mut())
        .zip(below.iter_mut())
    {
        let root = below.sqrt();
        *p /= *above * *above * *above * root * root.sqrt();
        (*above, *below) = (1.0, 1.0);
    }
    if !normalise(belief) {
        // Nothing fits anywhere: what was heard is no evidence of anything.
        let even = 1.0 / belief.len() as f32;
        belief.fill(even);
    }
}

/// What each look was beyond what the belief expects, and their mean, dB.
fn compare(map: &RadioMap, belief: &[f32], looks: &mut [Look]) -> f32 {
    let mut sum = 0.0;
    for look in looks.iter_mut() {
        look.beyond_db = look.rssi_dbm - dot(belief, &map.expected[look.scanner]);
        sum += look.beyond_db;
    }
    sum / looks.len() as f32
}

/// What one scanner heard beyond the others is its own. Few scanners say little about
/// one of them: beside what place and power explain, the belief follows the fault,
/// and the fewer the others are, the farther.
fn teach(looks: &[Look], common_db: f32, look_db2: f32, offsets: &mut [Offset]) {
    let left = 1.0 - EXPLAINED / looks.len() as f32;
    if left <= 0.0 {
        return;
    }
    let unexplained = left * left * left;
    for look in looks {
        let apart = look.beyond_db - common_db;
        offsets[look.scanner].learn(apart, look_db2 / (look.freshness * unexplained));
    }
}
