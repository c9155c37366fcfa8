//! What cache and ledger together hold, read at a start.

use super::{
    Gauge, StoreError,
    cache::{Cache, CacheError},
    ledger::{Findings, Ledger},
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
    findings: Findings,
}

/// Reads the cache, then what the ledger holds after it.
pub(super) fn restore(dir: &Path, cache: Option<Cache>) -> Result<Restored, StoreError> {
    let mut snapshot = Snapshot::default();
    let mut cache = cache.filter(|cache| load(cache, &mut snapshot).is_ok());
    if cache.is_none() {
        snapshot = Snapshot::default();
    }
    let applied = cache
        .as_ref()
        .and_then(|c| c.meta().ok())
        .map_or(0, |m| m.applied_seq);
    let mut changed = Changed::default();
    let (ledger, findings) = Ledger::open(&dir.join("ledger"), applied, |seq, entry| {
        changed.note(&snapshot, seq, &entry);
        snapshot.apply(&entry);
        if let Some(used) = &cache
            && unwound(|| used.fold(&entry)).is_err()
        {
            cache = None;
        }
    })?;
    Ok(Restored {
        snapshot,
        changed,
        cache,
        ledger,
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
        receipts: snapshot.receipts.clone(),
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

    pub(super) fn report(&self, gauge: &Gauge) {
        let Findings {
            entries,
            damaged,
            doubted,
            torn,
        } = self.findings;
        info!(entries, torn, "ledger read");
        if damaged > 0 || doubted > 0 {
            warn!(damaged, doubted, "the ledger is damaged");
        }
        if doubted > 0 {
            gauge.set_note(format!(
                "the ledger lost entries in {doubted} places: consents given before are not relied on until their source sends a newer version"
            ));
        }
    }
}
