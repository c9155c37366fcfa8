//! Displays of other makers, as real servers on this machine: they behave as
//! their sources say, and fail as their users report.

pub mod access_point;
pub mod kiosk;
pub mod player;
pub mod server;
