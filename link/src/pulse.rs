//! Whether the broker is alive.

use crate::{Shared, reason::Reason};
use std::{
    sync::atomic::{AtomicBool, AtomicU64, Ordering},
    time::{Duration, Instant},
};
use tokio::time;

/// Longest time from `CONNACK` to the last `SUBACK`.
const SUBSCRIBE: Duration = Duration::from_secs(20);

/// Signs of life, seen by the watch beside the conversation.
#[derive(Default)]
pub(crate) struct Pulse {
    /// Packets so far.
    pub(crate) heard: AtomicU64,
    /// While nobody reads our inbox we do not listen either.
    pub(crate) waiting_for_reader: AtomicBool,
    pub(crate) connected: AtomicBool,
    pub(crate) up: AtomicBool,
}

impl Pulse {
    pub(crate) fn is_up(&self) -> bool {
        self.up.load(Ordering::Relaxed)
    }
}

/// Ends when the broker has been silent, or has acknowledged nothing, for too
/// long. rumqttc itself notices a dead link only at the second ping.
pub(crate) async fn watch_over(keep_alive: Duration, shared: &Shared, pulse: &Pulse) -> Reason {
    let patience = keep_alive + keep_alive / 2;
    let mut tick = time::interval(keep_alive / 4);
    let mut heard = (0, Instant::now());
    let mut acknowledged = (0, Instant::now());
    let mut subscribing = loop {
        tick.tick().await;
        // Before that rumqttc's own time limit holds.
        if pulse.connected.load(Ordering::Relaxed) {
            break Instant::now();
        }
    };
    loop {
        let now = Instant::now();
        let (sum, lent) = {
            let wire = shared.wire();
            (wire.outbox.tally.acknowledged, wire.outbox.lent())
        };
        let blocked = pulse.waiting_for_reader.load(Ordering::Relaxed);
        let count = pulse.heard.load(Ordering::Relaxed);
        if count != heard.0 || blocked {
            heard = (count, now);
        }
        if sum != acknowledged.0 || lent == 0 || blocked {
            acknowledged = (sum, now);
        }
        if now - heard.1 > patience || now - acknowledged.1 > patience {
            return Reason::Silent;
        }
        if pulse.is_up() || blocked {
            subscribing = now;
        }
        if now - subscribing > SUBSCRIBE {
            return Reason::NotSubscribed;
        }
        tick.tick().await;
    }
}
