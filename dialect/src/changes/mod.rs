//! What of a message is news.
//!
//! Devices repeat themselves: `Zigbee2MQTT` tells everything it remembers with
//! every update, brokers keep yesterday's state, counters run on, buttons send
//! one press many times, and three scanners hear one frame. [`Changes`]
//! remembers what was said last and tells for every fact what it is worth. It
//! reads no clock: every call says what time it is.
//!
//! ```
//! use dialect::{changes::{Changes, News}, sensor::zigbee2mqtt};
//!
//! let mut changes = Changes::default();
//! let mut motion = |now_ms, payload: &[u8]| {
//!     let mut news = Vec::new();
//!     let mut message = changes.message(now_ms, "zigbee2mqtt/aisle", false);
//!     zigbee2mqtt::read("aisle", payload, &mut |fact| news.push(message.accept(&fact)))?;
//!     Ok::<_, dialect::Unreadable>(news)
//! };
//! assert_eq!(motion(0, br#"{"occupancy":false}"#)?, [News::First]);
//! assert_eq!(motion(9, br#"{"occupancy":true}"#)?, [News::Changed]);
//! assert_eq!(motion(20, br#"{"occupancy":true}"#)?, [News::Repeated]);
//! # Ok::<(), dialect::Unreadable>(())
//! ```

mod counter;
mod held;
mod memory;
mod message;
mod occupied;

use counter::Counters;
use held::Held;
use memory::Memory;
pub use message::Message;
use occupied::Occupied;
use protocol::beacon::Address;

/// Most values that are remembered, of all devices together. The least lately
/// said are forgotten first, and counted.
pub const VALUES_MAX: usize = 8192;
/// How long one press may be told again, ms. A packet id comes round after 256
/// packets, which a beaconing button sends in 34 minutes at one in 8 seconds;
/// ghosts of presses were seen for 40 seconds.
pub const PRESS_MS: u64 = 10 * 60_000;
/// How long somebody is believed to be there whom nobody saw go, ms.
pub const OCCUPANCY_MS: u64 = 30 * 60_000;

/// What a fact is worth.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum News {
    /// Said for the first time that we know of: how things are, not that
    /// anything happened.
    First,
    /// The broker kept it from before: the same, and perhaps long ago.
    Kept,
    /// The same as last time: the device lives.
    Repeated,
    /// Another value than last time.
    Changed,
    /// A counter rose by so much.
    Rose(f64),
    /// A counter began again, and has counted so much since. What it counted
    /// before that and after our last word of it is lost.
    Restarted(f64),
    /// It happened, now.
    Happened,
    /// The same frame, heard by another scanner or sent again.
    Duplicate,
    /// A frame from before, of a device whose frames are numbered under
    /// encryption: a fault, or somebody who plays back what he recorded.
    Replayed,
    /// Nothing to compare: a sighting, or what a device says of itself.
    Plain,
}

impl News {
    /// Whether the shop may act on it: something changed, was counted, or
    /// happened, just now.
    pub const fn is_event(self) -> bool {
        matches!(
            self,
            Self::Changed | Self::Rose(_) | Self::Restarted(_) | Self::Happened
        )
    }
}

/// Names one value of one device without saying which device it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key(u64);

/// What is remembered of all messages so far.
///
/// It is meant for the shop's own devices: whoever feeds it every phone that
/// passes by has their values forgotten sooner.
#[derive(Debug, Default)]
pub struct Changes {
    held: Memory<Held>,
    presses: Memory<u64>,
    counters: Counters,
    occupied: Occupied,
    /// Counts our connections to the broker.
    connection: u32,
}

impl Changes {
    /// The broker was reached again: the first message of every device may be
    /// one of before, and is no event.
    pub const fn connected(&mut self) {
        self.connection = self.connection.wrapping_add(1);
    }

    /// Begins a message.
    pub fn message<'c>(&'c mut self, now_ms: u64, topic: &'c str, retained: bool) -> Message<'c> {
        Message::new(self, now_ms, topic, retained)
    }

    /// The next value that said somebody is there and has said nothing else
    /// for [`OCCUPANCY_MS`]. Ask until there is none.
    pub fn expire(&mut self, now_ms: u64) -> Option<Key> {
        self.occupied.expire(now_ms)
    }

    /// How many values were forgotten for want of room.
    pub const fn forgotten(&self) -> u64 {
        self.held.forgotten() + self.presses.forgotten() + self.counters.forgotten()
    }

    /// The last number of every device that encrypts, to be kept over a
    /// restart: without them a recorded frame would be believed once.
    pub fn counters(&self) -> impl Iterator<Item = (Address, u32)> {
        self.counters.iter()
    }

    /// Takes back what [`Self::counters`] gave.
    pub fn restore(&mut self, counters: impl IntoIterator<Item = (Address, u32)>) {
        for (address, counter) in counters {
            self.counters.restore(address, counter);
        }
    }
}

#[cfg(test)]
mod tests;
