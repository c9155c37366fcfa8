//! Somebody who carries a tag about the floor to calibrate it: goes where they
//! say they are, as well as people can tell.

use crate::chance::Chance;
use engine::plan::{Point, StorePlan};
use protocol::carried::Way;

/// How far people stand from where they say they do, m, each way: a step beside
/// the place they point at. Assumed.
const ASTRAY_SD_M: f32 = 0.3;
/// How fast they walk, m/s: slowly, as they are asked to.
pub const CALIBRATING_MPS: f32 = 0.6;
/// Standing, they turn once round in this time, ms, as the instructions ask.
const TURN_MS: f32 = 10_000.0;

/// Somebody with a tag in hand.
#[derive(Debug)]
pub struct Walker {
    from: Point,
    to: Point,
    begun_ms: u64,
}

impl Walker {
    /// Waits in the way in.
    pub fn at_door(plan: &StorePlan) -> Self {
        let door = plan.zones.iter().find(|zone| zone.entrance);
        let at = door.map_or(Point { x: 0.0, y: 0.0 }, |zone| zone.area.middle());
        Self {
            from: at,
            to: at,
            begun_ms: 0,
        }
    }

    /// Is there, or sets out, now.
    pub fn go(&mut self, way: Way, now_ms: u64, chance: &mut Chance) {
        let astray = Point {
            x: ASTRAY_SD_M * chance.normal(),
            y: ASTRAY_SD_M * chance.normal(),
        };
        let nearly = |[x, y]: [f32; 2]| Point {
            x: x + astray.x,
            y: y + astray.y,
        };
        (self.from, self.to) = (nearly(way.from), nearly(way.to));
        self.begun_ms = now_ms;
    }

    /// Where they are and which way they face.
    pub fn at(&self, now_ms: u64) -> (Point, (f32, f32)) {
        let passed_ms = now_ms.saturating_sub(self.begun_ms) as f32;
        let far = self.from.distance(self.to);
        let gone = (CALIBRATING_MPS * passed_ms / 1_000.0).min(far);
        if gone < far {
            let (dx, dy) = (self.to.x - self.from.x, self.to.y - self.from.y);
            let heading = (dx / far, dy / far);
            let at = Point {
                x: self.from.x + heading.0 * gone,
                y: self.from.y + heading.1 * gone,
            };
            return (at, heading);
        }
        let angle = core::f32::consts::TAU * passed_ms / TURN_MS;
        (self.to, (libm::cosf(angle), libm::sinf(angle)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{chance::Concern, small_shop};

    #[test]
    fn they_stand_nearly_where_they_say_and_arrive_where_they_walk_to() {
        let mut chance = Chance::new(5, Concern::Tag);
        let mut walker = Walker::at_door(&small_shop::plan());
        let near = |walker: &Walker, at_ms, (x, y)| {
            let (at, _) = walker.at(at_ms);
            at.distance(Point { x, y }) < 4.0 * ASTRAY_SD_M
        };
        let way = |from, to| Way { from, to, level: 0 };
        walker.go(way([8.0, 3.0], [8.0, 3.0]), 1_000, &mut chance);
        assert!(near(&walker, 1_000, (8.0, 3.0)) && near(&walker, 90_000, (8.0, 3.0)));
        assert_ne!(walker.at(1_000).1, walker.at(4_000).1, "they turn");
        walker.go(way([8.0, 3.0], [8.0, 9.0]), 100_000, &mut chance);
        assert!(near(&walker, 100_000, (8.0, 3.0)));
        assert!(!near(&walker, 103_000, (8.0, 3.0)) && !near(&walker, 103_000, (8.0, 9.0)));
        assert!(near(&walker, 120_000, (8.0, 9.0)));
    }
}
