//! The shop floor: metres from its south-west corner, x east, y north.

use super::{Bits, Pace, ScannerIx, ZoneIx};
use protocol::{
    beacon::Beacon,
    id::{ScannerId, ScreenId, SensorId, ZoneId},
};
use serde::{Deserialize, Serialize};

/// A place, metres.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Point {
    /// East.
    pub x: f32,
    /// North.
    pub y: f32,
}

impl Point {
    /// Straight-line distance, metres.
    pub fn distance(self, other: Self) -> f32 {
        libm::hypotf(self.x - other.x, self.y - other.y)
    }
}

/// A simple polygon; at least three corners, not closed explicitly.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Polygon(pub Vec<Point>);

impl Polygon {
    /// Whether the point lies inside (even-odd rule; a point on an edge may
    /// fall to either side).
    pub fn contains(&self, p: Point) -> bool {
        let mut inside = false;
        for (a, b) in self.edges() {
            if (a.y > p.y) != (b.y > p.y) && p.x < (b.x - a.x) * (p.y - a.y) / (b.y - a.y) + a.x {
                inside = !inside;
            }
        }
        inside
    }

    /// The edges, each once.
    pub fn edges(&self) -> impl Iterator<Item = (Point, Point)> + '_ {
        let next = self.0.iter().skip(1).chain(self.0.first());
        self.0.iter().copied().zip(next.copied())
    }

    /// Area, square metres.
    pub fn area(&self) -> f32 {
        let twice: f32 = self.edges().map(|(a, b)| a.x * b.y - b.x * a.y).sum();
        twice.abs() / 2.0
    }

    /// Mean of the corners: a place to put a label.
    pub fn middle(&self) -> Point {
        let n = self.0.len().max(1) as f32;
        Point {
            x: self.0.iter().map(|p| p.x).sum::<f32>() / n,
            y: self.0.iter().map(|p| p.y).sum::<f32>() / n,
        }
    }

    /// South-west and north-east corners of the box around it.
    pub fn bounds(&self) -> (Point, Point) {
        let mut low = Point {
            x: f32::INFINITY,
            y: f32::INFINITY,
        };
        let mut high = Point {
            x: f32::NEG_INFINITY,
            y: f32::NEG_INFINITY,
        };
        for p in &self.0 {
            low = Point {
                x: low.x.min(p.x),
                y: low.y.min(p.y),
            };
            high = Point {
                x: high.x.max(p.x),
                y: high.y.max(p.y),
            };
        }
        (low, high)
    }

    /// Whether the straight line between two points meets this polygon.
    pub fn crosses(&self, from: Point, to: Point) -> bool {
        !self.is_beside(from, to)
            && (self.contains(from) || self.contains(to) || self.meets(from, to))
    }

    /// Whether an edge of this polygon lies between two points.
    pub fn edge_crosses(&self, from: Point, to: Point) -> bool {
        !self.is_beside(from, to) && self.meets(from, to)
    }

    fn meets(&self, from: Point, to: Point) -> bool {
        self.edges().any(|(a, b)| segments_meet(from, to, a, b))
    }

    /// Whether all of it lies on one side of the box around a line: most shelves do, for
    /// most lines, and a shop's map asks for every scanner, place and shelf.
    fn is_beside(&self, from: Point, to: Point) -> bool {
        let (west, east) = (from.x.min(to.x), from.x.max(to.x));
        let (south, north) = (from.y.min(to.y), from.y.max(to.y));
        self.0.iter().all(|p| p.x < west)
            || self.0.iter().all(|p| p.x > east)
            || self.0.iter().all(|p| p.y < south)
            || self.0.iter().all(|p| p.y > north)
    }

    /// How many edges of this polygon lie between two points.
    pub fn crossings(&self, from: Point, to: Point) -> usize {
        let meets = |(a, b): &(Point, Point)| segments_meet(from, to, *a, *b);
        self.edges().filter(meets).count()
    }
}

fn segments_meet(p: Point, q: Point, a: Point, b: Point) -> bool {
    let side = |o: Point, s: Point, t: Point| (s.x - o.x) * (t.y - o.y) - (s.y - o.y) * (t.x - o.x);
    (side(p, q, a) > 0.0) != (side(p, q, b) > 0.0) && (side(a, b, p) > 0.0) != (side(a, b, q) > 0.0)
}

/// A part of the floor that offers can be aimed at.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Zone {
    /// Name in files and topics.
    pub id: ZoneId,
    /// Name as people read it.
    pub label: String,
    /// Where it is.
    pub area: Polygon,
    /// Whether this is the way in and out.
    pub entrance: bool,
    /// Department sold here, if any (`dairy`); links to a shopper's affinities.
    pub department: Option<String>,
    /// Storey, 0 for the ground floor.
    pub level: u8,
}

/// A storey above the ground floor.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Level {
    /// Floor outline, metres; shares its origin with the ground floor.
    pub outline: Polygon,
    /// Shelves and walls.
    pub obstacles: Vec<Polygon>,
}

/// Where people change storeys: stairs, an escalator, a lift.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Stairs {
    /// The lower of the two storeys it joins.
    pub lower: u8,
    /// Where on both.
    pub area: Polygon,
}

/// What one scanner hears of the survey's tag at one place.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct SurveyPoint {
    /// Where the tag was held.
    pub at: Point,
    /// Storey, 0 for the ground floor.
    pub level: u8,
    /// Which scanner.
    pub scanner: ScannerIx,
    /// Mean strength, dBm.
    pub rssi_dbm: f32,
    /// How many packets that is the mean of. Not having heard a scanner at a
    /// place where others did is a fact of its own and needs no entry.
    pub packets: u16,
}

/// A radio receiver.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Scanner {
    /// Name in files and topics.
    pub id: ScannerId,
    /// Where it hangs.
    pub at: Point,
    /// How much stronger it hears than the others, dB (usually 0).
    pub offset_db: f32,
    /// What it sends itself, if it does: others that hear it tell how well
    /// places are found.
    pub beacon: Option<Beacon>,
    /// Storey, 0 for the ground floor.
    pub level: u8,
}

/// A sensor.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Sensor {
    /// Name in files and topics.
    pub id: SensorId,
    /// Where it is.
    pub at: Point,
    /// The zone it speaks for; `None` for the whole shop.
    pub zone: Option<ZoneIx>,
    /// What it measures.
    pub kind: SensorKind,
    /// Silence after which its value is no longer used, ms.
    pub stale_after_ms: u64,
    /// When it is a port of a node of ours: which node, which port.
    pub node: Option<(ScannerIx, u8)>,
    /// For a stock or price sensor: the product.
    pub sku: Option<String>,
}

/// What a sensor measures. Decides which values are plausible.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SensorKind {
    /// Air temperature, -40 to 85 °C.
    Temperature,
    /// Relative humidity, 0 to 100 %.
    Humidity,
    /// Illuminance, 0 to 200,000 lx.
    Light,
    /// Somebody is there or not.
    Occupancy,
    /// People through a door, cumulative.
    Door,
    /// Weight on a shelf.
    ShelfWeight,
    /// Pieces on a shelf.
    Stock,
    /// People waiting.
    Queue,
    /// Somebody pressed a button a moment ago.
    Button,
    /// What one product costs, in the smallest unit of the currency.
    Price,
    /// A number of any unit: the weather, a forecast, another system's fact.
    Number,
}

/// A display.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Screen {
    /// Name in files and topics.
    pub id: ScreenId,
    /// Name as people read it.
    pub label: String,
    /// Where it stands.
    pub at: Point,
    /// Zones from which it can be seen.
    pub seen_from: Bits,
    /// Silence after which nothing it says is believed, ms.
    pub silent_after_ms: u64,
    /// How quickly it does what it is told.
    pub pace: Pace,
    /// Storey, 0 for the ground floor.
    pub level: u8,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn square() -> Polygon {
        let at = |x, y| Point { x, y };
        Polygon(vec![at(0.0, 0.0), at(4.0, 0.0), at(4.0, 4.0), at(0.0, 4.0)])
    }

    #[test]
    fn a_square_knows_inside_area_and_what_crosses_it() {
        let s = square();
        assert!(s.contains(Point { x: 1.0, y: 3.0 }));
        assert!(!s.contains(Point { x: 5.0, y: 3.0 }));
        assert!((s.area() - 16.0).abs() < 1e-6);
        let through = (Point { x: -1.0, y: 2.0 }, Point { x: 5.0, y: 2.5 });
        assert!(s.crosses(through.0, through.1));
        let beside = (Point { x: -1.0, y: 5.0 }, Point { x: 5.0, y: 5.0 });
        assert!(!s.crosses(beside.0, beside.1));
    }

    #[test]
    fn what_lies_beside_a_line_is_what_does_not_cross_it() {
        let s = square();
        let places = || (-3..=7).flat_map(|x| (-3..=7).map(move |y| (x, y)));
        let at = |(x, y): (i16, i16)| Point {
            x: 0.9 * f32::from(x),
            y: 1.1 * f32::from(y),
        };
        for (from, to) in places().flat_map(|p| places().map(move |q| (at(p), at(q)))) {
            let crosses = s.contains(from) || s.contains(to) || s.meets(from, to);
            assert_eq!(s.crosses(from, to), crosses, "{from:?} {to:?}");
            assert_eq!(s.edge_crosses(from, to), s.meets(from, to));
        }
    }
}
