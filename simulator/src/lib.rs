//! A shop without hardware: people, radio, sensors, tills and screens, seeded
//! and in virtual time, around the very same engine the gateway runs, or over
//! a real broker in the wire formats of real devices.
//!
//! ```text
//! chance > world > network > engine::Engine > ledger, players > checker, scorecard
//!                  (run: in process)
//! chance > world > wire > broker > players
//!                  (serve: over MQTT)
//! ```
//!
//! Terms. *Tick*: one step of the world. *Happening*: what the world says
//! happened. *Ground truth*: what only the simulator knows. *Fault*: what the
//! outside does wrong on purpose. *Heal*: the moment faults end.

pub mod args;
pub mod chance;
pub mod checker;
pub mod faults;
pub mod players;
pub mod run;
pub mod world;

#[cfg(test)]
mod small_shop;

use config::Shop;
use std::path::Path;

/// The shop at `path`, or the demo's.
pub fn load_shop(path: Option<&Path>) -> anyhow::Result<Shop> {
    match path {
        None => Ok(config::demo()),
        Some(path) => Ok(config::load(path)?),
    }
}
