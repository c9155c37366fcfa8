//! How strong a beacon should be heard, from every place of the floor by every
//! scanner. Worked out once per plan: from the scanners' places and the walls,
//! and where there is a survey, bent to it.

use super::{
    Tuning,
    grid::{Grid, STOREY_M},
    survey::{self, Survey},
};
use crate::plan::{Point, Scanner, StorePlan};

/// Weakest strength that is still decoded often enough to count, dBm. What the
/// map expects below is heard at about this strength or not at all: a receiver
/// that decodes -93 dBm hears the lucky half of the packets of a beacon at
/// -97 (Nordic nRF52832 and Espressif ESP32 state -96 and -97 dBm at 1 Mbit/s).
pub const FLOOR_DBM: f32 = -94.0;
/// Common beacons state -59 dBm at one metre, and a pocket or a bag takes a few off.
/// It is begun low: who is taken to be too weak is taken to be near whoever hears
/// them best, who is taken to be too strong, far from everybody and for long.
pub const USUAL_DBM: f32 = -65.0;
/// How far a beacon's power may be from that: standard deviation, dB.
pub const POWER_SD_DB: f32 = 4.0;
/// By how much a scanner's word, which leans to the strong packets, lies above the mean
/// of decibels that was surveyed: packets scatter by 4.4 dB, and two or three of them
/// count at a time. dB.
const LEAN_DB: f32 = 2.0;
/// Height between a scanner and a tag, metres; nobody is nearer than that. Scanners
/// hang higher, but near one the level is the only thing that tells half a metre from
/// two: 1 m makes the walks across 4 nodes a seventh worse and nothing recorded better.
pub const CLEARANCE_M: f32 = 0.4;
/// Loss through one shelf or wall, dB. Supermarket shelving measures 2 to 6 dB
/// at 2.4 GHz; ours are open.
pub const OBSTACLE_DB: f32 = 3.0;
/// More obstacles in a line add no more loss: radio finds a way around.
const OBSTACLES_MAX: usize = 3;
/// Loss through the first floor slab and through each further one, dB
/// (ITU-R P.1238-10, table 3: 15 + 4 (n - 1), offices).
const SLAB_DB: f32 = 15.0;
const FURTHER_SLAB_DB: f32 = 4.0;

/// What is expected where.
#[derive(Debug)]
pub struct RadioMap {
    /// `expected[scanner][cell]`, dB relative to `power_dbm`.
    pub expected: Vec<Vec<f32>>,
    /// Where a beacon's power is begun with; nearly 0 in a surveyed shop, whose map is
    /// in the survey's own dBm.
    pub power_dbm: f32,
    /// And how surely: variance, dB squared.
    pub power_variance: f32,
    /// How far the map may be wrong, by cell: variance, dB squared.
    pub doubt: Vec<f32>,
    /// `both[a][b]`: the best that one place offers two scanners at once, the
    /// weaker of the two counting, dB.
    pub both: Vec<Vec<f32>>,
    /// What deviations from it count.
    pub tuning: Tuning,
    /// Without a survey: what obstacles take on the way, by scanner and cell, dB.
    lost: Vec<Vec<f32>>,
    /// And the exponent that distance counts with.
    exponent: f32,
}

impl RadioMap {
    /// Works the map out.
    pub fn new(plan: &StorePlan, grid: &Grid) -> Self {
        let survey = Survey::new(plan);
        let tuning = plan.presence.tuning;
        let (power_dbm, power_sd_db) = if survey.is_some() {
            (LEAN_DB, tuning.power_sd_surveyed_db)
        } else {
            (USUAL_DBM, POWER_SD_DB)
        };
        let exponent = plan.presence.path_loss_exponent;
        let (expected, lost) = if let Some(survey) = &survey {
            (survey.predict(plan, grid), Vec::new())
        } else {
            let scanners = plan.scanners.iter();
            let lost: Vec<_> = scanners.map(|s| lost_by_cell(plan, s, grid)).collect();
            (free(&plan.scanners, grid, &lost, exponent), lost)
        };
        let doubt = (0..grid.cells()).map(|cell| match &survey {
            Some(survey) => survey.doubt(plan, grid.at(cell)),
            None => survey::UNSURVEYED,
        });
        let doubt = doubt.collect();
        Self {
            both: both(&expected, grid),
            expected,
            power_dbm,
            power_variance: power_sd_db * power_sd_db,
            doubt,
            tuning,
            lost,
            exponent,
        }
    }

    /// Whether a survey says what is heard where.
    pub const fn is_surveyed(&self) -> bool {
        self.lost.is_empty()
    }

    /// Without a survey: works out anew what another exponent and another usual power
    /// make of the distances.
    pub fn fade(&mut self, scanners: &[Scanner], grid: &Grid, exponent: f32, power_dbm: f32) {
        self.power_dbm = power_dbm;
        if self.exponent.to_bits() != exponent.to_bits() {
            self.exponent = exponent;
            self.expected = free(scanners, grid, &self.lost, exponent);
            self.both = both(&self.expected, grid);
        }
    }
}

/// Without a survey: dB relative to one metre.
fn free(scanners: &[Scanner], grid: &Grid, lost_db: &[Vec<f32>], exponent: f32) -> Vec<Vec<f32>> {
    let of = |(scanner, lost_db): (&Scanner, &Vec<f32>)| {
        let cells = lost_db.iter().enumerate().map(|(cell, lost_db)| {
            let (at, level) = grid.at(cell);
            exponent * decades(scanner, at, level) + lost_db + scanner.offset_db
        });
        cells.collect()
    };
    scanners.iter().zip(lost_db).map(of).collect()
}

fn lost_by_cell(plan: &StorePlan, scanner: &Scanner, grid: &Grid) -> Vec<f32> {
    let cells = (0..grid.cells()).map(|cell| grid.at(cell));
    cells
        .map(|(at, level)| lost(plan, scanner, at, level))
        .collect()
}

/// Minus ten times the logarithm of the distance: what an exponent is worth, dB.
pub fn decades(scanner: &Scanner, at: Point, level: u8) -> f32 {
    let storeys = f32::from(scanner.level) - f32::from(level);
    let upright = CLEARANCE_M + STOREY_M * storeys.abs();
    -10.0 * libm::log10f(libm::hypotf(scanner.at.distance(at), upright))
}

/// What walls and slabs take on the way, dB (negative).
pub fn lost(plan: &StorePlan, scanner: &Scanner, at: Point, level: u8) -> f32 {
    let slabs = scanner.level.abs_diff(level);
    if slabs > 0 {
        return -SLAB_DB - FURTHER_SLAB_DB * f32::from(slabs - 1);
    }
    let (outline, obstacles) = plan
        .levels()
        .nth(usize::from(level))
        .unwrap_or((&plan.outline, &plan.obstacles));
    let shelves = obstacles.iter().filter(|o| o.crosses(scanner.at, at));
    // Inner walls may be drawn as notches of the outline: in and out are two edges.
    let notches = outline.crossings(scanner.at, at) / 2;
    let crossed = (shelves.take(OBSTACLES_MAX).count() + notches).min(OBSTACLES_MAX);
    -OBSTACLE_DB * crossed as f32
}

fn both(expected: &[Vec<f32>], grid: &Grid) -> Vec<Vec<f32>> {
    let best = |a: &[f32], b: &[f32]| {
        let cells = a.iter().zip(b).enumerate();
        cells
            .filter(|(cell, _)| grid.stands(*cell))
            .map(|(_, (a, b))| a.min(*b))
            .fold(f32::NEG_INFINITY, f32::max)
    };
    let row = |a: &Vec<f32>| expected.iter().map(|b| best(a, b)).collect();
    expected.iter().map(row).collect()
}

/// For the survey's mean: distance and walls alike, of one scanner at one place.
#[derive(Debug, Clone, Copy)]
pub struct Path {
    /// See [`decades`].
    pub decades: f32,
    /// See [`lost`].
    pub lost_db: f32,
}

impl Path {
    /// From a scanner to a place.
    pub fn new(plan: &StorePlan, scanner: &Scanner, at: Point, level: u8) -> Self {
        Self {
            decades: decades(scanner, at, level),
            lost_db: lost(plan, scanner, at, level),
        }
    }
}
