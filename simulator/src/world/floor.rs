//! Where people can walk: a grid around shelves, and for every place worth
//! going to a field that says which way is shorter, worked out once.

use engine::plan::{Point, Polygon, SensorKind, StorePlan, ZoneIx};
use std::{cmp::Reverse, collections::BinaryHeap, sync::Arc};

/// Grid step of a shop of ordinary size, m. Fine enough for an aisle of 0.8 m.
const CELL_M: f32 = 0.25;
/// Above this many cells the step doubles until the grid fits.
const CELLS_MAX: usize = 60_000;
/// Places worth going to per zone.
const SPOTS_PER_ZONE: usize = 6;
/// Not reachable.
const FAR: u16 = u16::MAX;

/// One square of the grid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cell(pub u32);

/// One place worth going to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spot(u16);

/// Why a plan cannot be walked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoFloor(String);

impl std::fmt::Display for NoFloor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for NoFloor {}

/// Where people can walk.
#[derive(Debug)]
pub struct Floor {
    origin: Point,
    step: f32,
    cols: usize,
    rows: usize,
    walkable: Vec<bool>,
    zone_of: Vec<Option<ZoneIx>>,
    spots: Vec<Cell>,
    fields: Vec<Vec<u16>>,
    spots_by_zone: Vec<Vec<Spot>>,
    /// The way in and out.
    pub door: Spot,
    /// Where people pay.
    pub checkout: ZoneIx,
}

impl Floor {
    /// Lays the grid over a plan.
    pub fn new(plan: &StorePlan) -> Result<Arc<Self>, NoFloor> {
        let (low, high) = plan.outline.bounds();
        let (width, depth) = (high.x - low.x, high.y - low.y);
        let mut step = CELL_M;
        while (width / step) * (depth / step) > CELLS_MAX as f32 {
            step *= 2.0;
        }
        let (cols, rows) = (
            (width / step).ceil() as usize,
            (depth / step).ceil() as usize,
        );
        let mut floor = Self {
            origin: low,
            step,
            cols,
            rows,
            walkable: vec![false; cols * rows],
            zone_of: vec![None; cols * rows],
            spots: Vec::new(),
            fields: Vec::new(),
            spots_by_zone: Vec::new(),
            door: Spot(0),
            checkout: ZoneIx(0),
        };
        floor.mark(plan);
        floor.open_door(plan)?;
        floor.choose_spots(plan);
        Ok(Arc::new(floor))
    }

    fn mark(&mut self, plan: &StorePlan) {
        // Half a cell's diagonal: then no straight step between two free
        // cells can touch a shelf.
        let clearance = self.step * 0.72;
        for i in 0..self.walkable.len() {
            let at = self.middle(Cell(i as u32));
            self.zone_of[i] = plan.zone_at(at);
            self.walkable[i] = plan.outline.contains(at)
                && !touches(&plan.outline, at, clearance)
                && !plan
                    .obstacles
                    .iter()
                    .any(|o| o.contains(at) || touches(o, at, clearance));
        }
    }

    /// Finds the way in and closes off what cannot be reached from it.
    fn open_door(&mut self, plan: &StorePlan) -> Result<(), NoFloor> {
        let entrance = plan.zones.iter().position(|z| z.entrance).unwrap_or(0);
        let wanted = Some(ZoneIx(entrance as u8));
        let free = |i: &usize| self.walkable[*i] && self.zone_of[*i] == wanted;
        let cells: Vec<usize> = (0..self.walkable.len()).filter(free).collect();
        let Some(door) = cells.get(cells.len() / 2) else {
            return Err(NoFloor(format!(
                "zone {} has no free floor to come in by; move the shelves or the zone",
                plan.zones.get(entrance).map_or("(none)", |z| z.id.as_str())
            )));
        };
        self.door = self.add_spot(Cell(*door as u32));
        for (cell, far) in self.fields[self.door.0 as usize].iter().enumerate() {
            self.walkable[cell] &= *far != FAR;
        }
        Ok(())
    }

    fn choose_spots(&mut self, plan: &StorePlan) {
        for zone in 0..plan.zones.len() {
            let zone = Some(ZoneIx(zone as u8));
            let cells: Vec<usize> = (0..self.walkable.len())
                .filter(|i| self.walkable[*i] && self.zone_of[*i] == zone)
                .collect();
            let count = SPOTS_PER_ZONE.min(cells.len());
            let spots = (0..count)
                .map(|n| cells[(2 * n + 1) * cells.len() / (2 * count)])
                .map(|cell| self.add_spot(Cell(cell as u32)))
                .collect();
            self.spots_by_zone.push(spots);
        }
        self.checkout = checkout_zone(plan);
    }

    fn add_spot(&mut self, at: Cell) -> Spot {
        let field = self.field_to(at);
        self.spots.push(at);
        self.fields.push(field);
        Spot((self.spots.len() - 1) as u16)
    }

    /// Walking distance of every cell to one, in tenths of a step (Dijkstra).
    fn field_to(&self, target: Cell) -> Vec<u16> {
        let mut field = vec![FAR; self.walkable.len()];
        let mut open = BinaryHeap::from([Reverse((0_u16, target))]);
        field[target.0 as usize] = 0;
        while let Some(Reverse((far, cell))) = open.pop() {
            if far > field[cell.0 as usize] {
                continue;
            }
            for (next, length) in self.neighbours(cell) {
                let total = far.saturating_add(length).min(FAR - 1);
                if total < field[next.0 as usize] {
                    field[next.0 as usize] = total;
                    open.push(Reverse((total, next)));
                }
            }
        }
        field
    }

    /// Free cells one step away with the step's length in tenths; diagonal
    /// steps only where they cut no corner.
    fn neighbours(&self, cell: Cell) -> impl Iterator<Item = (Cell, u16)> + '_ {
        const STEPS: [(i32, i32); 8] = [
            (1, 0),
            (0, 1),
            (-1, 0),
            (0, -1),
            (1, 1),
            (-1, 1),
            (-1, -1),
            (1, -1),
        ];
        let (x, y) = (
            (cell.0 as usize % self.cols) as i32,
            (cell.0 as usize / self.cols) as i32,
        );
        STEPS.into_iter().filter_map(move |(dx, dy)| {
            let next = self.free(x + dx, y + dy)?;
            let straight = dx == 0 || dy == 0;
            let open =
                straight || (self.free(x + dx, y).is_some() && self.free(x, y + dy).is_some());
            open.then_some((next, if straight { 10 } else { 14 }))
        })
    }

    fn free(&self, x: i32, y: i32) -> Option<Cell> {
        let inside = x >= 0 && y >= 0 && (x as usize) < self.cols && (y as usize) < self.rows;
        let index = inside.then(|| y as usize * self.cols + x as usize)?;
        self.walkable[index].then_some(Cell(index as u32))
    }

    /// The next cell on a shortest way; `None` on arrival.
    pub fn towards(&self, from: Cell, spot: Spot) -> Option<Cell> {
        let field = &self.fields[spot.0 as usize];
        let here = field[from.0 as usize];
        self.neighbours(from)
            .map(|(cell, _)| (field[cell.0 as usize], cell))
            .filter(|(far, _)| *far < here)
            .min()
            .map(|(_, cell)| cell)
    }

    /// The places worth going to in a zone; empty where nobody can stand.
    pub fn spots(&self, zone: ZoneIx) -> &[Spot] {
        self.spots_by_zone.get(zone.at()).map_or(&[], Vec::as_slice)
    }

    /// Where a spot is.
    pub fn cell_of(&self, spot: Spot) -> Cell {
        self.spots[spot.0 as usize]
    }

    /// The middle of a cell.
    pub fn middle(&self, cell: Cell) -> Point {
        let (col, row) = (cell.0 as usize % self.cols, cell.0 as usize / self.cols);
        Point {
            x: self.origin.x + (col as f32 + 0.5) * self.step,
            y: self.origin.y + (row as f32 + 0.5) * self.step,
        }
    }

    /// Straight ways from south to north that nothing stands in, so far apart
    /// and at least so long, m; from west to east.
    pub fn lanes(&self, apart_m: f32, length_m: f32) -> Vec<(Point, Point)> {
        let step = (apart_m / self.step).max(1.0) as usize;
        let long = (length_m / self.step) as usize;
        let mut lanes = Vec::new();
        for col in (step / 2..self.cols).step_by(step) {
            let cell = |row: usize| row * self.cols + col;
            let mut row = 0;
            while row < self.rows {
                let free = (row..self.rows).take_while(|row| self.walkable[cell(*row)]);
                let end = row + free.count();
                if end > row + long {
                    let place = |row: usize| self.middle(Cell(cell(row) as u32));
                    lanes.push((place(row), place(end - 1)));
                }
                row = end + 1;
            }
        }
        lanes
    }

    /// The zone of a cell.
    pub fn zone_of(&self, cell: Cell) -> Option<ZoneIx> {
        self.zone_of[cell.0 as usize]
    }
}

fn checkout_zone(plan: &StorePlan) -> ZoneIx {
    let by_queue = plan
        .sensors
        .iter()
        .find(|s| s.kind == SensorKind::Queue)
        .and_then(|s| s.zone);
    let by_name = || {
        let tills = |id: &str| id.contains("checkout") || id.contains("till");
        let zone = plan.zones.iter().position(|z| tills(z.id.as_str()));
        zone.or_else(|| plan.zones.iter().position(|z| z.entrance))
            .map(|i| ZoneIx(i as u8))
    };
    by_queue.or_else(by_name).unwrap_or(ZoneIx(0))
}

/// Whether the polygon's edge passes within `reach` of the point.
fn touches(polygon: &Polygon, at: Point, reach: f32) -> bool {
    polygon
        .edges()
        .any(|(a, b)| distance_to_edge(at, a, b) < reach)
}

fn distance_to_edge(p: Point, a: Point, b: Point) -> f32 {
    let (dx, dy) = (b.x - a.x, b.y - a.y);
    let length2 = dx * dx + dy * dy;
    let along = if length2 > 0.0 {
        (((p.x - a.x) * dx + (p.y - a.y) * dy) / length2).clamp(0.0, 1.0)
    } else {
        0.0
    };
    p.distance(Point {
        x: a.x + along * dx,
        y: a.y + along * dy,
    })
}
