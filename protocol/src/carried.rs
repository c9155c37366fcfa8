//! The tag that is carried about a simulated shop to calibrate it: there the
//! gateway says where its operator claims to be, for want of a hand that could
//! carry one.

use alloc::string::String;
use serde::{Deserialize, Serialize};

/// A tag in somebody's hand.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Carried {
    /// What the tag sends, as [`crate::written`] reads it; nobody carries one if
    /// `null`.
    pub tag: Option<String>,
    /// Where it is carried from now on; it stays where it is if `null`.
    pub way: Option<Way>,
}

/// Straight from one place to another, or standing.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Way {
    /// Metres east and north.
    pub from: [f32; 2],
    /// Metres east and north; the same for standing.
    pub to: [f32; 2],
    /// Storey, 0 for the ground floor.
    pub level: u8,
}

impl Way {
    /// Whether the tag is held still.
    pub fn is_standing(&self) -> bool {
        let far = |n: usize| (self.to[n] - self.from[n]).abs();
        far(0) + far(1) < f32::EPSILON
    }
}
