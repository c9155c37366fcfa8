//! How radio fades in a shop that nobody surveyed, learnt from everybody who walks
//! about in it: how much more one scanner hears than the others, and the exponent.
//!
//! Where somebody is and what the scanners are like is found out at the same time, as
//! in simultaneous localisation and mapping: of what `k` scanners hear beyond what the
//! map expects about the place somebody is taken to be,
//!
//! ```text
//! e(s) = b(s) + dn decades(s) + P + J(s) dx + noise
//! ```
//!
//! the place's error `dx` (two) and what all have in common, `P`, are nobody's business
//! but the moment's. They are begun anew for every lesson, with a wide variance, and
//! dropped after it: the scanners' own levels `b` and what the exponent is off by, `dn`,
//! learn from what no other place and no other power would explain. `J` is the slope of
//! log-distance path loss. So a belief that follows a scanner's fault does not confirm
//! it, as it does where what is left over is taken for the scanner's own.
//!
//! The estimate is a Kalman filter over `b`, `dn`, `dx` and `P`, one scanner's word after
//! another (Bar-Shalom, Li, Kirubarajan, "Estimation with Applications to Tracking and
//! Navigation", chapters 5.2 and 7.6; nuisance states dropped as by Schmidt), with weights
//! after Student's t for words that are odd. It takes `8 (n + 4)²` bytes for `n` scanners,
//! once for the shop, and nothing is allocated to teach it.
//!
//! Nobody teaches for long and nobody teaches much: see [`LESSONS_MAX`] and [`STEP_DB`].

use super::{
    place::Place,
    power::Power,
    radio_map::{CLEARANCE_M, POWER_SD_DB, USUAL_DBM, decades},
};
use crate::plan::{Scanner, StorePlan};
use core::f64::consts::LN_10;
use protocol::id::ScannerId;
use serde::{Deserialize, Serialize};

/// Most lessons, of a second each, that one shopper gives in a visit and in all that
/// follow it within half an hour: who walks up and down all day has taught all they can.
pub const LESSONS_MAX: u16 = 120;
/// No visit that ends moves what is taken for a scanner's level by more, dB.
const STEP_DB: f32 = 3.0;
/// No scanner's level is this far off; beyond, it is something else. dB.
const LEVEL_DB_MAX: f64 = 12.0;
/// How far a scanner's level may be from the others', and the exponent from the
/// configured one: variance, dB squared, and standard deviation.
const LEVEL_DB2: f64 = 4.0 * 4.0;
const EXPONENT_SD: f64 = 0.5;
/// Exponents that radio has indoors (ITU-R P.1238 and ours).
const EXPONENTS: core::ops::RangeInclusive<f64> = 1.0..=5.0;
/// The map is worked out again when the exponent has moved by so much.
const EXPONENT_STEP: f64 = 0.05;
/// Variance of one scanner's word in a lesson, dB squared: 20 of shadows and fading,
/// which stay what they are for some seven lessons.
const LOOK_DB2: f64 = 150.0;
/// How odd a word is that counts half: in standard deviations, squared, beside a
/// spread of 5 dB.
const ODD: f64 = 4.0;
const ODD_DB2: f64 = 25.0;
/// What a word says is bent by the place's uncertainty; so much of that counts as much
/// as the noise, dB squared.
const BENT_DB2: f64 = 25.0;
/// How much less is known of the place than the belief says: the belief was drawn along
/// by what is to be learnt. A factor, and m².
const PLACE_FACTOR: f64 = 4.0;
const PLACE_M2: f64 = 4.0;
/// Variance of what all scanners have in common, dB squared: each lesson its own.
const COMMON_DB2: f64 = 100.0;
/// Lessons are given by whose place is known to this part of the square of the distance
/// between scanners (the sum of both variances); of others it is no use to ask how path
/// loss slopes there.
const SURE: f64 = 0.35;
/// Fewer scanners than these say nothing beyond a place and a power.
const WORDS_MIN: usize = 4;
/// What a lesson takes of each level, and of what the exponent is off by; and the variances
/// that these stray by, dB squared and 1. People walk the same ways past the same shadows,
/// and a belief confirms in part what it goes by: the hundredth visit is no new witness.
/// So what was learnt leaks (as in leaky adaptive filters: Haykin, "Adaptive Filter
/// Theory"; a Gauss-Markov process of first order): what keeps coming back stays, and a
/// bias of little that every visit has does not pile up. Scanners that are moved are
/// learnt again. Without it, the hall and the flat are the worse for every walk that is
/// heard once more.
const LEVEL_LEAK: f64 = 0.001;
const EXPONENT_LEAK: f64 = 0.002;
const LEVEL_STRAY_DB2: f64 = 3.2;
const EXPONENT_STRAY: f64 = 0.05;
/// How far one beacon's power is from another's: variance, dB squared.
const BETWEEN_DB2: f64 = (POWER_SD_DB * POWER_SD_DB) as f64;
/// The least that is left of the variance of the usual power: beacons change, dB squared.
const USUAL_SURE: f64 = 0.5;
/// States beside the levels: the exponent, then place and power of the moment.
const BESIDE: usize = 4;

/// What one scanner heard of somebody beyond what the map expects about their place and
/// power, its own part not taken out, dB.
#[derive(Debug, Clone, Copy)]
pub struct Word {
    /// Which.
    pub scanner: usize,
    /// By so much.
    pub beyond_db: f32,
}

/// What is learnt, as a recording keeps it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Learnt {
    /// Levels by scanner, what the exponent is off by, and the moment's place and power.
    mean: Vec<f64>,
    /// Of all of those, row after row.
    covariance: Vec<f64>,
    /// The exponent the map was last worked out with.
    exponent: f32,
    /// Beacons' usual power, dBm, and its variance.
    power_dbm: f64,
    power_db2: f64,
}

/// What was learnt of how radio fades in a shop, to be told.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Radio {
    /// Path-loss exponent in use.
    pub exponent: f32,
    /// Beacons' usual power at one metre, dBm.
    pub power_dbm: f32,
    /// Each scanner.
    pub scanners: Vec<Level>,
}

/// How much more one scanner hears than the others.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Level {
    /// Which.
    pub scanner: ScannerId,
    /// By so much, dB.
    pub more_db: f32,
}

/// How radio fades here.
#[derive(Debug)]
pub struct Fading {
    scanners: Vec<Scanner>,
    configured: f64,
    sure_m2: f64,
    learnt: Learnt,
    gain: Vec<f64>,
}

impl Learnt {
    /// Place and power of a moment, of which what the moment before was like says nothing.
    fn forget_moment(&mut self) {
        let states = self.mean.len();
        for moment in states - (BESIDE - 1)..states {
            self.mean[moment] = 0.0;
            for other in 0..states {
                self.covariance[moment * states + other] = 0.0;
                self.covariance[other * states + moment] = 0.0;
            }
        }
    }

    /// Levels and exponent leak (see [`LEVEL_LEAK`]), while nothing of a moment is known.
    fn leak(&mut self) {
        let states = self.mean.len();
        let exponent = states - BESIDE;
        let of = |state: usize| {
            if state < exponent {
                (1.0 - LEVEL_LEAK, LEVEL_STRAY_DB2)
            } else {
                (1.0 - EXPONENT_LEAK, EXPONENT_STRAY)
            }
        };
        for state in 0..=exponent {
            let (kept, stray) = of(state);
            self.mean[state] *= kept;
            let row = &mut self.covariance[state * states..(state + 1) * states];
            for (other, covariance) in row[..=exponent].iter_mut().enumerate() {
                *covariance *= kept * of(other).0;
            }
            row[state] += (1.0 - kept * kept) * stray;
        }
    }

    /// Without anything of whoever taught last.
    pub fn without_moment(mut self) -> Self {
        self.forget_moment();
        self
    }

    /// Whether a shop of so many states can have taught it.
    fn is_sound(&self, states: usize) -> bool {
        let levels = states - BESIDE;
        let variance = |at: usize| self.covariance[at * states + at];
        self.mean.len() == states
            && self.covariance.len() == states * states
            && self
                .mean
                .iter()
                .chain(&self.covariance)
                .all(|n| n.is_finite())
            && self.mean[..levels]
                .iter()
                .all(|db| db.abs() <= LEVEL_DB_MAX)
            && (0..levels).all(|at| (0.0..=LEVEL_DB2).contains(&variance(at)))
            && (0.0..=EXPONENT_SD * EXPONENT_SD).contains(&variance(levels))
            && self.exponent.is_finite()
            && self.exponent > 0.0
            && (-100.0..=0.0).contains(&self.power_dbm)
            && (0.0..=BETWEEN_DB2).contains(&self.power_db2)
    }
}

impl Fading {
    /// Nothing was learnt yet; `None` where a survey says what is heard where.
    pub fn new(plan: &StorePlan) -> Option<Self> {
        let scanners = plan.scanners.len();
        if !plan.survey.is_empty() || scanners == 0 {
            return None;
        }
        let states = scanners + BESIDE;
        let mut covariance = vec![0.0; states * states];
        for scanner in 0..scanners {
            covariance[scanner * states + scanner] = LEVEL_DB2;
        }
        covariance[scanners * states + scanners] = EXPONENT_SD * EXPONENT_SD;
        let area: f32 = plan.levels().map(|(outline, _)| outline.area()).sum();
        Some(Self {
            scanners: plan.scanners.clone(),
            configured: f64::from(plan.presence.path_loss_exponent),
            sure_m2: SURE * f64::from(area) / scanners as f64,
            learnt: Learnt {
                mean: vec![0.0; states],
                covariance,
                exponent: plan.presence.path_loss_exponent,
                power_dbm: f64::from(USUAL_DBM),
                power_db2: BETWEEN_DB2,
            },
            gain: vec![0.0; states],
        })
    }

    /// What was learnt, to be kept.
    pub const fn learnt(&self) -> &Learnt {
        &self.learnt
    }

    /// Goes on with what was learnt on this floor; whether it can be of this floor.
    pub fn go_on(&mut self, learnt: Learnt) -> bool {
        let fits = learnt.is_sound(self.states());
        if fits {
            self.learnt = learnt;
        }
        fits
    }

    /// Somebody is taken to be at a place, and this is what scanners heard of them
    /// beyond that. Whether it was a lesson.
    pub fn teach(&mut self, place: &Place, words: &[Word]) -> bool {
        let spread_m2 = f64::from(place.var_x + place.var_y);
        if words.len() < WORDS_MIN || spread_m2 > self.sure_m2 {
            return false;
        }
        self.begin(place);
        for word in words {
            if self.scanners[word.scanner].level == place.level {
                self.hear(place, spread_m2, *word);
            }
        }
        self.keep_within_reason();
        true
    }

    /// Begins with place and power of another moment.
    fn begin(&mut self, place: &Place) {
        let states = self.states();
        self.learnt.forget_moment();
        self.learnt.leak();
        let covariance = &mut self.learnt.covariance;
        let (x, y, power) = (states - 3, states - 2, states - 1);
        covariance[x * states + x] = PLACE_FACTOR * f64::from(place.var_x) + PLACE_M2;
        covariance[y * states + y] = PLACE_FACTOR * f64::from(place.var_y) + PLACE_M2;
        covariance[x * states + y] = PLACE_FACTOR * f64::from(place.cov_xy);
        covariance[y * states + x] = PLACE_FACTOR * f64::from(place.cov_xy);
        covariance[power * states + power] = COMMON_DB2;
    }

    /// One scanner's word: a scalar Kalman step.
    fn hear(&mut self, place: &Place, spread_m2: f64, word: Word) {
        let states = self.states();
        let scanner = &self.scanners[word.scanner];
        let east_m = f64::from(place.at.x - scanner.at.x);
        let north_m = f64::from(place.at.y - scanner.at.y);
        let clearance_m = f64::from(CLEARANCE_M);
        // No steeper than it is over the whole of where somebody may be.
        let about_m2 = east_m * east_m + north_m * north_m + clearance_m * clearance_m + spread_m2;
        let decades = f64::from(decades(scanner, place.at, place.level));
        let per_m = -10.0 * self.exponent() / LN_10 / about_m2;
        let says = [
            (word.scanner, 1.0),
            (states - 4, decades),
            (states - 3, per_m * east_m),
            (states - 2, per_m * north_m),
            (states - 1, 1.0),
        ];
        // What the map says already has the exponent it was worked out with.
        let in_map_db = (f64::from(self.learnt.exponent) - self.configured) * decades;
        let Learnt {
            mean, covariance, ..
        } = &mut self.learnt;
        for (gain, row) in self.gain.iter_mut().zip(covariance.chunks_exact(states)) {
            *gain = says.iter().map(|(state, of)| of * row[*state]).sum();
        }
        let known: f64 = says.iter().map(|(state, of)| of * self.gain[*state]).sum();
        let expected: f64 = says.iter().map(|(state, of)| of * mean[*state]).sum();
        let off_db = f64::from(word.beyond_db) + in_map_db - expected;
        let bent_db = per_m * spread_m2;
        let odd = off_db * off_db / (ODD * (known + ODD_DB2));
        let noise = LOOK_DB2 * (1.0 + bent_db * bent_db / BENT_DB2) * (1.0 + odd);
        let rows = covariance.chunks_exact_mut(states).zip(mean);
        for ((row, mean), gain) in rows.zip(&self.gain) {
            let share = gain / (known + noise);
            *mean += share * off_db;
            for (covariance, gain) in row.iter_mut().zip(&self.gain) {
                *covariance -= share * gain;
            }
        }
    }

    fn keep_within_reason(&mut self) {
        let scanners = self.scanners.len();
        let (least, most) = (EXPONENTS.start(), EXPONENTS.end());
        let off = &mut self.learnt.mean[scanners];
        *off = off.clamp(least - self.configured, most - self.configured);
        for level in &mut self.learnt.mean[..scanners] {
            *level = level.clamp(-LEVEL_DB_MAX, LEVEL_DB_MAX);
        }
    }

    /// A visit ended, at whose end a beacon was this strong.
    pub fn visited(&mut self, power: Option<Power>) {
        let learnt = &mut self.learnt;
        if let Some(power) = power {
            let look_db2 = BETWEEN_DB2 + f64::from(power.variance);
            let gain = learnt.power_db2 / (learnt.power_db2 + look_db2);
            learnt.power_dbm += gain * (f64::from(power.mean_db) - learnt.power_dbm);
            learnt.power_db2 = (learnt.power_db2 * (1.0 - gain)).max(USUAL_SURE);
        }
        let exponent = self.exponent();
        if (exponent - f64::from(self.learnt.exponent)).abs() > EXPONENT_STEP {
            self.learnt.exponent = exponent as f32;
        }
    }

    /// Goes on to what was learnt of each scanner's level, dB, step by step. What all
    /// have in common is the beacons'.
    pub fn tell(&self, kept_db: &mut [f32]) {
        let levels = &self.learnt.mean[..self.scanners.len()];
        let common = levels.iter().sum::<f64>() / levels.len() as f64;
        for (kept, level) in kept_db.iter_mut().zip(levels) {
            *kept += ((level - common) as f32 - *kept).clamp(-STEP_DB, STEP_DB);
        }
    }

    /// What the map and new visits go by; levels as they were told.
    pub fn radio(&self, kept_db: &[f32]) -> Radio {
        let levels = self.scanners.iter().zip(kept_db);
        let levels = levels.map(|(scanner, more_db)| Level {
            scanner: scanner.id.clone(),
            more_db: *more_db,
        });
        Radio {
            exponent: self.map_exponent(),
            power_dbm: self.power_dbm(),
            scanners: levels.collect(),
        }
    }

    /// The exponent the map is to be worked out with.
    pub const fn map_exponent(&self) -> f32 {
        self.learnt.exponent
    }

    /// Beacons' usual power here, dBm.
    pub const fn power_dbm(&self) -> f32 {
        self.learnt.power_dbm as f32
    }

    /// The scanners, in the order of the plan.
    pub fn scanners(&self) -> &[Scanner] {
        &self.scanners
    }

    fn exponent(&self) -> f64 {
        self.configured + self.learnt.mean[self.scanners.len()]
    }

    fn states(&self) -> usize {
        self.scanners.len() + BESIDE
    }
}

#[cfg(test)]
mod tests;
