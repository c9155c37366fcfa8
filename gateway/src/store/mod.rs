//! Where promises are kept. The ledger is the truth, sled is the cache: what
//! cannot be fetched again is appended to a ledger whose `fdatasync` is the one
//! commit point; sled holds profiles and what the ledger adds up to so far.

mod backup;
mod cache;
mod census;
mod disk;
mod export;
mod inspect;
mod keyring;
mod ladder;
mod ledger;
mod look;
mod radio;
mod restore;
mod retention;
mod rewrite;
mod sealing;
mod secret;
mod state;
#[cfg(test)]
mod tests;
mod version;
mod writer;

pub use backup::{BackupError, Copied, back_up, bring_back};
pub(crate) use disk::sync_dir;
pub(crate) use disk::write_durably;
pub use export::{Mended, export, repair};
pub use inspect::{Inspection, check_cache, inspect};
pub use keyring::Erasure;
pub use ladder::{Check, end_with};
pub(crate) use ledger::{Batch, Epoch, Reader, Told};
pub use ledger::{LedgerError, Tail};
pub use look::{Holdings, KeptProfile, Look, Person};
pub use secret::Secret;

use crate::{
    pseudonym::Pseudonymiser,
    uplink::{self, Receipts},
    voucher::{PublicKey, Signer},
};
use cache::Shelf;
use disk::{Ballast, Lock};
use engine::{
    Snapshot,
    effect::{CommitId, LedgerEntry},
    plan::StorePlan,
    presence::Memory,
    shopper::{ConsentNote, Profile, Purpose, ShopperId},
};
use keyring::Keyring;
use protocol::id::OfferId;
use radio::RadioFile;
use restore::{restore, without_people};
use std::{
    collections::VecDeque,
    io,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
        mpsc::{SyncSender, TrySendError, sync_channel},
    },
    thread::{self, JoinHandle},
    time::Instant,
};
use tokio::sync::mpsc;
use tracing::{error, info, warn};
use writer::Writer;

/// Most jobs waiting for the disk. When it is full the loop takes no more in.
pub const JOBS_MAX: usize = 4_096;

/// Why a store cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The folder cannot be made or written to.
    #[error(
        "{path} cannot be used as data folder: {error}; name another with --data or `storage.dir`, or give this user the right to write there"
    )]
    Folder {
        /// Which.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// Another gateway works there.
    #[error("another aislecast is running on {0}: stop it, or name another folder with --data")]
    Busy(PathBuf),
    /// The secret has another length.
    #[error(
        "{0} is damaged: restore it from a backup; without it no enrolled shopper is recognised"
    )]
    SecretDamaged(PathBuf),
    /// The secret is gone.
    #[error(
        "{0} is missing although shoppers are enrolled: restore it from a backup, or remove the data folder to begin anew"
    )]
    SecretMissing(PathBuf),
    /// A newer program has worked there.
    #[error(
        "{path} says that this data folder has version {version}, newer than this program: start the newer aislecast, or restore a backup made by this one; nothing was changed"
    )]
    Newer {
        /// Which file says so.
        path: PathBuf,
        /// The folder's version.
        version: u32,
    },
    /// Nobody has worked there yet.
    #[error("{0} holds no store: name the folder that `storage.dir` or --data names")]
    Nothing(PathBuf),
    /// A bug, told by the panic before it.
    #[error("the store's thread has ended while opening: see the message before this one")]
    Thread,
    /// The ledger cannot be used.
    #[error("failed to open the ledger: {0}")]
    Ledger(#[from] LedgerError),
    /// The file system refuses.
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// Work for the store.
#[derive(Debug)]
pub enum Job {
    /// Append, make durable, answer [`Answer::Durable`].
    Commit(CommitId, LedgerEntry),
    /// Append how a consent came to be or ended, with what of it is to be
    /// sealed still in the clear. The commit that it goes with follows.
    Note(Box<ConsentNote>),
    /// Keep a profile.
    Keep(ShopperId, Box<Profile>),
    /// Remove a profile.
    Erase(ShopperId),
    /// Answer [`Answer::Profile`].
    Fetch(ShopperId),
    /// Count profiles by this plan from now on, and answer [`Answer::Census`].
    Census(Arc<StorePlan>),
    /// Show what is kept of people.
    Look(Look),
    /// It is this day, in days since 1970-01-01 in UTC, by a clock that is
    /// vouched for: let go of what was kept long enough.
    Today(i32),
    /// Keep what was learnt of radio.
    KeepRadio(Box<Memory>),
}

/// What the store says.
#[derive(Debug, PartialEq)]
pub enum Answer {
    /// Everything up to and including this commit is on the disk.
    Durable(CommitId),
    /// Whose profile, and what; nothing when there is none or nobody can tell.
    Profile(ShopperId, Option<Box<Profile>>),
    /// How many shoppers are in the segments of each offer.
    Census(Vec<(OfferId, u32)>),
}

/// What the console shows of the store.
#[derive(Debug, Default)]
pub struct Gauge {
    waiting: AtomicU64,
    fails: AtomicBool,
    full: AtomicBool,
    closing: AtomicBool,
    refused: AtomicU64,
    note: Mutex<Option<String>>,
}

/// Held by the loop.
#[derive(Debug)]
pub struct Store {
    jobs: Option<SyncSender<Job>>,
    gauge: Arc<Gauge>,
    thread: Option<JoinHandle<()>>,
    secret: Secret,
    tail: Tail,
    _lock: Lock,
}

/// What opening a store gives.
#[derive(Debug)]
pub struct Opened {
    /// For the loop.
    pub store: Store,
    /// For the engine.
    pub snapshot: Snapshot,
    /// For the engine: what was learnt of radio, if it was kept.
    pub radio: Option<Memory>,
    /// What the store says, for the loop.
    pub answers: mpsc::Receiver<Answer>,
}

fn signer(secret: &Secret) -> Signer {
    Signer::new(&secret.derive("codes"))
}

/// What codes of the store in `dir` are checked with, read beside a gateway
/// that may be at work.
pub fn codes_key(dir: &Path) -> Result<PublicKey, StoreError> {
    secret::read(dir).map(|secret| signer(&secret).public())
}

/// Opens the store in `storage.dir`, mending what can be mended.
pub fn open(
    storage: &config::Storage,
    retention: config::Retention,
    check: &Check,
) -> Result<Opened, StoreError> {
    let dir = &storage.dir;
    let folder = |error| StoreError::Folder {
        path: dir.clone(),
        error,
    };
    disk::make_folder(dir).map_err(folder)?;
    let lock = Lock::take(dir)
        .map_err(folder)?
        .ok_or_else(|| StoreError::Busy(dir.clone()))?;
    version::refuse_newer(dir)?;
    let secret = secret::read_or_draw(dir)?;
    let radio = RadioFile::new(dir).read();
    let (answer_tx, answers) = mpsc::channel(JOBS_MAX);
    let (jobs, job_rx) = sync_channel(JOBS_MAX);
    let (ready_tx, ready) = sync_channel(1);
    let (storage, check) = (storage.clone(), check.clone());
    let receipts = Receipts::new(secret.derive(uplink::RECEIPTS));
    let thread = thread::Builder::new()
        .name("store".to_owned())
        .spawn(move || {
            // Everything that sled allocates is allocated by this thread: the C
            // library gives each thread an arena of its own, and what is freed
            // in one is not used in another. Measured with 100,000 shoppers.
            let (writer, opened) =
                match assemble(&storage, retention, (&check, receipts), answer_tx) {
                    Ok((writer, snapshot)) => {
                        let shared = (writer.gauge.clone(), writer.ledger.tail().clone());
                        (Some(writer), Ok((shared, snapshot)))
                    }
                    Err(error) => (None, Err(error)),
                };
            // Whoever opens waits for this.
            let _ = ready_tx.send(opened);
            if let Some(writer) = writer {
                writer.run(&job_rx);
            }
        })?;
    let opened = ready.recv().map_err(|_| StoreError::Thread)?;
    let ((gauge, tail), snapshot) = opened?;
    let store = Store {
        jobs: Some(jobs),
        gauge,
        thread: Some(thread),
        secret,
        tail,
        _lock: lock,
    };
    Ok(Opened {
        store,
        snapshot,
        radio,
        answers,
    })
}

/// Shows every entry of the ledger in `dir`, beside a gateway that may be at
/// work, and changes nothing.
pub(crate) fn read_ledger(
    dir: &Path,
    each: &mut dyn FnMut(&LedgerEntry),
) -> Result<(), LedgerError> {
    ledger::survey(&dir.join("ledger"), &mut |_, entry| each(&entry)).map(drop)
}

/// The secret of a store that a gateway may be working in.
pub fn read_secret(dir: &Path) -> Result<Secret, StoreError> {
    secret::read(dir)
}

/// Mends, reads and puts together what the store's thread works with.
fn assemble(
    storage: &config::Storage,
    retention: config::Retention,
    (check, receipts): (&Check, Receipts),
    answers: mpsc::Sender<Answer>,
) -> Result<(Writer, Snapshot), StoreError> {
    let dir = &storage.dir;
    let ballast = Ballast::new(dir, storage.ballast_bytes);
    if ladder::disk_is_full(dir) && ballast.release() {
        warn!("the disk is full: the ballast was given up");
    }
    let key = secret::read_or_draw(dir)?.derive("keyring");
    let keyring = Arc::new(Keyring::open(dir, &key)?);
    let shelf = Shelf::new(dir).unlocked(&keyring);
    let landing = ladder::climb(&shelf, storage.cache_bytes, check);
    let gauge = Arc::new(Gauge::default());
    if let Some(note) = landing.note {
        warn!(note, "the store needed mending");
        gauge.set_note(note);
    }
    let mut restored = restore(dir, landing.cache, &keyring)?;
    version::note(dir);
    restored.report(&gauge);
    let tail = restored.ledger.tail();
    if let Some(told) = uplink::read_told(dir) {
        tail.follow(told);
    }
    if restored.has_lost() {
        // Numbers of lost entries may be given out again: they need another name.
        tail.begin_epoch();
    }
    restored.count_start();
    let mut writer = Writer {
        state: without_people(&restored.snapshot),
        ledger: restored.ledger,
        cache: restored.cache,
        keyring,
        must_seal: restored.must_seal,
        shelf,
        cache_bytes: storage.cache_bytes,
        ballast,
        changed: restored.changed,
        is_dirty: true,
        has_forgotten: true,
        rewrite: None,
        tour: None,
        counting: census::Counting::default(),
        retention: retention::Retention::new(retention, restored.details),
        receipts,
        radio: RadioFile::new(dir),
        group_commit: storage.group_commit,
        flush_every: storage.flush_every,
        flushed: Instant::now(),
        has_given_up: false,
        tidy_from: Instant::now(),
        ballast_from: Instant::now(),
        gauge,
        answers,
    };
    writer.write_behind();
    Ok((writer, restored.snapshot))
}

impl Store {
    /// Hands jobs over in their order, and leaves those for which there is no
    /// room because the disk does not keep up.
    pub fn hand_over(&self, waiting: &mut VecDeque<Job>) {
        let Some(jobs) = &self.jobs else {
            return;
        };
        while let Some(job) = waiting.pop_front() {
            if is_kept_in_vain(&job, waiting) {
                continue;
            }
            let commits = u64::from(matches!(job, Job::Commit(..)));
            self.gauge.waiting.fetch_add(commits, Ordering::Relaxed);
            if let Err(TrySendError::Full(job) | TrySendError::Disconnected(job)) =
                jobs.try_send(job)
            {
                self.gauge.waiting.fetch_sub(commits, Ordering::Relaxed);
                waiting.push_front(job);
                return;
            }
        }
    }

    /// What the console shows.
    pub fn gauge(&self) -> Arc<Gauge> {
        self.gauge.clone()
    }

    /// Makes pseudonyms with the secret of this store.
    pub fn pseudonymiser(&self) -> Pseudonymiser {
        Pseudonymiser::new(self.secret.pseudonyms())
    }

    /// Signs the codes of this store.
    pub fn signer(&self) -> Signer {
        signer(&self.secret)
    }

    /// The ledger, for whoever passes it on.
    pub fn tail(&self) -> Tail {
        self.tail.clone()
    }

    /// The secret of this store, to derive keys from.
    pub fn secret(&self) -> Secret {
        self.secret.clone()
    }

    /// Whether the store's thread has ended although nobody asked it to.
    pub fn has_ended(&self) -> bool {
        self.thread.as_ref().is_none_or(JoinHandle::is_finished)
    }
}

/// Whether a profile comes with a consent that does not go so far. It is not written:
/// what the cache removes again stays in sled's files until they are rewritten.
fn is_kept_in_vain(job: &Job, next: &VecDeque<Job>) -> bool {
    let Job::Keep(kept, _) = job else {
        return false;
    };
    // Its enrolment comes right behind it, with its proof.
    let mut next = next.iter().filter(|job| !matches!(job, Job::Note(_)));
    matches!(next.next(), Some(Job::Commit(_, LedgerEntry::Enrolled(with)))
        if with.shopper == *kept && !with.consent.purposes.has(Purpose::Personalisation))
}

impl Drop for Store {
    /// Waits until everything handed over is on the disk.
    fn drop(&mut self) {
        self.gauge.closing.store(true, Ordering::Relaxed);
        self.jobs = None;
        if let Some(thread) = self.thread.take() {
            // It catches what sled may throw; a panic of its own is a bug that
            // the panic hook has already printed.
            let _ = thread.join();
        }
    }
}

impl Gauge {
    /// Commits waiting for the disk.
    pub fn waiting(&self) -> u64 {
        self.waiting.load(Ordering::Relaxed)
    }

    /// Whether commits become durable.
    pub fn is_durable(&self) -> bool {
        !self.fails.load(Ordering::Relaxed)
    }

    /// Whether the disk is full, or next to it.
    pub fn is_full(&self) -> bool {
        self.full.load(Ordering::Relaxed)
    }

    /// Profiles not kept because they are too long.
    pub fn profiles_refused(&self) -> u64 {
        self.refused.load(Ordering::Relaxed)
    }

    /// What the store needed to start, or runs without.
    pub fn note(&self) -> Option<String> {
        self.note
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    fn set_note(&self, note: String) {
        *self.note.lock().unwrap_or_else(PoisonError::into_inner) = Some(note);
    }

    /// Whether the gateway is stopping and waits for no better disk.
    fn is_closing(&self) -> bool {
        self.closing.load(Ordering::Relaxed)
    }

    fn set_durable(&self, durable: bool) {
        self.fails.store(!durable, Ordering::Relaxed);
    }

    fn set_full(&self, full: bool) {
        match (self.full.swap(full, Ordering::Relaxed), full) {
            (false, true) => {
                error!("the disk is nearly full: free space on it; until then nobody is enrolled");
            }
            (true, false) => info!("the disk has room again"),
            _ => {}
        }
    }

    fn written(&self, commits: u64) {
        self.waiting.fetch_sub(commits, Ordering::Relaxed);
    }

    fn refused(&self) {
        self.refused.fetch_add(1, Ordering::Relaxed);
    }
}
