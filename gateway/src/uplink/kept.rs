//! What a hub has, remembered over restarts. Only a hint of what may go: the
//! hub's own word comes again with every session.

use crate::store::{Told, write_durably};
use serde::{Deserialize, Serialize};
use std::{
    fs, io,
    path::{Path, PathBuf},
};

/// As it is written. That the file is there says that there is a hub.
#[derive(Debug, Serialize, Deserialize)]
struct File {
    first: u64,
    rest: u64,
    sent: u64,
}

fn path(dir: &Path) -> PathBuf {
    dir.join("uplink.json")
}

/// What the hub of the store in `dir` had; nothing when there is no hub, or the
/// file cannot be read: then everything is told again, under the same numbers.
pub(crate) fn read_told(dir: &Path) -> Option<Told> {
    let bytes = fs::read(path(dir)).ok()?;
    let File { first, rest, sent } = serde_json::from_slice(&bytes).unwrap_or(File {
        first: 0,
        rest: 0,
        sent: u64::MAX,
    });
    Some(Told { first, rest, sent })
}

pub(crate) fn write_told(dir: &Path, told: Told) -> io::Result<()> {
    let Told { first, rest, sent } = told;
    let file = File { first, rest, sent };
    let text = serde_json::to_vec(&file).expect("three numbers are JSON");
    write_durably(&path(dir), &text)
}

/// There is no hub any more.
pub(super) fn forget(dir: &Path) -> io::Result<()> {
    match fs::remove_file(path(dir)) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}
