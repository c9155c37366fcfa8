//! Everything about the floor that visits share.

use super::{
    fading::Fading,
    grid::Grid,
    place::Place,
    power::Offset,
    radio_map::RadioMap,
    stroll::Stroll,
    sums::{dot, sum},
    surety,
};
use crate::{
    plan::{Point, StorePlan},
    time::Mono,
};

/// A cell below this probability is not worth a dot.
const HEAT_MIN: f32 = 0.001;

/// Everything about the floor that visits share.
#[derive(Debug)]
pub struct Floor {
    /// Cells.
    pub grid: Grid,
    /// What is heard where.
    pub map: RadioMap,
    /// How people move.
    pub stroll: Stroll,
    /// How many zones there are.
    pub zones: usize,
    /// What their probabilities are raised to before they are told.
    pub surety: f32,
    /// What visits have taught of each scanner, dB.
    pub kept_db: Vec<f32>,
    /// When each scanner last heard anybody followed.
    pub alive: Vec<Mono>,
    /// 0, 1, 2 ... for each column, and its square.
    column: Vec<f32>,
    column_squared: Vec<f32>,
}

impl Floor {
    /// Works everything out.
    pub fn new(plan: &StorePlan) -> Self {
        let grid = Grid::new(plan);
        let stroll = Stroll::new(plan, &grid);
        let column: Vec<f32> = (0..grid.columns).map(|c| c as f32).collect();
        Self {
            map: RadioMap::new(plan, &grid),
            surety: surety::power(stroll.spread_m),
            stroll,
            zones: plan.zones.len(),
            kept_db: vec![0.0; plan.scanners.len()],
            alive: vec![Mono(0); plan.scanners.len()],
            column_squared: column.iter().map(|c| c * c).collect(),
            column,
            grid,
        }
    }

    /// Takes over what was learnt of how radio fades here.
    pub fn fade(&mut self, fading: &Fading) {
        fading.tell(&mut self.kept_db);
        self.bend(fading);
    }

    /// Works the map out with the exponent and the power that were learnt.
    pub fn bend(&mut self, fading: &Fading) {
        let (exponent, power_dbm) = (fading.map_exponent(), fading.power_dbm());
        let scanners = fading.scanners();
        self.map.fade(scanners, &self.grid, exponent, power_dbm);
    }

    /// Learns of the scanners from a visit that ended. What all have in common
    /// is the beacon's, not theirs.
    pub fn keep(&mut self, offsets: &[Offset]) {
        for (kept, offset) in self.kept_db.iter_mut().zip(offsets) {
            offset.keep(kept, &self.map.tuning);
        }
        let mean = self.kept_db.iter().sum::<f32>() / self.kept_db.len().max(1) as f32;
        self.kept_db.iter_mut().for_each(|db| *db -= mean);
    }

    /// Probability of each zone.
    pub fn probabilities(&self, belief: &[f32], into: &mut Vec<f32>) {
        into.clear();
        into.resize(self.zones, 0.0);
        for (run, zone) in &self.grid.runs {
            into[usize::from(*zone)] += sum(&belief[run.clone()]);
        }
    }

    /// Expected place and its covariance, on the likeliest storey.
    pub fn place(&self, belief: &[f32]) -> Place {
        let floors = belief.chunks_exact(self.grid.floor()).map(sum);
        let (level, total) = floors
            .enumerate()
            .max_by(|(_, a), (_, b)| a.total_cmp(b))
            .unwrap_or((0, 1.0));
        let first = level * self.grid.floor();
        let (mut s, mut sx, mut sy, mut sxx, mut sxy, mut syy) = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0);
        let rows = belief[first..first + self.grid.floor()].chunks_exact(self.grid.columns);
        for (row, cells) in rows.enumerate() {
            let y = row as f32;
            let (p, px) = (sum(cells), dot(cells, &self.column));
            s += p;
            sx += px;
            sy += p * y;
            sxx += dot(cells, &self.column_squared);
            sxy += px * y;
            syy += p * y * y;
        }
        debug_assert!((s - total).abs() < 1e-3, "a floor is the sum of its rows");
        let (x, y) = (sx / s, sy / s);
        let (side, square) = (self.grid.cell_m, self.grid.cell_m * self.grid.cell_m);
        Place {
            at: Point {
                x: self.grid.origin.x + x * side,
                y: self.grid.origin.y + y * side,
            },
            level: level as u8,
            var_x: square * (sxx / s - x * x).max(0.0),
            var_y: square * (syy / s - y * y).max(0.0),
            cov_xy: square * (sxy / s - x * y),
        }
    }

    /// How far the map may be wrong about a place: variance, dB squared.
    pub fn doubt(&self, place: &Place) -> f32 {
        let steps = |metres: f32, most: usize| {
            let steps = libm::roundf(metres / self.grid.cell_m).max(0.0) as usize;
            steps.min(most - 1)
        };
        let column = steps(place.at.x - self.grid.origin.x, self.grid.columns);
        let row = steps(place.at.y - self.grid.origin.y, self.grid.rows);
        let first = usize::from(place.level) * self.grid.floor();
        self.map.doubt[first + row * self.grid.columns + column]
    }

    /// Places, storeys and probabilities, the improbable left out.
    pub fn heat(&self, belief: &[f32]) -> impl Iterator<Item = (Point, u8, f32)> {
        let cells = belief.iter().enumerate().filter(|(_, p)| **p >= HEAT_MIN);
        cells.map(|(cell, p)| {
            let (at, level) = self.grid.at(cell);
            (at, level, *p)
        })
    }
}
