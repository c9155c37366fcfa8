//! Schemas of payloads: of the types that are sent and read, and, for the
//! desks, those that the HTTP API publishes for the same messages.

use crate::{
    outward::{
        CloudEvent, GatewayHealth, ScreenState, ZoneState,
        event::{Alarm, ScreenShown, ZoneOccupancy},
    },
    shop::Truth,
};
use protocol::{
    carried::Carried,
    health::NodeHealth,
    screen::{ScreenCommand, ScreenReport},
};
use schemars::{SchemaGenerator, generate::SchemaSettings};
use serde_json::{Map, Value, json};

const OPENAPI: &str = include_str!("../../http/openapi.json");

/// What the API and the desks share.
const SHARED: [&str; 12] = [
    "Name",
    "Profile",
    "Key",
    "Withdraw",
    "Given",
    "Forget",
    "ErasureReceipt",
    "Basket",
    "Reading",
    "Complaint",
    "Passages",
    "Outcome",
];

/// Every schema by its name.
pub(super) fn all() -> Map<String, Value> {
    let mut generator = generator();
    generator.subschema_for::<GatewayHealth>();
    generator.subschema_for::<ZoneState>();
    generator.subschema_for::<ScreenState>();
    generator.subschema_for::<ScreenCommand>();
    generator.subschema_for::<ScreenReport>();
    generator.subschema_for::<CloudEvent<'_, ScreenShown>>();
    generator.subschema_for::<CloudEvent<'_, Alarm>>();
    generator.subschema_for::<CloudEvent<'_, ZoneOccupancy>>();
    generator.subschema_for::<Truth>();
    generator.subschema_for::<Carried>();
    generator.subschema_for::<NodeHealth>();
    let mut schemas = generator.take_definitions(true);
    schemas.extend(shared());
    schemas.extend([
        (
            "Status".to_owned(),
            json!({"type": "string", "enum": ["online", "offline"]}),
        ),
        (
            "NodeFrame".to_owned(),
            bytes(
                "One version byte, when the frame was made (version 2 only), then a batch of \
                 sightings and readings in postcard's encoding; at most 1400 bytes.",
            ),
        ),
        (
            "TimeAsk".to_owned(),
            bytes(
                "One version byte, then in postcard's encoding the number of the node's start \
                 and the milliseconds since.",
            ),
        ),
        (
            "TimeAnswer".to_owned(),
            bytes(
                "One version byte, then in postcard's encoding the question, the number of the \
                 gateway's start, the milliseconds since, and the same moment in milliseconds \
                 since 1970-01-01T00:00:00Z, if something vouches for the gateway's date.",
            ),
        ),
        ("Answer".to_owned(), answer()),
        ("Bundle".to_owned(), bundle()),
        ("BundleResult".to_owned(), bundle_result()),
        ("TillReceipt".to_owned(), till_receipt()),
    ]);
    schemas
}

fn generator() -> SchemaGenerator {
    // Draft 7 is what AsyncAPI 3.0 builds on.
    let mut settings = SchemaSettings::draft07();
    settings.definitions_path = "/components/schemas".into();
    settings.into_generator()
}

fn shared() -> impl Iterator<Item = (String, Value)> {
    let api: Value = serde_json::from_str(OPENAPI).expect("a test reads it");
    SHARED.into_iter().map(move |name| {
        let schema = api["components"]["schemas"][name].clone();
        (name.to_owned(), schema)
    })
}

/// What nodes and gateway say to each other is bytes.
fn bytes(says: &str) -> Value {
    let examples = "The examples are written in hexadecimal; protocol/golden/ holds more of them.";
    json!({
        "type": "string",
        "format": "binary",
        "description": format!("{says} {examples}"),
    })
}

fn bundle() -> Value {
    json!({
        "type": "string",
        "format": "binary",
        "description": "What `aislecast offers pack` makes: a manifest, Ed25519 signatures over \
                        it, and the files that it names by their SHA-256. The example is its \
                        beginning, in hexadecimal.",
    })
}

fn bundle_result() -> Value {
    let name = json!({"type": "string", "description": "SHA-256 of the bundle's bytes."});
    let version = json!({"type": "integer", "description": "The version that is in force now."});
    let refused = json!({"type": "string", "description": "Why nothing changed, in a word."});
    let error = json!({"type": "string", "description": "Why nothing changed, and what to do."});
    json!({
        "type": "object",
        "properties": {"bundle": name, "version": version, "refused": refused, "error": error},
        "required": ["bundle"],
        "additionalProperties": false,
    })
}

fn till_receipt() -> Value {
    json!({
        "type": "object",
        "description": "JSON of the till's own making: [[tills]] of store.toml says where its \
                        fields are.",
    })
}

fn answer() -> Value {
    let id = json!({"type": "string", "maxLength": 64, "description": "The message's own."});
    let taken = json!({"const": "taken", "description": "Nothing has to wait for the disk."});
    let outcome = json!({"anyOf": [{"$ref": "#/components/schemas/Outcome"}, taken]});
    let receipt = json!({"$ref": "#/components/schemas/ErasureReceipt"});
    let error = json!({"type": "string", "description": "What is wrong and what would be right."});
    json!({"oneOf": [
        {
            "type": "object",
            "properties": {"id": id, "outcome": outcome, "receipt": receipt},
            "required": ["id", "outcome"],
            "additionalProperties": false,
        },
        {
            "type": "object",
            "properties": {"id": id, "error": error},
            "required": ["error"],
            "additionalProperties": false,
        },
    ]})
}
