//! What the tests plant of customers, keys and passwords, and the search for it in what
//! the real programs have left: logs, with their panics, and pages of figures. Each
//! program leaves them in `target/suite/left`, whatever test it ran for.

use crate::{house, http, radio::Fob};
use std::{
    fs,
    path::{Path, PathBuf},
};

/// Chosen by whoever signs in in a test.
pub const PASSWORD: &str = "green tram rain";

/// Everything that is planted, in small letters.
pub fn planted() -> Vec<String> {
    let fob = Fob::of_the_shop(1);
    let mut planted: Vec<String> = [
        "canary-customer",
        "canary-segment",
        "canary-token-key",
        // The same as a key is written.
        "63616e6172792d746f6b656e2d6b6579",
        // The phone or fob behind every Theengs message of the tests.
        "58:78:20:76:bc:24",
        "58782076bc24",
        PASSWORD,
    ]
    .map(str::to_owned)
    .into();
    planted.extend([fob.uuid_text(), fob.uuid_hex()]);
    planted.push(http::TOKEN.trim().to_lowercase());
    planted
}

/// Where programs leave what is searched after the whole suite.
pub fn left() -> PathBuf {
    house::keep_dir("left")
}

/// Leaves something there.
pub fn leave(name: &str, bytes: &[u8]) {
    let name = format!("{}-{name}", std::process::id());
    fs::write(left().join(name), bytes).expect("target can be written");
}

/// Which canaries are in which files of a folder, and how many files there are.
pub fn search(folder: &Path) -> (Vec<String>, usize) {
    let planted = planted();
    let (mut found, mut files) = (Vec::new(), 0);
    for entry in fs::read_dir(folder).expect("the folder is there") {
        let path = entry.expect("a folder can be listed").path();
        let bytes = fs::read(&path).expect("a file can be read");
        let text = String::from_utf8_lossy(&bytes).to_lowercase();
        files += 1;
        let heard = planted.iter().filter(|canary| text.contains(*canary));
        found.extend(heard.map(|canary| format!("{canary} in {}", path.display())));
    }
    (found, files)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_canary_that_sings_is_heard() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("quiet.log"), "INFO nobody is named").unwrap();
        assert_eq!(search(dir.path()), (Vec::new(), 1));
        for (n, canary) in planted().iter().enumerate() {
            let file = dir.path().join("loud.log");
            fs::write(file, format!("WARN {n} of {}", canary.to_uppercase())).unwrap();
            let (found, files) = search(dir.path());
            assert_eq!((found.len(), files), (1, 2), "{canary}: {found:?}");
        }
    }
}
