//! What each label is known to show, kept over restarts: without it every
//! restart would cost every tag a change.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

/// What a tag is known to show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Glass {
    /// Of our picture.
    pub(super) digest: String,
    /// What the access point's record says since the tag has fetched it.
    pub(super) hash: String,
}

/// Where it is kept: one small file a tag.
#[derive(Debug, Clone)]
pub(crate) struct Memory(PathBuf);

impl Memory {
    /// In this folder, for this tag.
    pub(crate) fn new(dir: &Path, mac: &str) -> Self {
        Self(dir.join("labels").join(mac))
    }

    /// What was kept, if anything.
    pub(super) fn recall(&self) -> Option<Glass> {
        let text = fs::read_to_string(&self.0).ok()?;
        let (digest, hash) = text.trim().split_once(' ')?;
        Some(Glass {
            digest: digest.to_owned(),
            hash: hash.to_owned(),
        })
    }

    /// Keeps it, or that nothing is known. What is lost in a power cut costs
    /// one change of a label, so nothing waits for the disk.
    pub(super) fn keep(&self, glass: Option<&Glass>) -> io::Result<()> {
        let Some(Glass { digest, hash }) = glass else {
            return match fs::remove_file(&self.0) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
                _ => Ok(()),
            };
        };
        if let Some(folder) = self.0.parent() {
            fs::create_dir_all(folder)?;
        }
        let new = self.0.with_extension("new");
        fs::write(&new, format!("{digest} {hash}\n"))?;
        fs::rename(new, &self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_kept_is_recalled_and_rubbish_is_nothing() {
        let dir = tempfile::tempdir().unwrap();
        let memory = Memory::new(dir.path(), "0000021F12345678");
        assert_eq!(memory.recall(), None);
        memory.keep(None).unwrap();
        let glass = Glass {
            digest: "0123".to_owned(),
            hash: "abcd".to_owned(),
        };
        memory.keep(Some(&glass)).unwrap();
        assert_eq!(memory.recall(), Some(glass));
        fs::write(&memory.0, "nonsense").unwrap();
        assert_eq!(memory.recall(), None);
        memory.keep(None).unwrap();
        assert!(!memory.0.exists());
    }
}
