//! Reading the ledger while it is written: what is told to a hub is read from
//! here, so that there is no second queue that could lose what this one keeps.

use super::{
    LedgerError,
    backlog::{self, Kept},
    frame::{Frames, Piece},
    segment::{self, Segment},
};
use crate::uplink::{Event, Lane, Receipts, told};
use engine::effect::LedgerEntry;
use serde::{Serialize, de::DeserializeOwned};
use std::{
    fs::File,
    io,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
};
use tokio::sync::watch;

/// Most bytes of events read at once: at 64 kbit/s they are on their way for
/// one and a half seconds, and what comes first waits no longer for them.
pub(crate) const BATCH_BYTES: usize = 12 << 10;
/// Most frames passed over at once: about a millisecond, so that a search for few
/// events among many entries lets others have a turn.
const FRAMES_MAX: usize = 2_000;

/// From an entry on, events are named by this number and their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Epoch {
    pub(crate) id: u64,
    /// The entry with which it began.
    pub(crate) since: u64,
}

/// Up to where a hub has everything, by lane; what of the rest may have been
/// sent already.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Told {
    pub(crate) first: u64,
    pub(crate) rest: u64,
    /// Nothing above it was ever sent.
    pub(crate) sent: u64,
}

impl Told {
    pub(crate) fn of(&self, lane: Lane) -> u64 {
        match lane {
            Lane::First => self.first,
            Lane::Rest => self.rest,
        }
    }

    /// Everything up to here may go.
    pub(crate) fn both(&self) -> u64 {
        self.first.min(self.rest)
    }
}

/// What the writer of the ledger and its readers share. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Tail(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    dir: PathBuf,
    durable: watch::Sender<u64>,
    /// Rises when files are replaced. Held while files are read or replaced.
    files: RwLock<u64>,
    epochs: Mutex<Vec<Epoch>>,
    /// Where the hub is; nothing when there is none.
    told: Mutex<Option<Told>>,
    wants_epoch: AtomicBool,
    dropped: AtomicU64,
    folded: AtomicU64,
}

impl Tail {
    pub(super) fn new(dir: &Path) -> Self {
        Self(Arc::new(Shared {
            dir: dir.to_owned(),
            durable: watch::Sender::new(0),
            files: RwLock::new(0),
            epochs: Mutex::default(),
            told: Mutex::default(),
            wants_epoch: AtomicBool::new(false),
            dropped: AtomicU64::new(0),
            folded: AtomicU64::new(0),
        }))
    }

    /// Follows the number of the last entry that is on the disk.
    pub(crate) fn durable(&self) -> watch::Receiver<u64> {
        self.0.durable.subscribe()
    }

    /// Its number now.
    pub(crate) fn last(&self) -> u64 {
        *self.0.durable.borrow()
    }

    /// From now on a hub is told, and has this already.
    pub(crate) fn follow(&self, told: Told) {
        *self.told_now() = Some(told);
    }

    /// There is no hub any more.
    pub(crate) fn unfollow(&self) {
        *self.told_now() = None;
    }

    /// Where the hub is, if there is one.
    pub(crate) fn told(&self) -> Option<Told> {
        *self.told_now()
    }

    /// Asks the writer to begin an epoch.
    pub(crate) fn begin_epoch(&self) {
        self.0.wants_epoch.store(true, Ordering::Relaxed);
    }

    /// All epochs that anything is left of, oldest first.
    pub(crate) fn epochs(&self) -> Vec<Epoch> {
        self.epochs_now().clone()
    }

    /// Diagnostics dropped and pictures folded into hours, since the start.
    pub(crate) fn shed(&self) -> (u64, u64) {
        let read = |of: &AtomicU64| of.load(Ordering::Relaxed);
        (read(&self.0.dropped), read(&self.0.folded))
    }

    pub(super) fn shed_more(&self, dropped: u64, folded: u64) {
        self.0.dropped.fetch_add(dropped, Ordering::Relaxed);
        self.0.folded.fetch_add(folded, Ordering::Relaxed);
    }

    /// Whether an epoch is to begin. Asked once.
    pub(in crate::store) fn wants_epoch(&self) -> bool {
        self.told().is_some() && self.0.wants_epoch.swap(false, Ordering::Relaxed)
    }

    pub(in crate::store) fn note_epoch(&self, entry: &LedgerEntry) {
        if let LedgerEntry::Epoch { id, since } = *entry {
            let mut epochs = self.epochs_now();
            if epochs.iter().all(|epoch| epoch.id != id) {
                epochs.push(Epoch { id, since });
            }
        }
    }

    /// Forgets epochs of which the hub has everything, and all when there is none.
    pub(super) fn prune_epochs(&self) -> Vec<LedgerEntry> {
        let told = self.told();
        let mut epochs = self.epochs_now();
        let gone = told.map_or(epochs.len(), |told| {
            let next = epochs.iter().skip(1);
            next.take_while(|next| next.since <= told.both()).count()
        });
        epochs.drain(..gone);
        let kept = epochs.iter().map(|epoch| LedgerEntry::Epoch {
            id: epoch.id,
            since: epoch.since,
        });
        kept.collect()
    }

    pub(super) fn made_durable(&self, seq: u64) {
        self.0.durable.send_replace(seq);
    }

    /// Held while files of the ledger are replaced.
    pub(super) fn replacing(&self) -> RwLockWriteGuard<'_, u64> {
        let mut files = self.0.files.write().unwrap_or_else(PoisonError::into_inner);
        *files += 1;
        files
    }

    fn reading(&self) -> RwLockReadGuard<'_, u64> {
        self.0.files.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn told_now(&self) -> MutexGuard<'_, Option<Told>> {
        self.0.told.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn epochs_now(&self) -> MutexGuard<'_, Vec<Epoch>> {
        self.0.epochs.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn epoch_of(&self, seq: u64) -> Option<Epoch> {
        let epochs = self.epochs_now();
        epochs.iter().rev().find(|e| e.since < seq).copied()
    }
}

/// An event as a hub gets it.
#[derive(Debug, Serialize)]
struct Numbered<'a> {
    seq: u64,
    what: &'a Event,
}

/// Some events of one lane: all that there are above where the reading began.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Batch {
    /// Of which epoch; nothing when there are no events.
    pub(crate) epoch: Option<Epoch>,
    /// Each as JSON, in order.
    pub(crate) events: Vec<String>,
    /// Length of them all.
    bytes: usize,
    /// Up to this number.
    pub(crate) upto: u64,
}

/// Reads one lane from wherever it is told to.
#[derive(Debug)]
pub(crate) struct Reader {
    tail: Tail,
    lane: Lane,
    receipts: Receipts,
    place: Option<Place>,
}

/// Where the next frame begins, so that it is not looked for again.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Place {
    generation: u64,
    path: PathBuf,
    offset: u64,
    after: u64,
}

/// What to do with the next frame.
enum Next {
    Go,
    Full,
}

impl Reader {
    pub(crate) fn new(tail: Tail, lane: Lane, receipts: Receipts) -> Self {
        Self {
            tail,
            lane,
            receipts,
            place: None,
        }
    }

    /// What comes after entry `after`, as far as it is on the disk.
    pub(crate) fn read(&mut self, after: u64) -> Result<Batch, LedgerError> {
        let tail = self.tail.clone();
        let files = tail.reading();
        let durable = tail.last();
        let mut batch = Batch {
            upto: after,
            ..Batch::default()
        };
        let mut frames_left = FRAMES_MAX;
        for file in backlog::list(&tail.0.dir)? {
            if file.upto <= batch.upto {
                continue;
            }
            let start = (file.path.as_path(), 0, *files);
            let full = self.walk::<Kept>(start, file.upto, &mut batch, &mut frames_left)?;
            if full {
                return Ok(batch);
            }
        }
        let segments = segment::list(&tail.0.dir)?;
        for (index, segment) in segments.iter().enumerate() {
            let next = segments[index + 1..].iter().find_map(first_of);
            let end = next.map_or(durable, |first| (first - 1).min(durable));
            if end <= batch.upto {
                continue;
            }
            if segment.is_checkpoint() {
                // Sums of what was told, or lies in the backlog.
                batch.upto = end;
                continue;
            }
            let start = (segment.path.as_path(), segment.start(), *files);
            if self.walk::<LedgerEntry>(start, end, &mut batch, &mut frames_left)? {
                return Ok(batch);
            }
        }
        Ok(batch)
    }

    /// Reads a file up to entry `end`. Says whether the batch is full before that.
    fn walk<E: Source>(
        &mut self,
        (path, start, generation): (&Path, u64, u64),
        end: u64,
        batch: &mut Batch,
        frames_left: &mut usize,
    ) -> Result<bool, LedgerError> {
        let known = self.place.take().filter(|place| {
            place.path == path && place.generation == generation && place.after == batch.upto
        });
        let start = known.map_or(start, |place| place.offset);
        let mut file = File::open(path)?;
        io::Seek::seek(&mut file, io::SeekFrom::Start(start))?;
        let mut frames = Frames::<File, E>::new(file, start);
        // Where the next frame begins that may be one later, if it is none yet.
        let mut offset = start;
        let is_full = loop {
            if *frames_left == 0 {
                break true;
            }
            *frames_left -= 1;
            let (seq, entry) = match frames.next()? {
                Some(Piece::Frame { seq, entry, .. }) if seq <= end => (seq, entry),
                // Damaged since the start: the next start tells, and begins an epoch.
                Some(Piece::Bad | Piece::Hole { .. } | Piece::Torn { .. }) => continue,
                Some(Piece::Frame { .. }) | None => break false,
            };
            if seq > batch.upto {
                if let Some(entry) = entry
                    && let Next::Full = self.take(seq, &entry, batch)
                {
                    break true;
                }
                batch.upto = seq;
            }
            offset = frames.offset();
            if seq == end {
                break false;
            }
        };
        if !is_full {
            batch.upto = end;
        }
        self.place = Some(Place {
            generation,
            path: path.to_owned(),
            offset,
            after: batch.upto,
        });
        Ok(is_full)
    }

    fn take<E: Source>(&self, seq: u64, entry: &E, batch: &mut Batch) -> Next {
        if batch.bytes >= BATCH_BYTES {
            return Next::Full;
        }
        let Some((lane, what)) = entry.told(&self.receipts) else {
            return Next::Go;
        };
        let (true, Some(epoch)) = (lane == self.lane, self.tail.epoch_of(seq)) else {
            return Next::Go;
        };
        if batch.epoch.is_some_and(|of| of != epoch) {
            return Next::Full;
        }
        let numbered = Numbered { seq, what: &what };
        let text = serde_json::to_string(&numbered).expect("events have only text keys");
        batch.epoch = Some(epoch);
        batch.bytes += text.len();
        batch.events.push(text);
        Next::Go
    }
}

fn first_of(segment: &Segment) -> Option<u64> {
    segment.head.map(|head| head.first_seq).filter(|n| *n > 0)
}

/// What events are read from.
pub(super) trait Source: DeserializeOwned {
    /// What a hub is told of it.
    fn told(&self, receipts: &Receipts) -> Option<(Lane, Event)>;
}

impl Source for LedgerEntry {
    fn told(&self, receipts: &Receipts) -> Option<(Lane, Event)> {
        told(self, receipts)
    }
}

impl Source for Kept {
    fn told(&self, _: &Receipts) -> Option<(Lane, Event)> {
        Some((self.0.lane(), self.0.clone()))
    }
}

#[cfg(test)]
mod tests;
#[cfg(test)]
mod week;
