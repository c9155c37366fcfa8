//! The two clocks. Timers use the monotonic one. The date is only believed
//! when something vouches for it, since a Raspberry Pi has no battery clock: it
//! wakes up at the moment it was switched off, and would show yesterday's
//! offers until it hears the network.

use crate::store::write_durably;
use engine::time::{Mono, Now, UnixMs, Wall};
use std::{
    fs,
    path::{Path, PathBuf},
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};
use tracing::{info, warn};

/// 2026-11-01T00:00:00Z: no gateway of this version ran before.
const NOT_BEFORE: UnixMs = UnixMs(1_793_491_200_000);
/// A clock may be set back by this much, ms: time servers correct small errors
/// in both directions.
const STEP_BACK_MS_MAX: i64 = 60_000;
/// Between two looks at what vouches for the date.
const LOOK_EVERY: Duration = Duration::from_secs(5);
/// Between two notes of the date on the disk.
const NOTE_EVERY: Duration = Duration::from_mins(10);

/// What this machine offers as evidence for its date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Evidence {
    /// systemd's time service runs here.
    has_time_service: bool,
    /// It has heard a time server since the machine started.
    is_synchronised: bool,
    /// The kernel took the date from a clock with a battery.
    has_battery_clock: bool,
}

/// The clock that nodes of ours are told: it counts from the start of the
/// gateway, since dates step.
#[derive(Debug, Clone, Copy)]
pub struct Steady {
    /// Number of this start.
    pub epoch: u32,
    started: Instant,
}

impl Steady {
    /// Milliseconds since the start, and what date that is by the operating
    /// system, whether or not something vouches for it.
    pub fn now(&self) -> (u64, UnixMs) {
        (self.started.elapsed().as_millis() as u64, system_time())
    }
}

/// Both clocks.
#[derive(Debug)]
pub struct Clock {
    started: Instant,
    evidence: Evidence,
    looked: Instant,
    /// The latest date believed so far, kept over restarts.
    last_known: UnixMs,
    noted: Option<Instant>,
    file: PathBuf,
    was_vouched: Option<bool>,
}

impl Clock {
    /// Starts; remembers the date in this folder.
    pub fn start(dir: &Path) -> Self {
        let file = dir.join("clock");
        let last_known = fs::read_to_string(&file).ok();
        let last_known = last_known.and_then(|text| text.trim().parse().ok());
        let now = Instant::now();
        Self {
            started: now,
            evidence: Evidence::of_this_machine(),
            looked: now,
            last_known: UnixMs(last_known.unwrap_or(0)),
            noted: None,
            file,
            was_vouched: None,
        }
    }

    /// Both clocks now.
    pub fn now(&self) -> Now {
        Now {
            mono: Mono(self.started.elapsed().as_millis() as u64),
            wall: judge(self.evidence, self.last_known, system_time()),
        }
    }

    /// What nodes are told, in this start of the gateway.
    pub const fn steady(&self, epoch: u32) -> Steady {
        Steady {
            epoch,
            started: self.started,
        }
    }

    /// When a timer is due.
    pub fn instant(&self, at: Mono) -> Instant {
        self.started + Duration::from_millis(at.0)
    }

    /// Looks at the evidence again from time to time, and notes the date. To be
    /// called a few times a second.
    pub fn look(&mut self) {
        if self.looked.elapsed() < LOOK_EVERY && self.was_vouched.is_some() {
            return;
        }
        self.looked = Instant::now();
        self.evidence = Evidence::of_this_machine();
        if self.evidence.is_synchronised && system_time() >= NOT_BEFORE {
            // A time server outranks what was believed before.
            self.last_known = UnixMs(0);
        }
        let known = self.now().wall.known();
        self.tell(known.is_some());
        if let Some(date) = known {
            self.last_known = self.last_known.max(date);
            self.note();
        }
    }

    /// Notes the date on the disk, so that a clock that goes back is noticed.
    fn note(&mut self) {
        if self.noted.is_some_and(|noted| noted.elapsed() < NOTE_EVERY) {
            return;
        }
        self.noted = Some(Instant::now());
        if let Err(error) = write_durably(&self.file, self.last_known.0.to_string().as_bytes()) {
            warn!(%error, "the date could not be noted");
        }
    }

    fn tell(&mut self, vouched: bool) {
        if self.was_vouched.replace(vouched) == Some(vouched) {
            return;
        }
        if vouched {
            info!("the date is known");
        } else {
            warn!(
                file = %self.file.display(),
                "the date is not known, nothing that depends on it is shown: connect the machine \
                 to a time server; if its clock is right and was wrong before, remove the file"
            );
        }
    }
}

impl Evidence {
    fn of_this_machine() -> Self {
        Self {
            has_time_service: Path::new("/run/systemd/timesync").exists(),
            is_synchronised: Path::new("/run/systemd/timesync/synchronized").exists(),
            has_battery_clock: has_battery_clock(),
        }
    }
}

/// Whether some clock chip says that the kernel's date came from it.
fn has_battery_clock() -> bool {
    let clocks = fs::read_dir("/sys/class/rtc").into_iter().flatten();
    clocks.flatten().any(|clock| {
        let from_it = fs::read_to_string(clock.path().join("hctosys"));
        from_it.is_ok_and(|text| text.trim() == "1")
    })
}

/// Whether a date is believed.
///
/// That the kernel calls itself unsynchronised proves nothing: in containers,
/// under chrony and on machines that nobody ever told the time from the
/// network, the date is usually right. So where systemd's time service is, its
/// word or a battery clock decides; where it is not, nobody can be asked and
/// any date is believed that is not impossible.
fn judge(evidence: Evidence, last_known: UnixMs, date: UnixMs) -> Wall {
    let is_possible = date >= NOT_BEFORE && date.0 >= last_known.0 - STEP_BACK_MS_MAX;
    let is_vouched =
        evidence.is_synchronised || evidence.has_battery_clock || !evidence.has_time_service;
    if is_possible && is_vouched {
        Wall::Synced(date)
    } else {
        Wall::Unsynced
    }
}

fn system_time() -> UnixMs {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    // An error means a date before 1970.
    UnixMs(since.map_or(0, |since| since.as_millis() as i64))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_believed_when_it_is_possible_and_vouched_for() {
        let evidence = |has_time_service, is_synchronised, has_battery_clock| Evidence {
            has_time_service,
            is_synchronised,
            has_battery_clock,
        };
        let later = UnixMs(NOT_BEFORE.0 + 86_400_000);
        let never = UnixMs(0);
        let long_ago = UnixMs(1_000);
        let second_before = UnixMs(later.0 + 1_000);
        let hour_before = UnixMs(later.0 + 3_600_000);
        for (what, evidence, last_known, date, believed) in [
            (
                "a container",
                evidence(false, false, false),
                never,
                later,
                true,
            ),
            (
                "a container at 1970",
                evidence(false, false, false),
                never,
                long_ago,
                false,
            ),
            (
                "a Pi before the network",
                evidence(true, false, false),
                never,
                later,
                false,
            ),
            (
                "a Pi with network",
                evidence(true, true, false),
                never,
                later,
                true,
            ),
            (
                "a PC without network",
                evidence(true, false, true),
                never,
                later,
                true,
            ),
            (
                "a correction",
                evidence(true, true, false),
                second_before,
                later,
                true,
            ),
            (
                "a clock gone back",
                evidence(false, false, true),
                hour_before,
                later,
                false,
            ),
        ] {
            let wall = judge(evidence, last_known, date);
            assert_eq!(wall.known().is_some(), believed, "{what}");
        }
    }

    #[test]
    fn a_clock_that_went_back_over_a_restart_is_noticed() {
        let dir = tempfile::tempdir().unwrap();
        let mut clock = Clock::start(dir.path());
        clock.look();
        let noted: i64 = fs::read_to_string(dir.path().join("clock"))
            .unwrap()
            .parse()
            .unwrap();
        assert!(noted >= NOT_BEFORE.0);
        fs::write(dir.path().join("clock"), (noted + 3_600_000).to_string()).unwrap();
        let evidence = Evidence {
            has_time_service: false,
            is_synchronised: false,
            has_battery_clock: false,
        };
        let again = Clock::start(dir.path());
        assert_eq!(
            judge(evidence, again.last_known, UnixMs(noted)),
            Wall::Unsynced
        );
    }
}
