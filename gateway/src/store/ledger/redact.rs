//! Taking forgotten shoppers out of files already written: their keys wholly,
//! and their pseudonyms wherever else they stand. There another number takes
//! their place, drawn anew and kept nowhere, so that sums stay what they were.

use super::{
    Ledger, LedgerError,
    frame::{self, Piece},
    segment::{Head, Kind, Segment},
};
use crate::store::disk::{self, sync_dir};
use engine::{
    effect::LedgerEntry,
    shopper::{Enrolment, ShopperId},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    io::{self, BufWriter, Write as _},
};

impl Ledger {
    /// Rewrites every file that names these shoppers before they were forgotten.
    /// What the ledger adds up to does not change, but that a trial remembers
    /// somebody of the day whom nobody knows. Files are replaced one by one,
    /// each as a whole. Returns how many.
    pub(crate) fn redact(&mut self, forgotten: &BTreeSet<ShopperId>) -> Result<usize, LedgerError> {
        assert!(self.is_synced(), "only what is written can be rewritten");
        self.rotate()?;
        let segments = super::segment::list(&self.dir)?;
        let stand_ins = StandIns::for_each(forgotten, &segments)?;
        let mut rewritten = 0;
        for segment in segments {
            if segment.number < self.number && holds(&segment, &stand_ins)? {
                self.rewrite(&segment, &stand_ins)?;
                rewritten += 1;
            }
        }
        self.bytes = super::segment::total(&self.dir)?;
        Ok(rewritten)
    }

    fn rewrite(&self, segment: &Segment, stand_ins: &StandIns) -> Result<(), LedgerError> {
        let beside = self.dir.join("redacted.tmp");
        let mut file = BufWriter::new(disk::create(&beside)?);
        let head = segment.head.unwrap_or(Head::new(Kind::Log, 0));
        file.write_all(&head.encode())?;
        let mut bytes = Vec::new();
        let mut frames = segment.frames()?;
        while let Some(piece) = frames.next()? {
            // Bytes that are no frame may be somebody's keys as well, and go;
            // the numbers missing between the entries tell that something was there.
            let Piece::Frame {
                seq,
                entry: Some(mut entry),
                ..
            } = piece
            else {
                continue;
            };
            stand_ins.take_place(seq, &mut entry);
            bytes.clear();
            frame::encode(seq, &entry, &mut bytes);
            file.write_all(&bytes)?;
        }
        disk::finish(file)?;
        let _replacing = self.tail.replacing();
        fs::rename(&beside, &segment.path)?;
        sync_dir(&self.dir)?;
        Ok(())
    }
}

fn holds(segment: &Segment, stand_ins: &StandIns) -> Result<bool, LedgerError> {
    let mut frames = segment.frames()?;
    while let Some(piece) = frames.next()? {
        if let Piece::Frame {
            seq,
            entry: Some(mut entry),
            ..
        } = piece
            && stand_ins.take_place(seq, &mut entry)
        {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Numbers that take the place of pseudonyms, each up to the entry with which
/// its shopper was forgotten: what follows is of somebody who came back.
struct StandIns(BTreeMap<ShopperId, (ShopperId, u64)>);

impl StandIns {
    fn for_each(
        forgotten: &BTreeSet<ShopperId>,
        segments: &[Segment],
    ) -> Result<Self, LedgerError> {
        let mut ends = BTreeMap::new();
        for segment in segments {
            let mut frames = segment.frames()?;
            while let Some(piece) = frames.next()? {
                if let Piece::Frame {
                    seq,
                    entry: Some(LedgerEntry::Forgotten { shopper, .. }),
                    ..
                } = piece
                {
                    ends.insert(shopper, seq);
                }
            }
        }
        let drawn = forgotten.iter().map(|shopper| {
            let number = getrandom::u64().map_err(io::Error::from)?;
            let end = ends.get(shopper).copied().unwrap_or(u64::MAX);
            Ok((*shopper, (ShopperId(number), end)))
        });
        drawn.collect::<Result<_, LedgerError>>().map(Self)
    }

    fn of(&self, shopper: ShopperId, seq: u64) -> Option<ShopperId> {
        let (stand_in, end) = self.0.get(&shopper)?;
        (seq < *end).then_some(*stand_in)
    }

    /// Takes everybody forgotten out of an entry. Says whether there was anybody.
    fn take_place(&self, seq: u64, entry: &mut LedgerEntry) -> bool {
        let is_about = |shopper: &ShopperId| self.of(*shopper, seq).is_some();
        let stand_in = |shopper: &mut ShopperId| {
            let stand_in = self.of(*shopper, seq);
            *shopper = stand_in.unwrap_or(*shopper);
            stand_in.is_some()
        };
        match entry {
            LedgerEntry::Enrolled(Enrolment { shopper, .. }) if is_about(shopper) => {
                *entry = LedgerEntry::Blank;
                true
            }
            LedgerEntry::Sealed(sealed) if is_about(&sealed.shopper) => {
                *entry = LedgerEntry::Blank;
                true
            }
            LedgerEntry::Noted(note) if is_about(&note.shopper) => {
                *entry = LedgerEntry::Blank;
                true
            }
            LedgerEntry::Withdrawn { shopper, .. } => stand_in(shopper),
            LedgerEntry::Reached(reach) => stand_in(&mut reach.shopper),
            LedgerEntry::Redeemed(redeemed) => redeemed.shopper.as_mut().is_some_and(&stand_in),
            // Their caps went with them.
            LedgerEntry::Reserved(charge) | LedgerEntry::Open(charge) => {
                let before = charge.shoppers.len();
                charge.shoppers.retain(|who| !is_about(who));
                charge.shoppers.len() < before
            }
            LedgerEntry::Exposed(exposure) => {
                let seen_by = exposure.seen_by.iter_mut();
                seen_by.fold(false, |any, (who, _)| stand_in(who) || any)
            }
            // Sums of a checkpoint that is older than the forgetting.
            LedgerEntry::Tallied { tally, .. } => {
                let before = tally.per_shopper.len();
                tally.per_shopper.retain(|who, _| !is_about(who));
                tally.per_shopper.len() < before
            }
            LedgerEntry::Tried { tally, .. } => {
                let before = std::mem::take(&mut tally.marks).into_iter();
                let mut any = false;
                let marks = before.map(|(mut who, mark)| {
                    any |= stand_in(&mut who);
                    (who, mark)
                });
                tally.marks = marks.collect();
                any
            }
            // The tombstone stays; the rest names nobody.
            _ => false,
        }
    }
}
