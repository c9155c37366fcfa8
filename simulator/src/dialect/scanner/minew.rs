//! Minew gateways. JSON-LONG as it was captured (an array whose first element
//! is the gateway), BINARY-LONG as `lib/binarypacketdecoder.js` of
//! reelyactive/barnowl-minew reads it.

use super::Packet;
use crate::dialect::{Message, ad, upper_hex, utc};
use protocol::beacon::Address;
use serde_json::{Value, json};

const HEADER: [u8; 2] = [0xBB, 0x01];
const TAIL: u8 = 0xDD;
/// Header, length, gateway, number of devices, tail.
const AROUND: usize = 2 + 4 + 6 + 2 + 1;

/// All that was heard in one message: iBeacons decoded, the rest raw.
pub(super) fn json_long(topic: &str, own: Address, heard: &[Packet], unix_ms: i64) -> Message {
    let time = format!("{}Z", utc(unix_ms).0);
    let gateway = json!({
        "timestamp": time,
        "type": "Gateway",
        "mac": upper_hex(&own.0),
        "gatewayFree": 98,
        "gatewayLoad": 0.05,
    });
    let devices = heard.iter().map(|packet| device(packet, &time));
    let body: Vec<Value> = std::iter::once(gateway).chain(devices).collect();
    Message::json(topic.to_owned(), &body)
}

fn device(packet: &Packet, time: &str) -> Value {
    let mut device = json!({
        "timestamp": time,
        "mac": upper_hex(&packet.address.0),
        "bleName": "",
        "rssi": packet.rssi_dbm.round() as i32,
    });
    let ibeacon = ad::structures(&packet.ad).find_map(|(kind, data)| match (kind, data) {
        (ad::MANUFACTURER_DATA, [0x4C, 0x00, 0x02, 0x15, body @ ..]) if body.len() == 21 => {
            Some(body)
        }
        _ => None,
    });
    let Some(body) = ibeacon else {
        device["type"] = json!("Unknown");
        device["rawData"] = json!(upper_hex(&packet.ad));
        return device;
    };
    device["type"] = json!("iBeacon");
    device["ibeaconUuid"] = json!(upper_hex(&body[..16]));
    device["ibeaconMajor"] = json!(u16::from_be_bytes([body[16], body[17]]));
    device["ibeaconMinor"] = json!(u16::from_be_bytes([body[18], body[19]]));
    device["ibeaconTxPower"] = json!(body[20] as i8);
    device["battery"] = json!(0);
    device
}

/// Bits 1 and 2 say of which kind the address is: registered, or random and
/// static, resolvable or neither, as the sample's addresses show by their top bits.
fn scan_information(packet: &Packet) -> u8 {
    match (packet.is_random, packet.address.0[0] >> 6) {
        (false, _) => 0b000,
        (true, 0b11) => 0b010,
        (true, 0b01) => 0b100,
        (true, _) => 0b110,
    }
}

/// All that was heard in one message, raw.
pub(super) fn binary_long(topic: &str, own: Address, heard: &[Packet]) -> Message {
    let mut devices = Vec::new();
    for packet in heard {
        devices.extend(packet.address.0);
        // Each is heard once to a batch.
        devices.extend(1_u16.to_be_bytes());
        devices.push(packet.ad.len() as u8);
        devices.extend(&packet.ad);
        devices.push(scan_information(packet));
        devices.push((packet.rssi_dbm.round() as i8) as u8);
    }
    let length = (AROUND + devices.len()) as u32;
    let mut bytes = HEADER.to_vec();
    bytes.extend(length.to_be_bytes());
    bytes.extend(own.0);
    bytes.extend((heard.len() as u16).to_be_bytes());
    bytes.extend(devices);
    bytes.push(TAIL);
    Message::new(topic.to_owned(), bytes)
}
