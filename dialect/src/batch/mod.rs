//! Lines of `aislecast decode --batch`: what somebody captured, as JSON, and the
//! facts in it. Generous in how bytes, addresses and ids are written: captures
//! come from many tools.

mod input;

use crate::{
    Record,
    advert::{self, captured},
    detect,
    fact::{self, AddressKind, Device, Fact, Says, Sink, Source},
    gs1,
};
use input::{bytes, company, key, number as number_of, uuid};
use protocol::{beacon::Address, keys::resolves};
use serde_json::{Map, Value};

/// Reads one line, and says what is in it: `{"id","facts"}`, or `{"id","error"}`.
/// `number` counts lines from 1, for a line that is no JSON and so has no id.
pub fn answer(number: u64, line: &[u8]) -> String {
    match serde_json::from_slice(line) {
        Ok(Value::Object(line)) => facts_of(&line),
        Ok(_) => refused(number, "not a JSON object"),
        Err(_) => refused(number, "not JSON"),
    }
}

/// The answer to a line of which not even the id is known.
pub fn refused(number: u64, why: &str) -> String {
    serde_json::json!({ "id": null, "line": number, "error": why }).to_string()
}

fn facts_of(line: &Map<String, Value>) -> String {
    let mut facts = String::new();
    let said = read(line, &mut |fact| {
        // A record is plain data: writing it cannot fail.
        if let Ok(record) = serde_json::to_string(&Record::from(fact)) {
            if !facts.is_empty() {
                facts.push(',');
            }
            facts.push_str(&record);
        }
    });
    let id = line.get("id").unwrap_or(&Value::Null);
    match said {
        Ok(()) => format!(r#"{{"id":{id},"facts":[{facts}]}}"#),
        Err(why) if facts.is_empty() => {
            let why = Value::from(why);
            format!(r#"{{"id":{id},"error":{why}}}"#)
        }
        Err(why) => {
            let why = Value::from(why);
            format!(r#"{{"id":{id},"facts":[{facts}],"error":{why}}}"#)
        }
    }
}

type Read = Result<(), String>;

const PARTS: [&str; 9] = [
    "payload",
    "payload_hex",
    "payload_base64",
    "ad",
    "service_data",
    "manufacturer_data",
    "gs1",
    "irk",
    "topic",
];

/// Reads every part that the line has.
fn read(line: &Map<String, Value>, sink: &mut Sink<'_>) -> Read {
    if !PARTS.iter().any(|part| line.contains_key(*part)) {
        return Err(format!("holds none of {}", PARTS.join(", ")));
    }
    let bindkey = match line.get("key").or_else(|| line.get("bindkey")) {
        None | Some(Value::Null) => None,
        Some(value) => Some(key(value).ok_or("key: must be 32 hexadecimal digits")?),
    };
    let keys = |_| bindkey;
    let source = source(line)?;
    message(line, &keys, sink)?;
    heard(line, source, &keys, sink)?;
    resolve(line, source, sink)?;
    if let Some(code) = line.get("gs1") {
        gs1::read(code.as_str().ok_or("gs1: must be a text")?, sink);
    }
    Ok(())
}

/// An advertisement, whole or in parts.
fn heard(
    line: &Map<String, Value>,
    source: Source<'_>,
    keys: &advert::Keys<'_>,
    sink: &mut Sink<'_>,
) -> Read {
    if let Some(value) = line.get("ad") {
        let ad = bytes(value).ok_or("ad: must be hexadecimal")?;
        captured::guess(source, &ad, keys, sink);
    }
    for (name, data) in parts(line, "service_data")? {
        let uuid = uuid(name).ok_or("service_data: a key must be a uuid of 4, 8 or 32 digits")?;
        let data = bytes(data).ok_or("service_data: must be hexadecimal")?;
        advert::service_data(source, uuid, &data, keys, sink);
    }
    for (name, data) in parts(line, "manufacturer_data")? {
        let company = company(name).ok_or("manufacturer_data: a key must be 4 digits")?;
        let data = bytes(data).ok_or("manufacturer_data: must be hexadecimal")?;
        advert::manufacturer_data(source, company, &data, sink);
    }
    Ok(())
}

/// Whether a key made the address.
fn resolve(line: &Map<String, Value>, source: Source<'_>, sink: &mut Sink<'_>) -> Read {
    let Some(value) = line.get("irk") else {
        return Ok(());
    };
    let irk = key(value).ok_or("irk: must be 32 hexadecimal digits")?;
    let Some(Device::Radio(address, _)) = source.device else {
        return Err("irk: needs an address to try it on".to_owned());
    };
    let says = Says::About {
        what: "resolves",
        value: fact::Value::Flag(resolves(&irk, address)),
    };
    sink(Fact { source, says });
    Ok(())
}

/// The members of an object, if there is one.
fn parts<'l>(
    line: &'l Map<String, Value>,
    name: &str,
) -> Result<impl Iterator<Item = (&'l str, &'l Value)>, String> {
    let members = match line.get(name) {
        None | Some(Value::Null) => None,
        Some(Value::Object(members)) => Some(members),
        Some(_) => return Err(format!("{name}: must be an object of hexadecimal texts")),
    };
    Ok(members
        .into_iter()
        .flatten()
        .map(|(name, value)| (name.as_str(), value)))
}

/// An MQTT message: the payload as text, as JSON, or as bytes.
fn message(line: &Map<String, Value>, keys: &advert::Keys<'_>, sink: &mut Sink<'_>) -> Read {
    let Some(payload) = input::payload(line)? else {
        return Ok(());
    };
    let topic = line.get("topic").and_then(Value::as_str).unwrap_or("");
    let Err(unreadable) = detect::read(topic, &payload, keys, sink) else {
        return Ok(());
    };
    // Binary dialects are often captured as hexadecimal.
    let text = core::str::from_utf8(&payload).ok();
    match text.and_then(|text| bytes(&Value::from(text))) {
        Some(payload) if !payload.is_empty() => detect::read(topic, &payload, keys, sink),
        _ => Err(unreadable),
    }
    .map(|_dialect| ())
    .map_err(|unreadable| unreadable.to_string())
}

fn source(line: &Map<String, Value>) -> Result<Source<'_>, String> {
    let address = match line.get("address").or_else(|| line.get("mac")) {
        None | Some(Value::Null) => None,
        Some(value) => {
            let address = value.as_str().and_then(Address::parse);
            Some(address.ok_or("address: must be like A4:C1:38:8D:18:B2")?)
        }
    };
    let kind = |address| match line.get("address_kind").and_then(Value::as_str) {
        Some("public") => AddressKind::Public,
        Some(kind) if kind.starts_with("random") => AddressKind::of_random(address),
        _ => AddressKind::Unknown,
    };
    Ok(Source {
        scanner: line.get("scanner").and_then(Value::as_str),
        device: address.map(|address| Device::Radio(address, kind(address))),
        rssi_dbm: line.get("rssi").and_then(number_of),
        ..Source::default()
    })
}

#[cfg(test)]
mod tests;
