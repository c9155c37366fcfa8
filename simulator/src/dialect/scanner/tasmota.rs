//! Tasmota's iBeacon driver (`docs/Bluetooth_ESP32.md` of tasmota/docs): one
//! message a beacon, local time without its zone, group and member in
//! hexadecimal.

use super::Packet;
use crate::dialect::{Message, ad, upper_hex, utc};
use serde::Serialize;

#[derive(Serialize)]
struct Body<'a> {
    #[serde(rename = "Time")]
    time: String,
    #[serde(rename = "IBEACON")]
    ibeacon: Beacon<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "UPPERCASE")]
struct Beacon<'a> {
    uid: String,
    major: String,
    minor: String,
    mac: String,
    rssi: i32,
    state: &'a str,
    persec: u8,
}

/// Only beacons are passed on.
pub(super) fn message(topic: &str, packet: &Packet, unix_ms: i64) -> Option<Message> {
    let body = ad::structures(&packet.ad).find_map(|(kind, data)| match (kind, data) {
        (ad::MANUFACTURER_DATA, [0x4C, 0x00, 0x02, 0x15, body @ ..]) if body.len() == 21 => {
            Some(body)
        }
        _ => None,
    })?;
    let body = Body {
        time: utc(unix_ms).0,
        ibeacon: Beacon {
            uid: upper_hex(&body[..16]),
            major: upper_hex(&body[16..18]),
            minor: upper_hex(&body[18..20]),
            mac: upper_hex(&packet.address.0),
            rssi: packet.rssi_dbm.round() as i32,
            state: "ON",
            persec: 1,
        },
    };
    Some(Message::json(format!("{topic}/SENSOR"), &body))
}
