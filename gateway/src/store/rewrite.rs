//! Erasure by rewriting. Removing a row from a log-structured store removes
//! nothing: 6,433 copies of 2,000 removed records were still in sled's files.
//! So the cache is copied row by row into a new folder, the folder takes the
//! old one's place, and the ledger's files lose the keys of the forgotten.

use super::{
    cache::{Cache, CacheError},
    state::Changed,
    writer::{Writer, unwound},
};
use engine::effect::LedgerEntry;
use std::{collections::BTreeSet, time::Instant};
use tracing::{info, warn};

/// Rows copied between two looks at the queue: a few milliseconds.
const ROWS: usize = 256;

/// A copy being made.
#[derive(Debug)]
pub(super) struct Rewrite {
    target: Cache,
    /// How far it is: which tree, and after which key.
    tree: usize,
    after: Option<Vec<u8>>,
}

impl Rewrite {
    pub(super) fn target(&self) -> &Cache {
        &self.target
    }
}

impl Writer {
    /// Begins a copy if a profile was removed since the last one.
    pub(super) fn begin_rewrite(&mut self) -> Result<(), CacheError> {
        let Some(cache) = &self.cache else {
            return Ok(());
        };
        if !unwound(|| cache.has_residue())? {
            return Ok(());
        }
        let mut forgotten = BTreeSet::new();
        for entry in cache.people() {
            if let LedgerEntry::Forgotten { shopper, .. } = entry? {
                forgotten.insert(shopper);
            }
        }
        // A hub that was away is told of their consents all the same, without them.
        self.ledger.set_aside(&self.receipts)?;
        let files = self.ledger.redact(&forgotten)?;
        let target = unwound(|| self.shelf.begin(self.cache_bytes))?;
        info!(files, "erasing what is left of removed profiles");
        self.rewrite = Some(Rewrite {
            target,
            tree: 0,
            after: None,
        });
        Ok(())
    }

    pub(super) fn continue_rewrite(&mut self) {
        let (Some(rewrite), Some(cache)) = (&mut self.rewrite, &self.cache) else {
            self.rewrite = None;
            return;
        };
        match unwound(|| rewrite.copy_some(cache)) {
            Ok(false) => {}
            Ok(true) => {
                if let Err(error) = self.finish_rewrite() {
                    self.abandon_rewrite(&error);
                }
            }
            Err(error) => self.abandon_rewrite(&error),
        }
    }

    /// The copy is whole: it takes the old one's place.
    fn finish_rewrite(&mut self) -> Result<(), CacheError> {
        let Some(Rewrite { target, .. }) = self.rewrite.take() else {
            return Ok(());
        };
        let everything = Changed::everything(&self.state);
        unwound(|| {
            target.sync()?;
            target.write_state(&self.state, &everything, self.ledger.last_seq())?;
            target.sync()
        })?;
        self.shelf.install(&target)?;
        self.changed = Changed::default();
        self.is_dirty = false;
        if let Some(old) = self.cache.replace(target) {
            self.shelf.discard(old)?;
        }
        self.shelf.empty_quarantine()?;
        info!("what was left of removed profiles is erased");
        Ok(())
    }

    pub(super) fn abandon_rewrite(&mut self, error: &CacheError) {
        warn!(%error, "an erasure could not be finished and is tried again");
        if let Some(Rewrite { target, .. }) = self.rewrite.take() {
            // Removed at the next start if not now.
            let _ = self.shelf.discard(target);
        }
        self.tidy_from = Instant::now() + super::writer::TIDY_AGAIN;
    }
}

impl Rewrite {
    /// Copies a few rows. What changes meanwhile is written to both. Says
    /// whether all are copied.
    fn copy_some(&mut self, source: &Cache) -> Result<bool, CacheError> {
        self.after = source.copy_rows(&self.target, self.tree, self.after.take(), ROWS)?;
        self.tree += usize::from(self.after.is_none());
        Ok(self.tree == Cache::COPIED)
    }
}
