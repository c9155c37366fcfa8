//! A folder with a small site, and the program.

use std::{
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
    process::Command,
};
use tempfile::TempDir;

/// Two zones side by side, a scanner in the middle of each.
const STORE: &str = r#"
[store]
id = "corridor"
[floor]
outline = [[0, 0], [12, 0], [12, 4], [0, 4]]
[[zones]]
id = "west"
area = [[0, 0], [6, 0], [6, 4], [0, 4]]
[[zones]]
id = "east"
area = [[6, 0], [12, 0], [12, 4], [6, 4]]
[[scanners]]
id = "s-west"
at = [2, 2]
[[scanners]]
id = "s-east"
at = [10, 2]
"#;

/// A folder with a small site.
pub(crate) struct Desk {
    folder: TempDir,
}

/// What the program said.
pub(crate) struct Said {
    pub(crate) fine: bool,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Desk {
    pub(crate) fn new() -> Self {
        let desk = Self {
            folder: TempDir::new().unwrap(),
        };
        desk.put("store.toml", STORE);
        desk
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn put(&self, name: &str, text: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    /// Runs the program in the folder.
    pub(crate) fn run(&self, line: &str) -> Said {
        let output = Command::new(env!("CARGO_BIN_EXE_aislecast-sim"))
            .args(line.split_whitespace())
            .current_dir(self.folder.path())
            .output()
            .unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Said {
            fine: output.status.success(),
            out: text(output.stdout),
            err: text(output.stderr),
        }
    }

    /// Locates with these sightings; the estimates.
    pub(crate) fn locate(&self, sightings: &str) -> String {
        self.put("s.csv", sightings);
        let said = self.run("locate --site store.toml --sightings s.csv --out e.csv");
        assert!(said.fine, "{}", said.err);
        self.read("e.csv")
    }
}

/// The recorded walk in this folder.
pub(crate) fn tetam() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/presence/tetam")
}

/// Somebody stands in the west for a minute, then in the east.
pub(crate) fn west_then_east() -> String {
    let mut rows = "t_s,scanner,tag,rssi_dbm\n".to_owned();
    for n in 0..240_u32 {
        let t_s = f64::from(n) / 2.0;
        let (west, east) = if n < 120 { (-58, -84) } else { (-84, -58) };
        let wobble = (n * 7 % 5) as i32 - 2;
        writeln!(rows, "{t_s},s-west,fob,{}", west + wobble).unwrap();
        writeln!(rows, "{},s-east,fob,{}", t_s + 0.01, east - wobble).unwrap();
    }
    rows
}
