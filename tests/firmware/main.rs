//! The node's real firmware on an emulated board: `cargo suite emulator`.
//!
//! Ignored elsewhere, since the firmware must be built first and minutes of
//! real time pass.
#![expect(clippy::print_stderr, reason = "the suite tells what was measured")]
mod beacons;
mod bridge;
mod garbage;
mod on_target;
mod outage;
mod sensors;
mod time;
mod walk;
mod watchdog;
