//! Whose the files are that commands make beside a gateway.

use std::{
    fs, io,
    os::unix::fs::{MetadataExt as _, lchown},
    path::Path,
};

/// Gives a file, or a folder with all in it, to the owner of `like`, if that is root's
/// to do: what root writes beside a gateway that is somebody else, that somebody must
/// be able to read. No link is followed.
///
/// # Errors
///
/// When something cannot be read or given away.
pub(crate) fn give_away(path: &Path, like: &Path) -> io::Result<()> {
    if !rustix::process::geteuid().is_root() {
        return Ok(());
    }
    let owner = fs::metadata(like)?;
    give(path, (owner.uid(), owner.gid()))
}

fn give(path: &Path, owner: (u32, u32)) -> io::Result<()> {
    if fs::symlink_metadata(path)?.is_dir() {
        for entry in fs::read_dir(path)? {
            give(&entry?.path(), owner)?;
        }
    }
    lchown(path, Some(owner.0), Some(owner.1))
}
