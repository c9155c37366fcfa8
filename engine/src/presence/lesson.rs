//! When somebody teaches how far scanners are from what the map says of them.
//! Where the map is wrong it is wrong for as long as somebody stands there: who
//! stands still, as staff at a till do for hours, has soon nothing more to teach.

use crate::plan::Point;
use serde::{Deserialize, Serialize};

/// How far on the next lesson begins, metres.
const ON_M: f32 = 1.0;

/// One lesson.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct Lesson {
    /// Where it began.
    at: Point,
    /// Half steps taught.
    taught: u8,
}

impl Default for Lesson {
    fn default() -> Self {
        Self::at(Point { x: 0.0, y: 0.0 })
    }
}

impl Lesson {
    const fn at(at: Point) -> Self {
        Self { at, taught: 0 }
    }

    /// Whether there is more to teach here, of so many half steps.
    pub const fn goes_on(self, halves: u8) -> bool {
        self.taught < halves
    }

    /// Half a step was taught.
    pub const fn taught(&mut self) {
        self.taught = self.taught.saturating_add(1);
    }

    /// Somebody is taken to be here now.
    pub fn walked_to(&mut self, at: Point) {
        if self.at.distance(at) >= ON_M {
            *self = Self::at(at);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_stands_still_teaches_for_seconds_and_who_walks_for_ever() {
        for (step_m, taught) in [(0.0, 12), (0.5, 100)] {
            let mut lesson = Lesson::default();
            let mut n = 0;
            for half in 1..=100_u8 {
                n += u8::from(lesson.goes_on(12));
                lesson.taught();
                lesson.walked_to(Point {
                    x: step_m * f32::from(half),
                    y: 0.0,
                });
            }
            assert_eq!(n, taught);
        }
    }
}
