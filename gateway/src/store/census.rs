//! Counting who is in the segments of each offer, a few profiles at a time:
//! the public-screen guard weighs how many there are.

use super::{
    Answer,
    cache::CacheError,
    writer::{Writer, unwound},
};
use engine::{census::Census, plan::StorePlan};
use protocol::id::OfferId;
use std::{
    collections::BTreeMap,
    sync::Arc,
    time::{Duration, Instant},
};

/// Profiles counted between two looks at the queue: about a millisecond.
const ROWS: usize = 256;
/// Between two counts while profiles change: the guard asks for "enough", not
/// for the newest number, and a count reads every profile.
const EVERY: Duration = Duration::from_mins(1);

/// What is to be counted, and how far the count is.
#[derive(Debug, Default)]
pub(super) struct Counting {
    plan: Option<Arc<StorePlan>>,
    /// Whether profiles changed since the last count began.
    pub(super) is_stale: bool,
    begun: Option<Instant>,
    running: Option<Running>,
}

#[derive(Debug, Default)]
struct Running {
    after: Option<Vec<u8>>,
    counts: BTreeMap<OfferId, u32>,
}

impl Counting {
    /// Counts from now on, and at once, by this plan.
    pub(super) fn by(&mut self, plan: Arc<StorePlan>) {
        self.plan = Some(plan);
        self.is_stale = true;
        self.begun = None;
        self.running = None;
    }

    /// Whether there is something to count at once.
    pub(super) fn is_running(&self) -> bool {
        self.running.is_some()
    }

    fn is_due(&self) -> bool {
        self.is_stale && self.begun.is_none_or(|begun| begun.elapsed() >= EVERY)
    }
}

impl Writer {
    /// Counts a few more profiles.
    pub(super) fn continue_census(&mut self) {
        if self.counting.running.is_none() && self.counting.is_due() {
            self.counting.is_stale = false;
            self.counting.begun = Some(Instant::now());
            self.counting.running = Some(Running::default());
        }
        let (Some(plan), Some(mut running)) =
            (self.counting.plan.clone(), self.counting.running.take())
        else {
            return;
        };
        match self.count_some(&plan, &mut running) {
            Ok(true) => self.answer(Answer::Census(running.counts.into_iter().collect())),
            Ok(false) => self.counting.running = Some(running),
            // The next count tries again; the guard keeps the numbers it has.
            Err(error) => tracing::warn!(%error, "profiles could not be counted"),
        }
    }

    /// Says whether all are counted.
    fn count_some(&self, plan: &StorePlan, running: &mut Running) -> Result<bool, CacheError> {
        let Some(cache) = &self.cache else {
            return Ok(true);
        };
        let mut census = Census::new(plan, self.retention.today);
        let each = |profile| census.count(profile);
        running.after = unwound(|| cache.visit_profiles(running.after.take(), ROWS, each))?;
        for (offer, count) in census.result() {
            *running.counts.entry(offer).or_default() += count;
        }
        Ok(running.after.is_none())
    }
}
