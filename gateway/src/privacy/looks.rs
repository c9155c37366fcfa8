//! Who looked at what is kept of somebody: when, at what. The
//! shopper is named by a keyed hash, so that a shopper who asks can be told who
//! looked, and whoever reads the file learns nobody's name.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::{
    fs::{self, OpenOptions},
    io::{self, Write as _},
    os::unix::fs::OpenOptionsExt as _,
    path::{Path, PathBuf},
};

/// A file is put aside when it is this long, bytes: some 8,000 looks. One that
/// was put aside before goes, so twice this is kept at most.
const BYTES_MAX: u64 = 1 << 20;

/// One look.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LookedAt {
    /// When, by the gateway's clock.
    pub at: String,
    /// Whoever asked, as the audit log calls them.
    pub who: String,
    /// What was asked for: `person` or `consents`.
    pub what: String,
    /// The keyed hash of whom it was about.
    pub subject: String,
}

/// The log of looks in a data folder.
#[derive(Debug, Clone)]
pub struct Looks {
    path: PathBuf,
}

impl Looks {
    /// Of the store in `dir`.
    pub fn new(dir: &Path) -> Self {
        Self {
            path: dir.join("looks.jsonl"),
        }
    }

    /// Notes a look, on the disk before anything is shown.
    pub fn note(&self, who: &str, what: &str, subject: &str) -> io::Result<()> {
        let looked = LookedAt {
            at: Timestamp::now().to_string(),
            who: who.to_owned(),
            what: what.to_owned(),
            subject: subject.to_owned(),
        };
        if fs::metadata(&self.path).is_ok_and(|found| found.len() >= BYTES_MAX) {
            fs::rename(&self.path, self.before())?;
        }
        let mut file = OpenOptions::new()
            .append(true)
            .create(true)
            .mode(0o600)
            .open(&self.path)?;
        // Begun with a line's end: a power cut may have left half a line.
        let line = format!("\n{}", serde_json::to_string(&looked)?);
        file.write_all(line.as_bytes())?;
        file.sync_data()
    }

    /// The newest looks, newest first; those at one shopper, or all.
    pub fn newest(&self, count_max: usize, subject: Option<&str>) -> io::Result<Vec<LookedAt>> {
        let mut found = Vec::new();
        for path in [&self.path, &self.before()] {
            let bytes = match fs::read(path) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                read => read?,
            };
            // A line that a power cut has torn, or the disk spoilt, is passed over.
            let lines = bytes.rsplit(|byte| *byte == b'\n');
            let looks = lines.filter_map(|line| serde_json::from_slice::<LookedAt>(line).ok());
            let wanted = looks.filter(|look| subject.is_none_or(|subject| look.subject == subject));
            found.extend(wanted.take(count_max - found.len()));
        }
        Ok(found)
    }

    fn before(&self) -> PathBuf {
        self.path.with_extension("old.jsonl")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn looks_are_kept_newest_first_over_a_torn_line_and_are_bounded() {
        let dir = tempfile::tempdir().unwrap();
        let looks = Looks::new(dir.path());
        assert_eq!(looks.newest(10, None).unwrap(), []);
        for (who, subject) in [("operator", "aa"), ("operator", "bb"), ("viewer", "aa")] {
            looks.note(who, "person", subject).unwrap();
        }
        let path = dir.path().join("looks.jsonl");
        let mut torn = fs::read(&path).unwrap();
        torn.extend_from_slice(b"\n{\"at\":\"2026\xFF");
        fs::write(&path, &torn).unwrap();
        let of = |subject| looks.newest(10, subject).unwrap();
        assert_eq!(of(None).len(), 3);
        let who: Vec<_> = of(Some("aa")).into_iter().map(|look| look.who).collect();
        assert_eq!(who, ["viewer", "operator"]);
        assert_eq!(looks.newest(1, None).unwrap()[0].who, "viewer");
        // A long file is put aside once, and the one before it goes.
        for _ in 0..2 {
            let long = [fs::read(&path).unwrap(), vec![b'\n'; 1 << 20]].concat();
            fs::write(&path, long).unwrap();
            looks.note("operator", "person", "cc").unwrap();
        }
        let bytes: u64 = fs::read_dir(dir.path())
            .unwrap()
            .map(|file| file.unwrap().metadata().unwrap().len())
            .sum();
        assert!(bytes < BYTES_MAX + 8_192, "{bytes}");
        assert_eq!(of(Some("cc")).len(), 2);
    }
}
