use super::{channel, document, examples, text};
use crate::{
    dialect::{desk, test_plan},
    outward::{GatewayHealth, ScreenState, ZoneState},
    pseudonym::Pseudonymiser,
    shop::Truth,
    till,
};
use boon::{Compiler, Draft, SchemaIndex, Schemas};
use protocol::{
    carried::Carried,
    frame::NodeFrame,
    health::NodeHealth,
    screen::{ScreenCommand, ScreenReport},
    time::{TimeAnswer, TimeAsk},
    topic::{Desk, Topic},
};
use serde_json::{Value, json};
use std::{collections::BTreeSet, fs, mem::discriminant, path::PathBuf};

const ASYNCAPI: &str = include_str!("../../../testdata/asyncapi-3.0.schema.json");
const CLOUDEVENTS: &str = include_str!("../../../testdata/cloudevents-1.0.schema.json");

/// One schema of one document.
pub(crate) struct Schema {
    schemas: Schemas,
    index: SchemaIndex,
}

impl Schema {
    pub(crate) fn of(document: Value, pointer: &str) -> Self {
        let mut compiler = Compiler::new();
        compiler.set_default_draft(Draft::V7);
        compiler.enable_format_assertions();
        let url = "http://here/document.json";
        compiler.add_resource(url, document).unwrap();
        let mut schemas = Schemas::new();
        let index = compiler.compile(&format!("{url}#{pointer}"), &mut schemas);
        let index = index.unwrap_or_else(|why| panic!("{pointer}: {why}"));
        Self { schemas, index }
    }

    /// The schema of an event by those who made the convention.
    pub(crate) fn of_cloud_events() -> Self {
        Self::of(serde_json::from_str(CLOUDEVENTS).unwrap(), "")
    }

    pub(crate) fn accepts(&self, value: &Value) -> Result<(), String> {
        let result = self.schemas.validate(value, self.index);
        result.map_err(|why| format!("{why:#}"))
    }
}

/// What the document says a topic carries; nothing for a foreign topic.
pub(crate) fn schema_of(topic: &Topic) -> Schema {
    let channels = channel::all();
    let channel = channels
        .iter()
        .find(|c| discriminant(&c.topic) == discriminant(topic) && fits(&c.topic, topic));
    let channel = channel.unwrap_or_else(|| panic!("{topic:?} has no channel"));
    let pointer = format!("/components/messages/{}/payload", channel.key);
    Schema::of(document(), &pointer)
}

/// Of two topics of one shape, whether the same desk or kind of event is meant.
fn fits(one: &Topic, other: &Topic) -> bool {
    match (one, other) {
        (Topic::In(a), Topic::In(b)) => a == b,
        (Topic::Event(a), Topic::Event(b)) => a == b,
        _ => true,
    }
}

/// Text and bytes as the document spells them.
pub(crate) fn spelled(topic: &Topic, payload: &[u8]) -> Value {
    match topic {
        Topic::GatewayStatus | Topic::NodeStatus(_) => {
            String::from_utf8(payload.to_vec()).unwrap().into()
        }
        _ => serde_json::from_slice(payload).unwrap_or_else(|why| panic!("{topic:?}: {why}")),
    }
}

#[test]
fn the_committed_document_is_what_the_code_says() {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../docs/asyncapi.json");
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        fs::write(&path, text()).unwrap();
    }
    let committed = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        committed == text(),
        "docs/asyncapi.json is stale: UPDATE_GOLDEN=1 cargo test -p gateway asyncapi"
    );
}

#[test]
fn the_document_is_what_asyncapi_calls_one() {
    let schema = Schema::of(serde_json::from_str(ASYNCAPI).unwrap(), "");
    schema.accepts(&document()).unwrap();
    // The schema is able to refuse.
    for (pointer, wrong) in [
        ("/asyncapi", json!("2.6.0")),
        ("/operations/gatewayStatus/action", json!("publish")),
        ("/operations/gatewayStatus/bindings/mqtt/qos", json!(3)),
    ] {
        let mut spoiled = document();
        *spoiled.pointer_mut(pointer).unwrap() = wrong;
        assert!(schema.accepts(&spoiled).is_err(), "{pointer}");
    }
}

#[test]
fn every_topic_of_the_code_has_exactly_one_channel() {
    let code = include_str!("../../../../protocol/src/topic.rs");
    let body = code.split("pub enum Topic {").nth(1).unwrap();
    let body = body.split("\n}").next().unwrap();
    let variants: BTreeSet<&str> = body
        .lines()
        .map(|line| line.trim().trim_end_matches(','))
        .filter(|line| !line.is_empty() && !line.starts_with("///"))
        .map(|line| line.split('(').next().unwrap())
        .collect();
    let topics = channel::topics();
    let named: Vec<String> = topics.iter().map(|topic| format!("{topic:?}")).collect();
    let described: BTreeSet<&str> = named
        .iter()
        .map(|name| name.split('(').next().unwrap())
        .collect();
    assert_eq!(described, variants);
    let channels = document()["channels"].as_object().unwrap().clone();
    let addresses: BTreeSet<_> = channels
        .values()
        .map(|c| c["address"].to_string())
        .collect();
    assert_eq!(channels.len(), topics.len(), "no two topics share a key");
    assert_eq!(
        addresses.len(),
        topics.len(),
        "no two channels share a topic"
    );
}

#[test]
fn every_reference_leads_somewhere() {
    fn walk(root: &Value, value: &Value, seen: &mut usize) {
        if let Some(reference) = value.get("$ref").and_then(Value::as_str) {
            let target = root.pointer(reference.strip_prefix('#').unwrap());
            assert!(target.is_some(), "{reference}");
            *seen += 1;
        }
        match value {
            Value::Object(fields) => fields.values().for_each(|v| walk(root, v, seen)),
            Value::Array(items) => items.iter().for_each(|v| walk(root, v, seen)),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
    let mut seen = 0;
    walk(&document(), &document(), &mut seen);
    assert!(seen > 60, "{seen}");
}

fn from_hex(example: &Value) -> Vec<u8> {
    let hex = example.as_str().unwrap().as_bytes().chunks(2);
    let digits = hex.map(|two| std::str::from_utf8(two).unwrap());
    digits.map(|d| u8::from_str_radix(d, 16).unwrap()).collect()
}

/// Reads an example as the gateway, or whoever is at the other end, would.
fn read(topic: &Topic, example: &Value) {
    let bytes = example.to_string().into_bytes();
    match topic {
        Topic::GatewayStatus | Topic::NodeStatus(_) => {
            assert!(["online", "offline"].contains(&example.as_str().unwrap()));
        }
        Topic::NodeHealth(_) => drop(serde_json::from_slice::<NodeHealth>(&bytes).unwrap()),
        Topic::GatewayHealth => drop(serde_json::from_slice::<GatewayHealth>(&bytes).unwrap()),
        Topic::ZoneState(_) => drop(serde_json::from_slice::<ZoneState>(&bytes).unwrap()),
        Topic::ScreenState(_) => drop(serde_json::from_slice::<ScreenState>(&bytes).unwrap()),
        Topic::NodeFrame(_) => {
            let frame = NodeFrame::decode(&from_hex(example)).unwrap();
            assert!(!frame.sightings.is_empty() && !frame.readings.is_empty());
        }
        Topic::NodeAsk(_) => drop(TimeAsk::decode(&from_hex(example)).unwrap()),
        Topic::NodeTime(_) => drop(TimeAnswer::decode(&from_hex(example)).unwrap()),
        Topic::ScreenCommand(_) => drop(serde_json::from_slice::<ScreenCommand>(&bytes).unwrap()),
        Topic::ScreenReport(_) => drop(serde_json::from_slice::<ScreenReport>(&bytes).unwrap()),
        Topic::In(desk) => assert!(is_read(*desk, example), "{desk:?}: {example}"),
        Topic::Till(_) => {
            let shop = config::demo();
            let pseudonym = Pseudonymiser::new([7; 16]);
            let receipt = till::read(
                &shop.shell.tills[0],
                &bytes,
                &pseudonym,
                &crate::voucher::Codes::default(),
            )
            .unwrap();
            assert_eq!(receipt.unwrap().basket.lines.len(), 1);
        }
        Topic::Answer => assert!(example["outcome"].is_string() ^ example["error"].is_string()),
        Topic::OffersSet => assert!(example.as_str().unwrap().starts_with("61 69")),
        Topic::OffersResult => {
            assert!(example["version"].is_u64() ^ example["error"].is_string());
        }
        Topic::Event(_) => Schema::of_cloud_events().accepts(example).unwrap(),
        Topic::DemoTag => drop(serde_json::from_slice::<Carried>(&bytes).unwrap()),
        Topic::DemoTruth => drop(serde_json::from_slice::<Truth>(&bytes).unwrap()),
    }
}

fn is_read(desk: Desk, message: &Value) -> bool {
    let bytes = message.to_string().into_bytes();
    let pseudonym = Pseudonymiser::new([7; 16]);
    let read = desk::read(desk, &bytes, &pseudonym, &test_plan::plan());
    read.request.is_ok()
}

#[test]
fn every_example_is_as_its_schema_says_and_is_read_by_the_code() {
    for topic in channel::topics() {
        let schema = schema_of(&topic);
        let examples = examples::of(&topic);
        assert!(!examples.is_empty(), "{topic:?}");
        for example in examples {
            schema
                .accepts(&example)
                .unwrap_or_else(|why| panic!("{topic:?}: {why}"));
            read(&topic, &example);
        }
    }
}

#[test]
fn the_schemas_of_the_desks_refuse_what_the_desks_refuse() {
    for desk in Desk::ALL {
        let schema = schema_of(&Topic::In(desk));
        let example = examples::of(&Topic::In(desk)).remove(0);
        let fields = example.as_object().unwrap();
        let spoiled = fields.keys().flat_map(|field| {
            let (mut without, mut wrong) = (example.clone(), example.clone());
            without.as_object_mut().unwrap().remove(field);
            wrong[field] = json!([[]]);
            [without, wrong]
        });
        let mut unknown = example.clone();
        unknown["colour"] = json!("red");
        for message in spoiled.chain([unknown, json!([]), json!({})]) {
            // A value is of a type that only the sensor in the plan knows.
            if desk == Desk::Reading && message["value"].is_array() {
                continue;
            }
            assert_eq!(
                schema.accepts(&message).is_ok(),
                is_read(desk, &message),
                "{desk:?}: {message}"
            );
        }
    }
}

#[test]
fn every_key_that_a_shopper_may_have_is_in_the_schema() {
    let schema = schema_of(&Topic::In(Desk::Profile));
    let sixteen = "ec0234a357c8ad05341010a60a397d9b";
    for key in [
        json!({"ibeacon": {"uuid": sixteen, "major": 1, "minor": 2}}),
        json!({"eddystone_uid": {"namespace": "00112233445566778899", "instance": "0a0b0c0d0e0f"}}),
        json!({"altbeacon": {"id": "2f234454cf6d4a0fadf2f4911ba9ffa600010002"}}),
        json!({"rotating": {"key": sixteen, "exponent": 10}}),
        json!({"irk": sixteen}),
    ] {
        let mut message = examples::of(&Topic::In(Desk::Profile)).remove(0);
        message["keys"] = json!([key]);
        schema.accepts(&message).unwrap();
        assert!(is_read(Desk::Profile, &message), "{key}");
        message["keys"] = json!([{"irk": sixteen, "altbeacon": {}}]);
        assert!(schema.accepts(&message).is_err() && !is_read(Desk::Profile, &message));
    }
}
