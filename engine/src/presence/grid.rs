//! The floor as cells. Every storey is the same rectangle of cells, the ground
//! floor first, row after row from the south, so that a pass over the belief is
//! a pass over one slice.

use crate::plan::{Point, Polygon, StorePlan};
use core::ops::Range;

/// Most cells of all storeys together; beyond it cells grow. A belief takes four
/// bytes a cell: 16 KiB.
const CELLS_MAX: f32 = 4_096.0;
/// Smallest cell, metres: a third of the error one can hope for.
const CELL_M_MIN: f32 = 0.5;
/// Height of a storey, metres.
pub const STOREY_M: f32 = 3.5;

/// The floor as cells, those one can stand in and those one cannot.
#[derive(Debug)]
pub struct Grid {
    /// Side of a cell, metres.
    pub cell_m: f32,
    /// Cells from west to east.
    pub columns: usize,
    /// Cells from south to north.
    pub rows: usize,
    /// Storeys.
    pub levels: usize,
    /// Middle of the most south-western cell.
    pub origin: Point,
    /// The even belief: the same wherever one can stand, else nothing.
    pub even: Vec<f32>,
    /// 1 where one can walk to the eastern neighbour, else 0.
    pub east: Vec<f32>,
    /// 1 where one can walk to the northern neighbour, else 0.
    pub north: Vec<f32>,
    /// Cells with a way to the storey above.
    pub stairs: Vec<u16>,
    /// Cells in a row that are of one zone, each once; cells of none are left out.
    pub runs: Vec<(Range<usize>, u8)>,
}

impl Grid {
    /// Lays the cells out.
    pub fn new(plan: &StorePlan) -> Self {
        let (low, high) = bounds(plan);
        let levels = plan.levels().count();
        let (wide, deep) = (high.x - low.x, high.y - low.y);
        let mut cell_m = libm::sqrtf(wide * deep * levels as f32 / CELLS_MAX).max(CELL_M_MIN);
        let count = |m: f32| libm::ceilf(m).max(1.0) as usize;
        while count(wide / cell_m) * count(deep / cell_m) * levels > CELLS_MAX as usize {
            cell_m *= 1.02;
        }
        let (columns, rows) = (count(wide / cell_m), count(deep / cell_m));
        let none = vec![0.0; columns * rows * levels];
        let mut grid = Self {
            cell_m,
            columns,
            rows,
            levels,
            origin: Point {
                x: low.x + 0.5 * cell_m,
                y: low.y + 0.5 * cell_m,
            },
            even: none.clone(),
            east: none.clone(),
            north: none,
            stairs: Vec::new(),
            runs: Vec::new(),
        };
        for (level, (outline, obstacles)) in plan.levels().enumerate() {
            grid.open(level, outline, obstacles);
        }
        grid.spread_evenly();
        grid.find_stairs(plan);
        grid.find_zones(plan);
        grid
    }

    /// How many cells.
    pub fn cells(&self) -> usize {
        self.even.len()
    }

    /// Cells of one storey.
    pub fn floor(&self) -> usize {
        self.columns * self.rows
    }

    /// Middle and storey of a cell.
    pub fn at(&self, cell: usize) -> (Point, u8) {
        let (level, cell) = (cell / self.floor(), cell % self.floor());
        let (row, column) = (cell / self.columns, cell % self.columns);
        let at = Point {
            x: self.origin.x + column as f32 * self.cell_m,
            y: self.origin.y + row as f32 * self.cell_m,
        };
        (at, level as u8)
    }

    /// Whether one can stand in a cell.
    pub fn stands(&self, cell: usize) -> bool {
        self.even[cell] > 0.0
    }

    fn open(&mut self, level: usize, outline: &Polygon, obstacles: &[Polygon]) {
        let first = level * self.floor();
        for cell in first..first + self.floor() {
            let (at, _) = self.at(cell);
            let free = outline.contains(at) && !obstacles.iter().any(|o| o.contains(at));
            self.even[cell] = f32::from(u8::from(free));
        }
        let passable = |from: Point, to: Point| {
            !outline.edge_crosses(from, to) && !obstacles.iter().any(|o| o.edge_crosses(from, to))
        };
        for cell in first..first + self.floor() {
            let (row, column) = ((cell - first) / self.columns, cell % self.columns);
            let step = |to: usize| {
                let free = self.stands(cell) && self.stands(to);
                f32::from(u8::from(free && passable(self.at(cell).0, self.at(to).0)))
            };
            let east = if column + 1 < self.columns {
                step(cell + 1)
            } else {
                0.0
            };
            let north = if row + 1 < self.rows {
                step(cell + self.columns)
            } else {
                0.0
            };
            (self.east[cell], self.north[cell]) = (east, north);
        }
    }

    fn spread_evenly(&mut self) {
        let mut free: f32 = self.even.iter().sum();
        if free < 1.0 {
            // Nowhere to stand: a plan of nothing but shelves still has visits.
            self.even.fill(1.0);
            free = self.even.len() as f32;
        }
        self.even.iter_mut().for_each(|p| *p /= free);
    }

    fn find_stairs(&mut self, plan: &StorePlan) {
        let floor = self.floor();
        for stairs in &plan.stairs {
            let lower = usize::from(stairs.lower);
            if lower + 1 >= self.levels {
                continue;
            }
            for cell in lower * floor..(lower + 1) * floor {
                let on_both = self.stands(cell) && self.stands(cell + floor);
                if on_both && stairs.area.contains(self.at(cell).0) {
                    self.stairs.push(cell as u16);
                }
            }
        }
    }

    fn find_zones(&mut self, plan: &StorePlan) {
        for cell in 0..self.cells() {
            let (at, level) = self.at(cell);
            let Some(zone) = plan.zone_on(level, at).filter(|_| self.stands(cell)) else {
                continue;
            };
            match self.runs.last_mut() {
                Some((run, of)) if *of == zone.0 && run.end == cell => run.end += 1,
                _ => self.runs.push((cell..cell + 1, zone.0)),
            }
        }
    }
}

/// The box around all storeys.
fn bounds(plan: &StorePlan) -> (Point, Point) {
    let mut boxes = plan.levels().map(|(outline, _)| outline.bounds());
    let ground = boxes.next().expect("every plan has a ground floor");
    boxes.fold(ground, |(low, high), (l, h)| {
        let low = Point {
            x: low.x.min(l.x),
            y: low.y.min(l.y),
        };
        let high = Point {
            x: high.x.max(h.x),
            y: high.y.max(h.y),
        };
        (low, high)
    })
}
