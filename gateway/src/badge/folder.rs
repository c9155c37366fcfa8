//! The folder that holds a shop's badges and what mosquitto reads of them.
//!
//! ```text
//! enrolled.json             the list; all else but keys is written from it and store.toml
//! authority.pem             whom devices and gateway trust to name the broker
//! authority.key             its key; the broker does not need it
//! broker.pem, broker.key    what the broker shows
//! aislecast.conf            the broker's settings
//! passwords, topics         who gets in, and who may say and hear what
//! credentials/<user>        a password, until its device has it
//! ```
//!
//! What mosquitto reads is readable by its group where there is one; everything
//! else, by its owner alone.

use super::{Authority, Badge, Book, CertificateError, Grants, Password, mosquitto};
use crate::store::write_durably;
use rustix::fs::FlockOperation;
use std::{
    fs::{self, File},
    io,
    os::unix::fs::{PermissionsExt as _, chown},
    path::{Path, PathBuf},
};

/// Largest list, bytes: 1,024 badges with a few hundred bytes each.
const BOOK_BYTES_MAX: u64 = 1 << 20;
/// The group of Debian's mosquitto.
const BROKER_GROUP: &str = "mosquitto";

/// Why the folder cannot be worked in.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    /// Nothing in it.
    #[error("{} holds no badges yet: begin with `aislecast enroll broker`", .0.display())]
    Nothing(PathBuf),
    /// Another shop's.
    #[error("{} holds the badges of {theirs}, and these are the files of {ours}", .dir.display())]
    OtherShop {
        /// The folder.
        dir: PathBuf,
        /// Whose badges lie there.
        theirs: String,
        /// Whose files were given.
        ours: String,
    },
    /// Two at a time.
    #[error("somebody else is giving out badges in {} right now", .0.display())]
    Busy(PathBuf),
    /// Damaged or edited by hand.
    #[error("{} cannot be read: {why}; bring it back from a backup", .file.display())]
    Damaged {
        /// The file.
        file: PathBuf,
        /// What is wrong with it.
        why: serde_json::Error,
    },
    /// Certificates.
    #[error(transparent)]
    Certificate(#[from] CertificateError),
    /// The disk says no.
    #[error("failed to work in {}: {why}", .dir.display())]
    Disk {
        /// The folder.
        dir: PathBuf,
        /// Why.
        why: io::Error,
    },
}

/// A folder in which nobody else works meanwhile.
#[derive(Debug)]
pub struct Folder {
    dir: PathBuf,
    group: Option<u32>,
    _lock: File,
}

impl Folder {
    /// Makes it if need be, and keeps everybody else out.
    pub fn make(dir: &Path) -> Result<Self, FolderError> {
        let made = fs::create_dir_all(dir.join("credentials"));
        made.map_err(|why| disk(dir, why))?;
        Self::open(dir)
    }

    /// Keeps everybody else out.
    pub fn open(dir: &Path) -> Result<Self, FolderError> {
        let failed = |why: io::Error| match why.kind() {
            io::ErrorKind::NotFound => FolderError::Nothing(dir.to_owned()),
            _ => disk(dir, why),
        };
        // mosquitto needs the whole path, wherever it is started.
        let dir = fs::canonicalize(dir).map_err(failed)?;
        let lock = File::open(&dir).map_err(failed)?;
        rustix::fs::flock(&lock, FlockOperation::NonBlockingLockExclusive)
            .map_err(|_| FolderError::Busy(dir.clone()))?;
        let folder = Self {
            group: broker_group(),
            dir,
            _lock: lock,
        };
        folder.admit(&folder.dir, 0o750).map_err(failed)?;
        let credentials = fs::Permissions::from_mode(0o700);
        fs::set_permissions(folder.dir.join("credentials"), credentials).map_err(failed)?;
        Ok(folder)
    }

    /// Where it is.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// The list of a shop; `None` where nobody has begun one.
    pub fn book(&self, store: &str) -> Result<Option<Book>, FolderError> {
        let file = self.dir.join("enrolled.json");
        let bytes = match fs::metadata(&file) {
            Err(why) if why.kind() == io::ErrorKind::NotFound => return Ok(None),
            Ok(found) if found.len() > BOOK_BYTES_MAX => {
                return Err(self.disk(io::Error::other("enrolled.json is too long")));
            }
            Ok(_) | Err(_) => fs::read(&file).map_err(|why| self.disk(why))?,
        };
        let book: Book =
            serde_json::from_slice(&bytes).map_err(|why| FolderError::Damaged { file, why })?;
        if book.store != store {
            return Err(FolderError::OtherShop {
                dir: self.dir.clone(),
                theirs: book.store,
                ours: store.to_owned(),
            });
        }
        Ok(Some(book))
    }

    /// Makes the broker's certificate, and the authority's before the first one.
    pub fn certify(&self, book: &Book, this_year: i32) -> Result<(), FolderError> {
        let authority = self.authority(&book.store, this_year)?;
        let issued = authority.issue(&book.listeners.hosts, this_year)?;
        self.write_for_broker("broker.key", &issued.key)?;
        self.write_for_broker("broker.pem", &issued.certificate)
    }

    fn authority(&self, store: &str, this_year: i32) -> Result<Authority, FolderError> {
        match fs::read_to_string(self.dir.join("authority.key")) {
            Ok(text) => return Ok(Authority::of_key(store, &text)?),
            Err(why) if why.kind() == io::ErrorKind::NotFound => {}
            Err(why) => return Err(self.disk(why)),
        }
        let drawn = Authority::draw(store)?;
        let own = drawn.own(this_year)?;
        self.write_for_all("authority.pem", &own.certificate)?;
        // Last: an authority without its certificate would be of use to nobody.
        self.write("authority.key", &own.key)?;
        Ok(drawn)
    }

    /// Writes the list, and what the broker reads of it. The list comes last: a
    /// power cut in between leaves a broker that knows more than the list, and the
    /// same command again sets that right.
    pub fn keep(&self, book: &Book, grants: &[(&Badge, Grants)]) -> Result<(), FolderError> {
        let grants = grants
            .iter()
            .map(|(badge, grants)| (badge.user.as_str(), grants));
        self.write_for_broker("topics", &mosquitto::access_list(grants))?;
        self.write_for_broker("passwords", &mosquitto::passwords(book.badges()))?;
        let settings = mosquitto::settings(&book.listeners, &self.dir);
        self.write_for_broker("aislecast.conf", &settings)?;
        let text = serde_json::to_string_pretty(book).expect("names and numbers are JSON");
        self.write("enrolled.json", &text)
    }

    /// Lays a password where whoever sets up the device finds it.
    pub fn lay_down(&self, user: &str, password: &Password) -> Result<PathBuf, FolderError> {
        let name = format!("credentials/{user}");
        self.write(&name, &format!("{}\n", password.reveal()))?;
        Ok(self.dir.join(name))
    }

    /// Takes a password away that nobody is to use any more.
    pub fn take_away(&self, user: &str) -> Result<(), FolderError> {
        match fs::remove_file(self.dir.join("credentials").join(user)) {
            Err(why) if why.kind() != io::ErrorKind::NotFound => Err(self.disk(why)),
            _ => Ok(()),
        }
    }

    /// By its owner alone.
    fn write(&self, name: &str, text: &str) -> Result<(), FolderError> {
        write_durably(&self.dir.join(name), text.as_bytes()).map_err(|why| self.disk(why))
    }

    fn write_for_broker(&self, name: &str, text: &str) -> Result<(), FolderError> {
        self.write(name, text)?;
        let admitted = self.admit(&self.dir.join(name), 0o640);
        admitted.map_err(|why| self.disk(why))
    }

    fn write_for_all(&self, name: &str, text: &str) -> Result<(), FolderError> {
        self.write(name, text)?;
        let mode = fs::Permissions::from_mode(0o644);
        fs::set_permissions(self.dir.join(name), mode).map_err(|why| self.disk(why))
    }

    /// Lets the broker's group in. Where there is none, or where we are not the
    /// one to say so, whoever starts the broker sees to it.
    fn admit(&self, path: &Path, mode: u32) -> io::Result<()> {
        if let Some(group) = self.group
            && let Err(why) = chown(path, None, Some(group))
            && why.kind() != io::ErrorKind::PermissionDenied
        {
            return Err(why);
        }
        fs::set_permissions(path, fs::Permissions::from_mode(mode))
    }

    fn disk(&self, why: io::Error) -> FolderError {
        disk(&self.dir, why)
    }
}

fn disk(dir: &Path, why: io::Error) -> FolderError {
    FolderError::Disk {
        dir: dir.to_owned(),
        why,
    }
}

/// Number of the group of Debian's mosquitto, by `group(5)`.
fn broker_group() -> Option<u32> {
    let groups = fs::read_to_string("/etc/group").ok()?;
    groups.lines().find_map(|line| {
        let mut fields = line.split(':');
        (fields.next()? == BROKER_GROUP).then(|| fields.nth(1)?.parse().ok())?
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::badge::Listeners;

    fn book() -> Book {
        Book::new("quan-1", Listeners::default())
    }

    #[test]
    fn a_folder_keeps_its_list_and_refuses_another_shops() {
        let dir = tempfile::tempdir().unwrap();
        let nothing = Folder::open(&dir.path().join("not-there"));
        assert!(matches!(nothing, Err(FolderError::Nothing(_))));
        let folder = Folder::make(dir.path()).unwrap();
        assert_eq!(folder.book("quan-1").unwrap(), None);
        folder.keep(&book(), &[]).unwrap();
        assert_eq!(folder.book("quan-1").unwrap(), Some(book()));
        let other = folder.book("quan-2");
        assert!(matches!(other, Err(FolderError::OtherShop { .. })));
        fs::write(dir.path().join("enrolled.json"), "{").unwrap();
        let damaged = folder.book("quan-1");
        assert!(matches!(damaged, Err(FolderError::Damaged { .. })));
    }

    #[test]
    fn one_at_a_time() {
        let dir = tempfile::tempdir().unwrap();
        let _first = Folder::make(dir.path()).unwrap();
        let second = Folder::open(dir.path());
        assert!(matches!(second, Err(FolderError::Busy(_))));
    }

    #[test]
    fn keys_and_passwords_are_for_one_pair_of_eyes() {
        let dir = tempfile::tempdir().unwrap();
        let folder = Folder::make(dir.path()).unwrap();
        folder.certify(&book(), 2026).unwrap();
        let authority = fs::read(dir.path().join("authority.pem")).unwrap();
        folder.keep(&book(), &[]).unwrap();
        let password = Password::draw().unwrap();
        let at = folder.lay_down("scanner-s-1", &password).unwrap();
        let mode = |name: &str| {
            let found = fs::metadata(dir.path().join(name)).unwrap();
            found.permissions().mode() & 0o777
        };
        for (name, expected) in [
            ("authority.key", 0o600),
            ("authority.pem", 0o644),
            ("broker.key", 0o640),
            ("passwords", 0o640),
            ("topics", 0o640),
            ("enrolled.json", 0o600),
            ("credentials", 0o700),
            ("credentials/scanner-s-1", 0o600),
        ] {
            assert_eq!(mode(name), expected, "{name}");
        }
        folder.take_away("scanner-s-1").unwrap();
        assert!(!at.exists());
        // A renewed certificate comes from the same authority.
        folder.certify(&book(), 2026).unwrap();
        assert_eq!(
            fs::read(dir.path().join("authority.pem")).unwrap(),
            authority
        );
    }
}
