//! `kill -9` at any moment, also while it starts, also with files planted that sled
//! stumbles over: what was acknowledged is there afterwards, and it is soon ready.

use crate::{share, times};
use std::{
    collections::BTreeSet,
    fs,
    ops::RangeInclusive,
    sync::mpsc,
    thread,
    time::{Duration, Instant},
};
use tests::{
    chance::Chance,
    gateway::{Gateway, spawn},
    http,
    members::Acknowledged,
    site::Site,
};

/// How often the gateway is killed, unless `AISLECAST_KILLS` says otherwise.
const KILLS: usize = 50;
/// Before every so many-th start a file is planted that sled would stumble over.
const PLANT_EVERY: usize = 10;
/// Of all kills, one in so many meets a gateway that starts, percent.
const WHILE_STARTING: usize = 40;
/// A start takes about as long on the machine where this was measured, ms; some
/// kills come right after it.
const START_MS: usize = 400;
/// A gateway is ready within this, 99 times in a hundred.
const READY: Duration = Duration::from_secs(5);
/// Members; each is enrolled and taken back many times.
const MEMBERS: RangeInclusive<u16> = 1..=40;

/// What the loop has seen.
#[derive(Debug, Default)]
struct Seen {
    kills: usize,
    while_starting: usize,
    planted: usize,
    answers: u64,
    ready_after: Vec<Duration>,
}

impl Seen {
    fn start(&mut self, site: &Site) -> Gateway {
        let begun = Instant::now();
        let gateway = Gateway::start(site);
        self.ready_after.push(begun.elapsed());
        // A cache with nothing wrong is never put aside, profiles and all.
        assert!(!site.data().join("quarantine").exists(), "{self:?}");
        gateway
    }
}

/// Enrols and withdraws as fast as it is answered until nobody answers any more.
/// An answer that never came says nothing: then either may hold.
fn keep_busy(port: u16, seed: u64, mut known: Acknowledged) -> (Acknowledged, BTreeSet<u16>) {
    let mut chance = Chance::new(seed);
    loop {
        let request = known.next(&MEMBERS, &mut chance);
        if known.ask(port, &request).is_none() {
            return (known, BTreeSet::from([request.member]));
        }
    }
}

/// Leaves behind what sled leaves when it dies while it writes a snapshot.
fn plant(site: &Site) {
    let mut folders = vec![site.data()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            if entry.path().is_dir() {
                folders.push(entry.path());
            } else if entry.file_name() == "db" {
                let sled = entry.path();
                let sled = sled.parent().expect("a file is in a folder");
                fs::write(sled.join("snap.00000000ffffffff.generating"), b"")
                    .expect("the data folder can be written");
            }
        }
    }
}

/// Lets so much time pass. Not a wait for something: the moment is part of the test.
fn until_the_moment(ms: usize) {
    let (_never, moment) = mpsc::channel::<()>();
    let _ = moment.recv_timeout(Duration::from_millis(ms as u64));
}

/// Kills a gateway that starts; says whether it was not ready yet.
fn kill_while_starting(site: &Site, chance: &mut Chance) -> bool {
    let mut process = spawn(&site.config(), site.dir());
    until_the_moment(chance.below(START_MS));
    let answer = http::ask(site.http_port, "GET", "/readyz", b"");
    process.kill();
    answer.is_none_or(|answer| answer.status != 200)
}

/// Kills a gateway in the middle of its work, and looks whether all is there.
fn kill_at_work(
    site: &Site,
    known: Acknowledged,
    chance: &mut Chance,
    seen: &mut Seen,
) -> Acknowledged {
    let mut gateway = seen.start(site);
    let before = known.versions();
    let (port, seed) = (site.http_port, chance.number());
    let busy = thread::spawn(move || keep_busy(port, seed, known));
    until_the_moment(50 + chance.below(500));
    assert!(!busy.is_finished(), "it answers until it is killed");
    gateway.process().kill();
    let (mut known, doubtful) = busy.join().expect("the busy client ends with the gateway");
    seen.answers += known.versions() - before;

    let mut gateway = seen.start(site);
    known.check(site, &gateway, &doubtful);
    // From here on only what is surely known is built upon.
    known.settle(&gateway, &doubtful);
    gateway.process().kill();
    known
}

#[test]
#[ignore = "by `cargo suite faults`"]
fn what_was_acknowledged_survives_kill_9_at_any_moment() {
    let site = Site::embedded();
    let kills = times("AISLECAST_KILLS", KILLS);
    let mut chance = Chance::new(9);
    let mut known = Acknowledged::default();
    let mut seen = Seen::default();
    for turn in 0.. {
        if seen.kills >= kills {
            break;
        }
        if turn % PLANT_EVERY == PLANT_EVERY - 1 {
            plant(&site);
            seen.planted += 1;
        }
        if chance.below(100) < WHILE_STARTING {
            seen.kills += 1;
            seen.while_starting += usize::from(kill_while_starting(&site, &mut chance));
        } else {
            seen.kills += 2;
            known = kill_at_work(&site, known, &mut chance, &mut seen);
        }
    }
    tell(seen);
}

fn tell(mut seen: Seen) {
    assert!(
        seen.answers > seen.kills as u64 / 2,
        "too few answers: {seen:?}"
    );
    assert!(
        seen.while_starting > 0,
        "no start was ever cut short: {seen:?}"
    );
    seen.ready_after.sort();
    let [half, most] = [50, 99].map(|percent| share(&seen.ready_after, percent));
    eprintln!(
        "kill -9: {} kills, {} of them during a start, a planted snapshot before {} starts; {} \
         enrolments acknowledged, 0 lost, 0 failed starts; ready after {:.2} s (p50), {:.2} s \
         (p99) of {} starts",
        seen.kills,
        seen.while_starting,
        seen.planted,
        seen.answers,
        half.as_secs_f64(),
        most.as_secs_f64(),
        seen.ready_after.len(),
    );
    assert!(most <= READY, "{most:?} until it is ready");
}
