//! Looking at a store without working in it, for operators.

use super::{
    Check, StoreError,
    cache::Shelf,
    disk::Lock,
    ladder::{check_here, climb_only_to_look},
    ledger::{self, Findings},
    version,
};
use engine::effect::LedgerEntry;
use serde::Serialize;
use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

/// Pages in memory are enough for a check.
const CACHE_BYTES: u64 = 8 << 20;

/// What lies in a data folder.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Inspection {
    /// Entries of the ledger by kind.
    pub ledger_entries: BTreeMap<&'static str, u64>,
    /// Places in the ledger where bytes could not be read.
    pub ledger_damaged: u64,
    /// Places in the ledger where entries are missing.
    pub ledger_missing: u64,
    /// Whether the ledger ends within a write that a power cut interrupted: no loss.
    pub ledger_torn: bool,
    /// What is wrong with the cache, if anything.
    pub cache_problem: Option<String>,
    /// Profiles in the cache.
    pub profiles: usize,
    /// Shoppers enrolled, also those who withdrew everything.
    pub enrolled: usize,
    /// Shoppers forgotten.
    pub forgotten: usize,
    /// The last ledger entry that the cache holds.
    pub applied_seq: u64,
}

impl Inspection {
    /// Whether a start would need no mending that loses anything.
    pub fn is_sound(&self) -> bool {
        self.ledger_damaged == 0 && self.ledger_missing == 0 && self.cache_problem.is_none()
    }
}

/// Reads everything in a data folder that no gateway works in.
pub fn inspect(dir: &Path, check: &Check) -> Result<Inspection, StoreError> {
    let folder = |error| StoreError::Folder {
        path: dir.to_owned(),
        error,
    };
    if !dir.join("ledger").is_dir() {
        return Err(StoreError::Nothing(dir.to_owned()));
    }
    let _lock = Lock::take(dir)
        .map_err(folder)?
        .ok_or_else(|| StoreError::Busy(dir.to_owned()))?;
    version::refuse_newer(dir)?;
    let mut found = Inspection::default();
    let findings = ledger::survey(&dir.join("ledger"), &mut |_, entry| {
        *found.ledger_entries.entry(kind(&entry)).or_default() += 1;
    })?;
    let Findings {
        damaged,
        doubted,
        torn,
        ..
    } = findings;
    found.ledger_damaged = damaged;
    found.ledger_missing = doubted;
    found.ledger_torn = torn;
    found.look_at_cache(&Shelf::new(dir), check);
    Ok(found)
}

impl Inspection {
    fn look_at_cache(&mut self, shelf: &Shelf, check: &Check) {
        match climb_only_to_look(shelf, CACHE_BYTES, check) {
            Ok(Some(cache)) => {
                [self.profiles, self.enrolled, self.forgotten] = cache.counts();
                self.applied_seq = cache.meta().map_or(0, |meta| meta.applied_seq);
            }
            Ok(None) => self.cache_problem = Some("there is no cache".to_owned()),
            Err(problem) => self.cache_problem = Some(problem),
        }
    }
}

/// Checks one cache folder in this process, which may panic or hang: for the
/// child that a start sends ahead.
pub fn check_cache(dir: &Path) -> Result<(), String> {
    check_here(&PathBuf::from(dir), CACHE_BYTES)
}

fn kind(entry: &LedgerEntry) -> &'static str {
    match entry {
        LedgerEntry::Started { .. } => "started",
        LedgerEntry::Enrolled(_) => "enrolled",
        LedgerEntry::Withdrawn { .. } => "withdrawn",
        LedgerEntry::Forgotten { .. } => "forgotten",
        LedgerEntry::Reserved(_) => "reserved",
        LedgerEntry::Released { .. } => "released",
        LedgerEntry::Exposed(_) => "exposed",
        LedgerEntry::Redeemed(_) => "redeemed",
        LedgerEntry::Tallied { .. } => "tallied",
        LedgerEntry::Open(_) => "open",
        LedgerEntry::Receipt(_) => "receipt",
        LedgerEntry::Sold(_) => "sold",
        LedgerEntry::Voided { .. } => "voided",
        LedgerEntry::Coded(_) => "coded",
        LedgerEntry::Kept(_) => "kept",
        LedgerEntry::CodesTallied { .. } => "codes_tallied",
        LedgerEntry::Paused(_) => "paused",
        LedgerEntry::Resumed(_) => "resumed",
        LedgerEntry::Reached(_) => "reached",
        LedgerEntry::Bought(_) => "bought",
        LedgerEntry::Paired(_) => "paired",
        LedgerEntry::Ramped { .. } => "ramped",
        LedgerEntry::Incident { .. } => "incident",
        LedgerEntry::Tried { .. } => "tried",
        LedgerEntry::Money(_) => "money",
        LedgerEntry::Epoch { .. } => "epoch",
        LedgerEntry::Sealed(_) => "sealed",
        LedgerEntry::Noted(_) => "noted",
        LedgerEntry::Blank => "blank",
        LedgerEntry::Doubted => "doubted",
    }
}
