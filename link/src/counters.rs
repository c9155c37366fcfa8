//! What is counted.

use crate::outbox::Outbox;
use std::sync::atomic::{AtomicU64, Ordering};

/// Counts since start, and what waits now.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counters {
    /// Sessions that came up: connected and subscribed.
    pub sessions: u64,
    /// Attempts that failed and sessions that broke.
    pub failures: u64,
    /// Messages handed on.
    pub received: u64,
    /// Messages larger than [`crate::MAX_PACKET`], thrown away.
    pub oversized: u64,
    /// Retained messages that found no place: more than the reader's lane for
    /// them holds, and sent without a promise to arrive.
    pub retained_dropped: u64,
    /// Messages not taken: full, away, too large.
    pub dropped: u64,
    /// Deliveries the broker acknowledged.
    pub acknowledged: u64,
    /// Deliveries sent again after a broken session.
    pub resent: u64,
    /// Deliveries that were of no use any more before they were acknowledged.
    pub expired: u64,
    /// Deliveries that a newer one replaced before they were sent.
    pub superseded: u64,
    /// Filters the broker refused, in all sessions.
    pub refused_filters: u64,
    /// Deliveries waiting for their acknowledgement now.
    pub outbox: usize,
}

/// One count.
#[derive(Debug, Default)]
pub(crate) struct Tally(AtomicU64);

impl Tally {
    pub(crate) fn add(&self, n: u64) {
        self.0.fetch_add(n, Ordering::Relaxed);
    }

    fn read(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

#[derive(Debug, Default)]
pub(crate) struct Tallies {
    pub(crate) sessions: Tally,
    pub(crate) failures: Tally,
    pub(crate) received: Tally,
    pub(crate) oversized: Tally,
    pub(crate) retained_dropped: Tally,
    pub(crate) dropped: Tally,
    pub(crate) refused_filters: Tally,
}

impl Tallies {
    pub(crate) fn read(&self, outbox: &Outbox) -> Counters {
        Counters {
            sessions: self.sessions.read(),
            failures: self.failures.read(),
            received: self.received.read(),
            oversized: self.oversized.read(),
            retained_dropped: self.retained_dropped.read(),
            dropped: self.dropped.read(),
            acknowledged: outbox.tally.acknowledged,
            resent: outbox.tally.resent,
            expired: outbox.tally.expired,
            superseded: outbox.tally.superseded,
            refused_filters: self.refused_filters.read(),
            outbox: outbox.depth(),
        }
    }
}
