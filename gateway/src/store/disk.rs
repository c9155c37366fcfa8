//! Files that are wholly there or not at all, one gateway per folder, and a
//! file to give up when the disk is full.

use rustix::{
    fs::{FallocateFlags, FlockOperation},
    io::Errno,
};
use std::{
    fs::{self, DirBuilder, File, OpenOptions},
    io::{self, BufWriter, Read as _, Write as _},
    os::unix::fs::{DirBuilderExt as _, MetadataExt as _, OpenOptionsExt as _},
    path::{Path, PathBuf},
};

/// Makes a file's name, its renaming or its removal survive a power cut: those
/// live in the folder, and syncing the file alone does not write them.
pub(crate) fn sync_dir(dir: &Path) -> io::Result<()> {
    File::open(dir)?.sync_all()
}

/// Makes a folder, and those that it is to lie in, for the gateway's user alone. Those
/// that are there stay as they are.
pub(super) fn make_folder(path: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(path)
}

/// An empty file, readable by the gateway's user alone.
pub(super) fn create(path: &Path) -> io::Result<File> {
    OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(path)
}

/// Makes what was written durable; its name is not.
pub(super) fn finish(file: BufWriter<File>) -> io::Result<()> {
    let file = file.into_inner().map_err(io::IntoInnerError::into_error)?;
    file.sync_all()
}

/// Replaces a file as a whole, readable by the gateway's user alone.
pub(crate) fn write_durably(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let beside = path.with_extension("tmp");
    let mut file = create(&beside)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&beside, path)?;
    sync_dir(path.parent().unwrap_or(Path::new(".")))
}

/// Held as long as a gateway works in a folder; the kernel lets go of it
/// however the process ends.
#[derive(Debug)]
pub(super) struct Lock {
    _file: File,
}

impl Lock {
    /// `None` when another process works in this folder.
    pub(super) fn take(dir: &Path) -> io::Result<Option<Self>> {
        let file = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(dir.join("lock"))?;
        match rustix::fs::flock(&file, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => Ok(Some(Self { _file: file })),
            Err(Errno::WOULDBLOCK) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }
}

/// Room on the disk that nobody uses until it is needed. sled does not even
/// open on a full disk, and a ledger that cannot grow cannot take a consent back.
#[derive(Debug)]
pub(super) struct Ballast {
    path: PathBuf,
    bytes: u64,
}

/// With less than this left a disk is as good as full, bytes.
const SHORT: u64 = 1 << 20;
/// With so much left beside it the ballast is set aside again, bytes: more than what makes
/// a disk short, or the least change would have it come and go.
const ENOUGH: u64 = 2 * SHORT;

impl Ballast {
    pub(super) fn new(dir: &Path, bytes: u64) -> Self {
        let path = dir.join("ballast");
        Self { path, bytes }
    }

    /// Whether the disk has next to no room left for this user. Nobody knows: it has.
    pub(super) fn is_disk_short(&self) -> bool {
        self.free().is_some_and(|free| free < SHORT)
    }

    fn free(&self) -> Option<u64> {
        let disk = rustix::fs::statvfs(self.path.parent()?).ok()?;
        // As `df` has it. Some of what is free besides is for root, and some for nobody:
        // ext4 keeps 4,096 blocks for itself, and counts them as free.
        let available = disk.f_bavail.saturating_mul(disk.f_frsize);
        // Some file systems do not say how large they are.
        (disk.f_blocks > 0).then_some(available)
    }

    /// Whether the room is set aside, or none is wanted.
    pub(super) fn is_kept(&self) -> bool {
        self.bytes == 0 || fs::metadata(&self.path).is_ok_and(|m| m.len() >= self.bytes)
    }

    /// Sets the room aside if it is not, and enough is left then. Says whether it is there.
    pub(super) fn keep(&self) -> bool {
        if self.is_kept() {
            return true;
        }
        if self.free().is_some_and(|free| free < self.bytes + ENOUGH) {
            return false;
        }
        let kept = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(&self.path)
            .and_then(|mut file| {
                match rustix::fs::fallocate(&file, FallocateFlags::empty(), 0, self.bytes) {
                    // Some file systems, ext3 among them, know no such thing.
                    Err(Errno::OPNOTSUPP) => {
                        io::copy(&mut io::repeat(0).take(self.bytes), &mut file).map(drop)
                    }
                    set_aside => set_aside.map_err(io::Error::from),
                }?;
                file.sync_all()
            })
            .is_ok();
        if !kept {
            self.release();
        }
        kept
    }

    /// Gives the room up. Says whether there was any.
    pub(super) fn release(&self) -> bool {
        fs::remove_file(&self.path).is_ok()
    }
}

/// Sees to it that a file has blocks behind its end, `bytes` of them or at least half:
/// nobody else can take them, and the file grows into them on a disk that is full.
/// Says whether it has.
pub(super) fn keep_ahead(file: &File, bytes: u64) -> io::Result<bool> {
    let metadata = file.metadata()?;
    let end = metadata.len();
    // `st_blocks` counts pieces of 512 bytes, whatever the file system's are.
    let ahead = (metadata.blocks() * 512).saturating_sub(end);
    if ahead >= bytes / 2 {
        return Ok(true);
    }
    match rustix::fs::fallocate(file, FallocateFlags::KEEP_SIZE, end, bytes) {
        Err(error) if is_full(&error.into()) => Ok(false),
        // Some file systems know no such thing; then there is nothing to wait for.
        _ => Ok(true),
    }
}

/// Whether an error says that the disk, or our share of it, is full.
pub(super) fn is_full(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_has_one_gateway_and_is_free_again_after_it() {
        let dir = tempfile::tempdir().unwrap();
        let first = Lock::take(dir.path()).unwrap();
        assert!(first.is_some());
        assert!(Lock::take(dir.path()).unwrap().is_none());
        drop(first);
        assert!(Lock::take(dir.path()).unwrap().is_some());
    }

    #[test]
    fn a_file_grows_into_what_was_kept_ahead_of_it() {
        let mut file = tempfile::tempfile().unwrap();
        for more in [100, 500 << 10, 100 << 10] {
            file.write_all(&vec![1; more]).unwrap();
            let before = file.metadata().unwrap();
            assert!(keep_ahead(&file, 1 << 20).unwrap());
            let after = file.metadata().unwrap();
            assert_eq!(after.len(), before.len());
            let ahead = after.blocks() * 512 - after.len();
            assert!(ahead >= 512 << 10, "{ahead} after {more} more");
        }
    }

    #[test]
    fn ballast_takes_its_room_and_gives_it_up_once() {
        let dir = tempfile::tempdir().unwrap();
        let ballast = Ballast::new(dir.path(), 8192);
        assert!(ballast.keep());
        assert_eq!(
            fs::metadata(dir.path().join("ballast")).unwrap().len(),
            8192
        );
        assert!(ballast.release());
        assert!(!ballast.release());
    }
}
