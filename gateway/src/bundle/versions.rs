//! Versions of the offers on the disk.
//!
//! ```text
//! <data>/offers/state.json      which one is in force, and what became of the others
//! <data>/offers/state.copy.json the same once more, should the first be damaged
//! <data>/offers/v7/offers/      the files of the seventh, as its bundle held them
//! <data>/offers/v7/creatives/
//! ```
//!
//! A version is written and synced under another name, and then named. It is in
//! force from the moment at which `state.json` is replaced, and not before: a
//! power cut leaves the old or the new one, never a mixture. Version 0 is the
//! folder `offers` beside `store.toml`.

use crate::store::{sync_dir, write_durably};
use config::{
    OfferFiles,
    bundle::{Bundle, PublicKey, Verified, digest_of},
};
use serde::{Deserialize, Serialize};
use std::{
    collections::{BTreeMap, BTreeSet},
    fs::{self, File},
    io::{self, Write as _},
    path::{Path, PathBuf},
};
use tracing::{error, warn};

/// Most versions that are kept: some weeks of daily changes. The oldest go.
pub(crate) const VERSIONS_MAX: usize = 20;
/// Largest `state.json`, bytes: 20 versions, and marks of 64 authors.
const STATE_BYTES_MAX: u64 = 1 << 20;
/// The first is replaced first: where both are whole it is the newer one.
const FILES: [&str; 2] = ["state.json", "state.copy.json"];

/// One version, as the history tells it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Version {
    /// Its number at this gateway: 1, 2, 3.
    pub version: u32,
    /// The version whose files these are: itself, or the one gone back to.
    pub content: u32,
    /// Names what its files are.
    pub digest: String,
    /// Who made its bundle; nobody where somebody went back by hand.
    pub author: Option<String>,
    /// Who countersigned it.
    pub countersigned_by: Option<String>,
    /// The author's own number.
    pub number: Option<u64>,
    /// What for, in the author's words.
    pub note: String,
    /// When it was put into force, RFC 3339, by the gateway's clock.
    pub applied: String,
}

/// All of `state.json`.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct State {
    /// Number of the newest version ever; 0 for none.
    newest: u32,
    /// The last number taken from each author's key.
    taken: BTreeMap<String, u64>,
    /// Oldest first; the last is in force.
    history: Vec<Version>,
    /// CRC-32C of all this without it. Files of before had none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    crc32c: Option<u32>,
}

/// What a file of a state holds.
enum Found {
    Whole(State),
    Damaged(String),
    Nothing,
}

/// The versions of one shop.
#[derive(Debug)]
pub struct Versions {
    dir: PathBuf,
    state: State,
    /// Nothing says any more which version was in force.
    is_doubted: bool,
}

impl Versions {
    /// Reads what there is, and sweeps what a power cut left behind.
    pub fn open(dir: PathBuf) -> io::Result<Self> {
        fs::create_dir_all(&dir)?;
        let [first, second] = FILES.map(|name| look(&dir.join(name)));
        let (state, is_doubted) = match (first?, second?) {
            (Found::Whole(state), _) => (state, false),
            (Found::Nothing, Found::Nothing) => (State::default(), false),
            (missing, Found::Whole(state)) => {
                if let Found::Damaged(why) = missing {
                    warn!(%why, "offers/state.json is damaged: its copy takes its place");
                }
                (state, false)
            }
            _ => {
                error!(
                    "offers/state.json and its copy are damaged, so that nothing says which offers are in force: only the house loop is shown until a bundle is pushed, or `aislecast offers rollback 0` takes the shop's own folder"
                );
                (State::after(newest_folder(&dir)?), true)
            }
        };
        let versions = Self {
            dir,
            state,
            is_doubted,
        };
        if !is_doubted {
            versions.sweep()?;
            versions.mend();
        }
        Ok(versions)
    }

    /// Whether the record of what is in force was lost: then nothing is.
    pub fn is_doubted(&self) -> bool {
        self.is_doubted
    }

    /// The one in force; nothing while the shop's own folder is.
    pub fn current(&self) -> Option<&Version> {
        self.state.history.last().filter(|v| v.content != 0)
    }

    /// Number of the one in force.
    pub fn number(&self) -> u32 {
        self.state.history.last().map_or(0, |v| v.version)
    }

    /// All that are kept, newest first.
    pub fn history(&self) -> impl Iterator<Item = &Version> {
        self.state.history.iter().rev()
    }

    /// The last number taken of an author.
    pub fn last_number(&self, key: PublicKey) -> Option<u64> {
        self.state.taken.get(&key.to_string()).copied()
    }

    /// Folder of the files in force, if a bundle's are.
    pub fn folder(&self) -> Option<PathBuf> {
        self.current().map(|v| self.folder_of(v.content))
    }

    /// The files in force, if a bundle's are. What the disk has altered is not
    /// shown: the newest version before it that is whole takes its place.
    pub fn files(&self) -> Option<OfferFiles> {
        self.current()?;
        for version in self.history().filter(|v| v.content != 0) {
            let folder = self.folder_of(version.content);
            let number = version.version;
            match OfferFiles::read_folder(&folder) {
                Ok(files) if digest_of(&files) == version.digest => return Some(files),
                Ok(_) => error!(
                    number,
                    "a version of the offers is not what it was: the one before it is tried"
                ),
                Err(why) => error!(
                    number, %why,
                    "a version of the offers cannot be read: the one before it is tried"
                ),
            }
        }
        None
    }

    /// Puts a bundle into force.
    pub fn apply(&mut self, bundle: &Bundle, by: &Verified, now: String) -> io::Result<()> {
        let number = self.state.newest + 1;
        self.write(number, bundle.files())?;
        let manifest = bundle.manifest();
        let mut state = self.state.clone();
        state.taken.insert(by.key.to_string(), manifest.number);
        state.add(Version {
            version: number,
            content: number,
            digest: digest_of(bundle.files()),
            author: Some(manifest.author.clone()),
            countersigned_by: by.countersigned_by.clone(),
            number: Some(manifest.number),
            note: manifest.note.clone(),
            applied: now,
        });
        self.replace(state)
    }

    /// Goes back to the files of an earlier version, as a new one; 0 is the
    /// shop's own folder. Says whether there is such a version.
    pub fn roll_back(&mut self, to: u32, now: String) -> io::Result<bool> {
        let earlier = self.state.history.iter().find(|v| v.version == to);
        let (content, digest) = match earlier {
            Some(version) => (version.content, version.digest.clone()),
            None if to == 0 => (0, String::new()),
            None => return Ok(false),
        };
        let mut state = self.state.clone();
        state.add(Version {
            version: state.newest + 1,
            content,
            digest,
            author: None,
            countersigned_by: None,
            number: None,
            note: format!("back to version {to}"),
            applied: now,
        });
        self.replace(state)?;
        Ok(true)
    }

    fn write(&self, number: u32, files: &OfferFiles) -> io::Result<()> {
        let beside = self.dir.join(format!("v{number}.new"));
        if beside.exists() {
            fs::remove_dir_all(&beside)?;
        }
        let (offers, creatives) = (beside.join("offers"), beside.join("creatives"));
        fs::create_dir_all(&offers)?;
        fs::create_dir_all(&creatives)?;
        for (name, text) in &files.offers {
            write_synced(&offers.join(name), text.as_bytes())?;
        }
        for (name, bytes) in &files.pictures {
            write_synced(&creatives.join(name), bytes)?;
        }
        for dir in [&offers, &creatives, &beside] {
            sync_dir(dir)?;
        }
        let folder = self.folder_of(number);
        if folder.exists() {
            // Of a bundle whose record could not be written: nothing names it.
            fs::remove_dir_all(&folder)?;
        }
        fs::rename(&beside, folder)?;
        sync_dir(&self.dir)
    }

    /// The one moment at which anything changes is that of the first file.
    fn replace(&mut self, state: State) -> io::Result<()> {
        let text = state.written()?;
        let [first, copy] = FILES.map(|name| self.dir.join(name));
        write_durably(&first, &text)?;
        (self.state, self.is_doubted) = (state, false);
        if let Err(why) = write_durably(&copy, &text) {
            // The next change or start makes it good.
            warn!(%why, "offers/state.copy.json could not be written");
        }
        if let Err(why) = self.sweep() {
            // They take up room and do no harm; the next change tries again.
            warn!(%why, "old versions of the offers could not be removed");
        }
        Ok(())
    }

    /// Makes both files whole again. Where there is no room the next change does.
    fn mend(&self) {
        let written = || {
            let text = self.state.written()?;
            let files = FILES.map(|name| self.dir.join(name));
            let mut worse = files
                .iter()
                .filter(|path| fs::read(path).ok().as_ref() != Some(&text));
            worse.try_for_each(|path| write_durably(path, &text))
        };
        if self.state.newest > 0
            && let Err(why) = written()
        {
            warn!(%why, "offers/state.json and its copy could not be made whole");
        }
    }

    /// Removes what no version in the history needs.
    fn sweep(&self) -> io::Result<()> {
        let needed = self.state.history.iter().map(|v| v.content);
        let needed: BTreeSet<String> = needed.map(|n| format!("v{n}")).collect();
        for entry in fs::read_dir(&self.dir)? {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            if name.starts_with('v') && !needed.contains(&name) {
                fs::remove_dir_all(entry.path())?;
            }
        }
        Ok(())
    }

    fn folder_of(&self, content: u32) -> PathBuf {
        self.dir.join(format!("v{content}"))
    }
}

impl State {
    /// Of a record that was lost: numbers go on, nothing else is known.
    fn after(newest: u32) -> Self {
        Self {
            newest,
            ..Self::default()
        }
    }

    fn sum(&self) -> io::Result<u32> {
        let bare = Self {
            crc32c: None,
            ..self.clone()
        };
        Ok(crc32c::crc32c(&serde_json::to_vec(&bare)?))
    }

    fn written(&self) -> io::Result<Vec<u8>> {
        let summed = Self {
            crc32c: Some(self.sum()?),
            ..self.clone()
        };
        Ok(serde_json::to_vec_pretty(&summed)?)
    }

    fn add(&mut self, version: Version) {
        self.newest = version.version;
        self.history.push(version);
        let surplus = self.history.len().saturating_sub(VERSIONS_MAX);
        self.history.drain(..surplus);
    }
}

fn look(path: &Path) -> io::Result<Found> {
    match fs::metadata(path) {
        Err(why) if why.kind() == io::ErrorKind::NotFound => return Ok(Found::Nothing),
        Err(why) => return Err(why),
        Ok(found) if found.len() > STATE_BYTES_MAX => {
            return Ok(Found::Damaged("it is too long".to_owned()));
        }
        Ok(_) => {}
    }
    let state: State = match serde_json::from_slice(&fs::read(path)?) {
        Ok(state) => state,
        Err(why) => return Ok(Found::Damaged(why.to_string())),
    };
    Ok(match state.crc32c {
        Some(sum) if sum != state.sum()? => Found::Damaged("its checksum is wrong".to_owned()),
        _ => Found::Whole(state),
    })
}

/// The highest number that a folder of a version has; 0 for none.
fn newest_folder(dir: &Path) -> io::Result<u32> {
    let mut newest = 0;
    for entry in fs::read_dir(dir)? {
        let name = entry?.file_name();
        let number = name.to_str().and_then(|name| name.strip_prefix('v'));
        newest = newest.max(number.and_then(|n| n.parse().ok()).unwrap_or(0));
    }
    Ok(newest)
}

fn write_synced(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = File::create(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

#[cfg(test)]
mod tests;
