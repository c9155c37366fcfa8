//! Letting go of what has been kept for as long as the shop's file says. The
//! loop tells the day; nothing goes before somebody vouches for the date.

use super::{cache::Expired, look::Swept, writer::Writer};
use engine::effect::LedgerEntry;
use std::time::Duration;
use tracing::info;

/// Profiles looked at between two looks at the queue: about a millisecond.
const ROWS: usize = 256;
const DAY_S: i64 = 86_400;

/// What the ledger holds beside what it adds up to: who was shown what, one by one.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) struct Details {
    /// Entries.
    pub(super) count: u64,
    /// Day of the oldest one that has a date. Entries without one are taken to
    /// be no older: they go when it goes.
    since: Option<i32>,
}

/// How long things are kept, and what day it is.
#[derive(Debug)]
pub(super) struct Retention {
    exposures_days: i32,
    profiles_days: i32,
    /// Days since 1970-01-01 in UTC; `None` until it is known.
    pub(super) today: Option<i32>,
    pub(super) details: Details,
    sweep: Option<Sweep>,
    /// What the last walk came to.
    pub(super) last: Option<Swept>,
}

/// A walk over all profiles.
#[derive(Debug, Default)]
struct Sweep {
    after: Option<Vec<u8>>,
    removed: u64,
}

impl Details {
    /// Notes an entry of the ledger.
    pub(super) fn note(&mut self, entry: &LedgerEntry) {
        let ended = match entry {
            LedgerEntry::Exposed(exposure) => exposure.ended,
            LedgerEntry::Reserved(_)
            | LedgerEntry::Redeemed(_)
            | LedgerEntry::Sold(_)
            | LedgerEntry::Reached(_)
            | LedgerEntry::Bought(_) => None,
            _ => return,
        };
        self.count += 1;
        let day = ended.map(|ended| ended.seconds().div_euclid(DAY_S) as i32);
        self.since = match (self.since, day) {
            (Some(since), Some(day)) => Some(since.min(day)),
            (since, day) => since.or(day),
        };
    }
}

impl Retention {
    pub(super) fn new(limits: config::Retention, details: Details) -> Self {
        Self {
            exposures_days: whole_days(limits.exposures),
            profiles_days: whole_days(limits.unused_profiles),
            today: None,
            details,
            sweep: None,
            last: None,
        }
    }

    /// Whether there are profiles to look at at once.
    pub(super) fn is_sweeping(&self) -> bool {
        self.sweep.is_some()
    }

    /// Whether the ledger holds details older than they may become.
    pub(super) fn is_detail_old(&self) -> bool {
        let age = self.today.zip(self.details.since);
        age.is_some_and(|(today, since)| today.saturating_sub(since) > self.exposures_days)
    }
}

impl Writer {
    /// It is this day: begins to look through the profiles.
    pub(super) fn begin_day(&mut self, today: i32) {
        let retention = &mut self.retention;
        retention.today = Some(today);
        retention.sweep = Some(Sweep::default());
        if retention.details.count > 0 {
            // None of them has a date: their time runs from today.
            retention.details.since.get_or_insert(today);
        }
        let (offers, trials) = self.state.let_go(today);
        self.is_dirty |= !offers.is_empty() || !trials.is_empty();
        self.changed.offers.extend(offers);
        self.changed.trials.extend(trials);
    }

    /// Looks at a few more profiles.
    pub(super) fn continue_sweep(&mut self) {
        let (Some(mut sweep), Some(today)) = (self.retention.sweep.take(), self.retention.today)
        else {
            return;
        };
        let days = self.retention.profiles_days;
        let mut expired = None;
        self.with_caches(|cache| {
            expired = Some(cache.expire(sweep.after.clone(), ROWS, today, days)?);
            Ok(())
        });
        // Nothing when the cache has just been given up, and the sweep with it.
        let Some(Expired { after, removed }) = expired else {
            return;
        };
        self.is_dirty = true;
        self.counting.is_stale |= removed > 0;
        sweep.removed += removed;
        sweep.after = after;
        if sweep.after.is_some() {
            self.retention.sweep = Some(sweep);
            return;
        }
        let profiles = sweep.removed;
        let day = today;
        self.retention.last = Some(Swept { day, profiles });
        if profiles > 0 {
            info!(profiles, days, "profiles unused for too long are removed");
        }
    }
}

/// Rounded up; the shop's file allows ten years at most.
fn whole_days(limit: Duration) -> i32 {
    let days = limit.as_secs().div_ceil(DAY_S as u64);
    i32::try_from(days).unwrap_or(i32::MAX)
}

#[cfg(test)]
mod tests;
