//! The date as one program sees it, set at will: Debian's `libfaketime` between the
//! program and the operating system. The steady clock stays as it is.

use crate::house;
use std::{
    ffi::OsString,
    fs,
    path::{Path, PathBuf},
    time::{SystemTime, UNIX_EPOCH},
};

/// A date for whoever is started with it.
#[derive(Debug)]
pub struct WallClock {
    library: PathBuf,
    file: PathBuf,
}

impl WallClock {
    /// In a file of this folder; `None` where the library may be missing and is.
    pub fn start(dir: &Path) -> Option<Self> {
        house::tool("faketime")?;
        let library = library().expect("it comes with the program");
        let file = dir.join("wall-clock");
        Some(Self { library, file })
    }

    /// From now on it is this date, seconds since 1970, and goes on from there.
    pub fn set(&self, unix_s: i64) {
        let now = SystemTime::now().duration_since(UNIX_EPOCH);
        let now = now.expect("this machine lives after 1970").as_secs();
        let ahead = unix_s - i64::try_from(now).expect("dates are small");
        // Renamed, so that nobody reads half of it.
        let new = self.file.with_extension("new");
        fs::write(&new, format!("{ahead:+}")).expect("the test's folder can be written");
        fs::rename(new, &self.file).expect("the test's folder can be written");
    }

    /// What a program is started with to see it.
    pub fn variables(&self) -> Vec<(&'static str, OsString)> {
        vec![
            ("LD_PRELOAD", self.library.clone().into()),
            ("FAKETIME_TIMESTAMP_FILE", self.file.clone().into()),
            // Looked at every time: a leap is seen at once.
            ("FAKETIME_NO_CACHE", "1".into()),
            ("FAKETIME_DONT_FAKE_MONOTONIC", "1".into()),
            ("DONT_FAKE_MONOTONIC", "1".into()),
            ("NO_FAKE_STAT", "1".into()),
        ]
    }
}

/// Debian keeps it in a folder of the machine's architecture.
fn library() -> Option<PathBuf> {
    let folders = fs::read_dir("/usr/lib").ok()?.flatten();
    let mut files = folders.map(|folder| folder.path().join("faketime/libfaketimeMT.so.1"));
    files.find(|file| file.is_file())
}
