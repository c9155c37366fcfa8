//! Everything of a store that nothing could replace, in one file with checksums:
//! secret, ledger, keyring, offers, calibration, accounts. The cache is rebuilt from
//! the ledger, and profiles are imported again from where they came.
//!
//! ```text
//! {"aislecast_backup":1}
//! {"file":"ledger/00000001.log","bytes":4711,"sha256":"..."}
//! 4711 bytes
//! ...
//! {"files":12,"sha256":"... of all lines before this one"}
//! ```
//!
//! May be made while a gateway works there: of the ledger's files only the last one
//! grows, and whatever lies in it half-written was promised to nobody. Should the
//! ledger be replaced by its sums meanwhile, the copy begins anew. The keyring is
//! copied after the ledger: whoever enrols meanwhile and is in the copy has a key in
//! it, and whoever is forgotten meanwhile has none.

use super::{
    StoreError,
    disk::{Lock, make_folder},
    sync_dir,
};
use config::bundle::sha256;
use serde::{Deserialize, Serialize};
use std::{
    collections::BTreeMap,
    fs::{self, File, OpenOptions},
    io::{self, BufRead, BufReader, BufWriter, Read as _, Write},
    os::unix::fs::OpenOptionsExt as _,
    path::{Component, Path, PathBuf},
};

/// Version of this form.
const VERSION: u32 = 1;
/// Longest line of the form, and longest file that is believed, bytes.
const LINE_MAX: u64 = 4 << 10;
const FILE_MAX: u64 = 512 << 20;
/// Attempts while the ledger is being replaced, which takes seconds at worst.
const ATTEMPTS: usize = 5;
/// What is not in a backup: what is rebuilt, made anew, or means only this machine.
const LEFT_OUT: [&str; 8] = [
    "cache",
    "quarantine",
    "ballast",
    "lock",
    "recording",
    "probe.tmp",
    "uplink.json",
    "clock",
];

/// How the names of the keyring's files begin.
const KEYRING: &str = "keyring";

/// Why there is no backup, or no store from one.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// The file system refuses.
    #[error("{path}: {error}")]
    Io {
        /// What it refuses.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// No store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// It changed all the time.
    #[error("the ledger changed whenever it was copied: try again in a minute")]
    Restless,
    /// Not such a file, or not any more.
    #[error("{path} is no whole backup ({what}): use another one; nothing was changed")]
    Damaged {
        /// Which file.
        path: PathBuf,
        /// What is wrong.
        what: String,
    },
    /// By a newer program.
    #[error("{0} was made by a newer aislecast: restore it with that one")]
    Newer(PathBuf),
    /// Somebody's data is there.
    #[error("{0} is not empty: name an empty folder, or move this one away")]
    Occupied(PathBuf),
}

/// What was copied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Copied {
    /// Files.
    pub files: usize,
    /// Bytes of them all.
    pub bytes: u64,
}

#[derive(Serialize, Deserialize)]
struct Begin {
    aislecast_backup: u32,
}

#[derive(Serialize, Deserialize)]
struct Head {
    file: String,
    bytes: u64,
    sha256: String,
}

#[derive(Serialize, Deserialize)]
struct End {
    files: usize,
    sha256: String,
}

/// Lines that were written or read, for the checksum of them all.
#[derive(Default)]
struct Lines(Vec<u8>);

/// Copies the store in `dir` to the new file `to`.
pub fn back_up(dir: &Path, to: &Path) -> Result<Copied, BackupError> {
    if !dir.join("ledger").is_dir() {
        return Err(StoreError::Nothing(dir.to_owned()).into());
    }
    let beside = to.with_extension("tmp");
    for _ in 0..ATTEMPTS {
        if let Some(copied) = copy(dir, &beside)? {
            at(to, fs::rename(&beside, to))?;
            at(to, sync_dir(folder_of(to)))?;
            return Ok(copied);
        }
    }
    // What was copied is of no use.
    let _ = fs::remove_file(&beside);
    Err(BackupError::Restless)
}

/// `None` when the ledger was replaced or rewritten meanwhile.
fn copy(dir: &Path, to: &Path) -> Result<Option<Copied>, BackupError> {
    let before = files(dir)?;
    let file = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(to);
    let mut file = BufWriter::new(at(to, file)?);
    let begin = Begin {
        aislecast_backup: VERSION,
    };
    let mut lines = Lines::default();
    at(to, lines.write(&mut file, &begin))?;
    let mut bytes = 0;
    let (keyring, others): (Vec<_>, Vec<_>) =
        before.keys().partition(|name| name.starts_with(KEYRING));
    for name in others.into_iter().chain(keyring) {
        let content = match fs::read(dir.join(name)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            read => at(&dir.join(name), read)?,
        };
        let head = Head {
            file: name.clone(),
            bytes: content.len() as u64,
            sha256: sha256(&content),
        };
        at(to, lines.write(&mut file, &head))?;
        at(to, file.write_all(&content))?;
        bytes += content.len() as u64;
    }
    let end = End {
        files: before.len(),
        sha256: sha256(&lines.0),
    };
    at(to, lines.write(&mut file, &end))?;
    let file = at(
        to,
        file.into_inner().map_err(io::IntoInnerError::into_error),
    )?;
    at(to, file.sync_all())?;
    let is_still = grew_only(&before, &files(dir)?);
    Ok(is_still.then_some(Copied {
        files: before.len(),
        bytes,
    }))
}

/// Which file, and the inode it has: a file that is replaced gets another.
type Found = BTreeMap<String, u64>;

fn grew_only(before: &Found, after: &Found) -> bool {
    let mut ledger = before
        .iter()
        .filter(|(name, _)| name.starts_with("ledger/"));
    ledger.all(|(name, inode)| after.get(name) == Some(inode))
}

/// What belongs into a backup, by its path below `dir`.
fn files(dir: &Path) -> Result<Found, BackupError> {
    let mut found = Found::new();
    let mut folders = vec![PathBuf::new()];
    while let Some(folder) = folders.pop() {
        let path = dir.join(&folder);
        for entry in at(&path, fs::read_dir(&path))? {
            let entry = at(&path, entry)?;
            let name = entry.file_name();
            let is_left_out = folder.as_os_str().is_empty()
                && LEFT_OUT
                    .iter()
                    .any(|left| name.to_string_lossy().starts_with(left));
            let is_half = name.to_string_lossy().ends_with(".tmp");
            if is_left_out || is_half {
                continue;
            }
            let kind = at(&path, entry.file_type())?;
            if kind.is_dir() {
                folders.push(folder.join(name));
            } else if kind.is_file() {
                let inode = std::os::unix::fs::DirEntryExt::ino(&entry);
                found.insert(folder.join(name).to_string_lossy().into_owned(), inode);
            }
        }
    }
    Ok(found)
}

/// Makes the store in `dir`, which must be empty or not there, what it was. Every
/// checksum is looked at before anything is made.
pub fn bring_back(from: &Path, dir: &Path) -> Result<Copied, BackupError> {
    let is_empty = match fs::read_dir(dir) {
        Ok(mut entries) => entries.next().is_none(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => true,
        Err(error) => return at(dir, Err(error)),
    };
    if !is_empty {
        return Err(BackupError::Occupied(dir.to_owned()));
    }
    read(from, &mut |_, _| Ok(()))?;
    // systemd leaves a link to a service's folder, which may be gone with its disk.
    let linked = fs::read_link(dir).map(|to| folder_of(dir).join(to));
    let dir = linked.as_deref().unwrap_or(dir);
    at(dir, make_folder(dir))?;
    let locked = at(dir, Lock::take(dir))?;
    let _lock = locked.ok_or_else(|| StoreError::Busy(dir.to_owned()))?;
    read(from, &mut |name, content| {
        let path = dir.join(name);
        let folder = folder_of(&path);
        make_folder(folder)?;
        let mut file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&path)?;
        file.write_all(content)?;
        file.sync_all()?;
        sync_dir(folder)
    })
}

/// Hands over every file of a backup, each with the right checksum.
fn read(
    from: &Path,
    take: &mut dyn FnMut(&str, &[u8]) -> io::Result<()>,
) -> Result<Copied, BackupError> {
    let damaged = |what: &str| BackupError::Damaged {
        path: from.to_owned(),
        what: what.to_owned(),
    };
    let mut input = BufReader::new(at(from, File::open(from))?);
    let mut lines = Lines::default();
    let first = at(from, lines.read(&mut input))?;
    let begin: Begin = serde_json::from_slice(&first).map_err(|_| damaged("no head"))?;
    if begin.aislecast_backup > VERSION {
        return Err(BackupError::Newer(from.to_owned()));
    }
    let mut copied = Copied { files: 0, bytes: 0 };
    loop {
        let before = sha256(&lines.0);
        let text = at(from, lines.read(&mut input))?;
        if let Ok(End { files, sha256 }) = serde_json::from_slice(&text) {
            return if files == copied.files && sha256 == before {
                Ok(copied)
            } else {
                Err(damaged("its list of files is not what it was"))
            };
        }
        let head: Head =
            serde_json::from_slice(&text).map_err(|_| damaged("it is cut short or altered"))?;
        if head.bytes > FILE_MAX || !is_inside(&head.file) {
            return Err(damaged("no store has such a file"));
        }
        let mut content = Vec::new();
        at(
            from,
            input.by_ref().take(head.bytes).read_to_end(&mut content),
        )?;
        if sha256(&content) != head.sha256 {
            return Err(damaged(&format!("{} has another checksum", head.file)));
        }
        at(Path::new(&head.file), take(&head.file, &content))?;
        copied.files += 1;
        copied.bytes += head.bytes;
    }
}

/// Whether a path leads nowhere but below the data folder.
fn is_inside(path: &str) -> bool {
    let mut parts = Path::new(path).components();
    !path.is_empty() && parts.all(|part| matches!(part, Component::Normal(_)))
}

impl Lines {
    fn write(&mut self, to: &mut impl Write, what: &impl Serialize) -> io::Result<()> {
        let begins = self.0.len();
        serde_json::to_writer(&mut self.0, what)?;
        self.0.push(b'\n');
        to.write_all(&self.0[begins..])
    }

    /// The next line, if it is a whole one.
    fn read(&mut self, input: &mut impl BufRead) -> io::Result<Vec<u8>> {
        let mut text = Vec::new();
        input.take(LINE_MAX).read_until(b'\n', &mut text)?;
        self.0.extend(&text);
        text.truncate(text.len().saturating_sub(1));
        Ok(if self.0.ends_with(b"\n") {
            text
        } else {
            Vec::new()
        })
    }
}

fn folder_of(path: &Path) -> &Path {
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    folder.unwrap_or(Path::new("."))
}

fn at<T>(path: &Path, done: io::Result<T>) -> Result<T, BackupError> {
    done.map_err(|error| BackupError::Io {
        path: path.to_owned(),
        error,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt as _;

    /// A folder with the files of a store, none of which means anything.
    fn store() -> tempfile::TempDir {
        let dir = tempfile::tempdir().unwrap();
        for (name, content) in [
            ("secret", "s"),
            ("keyring", "k"),
            ("ledger/00000001.log", "log"),
            ("offers/state.json", "{}"),
            ("cache-1/db", "sled"),
            ("ballast", "0000"),
        ] {
            let path = dir.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, content).unwrap();
        }
        dir
    }

    #[test]
    fn a_backup_comes_back_as_it_was_without_what_is_rebuilt() {
        let (store, place) = (store(), tempfile::tempdir().unwrap());
        let file = place.path().join("shop.aislebak");
        let copied = back_up(store.path(), &file).unwrap();
        assert_eq!(copied, Copied { files: 4, bytes: 7 });
        let back = place.path().join("back");
        assert_eq!(bring_back(&file, &back).unwrap(), copied);
        assert_eq!(fs::read(back.join("ledger/00000001.log")).unwrap(), b"log");
        assert!(!back.join("cache-1").exists() && !back.join("ballast").exists());
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode();
        assert_eq!(mode(&back) & 0o777, 0o700, "nobody else gets in");
        assert_eq!(mode(&back.join("ledger")) & 0o777, 0o700);
        let occupied = bring_back(&file, &back).unwrap_err();
        assert!(matches!(occupied, BackupError::Occupied(_)), "{occupied}");
        let link = place.path().join("link");
        std::os::unix::fs::symlink("private/shop", &link).unwrap();
        assert_eq!(bring_back(&file, &link).unwrap(), copied);
        assert!(place.path().join("private/shop/secret").exists());
    }

    #[test]
    fn a_key_is_copied_after_whatever_is_sealed_with_it() {
        let (store, place) = (store(), tempfile::tempdir().unwrap());
        let file = place.path().join("shop.aislebak");
        back_up(store.path(), &file).unwrap();
        let mut names = Vec::new();
        read(&file, &mut |name, _| {
            names.push(name.to_owned());
            Ok(())
        })
        .unwrap();
        let at = |wanted: &str| names.iter().position(|name| name == wanted).unwrap();
        assert!(at("ledger/00000001.log") < at("keyring"), "{names:?}");
    }

    #[test]
    fn a_backup_with_any_flipped_bit_or_cut_short_is_refused_and_nothing_is_made() {
        let (store, place) = (store(), tempfile::tempdir().unwrap());
        let file = place.path().join("shop.aislebak");
        back_up(store.path(), &file).unwrap();
        let whole = fs::read(&file).unwrap();
        let back = place.path().join("back");
        for at in 0..whole.len() {
            let mut flipped = whole.clone();
            flipped[at] ^= 1 << (at % 8);
            for damaged in [&flipped[..], &whole[..at]] {
                fs::write(&file, damaged).unwrap();
                assert!(bring_back(&file, &back).is_err(), "byte {at}");
                assert!(!back.exists(), "byte {at}");
            }
        }
    }

    #[test]
    fn a_backup_reaches_no_file_outside_its_folder() {
        for (path, inside) in [
            ("ledger/1.log", true),
            ("../secret", false),
            ("/etc/passwd", false),
            ("a/../../b", false),
            ("", false),
        ] {
            assert_eq!(is_inside(path), inside, "{path}");
        }
    }
}
