//! A disk whose power can be cut: ext4 in a file on btrfs in memory.
//!
//! `cp --reflink=always` of that file is one moment of it: every block that was
//! written so far, and nothing that waits in the page cache of the ext4 above. To
//! mount the copy is to switch the machine on again. It is kinder than real
//! disks, which tear sectors and lie about flushes: what is lost here, is lost.
//!
//! It needs root, loop devices and mkfs.btrfs; where there are none, whoever
//! asks is told so and skips.

use std::{
    ffi::OsStr,
    fs,
    path::{Path, PathBuf},
    process::Command,
};
use tempfile::TempDir;

/// Room for the ext4 and what differs between two moments of it.
const MEMORY: &str = "size=900m";
const BTRFS_BYTES: u64 = 800 << 20;

/// A disk, mounted.
#[derive(Debug)]
pub struct Disk {
    folder: TempDir,
    /// What is mounted, in order.
    mounted: Vec<PathBuf>,
}

impl Disk {
    /// Makes an empty one; `None` where this machine does not let us.
    pub fn new(bytes: u64) -> Option<Self> {
        let folder = tempfile::tempdir().expect("the temporary folder can be written");
        let mut disk = Self {
            folder,
            mounted: Vec::new(),
        };
        match disk.set_up(bytes) {
            Ok(()) => Some(disk),
            Err(why) => {
                eprintln!("SKIPPED: a disk to cut the power of: {why}");
                None
            }
        }
    }

    fn set_up(&mut self, bytes: u64) -> Result<(), String> {
        for name in ["memory", "btrfs", "disk"] {
            let made = fs::create_dir(self.folder.path().join(name));
            made.map_err(|why| why.to_string())?;
        }
        let (memory, btrfs) = (self.path("memory"), self.path("btrfs"));
        self.mount("memory", &["-t", "tmpfs", "-o", MEMORY, "none"])?;
        let base = memory.join("base");
        let made = fs::File::create(&base).and_then(|file| file.set_len(BTRFS_BYTES));
        made.map_err(|why| why.to_string())?;
        run("mkfs.btrfs", [OsStr::new("-q"), base.as_os_str()])?;
        self.mount("btrfs", &["-o", "loop", &base.display().to_string()])?;
        let image = btrfs.join("image");
        let made = fs::File::create(&image).and_then(|file| file.set_len(bytes));
        made.map_err(|why| why.to_string())?;
        // By itself it takes smaller blocks for a disk as small as this.
        let words = ["-q", "-b", "4096"].map(OsStr::new);
        run("mkfs.ext4", words.into_iter().chain([image.as_os_str()]))?;
        self.switch_on()
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Where it is mounted.
    pub fn at(&self) -> PathBuf {
        self.path("disk")
    }

    /// Holds this moment of it, while whoever writes to it goes on.
    pub fn cut(&self) {
        let (image, moment) = (self.path("btrfs/image"), self.path("btrfs/moment"));
        let copied = run(
            "cp",
            [
                OsStr::new("--reflink=always"),
                image.as_os_str(),
                moment.as_os_str(),
            ],
        );
        copied.expect("btrfs copies by reference");
    }

    /// Switches the machine on again at the moment that was held. Whoever wrote to
    /// it must have ended.
    pub fn restore(&mut self) {
        self.unmount();
        let (image, moment) = (self.path("btrfs/image"), self.path("btrfs/moment"));
        fs::rename(moment, image).expect("the power was cut before");
        self.switch_on().expect("it was mounted before");
    }

    fn switch_on(&mut self) -> Result<(), String> {
        let image = self.path("btrfs/image").display().to_string();
        self.mount("disk", &["-o", "loop", &image])
    }

    fn mount(&mut self, name: &str, arguments: &[&str]) -> Result<(), String> {
        let at = self.path(name);
        let words = arguments.iter().map(OsStr::new);
        run("mount", words.chain([at.as_os_str()]))?;
        self.mounted.push(at);
        Ok(())
    }

    /// Unmounts what was mounted last.
    fn unmount(&mut self) {
        if let Some(last) = self.mounted.pop() {
            run("umount", [last.as_os_str()]).expect("nobody works in it any more");
        }
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        while let Some(last) = self.mounted.pop() {
            // A test that fails may leave a gateway in it: then it goes with that.
            let _ = run("umount", [OsStr::new("--lazy"), last.as_os_str()]);
        }
    }
}

fn run<'w>(program: &str, words: impl IntoIterator<Item = &'w OsStr>) -> Result<(), String> {
    let output = Command::new(found(program)).args(words).output();
    let output = output.map_err(|why| format!("{program}: {why}"))?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(format!("{program}: {}", said.trim_end()))
}

/// Debian keeps these where only root looks.
fn found(program: &str) -> PathBuf {
    let known = ["/usr/sbin", "/sbin"];
    let known = known.iter().map(|dir| Path::new(dir).join(program));
    let mut known = known.filter(|path| path.is_file());
    known.next().unwrap_or_else(|| program.into())
}
