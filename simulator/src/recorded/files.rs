//! Finds the files of a recording, wherever in a folder they lie.

use crate::table::Table;
use anyhow::{Context as _, Result};
use std::{
    collections::{BTreeMap, btree_map::Entry},
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
    root: PathBuf,
    files: Vec<PathBuf>,
}

/// A file that was found.
pub(super) struct Found {
    /// What is in it.
    pub table: Table,
    path: PathBuf,
    /// As it is told: from the folder that was named on.
    pub name: String,
}

impl Folder {
    /// Lists a folder.
    pub fn open(path: &Path) -> Result<Self> {
        let mut files = Vec::new();
        list(path, 0, &mut files).with_context(|| format!("failed to list {}", path.display()))?;
        // The nearest first, so that what lies beside wins over what lies below.
        files.sort_by_key(|file| (file.components().count(), file.clone()));
        let root = path.to_owned();
        Ok(Self { root, files })
    }

    /// The nearest file of this name below a folder whose name contains `place`, plain
    /// or compressed.
    pub fn table(&self, place: &str, name: &str) -> Result<Option<Table>> {
        let found = self.named(place, name).into_iter().next();
        found.map(Table::open).transpose()
    }

    /// All files of this name, the nearest first: a recording may come in parts. One that
    /// lies both plain and compressed in one folder is read once.
    pub(super) fn tables(&self, place: &str, name: &str) -> Result<Vec<Found>> {
        let files = self.named(place, name).into_iter();
        files.map(|file| self.found(file)).collect()
    }

    /// The file of this name that lies beside another, else the nearest one.
    pub(super) fn beside(&self, place: &str, name: &str, other: &Found) -> Result<Option<Found>> {
        let files = self.named(place, name);
        let beside = |file: &&&Path| file.parent() == other.path.parent();
        let file = files.iter().find(beside).or(files.first());
        file.map(|file| self.found(file)).transpose()
    }

    fn found(&self, file: &Path) -> Result<Found> {
        let name = file.strip_prefix(&self.root).unwrap_or(file);
        Ok(Found {
            table: Table::open(file)?,
            name: name.display().to_string(),
            path: file.to_owned(),
        })
    }

    fn named(&self, place: &str, name: &str) -> Vec<&Path> {
        let (plain, packed) = (format!("{name}.csv"), format!("{name}.csv.gz"));
        let is_named = |file: &&PathBuf| {
            let last = file.file_name().and_then(|n| n.to_str());
            last.is_some_and(|n| n == plain || n == packed)
        };
        let mut named: Vec<&Path> = Vec::new();
        for file in self.files.iter().filter(is_named) {
            if !named.iter().any(|known| known.parent() == file.parent()) {
                named.push(file);
            }
        }
        let is_here = |file: &&Path| {
            let folder = file.parent().unwrap_or(file).to_string_lossy();
            folder.to_lowercase().contains(place)
        };
        let here: Vec<&Path> = named.iter().copied().filter(is_here).collect();
        // Whoever names one recording's folder need not have named it so.
        if here.is_empty() && named.len() == 1 {
            return named;
        }
        here
    }
}

/// Adds what another file holds, by name: what is the same in both is one recording that
/// lies there twice, which is said; what only has its name from another is renamed.
pub(super) fn join<T: PartialEq>(
    all: &mut BTreeMap<String, T>,
    more: BTreeMap<String, T>,
    file: &str,
    said: &mut Vec<String>,
) {
    for (name, one) in more {
        if all.values().any(|known| *known == one) {
            said.push(format!(
                "{file}: {name:?} is in another file, too; it counts once"
            ));
            continue;
        }
        let numbered = (2..).map(|n: u32| format!("{name}-{n}"));
        for name in std::iter::once(name.clone()).chain(numbered) {
            if let Entry::Vacant(entry) = all.entry(name) {
                entry.insert(one);
                break;
            }
        }
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
