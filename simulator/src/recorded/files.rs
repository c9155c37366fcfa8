//! Finds the files of a recording, wherever in a folder they lie.

use crate::table::Table;
use anyhow::{Context as _, Result};
use std::{
    fs,
    path::{Path, PathBuf},
};

/// How deep is looked.
const DEPTH_MAX: usize = 4;
/// Most files that are looked at.
const FILES_MAX: usize = 10_000;

/// A folder and everything below.
#[derive(Debug)]
pub struct Folder {
    files: Vec<PathBuf>,
}

impl Folder {
    /// Lists a folder.
    pub fn open(path: &Path) -> Result<Self> {
        let mut files = Vec::new();
        list(path, 0, &mut files).with_context(|| format!("failed to list {}", path.display()))?;
        // The nearest first, so that what lies beside wins over what lies below.
        files.sort_by_key(|file| (file.components().count(), file.clone()));
        Ok(Self { files })
    }

    /// A file of this name below a folder whose name contains `place`, plain
    /// or compressed.
    pub fn table(&self, place: &str, name: &str) -> Result<Option<Table>> {
        let (plain, packed) = (format!("{name}.csv"), format!("{name}.csv.gz"));
        let named = |file: &&PathBuf| {
            let last = file.file_name().and_then(|n| n.to_str());
            last.is_some_and(|n| n == plain || n == packed)
        };
        let here = |file: &&PathBuf| {
            let folder = file.parent().unwrap_or(file).to_string_lossy();
            folder.to_lowercase().contains(place)
        };
        let found = self.files.iter().filter(named).find(here);
        // Whoever names one recording's folder need not have named it so.
        let found = found.or_else(|| {
            let mut named = self.files.iter().filter(named);
            named.next().filter(|_| named.next().is_none())
        });
        found.map(|file| Table::open(file)).transpose()
    }
}

fn list(path: &Path, depth: usize, files: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in fs::read_dir(path)? {
        let entry = entry?.path();
        if files.len() >= FILES_MAX {
            break;
        }
        if !entry.is_dir() {
            files.push(entry);
        } else if depth < DEPTH_MAX {
            list(&entry, depth + 1, files)?;
        }
    }
    Ok(())
}
