//! What a vector feeds in, and the facts that come of it.

use dialect::{
    Record,
    advert::{self, captured},
    fact::{AddressKind, Device, Source, Uuid},
};
use protocol::beacon::{Address, hex_digit};
use serde_json::Value;

/// Bytes of hexadecimal; nothing if it is none.
pub fn bytes(text: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u8>> = text.bytes().map(hex_digit).collect();
    let pairs = digits?;
    Some(pairs.chunks(2).map(|pair| pair[0] << 4 | pair[1]).collect())
}

/// The facts that a vector's input holds, as JSON.
pub fn facts(vector: &Value) -> Vec<Value> {
    let mut facts = Vec::new();
    let mut sink = |fact: dialect::Fact<'_>| {
        facts.push(serde_json::to_value(Record::from(fact)).expect("facts are plain data"));
    };
    let Some(input) = vector["input"].as_str().and_then(bytes) else {
        return facts;
    };
    let context = &vector["context"];
    let address = context["mac"].as_str().and_then(Address::parse);
    let source = Source {
        device: address.map(|address| Device::Radio(address, AddressKind::Public)),
        ..Source::default()
    };
    let key = context["bindkey"].as_str().and_then(bytes);
    let key: Option<[u8; 16]> = key.and_then(|key| key.try_into().ok());
    let keys = move |asked: Address| key.filter(|_| Some(asked) == address);
    let format = vector["format"]
        .as_str()
        .expect("every vector has a format");
    if let Some(all) = context["all_service_data"].as_object() {
        for (uuid, data) in all {
            let uuid = u16::from_str_radix(uuid, 16).expect("16 bits");
            let data = data.as_str().and_then(bytes).expect("hexadecimal");
            advert::service_data(source, Uuid::Short(uuid), &data, &keys, &mut sink);
        }
        return facts;
    }
    match part(context, format) {
        Part::Service(uuid) => {
            advert::service_data(source, Uuid::Short(uuid), &input, &keys, &mut sink);
        }
        Part::Company(company) => advert::manufacturer_data(source, company, &input, &mut sink),
        Part::Whole => captured::guess(source, &input, &keys, &mut sink),
    }
    facts
}

enum Part {
    Service(u16),
    Company(u16),
    Whole,
}

fn part(context: &Value, format: &str) -> Part {
    let named = context["service_uuid"]
        .as_str()
        .or_else(|| context["opts"][0].as_str());
    if let Some(uuid) = named.and_then(|uuid| u16::from_str_radix(uuid, 16).ok()) {
        return Part::Service(uuid);
    }
    match context["part"].as_str().unwrap_or_default() {
        "service data after uuid" => Part::Service(service(format)),
        part if part.starts_with("manufacturer data") => Part::Company(company(format)),
        _ => Part::Whole,
    }
}

fn service(format: &str) -> u16 {
    match format {
        "bthome-v2" => 0xFCD2,
        "minew" => 0xFFE1,
        "eddystone" => 0xFEAA,
        "exposure-notification" => 0xFD6F,
        "hewlettpackardenterprise" => 0xFD94,
        "wiliot" => 0xFDAF,
        _ => panic!("no service for {format}"),
    }
}

fn company(format: &str) -> u16 {
    match format {
        "ibeacon" => 0x004C,
        "codebluecommunications" => 0x0583,
        "efento" => 0x026C,
        "elainnovation" => 0x0757,
        "enocean" => 0x03DA,
        "lairdconnectivity" => 0x0077,
        "minew" => 0x0639,
        "moko" => 0x0A62,
        "nordicsemiconductor" => 0x0059,
        "pur3ltd" => 0x0590,
        "smartsensordevices" => 0x075B,
        "wiliot" => 0x0500,
        ruuvi if ruuvi.starts_with("ruuvi") => 0x0499,
        _ => panic!("no company for {format}"),
    }
}
