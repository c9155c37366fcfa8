mod closing;
mod erasure;
mod folder;
mod vouchers;

use super::{ladder::Check, state::entries_of, writer::Writer, *};
use engine::{
    control::Pause,
    effect::{Arm, Exposure, Redemption, Reservation, ShowingId},
    money::{Charge, Claim, Issued, MoneyEntry},
    sale::{CodeUse, Joined, Sale, ShownCode},
    shopper::{Enrolment, Purpose, Purposes},
    time::UnixMs,
    trial::{Bought, Cell, Incident, Paired, RampMove, RampState, Reach},
};
use proptest::prelude::*;
use protocol::id::OfferId;
use std::{fs, path::Path, time::Duration};

fn storage(dir: &Path) -> config::Storage {
    config::Storage {
        dir: dir.to_owned(),
        cache_bytes: 1 << 20,
        flush_every: Duration::from_hours(1),
        group_commit: Duration::from_millis(1),
        ballast_bytes: 4096,
    }
}

pub(super) const RETENTION: config::Retention = config::Retention {
    exposures: Duration::from_hours(400 * 24),
    unused_profiles: Duration::from_hours(730 * 24),
};

fn receipts() -> Receipts {
    Receipts::new([3; 32])
}

/// A store without its thread, so that a test says when what happens.
pub(super) fn start(dir: &Path) -> (Writer, Snapshot, mpsc::Receiver<Answer>) {
    fs::create_dir_all(dir).unwrap();
    let (sender, answers) = mpsc::channel(JOBS_MAX);
    let (writer, snapshot) =
        assemble(&storage(dir), RETENTION, (&Check::Here, receipts()), sender).unwrap();
    (writer, snapshot, answers)
}

/// What another start would find, without being one.
pub(super) fn look(dir: &Path) -> Snapshot {
    let key = read_secret(dir).unwrap().derive("keyring");
    let keyring = Arc::new(Keyring::open(dir, &key).unwrap());
    let shelf = Shelf::new(dir).unlocked(&keyring);
    let landing = ladder::climb(&shelf, 1 << 20, &Check::Here);
    assert!(landing.cache.is_some());
    let mut snapshot = restore(dir, landing.cache, &keyring).unwrap().snapshot;
    forget_stand_ins(&mut snapshot);
    snapshot
}

/// Takes out whom a trial remembers under numbers drawn in place of those of
/// forgotten shoppers: these tests number theirs below 10,000.
fn forget_stand_ins(snapshot: &mut Snapshot) {
    let marks = snapshot.trials.iter().flat_map(|(_, tally)| &tally.marks);
    let drawn = marks.map(|(shopper, _)| *shopper).filter(|s| s.0 >= 10_000);
    for shopper in drawn.collect::<Vec<_>>() {
        let version = 0;
        snapshot.apply(&LedgerEntry::Forgotten { shopper, version });
        snapshot.forgotten.remove(&shopper);
    }
}

fn start_entry(before: &Snapshot) -> LedgerEntry {
    let boot = before.boot + 1;
    LedgerEntry::Started { boot }
}

/// Does a job as the thread would. `perform` blocks on a full answer channel,
/// which asynchronous tests must not, and these are not.
pub(super) fn commit(writer: &mut Writer, entries: Vec<LedgerEntry>) {
    let job = |entry| Job::Commit(CommitId(1), entry);
    writer.perform(entries.into_iter().map(job).collect());
}

pub(super) fn enrolled(shopper: u64, version: u64) -> LedgerEntry {
    LedgerEntry::Enrolled(Enrolment::consenting(
        ShopperId(shopper),
        version,
        Purposes::ALL,
    ))
}

pub(super) fn profile(segment: &str) -> Profile {
    Profile {
        segments: vec![segment.to_owned()],
        ..Profile::default()
    }
}

pub(super) fn keep(shopper: u64, profile: &Profile) -> Job {
    Job::Keep(ShopperId(shopper), Box::new(profile.clone()))
}

fn cache_dir(dir: &Path) -> PathBuf {
    Shelf::new(dir).in_use().unwrap()
}

#[test]
fn what_was_acknowledged_is_there_after_a_restart() {
    let dir = tempfile::tempdir().unwrap();
    let opened = open(&storage(dir.path()), RETENTION, &Check::Here).unwrap();
    let mut answers = opened.answers;
    let store = opened.store;
    let mut jobs = VecDeque::from([
        Job::Commit(CommitId(1), enrolled(7, 1)),
        keep(7, &profile("families")),
        Job::Fetch(ShopperId(7)),
        Job::Fetch(ShopperId(8)),
    ]);
    store.hand_over(&mut jobs);
    assert!(jobs.is_empty());
    let expected = [
        Answer::Durable(CommitId(1)),
        Answer::Profile(ShopperId(7), Some(Box::new(profile("families")))),
        Answer::Profile(ShopperId(8), None),
    ];
    for answer in expected {
        assert_eq!(answers.blocking_recv(), Some(answer));
    }
    assert!(matches!(
        open(&storage(dir.path()), RETENTION, &Check::Here).unwrap_err(),
        StoreError::Busy(_)
    ));
    drop(store);
    let again = open(&storage(dir.path()), RETENTION, &Check::Here).unwrap();
    assert!(again.snapshot.enrolled.contains_key(&ShopperId(7)));
    assert_eq!(again.store.gauge().note(), None);
}

#[test]
fn a_left_over_of_an_unfinished_snapshot_is_swept_and_nothing_is_lost() {
    let dir = tempfile::tempdir().unwrap();
    let (mut writer, ..) = start(dir.path());
    commit(&mut writer, vec![enrolled(1, 1)]);
    writer.perform(vec![keep(1, &profile("a"))]);
    drop(writer);
    fs::write(cache_dir(dir.path()).join("snap.00FF.generating"), b"").unwrap();
    let (writer, snapshot, _) = start(dir.path());
    let note = writer.gauge.note().unwrap();
    assert!(note.contains("unfinished snapshot"), "{note}");
    assert!(snapshot.enrolled.contains_key(&ShopperId(1)));
    let kept = writer.cache.unwrap().profile(ShopperId(1)).unwrap();
    assert_eq!(kept, Some(profile("a")));
}

#[test]
fn a_damaged_snapshot_is_dropped_and_nothing_is_lost() {
    let dir = tempfile::tempdir().unwrap();
    let (mut writer, ..) = start(dir.path());
    writer.perform(vec![keep(1, &profile("a"))]);
    drop(writer);
    fs::write(cache_dir(dir.path()).join("snap.00000000000000FF"), [7; 99]).unwrap();
    let (writer, ..) = start(dir.path());
    let note = writer.gauge.note().unwrap();
    assert!(note.contains("snapshots"), "{note}");
    let kept = writer.cache.unwrap().profile(ShopperId(1)).unwrap();
    assert_eq!(kept, Some(profile("a")));
}

#[test]
fn a_lost_or_damaged_cache_is_rebuilt_from_the_ledger_but_for_profiles() {
    type Damage = fn(&Path);
    let damages: [(&str, Damage); 3] = [
        ("noise in db", |dir| {
            let db = cache_dir(dir).join("db");
            let mut bytes = fs::read(&db).unwrap();
            for byte in bytes.iter_mut().step_by(97) {
                *byte ^= 0x55;
            }
            fs::write(db, bytes).unwrap();
            remove_all(&cache_dir(dir), "snap.");
        }),
        ("no db", |dir| {
            fs::remove_file(cache_dir(dir).join("conf")).unwrap();
        }),
        ("no cache", |dir| {
            fs::remove_dir_all(dir.join("cache")).unwrap();
        }),
    ];
    for (name, damage) in damages {
        let dir = tempfile::tempdir().unwrap();
        let (mut writer, ..) = start(dir.path());
        commit(&mut writer, story());
        writer.perform(vec![keep(1, &profile("a"))]);
        writer.write_behind();
        drop(writer);
        let before = look(dir.path());
        damage(dir.path());
        assert_eq!(look(dir.path()), before, "{name}");
        assert_eq!(look(dir.path()), before, "{name}");
    }
}

fn remove_all(dir: &Path, prefix: &str) {
    for entry in fs::read_dir(dir).unwrap() {
        let entry = entry.unwrap();
        if entry.file_name().to_string_lossy().starts_with(prefix) {
            fs::remove_file(entry.path()).unwrap();
        }
    }
}

#[test]
fn what_the_ledger_loses_the_cache_makes_up_for() {
    type Damage = fn(&Path);
    let damages: [(&str, Damage); 2] = [
        ("a flipped bit", |file| {
            let mut bytes = fs::read(file).unwrap();
            let middle = bytes.len() / 2;
            bytes[middle] ^= 1;
            fs::write(file, bytes).unwrap();
        }),
        ("no ledger", |file| fs::remove_file(file).unwrap()),
    ];
    for (name, damage) in damages {
        let dir = tempfile::tempdir().unwrap();
        let (mut writer, ..) = start(dir.path());
        commit(&mut writer, story());
        writer.write_behind();
        drop(writer);
        let before = look(dir.path());
        damage(&dir.path().join("ledger/00000001.log"));
        assert_eq!(look(dir.path()), before, "{name}");
        // And what comes after is not taken for something known.
        let (mut writer, mut expected, _) = start(dir.path());
        let more = enrolled(99, 1);
        commit(&mut writer, vec![more.clone()]);
        drop(writer);
        expected.apply(&more);
        assert_eq!(look(dir.path()), expected, "{name}");
    }
}

#[test]
fn a_profile_too_long_for_sled_is_refused_and_counted_and_the_cache_goes_on() {
    let dir = tempfile::tempdir().unwrap();
    let (mut writer, ..) = start(dir.path());
    let long = profile(&"x".repeat(cache::VALUE_MAX));
    writer.perform(vec![keep(1, &long)]);
    writer.perform(vec![keep(2, &profile("a"))]);
    assert_eq!(writer.gauge.profiles_refused(), 1);
    let cache = writer.cache.as_ref().unwrap();
    assert_eq!(cache.profile(ShopperId(1)).unwrap(), None);
    assert!(cache.profile(ShopperId(2)).unwrap().is_some());
}

#[test]
fn nothing_in_any_file_remembers_a_forgotten_shopper() {
    let dir = tempfile::tempdir().unwrap();
    let kept = "canary-segment";
    let (mut writer, ..) = start(dir.path());
    for shopper in 0..600 {
        let segment = if shopper == 300 { kept } else { "everybody" };
        writer.perform(vec![
            Job::Commit(CommitId(1), enrolled(shopper, 1)),
            keep(shopper, &profile(segment)),
        ]);
    }
    writer.write_behind();
    // Not even sealed does it lie there in the end.
    let canary = writer.cache.as_ref().unwrap().sealed_row(ShopperId(300));
    assert!(occurs(dir.path(), &canary) && !occurs(dir.path(), kept));
    let forgotten = LedgerEntry::Forgotten {
        shopper: ShopperId(300),
        version: 1,
    };
    writer.perform(vec![
        Job::Commit(CommitId(2), forgotten),
        Job::Erase(ShopperId(300)),
    ]);
    writer.tidy_from = Instant::now();
    writer.tidy();
    assert!(writer.rewrite.is_some());
    // What happens while the copy is made is in it.
    commit(&mut writer, vec![enrolled(1_000, 1)]);
    writer.perform(vec![keep(5, &profile("changed"))]);
    while writer.rewrite.is_some() {
        writer.tidy();
    }
    assert!(!occurs(dir.path(), &canary));
    let cache = writer.cache.as_ref().unwrap();
    assert_eq!(cache.counts(), [599, 600, 1]);
    assert_eq!(
        cache.profile(ShopperId(5)).unwrap(),
        Some(profile("changed"))
    );
    assert!(!cache.has_residue().unwrap());
    drop(writer);
    let (_, snapshot, _) = start(dir.path());
    assert_eq!(snapshot.enrolled.len(), 600);
    assert!(!occurs(dir.path(), &canary));
}

/// Whether any file below `dir` holds these bytes.
pub(super) fn occurs(dir: &Path, needle: impl AsRef<[u8]>) -> bool {
    let needle = needle.as_ref();
    fs::read_dir(dir).unwrap().any(|entry| {
        let path = entry.unwrap().path();
        if path.is_dir() {
            return occurs(&path, needle);
        }
        let bytes = fs::read(path).unwrap();
        bytes.windows(needle.len()).any(|w| w == needle)
    })
}

#[test]
fn a_long_ledger_becomes_what_it_adds_up_to() {
    let dir = tempfile::tempdir().unwrap();
    let (mut writer, ..) = start(dir.path());
    commit(&mut writer, story());
    let bytes = writer.ledger.bytes();
    writer.ledger.pretend_length(ledger::BYTES_MAX + 1);
    writer.tidy_from = Instant::now();
    writer.tidy();
    assert!(writer.ledger.bytes() <= bytes + (128 << 10));
    commit(&mut writer, vec![enrolled(99, 1)]);
    drop(writer);
    let mut expected = Snapshot::default();
    expected.apply(&start_entry(&expected));
    let more = [enrolled(99, 1)];
    story().iter().chain(&more).for_each(|e| expected.apply(e));
    assert_eq!(look(dir.path()), expected);
    fs::remove_dir_all(dir.path().join("cache")).unwrap();
    assert_eq!(look(dir.path()), expected);
}

fn fold(entries: &[LedgerEntry]) -> Snapshot {
    let mut snapshot = Snapshot::default();
    entries.iter().for_each(|entry| snapshot.apply(entry));
    snapshot
}

/// One of everything.
fn story() -> Vec<LedgerEntry> {
    (0..90).map(entry).collect()
}

/// The entries of a small shop, numbered.
fn entry(number: u64) -> LedgerEntry {
    let shopper = ShopperId(number % 7);
    let showing = |n: u64| ShowingId {
        screen: format!("s-{}", n % 2).parse().unwrap(),
        revision: n % 5,
    };
    let offer = if number.is_multiple_of(3) {
        "milk"
    } else {
        "bread"
    };
    let offer = offer.parse().unwrap();
    match number % 23 {
        0 => LedgerEntry::Started {
            boot: number as u32,
        },
        1 | 2 => enrolled(shopper.0, number),
        3 => LedgerEntry::Withdrawn {
            shopper,
            purposes: Purposes::NONE.with(Purpose::Measurement),
        },
        4 => LedgerEntry::Forgotten {
            shopper,
            // As the engine never asks: all that stand here are newer.
            version: 0,
        },
        5..=7 => LedgerEntry::Reserved(Reservation {
            showing: showing(number),
            offer,
            shoppers: (0..900 * (number % 2)).map(ShopperId).collect(),
            day: 20_000 + (number / 20) as i32,
        }),
        8 => LedgerEntry::Released {
            showing: showing(number / 2),
        },
        9 => LedgerEntry::Exposed(Exposure {
            showing: showing(number / 3),
            offer,
            painted_ms: 9_000,
            seen_by: vec![(shopper, 4_000)],
            anonymous_ms: 100,
            ended: None,
        }),
        10 => sold(number, offer),
        11 => LedgerEntry::Voided {
            receipt: format!("r-{}", number % 4),
        },
        13 => LedgerEntry::Paused(Pause::Offer(offer)),
        14 => LedgerEntry::Resumed(Pause::Offer(offer)),
        12 => LedgerEntry::Coded(ShownCode {
            showing: showing(number),
            offer,
            is_used: false,
        }),
        15 => tried(number, offer),
        17.. => LedgerEntry::Money(Box::new(money(number, showing(number), offer))),
        _ => LedgerEntry::Redeemed(Redemption {
            receipt: format!("r-{}", number % 4),
            offer,
            shopper: None,
            arm: Arm::Holdout,
            pieces: 2,
            amount_minor: 58_000,
        }),
    }
}

/// What a trial writes.
fn tried(number: u64, offer: OfferId) -> LedgerEntry {
    let cell = if number.is_multiple_of(2) {
        Cell::Holdout
    } else {
        Cell::Arm("loud".to_owned())
    };
    let bucket = (number % 16) as u8;
    match number / 17 % 5 {
        0 => LedgerEntry::Reached(Reach {
            offer,
            shopper: ShopperId(number % 7),
            cell,
            bucket,
            day: 20_000,
            counts: true,
        }),
        1 => LedgerEntry::Bought(Bought {
            receipt: format!("r-{}", number % 4),
            offer,
            cell,
            bucket,
            is_first: true,
            pieces: 2,
            amount_minor: 58_000,
        }),
        2 => LedgerEntry::Paired(Paired {
            offer,
            screen: "s-1".parse().unwrap(),
            on: (40, 3),
            off: (50, 2),
        }),
        3 => LedgerEntry::Ramped {
            offer,
            moved: Some(RampMove::Advanced(50)),
            state: RampState::at(50),
        },
        _ => LedgerEntry::Incident {
            what: Incident::Complaint,
            screen: "s-1".parse().unwrap(),
            offers: vec![offer],
        },
    }
}

/// Something about a voucher, a campaign or an hour.
fn money(number: u64, showing: ShowingId, offer: OfferId) -> MoneyEntry {
    let code = showing.revision;
    let campaign = Some("summer".parse().unwrap());
    let by = Claim {
        receipt: format!("r-{}", number % 4),
        attempt: 1,
    };
    match number % 6 {
        0 | 1 => MoneyEntry::Issued(Issued {
            showing,
            offer,
            campaign,
            group: None,
            stacks: false,
            worth_minor: 5_000,
            day: 20_000,
            until: UnixMs(1_795_226_400_000),
        }),
        2 => MoneyEntry::Held { code, by, at: None },
        3 => MoneyEntry::Committed { code, by },
        4 => MoneyEntry::Released { code, by },
        _ => MoneyEntry::Charged(Charge {
            showing,
            offer,
            campaign,
            hour: Some(number as i64 / 20),
            day: 20_000,
        }),
    }
}

fn sold(number: u64, offer: OfferId) -> LedgerEntry {
    LedgerEntry::Sold(Sale {
        receipt: format!("r-{number}"),
        is_known: true,
        joined: vec![Joined {
            offer: offer.clone(),
            arm: Arm::Exposed,
            pieces: 1,
            amount_minor: 29_000,
        }],
        codes: vec![CodeUse {
            showing: ShowingId {
                screen: "s-1".parse().unwrap(),
                revision: number % 5,
            },
            offer,
            again: number.is_multiple_of(2),
        }],
    })
}

#[derive(Debug, Clone)]
enum Step {
    Commit(Vec<u64>),
    WriteBehind,
    Checkpoint,
    /// The process ends without a word.
    Crash,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => proptest::collection::vec(0_u64..200, 1..12).prop_map(Step::Commit),
        2 => Just(Step::WriteBehind),
        1 => Just(Step::Checkpoint),
        2 => Just(Step::Crash),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn cache_and_tail_add_up_to_the_ledger(steps in proptest::collection::vec(step(), 1..14)) {
        let dir = tempfile::tempdir().unwrap();
        let (mut writer, mut expected, _) = start(dir.path());
        for step in steps {
            match step {
                Step::Commit(numbers) => {
                    let entries: Vec<_> = numbers.into_iter().map(entry).collect();
                    entries.iter().for_each(|entry| expected.apply(entry));
                    commit(&mut writer, entries);
                }
                Step::WriteBehind => writer.write_behind(),
                Step::Checkpoint => {
                    writer.ledger.pretend_length(ledger::BYTES_MAX + 1);
                    writer.tidy_from = Instant::now();
                    writer.tidy();
                }
                Step::Crash => {
                    drop(writer);
                    let (again, mut found, _) = start(dir.path());
                    forget_stand_ins(&mut found);
                    expected.apply(&start_entry(&expected));
                    prop_assert_eq!(&found, &expected);
                    writer = again;
                }
            }
        }
        drop(writer);
        prop_assert_eq!(&look(dir.path()), &expected);
        fs::remove_dir_all(dir.path().join("cache")).unwrap();
        prop_assert_eq!(&look(dir.path()), &expected);
        prop_assert_eq!(&fold(&entries_of(&expected)), &expected);
    }
}
