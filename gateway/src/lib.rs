//! The shell around the engine: turns the world into events and effects into
//! the world. Decisions live in `engine`; here is I/O.

pub mod access;
mod backoff;
pub mod badge;
pub mod bridge;
#[cfg(feature = "embedded-broker")]
pub mod broker;
pub mod bundle;
pub mod calibration;
pub mod cli;
pub mod clock;
pub mod dialect;
pub mod display;
pub mod http;
pub mod machine;
pub mod mqtt;
pub mod node;
pub mod outward;
mod owner;
mod privacy;
mod problems;
pub mod pseudonym;
pub mod recording;
pub mod run;
pub mod secret_file;
pub mod shop;
pub mod stop;
pub mod store;
pub mod telemetry;
pub mod till;
pub mod uplink;
pub mod voucher;
mod waterfall;
