//! What a scanner hears of a beacon: path loss, shadows of the place, the
//! shopper's body, shelves in the way, and noise that runs round the three
//! advertising channels.

use super::facts::{
    BODY_LOSS_DB, CHANNEL_CYCLE, CHANNEL_CYCLE_DAMPING, CHANNEL_CYCLE_SHARE, PACKET_LOSS,
    PACKET_SD_DB_MEDIAN, PACKET_SD_SIGMA, PATH_LOSS_EXPONENT, REFERENCE_DBM, SCANNER_SD_DB,
    SENSITIVITY_DBM, SHADOWING_REACH_M, SHADOWING_SD_DB, SHELF_LOSS_DB,
};
use crate::chance::{Chance, Concern};
use engine::plan::{Point, Scanner, StorePlan};
use std::sync::Arc;

/// Grid step of the table of path gains, m.
const STEP_M: f32 = 0.5;
/// Above this many places the step doubles until the table fits.
const PLACES_MAX: usize = 40_000;
/// The lowest link deviation and the highest that make sense, dB.
const LINK_SD_DB: (f32, f32) = (1.2, 9.0);

/// Mean strength from every place to every scanner, worked out once.
#[derive(Debug)]
pub struct Radio {
    origin: Point,
    step: f32,
    cols: usize,
    rows: usize,
    scanners: Vec<Point>,
    /// By place, then by scanner, dBm.
    mean_dbm: Vec<f32>,
}

/// What noise remembers between two packets of one beacon to one scanner.
#[derive(Debug, Clone, Copy)]
pub struct Link {
    cycle: (f32, f32),
    sd_db: f32,
}

impl Radio {
    /// Works the table out. The shop's shadows belong to the shop and not to
    /// the day, so they are drawn from the shop's name.
    pub fn new(plan: &StorePlan) -> Arc<Self> {
        let (low, high) = plan.outline.bounds();
        let mut step = STEP_M;
        while ((high.x - low.x) / step) * ((high.y - low.y) / step) > PLACES_MAX as f32 {
            step *= 2.0;
        }
        let cols = ((high.x - low.x) / step).ceil().max(1.0) as usize;
        let rows = ((high.y - low.y) / step).ceil().max(1.0) as usize;
        let name = plan.store.as_str().bytes();
        let place_seed = name.fold(17_u64, |h, b| h.wrapping_mul(31) ^ u64::from(b));
        let mut chance = Chance::new(place_seed, Concern::Shadows);
        let shadows: Vec<Shadow> = plan
            .scanners
            .iter()
            .map(|_| Shadow::new(low, high, &mut chance))
            .collect();
        let mut mean_dbm = Vec::with_capacity(cols * rows * plan.scanners.len());
        for place in 0..cols * rows {
            let at = Point {
                x: low.x + ((place % cols) as f32 + 0.5) * step,
                y: low.y + ((place / cols) as f32 + 0.5) * step,
            };
            for (scanner, shadow) in plan.scanners.iter().zip(&shadows) {
                mean_dbm.push(path_dbm(plan, scanner, at) + shadow.at(at));
            }
        }
        Arc::new(Self {
            origin: low,
            step,
            cols,
            rows,
            scanners: plan.scanners.iter().map(|s| s.at).collect(),
            mean_dbm,
        })
    }

    /// Mean strength at every scanner of a beacon at this place, dBm.
    pub fn means(&self, at: Point) -> &[f32] {
        let col = ((at.x - self.origin.x) / self.step).max(0.0) as usize;
        let row = ((at.y - self.origin.y) / self.step).max(0.0) as usize;
        let place = row.min(self.rows - 1) * self.cols + col.min(self.cols - 1);
        let n = self.scanners.len();
        &self.mean_dbm[place * n..(place + 1) * n]
    }

    /// What the bearer's body takes away, dB: nothing towards a scanner ahead,
    /// most towards one behind.
    pub fn body_loss(&self, scanner: usize, at: Point, heading: (f32, f32)) -> f32 {
        let (dx, dy) = (
            self.scanners[scanner].x - at.x,
            self.scanners[scanner].y - at.y,
        );
        let far = libm::sqrtf(dx * dx + dy * dy).max(0.1);
        let ahead = (dx * heading.0 + dy * heading.1) / far;
        BODY_LOSS_DB * (1.0 - ahead) / 2.0
    }
}

/// Path loss and shelves, without shadows.
fn path_dbm(plan: &StorePlan, scanner: &Scanner, at: Point) -> f32 {
    let far = scanner.at.distance(at).max(0.5);
    let crossed = plan
        .obstacles
        .iter()
        .filter(|o| o.crosses(at, scanner.at))
        .count();
    let shelves = (SHELF_LOSS_DB.0 * crossed as f32).min(SHELF_LOSS_DB.1);
    REFERENCE_DBM - 10.0 * PATH_LOSS_EXPONENT * libm::log10f(far) - shelves + scanner.offset_db
}

/// What one scanner hears more or less than it should: a smooth random field
/// over the floor, and its own deviation.
struct Shadow {
    own_db: f32,
    origin: Point,
    cols: usize,
    knots: Vec<f32>,
}

impl Shadow {
    fn new(low: Point, high: Point, chance: &mut Chance) -> Self {
        let cols = ((high.x - low.x) / SHADOWING_REACH_M).ceil() as usize + 2;
        let rows = ((high.y - low.y) / SHADOWING_REACH_M).ceil() as usize + 2;
        Self {
            own_db: SCANNER_SD_DB * chance.normal(),
            origin: low,
            cols,
            knots: (0..cols * rows).map(|_| chance.normal()).collect(),
        }
    }

    fn at(&self, p: Point) -> f32 {
        let (u, v) = (
            (p.x - self.origin.x) / SHADOWING_REACH_M,
            (p.y - self.origin.y) / SHADOWING_REACH_M,
        );
        let (col, row) = (u as usize, v as usize);
        let (fu, fv) = (u - col as f32, v - row as f32);
        let knot = |c: usize, r: usize| self.knots[(row + r) * self.cols + col + c];
        let weights = [
            (1.0 - fu) * (1.0 - fv),
            fu * (1.0 - fv),
            (1.0 - fu) * fv,
            fu * fv,
        ];
        let sum = weights[0] * knot(0, 0)
            + weights[1] * knot(1, 0)
            + weights[2] * knot(0, 1)
            + weights[3] * knot(1, 1);
        // A mean of independent knots varies less than one: scale it back.
        let shrunk: f32 = weights.iter().map(|w| w * w).sum();
        self.own_db + SHADOWING_SD_DB * sum / libm::sqrtf(shrunk)
    }
}

impl Link {
    /// A new link; each has its own unsteadiness.
    pub fn new(chance: &mut Chance) -> Self {
        let sd = PACKET_SD_DB_MEDIAN * libm::expf(PACKET_SD_SIGMA * chance.normal());
        Self {
            cycle: (chance.normal(), chance.normal()),
            sd_db: sd.clamp(LINK_SD_DB.0, LINK_SD_DB.1),
        }
    }

    /// The strength of the next packet, or nothing when it is not heard.
    pub fn packet(&mut self, mean_dbm: f32, chance: &mut Chance) -> Option<f32> {
        if mean_dbm + 3.0 * self.sd_db < SENSITIVITY_DBM || chance.happens(PACKET_LOSS) {
            return None;
        }
        let strength = mean_dbm + self.noise(chance);
        (strength >= SENSITIVITY_DBM).then_some(strength.min(-20.0))
    }

    fn noise(&mut self, chance: &mut Chance) -> f32 {
        let (sin, cos) = CHANNEL_CYCLE;
        let kept = CHANNEL_CYCLE_DAMPING;
        let fresh = libm::sqrtf(1.0 - kept * kept);
        let (re, im) = self.cycle;
        self.cycle = (
            kept * (re * cos - im * sin) + fresh * chance.normal(),
            kept * (re * sin + im * cos) + fresh * chance.normal(),
        );
        let white = libm::sqrtf(1.0 - CHANNEL_CYCLE_SHARE) * chance.normal();
        self.sd_db * (libm::sqrtf(CHANNEL_CYCLE_SHARE) * self.cycle.0 + white)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn noise_of(links: usize, packets: usize) -> Vec<Vec<f32>> {
        let mut chance = Chance::new(3, Concern::Radio);
        (0..links)
            .map(|_| {
                let mut link = Link::new(&mut chance);
                (0..packets).map(|_| link.noise(&mut chance)).collect()
            })
            .collect()
    }

    #[test]
    fn noise_runs_round_the_channels_as_measured() {
        let series = noise_of(40, 5_000);
        // Tolerance .03: three times the error of 200,000 packets' estimate,
        // widened for the solved parameters' own misfit.
        for (lag, expected) in [(1, 0.17), (2, -0.24), (5, 0.11), (10, 0.0)] {
            let (mut above, mut below) = (0.0, 0.0);
            for packets in &series {
                above += (0..packets.len() - lag)
                    .map(|i| packets[i] * packets[i + lag])
                    .sum::<f32>();
                below += packets.iter().map(|x| x * x).sum::<f32>();
            }
            let found = above / below;
            assert!((found - expected).abs() < 0.03, "lag {lag}: {found}");
        }
    }

    #[test]
    fn noise_is_as_wide_as_measured_in_the_median_and_pooled() {
        let mut sds: Vec<f32> = noise_of(2_000, 300)
            .iter()
            .map(|p| libm::sqrtf(p.iter().map(|x| x * x).sum::<f32>() / p.len() as f32))
            .collect();
        sds.sort_by(f32::total_cmp);
        let median = sds[sds.len() / 2];
        let pooled = libm::sqrtf(sds.iter().map(|s| s * s).sum::<f32>() / sds.len() as f32);
        assert!((median - 2.9).abs() < 0.15, "{median}");
        assert!((pooled - 3.8).abs() < 0.25, "{pooled}");
    }

    #[test]
    fn as_many_packets_are_lost_as_measured_and_weak_ones_all() {
        let mut chance = Chance::new(4, Concern::Radio);
        let mut link = Link::new(&mut chance);
        let heard = |mean: f32, link: &mut Link, chance: &mut Chance| {
            (0..20_000)
                .filter(|_| link.packet(mean, chance).is_some())
                .count() as f64
                / 20_000.0
        };
        let strong = heard(-65.0, &mut link, &mut chance);
        assert!((1.0 - strong - PACKET_LOSS).abs() < 0.01, "{strong}");
        assert!(heard(-130.0, &mut link, &mut chance) < f64::EPSILON);
    }
}
