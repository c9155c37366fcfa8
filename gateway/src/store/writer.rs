//! The store's one thread: makes commits durable in groups, keeps the cache
//! behind them, answers fetches, and tidies up when it has nothing else to do.

use super::{
    Answer, Gauge, Job,
    cache::{Cache, CacheError, Shelf},
    census::Counting,
    disk::{Ballast, is_full},
    keyring::Keyring,
    ledger::{BYTES_MAX, Ledger, LedgerError, Told},
    look::Tour,
    radio::RadioFile,
    retention::Retention,
    rewrite::Rewrite,
    sealing,
    state::{self, Changed},
};
use crate::uplink::Receipts;
use engine::{
    Snapshot,
    effect::LedgerEntry,
    shopper::{Profile, ShopperId},
};
use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc,
        mpsc::{Receiver, RecvTimeoutError},
    },
    thread,
    time::{Duration, Instant},
};
use tokio::sync::mpsc::Sender;
use tracing::{error, info, warn};

/// A group is written at once when it holds this many commits.
const GROUP_MAX: usize = 64;
/// Between attempts to write to a disk that refuses.
const RETRY: Duration = Duration::from_millis(500);
/// Between looks at what there is to tidy up.
const IDLE: Duration = Duration::from_millis(250);
/// After a clean-up failed.
pub(super) const TIDY_AGAIN: Duration = Duration::from_mins(1);
/// Between attempts to set the ballast aside again.
const BALLAST_AGAIN: Duration = Duration::from_secs(5);

pub(super) struct Writer {
    pub(super) ledger: Ledger,
    pub(super) cache: Option<Cache>,
    pub(super) keyring: Arc<Keyring>,
    /// Whether there are keys that no keyring seals yet.
    pub(super) must_seal: bool,
    pub(super) shelf: Shelf,
    pub(super) cache_bytes: u64,
    pub(super) ballast: Ballast,
    /// When to look again whether the ballast can be set aside.
    pub(super) ballast_from: Instant,
    /// Everything but who is enrolled.
    pub(super) state: Snapshot,
    pub(super) changed: Changed,
    /// Whether the cache holds more than was written behind.
    pub(super) is_dirty: bool,
    /// Whether a profile may have been dropped since the cache was written behind.
    pub(super) has_forgotten: bool,
    pub(super) rewrite: Option<Rewrite>,
    /// Somebody looks at what is kept.
    pub(super) tour: Option<Tour>,
    pub(super) counting: Counting,
    pub(super) retention: Retention,
    /// What a hub is told of receipts that the ledger lets go of.
    pub(super) receipts: Receipts,
    pub(super) radio: RadioFile,
    pub(super) group_commit: Duration,
    pub(super) flush_every: Duration,
    pub(super) flushed: Instant,
    /// Whether the disk refused a group while the gateway was closing: the ledger may
    /// hold it all the same, and the cache must not be said to.
    pub(super) has_given_up: bool,
    pub(super) tidy_from: Instant,
    pub(super) gauge: Arc<Gauge>,
    pub(super) answers: Sender<Answer>,
}

impl Writer {
    /// Works until every [`super::Store`] is dropped; then everything is on the disk.
    pub(super) fn run(mut self, jobs: &Receiver<Job>) {
        loop {
            let has_work = self.rewrite.is_some()
                || self.tour.is_some()
                || self.counting.is_running()
                || self.retention.is_sweeping();
            let wait = if has_work { Duration::ZERO } else { IDLE };
            match jobs.recv_timeout(wait) {
                Ok(first) => {
                    let group = self.gather(first, jobs);
                    self.perform(group);
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => break,
            }
            self.tidy();
        }
        self.write_behind();
        info!("store closed");
    }

    /// Waits a moment for company: one sync makes many commits durable.
    fn gather(&self, first: Job, jobs: &Receiver<Job>) -> Vec<Job> {
        let is_commit = |job: &Job| matches!(job, Job::Commit(..));
        let mut commits = usize::from(is_commit(&first));
        let mut group = vec![first];
        let deadline = Instant::now() + self.group_commit;
        while commits < GROUP_MAX && group.len() < 4 * GROUP_MAX {
            let wait = if commits > 0 {
                deadline.saturating_duration_since(Instant::now())
            } else {
                Duration::ZERO
            };
            match jobs.recv_timeout(wait) {
                Ok(job) => {
                    commits += usize::from(is_commit(&job));
                    group.push(job);
                }
                Err(_) => break,
            }
        }
        group
    }

    pub(super) fn perform(&mut self, mut group: Vec<Job>) {
        // What follows somebody's being forgotten may bring them back, with
        // another key.
        while !group.is_empty() {
            let rest = group.split_off(sealing::part(&group));
            self.perform_part(std::mem::replace(&mut group, rest));
        }
    }

    fn perform_part(&mut self, mut group: Vec<Job>) {
        if let Err(Unwritten) = self.until_written(|writer| writer.prepare(&group)) {
            return;
        }
        self.seal_notes(&mut group);
        let before = self.ledger.last_seq();
        let mut commits = 0;
        let mut last = None;
        for job in &group {
            if let Job::Note(note) = job {
                self.ledger.append(&LedgerEntry::Noted(note.clone()));
            }
            if let Job::Commit(id, entry) = job {
                let closed = self.keyring.closed(entry);
                self.ledger.append(closed.as_ref().unwrap_or(entry));
                commits += 1;
                last = Some(*id);
            }
        }
        let written = self.commit();
        let written = written.and_then(|()| self.until_written(|writer| writer.destroy(&group)));
        if written.is_err() || self.has_given_up {
            // From the group that was given up on, the next start reads the ledger.
            return;
        }
        let fetched = self.apply(before + 1, group);
        if let Some(id) = last {
            self.gauge.written(commits);
            self.answer(Answer::Durable(id));
        }
        for shopper in fetched {
            let profile = self.fetch(shopper);
            self.answer(Answer::Profile(shopper, profile));
        }
    }

    /// Brings the cache up to a group that is durable. Returns whose profiles
    /// are asked for.
    fn apply(&mut self, first_seq: u64, group: Vec<Job>) -> Vec<ShopperId> {
        let mut seq = first_seq;
        let mut fetched = Vec::new();
        let mut must_sync = false;
        for job in group {
            match job {
                Job::Commit(_, entry) => {
                    self.fold(seq, &entry);
                    seq += 1;
                }
                Job::Note(note) => {
                    self.fold(seq, &LedgerEntry::Noted(note));
                    seq += 1;
                }
                Job::Keep(shopper, profile) => {
                    must_sync = true;
                    self.keep(shopper, &profile);
                }
                Job::Erase(shopper) => {
                    must_sync = true;
                    self.with_caches(|cache| cache.erase(shopper));
                }
                Job::Fetch(shopper) => fetched.push(shopper),
                Job::Census(plan) => self.counting.by(plan),
                Job::Today(day) => self.begin_day(day),
                Job::Look(look) => self.look(look),
                // On a full disk its place is somebody's promise.
                Job::KeepRadio(_) if self.gauge.is_full() => {}
                Job::KeepRadio(memory) => self.radio.keep(&memory),
            }
        }
        if must_sync {
            // Whoever sent a profile is told "done" and does not send it again. What is
            // erased has no key any more, and may wait for room on the disk.
            if self.has_forgotten {
                // A replay of the entry would remove the profile of a shopper
                // who came back.
                self.write_behind();
            } else if self.has_room() {
                self.with_caches(Cache::sync);
            }
            self.counting.is_stale = true;
        }
        fetched
    }

    /// Makes what was appended durable, however long it takes: nothing after
    /// it may be promised before.
    fn commit(&mut self) -> Result<(), Unwritten> {
        self.until_written(|writer| writer.ledger.sync())
    }

    fn until_written(
        &mut self,
        mut write: impl FnMut(&mut Self) -> Result<(), LedgerError>,
    ) -> Result<(), Unwritten> {
        let mut attempts = 0_u64;
        while let Err(error) = write(self) {
            self.gauge.set_durable(false);
            self.make_room(&error);
            if attempts.is_multiple_of(120) {
                error!(%error, attempts, "commits do not become durable: free space on the disk or replace it");
            }
            if self.gauge.is_closing() {
                error!("closing with commits that are not durable; nobody was told that they are");
                self.has_given_up = true;
                return Err(Unwritten);
            }
            attempts += 1;
            thread::sleep(RETRY);
        }
        if attempts > 0 {
            info!(attempts, "commits become durable again");
        }
        self.gauge.set_durable(true);
        Ok(())
    }

    fn make_room(&mut self, error: &LedgerError) {
        if let LedgerError::Io(error) = error
            && is_full(error)
        {
            self.give_ballast_up();
            self.gauge.set_full(true);
        }
    }

    fn give_ballast_up(&mut self) {
        if self.ballast.release() {
            warn!("the disk is full, or next to it: the ballast was given up");
            self.ballast_from = Instant::now() + BALLAST_AGAIN;
        }
    }

    fn fold(&mut self, seq: u64, entry: &LedgerEntry) {
        self.changed.note(&self.state, seq, entry);
        self.retention.details.note(entry);
        // Who is enrolled is not kept here.
        self.state.apply_to_sums(entry);
        self.with_caches(|cache| cache.fold(entry));
        self.has_forgotten |= sealing::may_drop_profile(entry);
        self.is_dirty = true;
    }

    fn keep(&mut self, shopper: ShopperId, profile: &Profile) {
        let mut too_long = None;
        let today = self.retention.today;
        self.with_caches(|cache| match cache.keep(shopper, profile, today) {
            Err(CacheError::TooLong(bytes)) => {
                too_long = Some(bytes);
                Ok(())
            }
            kept => kept,
        });
        if let Some(bytes) = too_long {
            self.gauge.refused();
            warn!(
                bytes,
                "a profile was not kept: it is longer than the store keeps safely"
            );
        }
    }

    fn fetch(&mut self, shopper: ShopperId) -> Option<Box<Profile>> {
        let mut found = None;
        let today = self.retention.today;
        self.with_caches(|cache| {
            found = cache.use_profile(shopper, today)?;
            Ok(())
        });
        let (profile, is_first_today) = found?;
        self.is_dirty |= is_first_today;
        Some(Box::new(profile))
    }

    pub(super) fn answer(&self, answer: Answer) {
        // The loop ends before the store does; then nobody asks any more.
        let _ = self.answers.blocking_send(answer);
    }

    /// Does the same to the cache in use and to the one being written in its
    /// place. A cache that fails is given up: the ledger holds the promises.
    pub(super) fn with_caches(&mut self, mut work: impl FnMut(&Cache) -> Result<(), CacheError>) {
        if let Some(rewrite) = &self.rewrite
            && let Err(error) = unwound(|| work(rewrite.target()))
        {
            self.abandon_rewrite(&error);
        }
        // The one in use comes last: what it says is what a fetch answers.
        if let Some(cache) = &self.cache
            && let Err(error) = unwound(|| work(cache))
        {
            error!(%error, "the cache fails and is no longer used: restart the gateway to rebuild it");
            self.gauge.set_note(format!(
                "running without a cache ({error}): no profiles, so no personal offers"
            ));
            // Dropping it would wait for threads that may never end.
            std::mem::forget(self.cache.take());
        }
    }

    pub(super) fn tidy(&mut self) {
        if !self.ledger.is_synced() {
            // The entry of the start, on a disk that was full.
            let _ = self.commit();
        }
        if self.ledger.begin_epoch_if_wanted() {
            let _ = self.commit();
        }
        if self.has_given_up {
            return;
        }
        let has_room = self.has_room();
        if has_room && self.is_dirty && self.flushed.elapsed() >= self.flush_every {
            self.write_behind();
        }
        if self.tour.is_some() {
            self.continue_tour();
        } else if self.rewrite.is_some() {
            self.continue_rewrite();
        } else if self.retention.is_sweeping() {
            self.continue_sweep();
        } else if has_room && Instant::now() >= self.tidy_from {
            self.clear_up();
        } else {
            self.continue_census();
        }
    }

    /// Looks after the room on the disk: before there is none the ballast is given up, and
    /// who would be enrolled is turned away until it is set aside again. Says whether the
    /// cache may be written, which has some room of its own.
    pub(super) fn has_room(&mut self) -> bool {
        if self.ballast.is_disk_short() {
            self.give_ballast_up();
        }
        let is_short = self.ballast.is_disk_short();
        if !is_short && Instant::now() >= self.ballast_from {
            self.ballast_from = Instant::now() + BALLAST_AGAIN;
            self.ballast.keep();
        }
        self.gauge.set_full(is_short || !self.ballast.is_kept());
        self.cache.as_ref().is_none_or(Cache::has_room)
    }

    /// Brings the cache's files up to the ledger. Who is enrolled is on the
    /// disk before the number that says so.
    pub(super) fn write_behind(&mut self) {
        // The cache must know neither more than the disk nor less than it says, and a
        // full disk waits.
        if self.has_given_up || !self.ledger.is_synced() || !self.has_room() {
            return;
        }
        let applied = self.ledger.last_seq();
        let state = std::mem::take(&mut self.state);
        let changed = std::mem::take(&mut self.changed);
        self.with_caches(|cache| {
            cache.sync()?;
            cache.write_state(&state, &changed, applied)?;
            cache.sync()
        });
        self.state = state;
        self.is_dirty = false;
        self.has_forgotten = false;
        self.flushed = Instant::now();
    }

    /// Long or old ledgers and what is left of forgotten shoppers.
    fn clear_up(&mut self) {
        self.tidy_from = Instant::now() + Duration::from_secs(1);
        let cleared = self
            .trim_backlog()
            .and_then(|()| self.checkpoint_if_due())
            .and_then(|()| self.begin_rewrite());
        if let Err(error) = cleared {
            warn!(%error, "a clean-up failed and is tried again");
            self.tidy_from = Instant::now() + TIDY_AGAIN;
        }
    }

    fn trim_backlog(&mut self) -> Result<(), CacheError> {
        // Without a hub nobody waits for any of it.
        let told = self.ledger.tail().told().unwrap_or(Told {
            first: u64::MAX,
            rest: u64::MAX,
            sent: u64::MAX,
        });
        Ok(self.ledger.trim_backlog(told)?)
    }

    fn checkpoint_if_due(&mut self) -> Result<(), CacheError> {
        let is_due = self.ledger.bytes() > BYTES_MAX || self.retention.is_detail_old();
        if !is_due && !self.must_seal {
            return Ok(());
        }
        if let Some(cache) = self.cache.as_ref().filter(|_| self.must_seal) {
            // The copy that follows is sealed.
            unwound(|| cache.set_residue())?;
        }
        self.write_behind();
        let Some(cache) = &self.cache else {
            return Ok(());
        };
        self.ledger.set_aside(&self.receipts)?;
        let rest = state::entries_of(&self.state).into_iter();
        let rest = rest.chain(self.ledger.epochs()).map(Ok);
        self.ledger.checkpoint(cache.people().chain(rest))?;
        self.must_seal = false;
        let details = std::mem::take(&mut self.retention.details).count;
        info!(
            details,
            bytes = self.ledger.bytes(),
            "ledger replaced by what it adds up to"
        );
        self.write_behind();
        Ok(())
    }
}

/// The disk refused to the end.
struct Unwritten;

/// sled panics where it does not expect what it reads.
pub(super) fn unwound<T>(work: impl FnOnce() -> Result<T, CacheError>) -> Result<T, CacheError> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or(Err(CacheError::Panicked))
}
