//! Ingics iGS01S and iGS03: `$GPRP,<tag>,<gateway>,<rssi>,<advertisement>,<time>`,
//! a line each, several to a message (README of ingics/ingics-message-parser).

use super::Packet;
use crate::dialect::{Message, upper_hex};
use protocol::beacon::Address;

/// All that was heard in one message.
pub(super) fn message(topic: &str, own: Address, heard: &[Packet], unix_ms: i64) -> Message {
    let lines: Vec<String> = heard.iter().map(|p| line(own, p, unix_ms)).collect();
    Message::new(topic.to_owned(), lines.join("\r\n"))
}

fn line(own: Address, packet: &Packet, unix_ms: i64) -> String {
    format!(
        "$GPRP,{},{},{},{},{}.{:03}",
        upper_hex(&packet.address.0),
        upper_hex(&own.0),
        packet.rssi_dbm.round() as i32,
        upper_hex(&packet.ad),
        unix_ms.div_euclid(1_000),
        unix_ms.rem_euclid(1_000),
    )
}
