//! What can be worked out again or fetched again, kept in sled: profiles, and
//! what the ledger adds up to so far, so that a start need not read it all.
//!
//! Measured of sled 0.34.7: `flush` alone lost acknowledged writes in 44 of 60
//! power cuts, with `sync_data` on the file `db` after it in 0 of 510; values
//! whose page passes 128 KiB become files that are never synced, and a page
//! holds up to 16 values.

mod money;
mod notes;
mod people;
mod profiles;
mod sales;
mod shelf;
mod state;
#[cfg(test)]
mod tests;

pub(super) use profiles::Expired;
pub(super) use shelf::{Shelf, remove_all_snapshots, sweep};

use super::{disk::keep_ahead, keyring::Keyring};
use engine::{
    Snapshot,
    effect::LedgerEntry,
    shopper::{Enrolment, ShopperId},
};
use serde::{Serialize, de::DeserializeOwned};
use sled::Tree;
use std::{
    fs::{File, OpenOptions},
    io,
    path::{Path, PathBuf},
    sync::Arc,
    thread,
    time::{Duration, Instant},
};

/// Longest wait for sled's threads to let go of a cache.
const LOCK_MAX: Duration = Duration::from_secs(2);
/// Bytes kept ahead of sled's file, which grows by half a mebibyte at a time: several
/// groups of commits with the longest profiles.
const ROOM: u64 = 4 << 20;
/// Longest value, bytes.
pub(super) const VALUE_MAX: usize = 4096;
/// First byte of every value; raised when older programs could not read it.
const SCHEMA: u8 = 2;
/// First byte of a value that is sealed, whole or in part.
const SEALED: u8 = 3;

/// Why the cache, or tidying up around it, failed.
#[derive(Debug, thiserror::Error)]
pub(super) enum CacheError {
    #[error(transparent)]
    Sled(#[from] sled::Error),
    #[error(transparent)]
    Io(#[from] io::Error),
    #[error(transparent)]
    Ledger(#[from] super::ledger::LedgerError),
    #[error("sled panicked")]
    Panicked,
    #[error("a value of the cache does not decode")]
    Value,
    #[error("a shopper has no key to seal with")]
    NoKey,
    #[error("a value of {0} bytes is longer than the 4096 bytes that sled keeps safely")]
    TooLong(usize),
}

/// An open cache.
#[derive(Debug)]
pub(super) struct Cache {
    dir: PathBuf,
    db: sled::Db,
    /// The file that sled writes to, to sync what sled only flushes.
    file: File,
    profiles: Tree,
    enrolled: Tree,
    forgotten: Tree,
    notes: Tree,
    state: Tree,
    /// What opens profiles and keys; nothing for whoever only checks.
    keyring: Option<Arc<Keyring>>,
}

impl Cache {
    /// Opens or creates the cache in `dir`. May panic on damaged files: check
    /// them in another process first.
    pub(super) fn open(dir: &Path, cache_bytes: u64) -> Result<Self, CacheError> {
        let config = sled::Config::new()
            .path(dir)
            .cache_capacity(cache_bytes)
            .mode(sled::Mode::LowSpace)
            // The store's thread flushes, and syncs after it.
            .flush_every_ms(None);
        let db = open_when_free(&config)?;
        let cache = Self {
            dir: dir.to_owned(),
            file: OpenOptions::new().write(true).open(dir.join("db"))?,
            profiles: db.open_tree("profiles")?,
            enrolled: db.open_tree("enrolled")?,
            forgotten: db.open_tree("forgotten")?,
            notes: db.open_tree("notes")?,
            state: db.open_tree("state")?,
            db,
            keyring: None,
        };
        File::open(dir.join("conf"))?.sync_all()?;
        super::disk::sync_dir(dir)?;
        Ok(cache)
    }

    /// Reads and decodes every value. sled opens damaged files without
    /// complaint and only says so when it comes to the damaged page.
    pub(super) fn scan(&self) -> Result<(), CacheError> {
        let mut snapshot = Snapshot::default();
        self.load_state(&mut snapshot)?;
        for entry in self.people() {
            entry?;
        }
        for item in &self.profiles {
            profiles::Kept::check(&item?.1)?;
        }
        Ok(())
    }

    /// With what opens profiles and keys.
    pub(super) fn unlocked(self, keyring: &Arc<Keyring>) -> Self {
        Self {
            keyring: Some(keyring.clone()),
            ..self
        }
    }

    /// Whether sled finds room for what it writes next; it takes a disk without any for
    /// the end.
    pub(super) fn has_room(&self) -> bool {
        keep_ahead(&self.file, ROOM).unwrap_or(true)
    }

    /// Makes everything written so far durable.
    pub(super) fn sync(&self) -> Result<(), CacheError> {
        self.db.flush()?;
        self.file.sync_data()?;
        Ok(())
    }

    /// Applies the part of an entry that is about who is enrolled, by the very
    /// fold that a replay uses. Doing it twice does no harm.
    pub(super) fn fold(&self, entry: &LedgerEntry) -> Result<(), CacheError> {
        match entry {
            LedgerEntry::Enrolled(Enrolment { shopper, .. })
            | LedgerEntry::Withdrawn { shopper, .. } => {
                self.fold_one(*shopper, entry)?;
                self.drop_if_unagreed(*shopper)
            }
            LedgerEntry::Forgotten { shopper, .. } => {
                self.profiles.remove(key(*shopper))?;
                self.forget_notes(*shopper)?;
                self.fold_one(*shopper, entry)?;
                self.set_residue()
            }
            LedgerEntry::Noted(note) => self.note(note),
            LedgerEntry::Doubted => {
                for item in self.enrolled.iter().keys() {
                    self.fold_one(shopper_of(&item?)?, entry)?;
                }
                Ok(())
            }
            // The store opens it first.
            LedgerEntry::Sealed(_)
            | LedgerEntry::Started { .. }
            | LedgerEntry::Reserved(_)
            | LedgerEntry::Released { .. }
            | LedgerEntry::Exposed(_)
            | LedgerEntry::Redeemed(_)
            | LedgerEntry::Tallied { .. }
            | LedgerEntry::Open(_)
            | LedgerEntry::Receipt(_)
            | LedgerEntry::Sold(_)
            | LedgerEntry::Voided { .. }
            | LedgerEntry::Coded(_)
            | LedgerEntry::Kept(_)
            | LedgerEntry::CodesTallied { .. }
            | LedgerEntry::Paused(_)
            | LedgerEntry::Resumed(_)
            | LedgerEntry::Reached(_)
            | LedgerEntry::Bought(_)
            | LedgerEntry::Paired(_)
            | LedgerEntry::Ramped { .. }
            | LedgerEntry::Incident { .. }
            | LedgerEntry::Tried { .. }
            | LedgerEntry::Money(_)
            | LedgerEntry::Epoch { .. }
            | LedgerEntry::Blank => Ok(()),
        }
    }

    /// Profiles, enrolled, forgotten.
    pub(super) fn counts(&self) -> [usize; 3] {
        [&self.profiles, &self.enrolled, &self.forgotten].map(Tree::len)
    }
}

/// Opens the cache when its lock is free. sled 0.34 does its writing in a pool
/// of threads whose jobs hold the file, and so its lock, for a moment after
/// the last `Db` of this process was dropped; taken for damage, that moment
/// would cost the cache. Two gateways are kept apart by the folder's own lock.
fn open_when_free(config: &sled::Config) -> Result<sled::Db, sled::Error> {
    let deadline = Instant::now() + LOCK_MAX;
    loop {
        match config.open() {
            Err(sled::Error::Io(error)) if is_locked(&error) && Instant::now() < deadline => {
                thread::sleep(Duration::from_millis(2));
            }
            opened => return opened,
        }
    }
}

/// sled has no kind of error for it, only these words.
fn is_locked(error: &io::Error) -> bool {
    error.to_string().contains("could not acquire lock")
}

fn key(shopper: ShopperId) -> [u8; 8] {
    shopper.0.to_be_bytes()
}

fn shopper_of(key: &[u8]) -> Result<ShopperId, CacheError> {
    let bytes = key.try_into().map_err(|_| CacheError::Value)?;
    Ok(ShopperId(u64::from_be_bytes(bytes)))
}

fn encode<T: Serialize>(value: &T) -> Vec<u8> {
    let body = postcard::to_stdvec(value).expect("every value of the cache can be encoded");
    [&[SCHEMA][..], &body].concat()
}

fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, CacheError> {
    match bytes.split_first() {
        Some((&SCHEMA, body)) => postcard::from_bytes(body).map_err(|_| CacheError::Value),
        _ => Err(CacheError::Value),
    }
}

/// The one place where a value of any length goes into a tree.
fn replace(tree: &Tree, key: [u8; 8], value: Option<Vec<u8>>) -> Result<(), CacheError> {
    match value {
        Some(bytes) if bytes.len() > VALUE_MAX => Err(CacheError::TooLong(bytes.len())),
        Some(bytes) => tree.insert(key, bytes).map(drop).map_err(CacheError::from),
        None => tree.remove(key).map(drop).map_err(CacheError::from),
    }
}
