//! The shop's decisions. Events in, effects out; no clock, no I/O, no async,
//! no randomness but the seed.
//!
//! ```text
//! ingest > identity > consent > presence > context > decide > deliver > measure
//! ```
//!
//! The modules stand in the order in which data flows, and a stage never
//! reaches into another's fields. This file only dispatches.

pub mod decide;
pub mod effect;
pub mod event;
pub mod plan;
pub mod shopper;
pub mod snapshot;
pub mod time;
pub mod view;

pub use effect::{Effect, Effects};
pub use event::Event;
pub use snapshot::Snapshot;
pub use time::Now;

use serde::{Deserialize, Serialize};

/// The only source of chance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seed(pub u64);

/// When to send [`Event::Woke`], and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Wake {
    /// The moment.
    pub at: time::Mono,
    /// What waits for it.
    pub why: WakeReason,
}

/// What waits for a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum WakeReason {
    /// Presence of somebody in the shop is to be worked out.
    Presence,
    /// Rotating identifiers of the next slot are to be computed.
    Identity,
    /// A screen waits for a report, an expiry or a decision.
    Screen,
    /// A schedule or a sensor's staleness may change what is true.
    Context,
}
