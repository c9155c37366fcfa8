//! The power is cut at any moment: whatever was acknowledged before is there, and
//! the gateway starts.

use crate::times;
use std::{
    collections::BTreeSet,
    ops::RangeInclusive,
    sync::{Arc, Mutex, MutexGuard, PoisonError, mpsc},
    thread,
    time::{Duration, Instant},
};
use tests::{chance::Chance, disk::Disk, gateway::Gateway, members::Acknowledged, site::Site};

/// Cuts, unless `AISLECAST_CUTS` says otherwise.
const CUTS: usize = 30;
const DISK_BYTES: u64 = 96 << 20;
/// Two programmes at once, so that commits are grouped.
const PROGRAMMES: [RangeInclusive<u16>; 2] = [1..=20, 21..=40];

/// What one programme was told, and what it was about when the power went.
#[derive(Debug, Default)]
struct Programme {
    told: Acknowledged,
    open: Option<u16>,
    /// Once the power is cut: whom a request was about that is not known to count.
    unsure: Option<BTreeSet<u16>>,
}

type Shared = Arc<Mutex<Programme>>;

fn lock(shared: &Shared) -> MutexGuard<'_, Programme> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Asks until nobody answers.
fn keep_busy(port: u16, members: &RangeInclusive<u16>, seed: u64, shared: &Shared) {
    let mut chance = Chance::new(seed);
    loop {
        let (request, mut told) = {
            let mut now = lock(shared);
            let request = now.told.next(members, &mut chance);
            now.open = Some(request.member);
            if let Some(unsure) = &mut now.unsure {
                unsure.insert(request.member);
            }
            (request, now.told.clone())
        };
        if told.ask(port, &request).is_none() {
            return;
        }
        let mut now = lock(shared);
        now.told = told;
        now.open = None;
    }
}

/// What every programme has been told by now; the power goes right after this.
fn witness(shared: &[Shared]) -> Acknowledged {
    let mut known = Acknowledged::default();
    for shared in shared {
        let mut now = lock(shared);
        now.unsure = Some(now.open.into_iter().collect());
        known.by_member.extend(now.told.by_member.clone());
    }
    known
}

#[test]
#[ignore = "by `cargo suite faults`"]
fn what_was_acknowledged_survives_a_power_cut_at_any_moment() {
    let Some(mut disk) = Disk::new(DISK_BYTES) else {
        return;
    };
    let site = Site::embedded();
    site.edit(
        &site.data().display().to_string(),
        &disk.at().join("data").display().to_string(),
    );
    let cuts = times("AISLECAST_CUTS", CUTS);
    let mut chance = Chance::new(4);
    let mut known = Acknowledged::default();
    let (mut answers, mut starts) = (0, Vec::new());
    for _ in 0..cuts {
        let mut gateway = Gateway::start(&site);
        let before = known.versions();
        let (now, unsure) = cut(&mut gateway, &site, &disk, &known, &mut chance);
        known = now;
        answers += known.versions() - before;
        disk.restore();
        let begun = Instant::now();
        let mut gateway = Gateway::start(&site);
        starts.push(begun.elapsed());
        known.check(&site, &gateway, &unsure);
        known.settle(&gateway, &unsure);
        gateway.process().kill();
    }
    assert!(answers > cuts as u64, "only {answers} answers");
    starts.sort();
    eprintln!(
        "power: {cuts} cuts, {answers} enrolments acknowledged, 0 lost, 0 failed starts, \
         the slowest ready after {:.1} s",
        starts[starts.len() - 1].as_secs_f64()
    );
}

/// Keeps the gateway busy and cuts its power: what it had acknowledged before, and
/// about whom it was asked something since.
fn cut(
    gateway: &mut Gateway,
    site: &Site,
    disk: &Disk,
    known: &Acknowledged,
    chance: &mut Chance,
) -> (Acknowledged, BTreeSet<u16>) {
    let shared = PROGRAMMES.map(|members| {
        let mut told = known.clone();
        told.by_member.retain(|n, _| members.contains(n));
        Arc::new(Mutex::new(Programme {
            told,
            ..Programme::default()
        }))
    });
    let witnessed = thread::scope(|scope| {
        for (members, shared) in PROGRAMMES.iter().zip(&shared) {
            let (port, seed) = (site.http_port, chance.number());
            scope.spawn(move || keep_busy(port, members, seed, shared));
        }
        // Not a wait for something: the moment of the cut is part of the test.
        let (_never, moment) = mpsc::channel::<()>();
        let _ = moment.recv_timeout(Duration::from_millis(50 + chance.number() % 700));
        let witnessed = witness(&shared);
        disk.cut();
        gateway.process().kill();
        witnessed
    });
    let unsure = shared.iter().flat_map(|shared| {
        let unsure = lock(shared).unsure.take();
        unsure.expect("they were witnessed")
    });
    (witnessed, unsure.collect())
}
