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

/// The shop's mind.
#[derive(Debug)]
pub struct Engine {
    counts: view::Counts,
}

impl Engine {
    /// Starts with what the ledger adds up to.
    pub fn new(
        plan: std::sync::Arc<plan::StorePlan>,
        restored: Snapshot,
        seed: Seed,
        now: Now,
    ) -> Self {
        let _ = (plan, restored, seed, now);
        Self {
            counts: view::Counts::default(),
        }
    }

    /// Advances by one event. Total: never fails, never blocks, never reads a clock.
    /// Appends to `effects`.
    pub fn handle(&mut self, now: Now, event: Event, effects: &mut Effects) {
        let _ = (now, event, effects);
    }

    /// When to send [`Event::Woke`], and why. Earlier or more often does no harm.
    pub fn next_wake(&self) -> Option<Wake> {
        None
    }

    /// Facts counted since start.
    pub fn counts(&self) -> &view::Counts {
        &self.counts
    }

    /// The shop as the engine sees it now.
    pub fn status(&self, now: Now) -> view::Status {
        let _ = now;
        view::Status::default()
    }

    /// The last decision for each screen, in the order of the plan.
    pub fn decisions(&self) -> &[Option<decide::Decision>] {
        &[]
    }

    /// The visit of a shopper who is here now, for the demo and the consent desk.
    pub fn visit_of(&self, shopper: shopper::ShopperId) -> Option<u32> {
        let _ = shopper;
        None
    }

    /// The shopper behind a visit that is going on, for the consent desk.
    pub fn shopper_of(&self, visit: u32) -> Option<shopper::ShopperId> {
        let _ = visit;
        None
    }

    /// Checks every promise the engine makes about its own state; for the
    /// simulator and tests.
    pub fn check(&self, now: Now) -> Result<(), String> {
        let _ = now;
        Ok(())
    }
}
