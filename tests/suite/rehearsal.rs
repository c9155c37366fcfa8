//! A day that a real gateway recorded is decided again by the real program.

use serde_json::{Value, json};
use std::fs;
use tests::{
    desk::Member,
    gateway::{Gateway, aislecast},
    mqtt::Client,
    page,
    radio::InTheDairy,
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
    let text = fs::read_to_string(site.config()).expect("it was written");
    let recording = "\n[recording]\nkeep_days = 2\nmax_bytes = \"32 MiB\"\n";
    fs::write(site.config(), text + recording).expect("the folder can be written");
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
