use super::super::{
    Job, Snapshot,
    tests::{commit, enrolled, keep, look, occurs, profile, start},
    writer::Writer,
};
use engine::{
    effect::{Exposure, LedgerEntry, Reservation, ShowingId},
    shopper::{Profile, ShopperId},
    time::UnixMs,
    trial::{Cell, Reach},
};
use protocol::id::OfferId;
use std::{path::Path, time::Instant};

/// 2027-01-01 in UTC; the limits are 730 days for profiles, 400 for exposures.
const DAY: i32 = 20_819;

/// Does everything that a day brings, as the thread would.
fn live_through(writer: &mut Writer, day: Option<i32>) {
    writer.perform(day.map(Job::Today).into_iter().collect());
    writer.tidy_from = Instant::now();
    while writer.retention.is_sweeping() {
        writer.tidy();
    }
    writer.tidy();
    while writer.rewrite.is_some() {
        writer.tidy();
    }
}

fn kept(writer: &Writer, shoppers: impl Iterator<Item = u64>) -> Vec<u64> {
    let cache = writer.cache.as_ref().unwrap();
    shoppers
        .filter(|shopper| cache.profile(ShopperId(*shopper)).unwrap().is_some())
        .collect()
}

#[test]
fn a_profile_unused_for_too_long_goes_from_every_file_and_the_consent_stays() {
    let dir = tempfile::tempdir().unwrap();
    let (mut writer, ..) = start(dir.path());
    live_through(&mut writer, Some(DAY));
    commit(&mut writer, vec![enrolled(1, 1), enrolled(2, 1)]);
    writer.perform(vec![
        keep(1, &profile("canary-segment")),
        keep(2, &profile("families")),
    ]);
    live_through(&mut writer, Some(DAY + 730));
    assert_eq!(kept(&writer, 1..3), [1, 2]);
    writer.perform(vec![Job::Fetch(ShopperId(2))]);
    let canary = writer.cache.as_ref().unwrap().sealed_row(ShopperId(1));
    assert!(occurs(dir.path(), &canary));
    live_through(&mut writer, Some(DAY + 731));
    assert_eq!(kept(&writer, 1..3), [2]);
    assert!(!occurs(dir.path(), &canary));
    drop(writer);
    let enrolled: Vec<_> = look(dir.path()).enrolled.into_keys().collect();
    assert_eq!(enrolled, [ShopperId(1), ShopperId(2)]);
    // The day of the visit was kept over the restart.
    let (mut writer, ..) = start(dir.path());
    live_through(&mut writer, Some(DAY + 1_460));
    assert_eq!(kept(&writer, 1..3), [2]);
    live_through(&mut writer, Some(DAY + 1_461));
    assert_eq!(kept(&writer, 1..3), [0_u64; 0]);
}

#[test]
fn a_profile_is_written_once_a_day_however_often_its_shopper_is_seen() {
    let dir = tempfile::tempdir().unwrap();
    let (mut writer, ..) = start(dir.path());
    writer.perform(vec![keep(1, &profile("a"))]);
    // The day, the day of the visit before, and whether a fetch on it writes;
    // none is written undated.
    let days = [
        (None, None, false),
        (Some(DAY), None, true),
        (Some(DAY), None, false),
        (Some(DAY + 1), Some(DAY), true),
        (Some(DAY + 1), Some(DAY), false),
    ];
    for (today, last_visit_day, writes) in days {
        let cache = writer.cache.as_ref().unwrap();
        let used = cache.use_profile(ShopperId(1), today).unwrap();
        let expected = Profile {
            last_visit_day,
            ..profile("a")
        };
        assert_eq!(used, Some((expected, writes)), "{today:?}");
    }
}

#[test]
fn the_time_of_a_profile_without_a_credible_day_runs_from_the_first_known_one() {
    let dir = tempfile::tempdir().unwrap();
    let (mut writer, ..) = start(dir.path());
    // More than one batch of them.
    writer.perform(
        (0..600)
            .map(|shopper| keep(shopper, &profile("a")))
            .collect(),
    );
    writer.retention.today = Some(DAY + 9_000);
    writer.perform(vec![keep(600, &profile("a"))]);
    for (day, left) in [(DAY, 601), (DAY + 730, 601), (DAY + 731, 0)] {
        live_through(&mut writer, Some(day));
        assert_eq!(kept(&writer, 0..601).len(), left, "{day}");
    }
}

fn exposed(shopper: u64, day: Option<i32>) -> LedgerEntry {
    LedgerEntry::Exposed(Exposure {
        showing: ShowingId {
            screen: "s-1".parse().unwrap(),
            revision: 1,
        },
        offer: "canary-milk".parse().unwrap(),
        painted_ms: 9_000,
        seen_by: vec![(ShopperId(shopper), 4_000)],
        anonymous_ms: 100,
        ended: day.map(|day| UnixMs(i64::from(day) * 86_400_000 + 1)),
    })
}

/// Exposures in the files of the ledger.
fn exposures(dir: &Path) -> usize {
    let mut found = 0;
    let mut count = |_, entry| found += usize::from(matches!(entry, LedgerEntry::Exposed(_)));
    super::super::ledger::survey(&dir.join("ledger"), &mut count).unwrap();
    found
}

#[test]
fn exposures_older_than_the_limit_are_in_no_file_and_tallies_stay_equal() {
    let dir = tempfile::tempdir().unwrap();
    let (mut writer, ..) = start(dir.path());
    let story = vec![
        enrolled(1, 1),
        exposed(1, None),
        exposed(1, Some(DAY)),
        exposed(1, Some(DAY + 3)),
    ];
    commit(&mut writer, story);
    let before = look_tallies(&look(dir.path()));
    // The date, and how many exposures are left after it became known.
    for (day, left) in [(None, 3), (Some(DAY - 9_000), 3), (Some(DAY + 400), 3)] {
        live_through(&mut writer, day);
        assert_eq!(exposures(dir.path()), left, "{day:?}");
    }
    drop(writer);
    // A start works out anew how old they are.
    let (mut writer, ..) = start(dir.path());
    live_through(&mut writer, None);
    assert_eq!(exposures(dir.path()), 3);
    live_through(&mut writer, Some(DAY + 401));
    assert_eq!(exposures(dir.path()), 0);
    commit(&mut writer, vec![exposed(1, Some(DAY + 401))]);
    live_through(&mut writer, Some(DAY + 402));
    assert_eq!(exposures(dir.path()), 1);
    drop(writer);
    let mut expected = before;
    expected.apply(&exposed(1, None));
    assert_eq!(look_tallies(&look(dir.path())), expected);
    assert!(look(dir.path()).enrolled.contains_key(&ShopperId(1)));
}

fn look_tallies(snapshot: &Snapshot) -> Snapshot {
    Snapshot {
        tallies: snapshot.tallies.clone(),
        ..Snapshot::default()
    }
}

#[test]
fn the_time_of_exposures_without_any_date_runs_from_the_first_known_day() {
    let dir = tempfile::tempdir().unwrap();
    let (mut writer, ..) = start(dir.path());
    commit(&mut writer, vec![exposed(1, None)]);
    for (day, left) in [
        (None, 1),
        (Some(DAY), 1),
        (Some(DAY + 400), 1),
        (Some(DAY + 401), 0),
    ] {
        live_through(&mut writer, day);
        assert_eq!(exposures(dir.path()), left, "{day:?}");
    }
}

#[test]
fn whom_an_offer_reached_and_was_charged_to_goes_when_the_next_day_is_over() {
    let dir = tempfile::tempdir().unwrap();
    let (mut writer, ..) = start(dir.path());
    let offer: OfferId = "milk".parse().unwrap();
    let reserved = Reservation {
        showing: ShowingId {
            screen: "dairy".parse().unwrap(),
            revision: 1,
        },
        offer: offer.clone(),
        shoppers: vec![ShopperId(7)],
        day: DAY,
    };
    let reached = Reach {
        offer: offer.clone(),
        shopper: ShopperId(7),
        cell: Cell::Holdout,
        bucket: 3,
        day: DAY,
        counts: true,
    };
    live_through(&mut writer, Some(DAY));
    commit(
        &mut writer,
        vec![
            LedgerEntry::Reserved(reserved),
            LedgerEntry::Reached(reached),
        ],
    );
    let named = |kept: &Snapshot| {
        let charged = kept.tallies[&offer].per_shopper.len();
        (charged, kept.trials.of(&offer).unwrap().marks.len())
    };
    live_through(&mut writer, Some(DAY + 1));
    assert_eq!(named(&writer.state), (1, 1));
    live_through(&mut writer, Some(DAY + 2));
    assert_eq!(named(&writer.state), (0, 0));
    // The ledger holds each showing until all of that day goes, and then nobody.
    assert_eq!(named(&look(dir.path())), (1, 1));
    live_through(&mut writer, Some(DAY + 402));
    drop(writer);
    let kept = look(dir.path());
    assert_eq!(named(&kept), (0, 0));
    assert_eq!(kept.tallies[&offer].showings, 1);
    let reached = kept.trials.of(&offer).unwrap().sum_of(&Cell::Holdout);
    assert_eq!(reached.reached, 1);
}
