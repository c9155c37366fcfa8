//! Who did what, when, and from where: one JSON object a line, for the owner of
//! the shop. Says nothing about shoppers: routes are noted as they are spelled in
//! the API's document, never with what was filled in.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::{
    collections::BTreeMap,
    fs::{self, File, OpenOptions},
    io::{self, Write as _},
    net::IpAddr,
    os::unix::fs::{FileExt as _, OpenOptionsExt as _},
    path::{Path, PathBuf},
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

/// A file is put aside when it has grown to this: some 6,000 lines.
const BYTES_MAX: u64 = 1 << 20;
/// Files put aside. With the one being written, months of an ordinary shop.
const OLD_MAX: u32 = 4;
/// Lines an hour about what somebody was refused. More are counted: nobody pushes
/// what was done out of the log with what was not.
const REFUSED_MAX: u32 = 60;
const HOUR: Duration = Duration::from_hours(1);
/// People, tokens and screens whose refusals are counted at a time; more than a shop
/// has.
const REFUSED_WHO_MAX: usize = 256;

/// One line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deed {
    /// When, by the wall clock.
    pub at: String,
    /// Who: the name of an account or token, or what somebody is.
    pub who: String,
    /// From which address; nothing for commands on the gateway itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<IpAddr>,
    /// What.
    pub what: String,
    /// What became of it.
    pub how: String,
}

/// The log.
#[derive(Debug)]
pub struct Audit {
    dir: PathBuf,
    writing: Mutex<BTreeMap<String, Refused>>,
    lost: AtomicU64,
}

/// What somebody was refused since when.
#[derive(Debug)]
struct Refused {
    since: Instant,
    times: u32,
}

impl Audit {
    /// In this folder.
    pub fn new(dir: &Path) -> Self {
        Self {
            dir: dir.to_owned(),
            writing: Mutex::default(),
            lost: AtomicU64::new(0),
        }
    }

    /// Notes something. What cannot be written is counted: a full disk must not
    /// keep an operator out of the house. So is what one is refused more than sixty
    /// times an hour.
    pub fn note(&self, who: &str, from: Option<IpAddr>, what: &str, how: &str) {
        self.note_at(Instant::now(), who, from, what, how);
    }

    fn note_at(&self, now: Instant, who: &str, from: Option<IpAddr>, what: &str, how: &str) {
        let mut refused = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        if !is_refused(how) {
            self.put(who, from, what, how);
            return;
        }
        let (before, times) = count(&mut refused, now, who);
        if before > REFUSED_MAX {
            let more = format!("{} more times", before - REFUSED_MAX);
            self.put(who, None, "refused in an hour", &more);
        }
        if times <= REFUSED_MAX {
            self.put(who, from, what, how);
        }
        if times == REFUSED_MAX {
            self.put(who, from, "refused too often", "only counted for an hour");
        }
    }

    fn put(&self, who: &str, from: Option<IpAddr>, what: &str, how: &str) {
        let deed = Deed {
            at: Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
            who: who.to_owned(),
            from,
            what: what.to_owned(),
            how: how.to_owned(),
        };
        if let Err(error) = self.write(&deed)
            && self.lost.fetch_add(1, Ordering::Relaxed) == 0
        {
            tracing::warn!(%error, "failed to write the audit log; what is lost is counted");
        }
    }

    /// Lines that could not be written, since start.
    pub fn lost(&self) -> u64 {
        self.lost.load(Ordering::Relaxed)
    }

    /// The newest so many, newest first.
    pub fn newest(&self, count: usize) -> io::Result<Vec<Deed>> {
        let mut found = Vec::new();
        for number in 0..=OLD_MAX {
            let bytes = match fs::read(self.file(number)) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                read => read?,
            };
            // A line that a power cut has torn, or the disk spoilt, is passed over.
            let lines = bytes.rsplit(|byte| *byte == b'\n');
            let deeds = lines.filter_map(|line| serde_json::from_slice(line).ok());
            found.extend(deeds.take(count - found.len()));
            if found.len() >= count {
                break;
            }
        }
        Ok(found)
    }

    fn write(&self, deed: &Deed) -> io::Result<()> {
        let path = self.file(0);
        if fs::metadata(&path).is_ok_and(|found| found.len() >= BYTES_MAX) {
            for number in (0..OLD_MAX).rev() {
                match fs::rename(self.file(number), self.file(number + 1)) {
                    Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                    _ => {}
                }
            }
        }
        let mut options = OpenOptions::new();
        options.read(true).append(true).create(true).mode(0o600);
        let mut file = options.open(&path)?;
        let mut line = serde_json::to_vec(deed).expect("words are JSON");
        if is_torn(&file)? {
            line.insert(0, b'\n');
        }
        line.push(b'\n');
        file.write_all(&line)
    }

    fn file(&self, number: u32) -> PathBuf {
        self.dir.join(match number {
            0 => "audit.jsonl".to_owned(),
            n => format!("audit.{n}.jsonl"),
        })
    }
}

/// Whether a file ends within a line: the power failed, or the disk was full.
fn is_torn(file: &File) -> io::Result<bool> {
    let Some(last) = file.metadata()?.len().checked_sub(1) else {
        return Ok(false);
    };
    let mut byte = [0];
    file.read_exact_at(&mut byte, last)?;
    Ok(byte != *b"\n")
}

/// Whether nothing came of it, for reasons of whoever asked.
fn is_refused(how: &str) -> bool {
    how == "refused" || (how.len() == 3 && how.starts_with('4'))
}

/// Counts one more. How often it was in an hour that is over, if one is, and in
/// this one.
fn count(refused: &mut BTreeMap<String, Refused>, now: Instant, who: &str) -> (u32, u32) {
    if refused.len() >= REFUSED_WHO_MAX {
        refused.retain(|_, one| now.duration_since(one.since) < HOUR);
    }
    let fresh = Refused {
        since: now,
        times: 0,
    };
    let Some(one) = refused.get_mut(who) else {
        if refused.len() < REFUSED_WHO_MAX {
            refused.insert(who.to_owned(), Refused { times: 1, ..fresh });
        }
        return (0, 1);
    };
    let mut before = 0;
    if now.duration_since(one.since) >= HOUR {
        before = std::mem::replace(one, fresh).times;
    }
    one.times = one.times.saturating_add(1);
    (before, one.times)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt as _;

    #[test]
    fn the_newest_comes_first_and_only_the_owner_may_read() {
        let dir = tempfile::tempdir().unwrap();
        let audit = Audit::new(dir.path());
        assert_eq!(audit.newest(10).unwrap(), []);
        let here = "10.0.0.7".parse().ok();
        for n in 0..5 {
            audit.note("mai", here, &format!("deed {n}"), "done");
        }
        let newest = audit.newest(2).unwrap();
        assert_eq!(newest[0].what, "deed 4");
        assert_eq!((newest.len(), newest[1].from), (2, here));
        let mode = fs::metadata(audit.file(0)).unwrap().permissions().mode();
        assert_eq!((mode & 0o777, audit.lost()), (0o600, 0));
    }

    #[test]
    fn files_that_grow_are_put_aside_and_the_oldest_goes() {
        let dir = tempfile::tempdir().unwrap();
        let audit = Audit::new(dir.path());
        let long = "x".repeat(BYTES_MAX as usize / 2);
        for n in 0..20 {
            audit.note("mai", None, &format!("{n} {long}"), "done");
        }
        let files = fs::read_dir(dir.path()).unwrap().count();
        assert_eq!(files, OLD_MAX as usize + 1);
        let all = audit.newest(100).unwrap();
        assert!(all[0].what.starts_with("19 ") && all.len() < 16);
        // Cut off in the middle of a line: the others are still read.
        fs::write(audit.file(0), "{\"at\":\"2026").unwrap();
        assert_eq!(audit.newest(1).unwrap().len(), 1);
    }

    #[test]
    fn a_line_that_the_disk_spoilt_takes_no_other_along() {
        let dir = tempfile::tempdir().unwrap();
        let audit = Audit::new(dir.path());
        let note = |what: &str| audit.note("mai", None, what, "done");
        let told = || {
            let deeds = audit.newest(10).unwrap().into_iter();
            deeds.map(|deed| deed.what).collect::<Vec<_>>()
        };
        note("first");
        note("second");
        let mut bytes = fs::read(audit.file(0)).unwrap();
        let at = bytes.len() - 10;
        bytes[at] = 0xFF;
        // The power failed within the next line.
        bytes.extend_from_slice(b"{\"at\":\"2026");
        fs::write(audit.file(0), &bytes).unwrap();
        assert_eq!(told(), ["first"]);
        note("third");
        note("fourth");
        assert_eq!(told(), ["fourth", "third", "first"]);
        let text = fs::read(audit.file(0)).unwrap();
        let is_blank = |pair: &[u8]| pair == b"\n\n";
        assert!(!text.windows(2).any(is_blank), "a line a deed");
    }

    #[test]
    fn refusals_push_nothing_out_of_the_log() {
        let dir = tempfile::tempdir().unwrap();
        let audit = Audit::new(dir.path());
        let (begun, from) = (Instant::now(), "10.0.0.7".parse().ok());
        audit.note_at(begun, "mai", from, "POST /api/v1/offers", "200");
        for n in 0..50_000_u32 {
            let how = ["refused", "400"][n as usize % 2];
            audit.note_at(begun, "lan", from, &format!("POST /{}", n % 97), how);
        }
        let all = audit.newest(1_000).unwrap();
        assert_eq!(all.len(), 1 + REFUSED_MAX as usize + 1);
        assert_eq!(all[0].what, "refused too often");
        assert_eq!(all[all.len() - 1].who, "mai");
        // What somebody does is noted all the while, and later what was only counted.
        audit.note_at(begun, "lan", from, "POST /logout", "204");
        audit.note_at(begun + HOUR, "lan", from, "GET /users", "refused");
        let told: Vec<_> = audit.newest(3).unwrap();
        let told: Vec<&str> = told.iter().map(|deed| deed.how.as_str()).collect();
        assert_eq!(told, ["refused", "49940 more times", "204"]);
    }

    #[test]
    fn what_cannot_be_written_is_counted() {
        let audit = Audit::new(Path::new("/nowhere/at/all"));
        audit.note("mai", None, "something", "done");
        assert_eq!(audit.lost(), 1);
    }
}
