//! Taking the keys of forgotten shoppers out of files already written.

use super::{
    Ledger, LedgerError,
    frame::{self, Piece},
    segment::{Head, Kind, Segment},
};
use crate::store::disk::sync_dir;
use engine::{effect::LedgerEntry, shopper::ShopperId};
use std::{
    collections::BTreeSet,
    fs::{self, File},
    io::{BufWriter, Write as _},
};

impl Ledger {
    /// Rewrites every file that holds keys of these shoppers, with blank
    /// entries in their place. What the ledger adds up to does not change.
    /// Files are replaced one by one, each as a whole. Returns how many.
    pub(crate) fn redact(&mut self, forgotten: &BTreeSet<ShopperId>) -> Result<usize, LedgerError> {
        assert!(self.is_synced(), "only what is written can be rewritten");
        self.rotate()?;
        let mut rewritten = 0;
        for segment in super::segment::list(&self.dir)? {
            if segment.number < self.number && holds(&segment, forgotten)? {
                self.rewrite(&segment, forgotten)?;
                rewritten += 1;
            }
        }
        self.bytes = super::segment::total(&self.dir)?;
        Ok(rewritten)
    }

    fn rewrite(
        &self,
        segment: &Segment,
        forgotten: &BTreeSet<ShopperId>,
    ) -> Result<(), LedgerError> {
        let beside = self.dir.join("redacted.tmp");
        let mut file = BufWriter::new(File::create(&beside)?);
        let head = segment.head.unwrap_or(Head {
            kind: Kind::Log,
            first_seq: 0,
        });
        file.write_all(&head.encode())?;
        let mut bytes = Vec::new();
        let mut frames = segment.frames()?;
        while let Some(piece) = frames.next()? {
            // Bytes that are no frame may be somebody's keys as well, and go;
            // the numbers missing between the entries tell that something was there.
            let Piece::Frame {
                seq,
                entry: Some(entry),
            } = piece
            else {
                continue;
            };
            let kept = if is_about(&entry, forgotten) {
                LedgerEntry::Blank
            } else {
                entry
            };
            bytes.clear();
            frame::encode(seq, &kept, &mut bytes);
            file.write_all(&bytes)?;
        }
        let file = file
            .into_inner()
            .map_err(std::io::IntoInnerError::into_error)?;
        file.sync_all()?;
        let _replacing = self.tail.replacing();
        fs::rename(&beside, &segment.path)?;
        sync_dir(&self.dir)?;
        Ok(())
    }
}

fn holds(segment: &Segment, forgotten: &BTreeSet<ShopperId>) -> Result<bool, LedgerError> {
    let mut frames = segment.frames()?;
    while let Some(piece) = frames.next()? {
        if let Piece::Frame {
            entry: Some(entry), ..
        } = piece
            && is_about(&entry, forgotten)
        {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The one kind of entry that holds keys.
fn is_about(entry: &LedgerEntry, forgotten: &BTreeSet<ShopperId>) -> bool {
    matches!(entry, LedgerEntry::Enrolled(enrolment) if forgotten.contains(&enrolment.shopper))
}
