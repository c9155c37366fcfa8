//! Reading recordings back, while the gateway runs or not.

use super::{
    PURPOSE,
    folder::Part,
    seal::{Opener, SealError, Truth},
};
use crate::store::Secret;
use engine::recording::Unreadable;
use std::{fs::File, io::BufReader};

/// Why a recording cannot be read on.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The file.
    #[error(transparent)]
    Seal(#[from] SealError),
    /// What is sealed in it.
    #[error(transparent)]
    Content(#[from] Unreadable),
}

/// The pieces of one file.
#[derive(Debug)]
pub struct Pieces {
    input: Opener<BufReader<File>>,
}

impl Pieces {
    /// Opens one file.
    pub fn open(part: &Part, secret: &Secret) -> Result<Self, SealError> {
        let file = BufReader::new(File::open(&part.path)?);
        let input = Opener::new(file, &secret.derive(PURPOSE))?;
        let Truth {
            day, part: number, ..
        } = input.truth();
        // A file under another's name would be another day.
        if (day, number) != (part.day, part.part) {
            return Err(SealError::Foreign);
        }
        Ok(Self { input })
    }

    /// The next piece, whole records.
    pub fn piece(&mut self) -> Result<Option<Vec<u8>>, SealError> {
        self.input.next()
    }

    /// Whether the run ended in order and nothing is missing.
    pub const fn is_whole(&self) -> bool {
        self.input.is_whole()
    }

    /// People who were taken out since it was recorded.
    pub const fn taken_out(&self) -> u16 {
        self.input.truth().taken_out
    }
}
