//! An Axis camera with AXIS Object Analytics (Axis developer documentation,
//! "Counting data"; `lib/objectanalyticsdecoder.js` of reelyactive/barnowl-axis):
//! one scenario a way, sums as texts since the last reset, said twice.

use super::Told;
use crate::dialect::Message;
use config::Takes;
use serde_json::{Value, json};

pub(super) fn messages(topic: &str, takes: &Takes, told: Told, unix_ms: i64) -> Vec<Message> {
    let serial = topic.rsplit('/').next().unwrap_or_default();
    let event = |scenario: u8, data: &Value| {
        let name = format!("CameraApplicationPlatform/ObjectAnalytics/Device1Scenario{scenario}");
        let body = json!({
            "topic": format!("axis:{name}"),
            "timestamp": unix_ms,
            "serial": serial,
            "message": {"source": {}, "key": {}, "data": data},
        });
        Message::json(format!("{topic}/event/tns:axis/{name}"), &body)
    };
    let sum = |people: u32| {
        let people = people.to_string();
        json!({"scenario": "Crossline", "reason": "human", "total": people, "totalHuman": people})
    };
    match (told, takes) {
        (Told::Passages(inside, outside), Takes::TwoCounters { inward, outward }) => {
            let (inside, outside) = (sum(inside), sum(outside));
            let said = [event(*inward, &inside), event(*outward, &outside)];
            [said.clone(), said].concat()
        }
        (Told::Number(_, people), Takes::Value { nth, .. }) => {
            let people = (people as u32).to_string();
            let data = json!({"scenario": "Occupancy", "total": people, "human": people});
            vec![event(*nth, &data)]
        }
        _ => Vec::new(),
    }
}
