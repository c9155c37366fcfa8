//! What cache and ledger together hold, read at a start.

use super::{
    Gauge, StoreError,
    cache::{Cache, CacheError},
    ledger::{Findings, Ledger},
    retention::Details,
    state::Changed,
    writer::unwound,
};
use engine::{Snapshot, effect::LedgerEntry};
use std::path::Path;
use tracing::{info, warn};

/// What cache and ledger together hold.
pub(super) struct Restored {
    pub(super) snapshot: Snapshot,
    pub(super) changed: Changed,
    pub(super) cache: Option<Cache>,
    pub(super) ledger: Ledger,
    pub(super) details: Details,
    findings: Findings,
}

/// Adds the ledger up, and brings the cache up to it.
///
/// People are not read from the cache as long as the ledger has lost nothing:
/// reading 100,000 of them makes sled keep 10 MB, reading the ledger takes a
/// frame's memory and no longer.
pub(super) fn restore(dir: &Path, cache: Option<Cache>) -> Result<Restored, StoreError> {
    let restored = replay(dir, cache, None)?;
    if restored.findings.covered == 0 {
        return Ok(restored);
    }
    // The cache knows of entries that the ledger has lost.
    let mut base = Snapshot::default();
    let cache = restored.cache;
    let cache = cache.filter(|cache| load(cache, &mut base).is_ok());
    let base = cache.is_some().then_some(base);
    replay(dir, cache, base)
}

/// Adds the ledger up: all of it, or on top of `base` what the cache has not applied.
fn replay(
    dir: &Path,
    cache: Option<Cache>,
    base: Option<Snapshot>,
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
    let (ledger, findings) = Ledger::open(&dir.join("ledger"), applied, |seq, entry| {
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
    Ok(Restored {
        snapshot,
        changed,
        cache,
        ledger,
        details,
        findings,
    })
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
