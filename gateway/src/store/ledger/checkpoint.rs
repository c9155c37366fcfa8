//! Keeping the ledger within bounds: one file that holds what everything
//! before adds up to.

use super::{
    Ledger, LedgerError, frame,
    segment::{self, Head, Kind},
};
use crate::store::disk::{self, sync_dir};
use engine::effect::LedgerEntry;
use std::{
    fs,
    io::{BufWriter, Write as _},
    path::Path,
};

impl Ledger {
    /// Replaces everything by `entries`. Nothing is removed before they are on
    /// the disk under their final name, so a power cut at any moment leaves
    /// either the old files or the new one. Returns the last number given out.
    pub(crate) fn checkpoint<E: From<LedgerError>>(
        &mut self,
        entries: impl Iterator<Item = Result<LedgerEntry, E>>,
    ) -> Result<u64, E> {
        assert!(self.is_synced(), "a checkpoint stands for what is durable");
        let beside = self.dir.join("checkpoint.tmp");
        let mut file = BufWriter::new(disk::create(&beside).map_err(LedgerError::from)?);
        let head = Head::new(Kind::Checkpoint, self.last_seq + 1);
        file.write_all(&head.encode()).map_err(LedgerError::from)?;
        let mut seq = self.last_seq;
        let mut bytes = Vec::new();
        for entry in entries {
            seq += 1;
            bytes.clear();
            frame::encode(seq, &entry?, &mut bytes);
            file.write_all(&bytes).map_err(LedgerError::from)?;
        }
        disk::finish(file).map_err(LedgerError::from)?;
        self.replace_by(&beside, seq)?;
        Ok(seq)
    }

    /// A start reads from the newest checkpoint on, so what is acknowledged from its
    /// renaming on must lie behind it, whatever fails next. The file behind it is
    /// therefore there first; if no checkpoint comes before it, its entries follow
    /// those of the old files.
    fn replace_by(&mut self, checkpoint: &Path, last_seq: u64) -> Result<(), LedgerError> {
        let number = self.number + 1;
        self.go_on_in(number + 1)?;
        let replacing = self.tail.replacing();
        fs::rename(checkpoint, segment::path_of(&self.dir, number))?;
        self.last_seq = last_seq;
        self.tail.made_durable(last_seq);
        sync_dir(&self.dir)?;
        for old in segment::list(&self.dir)? {
            if old.number < number {
                fs::remove_file(&old.path)?;
            }
        }
        sync_dir(&self.dir)?;
        drop(replacing);
        self.bytes = segment::total(&self.dir)?;
        Ok(())
    }
}
