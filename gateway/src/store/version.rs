//! Which form a data folder has. A newer one is refused before anything in it is
//! touched: to mend what one does not understand is to destroy it.
//!
//! A change that older programs could not read raises [`VERSION`], reads both forms,
//! writes the new one, and adds what the new program wrote to `tests/golden`, where
//! folders of every version before lie and are opened by every test run. A new kind of
//! entry or file that older programs pass over raises nothing.
//!
//! ```text
//! {version} {crc32c of the version's digits, in hexadecimal}\n
//! ```

use super::{StoreError, disk::write_durably, ledger};
use std::{fs, path::Path};
use tracing::warn;

/// The form that this program writes.
const VERSION: u32 = 1;
const FILE: &str = "version";

/// Refuses a folder that a newer program has written.
pub(super) fn refuse_newer(dir: &Path) -> Result<(), StoreError> {
    let path = dir.join(FILE);
    if let Some(version) = read(&path).filter(|version| *version > VERSION) {
        return Err(StoreError::Newer { path, version });
    }
    // Its files say so themselves, should this one be lost.
    ledger::refuse_newer(&dir.join("ledger"))?;
    Ok(())
}

/// Notes that a folder now has this program's form.
pub(super) fn note(dir: &Path) {
    let path = dir.join(FILE);
    if read(&path) == Some(VERSION) {
        return;
    }
    if let Err(error) = write_durably(&path, line(VERSION).as_bytes()) {
        // Tried again at the next start; until then the ledger's files say it.
        warn!(%error, "the version of the data folder could not be noted");
    }
}

/// Nothing where there is no such file, or a damaged one.
fn read(path: &Path) -> Option<u32> {
    let text = fs::read_to_string(path).ok()?;
    let version = text.split(' ').next()?.parse().ok()?;
    (line(version) == text).then_some(version)
}

fn line(version: u32) -> String {
    let digits = version.to_string();
    let sum = crc32c::crc32c(digits.as_bytes());
    format!("{digits} {sum:08x}\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_newer_folder_is_refused_and_a_damaged_note_of_it_is_not_believed() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join(FILE);
        assert!(
            refuse_newer(dir.path()).is_ok(),
            "nobody has noted anything"
        );
        note(dir.path());
        assert_eq!(fs::read_to_string(&file).unwrap(), "1 90f599e3\n");
        assert!(refuse_newer(dir.path()).is_ok());
        for (text, is_refused) in [
            (line(VERSION + 1), true),
            (line(u32::MAX), true),
            ("9 90f599e3\n".to_owned(), false),
            (line(VERSION + 1).replace('\n', ""), false),
            ("\u{0}\u{0}\u{0}".to_owned(), false),
            (String::new(), false),
        ] {
            fs::write(&file, &text).unwrap();
            assert_eq!(refuse_newer(dir.path()).is_err(), is_refused, "{text:?}");
        }
        note(dir.path());
        assert_eq!(read(&file), Some(VERSION));
    }
}
