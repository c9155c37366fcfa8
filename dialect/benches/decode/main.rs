//! What it costs to read one frame or message of each make, beside what
//! `serde_json` takes to fill a typed structure from a scanner's message:
//!
//! ```sh
//! cargo bench --package dialect --bench decode
//! ```
//!
//! Samples are published vectors, named by their ids; `tests/vectors` says where
//! they are from.

mod sample;

use dialect::{
    Fact,
    advert::{self, captured},
    detect::Dialect,
    fact::Source,
    gs1,
    mapper::{Conversion, Mapper, Pattern, Payload, Place, Rule, What},
    quantity::Quantity,
};
use divan::{Bencher, black_box};
use protocol::{beacon::Address, frame::NodeFrame};
use sample::{ADVERTS, Advert, MESSAGES, Message};
use serde::Deserialize;

fn main() {
    for dialect in Dialect::ALL {
        let has = MESSAGES.iter().any(|message| message.dialect == dialect);
        assert!(has, "{} has no sample", dialect.name());
    }
    for message in &MESSAGES {
        let (topic, payload) = message.read();
        let mut count = 0;
        let read = message
            .dialect
            .read(&topic, &payload, &key, &mut |_| count += 1);
        assert!(read.is_ok() && count > 0, "{message} says nothing");
    }
    divan::main();
}

/// The bindkey of `BTHome`'s published example.
fn key(_: Address) -> Option<[u8; 16]> {
    let key = u128::from_str_radix("231d39c1d7cc1ab1aee224cd096db932", 16);
    key.ok().map(u128::to_be_bytes)
}

fn drop_fact(fact: Fact<'_>) {
    black_box(fact);
}

#[divan::bench(args = ADVERTS)]
fn advertisement(bencher: Bencher<'_, '_>, advert: &Advert) {
    let (source, frame) = advert.read();
    bencher.bench(|| match &frame {
        sample::Frame::Whole(ad) => {
            captured::guess(source, black_box(ad), &key, &mut drop_fact);
        }
        sample::Frame::Service(uuid, data) => {
            advert::service_data(source, *uuid, black_box(data), &key, &mut drop_fact);
        }
        sample::Frame::Company(company, data) => {
            advert::manufacturer_data(source, *company, black_box(data), &mut drop_fact);
        }
    });
}

#[divan::bench(args = MESSAGES)]
fn message(bencher: Bencher<'_, '_>, message: &Message) {
    let (topic, payload) = message.read();
    bencher.bench(|| {
        let topic = black_box(topic.as_str());
        message
            .dialect
            .read(topic, black_box(&payload), &key, &mut drop_fact)
    });
}

/// What a scanner's message is at the least, for those who trust it.
#[derive(Deserialize)]
struct Typed<'p> {
    id: &'p str,
    mac_type: Option<u8>,
    rssi: i8,
    uuid: Option<&'p str>,
    major: Option<u16>,
    minor: Option<u16>,
    txpower: Option<i8>,
}

#[divan::bench]
fn yardstick_serde_json_typed(bencher: Bencher<'_, '_>) {
    let yardstick = MESSAGES.iter().find(|m| m.id == sample::YARDSTICK);
    let (_, payload) = yardstick.expect("it is one of them").read();
    bencher.bench(|| {
        let typed: Typed<'_> = serde_json::from_slice(black_box(&payload)).expect("it is JSON");
        let beacon = (typed.uuid, typed.major, typed.minor, typed.txpower);
        black_box((typed.id, typed.mac_type, typed.rssi, beacon));
    });
}

#[divan::bench]
fn yardstick_serde_json_value(bencher: Bencher<'_, '_>) {
    let yardstick = MESSAGES.iter().find(|m| m.id == sample::YARDSTICK);
    let (_, payload) = yardstick.expect("it is one of them").read();
    bencher.bench(|| serde_json::from_slice::<serde_json::Value>(black_box(&payload)));
}

#[divan::bench]
fn mapper_two_values(bencher: Bencher<'_, '_>) {
    let rule = |quantity, at| Rule {
        what: What::Measured(quantity),
        at: Place::parse(at).expect("it is a pointer"),
        device: None,
        nth: 0,
        conversion: Conversion::NONE,
    };
    let mapper = Mapper {
        id: "fridge".to_owned(),
        topic: Pattern::parse("cold/{device}/state").expect("it is a pattern"),
        payload: Payload::Json,
        time: None,
        rules: vec![
            rule(Quantity::Temperature, "/env/temperature"),
            rule(Quantity::Humidity, "/env/humidity"),
        ],
    };
    let payload = br#"{"id":7,"env":{"temperature":27.34,"humidity":44.72},"state":"closed"}"#;
    bencher.bench(|| {
        let topic = black_box("cold/fridge-3/state");
        mapper.read(topic, black_box(payload), &mut drop_fact)
    });
}

#[divan::bench]
fn our_node_32_sightings(bencher: Bencher<'_, '_>) {
    let bytes = sample::node_frame();
    bencher.bench(|| NodeFrame::decode(black_box(&bytes)));
}

#[divan::bench(args = ["(255)9520123456788000042", "https://id.gs1.org/255/9520123456788000042"])]
fn code(bencher: Bencher<'_, '_>, text: &str) {
    bencher.bench(|| gs1::read(black_box(text), &mut drop_fact));
}

/// Who was heard where nobody says more.
const fn nobody() -> Source<'static> {
    Source {
        scanner: None,
        device: None,
        rssi_dbm: None,
        time: dialect::fact::Time::Receipt,
    }
}
