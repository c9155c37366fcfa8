//! Zigbee2MQTT (`docs/guide/usage/mqtt_topics_and_messages.md`): the whole
//! cached state of a device with every message, again whenever anything of it
//! changes (issue 270: one motion, four messages), availability kept.

use super::Told;
use crate::dialect::Message;
use serde_json::{Map, json};

pub(super) fn hello(base: &str, device: &str) -> Vec<Message> {
    let topic = format!("{base}/{device}/availability");
    vec![Message::json(topic, &json!({"state": "online"})).retained()]
}

pub(super) fn messages(base: &str, device: &str, told: Told, count: u32) -> Vec<Message> {
    let mut state = Map::new();
    state.insert("battery".to_owned(), json!("100.00"));
    match told {
        Told::Number(name, number) => {
            state.insert(name.name().to_owned(), json!(number));
        }
        Told::Flag(name, yes) => {
            state.insert(name.name().to_owned(), json!(yes));
        }
        Told::Press => {
            state.insert("action".to_owned(), json!("single"));
        }
        Told::Passages(..) => return Vec::new(),
    }
    let mut repeated = |link_quality: u32| {
        state.insert("linkquality".to_owned(), json!(link_quality));
        Message::json(format!("{base}/{device}"), &state)
    };
    vec![repeated(120 + count % 7), repeated(121 + count % 5)]
}
