//! From whatever lies on the disk to a cache that can be used. Every step
//! down loses less than not starting would.
//!
//! 1. sweep what sled trips over, check in another process, open;
//! 2. drop sled's snapshots and try again;
//! 3. put the cache aside and rebuild it from the ledger;
//! 4. go on without a cache: nobody has a profile, so nobody is shown a
//!    personal offer, and consents are still taken and taken back.

use super::{
    cache::{Cache, CacheError, Shelf, remove_all_snapshots, sweep},
    disk::is_full,
};
use rustix::process::Signal;
use std::{
    io,
    panic::{AssertUnwindSafe, catch_unwind},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

/// Longest check. A scan of 250,000 profiles takes seconds on a slow card; a
/// check that hangs in one of sled's own threads takes for ever.
const CHECK_MAX: Duration = Duration::from_secs(20);

/// How a cache is checked before this process opens it.
#[derive(Debug, Clone)]
pub enum Check {
    /// By this program, called as `store check-cache DIR`: opening a damaged
    /// sled can panic in threads of its own, hang, or take all memory.
    Child(PathBuf),
    /// In this process, for whoever is such a child.
    Here,
}

/// Where the ladder ended.
#[derive(Debug)]
pub(super) struct Landing {
    pub(super) cache: Option<Cache>,
    /// Which step was needed, in words, if any.
    pub(super) note: Option<String>,
}

/// Finds a cache to work with.
pub(super) fn climb(shelf: &Shelf, cache_bytes: u64, check: &Check) -> Landing {
    let (reason, aside) = match shelf.current() {
        Ok(Some(dir)) => match mend(shelf, &dir, cache_bytes, check) {
            Ok((cache, note)) => {
                return Landing {
                    cache: Some(cache),
                    note: note.map(str::to_owned),
                };
            }
            Err(error) => {
                let aside = shelf.quarantine(&dir);
                (Some(error), aside)
            }
        },
        Ok(None) => (None, Ok(())),
        Err(error) => (Some(error.to_string()), Ok(())),
    };
    let fresh = aside.map_err(CacheError::from).and_then(|()| {
        let cache = shelf.begin(cache_bytes)?;
        cache.sync()?;
        shelf.install(&cache)?;
        Ok(cache)
    });
    match (fresh, reason) {
        (Ok(cache), reason) => Landing {
            cache: Some(cache),
            note: reason.map(|reason| {
                format!(
                    "the cache was damaged ({reason}) and is rebuilt from the ledger: import the profiles again"
                )
            }),
        },
        (Err(error), _) => Landing {
            cache: None,
            note: Some(format!(
                "running without a cache ({error}): no profiles, so no personal offers"
            )),
        },
    }
}

/// Opens the cache in use if it is sound, and mends nothing.
pub(super) fn climb_only_to_look(
    shelf: &Shelf,
    cache_bytes: u64,
    check: &Check,
) -> Result<Option<Cache>, String> {
    match shelf.in_use() {
        Some(dir) => checked_open(shelf, &dir, cache_bytes, check).map(Some),
        None => Ok(None),
    }
}

fn mend(
    shelf: &Shelf,
    dir: &Path,
    cache_bytes: u64,
    check: &Check,
) -> Result<(Cache, Option<&'static str>), String> {
    let swept = sweep(dir).map_err(|e| e.to_string())?;
    let note = swept.then_some("an unfinished snapshot of the cache was removed");
    match checked_open(shelf, dir, cache_bytes, check) {
        Ok(cache) => Ok((cache, note)),
        Err(first) => {
            let any = remove_all_snapshots(dir).map_err(|e| e.to_string())?;
            if !any {
                return Err(first);
            }
            let cache = checked_open(shelf, dir, cache_bytes, check)?;
            Ok((cache, Some("damaged snapshots of the cache were removed")))
        }
    }
}

fn checked_open(
    shelf: &Shelf,
    dir: &Path,
    cache_bytes: u64,
    check: &Check,
) -> Result<Cache, String> {
    match check {
        Check::Child(program) => check_in_child(program, dir)?,
        Check::Here => check_here(dir, cache_bytes)?,
    }
    // What the check has passed can still panic here, for instance when the
    // disk is full, which is no reason to stop taking withdrawals.
    catch_unwind(AssertUnwindSafe(|| shelf.open(dir, cache_bytes)))
        .map_err(|_| "opening it panics".to_owned())?
        .map_err(|e| e.to_string())
}

/// Opens and reads the whole cache in this process.
pub(super) fn check_here(dir: &Path, cache_bytes: u64) -> Result<(), String> {
    catch_unwind(AssertUnwindSafe(|| {
        Cache::open(dir, cache_bytes)?.scan().map(drop)
    }))
    .map_err(|_| "reading it panics".to_owned())?
    .map_err(|e| e.to_string())
}

fn check_in_child(program: &Path, dir: &Path) -> Result<(), String> {
    let mut child = Command::new(program)
        .args(["store", "check-cache"])
        .arg(dir)
        .args(["--starting", &std::process::id().to_string()])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|e| format!("the check does not start: {e}"))?;
    let deadline = Instant::now() + CHECK_MAX;
    loop {
        match child.try_wait() {
            Ok(Some(status)) if status.success() => return Ok(()),
            Ok(Some(status)) => return Err(format!("its check failed with {status}")),
            Ok(None) if Instant::now() < deadline => thread::sleep(Duration::from_millis(5)),
            Ok(None) => {
                give_up_on(&mut child);
                return Err(format!("its check took longer than {CHECK_MAX:?}"));
            }
            Err(error) => {
                give_up_on(&mut child);
                return Err(error.to_string());
            }
        }
    }
}

/// In a check: ends when the start that waits for it is killed. Left over, it would
/// hold sled's lock, and the next start would take the cache for damaged and put
/// it aside with all its profiles.
pub fn end_with(parent: u32) -> io::Result<()> {
    rustix::process::set_parent_process_death_signal(Some(Signal::KILL))?;
    // It may have been killed before that.
    let by = rustix::process::getppid().map(|id| id.as_raw_nonzero().get() as u32);
    if by == Some(parent) {
        Ok(())
    } else {
        Err(io::Error::other("whoever started this check is gone"))
    }
}

fn give_up_on(child: &mut std::process::Child) {
    // Either may fail only because the child has just ended by itself.
    let _ = child.kill();
    let _ = child.wait();
}

/// Whether the disk has no room for a start: sled does not even open then.
pub(super) fn disk_is_full(dir: &Path) -> bool {
    let probe = dir.join("probe.tmp");
    let written = std::fs::write(&probe, [0x55; 4096]);
    let _ = std::fs::remove_file(&probe);
    written.is_err_and(|error: io::Error| is_full(&error))
}
