//! The [AsyncAPI 3](https://www.asyncapi.com) description of every topic of
//! ours, made from the types that are sent and read. Served at
//! `/api/asyncapi.json`; `docs/asyncapi.json` is the same text.

mod channel;
mod examples;
mod schemas;

use channel::{Channel, Direction};
use protocol::{id::StoreId, topic::Topic};
use serde_json::{Map, Value, json};
use std::sync::LazyLock;

const BINDING: &str = "0.2.0";

const DESCRIPTION: &str = "What a gateway of Aislecast sends and receives over any MQTT broker, \
by MQTT 3.1.1. `send` and `receive` are the gateway's. Readings come once at most (QoS 0), all \
else at least once (QoS 1): whatever must count once carries an id, in its payload. Only state \
is retained. `messageExpiryInterval` is how long the gateway keeps a message for a broker that \
is away; MQTT 3.1.1 cannot pass it on. No topic names a person, a device address or a beacon.";

/// The document, as text.
pub fn text() -> &'static str {
    static TEXT: LazyLock<String> = LazyLock::new(|| {
        let text = serde_json::to_string_pretty(&document());
        text.expect("a JSON value is JSON") + "\n"
    });
    &TEXT
}

fn document() -> Value {
    let channels = channel::all();
    let by_key = |part: &dyn Fn(&Channel) -> Value| -> Map<String, Value> {
        let parts = channels.iter().map(|c| (c.key.to_owned(), part(c)));
        parts.collect()
    };
    json!({
        "asyncapi": "3.0.0",
        "info": {
            "title": "Aislecast gateway",
            "version": "1",
            "description": DESCRIPTION,
            "license": {"name": env!("CARGO_PKG_LICENSE")},
        },
        "defaultContentType": "application/json",
        "servers": {"shop": server()},
        "channels": by_key(&described),
        "operations": by_key(&operation),
        "components": {
            "messages": by_key(&message),
            "parameters": parameters(),
            "schemas": schemas::all(),
        },
    })
}

fn server() -> Value {
    let keep_alive = link::KEEP_ALIVE.as_secs();
    json!({
        "host": "localhost:1883",
        "protocol": "mqtt",
        "protocolVersion": "3.1.1",
        "description": "The shop's broker, or the one inside the gateway. The gateway's session \
                        is kept while it is away, so that consents and withdrawals wait for it. \
                        What was done with them is said at `out/answer`, and nowhere before.",
        "bindings": {"mqtt": {
            "clientId": "aislecast-{store}",
            "cleanSession": false,
            "keepAlive": keep_alive,
            "lastWill": {
                "topic": address(&Topic::GatewayStatus),
                "qos": 1,
                "message": "offline",
                "retain": true,
            },
            "bindingVersion": BINDING,
        }},
    })
}

/// Names that stand for any in the topics of [`channel::all`].
const ANY: [(&str, &str); 5] = [
    ("any-store", "store"),
    ("any-scanner", "scanner"),
    ("any-screen", "screen"),
    ("any-zone", "zone"),
    ("any-till", "till"),
];

fn address(topic: &Topic) -> String {
    let store: StoreId = ANY[0].0.parse().expect("it is a name");
    let mut text = topic.text(&store).to_string();
    for (any, parameter) in ANY {
        text = text.replace(any, &format!("{{{parameter}}}"));
    }
    text
}

fn described(channel: &Channel) -> Value {
    let address = address(&channel.topic);
    let named = ANY.iter().map(|(_, name)| *name);
    let parameters: Map<_, _> = named
        .filter(|name| address.contains(&format!("{{{name}}}")))
        .map(|name| (name.to_owned(), reference("parameters", name)))
        .collect();
    json!({
        "address": address,
        "title": channel.title,
        "description": channel.says,
        "messages": {channel.key: reference("messages", channel.key)},
        "parameters": parameters,
    })
}

fn operation(channel: &Channel) -> Value {
    let key = channel.key;
    let mut binding = json!({
        "qos": channel.qos,
        "retain": channel.retain,
        "bindingVersion": BINDING,
    });
    if let Some(expiry) = channel.expiry {
        binding["messageExpiryInterval"] = expiry.as_secs().into();
    }
    json!({
        "action": match channel.direction {
            Direction::Send => "send",
            Direction::Receive => "receive",
        },
        "channel": {"$ref": format!("#/channels/{key}")},
        "messages": [{"$ref": format!("#/channels/{key}/messages/{key}")}],
        "bindings": {"mqtt": binding},
    })
}

fn message(channel: &Channel) -> Value {
    let examples: Vec<_> = examples::of(&channel.topic)
        .into_iter()
        .map(|payload| json!({"payload": payload}))
        .collect();
    json!({
        "name": channel.key,
        "title": channel.title,
        "contentType": channel.content_type,
        "payload": reference("schemas", channel.schema),
        "examples": examples,
    })
}

fn parameters() -> Value {
    let named = |what: &str, example: &str| {
        let description = format!("{what}: 1 to 32 of a-z, 0-9 and -.");
        json!({"description": description, "examples": [example]})
    };
    json!({
        "store": named("The shop, as `store.id` of store.toml names it", "hoa-mai-q7"),
        "scanner": named("A scanner", "s-entrance"),
        "screen": named("A screen", "bakery"),
        "zone": named("A zone", "dairy"),
        "till": named("A till", "pos"),
    })
}

fn reference(section: &str, name: &str) -> Value {
    json!({"$ref": format!("#/components/{section}/{name}")})
}

#[cfg(test)]
pub(super) mod tests;
