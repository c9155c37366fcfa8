//! A shop brings a thousand sightings a second: reading one does not touch the
//! heap, whatever the scanner.

use allocation_counter::measure;
use dialect::{advert::no_keys, detect::Dialect};
use protocol::beacon::hex_digit;
use serde_json::Value;

/// Scanners that send one sighting or many, in the order of `Dialect`. Ingics
/// gateways that decode, MOKO and Ruuvi over HTTP send lists, which are held.
const SIGHTINGS: [(&str, Dialect); 7] = [
    ("omg-mqtt", Dialect::Theengs),
    ("espresense-mqtt", Dialect::Espresense),
    ("ruuvi-gateway-mqtt", Dialect::Ruuvi),
    ("ingics-mqtt", Dialect::Ingics),
    ("minew-mqtt", Dialect::Minew),
    ("minew-binary-long", Dialect::Minew),
    ("shelly-blu-script-mqtt", Dialect::ShellyBle),
];

fn payload(vector: &Value) -> Vec<u8> {
    match &vector["input"] {
        Value::String(text) if vector["format"] == "minew-binary-long" => {
            let digits: Vec<u8> = text.bytes().filter_map(hex_digit).collect();
            let pairs = digits.chunks_exact(2);
            pairs.map(|pair| pair[0] << 4 | pair[1]).collect()
        }
        Value::String(text) => text.clone().into_bytes(),
        object => object.to_string().into_bytes(),
    }
}

#[test]
fn sightings_are_read_without_touching_the_heap() {
    let mut read = 0;
    for line in include_str!("vectors/scanner.jsonl").lines() {
        let vector: Value = serde_json::from_str(line).unwrap();
        let format = vector["format"].as_str().unwrap();
        let Some((_, dialect)) = SIGHTINGS.iter().find(|(of, _)| *of == format) else {
            continue;
        };
        let decoded = format == "ingics-mqtt" && vector["input"].is_object();
        if decoded || vector["expect"].is_null() {
            continue;
        }
        let topic = vector["topic"].as_str().unwrap_or_default();
        let payload = payload(&vector);
        let mut facts = 0;
        let used = measure(|| {
            dialect
                .read(topic, &payload, &no_keys, &mut |_| facts += 1)
                .unwrap();
        });
        assert!(facts > 0, "{}", vector["id"]);
        assert_eq!(used.count_total, 0, "{}", vector["id"]);
        read += 1;
    }
    assert!(read > 35, "{read}");
}
