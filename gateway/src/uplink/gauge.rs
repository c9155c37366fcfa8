//! How the uplink stands, for metrics and the console.

use crate::store::Tail;
use serde::Serialize;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// Written by the pump, read by whoever asks.
#[derive(Debug, Default)]
pub struct Gauge {
    up: AtomicBool,
    done: AtomicU64,
    sent: AtomicU64,
    again: AtomicU64,
    strange: AtomicU64,
}

/// How the uplink stands.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct UplinkHealth {
    /// Connected to the hub's broker.
    pub up: bool,
    /// Entries that the hub may not have yet.
    pub waiting: u64,
    /// Events sent since the start, each as often as it was.
    pub sent: u64,
    /// Times that everything was said again because the hub did not have it.
    pub again: u64,
    /// Words of the hub that could not be read.
    pub strange: u64,
    /// Diagnostics that found no room, since the start.
    pub dropped: u64,
    /// Pictures told by the hour for want of room, since the start.
    pub folded: u64,
}

impl Gauge {
    pub(super) fn set_up(&self, up: bool) {
        self.up.store(up, Ordering::Relaxed);
    }

    pub(super) fn set_done(&self, done: u64) {
        self.done.store(done, Ordering::Relaxed);
    }

    pub(super) fn sent(&self, events: usize) {
        self.sent.fetch_add(events as u64, Ordering::Relaxed);
    }

    pub(super) fn said_again(&self) {
        self.again.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn strange(&self) {
        self.strange.fetch_add(1, Ordering::Relaxed);
    }

    /// As it is now.
    pub(crate) fn health(&self, tail: &Tail) -> UplinkHealth {
        let read = |of: &AtomicU64| of.load(Ordering::Relaxed);
        let (dropped, folded) = tail.shed();
        UplinkHealth {
            up: self.up.load(Ordering::Relaxed),
            waiting: tail.last().saturating_sub(read(&self.done)),
            sent: read(&self.sent),
            again: read(&self.again),
            strange: read(&self.strange),
            dropped,
            folded,
        }
    }
}
