//! Data folders that older versions wrote, under `tests/golden`: this one opens them
//! with everything in them. A newer one it refuses, and leaves as it is.
//!
//! A folder of this version, when its form has changed:
//! `AISLECAST_FOLDER=NAME cargo test --test suite writes_a_data_folder -- --ignored`.
//! So can an older program, in place of `target/debug/aislecast`: `0-before-sealing` is
//! what one of before the keyring wrote.

use crate::vouchers::{self, Question};
use serde_json::{Value, json};
use std::{
    collections::BTreeMap,
    env, fs,
    ops::RangeInclusive,
    path::{Path, PathBuf},
    process::{Command, Output},
    time::{SystemTime, UNIX_EPOCH},
};
use tests::{
    desk::{self, Member},
    gateway::{Gateway, aislecast, outcome, spawn},
    house, http,
    members::walk_in,
    mosquitto::Mosquitto,
    radio::InTheDairy,
    screen::Screen,
    site::Site,
    wall_clock::WallClock,
};

/// Members of a folder. Of the first some walk about while it is written.
const CONSENTING: RangeInclusive<u16> = 1..=8;
const WITHDRAWN: RangeInclusive<u16> = 9..=11;
const FORGOTTEN: RangeInclusive<u16> = 12..=13;
const VERSION: u64 = 3;
/// Vouchers that were shown; one was redeemed, the rest are good.
const VOUCHERS: usize = 3;

fn golden() -> PathBuf {
    house::root().join("tests/golden")
}

fn text(path: &Path) -> &str {
    path.to_str().expect("a path of letters")
}

fn well(output: &Output) -> String {
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// Packs or unpacks with the system's tar.
fn tar(words: &[&str]) {
    well(
        &Command::new("tar")
            .args(words)
            .output()
            .expect("tar starts"),
    );
}

/// What a folder holds, by a program that only looks.
fn held(site: &Site) -> Value {
    let said = aislecast(&["store", "stats", "--json", "--dir", text(&site.data())]);
    let mut all: Value = serde_json::from_str(&well(&said)).expect("it is JSON");
    // How often it was started and how far the cache is are nothing to keep.
    all.as_object_mut()
        .expect("an object")
        .remove("applied_seq");
    all
}

/// What a gateway makes of it.
fn understood(gateway: &Gateway) -> Value {
    json!({ "offers": offers(&gateway.live()), "paused": paused(gateway) })
}

fn paused(gateway: &Gateway) -> Value {
    let listed = gateway.get("/api/v1/offers").json();
    let offers = listed["offers"].as_array().into_iter().flatten();
    let paused = offers.filter(|offer| offer["paused"] == true);
    paused.map(|offer| offer["id"].clone()).collect()
}

fn offers(live: &Value) -> Value {
    let offers = live["status"]["offers"].as_array().into_iter().flatten();
    let offers = offers.map(|offer| {
        let kept = ["id", "left", "vouchers"].map(|key| (key, offer[key].clone()));
        Value::from_iter(kept)
    });
    offers.collect()
}

#[test]
fn what_older_versions_wrote_is_opened_with_everything_in_it() {
    let folders = fs::read_dir(golden())
        .expect("the folder is there")
        .flatten();
    let mut stories: Vec<PathBuf> = folders.map(|entry| entry.path()).collect();
    stories.retain(|path| path.extension().is_some_and(|end| end == "json"));
    stories.sort();
    assert!(!stories.is_empty(), "{}", golden().display());
    let dir = tempfile::tempdir().expect("the temporary folder can be written");
    let Some(clock) = WallClock::start(dir.path()) else {
        return;
    };
    for story in stories {
        let story_text = fs::read_to_string(&story).expect("it is there");
        let told: Value = serde_json::from_str(&story_text).expect("it is JSON");
        let site = unpacked(&story, &told);
        assert_eq!(held(&site), told["held"], "{}", story.display());
        // Vouchers end, some day: it is still the day on which it was written.
        clock.set(told["written_s"].as_i64().expect("a date") + 60);
        let mut gateway = Gateway::start_at(&site, &clock);
        check(&site, &gateway, &told);
        // Once more: what was brought over is not brought over twice.
        gateway.process().kill();
        check(&site, &Gateway::start_at(&site, &clock), &told);
    }
}

/// A shop that goes on with a folder.
fn unpacked(story: &Path, told: &Value) -> Site {
    let site = Site::embedded();
    let config = fs::read_to_string(site.config()).expect("it was written at the start");
    let more = told["config"].as_str().expect("text");
    fs::write(site.config(), config + more).expect("the folder can be written");
    let archive = story.with_extension("tar.gz");
    tar(&["-xzf", text(&archive), "-C", text(site.dir())]);
    site
}

fn check(site: &Site, gateway: &Gateway, told: &Value) {
    assert_eq!(understood(gateway), told["understood"]);
    let note = &gateway.live()["health"]["store_note"];
    assert!(note.is_null(), "it needed mending: {note}");
    for n in CONSENTING {
        let answer = gateway.post("/api/profiles", &Member::new(n).enrolment(VERSION));
        assert_eq!(outcome(&answer), "stale", "member {n} is lost");
    }
    assert_eq!(walk_in(site, gateway, CONSENTING), CONSENTING.count());
    assert_eq!(walk_in(site, gateway, WITHDRAWN), 0);
    assert_eq!(walk_in(site, gateway, FORGOTTEN), 0);
    let codes = |key: &str| told[key].as_str().expect("a code").to_owned();
    for (code, action, status) in [
        (codes("redeemed"), "commit", 409),
        (codes("good"), "reserve", 200),
    ] {
        let question = Question {
            action,
            receipt: "another".to_owned(),
            attempt: 1,
        };
        let answer = vouchers::ask(site.http_port, &code, &question);
        assert_eq!(answer.expect("an answer").0, status, "{code}");
    }
    let Some(token) = told["token"].as_str() else {
        return;
    };
    let bearer = http::bearer(token);
    let metrics = http::ask_by(site.http_port, ("GET", "/metrics"), &bearer, b"");
    assert_eq!(metrics.expect("an answer").status, 200, "a token is lost");
    let data = site.data();
    let accounts = aislecast(&["account", "list", "--data", text(&data)]);
    assert!(well(&accounts).contains("Lan"), "an account is lost");
}

/// Every file of a folder with its bytes.
fn bytes(site: &Site) -> BTreeMap<PathBuf, Vec<u8>> {
    site.data_bytes().into_iter().collect()
}

#[test]
fn a_folder_of_a_newer_version_is_refused_and_left_as_it_is() {
    let site = Site::embedded();
    let mut gateway = Gateway::start(&site);
    gateway.enrol(&Member::new(1), 1);
    gateway.process().interrupt();
    gateway.process().finish();
    drop(gateway);
    let spoil: [fn(&Site); 2] = [note_newer, write_newer_ledger];
    for (n, spoil) in spoil.iter().enumerate() {
        spoil(&site);
        let before = bytes(&site);
        let mut process = spawn(&site.config(), site.dir());
        let status = process.finish();
        let said = process.said();
        assert!(!status.success(), "{n}: {said}");
        assert!(said.contains("newer than this program"), "{n}: {said}");
        assert!(said.contains("start the newer aislecast"), "{n}: {said}");
        let check = aislecast(&["store", "check", "--dir", text(&site.data())]);
        assert!(!check.status.success(), "{n}");
        assert_eq!(bytes(&site), before, "{n}: it was touched");
    }
}

fn note_newer(site: &Site) {
    let sum = crc32c::crc32c(b"2");
    let note = format!("2 {sum:08x}\n");
    fs::write(site.data().join("version"), note).expect("the folder is there");
}

/// The newest file of the ledger says that it has another form, and nothing else does.
fn write_newer_ledger(site: &Site) {
    fs::remove_file(site.data().join("version")).expect("it has been noted");
    let ledger = fs::read_dir(site.data().join("ledger")).expect("it is there");
    let newest = ledger.flatten().map(|entry| entry.path());
    let newest = newest.filter(|path| path.extension().is_some_and(|end| end == "log"));
    let newest = newest.max().expect("a ledger has files");
    let mut file = fs::read(&newest).expect("it is there");
    file[8..12].copy_from_slice(&3_u32.to_le_bytes());
    let sum = crc32c::crc32c(&file[..24]);
    file[24..28].copy_from_slice(&sum.to_le_bytes());
    fs::write(newest, file).expect("it is ours");
}

#[test]
#[ignore = "by hand, when the form of data folders has changed"]
fn writes_a_data_folder_of_this_version() {
    let name = env::var("AISLECAST_FOLDER").expect("AISLECAST_FOLDER names the new folder");
    let story = golden().join(format!("{name}.json"));
    assert!(!story.exists(), "what was written once is never changed");
    let dir = tempfile::tempdir().expect("the temporary folder can be written");
    let broker = Mosquitto::start(dir.path()).expect("a broker is needed for vouchers");
    let (site, more) = shop(&broker);
    let mut gateway = Gateway::start(&site);
    let mut told = live_through(&site, &gateway, &broker);
    gateway.process().interrupt();
    gateway.process().finish();
    drop(gateway);
    let _ = fs::remove_file(site.data().join("ballast"));
    told["config"] = more.into();
    told["held"] = held(&site);
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    told["written_s"] = now.expect("it is after 1970").as_secs().into();
    let archive = story.with_extension("tar.gz");
    tar(&["-czf", text(&archive), "-C", text(site.dir()), "data"]);
    let told = serde_json::to_string_pretty(&told).expect("it is JSON");
    fs::write(story, told + "\n").expect("the folder is there");
}

/// A shop with a till and an author, and what its file says of them.
fn shop(broker: &Mosquitto) -> (Site, String) {
    let site = vouchers::shop(broker, VOUCHERS);
    let key = site.dir().join("lan.key");
    let author = aislecast(&["offers", "keygen", "lan", "--out", text(&key)]);
    let rule = format!("\n[offers]\ncountersign = false\n{}", well(&author));
    let config = fs::read_to_string(site.config()).expect("it was written at the start");
    fs::write(site.config(), config + &rule).expect("the folder can be written");
    (site, vouchers::TILL.to_owned() + &rule)
}

/// A day with everything in it that is kept.
fn live_through(site: &Site, gateway: &Gateway, broker: &Mosquitto) -> Value {
    for version in 1..=VERSION {
        for n in *CONSENTING.start()..=*FORGOTTEN.end() {
            gateway.enrol(&Member::new(n), version);
        }
    }
    for n in WITHDRAWN {
        let body = desk::withdrawal(&Member::new(n).customer);
        assert_eq!(outcome(&gateway.post("/api/withdraw", &body)), "done");
    }
    for n in FORGOTTEN {
        let body = json!({ "customer": Member::new(n).customer });
        assert_eq!(outcome(&gateway.post("/api/forget", &body)), "done");
    }
    apply(site);
    let codes = vouchers_of(gateway, broker);
    let question = Question {
        action: "commit",
        receipt: "first".to_owned(),
        attempt: 1,
    };
    let redeemed = vouchers::ask(site.http_port, &codes[0], &question);
    assert_eq!(redeemed.expect("an answer").1, "committed");
    gateway.post("/api/v1/offers/pause", &json!({ "offer": "members" }));
    gateway.until("the voucher counts", |live| {
        live["status"]["offers"][0]["vouchers"]["committed"] == 1
    });
    let understood = understood(gateway);
    json!({
        "redeemed": codes[0], "good": codes[1], "token": let_in(site), "understood": understood,
    })
}

/// Every voucher, once the screen has shown them all.
fn vouchers_of(gateway: &Gateway, broker: &Mosquitto) -> Vec<String> {
    let fobs = CONSENTING.take(2).map(|n| Member::new(n).fob);
    let _shoppers = InTheDairy::with(broker.port, fobs.collect());
    let screen = Screen::on(broker);
    vouchers::greet(gateway, &screen);
    vouchers::all_codes(gateway, &screen, VOUCHERS)
}

/// The shop's own offers, as a bundle.
fn apply(site: &Site) {
    let url = format!("http://127.0.0.1:{}", site.http_port);
    let (folder, key) = (site.dir().to_owned(), site.dir().join("lan.key"));
    let words = ["offers", "apply", text(&folder), "--yes", "--author", "lan"];
    let more = ["--key", text(&key), "--url", &url];
    well(&aislecast(&[&words[..], &more].concat()));
}

/// A program and somebody who may come in; nothing where nobody was ever let in.
fn let_in(site: &Site) -> Option<String> {
    let data = site.data();
    let token = aislecast(&[
        "token",
        "add",
        "prometheus",
        "--scope",
        "metrics",
        "--data",
        text(&data),
    ]);
    if !token.status.success() {
        return None;
    }
    let words = [
        "account",
        "add",
        "Lan",
        "--role",
        "staff",
        "--data",
        text(&data),
    ];
    well(&aislecast(&words));
    Some(well(&token).trim().to_owned())
}
