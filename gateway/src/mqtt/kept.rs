//! What the session must know over a restart: the filters that the broker may
//! still hold for us, and the numbers of encrypted frames, without which a
//! recorded frame would be believed once.
//!
//! A small file beside the store. It is written behind, at most once in some
//! seconds: a frame from those seconds before a crash may count twice.

use protocol::beacon::Address;
use serde::{Deserialize, Serialize};
use std::{
    collections::BTreeSet,
    fs, io,
    path::{Path, PathBuf},
};

const FILE: &str = "mqtt-session.json";

/// What is kept.
#[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
struct Content {
    filters: BTreeSet<String>,
    /// Only of sensors whose key the shop's files name.
    counters: Vec<(Address, u32)>,
}

/// The file and what it holds.
#[derive(Debug)]
pub(super) struct Kept {
    path: PathBuf,
    content: Content,
}

impl Kept {
    /// Reads what an earlier run has left. A file that cannot be read holds
    /// nothing, and is said.
    pub(super) fn open(folder: &Path) -> Self {
        let path = folder.join(FILE);
        let content = match fs::read(&path) {
            Ok(bytes) => serde_json::from_slice(&bytes).unwrap_or_else(|_| {
                tracing::warn!(file = %path.display(), "the file is damaged and starts anew");
                Content::default()
            }),
            Err(_) => Content::default(),
        };
        Self { path, content }
    }

    pub(super) fn filters(&self) -> impl Iterator<Item = &String> {
        self.content.filters.iter()
    }

    pub(super) fn counters(&self) -> impl Iterator<Item = (Address, u32)> {
        self.content.counters.iter().copied()
    }

    /// From now on these filters are asked for; those of before are kept until
    /// the broker has surely let go of them, which is at the next start.
    pub(super) fn listen<'f>(&mut self, filters: impl Iterator<Item = &'f str>) {
        let before = self.content.filters.len();
        self.content.filters.extend(filters.map(str::to_owned));
        if self.content.filters.len() != before {
            self.write();
        }
    }

    /// The start: the link gives back all but these.
    pub(super) fn begin<'f>(&mut self, filters: impl Iterator<Item = &'f str>) {
        self.content.filters.clear();
        self.listen(filters);
        self.write();
    }

    /// These are the numbers now.
    pub(super) fn count(&mut self, mut counters: Vec<(Address, u32)>) {
        counters.sort_unstable();
        if counters != self.content.counters {
            self.content.counters = counters;
            self.write();
        }
    }

    fn write(&self) {
        if let Err(error) = self.try_write() {
            tracing::warn!(file = %self.path.display(), %error, "the file cannot be written");
        }
    }

    /// A file is either the old or the new one, never half of it.
    fn try_write(&self) -> io::Result<()> {
        let bytes = serde_json::to_vec(&self.content).expect("texts and numbers are always JSON");
        let beside = self.path.with_extension("new");
        fs::write(&beside, bytes)?;
        fs::rename(&beside, &self.path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_later_run_knows_the_filters_and_numbers_of_this_one() {
        let dir = tempfile::tempdir().unwrap();
        let mut kept = Kept::open(dir.path());
        kept.begin(["a/+", "b"].into_iter());
        kept.listen(["c"].into_iter());
        kept.count(vec![(Address([1; 6]), 7)]);
        let mut later = Kept::open(dir.path());
        assert_eq!(later.filters().collect::<Vec<_>>(), ["a/+", "b", "c"]);
        assert_eq!(later.counters().collect::<Vec<_>>(), [(Address([1; 6]), 7)]);
        later.begin(["b"].into_iter());
        assert_eq!(Kept::open(dir.path()).filters().collect::<Vec<_>>(), ["b"]);
        fs::write(dir.path().join(FILE), "{").unwrap();
        assert_eq!(Kept::open(dir.path()).content, Content::default());
    }
}
