//! The node's real firmware on an emulated board: `cargo suite emulator`.
//!
//! Ignored elsewhere, since the firmware must be built first and minutes of
//! real time pass.
mod beacons;
mod sensors;
mod walk;
