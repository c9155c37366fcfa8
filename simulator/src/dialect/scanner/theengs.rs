//! Theengs Gateway (`TheengsGateway/ble_gateway.py` of theengs/gateway) and
//! OpenMQTTGateway (`docs/use/ble.md`, `main/ZgatewayBT.ino`): iBeacons decoded,
//! other advertisements in parts.
//!
//! The two differ: only OpenMQTTGateway says whether an address is random.

use super::Packet;
use crate::dialect::{Message, ad, colons, hex, upper_hex};
use serde::Serialize;

#[derive(Serialize)]
struct Decoded<'a> {
    id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    mac_type: Option<u8>,
    rssi: i32,
    brand: &'a str,
    model: &'a str,
    model_id: &'a str,
    mfid: String,
    uuid: String,
    major: u16,
    minor: u16,
    txpower: i8,
}

#[derive(Serialize)]
struct Undecoded {
    id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    mac_type: Option<u8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    manufacturerdata: Option<String>,
    rssi: i32,
    #[serde(skip_serializing_if = "Option::is_none")]
    servicedata: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    servicedatauuid: Option<String>,
}

/// Theengs Gateway. It passes over what has neither kind of data.
pub(super) fn theengs(base: &str, packet: &Packet) -> Option<Message> {
    let carries = ad::structures(&packet.ad)
        .any(|(kind, _)| matches!(kind, ad::SERVICE_DATA | ad::MANUFACTURER_DATA));
    carries.then(|| message(base, packet, None, ""))
}

/// OpenMQTTGateway with `pubadvdata`.
pub(super) fn omg(base: &str, packet: &Packet) -> Message {
    message(base, packet, Some(u8::from(packet.is_random)), "0x")
}

fn message(base: &str, packet: &Packet, mac_type: Option<u8>, uuid_prefix: &str) -> Message {
    let topic = format!("{base}/BTtoMQTT/{}", upper_hex(&packet.address.0));
    let id = colons(packet.address);
    let rssi = packet.rssi_dbm.round() as i32;
    let part = |wanted| {
        let mut parts = ad::structures(&packet.ad);
        parts.find_map(move |(kind, data)| (kind == wanted).then_some(data))
    };
    let manufacturer = part(ad::MANUFACTURER_DATA);
    if let Some([0x4C, 0x00, 0x02, 0x15, body @ ..]) = manufacturer
        && let (
            [
                uuid @ ..,
                major_high,
                major_low,
                minor_high,
                minor_low,
                power,
            ],
            21,
        ) = (body, body.len())
    {
        let body = Decoded {
            id,
            mac_type,
            rssi,
            brand: "GENERIC",
            model: "iBeacon",
            model_id: "IBEACON",
            mfid: "4c00".to_owned(),
            uuid: hex(uuid),
            major: u16::from_be_bytes([*major_high, *major_low]),
            minor: u16::from_be_bytes([*minor_high, *minor_low]),
            txpower: *power as i8,
        };
        return Message::json(topic, &body);
    }
    let service = part(ad::SERVICE_DATA).and_then(<[u8]>::split_first_chunk::<2>);
    let body = Undecoded {
        id,
        mac_type,
        manufacturerdata: manufacturer.map(hex),
        rssi,
        servicedata: service.map(|(_, data)| hex(data)),
        servicedatauuid: service
            .map(|(uuid, _)| format!("{uuid_prefix}{:04x}", u16::from_le_bytes(*uuid))),
    };
    Message::json(topic, &body)
}
