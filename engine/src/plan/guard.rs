//! What keeps a public screen from giving people away: how strict a shop wants
//! it, and how strict it is at least.

use serde::{Deserialize, Serialize};

/// How strict the public-screen guard is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct GuardSettings {
    /// A segment offer needs at least this many people surely in view ...
    pub people_in_view_min: u16,
    /// ... and at least this many enrolled shoppers who qualify.
    pub enrolled_min: u32,
    /// Each segment offer has its turn on a screen in one of so many slots.
    pub turns: u16,
    /// A picture stays at least this long unless it must go, ms.
    pub dwell_on_screen_ms_min: u32,
    /// After few people came or went no segment offer appears for about this
    /// long, ms.
    pub settle_ms: u32,
}

impl GuardSettings {
    /// What no shop goes below. The numbers are those of the bystander's curve
    /// in `docs/guard.md`: at them somebody who stands and watches guesses a
    /// segment by less than 2 percentage points more often than without a screen.
    pub const FLOOR: Self = Self {
        people_in_view_min: 3,
        enrolled_min: 50,
        turns: 8,
        dwell_on_screen_ms_min: 3_000,
        settle_ms: 1_000,
    };

    /// These, but never below [`Self::FLOOR`], whoever made the plan.
    #[must_use]
    pub fn at_least_floor(self) -> Self {
        let floor = Self::FLOOR;
        Self {
            people_in_view_min: self.people_in_view_min.max(floor.people_in_view_min),
            enrolled_min: self.enrolled_min.max(floor.enrolled_min),
            turns: self.turns.max(floor.turns),
            dwell_on_screen_ms_min: self
                .dwell_on_screen_ms_min
                .max(floor.dwell_on_screen_ms_min),
            settle_ms: self.settle_ms.max(floor.settle_ms),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_setting_is_below_the_floor_and_stricter_ones_stay() {
        let none = GuardSettings {
            people_in_view_min: 0,
            enrolled_min: 0,
            turns: 0,
            dwell_on_screen_ms_min: 0,
            settle_ms: 0,
        };
        assert_eq!(none.at_least_floor(), GuardSettings::FLOOR);
        let strict = GuardSettings {
            people_in_view_min: 9,
            enrolled_min: 900,
            turns: 90,
            dwell_on_screen_ms_min: 9_000,
            settle_ms: 9_000,
        };
        assert_eq!(strict.at_least_floor(), strict);
    }
}
