//! The node's mind: events in, frames out.

use crate::{
    outbox::{self, Outbox},
    scan::{Advert, Packet, Scanner},
    time::Time,
    uptime::Uptime,
};
use heapless::Deque;
use protocol::{
    frame::{MAX_READINGS, NodeFrame, NodeReading, Quantity},
    health::{NodeHealth, Restart},
    settings::Allowed,
    time::{TimeAnswer, TimeAsk},
};

/// Sightings are gathered over this long, about five packets of a usual beacon: the gateway
/// follows people by the half second.
pub const WINDOW_MS: u32 = 500;
/// While frames wait for the link, over this long, so that there is room for eight seconds.
pub const LONG_WINDOW_MS: u32 = 1_000;

/// One thing that happened to the node.
#[derive(Debug, Clone, Copy)]
pub enum Event<'a> {
    /// The radio heard something.
    Heard(Advert<'a>),
    /// A sensor said something.
    Read {
        /// Which of the node's sensors, numbered from 0.
        port: u8,
        /// What.
        value: Quantity,
    },
    /// Time has passed. Send it at least every [`WINDOW_MS`].
    Woke,
    /// The gateway says what time it is.
    Told(&'a TimeAnswer),
    /// [`Node::outgoing`] has left the node.
    Sent,
}

/// What became of everything that came in, since the node started. All wrap.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counters {
    /// Packets heard.
    pub heard: u32,
    /// Packets that may not leave the node.
    pub refused: u32,
    /// Readings taken.
    pub read: u32,
    /// Readings that were faults.
    pub faults: u32,
    /// Packets and readings lost for want of room: also in every frame.
    pub dropped: u32,
}

/// A node's mind.
#[derive(Debug)]
pub struct Node {
    boot: u32,
    restart: Restart,
    sequence: u32,
    window_began: Uptime,
    scanner: Scanner,
    readings: Deque<(Uptime, u8, Quantity), MAX_READINGS>,
    outbox: Outbox,
    time: Time,
    counters: Counters,
}

impl Node {
    /// A node that has just started. `boot` is drawn anew at each start, so
    /// that the gateway does not take a restarted sequence for a repetition.
    pub const fn new(boot: u32, allowed: Allowed) -> Self {
        Self {
            boot,
            restart: Restart::Power,
            sequence: 0,
            window_began: Uptime(0),
            scanner: Scanner::new(allowed),
            readings: Deque::new(),
            outbox: Outbox::new(),
            time: Time::unknown(),
            counters: Counters {
                heard: 0,
                refused: 0,
                read: 0,
                faults: 0,
                dropped: 0,
            },
        }
    }

    /// The same node, with the reason of its start.
    #[must_use]
    pub const fn started_by(mut self, restart: Restart) -> Self {
        self.restart = restart;
        self
    }

    /// Advances by one event. Never fails and never blocks.
    pub fn handle(&mut self, now: Uptime, event: Event<'_>) {
        match event {
            Event::Heard(advert) => self.hear(now, advert),
            Event::Read { port, value } => self.read(now, port, value),
            Event::Woke => {}
            Event::Told(answer) => self.time.take(now, answer),
            Event::Sent => self.outbox.sent(),
        }
        if now.since(self.window_began) >= self.window_ms() {
            self.time.age(now);
            self.close_window(now);
        }
    }

    /// The frame to send next. It stays until [`Event::Sent`], and says when it was
    /// made by what is known of the time now, which may be more than was known
    /// then.
    pub fn outgoing(&mut self) -> Option<&NodeFrame> {
        let frame = self.outbox.hand_out()?;
        frame.made = self.time.stamp(Uptime(frame.uptime_ms));
        Some(frame)
    }

    /// Whether a frame waits to be sent.
    pub fn has_outgoing(&self) -> bool {
        !self.outbox.is_empty()
    }

    /// The question what time it is, to be sent at once.
    pub const fn ask(&mut self, now: Uptime) -> TimeAsk {
        self.time.ask(now, self.boot)
    }

    /// How the node is doing.
    pub fn health(&self, now: Uptime) -> NodeHealth {
        let version = env!("CARGO_PKG_VERSION");
        NodeHealth {
            firmware: version.try_into().expect("a version is short"),
            boot: self.boot,
            uptime_ms: now.0,
            heard: self.counters.heard,
            refused: self.counters.refused,
            read: self.counters.read,
            faults: self.counters.faults,
            dropped: self.counters.dropped,
            waiting: self.waiting(),
            restart: self.restart,
            time: self.time.health(now),
        }
    }

    /// What became of everything that came in.
    pub const fn counters(&self) -> Counters {
        self.counters
    }

    /// Packets and readings that have not left the node yet.
    fn waiting(&self) -> u32 {
        self.outbox.waiting() + self.scanner.waiting() + self.readings.len() as u32
    }

    fn hear(&mut self, now: Uptime, advert: Advert<'_>) {
        count(&mut self.counters.heard, 1);
        match self.scanner.hear(now, advert) {
            Packet::Kept => {}
            Packet::Refused => count(&mut self.counters.refused, 1),
            Packet::Dropped(packets) => count(&mut self.counters.dropped, packets.into()),
        }
    }

    fn read(&mut self, now: Uptime, port: u8, value: Quantity) {
        count(&mut self.counters.read, 1);
        if value == Quantity::Fault {
            count(&mut self.counters.faults, 1);
        }
        if self.readings.is_full() {
            self.readings.pop_front();
            count(&mut self.counters.dropped, 1);
        }
        self.readings
            .push_back((now, port, value))
            .expect("a full queue has just lost its oldest reading");
    }

    fn window_ms(&self) -> u32 {
        if self.outbox.is_empty() {
            WINDOW_MS
        } else {
            LONG_WINDOW_MS
        }
    }

    /// A window that ends a little late does not make the next one late: it
    /// would end at the tick after, and be twice as long.
    fn next_window(&self, now: Uptime) -> Uptime {
        let late_ms = now.since(self.window_began) - self.window_ms();
        if late_ms < WINDOW_MS / 2 {
            Uptime(now.0.wrapping_sub(late_ms))
        } else {
            now
        }
    }

    /// A frame is made even of nothing: it says that the node lives.
    fn close_window(&mut self, now: Uptime) {
        self.window_began = self.next_window(now);
        let readings = self
            .readings
            .iter()
            .map(|(taken, port, value)| NodeReading {
                port: *port,
                value: *value,
                age_ms: now.age(*taken),
            });
        let frame = NodeFrame {
            made: None,
            boot: self.boot,
            sequence: self.sequence,
            uptime_ms: now.0,
            dropped: self.counters.dropped,
            readings: readings.collect(),
            sightings: self.scanner.take(now),
        };
        self.readings.clear();
        self.sequence = self.sequence.wrapping_add(1);
        if let Some(gone) = self.outbox.push(frame) {
            count(&mut self.counters.dropped, outbox::load(&gone));
        }
    }
}

fn count(counter: &mut u32, more: u32) {
    *counter = counter.wrapping_add(more);
}

#[cfg(test)]
mod tests;
