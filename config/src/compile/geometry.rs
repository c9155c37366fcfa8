//! Is a floor plan possible? Areas are compared on a grid: people draw plans by
//! hand, and a shared wall that is off by a centimetre is no mistake.

use engine::plan::{Level, Point, Polygon, Stairs, Zone};

/// Area below which a difference is the draughtsman's pencil, square metres.
const PENCIL_M2: f32 = 0.1;

/// Half the width of a person with a basket, metres.
const SHOULDER_M: f32 = 0.25;

/// Whether two edges of the polygon meet other than at their common corner.
pub(crate) fn crosses_itself(polygon: &Polygon) -> bool {
    let edges: Vec<(Point, Point)> = polygon.edges().collect();
    let n = edges.len();
    (0..n).any(|i| {
        // Neighbours share a corner; the first and the last are neighbours too.
        let others = (i + 2)..n.min(if i == 0 { n.saturating_sub(1) } else { n });
        others.into_iter().any(|j| meet(edges[i], edges[j]))
    })
}

fn meet((p, q): (Point, Point), (a, b): (Point, Point)) -> bool {
    let side = |o: Point, s: Point, t: Point| (s.x - o.x) * (t.y - o.y) - (s.y - o.y) * (t.x - o.x);
    side(p, q, a) * side(p, q, b) < 0.0 && side(a, b, p) * side(a, b, q) < 0.0
}

/// Whether the polygon encloses too little to stand in.
pub(crate) fn is_empty(polygon: &Polygon) -> bool {
    polygon.area() < PENCIL_M2
}

/// Whether the polygon is as good as a line. A plasterboard wall beside a door
/// is no more than ten centimetres by a few decimetres.
pub(crate) fn is_line(polygon: &Polygon) -> bool {
    polygon.area() < 0.002
}

/// Square metres of `inner` that lie outside `outer`, 0 when too little to matter.
pub(crate) fn area_outside(inner: &Polygon, outer: &Polygon) -> f32 {
    area(inner.bounds(), |p| inner.contains(p) && !outer.contains(p))
}

/// Square metres that both cover, 0 when too little to matter.
pub(crate) fn area_shared(a: &Polygon, b: &Polygon) -> f32 {
    let ((a_low, a_high), (b_low, b_high)) = (a.bounds(), b.bounds());
    let low = Point {
        x: a_low.x.max(b_low.x),
        y: a_low.y.max(b_low.y),
    };
    let high = Point {
        x: a_high.x.min(b_high.x),
        y: a_high.y.min(b_high.y),
    };
    if low.x >= high.x || low.y >= high.y {
        return 0.0;
    }
    area((low, high), |p| a.contains(p) && b.contains(p))
}

/// Area of the points that fit, on a grid of 64 by 64 over the box.
fn area((low, high): (Point, Point), fits: impl Fn(Point) -> bool) -> f32 {
    const CELLS: u16 = 64;
    let (width, height) = (high.x - low.x, high.y - low.y);
    let at =
        |i: u16, from: f32, length: f32| from + (f32::from(i) + 0.5) * length / f32::from(CELLS);
    let cells = (0..CELLS).flat_map(|i| (0..CELLS).map(move |j| (i, j)));
    let hits = cells.filter(|(i, j)| {
        fits(Point {
            x: at(*i, low.x, width),
            y: at(*j, low.y, height),
        })
    });
    let share = hits.count() as f32 / (f32::from(CELLS) * f32::from(CELLS));
    let found = share * width * height;
    if found < PENCIL_M2 { 0.0 } else { found }
}

/// How far a place is from the floor, metres; 0 on it.
pub(crate) fn distance_to(polygon: &Polygon, place: Point) -> f32 {
    if polygon.contains(place) {
        return 0.0;
    }
    let distances = polygon.edges().map(|(a, b)| {
        let (dx, dy) = (b.x - a.x, b.y - a.y);
        let along = ((place.x - a.x) * dx + (place.y - a.y) * dy) / (dx * dx + dy * dy).max(1e-9);
        let t = along.clamp(0.0, 1.0);
        let foot = Point {
            x: a.x + t * dx,
            y: a.y + t * dy,
        };
        place.distance(foot)
    });
    distances.fold(f32::INFINITY, f32::min)
}

/// Indices of zones that nobody can walk to from a way in.
pub(crate) fn unreachable(storeys: &[Storey], stairs: &[Stairs], zones: &[Zone]) -> Vec<usize> {
    let mut reached: Vec<Vec<bool>> = storeys.iter().map(|s| vec![false; s.free.len()]).collect();
    for (level, storey) in storeys.iter().enumerate() {
        let doors = storey.free_cells(|p| {
            let mut here = zones.iter().filter(|z| usize::from(z.level) == level);
            here.any(|z| z.entrance && z.area.contains(p))
        });
        storey.flood(doors, &mut reached[level]);
    }
    // Once per storey is enough to get from the lowest to the highest.
    for _ in storeys {
        for flight in stairs {
            climb(storeys, flight, &mut reached);
        }
    }
    let is_reached = |zone: &Zone| {
        let level = usize::from(zone.level);
        let within = storeys[level].free_cells(|p| zone.area.contains(p));
        within.iter().any(|cell| reached[level][*cell])
    };
    (0..zones.len())
        .filter(|zone| !is_reached(&zones[*zone]))
        .collect()
}

/// Who reaches the stairs on one storey reaches what they lead to on the other.
fn climb(storeys: &[Storey], flight: &Stairs, reached: &mut [Vec<bool>]) {
    let lower = usize::from(flight.lower);
    let ends = [lower, lower + 1].map(|level| {
        let cells = storeys[level].free_cells(|p| flight.area.contains(p));
        (level, cells)
    });
    let at_stairs = ends
        .iter()
        .any(|(level, cells)| cells.iter().any(|cell| reached[*level][*cell]));
    if at_stairs {
        for (level, cells) in ends {
            storeys[level].flood(cells, &mut reached[level]);
        }
    }
}

/// A storey in squares one can stand in or not.
pub(crate) struct Storey {
    low: Point,
    cell_m: f32,
    columns: usize,
    free: Vec<bool>,
}

impl Storey {
    /// Draws the squares.
    pub(crate) fn new(level: &Level) -> Self {
        // A quarter of a metre: half a shoulder. Huge floors get coarser
        // squares, so that drawing a kilometre costs no more than a shop.
        const CELLS_MOST: f32 = 240.0;
        let (low, high) = level.outline.bounds();
        let (width, height) = (high.x - low.x, high.y - low.y);
        let cell_m = 0.25_f32.max(width.max(height) / CELLS_MOST);
        let columns = (width / cell_m).ceil().max(1.0) as usize;
        let rows = (height / cell_m).ceil().max(1.0) as usize;
        let mut storey = Self {
            low,
            cell_m,
            columns,
            free: vec![false; columns * rows],
        };
        let boxes: Vec<_> = level.obstacles.iter().map(|o| (o.bounds(), o)).collect();
        for cell in 0..storey.free.len() {
            let p = storey.middle(cell);
            let blocked = boxes.iter().any(|((low, high), obstacle)| {
                // Beside a shelf there is no room for half a person either.
                (low.x - SHOULDER_M..=high.x + SHOULDER_M).contains(&p.x)
                    && (low.y - SHOULDER_M..=high.y + SHOULDER_M).contains(&p.y)
                    && distance_to(obstacle, p) < SHOULDER_M
            });
            storey.free[cell] = !blocked && level.outline.contains(p);
        }
        storey
    }

    /// Squares one can stand in, of those whose middle is asked for.
    fn free_cells(&self, asked: impl Fn(Point) -> bool) -> Vec<usize> {
        let free = (0..self.free.len()).filter(|cell| self.free[*cell]);
        free.filter(|cell| asked(self.middle(*cell))).collect()
    }

    fn middle(&self, cell: usize) -> Point {
        let (column, row) = (cell % self.columns, cell / self.columns);
        Point {
            x: self.low.x + (column as f32 + 0.5) * self.cell_m,
            y: self.low.y + (row as f32 + 0.5) * self.cell_m,
        }
    }

    /// Marks every square one can walk to.
    fn flood(&self, mut next: Vec<usize>, reached: &mut [bool]) {
        next.retain(|cell| !reached[*cell]);
        next.iter().for_each(|cell| reached[*cell] = true);
        while let Some(cell) = next.pop() {
            let column = cell % self.columns;
            let west = (column > 0).then(|| cell - 1);
            let east = (column + 1 < self.columns).then_some(cell + 1);
            let south = cell.checked_sub(self.columns);
            let north = Some(cell + self.columns).filter(|n| *n < self.free.len());
            for neighbour in [west, east, south, north].into_iter().flatten() {
                if self.free[neighbour] && !reached[neighbour] {
                    reached[neighbour] = true;
                    next.push(neighbour);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn polygon(corners: &[(f32, f32)]) -> Polygon {
        Polygon(
            corners
                .iter()
                .map(|(x, y)| Point { x: *x, y: *y })
                .collect(),
        )
    }

    fn square(x: f32, y: f32, side: f32) -> Polygon {
        polygon(&[(x, y), (x + side, y), (x + side, y + side), (x, y + side)])
    }

    #[test]
    fn a_bow_tie_crosses_itself_and_a_notched_room_does_not() {
        assert!(crosses_itself(&polygon(&[
            (0.0, 0.0),
            (4.0, 4.0),
            (4.0, 0.0),
            (0.0, 4.0)
        ])));
        let notched = [
            (0.0, 0.0),
            (4.0, 0.0),
            (4.0, 2.0),
            (2.0, 2.0),
            (2.0, 4.0),
            (0.0, 4.0),
        ];
        assert!(!crosses_itself(&polygon(&notched)));
    }

    #[test]
    fn rooms_that_share_a_wall_do_not_overlap() {
        assert!(area_shared(&square(0.0, 0.0, 4.0), &square(4.0, 0.0, 4.0)).abs() < 1e-6);
        assert!((area_shared(&square(0.0, 0.0, 4.0), &square(3.0, 0.0, 4.0)) - 4.0).abs() < 0.1);
        assert!((area_outside(&square(3.0, 0.0, 4.0), &square(0.0, 0.0, 4.0)) - 12.0).abs() < 0.2);
        assert!(area_outside(&square(0.0, 0.0, 4.0), &square(0.0, 0.0, 4.0)).abs() < 1e-6);
    }

    #[test]
    fn the_distance_to_a_floor_is_to_its_nearest_wall() {
        let floor = square(0.0, 0.0, 4.0);
        assert!(distance_to(&floor, Point { x: 1.0, y: 1.0 }).abs() < 1e-6);
        assert!((distance_to(&floor, Point { x: 7.0, y: 8.0 }) - 5.0).abs() < 1e-5);
    }
}
