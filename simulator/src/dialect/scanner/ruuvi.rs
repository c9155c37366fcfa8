//! Ruuvi Gateway: `mqtt-time-stamped-data-from-bluetooth-sensors.md` of
//! ruuvi/docs. Times are texts of whole seconds; it does not say whether an
//! address is random.

use super::Packet;
use crate::dialect::{Message, colons, upper_hex};
use protocol::beacon::Address;
use serde::Serialize;

#[derive(Serialize)]
struct Body {
    gw_mac: String,
    rssi: i32,
    aoa: [u8; 0],
    gwts: String,
    ts: String,
    data: String,
    coords: &'static str,
}

/// One message, one advertisement.
pub(super) fn message(topic: &str, own: Address, packet: &Packet, unix_ms: i64) -> Message {
    let seconds = unix_ms.div_euclid(1_000).to_string();
    let body = Body {
        gw_mac: colons(own),
        rssi: packet.rssi_dbm.round() as i32,
        aoa: [],
        gwts: seconds.clone(),
        ts: seconds,
        data: upper_hex(&packet.ad),
        coords: "",
    };
    let topic = format!("{topic}/{}/{}", colons(own), colons(packet.address));
    Message::json(topic, &body)
}
