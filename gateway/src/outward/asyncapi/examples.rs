//! A message or two for each topic, made by the code that makes the real ones
//! or read by the code that reads them.

use crate::{
    outward::{
        event::Events,
        state::{GatewayHealth, ScreenState, ZoneState},
    },
    problems::{Problem, Severity},
    shop::Shown,
};
use engine::time::UnixMs;
use protocol::{
    health::{NodeHealth, NodeTime, Restart},
    time::Trust,
    topic::{Desk, EventKind, Topic},
};
use serde::Serialize;
use serde_json::{Value, json};

const FRAMES: [&str; 2] = [
    include_str!("../../../../protocol/golden/node-frame-v1.hex"),
    include_str!("../../../../protocol/golden/node-frame-v2.hex"),
];
const ASKS: [&str; 1] = [include_str!("../../../../protocol/golden/node-ask-v1.hex")];
const TIMES: [&str; 1] = [include_str!("../../../../protocol/golden/node-time-v1.hex")];
const COMMANDS: &str = include_str!("../../../../protocol/golden/screen-command.jsonl");
const REPORTS: &str = include_str!("../../../../protocol/golden/screen-report.jsonl");

/// 2026-11-21T02:00:00Z.
const AT: Option<UnixMs> = Some(UnixMs(1_795_226_400_000));

/// Payloads that a topic may carry.
pub(super) fn of(topic: &Topic) -> Vec<Value> {
    match topic {
        Topic::GatewayStatus | Topic::NodeStatus(_) => vec!["online".into(), "offline".into()],
        Topic::NodeHealth(_) => vec![value(&NodeHealth {
            firmware: "0.1.0".try_into().expect("it is short"),
            boot: 7,
            uptime_ms: 61_000,
            heard: 1_830,
            refused: 1_210,
            read: 7,
            faults: 0,
            dropped: 0,
            waiting: 21,
            restart: Restart::Power,
            time: NodeTime {
                trust: Trust::Synced,
                within_ms: 9,
                refused: 0,
            },
        })],
        Topic::GatewayHealth => vec![value(&GatewayHealth {
            healthy: false,
            problems: vec!["screen:bakery".to_owned(), "scanner:s-dairy".to_owned()],
        })],
        Topic::ZoneState(_) => vec![value(&ZoneState {
            people_min: 5,
            busy: true,
        })],
        Topic::ScreenState(_) => vec![value(&ScreenState {
            offer: Some("iced-tea-noon".parse().expect("it is a name")),
            problem: false,
        })],
        Topic::NodeFrame(_) => digits(&FRAMES),
        Topic::NodeAsk(_) => digits(&ASKS),
        Topic::NodeTime(_) => digits(&TIMES),
        Topic::ScreenCommand(_) => lines(COMMANDS),
        Topic::ScreenReport(_) => lines(REPORTS),
        Topic::In(desk) => vec![to_desk(*desk)],
        Topic::Till(_) => vec![json!({
            "number": "R-1", "outlet": "Quận 7",
            "lines": [{"sku": "tra-dao-loc-6", "qty": 2, "amount": 78_000}],
        })],
        Topic::Answer => vec![
            json!({"id": "m-1", "outcome": "done"}),
            json!({"id": "m-2", "error": "customer: is missing"}),
        ],
        Topic::OffersSet => vec!["61 69 73 6c 65 63 61 73 74 2d 62 75 6e 64 6c 65 20 31".into()],
        Topic::OffersResult => vec![
            json!({"bundle": "5e".repeat(32), "version": 7}),
            json!({"bundle": "5e".repeat(32), "refused": "unsealed",
                   "error": "the bundle is not taken: it is meant for other shops"}),
        ],
        Topic::Event(kind) => vec![event(*kind)],
        Topic::DemoTag => vec![
            json!({
                "tag": "ibeacon:a15ec457-0000-4000-8000-0000000000ca-1-1",
                "way": {"from": [3.5, 2.0], "to": [3.5, 2.0], "level": 0},
            }),
            json!({"tag": null, "way": null}),
        ],
        Topic::DemoTruth => vec![json!({
            "people": [{"x_m": 3.5, "y_m": 2.0, "customer": "C-100", "opted_in": true}],
        })],
    }
}

fn value(state: &impl Serialize) -> Value {
    serde_json::to_value(state).expect("a state has only text keys")
}

/// Golden bytes, without their comments.
fn digits(files: &[&str]) -> Vec<Value> {
    let digits = |file: &&str| {
        let lines = file.lines().filter(|line| !line.starts_with('#'));
        lines.collect::<String>().into()
    };
    files.iter().map(digits).collect()
}

fn lines(text: &str) -> Vec<Value> {
    let lines = text.lines().map(serde_json::from_str);
    lines
        .collect::<Result<_, _>>()
        .expect("golden lines are JSON")
}

fn to_desk(desk: Desk) -> Value {
    match desk {
        Desk::Profile => json!({
            "id": "m-1", "customer": "C-100", "version": 7,
            "consent": {"purposes": ["in_store_offers"], "notice": 3,
                        "until": "2027-01-01T00:00:00+07:00", "showings_per_day": 10},
            "keys": [{"ibeacon": {"uuid": "1de4b189-115e-45f6-b44e-509352269977",
                                  "major": 1, "minor": 2}}],
            "segments": ["young-family"], "language": "vi", "adult": true,
            "affinities": {"dairy": 80}, "visits": 12, "last_visit": "2026-11-14",
        }),
        Desk::Withdraw => json!({
            "id": "m-2", "customer": "C-100", "purposes": ["measurement"],
        }),
        Desk::Forget => json!({"id": "m-3", "customer": "C-100"}),
        Desk::Basket => json!({
            "id": "m-4", "receipt": "till-2/000417", "customer": "C-100",
            "lines": [{"sku": "tra-dao-loc-6", "pieces": 1, "amount_minor": 49_000}],
        }),
        Desk::Reading => json!({
            "id": "m-5", "sensor": "temperature", "value": 21.5,
            "at": "2026-11-21T09:00:00+07:00",
        }),
        Desk::Complaint => json!({"id": "m-6", "screen": "dairy", "kind": "help"}),
    }
}

fn event(kind: EventKind) -> Value {
    let name = "it is a name";
    let mut events = Events::numbered("hoa-mai-q7".parse().expect(name), 0x5eed);
    match kind {
        EventKind::ScreenShown => events.shown(Shown {
            screen: "drinks".parse().expect(name),
            revision: 4_711,
            offer: "iced-tea-noon".parse().expect(name),
            painted_ms: 12_000,
            ended: AT,
        }),
        EventKind::ScreenAlarm => events.alarm(AT, &silent_screen(), true),
        EventKind::ZoneOccupancy => events.crowd(AT, "dairy".parse().expect(name), 10),
        EventKind::GatewayHealth => events.alarm(AT, &unknown_date(), false),
    }
    let event = events.waiting().next().expect("it was just put there");
    serde_json::from_slice(&event.payload).expect("an event is JSON")
}

fn silent_screen() -> Problem {
    Problem::new(
        Severity::Bad,
        "screen:bakery",
        "Screen “Bakery” has not been heard of for 40 s.",
        "Check its power and its network.",
    )
}

fn unknown_date() -> Problem {
    Problem::new(
        Severity::Warn,
        "clock",
        "The date is not known yet, so offers with a date are not shown.",
        "Connect the gateway to the network once so that it can set its clock.",
    )
}
