//! The plain elements of advertising data: names, services, power (Bluetooth
//! Supplement to the Core, part A; numbers from the Assigned Numbers, 2.3).

use super::frame::Frame;
use crate::{
    Quantity,
    bytes::Cursor,
    fact::{Under, Uuid, Value},
};
use protocol::advert::{Structure, structures};

const FLAGS: u8 = 0x01;
const NAME_SHORT: u8 = 0x08;
const NAME: u8 = 0x09;
const TX_POWER: u8 = 0x0A;
const DEVICE_CLASS: u8 = 0x0D;
const SERVICE_DATA_16: u8 = 0x16;
const APPEARANCE: u8 = 0x19;
const INTERVAL: u8 = 0x1A;
const LE_ADDRESS: u8 = 0x1B;
const SERVICE_DATA_32: u8 = 0x20;
const SERVICE_DATA_128: u8 = 0x21;
const MANUFACTURER_DATA: u8 = 0xFF;

/// Says the name: the whole one if there is one, else the short one.
pub(super) fn name(frame: &mut Frame<'_, '_>, ad: &[u8]) {
    let named = |kind| structures(ad).find(|s| s.kind == kind && !s.data.is_empty());
    if let Some(name) = named(NAME).or_else(|| named(NAME_SHORT)) {
        frame.text("name", name.data);
    }
}

/// Says what one structure says, and hands back data in somebody's format.
pub(super) fn read<'d>(
    frame: &mut Frame<'_, '_>,
    Structure { kind, data }: Structure<'d>,
) -> Option<(Under, &'d [u8])> {
    let mut bytes = Cursor(data);
    match kind {
        MANUFACTURER_DATA => return Some((Under::Company(bytes.le16()?), bytes.rest())),
        SERVICE_DATA_16 | SERVICE_DATA_32 | SERVICE_DATA_128 => {
            let uuid = uuid(&mut bytes, kind)?;
            return Some((Under::Service(uuid), bytes.rest()));
        }
        0x02..=0x07 => uuids(frame, "service_uuid", bytes, kind),
        0x14 | 0x15 | 0x1F => uuids(frame, "solicited_uuid", bytes, kind),
        _ => plain(frame, kind, bytes)?,
    }
    None
}

fn plain(frame: &mut Frame<'_, '_>, kind: u8, mut bytes: Cursor<'_>) -> Option<()> {
    match kind {
        FLAGS => frame.about("flags", number(u32::from(bytes.u8()?))),
        // Exactly one byte: a longer one is something else.
        TX_POWER if bytes.len() == 1 => frame.number(Quantity::TxPower, bytes.i8()?),
        DEVICE_CLASS => frame.about("device_class", number(bytes.le(3)? as u32)),
        APPEARANCE => frame.about("appearance", number(u32::from(bytes.le16()?))),
        // In units of 0.625 ms.
        INTERVAL => frame.ratio(Quantity::Interval, bytes.le16()?, 1600.0),
        LE_ADDRESS => frame.mac_reversed(bytes.array()?),
        _ => {}
    }
    Some(())
}

fn number<'a>(number: u32) -> Value<'a> {
    Value::Number(f64::from(number))
}

/// Says every whole uuid of a list; what is left over is not one.
fn uuids(frame: &mut Frame<'_, '_>, what: &'static str, mut bytes: Cursor<'_>, kind: u8) {
    while let Some(uuid) = uuid(&mut bytes, kind) {
        frame.uuid(what, uuid);
    }
}

fn uuid(bytes: &mut Cursor<'_>, kind: u8) -> Option<Uuid> {
    Some(match kind {
        0x02 | 0x03 | 0x14 | SERVICE_DATA_16 => Uuid::Short(bytes.le16()?),
        0x04 | 0x05 | 0x1F | SERVICE_DATA_32 => Uuid::Middle(bytes.le32()?),
        _ => {
            let mut full: [u8; 16] = bytes.array()?;
            full.reverse();
            Uuid::Full(full)
        }
    })
}
