//! One file of the ledger: its name, its head, its place among the others.
//!
//! ```text
//! "aislelog" | version u32 | kind u32 | first seq u64 | crc32c of all before u32 | frames | zeros
//! ```
//!
//! The zeros are room for frames to come; a file that nothing is appended to any
//! more has none.

use super::{LedgerError, frame::Frames};
use std::{
    fs::{self, File},
    io::{self, Read as _},
    path::{Path, PathBuf},
};

const MAGIC: &[u8; 8] = b"aislelog";
/// Raised when older programs could not read the file. A new kind of entry
/// does not raise it: unknown entries are doubted, not misread. Version 1 did not
/// say which frames were written together, and set no room aside.
const VERSION: u32 = 2;
/// Bytes of the head.
pub(super) const HEAD: usize = 28;

/// Whether a file goes on from the file before or stands for all before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Goes on.
    Log,
    /// Holds what everything before adds up to.
    Checkpoint,
}

/// What a head says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Head {
    version: u32,
    pub(super) kind: Kind,
    pub(super) first_seq: u64,
}

impl Head {
    pub(super) fn new(kind: Kind, first_seq: u64) -> Self {
        Self {
            version: VERSION,
            kind,
            first_seq,
        }
    }

    /// Whether frames as this program writes them belong behind it.
    pub(super) fn is_of_today(self) -> bool {
        self.version == VERSION
    }

    pub(super) fn encode(self) -> [u8; HEAD] {
        let mut bytes = [0; HEAD];
        bytes[..8].copy_from_slice(MAGIC);
        bytes[8..12].copy_from_slice(&self.version.to_le_bytes());
        bytes[12..16].copy_from_slice(&u32::from(self.kind == Kind::Checkpoint).to_le_bytes());
        bytes[16..24].copy_from_slice(&self.first_seq.to_le_bytes());
        let sum = crc32c::crc32c(&bytes[..24]);
        bytes[24..].copy_from_slice(&sum.to_le_bytes());
        bytes
    }

    /// `None` when the bytes are damaged.
    fn decode(bytes: &[u8; HEAD], path: &Path) -> Result<Option<Self>, LedgerError> {
        let word = |at: usize| {
            u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
        };
        if bytes[..8] != *MAGIC || word(24) != crc32c::crc32c(&bytes[..24]) {
            return Ok(None);
        }
        if word(8) > VERSION {
            return Err(LedgerError::Newer {
                path: path.to_owned(),
                version: word(8),
            });
        }
        let mut first_seq = [0; 8];
        first_seq.copy_from_slice(&bytes[16..24]);
        Ok(Some(Self {
            version: word(8),
            kind: if word(12) == 0 {
                Kind::Log
            } else {
                Kind::Checkpoint
            },
            first_seq: u64::from_le_bytes(first_seq),
        }))
    }
}

/// One file of the ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Segment {
    pub(super) number: u64,
    pub(super) path: PathBuf,
    pub(super) bytes: u64,
    /// `None` when the head is damaged or was never wholly written.
    pub(super) head: Option<Head>,
}

pub(super) fn path_of(dir: &Path, number: u64) -> PathBuf {
    dir.join(format!("{number:08}.log"))
}

/// All files, oldest first.
pub(super) fn list(dir: &Path) -> Result<Vec<Segment>, LedgerError> {
    let mut segments = Vec::new();
    for entry in fs::read_dir(dir)? {
        let path = entry?.path();
        let Some(number) = number_of(&path) else {
            continue;
        };
        let mut bytes = [0; HEAD];
        let mut file = File::open(&path)?;
        let head = match file.read_exact(&mut bytes) {
            Ok(()) => Head::decode(&bytes, &path)?,
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => None,
            Err(error) => return Err(error.into()),
        };
        let bytes = file.metadata()?.len();
        segments.push(Segment {
            number,
            path,
            bytes,
            head,
        });
    }
    segments.sort_by_key(|s| s.number);
    Ok(segments)
}

/// Length of all files together. A short file counts as if it were longer, so
/// that many of them are cleared up, too.
pub(super) fn total(dir: &Path) -> Result<u64, LedgerError> {
    Ok(list(dir)?.iter().map(|s| s.bytes.max(64 << 10)).sum())
}

impl Segment {
    /// Its frames. Damage to the head is read as damage to the first frame.
    pub(super) fn frames(&self) -> io::Result<Frames<File>> {
        let mut file = File::open(&self.path)?;
        let start = self.start();
        io::Seek::seek(&mut file, io::SeekFrom::Start(start))?;
        Ok(Frames::new(file, start))
    }

    /// Where its first frame begins.
    pub(super) fn start(&self) -> u64 {
        if self.head.is_some() { HEAD as u64 } else { 0 }
    }

    pub(super) fn is_checkpoint(&self) -> bool {
        self.head.is_some_and(|head| head.kind == Kind::Checkpoint)
    }
}

fn number_of(path: &Path) -> Option<u64> {
    let name = path.file_name()?.to_str()?.strip_suffix(".log")?;
    (name.len() == 8).then(|| name.parse().ok())?
}
