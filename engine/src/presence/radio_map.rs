//! How strong a beacon should be heard, from every place of the floor by every
//! scanner. Worked out once per plan from the scanners' places and the shelves;
//! needs no survey.

use crate::plan::{Bits, Point, StorePlan, ZoneIx};

/// Most cells of the grid; beyond it cells grow.
const CELLS_MAX: f32 = 900.0;
/// Smallest cell, metres.
const CELL_M_MIN: f32 = 1.0;
/// Loss through one shelf or wall, dB. Supermarket shelving measures 2 to 6 dB
/// at 2.4 GHz; ours are open.
const OBSTACLE_DB: f32 = 3.0;
/// More obstacles in a line add no more loss: radio finds a way around.
const OBSTACLES_MAX: usize = 3;

/// The floor as cells one can stand in.
#[derive(Debug)]
pub struct RadioMap {
    /// Middle of each cell.
    pub places: Vec<Point>,
    /// First zone that holds the cell's middle.
    pub zone_of: Vec<Option<ZoneIx>>,
    /// Neighbours one step away; a missing one is the cell itself.
    pub neighbours: Vec<[u16; 4]>,
    /// `expected[scanner][cell]`: level relative to that at one metre, dB.
    pub expected: Vec<Vec<f32>>,
    /// How many zones there are.
    pub zones: usize,
}

impl RadioMap {
    /// Works the map out.
    pub fn new(plan: &StorePlan) -> Self {
        let (low, high) = plan.outline.bounds();
        let cell_m = libm::sqrtf(plan.outline.area() / CELLS_MAX).max(CELL_M_MIN);
        let columns = libm::ceilf((high.x - low.x) / cell_m).max(1.0) as usize;
        let rows = libm::ceilf((high.y - low.y) / cell_m).max(1.0) as usize;
        let mut cell_at = vec![None; columns * rows];
        let mut places = Vec::new();
        for row in 0..rows {
            for column in 0..columns {
                let place = Point {
                    x: low.x + (column as f32 + 0.5) * cell_m,
                    y: low.y + (row as f32 + 0.5) * cell_m,
                };
                let blocked = plan.obstacles.iter().any(|o| o.contains(place));
                if plan.outline.contains(place) && !blocked {
                    cell_at[row * columns + column] = Some(places.len() as u16);
                    places.push(place);
                }
            }
        }
        if places.is_empty() {
            places.push(plan.outline.middle());
        }
        let neighbours = neighbours(&cell_at, columns, places.len());
        Self {
            zone_of: places.iter().map(|p| plan.zone_at(*p)).collect(),
            expected: plan
                .scanners
                .iter()
                .map(|s| {
                    places
                        .iter()
                        .map(|p| level(plan, s.at, *p) + s.offset_db)
                        .collect()
                })
                .collect(),
            neighbours,
            places,
            zones: plan.zones.len(),
        }
    }

    /// Probability of each zone.
    pub fn zone_probabilities(&self, belief: &[f32], into: &mut Vec<f32>) {
        into.clear();
        into.resize(self.zones, 0.0);
        for (zone, p) in self.zone_of.iter().zip(belief) {
            if let Some(zone) = zone {
                into[zone.at()] += p;
            }
        }
    }
}

/// Probability of being in any of these zones.
pub fn within(zones: Bits, probabilities: &[f32]) -> f32 {
    zones
        .iter()
        .filter_map(|z| probabilities.get(usize::from(z)))
        .sum()
}

/// Log-distance path loss with a fixed loss per obstacle in between, dB
/// relative to one metre.
fn level(plan: &StorePlan, scanner: Point, place: Point) -> f32 {
    let distance_m = scanner.distance(place).max(1.0);
    let crossed = plan
        .obstacles
        .iter()
        .filter(|o| o.crosses(scanner, place))
        .take(OBSTACLES_MAX)
        .count();
    -10.0 * plan.presence.path_loss_exponent * libm::log10f(distance_m)
        - OBSTACLE_DB * crossed as f32
}

fn neighbours(cell_at: &[Option<u16>], columns: usize, cells: usize) -> Vec<[u16; 4]> {
    let mut all: Vec<[u16; 4]> = (0..cells as u16).map(|c| [c; 4]).collect();
    let rows = cell_at.len() / columns;
    for (at, cell) in cell_at.iter().enumerate() {
        let Some(cell) = *cell else { continue };
        let (row, column) = (at / columns, at % columns);
        let beside = [
            (column > 0).then(|| at - 1),
            (column + 1 < columns).then(|| at + 1),
            (row > 0).then(|| at - columns),
            (row + 1 < rows).then(|| at + columns),
        ];
        for (slot, beside) in all[usize::from(cell)].iter_mut().zip(beside) {
            *slot = beside.and_then(|b| cell_at[b]).unwrap_or(cell);
        }
    }
    all
}
