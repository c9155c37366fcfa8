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
mod occupied;

use crate::{
    Quantity,
    fact::{Device, Fact, Says, Source, Value},
};
use counter::Counters;
use held::Held;
use memory::Memory;
use occupied::Occupied;
use protocol::beacon::Address;
use siphasher::sip::SipHasher13;
use std::hash::{Hash, Hasher};

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
        Message {
            changes: self,
            now_ms,
            topic,
            retained,
            frame: None,
        }
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

/// One message, fact by fact.
#[derive(Debug)]
pub struct Message<'c> {
    changes: &'c mut Changes,
    now_ms: u64,
    topic: &'c str,
    retained: bool,
    frame: Option<Frame>,
}

/// What the facts of one device in a message have in common.
#[derive(Debug, Clone, Copy)]
struct Frame {
    device: Key,
    /// Whether it is the first of its device on this connection.
    first: bool,
    /// Number of the packet that the facts come from.
    packet: Option<u64>,
    /// What the number under encryption says of the whole frame.
    verdict: Option<News>,
}

impl Message<'_> {
    /// Names the value that a fact is about.
    pub fn key(&self, fact: &Fact<'_>) -> Key {
        let (what, nth) = match fact.says {
            Says::Measured { quantity, nth, .. } => (quantity.name(), nth),
            Says::Happened { what, nth, .. } => (what, nth),
            Says::Online(_) => ("online", 0),
            Says::About { what, .. } => (what, 0),
            _ => ("", 0),
        };
        key(self.topic, &fact.source, (what, nth))
    }

    /// What this fact is worth. Facts are to come in the order of the message.
    pub fn accept(&mut self, fact: &Fact<'_>) -> News {
        let frame = self.enter(fact);
        match fact.says {
            Says::Measured {
                quantity, value, ..
            } => self.measured(fact, frame, quantity, value),
            Says::Happened {
                what, nth, action, ..
            } => self.happened(fact, frame, (what, nth, action)),
            Says::Online(online) => self.value(fact, Held::Flag(online)).0,
            _ => News::Plain,
        }
    }

    fn measured(
        &mut self,
        fact: &Fact<'_>,
        frame: Frame,
        quantity: Quantity,
        value: Value<'_>,
    ) -> News {
        if let (Quantity::Counter, Value::Number(number)) = (quantity, value) {
            return self.counter(fact, frame, number);
        }
        if let Some(verdict) = frame.verdict {
            return verdict;
        }
        if let (Quantity::PacketId, Value::Number(number)) = (quantity, value) {
            self.frame = Some(Frame {
                packet: Some(number as u64),
                ..frame
            });
        }
        let held = Held::of(value);
        let (news, before) = self.value(fact, held);
        if held::is_occupancy(quantity) {
            self.occupancy(fact, held, news);
        }
        match (news, before) {
            (News::Changed, Some(before)) if held::is_cumulative(quantity) => {
                held::counted(before, held)
            }
            _ => news,
        }
    }

    /// Compares with what was said last, and remembers.
    fn value(&mut self, fact: &Fact<'_>, held: Held) -> (News, Option<Held>) {
        let key = self.key(fact);
        let before = self.changes.held.replace(key, held);
        let news = match before {
            _ if self.retained => News::Kept,
            None => News::First,
            Some(before) if before == held => News::Repeated,
            Some(_) => News::Changed,
        };
        (news, before)
    }

    fn occupancy(&mut self, fact: &Fact<'_>, held: Held, news: News) {
        let key = self.key(fact);
        match (news, held) {
            (News::First | News::Changed, Held::Flag(true)) => {
                self.changes.occupied.came(key, self.now_ms);
            }
            (_, Held::Flag(false)) => self.changes.occupied.went(key),
            _ => {}
        }
    }

    fn counter(&mut self, fact: &Fact<'_>, frame: Frame, number: f64) -> News {
        let Some(Device::Radio(address, _)) = fact.source.device else {
            return News::Plain;
        };
        let news = self.changes.counters.accept(address, number as u32);
        let verdict = matches!(news, News::Duplicate | News::Replayed).then_some(news);
        self.frame = Some(Frame { verdict, ..frame });
        news
    }

    fn happened(&mut self, fact: &Fact<'_>, frame: Frame, press: (&str, u8, &str)) -> News {
        if let Some(verdict) = frame.verdict {
            return verdict;
        }
        if self.retained {
            return News::Kept;
        }
        let Some(packet) = frame.packet else {
            return if frame.first {
                News::First
            } else {
                News::Happened
            };
        };
        // Who sends a packet id sends frames, and a frame is now; the same
        // frame may come by several ways.
        let press = key("", &fact.source, (packet, press));
        let before = self.changes.presses.replace(press, self.now_ms);
        match before {
            Some(before) if self.now_ms.saturating_sub(before) < PRESS_MS => News::Duplicate,
            _ => News::Happened,
        }
    }

    /// The frame that a fact belongs to; a list of devices holds several.
    fn enter(&mut self, fact: &Fact<'_>) -> Frame {
        let device = key(self.topic, &fact.source, "connection");
        if let Some(frame) = self.frame.filter(|frame| frame.device == device) {
            return frame;
        }
        let connection = Held::Number(f64::from(self.changes.connection));
        let before = self.changes.held.replace(device, connection);
        let frame = Frame {
            device,
            first: before != Some(connection),
            packet: None,
            verdict: None,
        };
        self.frame = Some(frame);
        frame
    }
}

/// A radio device is itself wherever it is heard; any other is what the topic
/// and its name say.
fn key(topic: &str, source: &Source<'_>, what: impl Hash) -> Key {
    let mut hasher = SipHasher13::new();
    match source.device {
        Some(Device::Radio(address, _)) => address.hash(&mut hasher),
        Some(Device::Named(name)) => (topic, name).hash(&mut hasher),
        None => topic.hash(&mut hasher),
    }
    what.hash(&mut hasher);
    Key(hasher.finish())
}

#[cfg(test)]
mod tests;
