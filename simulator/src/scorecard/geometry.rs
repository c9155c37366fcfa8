//! How far from a zone.

use engine::plan::{Point, Polygon};

/// How far a place is from an area, metres; 0 inside.
pub fn distance_to(area: &Polygon, place: Point) -> f64 {
    if area.contains(place) {
        return 0.0;
    }
    let distances = area.edges().map(|(a, b)| {
        let (dx, dy) = (b.x - a.x, b.y - a.y);
        let along = (place.x - a.x) * dx + (place.y - a.y) * dy;
        let t = (along / (dx * dx + dy * dy).max(1e-9)).clamp(0.0, 1.0);
        let foot = Point {
            x: a.x + t * dx,
            y: a.y + t * dy,
        };
        place.distance(foot)
    });
    f64::from(distances.fold(f32::INFINITY, f32::min))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_distance_is_to_the_nearest_edge_and_nothing_inside() {
        let at = |x, y| Point { x, y };
        let square = Polygon(vec![at(0.0, 0.0), at(4.0, 0.0), at(4.0, 4.0), at(0.0, 4.0)]);
        assert!(distance_to(&square, at(1.0, 1.0)).abs() < 1e-9);
        assert!((distance_to(&square, at(7.0, 8.0)) - 5.0).abs() < 1e-6);
    }
}
