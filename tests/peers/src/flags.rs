//! The same offers as flags, and the same people as contexts.

use engine::plan::{Bits, Offer, StorePlan};
use serde_json::{Value, json};
use std::collections::HashMap;
use unleash_yggdrasil::{Context, EngineState, UpdateMessage};

/// An evaluator with a flag for every offer of a plan.
pub fn engine(plan: &StorePlan) -> EngineState {
    let flags: Vec<Value> = plan.offers.iter().map(flag).collect();
    let state = json!({"version": 2, "features": flags});
    let state = serde_json::from_value(state).expect("flags as Unleash writes them");
    let engine = EngineState::default();
    let warnings = engine.take_state(UpdateMessage::FullResponse(state));
    assert!(warnings.is_none(), "{warnings:?}");
    engine
}

fn flag(offer: &Offer) -> Value {
    let mut constraints = Vec::new();
    let mut one_of = |property: &str, members: Bits| {
        if !members.is_empty() {
            let values: Vec<String> = members.iter().map(|m| m.to_string()).collect();
            constraints.push(json!({"contextName": property, "operator": "IN", "values": values}));
        }
    };
    one_of("screen", offer.screens);
    one_of("zone", offer.zones);
    one_of("segment", offer.segments.any);
    for range in &offer.schedule.hours {
        let bounds = [
            ("NUM_GTE", range.from_minute),
            ("NUM_LT", range.until_minute),
        ];
        constraints.extend(bounds.map(|(operator, minute)| {
            json!({"contextName": "minute", "operator": operator, "value": minute.to_string()})
        }));
    }
    if offer.dwell_ms_min > 0 {
        let least = offer.dwell_ms_min.to_string();
        constraints.push(json!({"contextName": "dwell", "operator": "NUM_GTE", "value": least}));
    }
    json!({
        "name": offer.id.as_str(),
        "enabled": true,
        "strategies": [{
            "name": "flexibleRollout",
            "parameters": {"rollout": "90", "stickiness": "userId", "groupId": offer.id.as_str()},
            "constraints": constraints,
        }],
    })
}

/// Everybody before the screen, at nine in the morning.
pub fn contexts(people: u8) -> Vec<Context> {
    let context = |n: u8| {
        let property = |name: &str, value: String| (name.to_owned(), value);
        Context {
            user_id: Some((u32::from(n) + 1).to_string()),
            session_id: None,
            environment: None,
            app_name: None,
            current_time: None,
            remote_address: None,
            properties: Some(HashMap::from([
                property("screen", "0".to_owned()),
                property("zone", (n % 4).to_string()),
                property("segment", (u16::from(n) * 5 % 16).to_string()),
                property("minute", "540".to_owned()),
                property("dwell", (u64::from(n) * 3_000).to_string()),
            ])),
        }
    };
    (0..people).map(context).collect()
}
