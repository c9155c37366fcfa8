//! Shelly of the second generation and later: RPC notifications at
//! `<prefix>/events/rpc` (shelly-api-docs, `Gen2/General/Notifications`),
//! `<prefix>/online` kept. Events of its settings come among the presses.

use super::Told;
use crate::dialect::Message;
use dialect::Quantity as Named;
use serde_json::{Value, json};

pub(super) fn hello(topic: &str) -> Vec<Message> {
    vec![Message::new(format!("{topic}/online"), *b"true").retained()]
}

pub(super) fn messages(topic: &str, nth: u8, told: Told, unix_ms: i64) -> Vec<Message> {
    let ts = unix_ms as f64 / 1_000.0;
    let component = |kind: &str, body: Value| {
        let mut params = json!({"ts": ts});
        params[format!("{kind}:{nth}")] = body;
        notification(topic, "NotifyStatus", &params)
    };
    let status = match told {
        Told::Number(Named::Temperature, celsius) => component(
            "temperature",
            json!({"id": nth, "tC": celsius, "tF": celsius * 1.8 + 32.0}),
        ),
        Told::Number(Named::Humidity, percent) => {
            component("humidity", json!({"id": nth, "rh": percent}))
        }
        Told::Number(Named::Illuminance, lux) => {
            component("illuminance", json!({"id": nth, "lux": lux}))
        }
        Told::Flag(Named::Occupancy | Named::Presence, yes) => {
            component("presence", json!({"id": nth, "state": yes}))
        }
        Told::Flag(_, yes) => component("input", json!({"id": nth, "state": yes})),
        Told::Press => return press(topic, nth, ts),
        Told::Number(..) | Told::Passages(..) => return Vec::new(),
    };
    vec![status]
}

fn press(topic: &str, nth: u8, ts: f64) -> Vec<Message> {
    let event = |name: &str| {
        let event =
            json!({"component": format!("input:{nth}"), "id": nth, "event": name, "ts": ts});
        notification(topic, "NotifyEvent", &json!({"ts": ts, "events": [event]}))
    };
    ["btn_down", "btn_up", "single_push", "config_changed"]
        .map(event)
        .into()
}

fn notification(topic: &str, method: &str, params: &Value) -> Message {
    let body = json!({
        "src": "shellyplusi4-08b61fd90730",
        "dst": format!("{topic}/events"),
        "method": method,
        "params": params,
    });
    Message::json(format!("{topic}/events/rpc"), &body)
}
