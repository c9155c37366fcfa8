//! Where people are believed to be, as squares of the floor: a belief has no
//! one place, and a dot would say that it has.

use crate::{Engine, presence::Visit};
use serde::Serialize;
use std::collections::BTreeMap;

/// Side of a square, metres: half an aisle.
pub const SQUARE_M: f32 = 1.0;
/// Expected people in a square below which it is left out.
const PEOPLE_MIN: f32 = 0.004;

/// A square and how many shoppers are expected in it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Square {
    /// Its western edge, metres.
    pub x_m: f32,
    /// Its southern edge, metres.
    pub y_m: f32,
    /// Storey, 0 for the ground floor.
    pub level: u8,
    /// Shoppers who opted in, expected in it.
    pub people: f32,
}

impl Engine {
    /// The belief about one visit, or about all together; nothing for a visit
    /// that is not going on.
    pub fn heat(&self, visit: Option<u32>) -> Vec<Square> {
        let asked = |v: &&Visit| visit.is_none_or(|number| v.number == number);
        let mut squares: BTreeMap<(u8, i32, i32), f32> = BTreeMap::new();
        for visit in self.presence.visits().iter().filter(asked) {
            for (at, level, probability) in self.presence.heat(visit) {
                let square = |metres: f32| libm::floorf(metres / SQUARE_M) as i32;
                *squares
                    .entry((level, square(at.x), square(at.y)))
                    .or_default() += probability;
            }
        }
        let warm = squares
            .into_iter()
            .filter(|(_, people)| *people >= PEOPLE_MIN);
        warm.map(|((level, x, y), people)| Square {
            x_m: x as f32 * SQUARE_M,
            y_m: y as f32 * SQUARE_M,
            level,
            people,
        })
        .collect()
    }
}
