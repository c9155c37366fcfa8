//! A long time without a hub, and then it is there: all of it goes the whole way, from
//! the ledger over a real broker into the hub's database.

use crate::uplink::{MEMBERS, broker_and_hub, enrol_all, shop};
use std::{
    env, fs,
    path::Path,
    time::{Duration, Instant},
};
use tests::{
    gateway::{Gateway, spawn},
    wait,
};

/// Events without a hub.
const BACKLOG: usize = 20_000;
/// A week at two events a second, and the receipts among them: what the gateway's own
/// test of a week writes into the folder that `AISLECAST_WEEK` names.
const WEEK: u64 = 7 * 86_400 * 2;
const SALES: u64 = WEEK / 20;
/// All are in the hub within this, however many.
const DRAINED: Duration = Duration::from_mins(10);
/// What a data folder may take.
const DISK_MAX: u64 = 256 << 20;

fn bytes(folder: &Path) -> u64 {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let each = entries.map(|entry| match entry.metadata() {
        Ok(about) if about.is_dir() => bytes(&entry.path()),
        // A file may go while it is looked at.
        about => about.map_or(0, |about| about.len()),
    });
    each.sum()
}

#[test]
#[ignore = "by `cargo suite faults`"]
fn what_waited_for_a_hub_goes_the_whole_way() {
    let Some((_dir, mut broker, hub)) = broker_and_hub() else {
        return;
    };
    broker.kill();
    let site = shop(broker.port);
    let gateway = Gateway::start(&site);
    let rounds = BACKLOG / usize::from(MEMBERS);
    let begun = Instant::now();
    let mut most = 0;
    for round in 1..=rounds {
        enrol_all(&site, round as u64);
        if round % 100 == 0 {
            most = most.max(bytes(&site.data()));
        }
    }
    most = most.max(bytes(&site.data()));
    let (written, asked) = (begun.elapsed(), rounds as u64 * u64::from(MEMBERS));
    assert_eq!(hub.events("first"), 0, "there was no hub");

    broker.resume();
    let begun = Instant::now();
    let all = wait::within(DRAINED, || (hub.events("first") >= asked).then_some(()));
    let took = begun.elapsed();
    assert!(
        all.is_some(),
        "the hub has {} of {asked}",
        hub.events("first")
    );
    assert_eq!(hub.events("first"), asked, "each exactly once");
    assert_eq!(hub.out_of_order(), 0);
    assert!(most <= DISK_MAX, "{} MiB", most >> 20);
    eprintln!(
        "backlog: {asked} consents while there is no hub, in {:.0} s; 0 lost, {} MiB on the disk \
         at most; all in the hub once, in order, {:.0} s after it was there: {:.0} a second",
        written.as_secs_f64(),
        most >> 20,
        took.as_secs_f64(),
        asked as f64 / took.as_secs_f64(),
    );
    drop(gateway);
}

#[test]
#[ignore = "by `cargo suite faults --long`"]
fn a_week_without_a_hub_goes_the_whole_way_within_ten_minutes() {
    let Some(week) = env::var_os("AISLECAST_WEEK") else {
        eprintln!("SKIPPED: AISLECAST_WEEK names no folder with a week: `--long` makes one");
        return;
    };
    let Some((_dir, broker, hub)) = broker_and_hub() else {
        return;
    };
    let site = shop(broker.port);
    let week = fs::canonicalize(week).expect("the week was written before");
    site.edit(
        &site.data().display().to_string(),
        &week.display().to_string(),
    );
    let begun = Instant::now();
    // It reads half a million entries before it is ready.
    let gateway = spawn(&site.config(), site.dir());
    let first = wait::within(DRAINED, || {
        (hub.events("first") >= SALES).then(|| begun.elapsed())
    });
    let first = first.expect("receipts never came");
    let all = wait::within(DRAINED, || {
        (hub.events("rest") >= WEEK - SALES).then(|| begun.elapsed())
    });
    let all = all.unwrap_or_else(|| panic!("the hub has {} pictures", hub.events("rest")));
    assert_eq!(hub.events("first"), SALES, "each exactly once");
    assert_eq!(hub.out_of_order(), 0);
    assert!(all <= DRAINED, "{all:?}");
    eprintln!(
        "a week for a hub: {WEEK} events; from the gateway's start on {SALES} receipts are in the \
         hub after {:.0} s, all events once and in order after {:.0} s: {:.0} a second",
        first.as_secs_f64(),
        all.as_secs_f64(),
        WEEK as f64 / all.as_secs_f64(),
    );
    drop(gateway);
}
