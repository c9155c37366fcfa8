//! Runs in a file that nobody seals: what a simulated shop records.
//!
//! ```text
//! "AISLTAPE" | for each run: length u32, little-endian | the run
//! ```

use super::{Unreadable, bytes::Cursor};

const MAGIC: &[u8; 8] = b"AISLTAPE";

/// The bytes of a file with these runs, each shorter than 4 GiB.
pub fn write(runs: &[Vec<u8>]) -> Vec<u8> {
    let mut out = MAGIC.to_vec();
    for run in runs {
        let length = u32::try_from(run.len()).expect("a simulated day is shorter than 4 GiB");
        out.extend_from_slice(&length.to_le_bytes());
        out.extend_from_slice(run);
    }
    out
}

/// The runs in such a file.
pub fn read(bytes: &[u8]) -> Result<Vec<&[u8]>, Unreadable> {
    let mut cursor = Cursor(bytes);
    if cursor.take(MAGIC.len())? != MAGIC {
        return Err(Unreadable::Damaged);
    }
    let mut runs = Vec::new();
    while !cursor.0.is_empty() {
        let length = cursor
            .take(4)?
            .try_into()
            .map_err(|_| Unreadable::Damaged)?;
        runs.push(cursor.take(u32::from_le_bytes(length) as usize)?);
    }
    Ok(runs)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_come_back_and_half_a_file_does_not() {
        let runs = vec![vec![1, 2, 3], Vec::new(), vec![4]];
        let bytes = write(&runs);
        assert_eq!(read(&bytes), Ok(vec![&[1, 2, 3][..], &[], &[4]]));
        assert_eq!(read(&bytes[..bytes.len() - 1]), Err(Unreadable::Damaged));
        assert_eq!(read(b"something else"), Err(Unreadable::Damaged));
    }
}
