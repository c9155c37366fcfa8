//! No message on any topic makes a dialect panic, and every fact can be written.

use dialect::{Fact, Record, advert::no_keys, changes::Changes, detect, detect::Dialect};
use proptest::prelude::*;
use protocol::beacon::hex_digit;
use serde_json::Value;
use std::cell::RefCell;

const SEEDS: [&str; 2] = [
    include_str!("vectors/scanner.jsonl"),
    include_str!("vectors/sensor.jsonl"),
];

/// Published messages: topic and payload.
fn seeds() -> Vec<(String, Vec<u8>)> {
    let lines = SEEDS.iter().flat_map(|file| file.lines());
    let seed = |line: &str| {
        let vector: Value = serde_json::from_str(line).ok()?;
        let payload = match &vector["input"] {
            Value::String(text) if text.bytes().all(|b| b.is_ascii_hexdigit()) => {
                let digits: Vec<u8> = text.bytes().filter_map(hex_digit).collect();
                let pairs = digits.chunks_exact(2);
                pairs.map(|pair| pair[0] << 4 | pair[1]).collect()
            }
            Value::String(text) => text.clone().into_bytes(),
            object => object.to_string().into_bytes(),
        };
        Some((vector["topic"].as_str().unwrap_or("x").to_owned(), payload))
    };
    lines.filter_map(seed).collect()
}

/// Reads a message as whatever it is, and as everything else.
fn read_as_everything(topic: &str, payload: &[u8]) {
    let changes = RefCell::new(Changes::default());
    let mut sink = |fact: Fact<'_>| {
        serde_json::to_string(&Record::from(fact)).expect("every fact can be written");
        let mut changes = changes.borrow_mut();
        let _ = changes.message(0, topic, false).accept(&fact);
    };
    let _ = detect::read(topic, payload, &no_keys, &mut sink);
    for dialect in Dialect::ALL {
        let _ = dialect.read(topic, payload, &no_keys, &mut sink);
    }
}

/// Values where others are expected.
fn any_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        "[-0-9a-fA-F:.]{0,40}".prop_map(Value::from),
        ".{0,12}".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::hash_map("[a-zA-Z_]{1,8}", inner, 0..4)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

/// Puts another value where one stands.
fn graft(into: &mut Value, at: usize, value: &Value) {
    let inner: Vec<&mut Value> = match into {
        Value::Object(object) => object.values_mut().collect(),
        Value::Array(list) => list.iter_mut().collect(),
        _ => Vec::new(),
    };
    let count = inner.len();
    match inner.into_iter().nth(at % count.max(1)) {
        Some(inner) if !at.is_multiple_of(3) && (inner.is_object() || inner.is_array()) => {
            graft(inner, at / 3, value);
        }
        Some(inner) => *inner = value.clone(),
        None => *into = value.clone(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(384))]

    #[test]
    fn any_bytes_on_any_topic_are_borne(
        topic in "[a-zA-Z0-9$_:/]{0,40}",
        payload in prop::collection::vec(any::<u8>(), 0..200),
    ) {
        read_as_everything(&topic, &payload);
    }

    #[test]
    fn bytes_nearly_right_are_borne(
        (topic, mut payload) in prop::sample::select(seeds()),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..4),
        cut in any::<prop::sample::Index>(),
    ) {
        for (at, byte) in changes {
            if !payload.is_empty() {
                let at = at.index(payload.len());
                payload[at] = byte;
            }
        }
        payload.truncate(cut.index(payload.len() + 1));
        read_as_everything(&topic, &payload);
    }

    #[test]
    fn other_values_than_expected_are_borne(
        (topic, payload) in prop::sample::select(seeds()),
        at in any::<usize>(),
        value in any_value(),
    ) {
        if let Ok(mut message) = serde_json::from_slice(&payload) {
            graft(&mut message, at, &value);
            read_as_everything(&topic, message.to_string().as_bytes());
        }
    }
}
