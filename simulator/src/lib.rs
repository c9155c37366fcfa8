//! A shop without hardware: people, radio, sensors, tills and screens, seeded
//! and in virtual time, around the very same engine the gateway runs, or over
//! a real broker in the wire formats of real devices.
//!
//! ```text
//! chance > world > network > engine::Engine > ledger, players > checker, scorecard
//!                  (run: in process)
//! chance > world > dialect > broker > players
//!                  (serve: over MQTT)
//! chance > world > engine::calibration > survey > the same shop, judged again
//!                  (calibrate)
//! chance > tills > network > engine::Engine > ledger > reference model
//!                  (money)
//! recorded sightings > engine::Engine > estimates, truth > scorecard
//!                  (locate, score)
//! ```
//!
//! Terms. *Tick*: one step of the world. *Happening*: what the world says
//! happened. *Ground truth*: what only the simulator knows. *Fault*: what the
//! outside does wrong on purpose. *Heal*: the moment faults end.

pub mod args;
pub mod bystander;
pub mod calibrate;
pub mod chance;
pub mod checker;
pub mod dialect;
pub mod emulator;
pub mod evaluate;
pub mod faults;
pub mod hci;
pub mod load;
pub mod locate;
pub mod money;
pub mod players;
pub mod recorded;
pub mod run;
pub mod scorecard;
pub mod serve;
pub mod table;
pub mod world;

#[cfg(test)]
mod small_shop;

use anyhow::Context as _;
use config::Shop;
use std::path::Path;

/// The shop at `path`, or the demo's.
pub fn load_shop(path: Option<&Path>) -> anyhow::Result<Shop> {
    match path {
        None => Ok(config::demo()),
        Some(path) => Ok(config::load(path)?),
    }
}

/// One thread is plenty: the world, the screens and the link take turns.
fn runtime() -> anyhow::Result<tokio::runtime::Runtime> {
    let mut builder = tokio::runtime::Builder::new_current_thread();
    let runtime = builder.enable_all().build();
    runtime.context("failed to start the runtime")
}

/// Warnings of the libraries below, unless `RUST_LOG` asks for more.
fn log_to_stderr() {
    let filter = tracing_subscriber::EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("error"));
    // Already set in tests that run several commands: then that one stays.
    let _ = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        // Whoever read them may be gone, and a word about that would be a panic.
        .log_internal_errors(false)
        .try_init();
}
