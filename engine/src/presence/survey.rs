//! The radio map of a surveyed shop: Gaussian-process regression (Rasmussen and
//! Williams, "Gaussian Processes for Machine Learning", algorithm 2.1; on signal
//! strength: Ferris, Hähnel, Fox, RSS 2006) with log-distance path loss as its
//! mean, so that a few points bend what is expected anyway, and far from any
//! point that remains.

use super::{
    cholesky::{factor, solve},
    grid::Grid,
    radio_map::{FLOOR_DBM, OBSTACLE_DB, Path, lost},
};
use crate::plan::{Point, Scanner, StorePlan, SurveyPoint};

/// Standard deviation of what walls and shelves do beyond path loss, dB:
/// 4.5 on `rssi_tetam`, 4 once each scanner's own level is taken out.
const SHADOW_DB: f32 = 4.0;
/// Distance over which that changes, metres. Chosen with the kernel on
/// `rssi_tetam`; between 3 and 9 the error stays within 2 %.
const REACH_M: f32 = 6.0;
/// How much farther apart two places are for every dB that walls take on the way to
/// one of them and not to the other, metres: behind one wall more lies another reach.
/// Between 1.5 and 3 the rooms of the flat stay within 2 %.
const WALL_M: f32 = REACH_M / OBSTACLE_DB;
/// How well one place stands for its surroundings: fading within a step or two
/// does not average out however long one stands there, dB.
const SPOT_DB: f32 = 2.5;
/// Standard deviation of one packet, dB (2.9 to 3.8 on `rssi_tetam`).
const PACKET_DB: f32 = 3.5;
/// How far a scanner's own level may be from the others', dB.
const SCANNER_DB: f32 = 4.0;
/// How firmly the configured exponent is believed, in survey points, each a
/// decade away from the mean distance.
const EXPONENT_POINTS: f32 = 2.0;
/// Variance of a map where nothing was surveyed, dB squared.
pub const UNSURVEYED: f32 = SHADOW_DB * SHADOW_DB;
/// Places of a survey that make up most of what is known of another.
const NEAR: usize = 8;

/// What was measured, by place.
#[derive(Debug)]
pub struct Survey {
    places: Vec<Place>,
}

/// One place of the survey.
#[derive(Debug)]
struct Place {
    at: Point,
    level: u8,
    /// Of the scanner that heard most.
    packets: u16,
    /// By scanner, in the order of the plan.
    heard: Vec<Option<Heard>>,
    /// What walls take on the way to each scanner, dB.
    lost_db: Vec<f32>,
}

/// What one scanner heard there.
#[derive(Debug, Clone, Copy)]
struct Heard {
    rssi_dbm: f32,
    packets: u16,
}

/// Path loss as fitted: level at one metre by scanner, and the exponent.
struct Mean {
    at_one_metre: Vec<f32>,
    exponent: f32,
}

impl Survey {
    /// Gathers a plan's survey by place; `None` without one.
    pub fn new(plan: &StorePlan) -> Option<Self> {
        let mut places: Vec<Place> = Vec::new();
        for point in &plan.survey {
            // Points mostly come place by place.
            let known = places.iter().rposition(|p| p.is_at(point));
            let at = known.unwrap_or(places.len());
            if known.is_none() {
                places.push(Place::new(plan, point));
            }
            let place = &mut places[at];
            place.packets = place.packets.max(point.packets);
            if let Some(heard) = place.heard.get_mut(point.scanner.at()) {
                *heard = Some(Heard {
                    rssi_dbm: point.rssi_dbm,
                    packets: point.packets,
                });
            }
        }
        (!places.is_empty()).then_some(Self { places })
    }

    /// What the nearest places leave open of what is heard somewhere: predictive
    /// variance, dB squared.
    pub fn doubt(&self, plan: &StorePlan, (at, level): (Point, u8)) -> f32 {
        let mut near: Vec<&Place> = self.places.iter().filter(|p| p.level == level).collect();
        if near.len() > NEAR {
            near.select_nth_unstable_by(NEAR, |a, b| {
                a.at.distance(at).total_cmp(&b.at.distance(at))
            });
            near.truncate(NEAR);
        }
        let noises: Vec<f32> = near.iter().map(|p| noise(p.packets)).collect();
        let factor = factor(&noises, |i, j| {
            near[i].kernel(near[j].at, level, near[i].walls_db(&near[j].lost_db))
        });
        let lost_db = lost_everywhere(plan, at, level);
        let kernel = |p: &&Place| p.kernel(at, level, p.walls_db(&lost_db));
        let reached: Vec<f32> = near.iter().map(kernel).collect();
        let weights = solve(&factor, reached.clone());
        let known: f32 = reached.iter().zip(&weights).map(|(k, w)| k * w).sum();
        UNSURVEYED - known
    }

    /// Expected strength of the survey's tag by scanner and cell, dBm.
    pub fn predict(&self, plan: &StorePlan, grid: &Grid) -> Vec<Vec<f32>> {
        let mean = self.fit(plan);
        let places: Vec<&Place> = self.places.iter().collect();
        let missed = plan.presence.tuning.missed;
        let weigh = |(s, scanner): (usize, &Scanner)| {
            let noises = places.iter().map(|place| place.noise_of(s, missed));
            let factor = factor(&noises.collect::<Vec<_>>(), |i, j| {
                let (a, b) = (places[i], places[j]);
                a.kernel(b.at, b.level, a.lost_db[s] - b.lost_db[s])
            });
            solve(&factor, self.residuals(plan, s, scanner, &mean))
        };
        let weights: Vec<Vec<f32>> = plan.scanners.iter().enumerate().map(weigh).collect();
        let mut expected: Vec<Vec<f32>> = vec![vec![0.0; grid.cells()]; plan.scanners.len()];
        for cell in (0..grid.cells()).filter(|c| grid.stands(*c)) {
            let (at, level) = grid.at(cell);
            let open: Vec<f32> = places.iter().map(|p| p.kernel(at, level, 0.0)).collect();
            for (s, scanner) in plan.scanners.iter().enumerate() {
                let path = Path::new(plan, scanner, at, level);
                let near = places.iter().zip(&open).map(|(p, open)| {
                    // Most places lie behind as many walls: they need no exponential more.
                    match p.lost_db[s] - path.lost_db {
                        0.0 => *open,
                        walls_db => p.kernel(at, level, walls_db),
                    }
                });
                let bent: f32 = near.zip(&weights[s]).map(|(k, w)| k * w).sum();
                expected[s][cell] = mean.of(s, path) + bent;
            }
        }
        expected
    }

    /// Least squares for exponent and levels, each drawn to what is usual.
    fn fit(&self, plan: &StorePlan) -> Mean {
        let by_scanner: Vec<Vec<(f32, f32)>> = (0..plan.scanners.len())
            .map(|s| self.heard_of(plan, s))
            .collect();
        let centred = by_scanner.iter().map(|heard| middle(heard));
        let (mut along, mut across) = (0.0, 0.0);
        let usual = plan.presence.path_loss_exponent;
        for (heard, (x0, y0)) in by_scanner.iter().zip(centred) {
            for (x, y) in heard {
                along += (x - x0) * (x - x0);
                across += (x - x0) * (y - y0 - usual * (x - x0));
            }
        }
        let exponent = (usual + across / (along + 100.0 * EXPONENT_POINTS)).clamp(1.0, 5.0);
        let levels = by_scanner.iter().map(|heard| {
            let (x0, y0) = middle(heard);
            (y0 - exponent * x0, heard.len() as f32)
        });
        let levels: Vec<(f32, f32)> = levels.collect();
        let counted: f32 = levels.iter().map(|(_, n)| n).sum();
        let overall = levels.iter().map(|(l, n)| l * n).sum::<f32>() / counted.max(1.0);
        let doubt = SHADOW_DB * SHADOW_DB / (SCANNER_DB * SCANNER_DB);
        let drawn = levels
            .iter()
            .map(|(level, n)| overall + (level - overall) * n / (n + doubt));
        Mean {
            at_one_metre: drawn.collect(),
            exponent,
        }
    }

    /// For one scanner, decades and strength less what walls take.
    fn heard_of(&self, plan: &StorePlan, s: usize) -> Vec<(f32, f32)> {
        let scanner = &plan.scanners[s];
        let heard = |p: &Place| {
            let path = Path::new(plan, scanner, p.at, p.level);
            Some((path.decades, p.heard[s]?.rssi_dbm - path.lost_db))
        };
        self.places.iter().filter_map(heard).collect()
    }

    /// What path loss leaves over at each place. Silence says "the floor or
    /// less", but only of a scanner that was on.
    fn residuals(&self, plan: &StorePlan, s: usize, scanner: &Scanner, mean: &Mean) -> Vec<f32> {
        let on = self.places.iter().any(|p| p.heard[s].is_some());
        let residual = |p: &Place| {
            let expected = mean.of(s, Path::new(plan, scanner, p.at, p.level));
            match p.heard[s] {
                Some(heard) => heard.rssi_dbm - expected,
                None if on => (FLOOR_DBM - expected).min(0.0),
                None => 0.0,
            }
        };
        self.places.iter().map(residual).collect()
    }
}

impl Place {
    fn new(plan: &StorePlan, point: &SurveyPoint) -> Self {
        Self {
            at: point.at,
            level: point.level,
            packets: point.packets,
            heard: vec![None; plan.scanners.len()],
            lost_db: lost_everywhere(plan, point.at, point.level),
        }
    }

    fn is_at(&self, point: &SurveyPoint) -> bool {
        self.level == point.level && self.at.distance(point.at) < 0.01
    }

    /// Exponential covariance: shadowing is rough (Gudmundson, 1991). What walls take
    /// here beyond what they take there is one more axis along which places lie apart,
    /// so that the covariance remains one: the exponential of a distance is positive
    /// definite whatever the number of axes. One that falls by what lies between two
    /// places is not.
    fn kernel(&self, at: Point, level: u8, walls_db: f32) -> f32 {
        if self.level == level {
            let apart_m = libm::hypotf(self.at.distance(at), WALL_M * walls_db);
            SHADOW_DB * SHADOW_DB * libm::expf(-apart_m / REACH_M)
        } else {
            0.0
        }
    }

    /// How differently walls lie about this place and another, over all scanners: root of
    /// the mean square, dB.
    fn walls_db(&self, lost_db: &[f32]) -> f32 {
        let pairs = self.lost_db.iter().zip(lost_db);
        let sum: f32 = pairs.map(|(a, b)| (a - b) * (a - b)).sum();
        libm::sqrtf(sum / lost_db.len().max(1) as f32)
    }

    /// How well one scanner's mean stands for the place: variance, dB squared. A
    /// scanner that heard few of the packets heard the strong ones.
    fn noise_of(&self, scanner: usize, missed: f32) -> f32 {
        let Some(heard) = self.heard[scanner] else {
            return noise(self.packets);
        };
        let share = f32::from(heard.packets) / f32::from(self.packets.max(1));
        noise(heard.packets) + missed * (1.0 - share)
    }
}

impl Mean {
    fn of(&self, s: usize, path: Path) -> f32 {
        self.at_one_metre[s] + self.exponent * path.decades + path.lost_db
    }
}

/// What walls take on the way to each scanner, dB.
fn lost_everywhere(plan: &StorePlan, at: Point, level: u8) -> Vec<f32> {
    let scanners = plan.scanners.iter();
    scanners.map(|s| lost(plan, s, at, level)).collect()
}

fn middle(points: &[(f32, f32)]) -> (f32, f32) {
    let n = points.len().max(1) as f32;
    let (x, y) = points
        .iter()
        .fold((0.0, 0.0), |(x, y), p| (x + p.0, y + p.1));
    (x / n, y / n)
}

/// Of a mean of so many packets: variance, dB squared.
fn noise(packets: u16) -> f32 {
    SPOT_DB * SPOT_DB + PACKET_DB * PACKET_DB / f32::from(packets.max(1))
}
