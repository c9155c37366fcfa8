//! A shop's folder: a small shop whose offers hold at any hour, with the ports
//! and paths of one test filled in.

use crate::{gateway::aislecast, house};
use std::{
    fs,
    path::{Path, PathBuf},
};
use tempfile::TempDir;

/// Name of the test shop, as in its topics.
pub const STORE: &str = "test-1";

/// Spells a topic of the test shop.
pub fn topic(tail: &str) -> String {
    format!("aislecast/v1/{STORE}/{tail}")
}

/// The file with the operator's token of the test shop.
pub fn token_file() -> PathBuf {
    house::root().join("tests/shop/token")
}

/// A shop's folder.
#[derive(Debug)]
pub struct Site {
    temp: TempDir,
    /// Port of the gateway's HTTP side.
    pub http_port: u16,
    /// Port of the broker, embedded or external.
    pub broker_port: u16,
}

impl Site {
    /// Whose gateway reaches an external broker.
    pub fn beside(broker_port: u16) -> Self {
        Self::new("external", broker_port)
    }

    /// Whose gateway brings its own broker.
    pub fn embedded() -> Self {
        Self::new("embedded", house::free_port())
    }

    fn new(mode: &str, broker_port: u16) -> Self {
        let temp = tempfile::tempdir().expect("the temporary folder can be written");
        let site = Self {
            temp,
            http_port: house::free_port(),
            broker_port,
        };
        let shop = house::root().join("tests/shop");
        let text = fs::read_to_string(shop.join("store.toml")).expect("the test shop is there");
        let text = text
            .replace("@mode@", mode)
            .replace("@broker_port@", &broker_port.to_string())
            .replace("@http_port@", &site.http_port.to_string())
            .replace("@token@", &token_file().display().to_string())
            .replace("@data@", &site.data().display().to_string());
        fs::write(site.config(), text).expect("the test's folder can be written");
        for folder in ["offers", "creatives"] {
            fs::create_dir(site.dir().join(folder)).expect("the test's folder can be written");
        }
        for offer in fs::read_dir(shop.join("offers")).expect("the test shop has offers") {
            let offer = offer.expect("a folder can be listed");
            let target = site.dir().join("offers").join(offer.file_name());
            fs::copy(offer.path(), target).expect("an offer can be copied");
        }
        site
    }

    /// The folder.
    pub fn dir(&self) -> &Path {
        self.temp.path()
    }

    /// Its `store.toml`.
    pub fn config(&self) -> PathBuf {
        self.dir().join("store.toml")
    }

    /// Where its gateway keeps what it must.
    pub fn data(&self) -> PathBuf {
        self.dir().join("data")
    }

    /// The address of a screen's page with its key, as the command line tells it.
    pub fn screen(&self, screen: &str) -> String {
        let page = format!("http://127.0.0.1:{}", self.http_port);
        let data = self.data();
        let data = data.to_str().expect("a path of letters");
        let told = aislecast(&["screen", "link", screen, "--page", &page, "--data", data]);
        String::from_utf8_lossy(&told.stdout).trim().to_owned()
    }

    /// Changes the text of its `store.toml`; the text to be replaced must be there.
    pub fn edit(&self, from: &str, to: &str) {
        let text = fs::read_to_string(self.config()).expect("it was written at the start");
        assert!(text.contains(from), "store.toml does not say {from:?}");
        fs::write(self.config(), text.replace(from, to)).expect("the folder can be written");
    }

    /// Every byte of every file below `data`, for searching.
    pub fn data_bytes(&self) -> Vec<(PathBuf, Vec<u8>)> {
        let mut found = Vec::new();
        let mut dirs = vec![self.data()];
        while let Some(dir) = dirs.pop() {
            for entry in fs::read_dir(&dir).into_iter().flatten().flatten() {
                let path = entry.path();
                if path.is_dir() {
                    dirs.push(path);
                } else if let Ok(bytes) = fs::read(&path) {
                    found.push((path, bytes));
                }
            }
        }
        found
    }
}
