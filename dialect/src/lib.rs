//! What devices of all makes send, as [`Fact`]s.
//!
//! Pure: bytes in, facts out. No clock, no socket, no memory of what came
//! before, and no input that panics. Facts are handed to a [`Sink`] one by one
//! and borrow from the message, so that a sighting is read without touching the
//! heap: a shop brings a thousand of them a second.
//!
//! - [`advert`]: the bytes of a Bluetooth advertisement;
//! - [`scanner`]: MQTT messages of scanners, which carry or digest advertisements;
//! - [`sensor`]: MQTT messages of sensors;
//! - [`detect`]: which of these a message is in, where nobody has said so;
//! - [`changes`]: what of all this is news;
//! - [`mapper`]: messages that no dialect knows, read as `store.toml` says;
//! - [`till`]: receipts, read the same way;
//! - [`gs1`]: the codes on coupons, screens and receipts.

pub mod advert;
pub mod batch;
pub mod bytes;
pub mod changes;
pub mod detect;
pub mod distance;
pub mod exposure;
pub mod fact;
mod field;
pub mod gs1;
pub mod json;
pub mod mapper;
pub mod quantity;
pub mod scalar;
pub mod scanner;
pub mod sensor;
#[cfg(test)]
mod testing;
pub mod till;
mod time;
mod walk;

pub use fact::{Fact, Sink, Source};
pub use json::Record;
pub use quantity::Quantity;

/// Largest payload that is looked at, bytes. The largest honest one is a
/// basket of a few hundred lines.
pub const MAX_PAYLOAD: usize = 64 << 10;

/// Bytes that are not what their topic promises. The text is a constant: it
/// never quotes the message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Unreadable(pub &'static str);
