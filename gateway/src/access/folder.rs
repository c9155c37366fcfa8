//! The register on the disk: one file that is replaced as a whole. The running
//! gateway and commands beside it both change it, one at a time, and each sees
//! what the other wrote.

use super::{Key, KeyHash, Opens, Register, RegisterError, key};
use crate::{owner, store::write_durably};
use rustix::{fs::FlockOperation, time::ClockId};
use std::{
    fs::{self, File, Metadata, OpenOptions},
    io,
    os::unix::fs::{DirBuilderExt as _, MetadataExt as _, OpenOptionsExt as _},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

/// Largest register, bytes: hundreds of entries with a few hundred bytes each.
const BYTES_MAX: u64 = 1 << 20;

/// Why the register cannot be read or changed.
#[derive(Debug, thiserror::Error)]
pub enum AccessError {
    /// Damaged, or written by a newer version.
    #[error("failed to read {}: {why}; bring it back from a backup, or remove it and begin anew with `aislecast account code`", .file.display())]
    Damaged {
        /// The file.
        file: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// The disk says no.
    #[error("failed to work in {}: {why}", .dir.display())]
    Disk {
        /// The folder.
        dir: PathBuf,
        /// Why.
        why: io::Error,
    },
    /// What was asked for cannot be.
    #[error(transparent)]
    Refused(#[from] RegisterError),
    /// The system has no randomness to give.
    #[error("failed to draw a random number from the system: {0}")]
    Entropy(#[from] getrandom::Error),
}

/// Tells one file from the one that took its place.
type Stamp = (u64, i64, i64, u64);

/// `access` in the data folder.
#[derive(Debug)]
pub struct Folder {
    dir: PathBuf,
    known: Mutex<(Option<Stamp>, Arc<Register>)>,
}

impl Folder {
    /// Makes it if need be.
    pub fn open(data: &Path) -> Result<Self, AccessError> {
        let dir = data.join("access");
        let made = fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(&dir);
        made.map_err(|why| disk(&dir, why))?;
        Ok(Self {
            dir,
            known: Mutex::default(),
        })
    }

    /// Where it is.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// As it is now, whoever changed it.
    pub fn register(&self) -> Result<Arc<Register>, AccessError> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let stamp = match fs::metadata(self.file()) {
            Ok(found) => Some(stamp(&found)),
            Err(why) if why.kind() == io::ErrorKind::NotFound => None,
            Err(why) => return Err(disk(&self.dir, why)),
        };
        if stamp != known.0 {
            *known = (stamp, Arc::new(self.read(stamp)?));
        }
        Ok(Arc::clone(&known.1))
    }

    /// Changes it while nobody else does, and on the disk before this returns.
    pub fn change<T, E>(&self, change: impl FnOnce(&mut Register) -> Result<T, E>) -> Result<T, E>
    where
        E: From<AccessError>,
    {
        let _lock = self.lock()?;
        let mut register = (*self.register()?).clone();
        let before = register.clone();
        let result = change(&mut register)?;
        if register != before {
            let text = serde_json::to_vec_pretty(&register).expect("names and numbers are JSON");
            let written = write_durably(&self.file(), &text).and_then(|()| self.give_away());
            written.map_err(|why| disk(&self.dir, why))?;
        }
        Ok(result)
    }

    /// Draws a code; an earlier one that opens the same is over.
    pub fn draw_code(&self, opens: Opens) -> Result<Key, AccessError> {
        let code = key::one_time_code()?;
        self.change::<_, AccessError>(|register| {
            register.add_code(KeyHash::of_code(code.reveal()), opens, since_boot());
            Ok(())
        })?;
        Ok(code)
    }

    /// What root writes beside a gateway that is somebody else, that somebody must read.
    fn give_away(&self) -> io::Result<()> {
        owner::give_away(&self.dir, self.dir.parent().unwrap_or(&self.dir))
    }

    fn file(&self) -> PathBuf {
        self.dir.join("register.json")
    }

    fn read(&self, stamp: Option<Stamp>) -> Result<Register, AccessError> {
        let file = self.file();
        let damaged = |why: String| AccessError::Damaged {
            file: file.clone(),
            why,
        };
        match stamp {
            None => return Ok(Register::default()),
            Some((_, _, _, bytes)) if bytes > BYTES_MAX => {
                return Err(damaged("it is too long".to_owned()));
            }
            Some(_) => {}
        }
        let bytes = fs::read(&file).map_err(|why| disk(&self.dir, why))?;
        let register: Register =
            serde_json::from_slice(&bytes).map_err(|why| damaged(why.to_string()))?;
        if !register.is_known() {
            return Err(damaged("another version of aislecast wrote it".to_owned()));
        }
        Ok(register)
    }

    fn lock(&self) -> Result<File, AccessError> {
        let lock = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(self.dir.join("lock"))
            .and_then(|file| {
                rustix::fs::flock(&file, FlockOperation::LockExclusive)?;
                Ok(file)
            });
        lock.map_err(|why| disk(&self.dir, why))
    }
}

/// Since this machine was started, in sleep, too. The same for all processes, and
/// nobody can set it.
pub fn since_boot() -> Duration {
    let now = rustix::time::clock_gettime(ClockId::Boottime);
    Duration::new(now.tv_sec as u64, now.tv_nsec as u32)
}

fn stamp(found: &Metadata) -> Stamp {
    (found.ino(), found.mtime(), found.mtime_nsec(), found.len())
}

fn disk(dir: &Path, why: io::Error) -> AccessError {
    AccessError::Disk {
        dir: dir.to_owned(),
        why,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::{Hashed, Role};
    use std::os::unix::fs::PermissionsExt as _;

    fn add(folder: &Folder, name: &str) -> Result<(), AccessError> {
        folder.change(|register| {
            register.add(name, Role::Operator, Hashed::of_nobody(), "2026-11-22")?;
            Ok(())
        })
    }

    #[test]
    fn two_processes_see_what_the_other_wrote_and_lose_nothing() {
        let data = tempfile::tempdir().unwrap();
        let (gateway, command) = (Folder::open(data.path()), Folder::open(data.path()));
        let (gateway, command) = (gateway.unwrap(), command.unwrap());
        add(&gateway, "mai").unwrap();
        add(&command, "lan").unwrap();
        assert!(add(&gateway, "lan").is_err());
        add(&gateway, "anh").unwrap();
        for folder in [gateway, command] {
            let register = folder.register().unwrap();
            let names: Vec<_> = register.accounts().iter().map(|a| &a.name).collect();
            assert_eq!(names, ["mai", "lan", "anh"]);
        }
    }

    #[test]
    fn nobody_else_may_read_it_and_damage_is_said() {
        let data = tempfile::tempdir().unwrap();
        let folder = Folder::open(data.path()).unwrap();
        let code = folder.draw_code(Opens::FirstStart).unwrap();
        let file = folder.file();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&file), mode(folder.dir())), (0o600, 0o700));
        let text = fs::read_to_string(&file).unwrap();
        assert!(!text.contains(code.reveal()));
        let register = folder.register().unwrap();
        let opens = register.opens(code.reveal(), since_boot());
        assert_eq!(opens, Some(&Opens::FirstStart));
        for (spoilt, why) in [
            (&text[..text.len() / 2], "EOF"),
            (
                &text.replace("\"version\": 1", "\"version\": 2"),
                "another version",
            ),
            (&" ".repeat(BYTES_MAX as usize + 1), "too long"),
        ] {
            fs::write(&file, spoilt).unwrap();
            let error = folder.register().unwrap_err().to_string();
            assert!(error.contains(why), "{error}");
        }
    }
}
