//! What was learnt of radio, over a restart: the file `radio` of the data folder, replaced
//! as a whole. Nothing is promised of it: without it the shop learns again.
//!
//! ```text
//! {crc32c of what follows, little-endian}{engine::presence::Memory, as postcard writes it}
//! ```

use super::disk::write_durably;
use engine::presence::Memory;
use std::{
    fs::File,
    io::{self, Read as _},
    path::{Path, PathBuf},
};
use tracing::warn;

const FILE: &str = "radio";
/// Longest file that is read: ten times what 128 scanners teach.
const BYTES_MAX: u64 = 2 << 20;
const SUM: usize = 4;

/// Where it is kept.
#[derive(Debug)]
pub(super) struct RadioFile(PathBuf);

impl RadioFile {
    pub(super) fn new(dir: &Path) -> Self {
        Self(dir.join(FILE))
    }

    /// Replaces what was kept before.
    pub(super) fn keep(&self, memory: &Memory) {
        let kept = postcard::to_stdvec(memory)
            .map_err(io::Error::other)
            .and_then(|body| write_durably(&self.0, &[&sum(&body)[..], &body].concat()));
        if let Err(error) = kept {
            warn!(%error, "what was learnt of radio was not kept; it is tried again in ten minutes");
        }
    }

    /// Nothing where there is no such file, or none that can be used.
    pub(super) fn read(&self) -> Option<Memory> {
        match self.try_read() {
            Ok(memory) => Some(memory),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => {
                let file = self.0.display();
                warn!(%error, %file, "what was learnt of radio is lost, and is learnt again");
                None
            }
        }
    }

    fn try_read(&self) -> io::Result<Memory> {
        let mut bytes = Vec::new();
        File::open(&self.0)?
            .take(BYTES_MAX)
            .read_to_end(&mut bytes)?;
        let damaged = || io::Error::new(io::ErrorKind::InvalidData, "the file is damaged");
        let (sum_read, body) = bytes.split_at_checked(SUM).ok_or_else(damaged)?;
        if sum_read != sum(body) {
            return Err(damaged());
        }
        postcard::from_bytes(body).map_err(|_| damaged())
    }
}

fn sum(body: &[u8]) -> [u8; SUM] {
    crc32c::crc32c(body).to_le_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;
    use engine::{
        Engine, Now, Seed, Snapshot,
        time::{Mono, Wall},
    };
    use std::fs;

    #[test]
    fn what_was_kept_is_read_and_what_is_damaged_is_not() {
        let now = Now {
            mono: Mono(0),
            wall: Wall::Unsynced,
        };
        let engine = Engine::new(config::demo().plan, Snapshot::default(), Seed(1), now);
        let memory = engine.memory();
        let dir = tempfile::tempdir().unwrap();
        let file = RadioFile::new(dir.path());
        assert_eq!(file.read(), None);
        file.keep(&memory);
        assert_eq!(file.read(), Some(memory));
        let whole = fs::read(&file.0).unwrap();
        for at in (0..whole.len()).step_by(1 + whole.len() / 50) {
            let mut bytes = whole.clone();
            bytes[at] ^= 0x10;
            fs::write(&file.0, &bytes).unwrap();
            assert_eq!(file.read(), None, "byte {at}");
            fs::write(&file.0, &whole[..at]).unwrap();
            assert_eq!(file.read(), None, "{at} bytes");
        }
    }
}
