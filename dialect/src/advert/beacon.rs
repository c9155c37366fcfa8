//! Frames that are nothing but an identity: iBeacon, `AltBeacon`, exposure-style
//! identifiers; and what else Apple's devices send.

use super::frame::Frame;
use crate::{
    bytes::Cursor,
    fact::{Identity, Value},
};
use protocol::advert::beacon_in;

const APPLE: u16 = 0x004C;
/// An iPhone in the background: a bit for every 128-bit service it offers.
const OVERFLOW: u8 = 0x01;

/// Manufacturer data of any company.
pub(super) fn manufacturer(frame: &mut Frame<'_, '_>, company: u16, data: &[u8]) -> Option<()> {
    if let Some(heard) = beacon_in(company, data) {
        frame.format(heard.beacon.kind());
        frame.beacon(heard.beacon, heard.reference_dbm);
        return Some(());
    }
    if company == APPLE {
        return apple(frame, data);
    }
    None
}

/// What Apple's devices say beside iBeacon: the kind alone means something to
/// others (first byte; furiousMAC/continuity, "Messages").
fn apple(frame: &mut Frame<'_, '_>, data: &[u8]) -> Option<()> {
    let (kind, rest) = data.split_first()?;
    if *kind == OVERFLOW {
        frame.about("overflow_bits", Value::Bytes(rest));
    }
    frame.format(match *kind {
        OVERFLOW => "apple overflow area",
        0x03 => "apple airprint",
        0x05 => "apple airdrop",
        0x06 => "apple homekit",
        0x07 => "apple proximity pairing",
        0x08 => "apple hey siri",
        0x09 | 0x0A => "apple airplay",
        0x0B => "apple magic switch",
        0x0C => "apple handoff",
        0x0D | 0x0E => "apple tethering",
        0x0F => "apple nearby action",
        0x10 => "apple nearby info",
        0x12 => "apple find my",
        _ => return None,
    });
    Some(())
}

/// An exposure-style identifier (Google and Apple, Exposure Notification
/// Bluetooth Specification 1.2): 16 bytes that rotate with the address, and 4
/// that only the day's key opens.
pub(super) fn exposure(frame: &mut Frame<'_, '_>, data: &[u8]) -> Option<()> {
    let mut bytes = Cursor(data);
    let rpi = bytes.array()?;
    frame.format("exposure");
    frame.sighting(Identity::Exposure(rpi), None);
    if let Some(metadata) = bytes.take(4) {
        frame.about("encrypted_metadata", Value::Bytes(metadata));
    }
    Some(())
}
