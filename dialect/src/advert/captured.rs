//! Advertisements with more around them than their data: as HCI reports and as
//! packets on air.

use super::{Keys, frame::Frame, read};
use crate::{
    bytes::Cursor,
    fact::{AddressKind, Device, Sink, Source, Value, Written},
};
use protocol::{advert::structures, beacon::Address};

/// Reads bytes of which nobody said how much of an advertisement they are:
/// its data alone, an HCI report with length and strength around, or a packet
/// with its header. Only what is no whole row of structures is tried as more.
pub fn guess(source: Source<'_>, bytes: &[u8], keys: &Keys<'_>, sink: &mut Sink<'_>) {
    if is_whole(bytes) && !is_report(bytes) {
        read(source, bytes, keys, sink);
    } else if is_report(bytes) {
        report(source, bytes, keys, sink);
    } else if !packet(source, bytes, keys, sink) {
        read(source, bytes, keys, sink);
    }
}

/// Reads an HCI report's tail: length, data, strength in dBm.
pub fn report(source: Source<'_>, bytes: &[u8], keys: &Keys<'_>, sink: &mut Sink<'_>) {
    let mut bytes = Cursor(bytes);
    let Some(length) = bytes.u8().map(usize::from) else {
        return;
    };
    // Some count the strength with the data.
    let length = length.min(bytes.len().saturating_sub(1));
    let ad = bytes.take(length).unwrap_or_default();
    let rssi_dbm = bytes.i8().map(f32::from).or(source.rssi_dbm);
    read(Source { rssi_dbm, ..source }, ad, keys, sink);
}

/// Reads a packet as it is on air (Bluetooth Core 5.4, Vol 6, Part B, 2.3):
/// header, the sender's address, data. Says whether it was one.
pub fn packet(source: Source<'_>, bytes: &[u8], keys: &Keys<'_>, sink: &mut Sink<'_>) -> bool {
    let mut body = Cursor(bytes);
    let header: Option<[u8; 2]> = body.array();
    let Some([head, length]) = header.filter(|[_, length]| usize::from(*length) == body.len())
    else {
        return false;
    };
    let Some(&kind) = KINDS.get(usize::from(head & 0x0F)) else {
        return false;
    };
    // Addresses of extended packets stand behind another header.
    let sender = (kind != EXTENDED).then(|| address(&mut body)).flatten();
    if sender.is_none() && (kind != EXTENDED || length == 0) {
        return false;
    }
    let device = sender.map(|sender| Device::Radio(sender, kind_of(sender, head & 0x40 != 0)));
    let source = Source {
        device: device.or(source.device),
        ..source
    };
    let mut frame = Frame::new(source, sink);
    frame.about("packet", Value::Text(kind));
    let random = head & 0x40 != 0;
    let sender_kind = if random { "random" } else { "public" };
    frame.about("sender_address", Value::Text(sender_kind));
    if let Some(target) = (kind == DIRECTED).then(|| address(&mut body)).flatten() {
        frame.written("target", format_args!("{}", Written(target)));
    }
    read(source, body.rest(), keys, sink);
    true
}

const DIRECTED: &str = "ADV_DIRECT_IND";
const EXTENDED: &str = "ADV_EXT_IND";
const KINDS: [&str; 8] = [
    "ADV_IND",
    DIRECTED,
    "ADV_NONCONN_IND",
    "SCAN_REQ",
    "SCAN_RSP",
    "CONNECT_IND",
    "ADV_SCAN_IND",
    EXTENDED,
];

fn address(bytes: &mut Cursor<'_>) -> Option<Address> {
    let mut address: [u8; 6] = bytes.array()?;
    address.reverse();
    Some(Address(address))
}

const fn kind_of(address: Address, random: bool) -> AddressKind {
    if random {
        AddressKind::of_random(address)
    } else {
        AddressKind::Public
    }
}

/// Whether structures and padding are all there is.
fn is_whole(bytes: &[u8]) -> bool {
    let used: usize = structures(bytes).map(|s| s.data.len() + 2).sum();
    let padding = bytes.len() - used.min(bytes.len());
    bytes.iter().rev().take_while(|byte| **byte == 0).count() >= padding
}

/// Whether length and strength stand around a whole row that begins with flags,
/// as nearly all do.
fn is_report(bytes: &[u8]) -> bool {
    matches!(bytes, [length, ad @ .., _]
        if (ad.len()..=ad.len() + 1).contains(&usize::from(*length))
        && ad.starts_with(&[0x02, 0x01])
        && is_whole(ad))
}
