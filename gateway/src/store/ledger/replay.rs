//! Reading a whole ledger, oldest entry first, whatever state it is in.

use super::{
    LedgerError,
    frame::Piece,
    segment::{self, HEAD, Head, Kind, Segment},
};
use engine::effect::LedgerEntry;
use std::{fs, path::Path};

/// What was found beside the entries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Findings {
    /// Entries handed over.
    pub(crate) entries: u64,
    /// Places where bytes could not be read.
    pub(crate) damaged: u64,
    /// Places where entries are missing that the cache does not make up for:
    /// consents given before them are not relied on.
    pub(crate) doubted: u64,
    /// Places where entries are missing that the cache has applied: no loss.
    pub(crate) covered: u64,
    /// Whether the end was cut off within a write that nobody was told of.
    pub(crate) torn: bool,
}

/// Where the ledger is to go on.
#[derive(Debug, PartialEq)]
pub(super) struct End {
    pub(super) last_seq: u64,
    /// The file to append to, unless a new one is to be begun.
    pub(super) append_to: Option<Segment>,
    pub(super) last_number: u64,
}

/// Hands over every entry in order, and [`LedgerEntry::Doubted`] where entries
/// are missing of which the cache, which has applied all up to `applied`, does
/// not know either. Cuts a torn end off; changes nothing else.
pub(super) fn replay(
    dir: &Path,
    applied: u64,
    entry: &mut dyn FnMut(u64, LedgerEntry),
) -> Result<(Findings, End), LedgerError> {
    read_all(dir, applied, true, entry)
}

/// Reads everything and changes nothing.
pub(in crate::store) fn survey(
    dir: &Path,
    entry: &mut dyn FnMut(u64, LedgerEntry),
) -> Result<Findings, LedgerError> {
    read_all(dir, 0, false, entry).map(|(findings, _)| findings)
}

fn read_all(
    dir: &Path,
    applied: u64,
    mends: bool,
    entry: &mut dyn FnMut(u64, LedgerEntry),
) -> Result<(Findings, End), LedgerError> {
    let segments = live_segments(dir, mends)?;
    let mut reader = Reader {
        applied,
        mends,
        last_seq: 0,
        unread: false,
        findings: Findings::default(),
        entry,
    };
    let mut append_to = None;
    let mut last_number = 0;
    for (i, segment) in segments.iter().enumerate() {
        let is_last = i + 1 == segments.len();
        if i == 0 && segment.is_checkpoint() {
            reader.begin_at(segment);
        }
        append_to = reader.read(segment, is_last)?;
        last_number = segment.number;
    }
    reader.end();
    let end = End {
        last_seq: reader.last_seq,
        append_to,
        last_number,
    };
    Ok((reader.findings, end))
}

/// Files from the newest checkpoint on. Older ones are what a power cut left
/// of a clean-up, and go.
fn live_segments(dir: &Path, mends: bool) -> Result<Vec<Segment>, LedgerError> {
    let mut segments = segment::list(dir)?;
    let first = segments
        .iter()
        .rposition(Segment::is_checkpoint)
        .unwrap_or(0);
    for superseded in segments.drain(..first) {
        if mends {
            fs::remove_file(&superseded.path)?;
        }
    }
    Ok(segments)
}

struct Reader<'a> {
    applied: u64,
    /// Whether a torn end is cut off.
    mends: bool,
    last_seq: u64,
    /// Whether bytes after the last entry could not be read.
    unread: bool,
    findings: Findings,
    entry: &'a mut dyn FnMut(u64, LedgerEntry),
}

/// What is known of a file while it is read.
struct State {
    /// Whether a power cut may have left a write in it that was not finished.
    is_newest: bool,
    /// Whether it may be appended to.
    is_sound: bool,
    unfinished: Option<Unfinished>,
}

/// What a power cut left of a write that nobody was told of, as it seems so far.
struct Unfinished {
    /// Where it begins.
    at: u64,
    /// What can be read of it, should it have been finished after all.
    frames: Vec<(u64, Option<LedgerEntry>)>,
}

impl State {
    fn of(segment: &Segment, is_last: bool) -> Self {
        // What is replaced as a whole has its name only once it is on the disk.
        let head = segment.head.filter(|head| head.kind == Kind::Log);
        let is_newest = is_last && head.is_some();
        Self {
            is_newest,
            is_sound: is_newest && head.is_some_and(Head::is_of_today),
            unfinished: None,
        }
    }

    fn is_unfinished_from(&mut self, at: u64) {
        self.unfinished.get_or_insert(Unfinished {
            at,
            frames: Vec::new(),
        });
    }
}

impl Reader<'_> {
    fn begin_at(&mut self, checkpoint: &Segment) {
        if let Some(head) = checkpoint.head {
            self.last_seq = head.first_seq - 1;
        }
    }

    /// Returns the segment if it may be appended to.
    fn read(&mut self, segment: &Segment, is_last: bool) -> Result<Option<Segment>, LedgerError> {
        if segment.head.is_none() && is_last && segment.bytes <= HEAD as u64 {
            // The power failed while the file was being begun: its head is
            // synced before anything is appended, so nothing is lost.
            if self.mends {
                fs::remove_file(&segment.path)?;
            }
            self.findings.torn = true;
            return Ok(None);
        }
        let mut state = State::of(segment, is_last);
        let mut frames = segment.frames()?;
        while let Some(piece) = frames.next()? {
            self.piece(piece, &mut state);
        }
        let bytes = match state.unfinished.take() {
            Some(Unfinished { at, .. }) => {
                if self.mends {
                    cut(segment, at)?;
                }
                self.findings.torn = true;
                at
            }
            None => frames.offset(),
        };
        Ok(state.is_sound.then(|| Segment {
            bytes,
            ..segment.clone()
        }))
    }

    fn piece(&mut self, piece: Piece, state: &mut State) {
        match piece {
            Piece::Frame { seq, first, entry } => {
                if let Some(unfinished) = &mut state.unfinished {
                    if first <= self.last_seq + 1 {
                        unfinished.frames.push((seq, entry));
                        return;
                    }
                    // It was written after what is missing, which thus was finished.
                    self.lost(state);
                }
                self.frame(seq, entry);
            }
            Piece::Torn { at } if state.is_newest => state.is_unfinished_from(at),
            // What the cache has applied was finished.
            Piece::Hole { at } if state.is_newest && self.applied <= self.last_seq => {
                state.is_unfinished_from(at);
            }
            Piece::Bad | Piece::Hole { .. } | Piece::Torn { .. } => self.lost(state),
        }
    }

    /// Bytes that were an entry are none any more. They are left as they are, as
    /// evidence: the next file goes on.
    fn lost(&mut self, state: &mut State) {
        self.unread = true;
        self.findings.damaged += 1;
        state.is_sound = false;
        let unfinished = state.unfinished.take();
        for (seq, entry) in unfinished.into_iter().flat_map(|of| of.frames) {
            self.frame(seq, entry);
        }
    }

    fn frame(&mut self, seq: u64, entry: Option<LedgerEntry>) {
        // After a failed sync a group is written again to the next file.
        if seq <= self.last_seq {
            return;
        }
        self.unread = false;
        if seq != self.last_seq + 1 {
            self.missing_before(seq);
        }
        self.last_seq = seq;
        match entry {
            Some(entry) => {
                self.findings.entries += 1;
                (self.entry)(seq, entry);
            }
            None => self.missing_before(seq + 1),
        }
    }

    /// Entries up to `seq` are missing. The cache makes up for those it has
    /// applied.
    fn missing_before(&mut self, seq: u64) {
        if seq - 1 > self.applied {
            self.doubt(seq - 1);
        } else {
            self.findings.covered += 1;
        }
    }

    fn doubt(&mut self, seq: u64) {
        self.findings.doubted += 1;
        (self.entry)(seq, LedgerEntry::Doubted);
    }

    /// The ledger ends here. Nobody knows how many entries an unreadable end held.
    fn end(&mut self) {
        if self.unread {
            // Leaves a number out, so that a later replay sees the loss, too.
            self.last_seq = self.last_seq.max(self.applied) + 1;
            self.doubt(self.last_seq);
        } else if self.last_seq < self.applied {
            self.findings.covered += 1;
        }
    }
}

fn cut(segment: &Segment, at: u64) -> Result<(), LedgerError> {
    let file = fs::OpenOptions::new().write(true).open(&segment.path)?;
    file.set_len(at)?;
    file.sync_all()?;
    Ok(())
}
