//! The disk runs full and has room again: nothing acknowledged is lost, whoever looks is
//! told, consents are taken back all the while, and it heals by itself.

use serde_json::{Value, json};
use std::{
    collections::BTreeSet,
    fs::{self, File},
    io::Write as _,
    ops::RangeInclusive,
    path::Path,
    thread,
    time::{Duration, Instant},
};
use tests::{
    desk::{self, Member},
    disk::Disk,
    gateway::{Gateway, outcome},
    http,
    members::Acknowledged,
    site::Site,
    wait,
};

const DISK_BYTES: u64 = 64 << 20;
/// Who is enrolled while there is room.
const BEFORE: RangeInclusive<u16> = 1..=30;
/// Who takes everything back while there is none, and by which way.
const WITHDRAW: RangeInclusive<u16> = 1..=5;
const FORGET: RangeInclusive<u16> = 6..=8;
const AGREE_TO_LESS: RangeInclusive<u16> = 9..=10;
/// Who asks to be enrolled while there is none.
const TOO_LATE: RangeInclusive<u16> = 31..=50;
/// From here on they are enrolled one after the other while the disk runs full.
const MEANWHILE: u16 = 51;

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
    let data = disk.at().join("data");
    site.edit(
        &site.data().display().to_string(),
        &data.display().to_string(),
    );
    let mut gateway = Gateway::start(&site);
    let mut known = Acknowledged::default();
    for n in BEFORE {
        gateway.enrol(&Member::new(n), 1);
        known.by_member.insert(n, (1, true));
    }
    let (told, unsure) = run_full(&site, &gateway, &disk.at(), &mut known);
    assert!(!data.join("ballast").exists(), "it was given up");
    fill(&disk.at().join("filler-2"));
    let answered = while_full(&gateway, &mut known);
    for n in [1, 2] {
        fs::remove_file(disk.at().join(format!("filler-{n}"))).expect("it is ours");
    }
    let begun = Instant::now();
    wait::until("it heals", || {
        (gateway.get("/readyz").status == 200).then_some(())
    });
    let healed = begun.elapsed();
    gateway.enrol(&Member::new(*TOO_LATE.start()), 1);
    known.by_member.insert(*TOO_LATE.start(), (1, true));
    gateway.process().kill();
    let gateway = Gateway::start(&site);
    for n in FORGET {
        let answer = gateway.post("/api/profiles", &Member::new(n).enrolment(1));
        assert_eq!(outcome(&answer), "forgotten", "{n}");
    }
    known.check(&site, &gateway, &unsure);
    eprintln!(
        "full disk: told {:.1} s after it was, {} asked to be enrolled and were turned away, {} \
         consents taken back meanwhile, the slowest in {} ms; healed {:.1} s after there was \
         room, {} enrolments acknowledged, 0 lost",
        told.as_secs_f64(),
        TOO_LATE.len(),
        WITHDRAW.len() + FORGET.len() + AGREE_TO_LESS.len(),
        answered.as_millis(),
        healed.as_secs_f64(),
        known.by_member.len(),
    );
}

/// Fills the disk while members are enrolled, until whoever looks is told: how long
/// after that was, and of whom nobody knows.
fn run_full(
    site: &Site,
    gateway: &Gateway,
    disk: &Path,
    known: &mut Acknowledged,
) -> (Duration, BTreeSet<u16>) {
    let port = site.http_port;
    let meanwhile = thread::spawn(move || {
        let mut done = Vec::new();
        for n in MEANWHILE.. {
            let body = Member::new(n).enrolment(1).to_string();
            match http::ask(port, "POST", "/api/profiles", body.as_bytes()) {
                Some(answer) if answer.status == 200 => done.push(n),
                Some(answer) if answer.status == 507 => return (done, None),
                _ => return (done, Some(n)),
            }
        }
        unreachable!("a disk is full before there are 65,535 members")
    });
    fill(&disk.join("filler-1"));
    let begun = Instant::now();
    wait::until("whoever looks is told", || {
        (gateway.get("/readyz").status == 503).then_some(())
    });
    let told = begun.elapsed();
    let (done, unsure) = meanwhile.join().expect("they are enrolled");
    known
        .by_member
        .extend(done.into_iter().map(|n| (n, (1, true))));
    (told, unsure.into_iter().collect())
}

/// What is asked on a disk without any room at all: the slowest answer of those who take
/// something back.
fn while_full(gateway: &Gateway, known: &mut Acknowledged) -> Duration {
    for n in TOO_LATE {
        let answer = gateway.post("/api/profiles", &Member::new(n).enrolment(1));
        assert_eq!(answer.status, 507, "{n}");
        assert!(
            answer
                .text()
                .starts_with(r#"{"line":1,"outcome":"no_room"}"#)
        );
    }
    let live = gateway.live();
    assert_eq!(live["health"]["room"], false);
    assert_eq!(live["health"]["store"], true, "what matters is kept");
    let mut slowest = Duration::ZERO;
    let mut ask = |n: u16, path: &str, body: &Value| {
        known.by_member.insert(n, (1, false));
        let begun = Instant::now();
        let answer = gateway.post(path, body);
        slowest = slowest.max(begun.elapsed());
        answer.status
    };
    for n in WITHDRAW {
        let body = desk::withdrawal(&Member::new(n).customer);
        assert_eq!(ask(n, "/api/withdraw", &body), 200, "{n}");
    }
    for n in AGREE_TO_LESS {
        let mut body = Member::new(n).enrolment(2);
        body["consent"]["purposes"] = json!([]);
        assert_eq!(ask(n, "/api/profiles", &body), 507, "{n}");
    }
    for n in FORGET {
        let body = json!({ "customer": Member::new(n).customer });
        assert_eq!(ask(n, "/api/forget", &body), 200, "{n}");
    }
    known.by_member.retain(|n, _| !FORGET.contains(n));
    slowest
}
