//! The disk runs full and has room again: nothing acknowledged is lost, whoever
//! looks is told, and it heals by itself.

use std::{
    collections::BTreeSet,
    fs::{self, File},
    io::Write as _,
    ops::RangeInclusive,
    path::Path,
    sync::mpsc,
    thread,
    time::{Duration, Instant},
};
use tests::{
    desk::Member, disk::Disk, gateway::Gateway, http, members::Acknowledged, site::Site, wait,
};

const DISK_BYTES: u64 = 32 << 20;
/// Who is enrolled while there is room.
const BEFORE: RangeInclusive<u16> = 1..=20;
/// How many more are asked for while it is full.
const MORE: u16 = 20;

/// Writes until nothing more fits.
fn fill(file: &Path) {
    let mut file = File::create(file).expect("the disk is there");
    for block in [1 << 20, 4096, 64] {
        let zeros = vec![0; block];
        while file
            .write_all(&zeros)
            .and_then(|()| file.sync_data())
            .is_ok()
        {}
    }
}

#[test]
#[ignore = "by `cargo suite faults`"]
fn a_full_disk_loses_nothing_is_told_and_heals() {
    let Some(disk) = Disk::new(DISK_BYTES) else {
        return;
    };
    let site = Site::embedded();
    site.edit(
        &site.data().display().to_string(),
        &disk.at().join("data").display().to_string(),
    );
    let mut gateway = Gateway::start(&site);
    let mut known = Acknowledged::default();
    for n in BEFORE {
        gateway.enrol(&Member::new(n), 1);
        known.by_member.insert(n, (1, true));
    }
    let (asked, told) = until_full(&site, &gateway, &disk, &mut known);
    assert_eq!(gateway.live()["health"]["store"], false);
    let asked = while_full(asked, site.http_port, &mut known);
    for entry in fs::read_dir(disk.at())
        .expect("the disk is there")
        .flatten()
    {
        if entry.file_name().to_string_lossy().starts_with("filler") {
            fs::remove_file(entry.path()).expect("it is ours");
        }
    }
    let begun = Instant::now();
    wait::until("it heals", || {
        (gateway.get("/readyz").status == 200).then_some(())
    });
    let healed = begun.elapsed();
    // What was asked in between may or may not have been taken in later.
    gateway.enrol(&Member::new(asked + 1), 1);
    known.by_member.insert(asked + 1, (1, true));
    gateway.process().kill();
    let gateway = Gateway::start(&site);
    known.check(&site, &gateway, &BTreeSet::new());
    eprintln!(
        "full disk: told {:.1} s after the first enrolment that found no room, healed {:.1} s \
         after there was some, {} enrolments acknowledged, 0 lost",
        told.as_secs_f64(),
        healed.as_secs_f64(),
        known.by_member.len(),
    );
}

/// Enrols members on a disk that is ever full again, until one finds no room: which,
/// and how long after it was asked for whoever looks is told.
fn until_full(
    site: &Site,
    gateway: &Gateway,
    disk: &Disk,
    known: &mut Acknowledged,
) -> (u16, Duration) {
    for n in BEFORE.end() + 1.. {
        // The ballast goes first, and then that room is taken, too.
        fill(&disk.at().join(format!("filler-{n}")));
        let begun = Instant::now();
        let answer = enrol(site.http_port, n);
        let told = wait::until("it is answered, or whoever looks is told", || {
            let full = gateway.get("/readyz").status == 503;
            let done = answer
                .try_recv()
                .is_ok_and(|answer| is_done(answer.as_ref()));
            (full || done).then(|| (!done).then(|| begun.elapsed()))
        });
        match told {
            None => _ = known.by_member.insert(n, (1, true)),
            Some(told) => return (n, told),
        }
    }
    unreachable!("a disk is full before there are 65,535 members")
}

/// Enrols more although the disk is full, as long as the gateway has room of its own:
/// the last one, of whom nobody knows.
fn while_full(asked: u16, port: u16, known: &mut Acknowledged) -> u16 {
    for n in asked + 1..asked + MORE {
        let answer = enrol(port, n).recv_timeout(Duration::from_secs(2));
        if !answer.is_ok_and(|answer| is_done(answer.as_ref())) {
            return n;
        }
        known.by_member.insert(n, (1, true));
    }
    asked + MORE - 1
}

/// Asks for somebody to be enrolled; an answer may come once there is room again.
fn enrol(port: u16, n: u16) -> mpsc::Receiver<Option<http::Answer>> {
    let (answered, answer) = mpsc::channel();
    let body = Member::new(n).enrolment(1).to_string();
    thread::spawn(move || {
        // Whoever waits may have seen enough.
        let _ = answered.send(http::ask(port, "POST", "/api/profiles", body.as_bytes()));
    });
    answer
}

fn is_done(answer: Option<&http::Answer>) -> bool {
    answer.is_some_and(|answer| answer.status == 200 && answer.json()["outcome"] == "done")
}
