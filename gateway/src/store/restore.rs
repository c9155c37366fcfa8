//! What cache and ledger together hold, read at a start.

use super::{
    Gauge, StoreError,
    cache::{Cache, CacheError},
    keyring::Keyring,
    ledger::{Findings, Ledger},
    retention::Details,
    state::Changed,
    writer::unwound,
};
use engine::{Snapshot, effect::LedgerEntry, shopper::ShopperId};
use std::{collections::BTreeMap, io, path::Path};
use tracing::{info, warn};

/// What cache and ledger together hold.
pub(super) struct Restored {
    pub(super) snapshot: Snapshot,
    pub(super) changed: Changed,
    pub(super) cache: Option<Cache>,
    pub(super) ledger: Ledger,
    pub(super) details: Details,
    /// Whether there are keys that no keyring seals yet.
    pub(super) must_seal: bool,
    findings: Findings,
    /// Enrolments whose keys nobody can open although nobody was forgotten.
    locked: u64,
}

/// Adds the ledger up, and brings the cache up to it.
///
/// People are not read from the cache as long as the ledger has lost nothing:
/// reading 100,000 of them makes sled keep 10 MB, reading the ledger takes a
/// frame's memory and no longer.
pub(super) fn restore(
    dir: &Path,
    cache: Option<Cache>,
    keyring: &Keyring,
) -> Result<Restored, StoreError> {
    let mut restored = add_up(dir, cache, keyring)?;
    restored.bury(keyring)?;
    Ok(restored)
}

fn add_up(dir: &Path, cache: Option<Cache>, keyring: &Keyring) -> Result<Restored, StoreError> {
    let restored = replay(dir, cache, None, keyring)?;
    if restored.findings.covered == 0 {
        return Ok(restored);
    }
    // The cache knows of entries that the ledger has lost.
    let mut base = Snapshot::default();
    let Restored { cache, ledger, .. } = restored;
    // There is one writer at a time.
    drop(ledger);
    let cache = cache.filter(|cache| load(cache, &mut base).is_ok());
    let base = cache.is_some().then_some(base);
    replay(dir, cache, base, keyring)
}

/// Adds the ledger up: all of it, or on top of `base` what the cache has not applied.
fn replay(
    dir: &Path,
    cache: Option<Cache>,
    base: Option<Snapshot>,
    keyring: &Keyring,
) -> Result<Restored, StoreError> {
    let meta = cache
        .as_ref()
        .and_then(|cache| unwound(|| cache.meta()).ok());
    let applied = meta.map_or(0, |meta| meta.applied_seq);
    let mut cache = meta.and(cache);
    let known = if base.is_some() { applied } else { 0 };
    let mut snapshot = base.unwrap_or_default();
    let mut changed = Changed::default();
    let mut details = Details::default();
    let mut opener = Opener::new(keyring);
    let (ledger, findings) = Ledger::open(&dir.join("ledger"), applied, |seq, entry| {
        let entry = opener.open(entry);
        details.note(&entry);
        if seq > applied {
            changed.note(&snapshot, seq, &entry);
            if let Some(used) = &cache
                && unwound(|| used.fold(&entry)).is_err()
            {
                cache = None;
            }
        }
        if seq > known {
            snapshot.apply(&entry);
        }
    })?;
    let (must_seal, locked) = opener.end()?;
    Ok(Restored {
        snapshot,
        changed,
        cache,
        ledger,
        details,
        must_seal,
        findings,
        locked,
    })
}

/// Opens entries as they are read.
struct Opener<'k> {
    keyring: &'k Keyring,
    ended: BTreeMap<ShopperId, u64>,
    must_seal: bool,
    locked: u64,
    failed: Option<io::Error>,
}

impl<'k> Opener<'k> {
    fn new(keyring: &'k Keyring) -> Self {
        Self {
            keyring,
            ended: keyring.tombstones().into_iter().collect(),
            must_seal: false,
            locked: 0,
            failed: None,
        }
    }

    /// The entry with its keys. One of somebody who was forgotten since stands
    /// for nothing: the ledger may be an old copy.
    fn open(&mut self, entry: LedgerEntry) -> LedgerEntry {
        let (enrolment, opened) = match entry {
            LedgerEntry::Sealed(sealed) if self.is_over(sealed.shopper, sealed.version) => {
                return LedgerEntry::Blank;
            }
            LedgerEntry::Enrolled(plain) if self.is_over(plain.shopper, plain.version) => {
                return LedgerEntry::Blank;
            }
            // Of somebody whose key was destroyed since.
            LedgerEntry::Noted(note) if !self.keyring.opens_note(&note) => {
                return LedgerEntry::Blank;
            }
            LedgerEntry::Sealed(sealed) => self.keyring.opened(*sealed),
            LedgerEntry::Enrolled(plain) => {
                self.must_seal = true;
                (plain, true)
            }
            other => return other,
        };
        self.locked += u64::from(!opened);
        if let Err(error) = self.keyring.make(enrolment.shopper) {
            self.failed.get_or_insert(error);
        }
        LedgerEntry::Enrolled(enrolment)
    }

    fn is_over(&self, shopper: ShopperId, version: u64) -> bool {
        let ended = self.ended.get(&shopper);
        ended.is_some_and(|ended| version <= *ended)
    }

    /// What was drawn on the way is on the disk before anything sealed with it.
    fn end(self) -> io::Result<(bool, u64)> {
        self.keyring.sync()?;
        self.failed.map_or(Ok((self.must_seal, self.locked)), Err)
    }
}

fn load(cache: &Cache, snapshot: &mut Snapshot) -> Result<(), CacheError> {
    unwound(|| {
        cache.load_state(snapshot)?;
        cache.load_people(snapshot)
    })
}

/// The part of a snapshot that the store keeps in memory.
pub(super) fn without_people(snapshot: &Snapshot) -> Snapshot {
    Snapshot {
        boot: snapshot.boot,
        tallies: snapshot.tallies.clone(),
        open: snapshot.open.clone(),
        sales: snapshot.sales.clone(),
        pauses: snapshot.pauses.clone(),
        trials: snapshot.trials.clone(),
        money: snapshot.money.clone(),
        ..Snapshot::default()
    }
}

impl Restored {
    /// Keyring and ledger each know of people who were forgotten: whoever is in
    /// one of them is in both from now on, whichever of them is an old copy.
    fn bury(&mut self, keyring: &Keyring) -> io::Result<()> {
        for (shopper, version) in &self.snapshot.forgotten {
            keyring.destroy(*shopper, *version, 0)?;
        }
        for (shopper, version) in keyring.tombstones() {
            let is_known = self.snapshot.enrolled.contains_key(&shopper)
                || self.snapshot.forgotten.contains_key(&shopper);
            if is_known {
                continue;
            }
            let entry = LedgerEntry::Forgotten { shopper, version };
            self.snapshot.apply(&entry);
            if let Some(cache) = &self.cache
                && unwound(|| cache.fold(&entry)).is_err()
            {
                self.cache = None;
            }
        }
        Ok(())
    }

    /// Notes the start itself, which makes screen revisions rise over restarts.
    pub(super) fn count_start(&mut self) {
        let boot = self.snapshot.boot + 1;
        let entry = LedgerEntry::Started { boot };
        self.ledger.append(&entry);
        let seq = self.ledger.last_seq();
        self.changed.note(&self.snapshot, seq, &entry);
        self.snapshot.apply(&entry);
        if let Err(error) = self.ledger.sync() {
            // It stays first in line and is written with the first commit.
            warn!(%error, "the start could not be noted in the ledger");
        }
    }

    /// Whether the ledger has lost entries.
    pub(super) fn has_lost(&self) -> bool {
        self.findings.doubted > 0 || self.findings.covered > 0
    }

    pub(super) fn report(&self, gauge: &Gauge) {
        let Findings {
            entries,
            damaged,
            doubted,
            covered,
            torn,
        } = self.findings;
        info!(entries, torn, "ledger read");
        if self.locked > 0 {
            warn!(
                enrolments = self.locked,
                "keys cannot be opened: the keyring has lost them"
            );
            gauge.set_note(format!(
                "the keyring lost the keys of {} enrolments: those shoppers are not recognised until their source sends a newer version",
                self.locked
            ));
        }
        if damaged > 0 || doubted > 0 || covered > 0 {
            warn!(damaged, doubted, covered, "the ledger is damaged");
        }
        if doubted > 0 {
            gauge.set_note(format!(
                "the ledger lost entries in {doubted} places: consents given before are not relied on until their source sends a newer version"
            ));
        }
    }
}
