//! Bytes of other makers, of our nodes, of screens and of the desks, to words
//! of ours. Pure: no clock, no socket, and no input that panics.
//!
//! A sighting is read without touching the heap (unless a text in it is
//! written with escapes), because a shop brings a thousand of them a second.

pub mod desk;
pub mod espresense;
pub mod node;
pub mod screen;
pub mod theengs;

mod scalar;
#[cfg(test)]
pub(crate) mod test_plan;

use protocol::beacon::Beacon;

/// Largest payload that is looked at, bytes. The largest honest one is a
/// basket of a few hundred lines.
pub const MAX_PAYLOAD: usize = 64 << 10;

/// A beacon as a scanner of another make heard it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Heard {
    /// Who.
    pub beacon: Beacon,
    /// Signal strength, dBm.
    pub rssi_dbm: f32,
    /// Signal strength one metre from the beacon, dBm, if the message states it.
    pub reference_dbm: Option<i8>,
}

/// Bytes that are not what their topic promises. The text is a constant: it
/// never quotes the message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Unreadable(pub &'static str);
