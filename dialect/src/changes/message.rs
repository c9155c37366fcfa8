//! The facts of one message, one after the other.

use super::{
    Changes, Key, News, PRESS_MS,
    held::{self, Held},
};
use crate::{
    Quantity,
    fact::{Device, Fact, Says, Source, Value},
};
use siphasher::sip::SipHasher13;
use std::hash::{Hash, Hasher};

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

impl<'c> Message<'c> {
    pub(super) const fn new(
        changes: &'c mut Changes,
        now_ms: u64,
        topic: &'c str,
        retained: bool,
    ) -> Self {
        Self {
            changes,
            now_ms,
            topic,
            retained,
            frame: None,
        }
    }

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
