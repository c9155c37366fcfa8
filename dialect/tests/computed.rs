//! What is computed rather than read: identifiers of keys, distances.

use dialect::{distance, exposure};
use protocol::{
    beacon::{Address, hex_digit},
    keys::{resolves, rotating_id},
};
use serde_json::Value;

/// One line each, with source and licence.
const VECTORS: &str = include_str!("vectors/computed.jsonl");

fn of_format(format: &str) -> Vec<Value> {
    let vectors = VECTORS
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"));
    vectors
        .filter(|vector: &Value| vector["format"] == format)
        .collect()
}

fn bytes<const N: usize>(value: &Value) -> [u8; N] {
    let text = value.as_str().expect("hexadecimal");
    let digits: Vec<u8> = text.bytes().filter_map(hex_digit).collect();
    let bytes: Vec<u8> = digits
        .chunks(2)
        .map(|pair| pair[0] << 4 | pair[1])
        .collect();
    bytes.try_into().expect("as many as the field has")
}

fn number(value: &Value) -> u32 {
    value
        .as_u64()
        .and_then(|n| n.try_into().ok())
        .expect("32 bits")
}

#[test]
fn identifiers_of_eddystone_are_those_published() {
    let vectors = of_format("eddystone-eid");
    // The sixth agrees on a key over the air, which a shop never does: it is entered.
    let vectors = vectors.iter().filter(|v| v["expect"]["eid"].is_string());
    assert_eq!(vectors.clone().count(), 5);
    for vector in vectors {
        let input = &vector["input"];
        let key = bytes(&input["identity_key"]);
        let exponent = number(&input["rotation_exponent"]) as u8;
        let id = rotating_id(&key, exponent, number(&input["beacon_time"]));
        assert_eq!(id, bytes(&vector["expect"]["eid"]), "{input}");
    }
}

#[test]
fn private_addresses_resolve_with_their_key_in_either_order() {
    let vectors = of_format("ble-rpa");
    assert_eq!(vectors.len(), 10);
    for vector in vectors {
        let mut irk: [u8; 16] = bytes(&vector["context"]["irk"]);
        let text = vector["input"].as_str().expect("an address");
        let address = Address::parse(text).expect("an address");
        let expected = vector["expect"]["resolves"] == true;
        assert_eq!(resolves(&irk, address), expected, "{text}");
        irk.reverse();
        assert_eq!(resolves(&irk, address), expected, "{text} reversed");
    }
}

#[test]
fn identifiers_of_exposure_are_those_published() {
    let vectors = of_format("exposure-notification-crypto");
    assert_eq!(vectors.len(), 2);
    for vector in vectors {
        let (input, expect) = (&vector["input"], &vector["expect"]);
        let tek = bytes(&input["tek"]);
        let id = exposure::identifier(&tek, number(&input["enin"]));
        assert_eq!(id, bytes(&expect["rpi"]), "{input}");
        if expect["aem"].is_string() {
            let sealed = exposure::metadata(&tek, id, bytes(&input["metadata"]));
            assert_eq!(sealed, bytes(&expect["aem"]));
            assert_eq!(
                exposure::metadata(&tek, id, sealed),
                bytes(&input["metadata"])
            );
        }
    }
}

#[test]
fn distances_are_those_of_the_tools_they_come_from() {
    let vectors = of_format("distance-estimate");
    assert_eq!(vectors.len(), 7);
    for vector in vectors {
        let input = &vector["input"];
        let rssi = input["rssi"].as_f64().expect("a number");
        let said = match (input["tx_power_1m"].as_f64(), input["tx_power"].as_f64()) {
            (Some(reference), _) => distance::ratio_m(rssi, reference),
            (None, Some(reference)) => distance::capped_m(rssi, reference),
            (None, None) => panic!("without a reference: {input}"),
        };
        let expected = vector["expect"]["distance_m"].as_f64();
        let gap = said
            .zip(expected)
            .map(|(said, expected)| (said - expected).abs());
        assert_eq!(said.is_some(), expected.is_some(), "{input}");
        assert!(gap.is_none_or(|gap| gap < 1e-5), "{input}: {said:?}");
    }
}
