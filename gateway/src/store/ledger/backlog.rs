//! What a hub has not got yet of files that the ledger lets go of. A checkpoint
//! replaces entries by their sums, and a hub wants the entries: before that,
//! what it is still to be told is set aside, without anybody in it.
//!
//! ```text
//! backlog/<last number, 20 digits>.told: frames as in the ledger, postcard(Event)
//! ```

mod shed;

use super::{
    Ledger, LedgerError,
    frame::{self, Frames, Piece},
    segment,
    tail::Told,
};
use crate::{
    store::disk::{self, sync_dir},
    uplink::{Event, Receipts, told},
};
use serde::{Deserialize, Serialize};
use std::{
    fs::{self, File},
    io::{BufWriter, Write as _},
    path::{Path, PathBuf},
};

/// An event set aside.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Kept(pub(super) Event);

/// One file of what was set aside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Aside {
    pub(super) path: PathBuf,
    /// The last number that it stands for.
    pub(super) upto: u64,
    pub(super) bytes: u64,
}

fn folder(ledger: &Path) -> PathBuf {
    ledger.join("backlog")
}

/// All files, oldest first.
pub(super) fn list(ledger: &Path) -> Result<Vec<Aside>, LedgerError> {
    let entries = match fs::read_dir(folder(ledger)) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error.into()),
    };
    let mut files = Vec::new();
    for entry in entries {
        let entry = entry?;
        let path = entry.path();
        let name = path.file_name().and_then(|name| name.to_str());
        let number = name.and_then(|name| name.strip_suffix(".told")?.parse().ok());
        if let Some(upto) = number {
            let bytes = entry.metadata()?.len();
            files.push(Aside { path, upto, bytes });
        }
    }
    files.sort_by_key(|file| file.upto);
    Ok(files)
}

/// Replaces or makes the file that stands for everything up to `upto`.
pub(super) fn write<'a>(
    ledger: &Path,
    upto: u64,
    events: impl Iterator<Item = (u64, &'a Event)>,
) -> Result<u64, LedgerError> {
    let folder = folder(ledger);
    if !folder.is_dir() {
        fs::create_dir_all(&folder)?;
        sync_dir(ledger)?;
    }
    let beside = folder.join("told.tmp");
    let mut file = BufWriter::new(disk::create(&beside)?);
    let mut bytes = Vec::new();
    let mut length = 0;
    for (seq, event) in events {
        bytes.clear();
        frame::encode(seq, event, &mut bytes);
        file.write_all(&bytes)?;
        length += bytes.len() as u64;
    }
    disk::finish(file)?;
    fs::rename(&beside, folder.join(format!("{upto:020}.told")))?;
    sync_dir(&folder)?;
    Ok(length)
}

/// Every event of a file.
pub(super) fn read(file: &Aside) -> Result<Vec<(u64, Event)>, LedgerError> {
    let mut frames = Frames::<File, Kept>::new(File::open(&file.path)?, 0);
    let mut events = Vec::new();
    while let Some(piece) = frames.next()? {
        if let Piece::Frame {
            seq,
            entry: Some(Kept(event)),
            ..
        } = piece
        {
            events.push((seq, event));
        }
    }
    Ok(events)
}

impl Ledger {
    /// Sets aside what the hub has not got yet of files that are about to go.
    pub(in crate::store) fn set_aside(&mut self, receipts: &Receipts) -> Result<(), LedgerError> {
        let Some(has) = self.tail.told() else {
            return Ok(());
        };
        assert!(self.is_synced(), "only what is written can be set aside");
        let before = list(&self.dir)?.last().map_or(0, |file| file.upto);
        let mut gathered = Gathered {
            ledger: self.dir.clone(),
            events: Vec::new(),
            bytes: 0,
        };
        for segment in segment::list(&self.dir)? {
            if segment.is_checkpoint() {
                continue;
            }
            let mut frames = segment.frames()?;
            while let Some(piece) = frames.next()? {
                let Piece::Frame {
                    seq,
                    entry: Some(entry),
                    ..
                } = piece
                else {
                    continue;
                };
                if seq > before
                    && let Some((lane, event)) = told(&entry, receipts)
                    && seq > has.of(lane)
                {
                    gathered.add(seq, event)?;
                }
            }
        }
        gathered.finish(self.last_seq())?;
        self.trim_backlog(has)?;
        self.shed(shed::ROOM, has)
    }

    /// Removes what the hub has.
    pub(in crate::store) fn trim_backlog(&self, has: Told) -> Result<(), LedgerError> {
        let gone: Vec<Aside> = list(&self.dir)?;
        let gone = gone.into_iter().filter(|file| file.upto <= has.both());
        let mut gone = gone.peekable();
        if gone.peek().is_none() {
            return Ok(());
        }
        let _replacing = self.tail.replacing();
        for file in gone {
            fs::remove_file(&file.path)?;
        }
        sync_dir(&folder(&self.dir))?;
        Ok(())
    }
}

/// A file is closed when it is this long, bytes: what one folding touches, and
/// what is read through again after each piece of it was sent.
const FILE_BYTES_MAX: u64 = 4 << 20;

/// Events on their way into files.
struct Gathered {
    ledger: PathBuf,
    events: Vec<(u64, Event)>,
    bytes: u64,
}

impl Gathered {
    fn add(&mut self, seq: u64, event: Event) -> Result<(), LedgerError> {
        // About what a frame takes.
        self.bytes += 64;
        self.events.push((seq, event));
        if self.bytes >= FILE_BYTES_MAX {
            self.finish(seq)?;
        }
        Ok(())
    }

    fn finish(&mut self, upto: u64) -> Result<(), LedgerError> {
        if !self.events.is_empty() {
            let events = self.events.iter().map(|(seq, event)| (*seq, event));
            write(&self.ledger, upto, events)?;
            self.events.clear();
            self.bytes = 0;
        }
        Ok(())
    }
}
