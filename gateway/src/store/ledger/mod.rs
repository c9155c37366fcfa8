//! The truth: every promise that must survive a power cut, appended to files
//! whose `fdatasync` is the one commit point.
//!
//! sled's own `flush` is not durable on Linux and loses acknowledged writes
//! when the power fails, so nothing is promised on its word.

mod backlog;
mod checkpoint;
mod frame;
mod redact;
mod replay;
mod segment;
mod tail;
#[cfg(test)]
mod tests;

pub(crate) use replay::Findings;
pub(super) use replay::survey;
pub use tail::Tail;
pub(crate) use tail::{Batch, Epoch, Reader, Told};

use super::disk::{self, is_full, sync_dir};
use engine::effect::LedgerEntry;
use segment::{Head, Kind};
use std::{
    fs::{self, File, OpenOptions},
    io,
    os::unix::fs::FileExt as _,
    path::{Path, PathBuf},
};

/// A file is closed when it is this long, bytes: what one rewriting touches.
const SEGMENT_BYTES_MAX: u64 = 4 << 20;
/// Zeros are written ahead in pieces of this length, bytes. Over them an `fdatasync`
/// writes a block of 4 KiB; where a file grows with each, ext4 writes its journal,
/// too: 4,219 against 16,609 bytes for a lone entry. So a piece pays after 22 of them,
/// and holds 5,000.
const ROOM: u64 = 256 << 10;
/// The next piece is written when less than this is left of the last, bytes: on a full
/// disk so much still finds room, withdrawals among it.
const ROOM_MIN: u64 = ROOM / 2;
/// The ledger is replaced by what it adds up to when it is this long, bytes:
/// months of one shop, and seconds to read on a slow card.
pub(super) const BYTES_MAX: u64 = 64 << 20;

/// What is wrong with a ledger.
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    /// The file system refuses.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// Written by a newer program.
    #[error(
        "{path} is of ledger version {version}, newer than this program: start the newer aislecast, or restore a backup made by this one"
    )]
    Newer {
        /// Which file.
        path: PathBuf,
        /// Its version.
        version: u32,
    },
}

/// Refuses a ledger of which some file is by a newer program, and changes nothing.
pub(super) fn refuse_newer(dir: &Path) -> Result<(), LedgerError> {
    if dir.is_dir() {
        segment::list(dir)?;
    }
    Ok(())
}

/// Appends. One writer; held by the store's thread.
#[derive(Debug)]
pub(crate) struct Ledger {
    dir: PathBuf,
    file: File,
    number: u64,
    /// Length of the file up to which everything is on the disk.
    synced: u64,
    /// Length of the file with the zeros that lie ready behind that.
    room: u64,
    /// Frames waiting for the next sync.
    waiting: Vec<u8>,
    last_seq: u64,
    /// All files together, bytes.
    bytes: u64,
    tail: Tail,
}

impl Ledger {
    /// Opens or begins the ledger in `dir` and hands over every entry. Entries
    /// that are missing are reported, and doubted unless the cache has applied
    /// them: it has all up to `applied`.
    pub(crate) fn open(
        dir: &Path,
        applied: u64,
        mut entry: impl FnMut(u64, LedgerEntry),
    ) -> Result<(Self, Findings), LedgerError> {
        fs::create_dir_all(dir)?;
        if let Some(parent) = dir.parent() {
            sync_dir(parent)?;
        }
        let tail = Tail::new(dir);
        let (findings, end) = replay::replay(dir, applied, &mut |seq, found| {
            tail.note_epoch(&found);
            entry(seq, found);
        })?;
        // The cache may know of entries that the ledger has lost. Their
        // numbers are not given out again, or the new ones would be skipped.
        let last_seq = end.last_seq.max(applied);
        let (number, file, synced) = match end.append_to {
            Some(segment) if last_seq == end.last_seq => {
                let file = OpenOptions::new().write(true).open(&segment.path)?;
                // What a killed gateway wrote was read from memory, maybe.
                file.sync_data()?;
                (segment.number, file, segment.bytes)
            }
            _ => {
                let number = end.last_number + 1;
                let file = begin(dir, number, Kind::Log, last_seq + 1)?;
                (number, file, segment::HEAD as u64)
            }
        };
        let room = file.metadata()?.len();
        let ledger = Self {
            dir: dir.to_owned(),
            file,
            number,
            synced,
            room,
            waiting: Vec::new(),
            last_seq,
            bytes: segment::total(dir)?.saturating_sub(room - synced),
            tail,
        };
        ledger.tail.made_durable(last_seq);
        Ok((ledger, findings))
    }

    /// Puts an entry among those that the next [`Ledger::sync`] writes.
    pub(crate) fn append(&mut self, entry: &LedgerEntry) {
        let place = self.last_seq - self.tail.last();
        self.last_seq += 1;
        frame::encode_at(place, self.last_seq, entry, &mut self.waiting);
    }

    /// Makes everything appended durable. After an error nothing is; calling
    /// again writes the same entries again.
    pub(crate) fn sync(&mut self) -> Result<(), LedgerError> {
        if self.waiting.is_empty() {
            return Ok(());
        }
        // At a fixed place, so that trying again overwrites what a failed
        // attempt has left instead of following it.
        self.file.write_all_at(&self.waiting, self.synced)?;
        self.set_room_aside();
        if let Err(error) = self.file.sync_data() {
            // The kernel reports a failed sync once and then forgets that the
            // pages were never written. Only another file can be trusted.
            self.rotate()?;
            return Err(error.into());
        }
        self.synced += self.waiting.len() as u64;
        self.bytes += self.waiting.len() as u64;
        self.waiting.clear();
        self.tail.made_durable(self.last_seq);
        self.waiting.shrink_to(64 << 10);
        if self.synced < SEGMENT_BYTES_MAX {
            return Ok(());
        }
        match self.rotate() {
            // A full disk has none for another file, and this one has room left.
            Err(LedgerError::Io(error)) if is_full(&error) => Ok(()),
            rotated => rotated,
        }
    }

    /// Whether entries wait for a sync.
    pub(crate) fn is_synced(&self) -> bool {
        self.waiting.is_empty()
    }

    /// What readers of the ledger share with it.
    pub(crate) fn tail(&self) -> &Tail {
        &self.tail
    }

    /// Begins an epoch if one is asked for. Says whether; it is not synced.
    pub(in crate::store) fn begin_epoch_if_wanted(&mut self) -> bool {
        let wanted = self.tail.wants_epoch();
        if wanted {
            let mut id = [0; 8];
            getrandom::fill(&mut id).expect("the operating system has random bytes");
            let entry = LedgerEntry::Epoch {
                id: u64::from_le_bytes(id),
                since: self.last_seq + 1,
            };
            self.append(&entry);
            self.tail.note_epoch(&entry);
        }
        wanted
    }

    /// Epochs as entries, for a checkpoint to hold.
    pub(in crate::store) fn epochs(&self) -> Vec<LedgerEntry> {
        self.tail.prune_epochs()
    }

    /// Number of the last entry appended.
    pub(crate) fn last_seq(&self) -> u64 {
        self.last_seq
    }

    /// All files together, bytes.
    pub(crate) fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Writes zeros behind what waits if few of those that are there are left.
    fn set_room_aside(&mut self) {
        let end = self.synced + self.waiting.len() as u64;
        if end + ROOM_MIN <= self.room {
            return;
        }
        self.room = self.room.max(end);
        let upto = (end + ROOM_MIN).next_multiple_of(ROOM);
        let zeros = vec![0; (upto - self.room) as usize];
        // On a disk that is full what waits has the room that there was.
        if self.file.write_all_at(&zeros, self.room).is_ok() {
            self.room = upto;
        }
    }

    fn rotate(&mut self) -> Result<(), LedgerError> {
        self.go_on_in(self.number + 1)
    }

    /// Begins a file, to which everything is appended from now on.
    fn go_on_in(&mut self, number: u64) -> Result<(), LedgerError> {
        // After a failed sync those that wait come first.
        let first_seq = self.tail.last() + 1;
        let file = begin(&self.dir, number, Kind::Log, first_seq)?;
        self.give_room_back();
        self.file = file;
        self.number = number;
        self.synced = segment::HEAD as u64;
        self.room = self.synced;
        self.bytes += self.synced;
        Ok(())
    }

    /// Nothing is appended to this file any more.
    fn give_room_back(&self) {
        // A file that keeps its zeros is as good, and longer.
        let _ = self.file.set_len(self.synced);
    }
}

impl Drop for Ledger {
    fn drop(&mut self) {
        self.give_room_back();
    }
}

#[cfg(test)]
impl Ledger {
    /// For tests of what happens at a length that would take long to reach.
    pub(crate) fn pretend_length(&mut self, bytes: u64) {
        self.bytes = bytes;
    }

    /// For tests of a disk that refuses for a while.
    pub(crate) fn swap_file(&mut self, file: File) -> File {
        std::mem::replace(&mut self.file, file)
    }
}

/// Creates a file with its head, durable together with its name.
fn begin(dir: &Path, number: u64, kind: Kind, first_seq: u64) -> io::Result<File> {
    let path = segment::path_of(dir, number);
    let file = disk::create(&path)?;
    let written = file
        .write_all_at(&Head::new(kind, first_seq).encode(), 0)
        .and_then(|()| file.sync_all())
        .and_then(|()| sync_dir(dir));
    if written.is_err() {
        // What goes on in the file before would contradict its head.
        let _ = fs::remove_file(&path);
    }
    written.map(|()| file)
}
