//! A day that a real gateway recorded is decided again by the real program.

use crate::vouchers::{self, Question};
use serde_json::{Value, json};
use std::{fs, path::Path};
use tests::{
    desk::Member,
    gateway::{Gateway, aislecast},
    mosquitto::Mosquitto,
    mqtt::Client,
    page,
    radio::InTheDairy,
    screen::Screen,
    site::{Site, topic},
    wait,
};

fn replay(site: &Site, more: &[&str]) -> (Option<i32>, String) {
    let config = site.config().display().to_string();
    let arguments = [&["offers", "replay", config.as_str()][..], more].concat();
    let output = aislecast(&arguments);
    let said = [output.stdout, output.stderr].concat();
    (output.status.code(), String::from_utf8_lossy(&said).into())
}

fn replay_json(site: &Site) -> Value {
    let (code, said) = replay(site, &["--json"]);
    assert_eq!(code, Some(0), "{said}");
    serde_json::from_str(&said).unwrap_or_else(|error| panic!("{error}: {said}"))
}

/// Has its days recorded.
fn record(site: &Site) {
    let text = fs::read_to_string(site.config()).expect("it was written");
    let recording = "\n[recording]\nkeep_days = 2\nmax_bytes = \"32 MiB\"\n";
    fs::write(site.config(), text + recording).expect("the folder can be written");
}

fn sum(report: &Value, key: &str) -> u64 {
    let runs = report["runs"].as_array().expect("runs are told");
    runs.iter().filter_map(|run| run[key].as_u64()).sum()
}

/// A shop that records, with a member in the dairy before a screen that is there.
fn a_while(site: &Site, gateway: &Gateway, member: &Member) {
    let shoppers = InTheDairy::with(site.broker_port, vec![member.fob]);
    let mut player = Client::connect(site.broker_port, "player").expect("the broker is there");
    let hello = json!({"screen": "front", "player": "p", "revision": 0, "status": "hello"});
    wait::until("the screen was ordered something", || {
        let report = topic("screen/front/report");
        let said = player.publish(&report, hello.to_string().as_bytes());
        said.and_then(|()| player.flush())
            .expect("the broker is there");
        (gateway.count("commands") > 0).then_some(())
    });
    wait::until("enough was recorded", || {
        let kept = site.data_bytes().into_iter();
        let of_recording = kept.filter(|(path, _)| path.extension().is_some_and(|e| e == "rec"));
        let bytes: usize = of_recording.map(|(_, bytes)| bytes.len()).sum();
        let report = (bytes > 0).then(|| replay_json(site))?;
        (sum(&report, "signals") > 5 && sum(&report, "decisions") > 0).then_some(())
    });
    drop(shoppers);
}

#[test]
fn what_a_gateway_recorded_is_decided_again_also_after_a_kill_and_without_whom_it_forgot() {
    let site = Site::embedded();
    record(&site);
    let member = Member::new(1);

    let mut gateway = Gateway::start(&site);
    gateway.enrol(&member, 1);
    a_while(&site, &gateway, &member);
    gateway.process().kill();
    let report = replay_json(&site);
    let runs = report["runs"].as_array().expect("runs are told");
    assert_eq!(runs.len(), 1, "{report:#}");
    assert_eq!(runs[0]["otherwise"], Value::Null, "{report:#}");
    assert_eq!(runs[0]["ended_in_order"], false, "{report:#}");

    let gateway = Gateway::start(&site);
    a_while(&site, &gateway, &member);
    let before = replay_json(&site);
    assert!(sum(&before, "signals") > 10, "{before:#}");
    let forgotten = gateway.post("/api/forget", &json!({"customer": member.customer}));
    assert_eq!(forgotten.status, 200);
    wait::until("the recordings have forgotten too", || {
        let report = replay_json(&site);
        (sum(&report, "signals") == 0 && sum(&report, "taken_out") == 2).then_some(())
    });
}

#[test]
fn what_the_page_about_rehearsing_tells_to_run_runs() {
    let folder = tempfile::tempdir().expect("the temporary folder can be written");
    let said = page::perform("docs/replay.md", folder.path());
    let said = said.last().expect("it has commands");
    let report: Value = serde_json::from_str(said).expect("the last one prints JSON");
    assert!(sum(&report, "decisions") > 100, "{report:#}");
    for offer in report["difference"]["offers"].as_array().expect("told") {
        assert_eq!(offer["status"], "kept", "{offer:#}");
        assert_eq!(offer["showings"][0], offer["showings"][1], "{offer:#}");
    }
}

#[test]
fn a_day_with_vouchers_is_rehearsed_with_fewer_of_them() {
    let dir = tempfile::tempdir().expect("the temporary folder can be written");
    let Some(broker) = Mosquitto::start(dir.path()) else {
        return;
    };
    let site = vouchers::shop(&broker, 3);
    record(&site);
    a_voucher_is_redeemed(&site, &broker);

    let candidate = dir.path().join("fewer");
    fewer(&site, &candidate);
    let other = ["--offers", candidate.to_str().expect("a plain name")];
    let (code, said) = replay(&site, &[&other[..], &["--json"]].concat());
    assert_eq!(code, Some(0), "{said}");
    let report: Value = serde_json::from_str(&said).expect("it is JSON");
    assert_eq!(report["runs"][0]["otherwise"], Value::Null, "{report:#}");
    let told = &report["difference"]["vouchers"][0];
    assert_eq!(told["name"], "members", "{report:#}");
    let codes = [
        &told["before"]["issued"],
        &told["after"]["issued"],
        &told["issued_live"],
        &told["redeemed_live"],
    ];
    assert_eq!(codes, [3, 1, 3, 1], "{told:#}");
    assert!(told["after"]["full_from"].is_string(), "{told:#}");
    let (_, said) = replay(&site, &other);
    let words = "offer members: 1 codes worth 5000 instead of 3 worth 15000";
    assert!(said.contains(words), "{said}");
    assert!(said.contains("live, 1 of 3 codes were redeemed"), "{said}");
}

/// A day on which a screen shows three vouchers and a till takes one of them.
fn a_voucher_is_redeemed(site: &Site, broker: &Mosquitto) {
    let member = Member::new(1);
    let _shopper = InTheDairy::with(broker.port, vec![member.fob]);
    let screen = Screen::on(broker);
    let mut gateway = Gateway::start(site);
    gateway.enrol(&member, 1);
    vouchers::greet(&gateway, &screen);
    let codes = vouchers::all_codes(&gateway, &screen, 3);
    let question = Question {
        action: "commit",
        receipt: "R-1".to_owned(),
        attempt: 1,
    };
    let answer = vouchers::ask(site.http_port, &codes[0], &question);
    assert_eq!(answer, Some((200, "committed".to_owned())));
    gateway.process().interrupt();
    let ended = gateway.process().finish();
    assert!(ended.success(), "{ended}");
}

/// The shop's offers with one voucher instead of three.
fn fewer(site: &Site, folder: &Path) {
    let offers = folder.join("offers");
    fs::create_dir_all(&offers).expect("the folder can be written");
    let text = fs::read_to_string(site.dir().join("offers/members.toml"));
    let text = text.expect("the test shop has it");
    let other = text.replace("redemptions = 3", "redemptions = 1");
    assert_ne!(text, other);
    fs::write(offers.join("members.toml"), other).expect("the folder can be written");
}
