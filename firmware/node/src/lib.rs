//! What a scanner and sensor node does, apart from the board it runs on.
//!
//! Like the gateway's engine, a node's mind takes events and makes effects: it
//! reads no clock and touches no radio. A board binary feeds [`Node`] with what
//! its radio and its [`sensors`] say, and sends the frames that come out. No
//! allocator, no `std`; every buffer has a size known at compile time, and what
//! does not fit is dropped and counted, the count travelling in every frame.
//!
//! ```text
//! radio ───> scan::Scanner ──┐  twice a second
//! sensors ─> node::Node ─────┴─> outbox::Outbox ──> NodeFrame ──> gateway
//!                   time::Time stamps it ──┘ <─── TimeAnswer ───────┘
//! ```
#![cfg_attr(not(test), no_std)]

mod backoff;
pub mod flash;
pub mod line;
pub mod link;
pub mod net;
mod node;
mod outbox;
pub mod radio;
mod scan;
pub mod sensors;
mod shared;
pub mod starts;
mod time;
mod uptime;
pub mod wiring;

pub use backoff::Backoff;
pub use node::{Counters, Event, LONG_WINDOW_MS, Node, WINDOW_MS};
pub use outbox::MAX_FRAMES;
pub use scan::Advert;
pub use shared::{Shared, uptime};
pub use uptime::Uptime;
