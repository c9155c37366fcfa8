//! Tills, `kill -9` and a shop that goes on selling: every receipt that was
//! answered counts once, and every void that was answered takes one back.

use serde_json::{Value, json};
use std::{
    fs,
    sync::mpsc::{self, Sender},
    thread,
    time::{Duration, Instant},
};
use tests::{chance::Chance, gateway::Gateway, http, site::Site};

/// How often the gateway is killed.
const KILLS: usize = 6;
const SKU: &str = "milk-1l";
const TILL: &str = r#"
[[tills]]
id = "pos"
receipt = "/number"
void = "/void"
sku = "/lines/*/sku"
quantity = "/lines/*/qty"
amount = "/lines/*/amount"
"#;

fn sale(number: usize) -> Value {
    json!({"number": number, "lines": [{"sku": SKU, "qty": 2, "amount": 58_000}]})
}

fn void(number: usize) -> Value {
    json!({"number": number, "void": true})
}

/// Hands receipts in until nobody answers, and tells of each answer; every fifth is taken
/// back. Returns how many were answered, and how long the slowest answer took.
fn sell(port: u16, from: usize, answered: &Sender<()>) -> (usize, Duration) {
    let mut slowest = Duration::ZERO;
    for number in from.. {
        let mut messages = vec![sale(number)];
        messages.extend((number % 5 == 0).then(|| void(number)));
        for message in messages {
            let begun = Instant::now();
            let body = message.to_string();
            let answer = http::ask(port, "POST", "/api/v1/till/pos", body.as_bytes());
            let Some(answer) = answer else {
                return (number, slowest);
            };
            assert_eq!(answer.status, 200, "{}", answer.text());
            slowest = slowest.max(begun.elapsed());
            // Whoever waits for the first hears no others.
            let _ = answered.send(());
        }
    }
    unreachable!("the gateway is killed long before numbers run out")
}

/// Baskets of the offer, as the console counts them.
fn baskets(live: &Value) -> u64 {
    let offers = live["status"]["offers"].as_array();
    let each = offers.into_iter().flatten();
    each.filter_map(|offer| offer["baskets"][2].as_u64()).sum()
}

#[test]
fn every_receipt_counts_once_however_often_the_gateway_dies() {
    let site = Site::embedded();
    let text = fs::read_to_string(site.config()).expect("it was written at the start");
    fs::write(site.config(), text + TILL).expect("the folder can be written");
    let offer = site.dir().join("offers/members.toml");
    let text = fs::read_to_string(&offer).expect("the test shop has it");
    let named = format!("id = \"members\"\nskus = [{SKU:?}]");
    fs::write(&offer, text.replacen("id = \"members\"", &named, 1)).expect("it can be written");
    let mut chance = Chance::new(11);
    let mut next = 1;
    for _ in 0..KILLS {
        let mut gateway = Gateway::start(&site);
        let port = site.http_port;
        let (answered, first) = mpsc::channel();
        let selling = thread::spawn(move || sell(port, next, &answered));
        first.recv().expect("a till is answered");
        // Not a wait for something: the moment of the cut is part of the test.
        thread::sleep(Duration::from_millis(100 + chance.number() % 400));
        gateway.process().kill();
        let (reached, slowest) = selling.join().expect("the till ends with the gateway");
        // Within one group commit, and a machine that has other things to do.
        assert!(slowest < Duration::from_secs(2), "{slowest:?}");

        let mut gateway = Gateway::start(&site);
        // The last one may or may not have been counted: the till sends it again,
        // and, being unsure, everything else too.
        for number in (1..=reached).rev().take(40) {
            gateway.post("/api/v1/till/pos", &sale(number));
            if number % 5 == 0 {
                gateway.post("/api/v1/till/pos", &void(number));
            }
        }
        let expected = (1..=reached).filter(|number| number % 5 != 0).count();
        // The console's picture is a quarter of a second old.
        gateway.until("every receipt counts once", |live| {
            baskets(live) == expected as u64
        });
        gateway.process().kill();
        next = reached + 1;
    }
}
