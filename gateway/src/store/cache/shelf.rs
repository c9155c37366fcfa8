//! Where the cache lies: one numbered folder at a time, named by the file
//! `current`. A rewritten cache takes the place of the old one by one renaming.

use super::{Cache, CacheError};
use crate::store::{
    disk::{sync_dir, write_durably},
    keyring::Keyring,
};
use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::Arc,
};

/// The folder that holds the caches.
#[derive(Debug, Clone)]
pub(in crate::store) struct Shelf {
    dir: PathBuf,
    quarantine: PathBuf,
    keyring: Option<Arc<Keyring>>,
}

impl Shelf {
    pub(in crate::store) fn new(data: &Path) -> Self {
        Self {
            dir: data.join("cache"),
            quarantine: data.join("quarantine"),
            keyring: None,
        }
    }

    /// With what opens profiles and keys.
    pub(in crate::store) fn unlocked(self, keyring: &Arc<Keyring>) -> Self {
        Self {
            keyring: Some(keyring.clone()),
            ..self
        }
    }

    /// Opens a cache in `dir`. May panic on damaged files.
    pub(in crate::store) fn open(&self, dir: &Path, cache_bytes: u64) -> Result<Cache, CacheError> {
        let cache = Cache::open(dir, cache_bytes)?;
        Ok(match &self.keyring {
            Some(keyring) => cache.unlocked(keyring),
            None => cache,
        })
    }

    /// The folder of the cache in use. What other folders a power cut has left
    /// are removed.
    pub(in crate::store) fn current(&self) -> io::Result<Option<PathBuf>> {
        fs::create_dir_all(&self.dir)?;
        let current = self.in_use();
        for entry in fs::read_dir(&self.dir)? {
            let path = entry?.path();
            if path.is_dir() && Some(&path) != current.as_ref() {
                fs::remove_dir_all(path)?;
            }
        }
        Ok(current)
    }

    /// The folder of the cache in use, if there is one.
    pub(in crate::store) fn in_use(&self) -> Option<PathBuf> {
        let number = fs::read_to_string(self.dir.join("current")).ok()?;
        let number = number.trim().parse::<u32>().ok()?;
        Some(self.dir.join(number.to_string())).filter(|dir| dir.is_dir())
    }

    /// Begins a new cache beside the one in use.
    pub(in crate::store) fn begin(&self, cache_bytes: u64) -> Result<Cache, CacheError> {
        fs::create_dir_all(&self.dir)?;
        let numbers = fs::read_dir(&self.dir)?.filter_map(|entry| {
            let name = entry.ok()?.file_name();
            name.to_str()?.parse::<u32>().ok()
        });
        let number = numbers.max().unwrap_or(0) + 1;
        self.open(&self.dir.join(number.to_string()), cache_bytes)
    }

    /// Makes `cache`, which must be synced, the one in use.
    pub(in crate::store) fn install(&self, cache: &Cache) -> io::Result<()> {
        let name = cache.dir.file_name().unwrap_or_default();
        write_durably(&self.dir.join("current"), name.as_encoded_bytes())
    }

    /// Removes the folder of a cache that is no longer in use.
    pub(in crate::store) fn discard(&self, cache: Cache) -> io::Result<()> {
        let dir = cache.dir.clone();
        drop(cache);
        fs::remove_dir_all(dir)?;
        sync_dir(&self.dir)
    }

    /// Puts a cache that cannot be used aside for whoever wants to look into
    /// it. One is kept at most.
    pub(in crate::store) fn quarantine(&self, dir: &Path) -> io::Result<()> {
        self.empty_quarantine()?;
        fs::rename(dir, &self.quarantine)?;
        sync_dir(&self.dir)
    }

    /// Somebody was forgotten: what was put aside may know them.
    pub(in crate::store) fn empty_quarantine(&self) -> io::Result<()> {
        match fs::remove_dir_all(&self.quarantine) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }
}

/// Removes what a killed process left of a snapshot it was writing: sled takes
/// it for the newest one and refuses to open for ever. Says whether there was any.
pub(in crate::store) fn sweep(dir: &Path) -> io::Result<bool> {
    remove_snapshots(dir, |name| name.ends_with(".generating"))
}

/// Removes every snapshot: sled works them out again from `db`. Says whether
/// there was any.
pub(in crate::store) fn remove_all_snapshots(dir: &Path) -> io::Result<bool> {
    remove_snapshots(dir, |_| true)
}

fn remove_snapshots(dir: &Path, wanted: impl Fn(&str) -> bool) -> io::Result<bool> {
    let mut any = false;
    for entry in fs::read_dir(dir)? {
        let entry = entry?;
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if name.starts_with("snap.") && wanted(&name) {
            fs::remove_file(entry.path())?;
            any = true;
        }
    }
    Ok(any)
}
