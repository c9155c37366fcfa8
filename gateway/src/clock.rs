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
/// The date is noted on the disk when another of these begins, ms: days and
/// opening hours begin and end on quarters of an hour in every time zone there is,
/// so that a clock which goes back over a restart does not go back behind one.
const QUARTER_MS: i64 = 15 * 60_000;
/// While the gateway runs, a date may run ahead of the steady clock by this much,
/// ms. More is a leap.
const LEAP_MS_MAX: i64 = 60 * 60_000;
/// Over a restart nobody knows how long the gateway was off; nobody is off for
/// longer than this without having the time to wait, ms: 45 days.
const LEAP_MS_OFF_MAX: i64 = 45 * 86_400_000;
/// A leap for which no time server vouches is believed when it has lasted this
/// long: most wrong dates are put right sooner, and where they are not, the clock
/// is all there is.
const LEAP_DOUBTED: Duration = Duration::from_mins(15);

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

/// What a date is held against to see whether it leaps.
#[derive(Debug, Clone, Copy)]
struct Anchor {
    /// A date that was believed; 0 if none ever was.
    date: UnixMs,
    /// When it was looked at in this run.
    seen: Instant,
    /// The date may be ahead of it by this much, ms, and the time since.
    ahead_ms_max: i64,
}

/// Both clocks.
#[derive(Debug)]
pub struct Clock {
    started: Instant,
    evidence: Evidence,
    looked: Instant,
    /// The latest date believed so far, kept over restarts.
    last_known: UnixMs,
    /// What was last believed, and when.
    anchor: Anchor,
    /// Since when the date is a leap away from what it should be.
    leaping: Option<Instant>,
    /// Which quarter of an hour was last noted.
    noted: Option<i64>,
    file: PathBuf,
    was_vouched: Option<bool>,
}

impl Clock {
    /// Starts; remembers the date in this folder.
    pub fn start(dir: &Path) -> Self {
        let file = dir.join("clock");
        let last_known = fs::read_to_string(&file).ok();
        let last_known = last_known.and_then(|text| text.trim().parse().ok());
        let last_known = UnixMs(last_known.unwrap_or(0));
        let now = Instant::now();
        Self {
            started: now,
            evidence: Evidence::of_this_machine(),
            looked: now,
            last_known,
            anchor: Anchor {
                date: last_known,
                seen: now,
                ahead_ms_max: LEAP_MS_OFF_MAX,
            },
            leaping: None,
            noted: None,
            file,
            was_vouched: None,
        }
    }

    /// Both clocks now.
    pub fn now(&self) -> Now {
        let at = Instant::now();
        Now {
            mono: Mono(at.duration_since(self.started).as_millis() as u64),
            wall: self.wall(at, system_time()),
        }
    }

    /// What is believed at a moment when the operating system has this date.
    fn wall(&self, at: Instant, date: UnixMs) -> Wall {
        let waited = |since: Instant| at.duration_since(since) >= LEAP_DOUBTED;
        let leaps = !self.evidence.is_synchronised && self.anchor.leaps(at, date);
        if leaps && !self.leaping.is_some_and(waited) {
            return Wall::Unsynced;
        }
        judge(self.evidence, self.last_known, date)
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
        self.evidence = Evidence::of_this_machine();
        self.look_at(Instant::now(), system_time());
    }

    fn look_at(&mut self, at: Instant, date: UnixMs) {
        self.looked = at;
        if self.evidence.is_synchronised && date >= NOT_BEFORE {
            // A time server outranks what was believed before.
            self.last_known = UnixMs(0);
        }
        if self.anchor.leaps(at, date) {
            self.leaping.get_or_insert(at);
        } else {
            self.leaping = None;
        }
        let known = self.wall(at, date).known();
        self.tell(known.is_some());
        if let Some(date) = known {
            self.anchor = Anchor {
                date,
                seen: at,
                ahead_ms_max: LEAP_MS_MAX,
            };
            self.leaping = None;
            self.last_known = self.last_known.max(date);
            self.note();
        }
    }

    /// Notes the date on the disk, so that a clock that goes back is noticed.
    fn note(&mut self) {
        let quarter = self.last_known.0.div_euclid(QUARTER_MS);
        if self.noted.replace(quarter) == Some(quarter) {
            return;
        }
        if let Err(error) = write_durably(&self.file, self.last_known.0.to_string().as_bytes()) {
            // Tried again with the next look.
            self.noted = None;
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
                 to a time server; if its clock is right and was wrong before, remove the file \
                 and restart; a date that has leapt ahead is believed after a quarter of an hour"
            );
        }
    }
}

impl Anchor {
    /// Whether a date is further ahead than time can have passed.
    fn leaps(self, at: Instant, date: UnixMs) -> bool {
        let passed = at.duration_since(self.seen).as_millis() as i64;
        self.date.0 != 0 && date.0 > self.date.0 + passed + self.ahead_ms_max
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

    const NOBODY_VOUCHES: Evidence = Evidence {
        has_time_service: false,
        is_synchronised: false,
        has_battery_clock: false,
    };
    const HOUR_MS: i64 = 3_600_000;
    const DAY_MS: i64 = 24 * HOUR_MS;

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
        fs::write(dir.path().join("clock"), (noted + HOUR_MS).to_string()).unwrap();
        let again = Clock::start(dir.path());
        assert_eq!(
            judge(NOBODY_VOUCHES, again.last_known, UnixMs(noted)),
            Wall::Unsynced
        );
    }

    /// A clock in a folder, and what it is told of the two clocks, ms from here on.
    struct Told {
        dir: tempfile::TempDir,
        clock: Clock,
        begun: Instant,
    }

    /// Some date.
    const HERE: i64 = NOT_BEFORE.0 + 100 * DAY_MS + 7 * QUARTER_MS;

    impl Told {
        fn new() -> Self {
            let dir = tempfile::tempdir().unwrap();
            let clock = Clock::start(dir.path());
            let mut told = Self {
                begun: clock.started,
                dir,
                clock,
            };
            assert!(told.look(0, 0));
            told
        }

        fn restart(&mut self) {
            self.clock = Clock::start(self.dir.path());
            self.begun = self.clock.started;
        }

        /// Whether the date is believed after a look.
        fn look(&mut self, steady_ms: u64, date_ms: i64) -> bool {
            self.clock.evidence = NOBODY_VOUCHES;
            let at = self.begun + Duration::from_millis(steady_ms);
            let date = UnixMs(HERE + date_ms);
            let before = self.clock.wall(at, date);
            self.clock.look_at(at, date);
            // What a look finds out was believed right before it as well.
            assert_eq!(self.clock.wall(at, date), before);
            before.known().is_some()
        }

        fn noted(&self) -> i64 {
            let text = fs::read_to_string(self.dir.path().join("clock"));
            text.unwrap().parse::<i64>().unwrap() - HERE
        }
    }

    #[test]
    fn a_leap_is_doubted_and_leaves_nothing_behind_when_it_is_put_right() {
        for leap_ms in [2 * HOUR_MS, DAY_MS, 400 * DAY_MS] {
            let mut told = Told::new();
            assert!(told.look(10_000, 10_000));
            assert!(!told.look(15_000, 15_000 + leap_ms));
            assert!(!told.look(900_000, 900_000 + leap_ms));
            assert!(told.look(905_000, 905_000), "{leap_ms} put right");
            // Another one is doubted for as long again.
            assert!(!told.look(910_000, 910_000 + leap_ms));
        }
    }

    #[test]
    fn a_leap_that_lasts_is_believed_and_one_that_a_time_server_vouches_for_at_once() {
        let mut told = Told::new();
        let leap_ms = 400 * DAY_MS;
        assert!(!told.look(5_000, 5_000 + leap_ms));
        assert!(!told.look(904_999, 904_999 + leap_ms));
        assert!(told.look(905_000, 905_000 + leap_ms));
        assert!(told.look(910_000, 910_000 + leap_ms));
        assert!(!told.look(915_000, 915_000), "it has gone back");

        let mut told = Told::new();
        told.clock.evidence.is_synchronised = true;
        let date = UnixMs(HERE + leap_ms);
        let at = told.begun + Duration::from_secs(5);
        assert_eq!(told.clock.wall(at, date), Wall::Synced(date));
    }

    #[test]
    fn small_corrections_and_a_long_closure_are_no_leaps() {
        let mut told = Told::new();
        assert!(told.look(5_000, 5_000 + HOUR_MS / 2));
        assert!(told.look(10_000, 10_000 + HOUR_MS));
        // The steady clock does not stand still for whoever is looked at seldom.
        assert!(told.look(10_000 + 5 * 3_600_000, 10_000 + 6 * HOUR_MS));
        for (off_days, believed) in [(30, true), (400, false)] {
            let mut told = Told::new();
            told.restart();
            assert_eq!(told.look(0, off_days * DAY_MS), believed, "{off_days} days");
            assert!(told.look(900_000, off_days * DAY_MS + 900_000));
        }
    }

    #[test]
    fn the_date_is_noted_as_soon_as_another_quarter_of_an_hour_begins() {
        let mut told = Told::new();
        let late = QUARTER_MS as u64 - 1_000;
        assert!(told.look(late, QUARTER_MS - 1_000));
        assert_eq!(told.noted(), 0);
        assert!(told.look(late + 5_000, QUARTER_MS + 4_000));
        assert_eq!(told.noted(), QUARTER_MS + 4_000);
        // So that an offer which ended with the quarter does not come back.
        told.restart();
        assert!(!told.look(0, QUARTER_MS - 60_000));
    }
}
