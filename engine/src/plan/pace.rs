//! How quickly a display does what it is told, and how often it may change.

use serde::{Deserialize, Serialize};

/// How quickly a display does what it is told, and how often it may change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pace {
    /// Time within which it confirms a command, ms; later it is taken not to answer.
    pub confirm_ms: u64,
    /// A picture stays at least this long, ms, and between two pictures sent
    /// lies at least as much. A clear never waits.
    pub hold_ms: u32,
}

impl Pace {
    /// A page in a browser: paints in milliseconds, as often as it is told.
    pub const GLASS: Self = Self {
        confirm_ms: 10_000,
        hold_ms: 0,
    };

    /// Whether it is too slow to take back what no longer holds while somebody
    /// still stands before it. Only pictures that say nothing about anybody
    /// belong there.
    pub const fn is_slow(self) -> bool {
        self.confirm_ms > 60_000
    }
}
