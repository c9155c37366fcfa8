//! ELA Innovation tags, company 0x0757.

use crate::{Quantity as Q, advert::frame::Frame, bytes::Cursor, fact::Value};

/// One frame: what it is, then its value.
pub(super) fn read(frame: &mut Frame<'_, '_>, mut bytes: Cursor<'_>) -> Option<()> {
    let kind = bytes.u8()?;
    match (kind, bytes.len()) {
        (0x06, 6) => frame.about("id", Value::Bytes(bytes.rest())),
        (0x09, _) => frame.text("name", bytes.rest()),
        (0x12, 2) => frame.ratio(Q::Temperature, bytes.le16_signed()?, 100.0),
        (0x21, 4) => {
            frame.number(Q::Humidity, bytes.u8()?);
            if bytes.u8()? == 0x12 {
                frame.ratio(Q::Temperature, bytes.le16_signed()?, 100.0);
            }
        }
        (0x32, 2) => counted(frame, Q::Contact, bytes.le16()?),
        (0x42 | 0x92, 2) => counted(frame, Q::Motion, bytes.le16()?),
        (0x56, 6) => {
            for quantity in [Q::AccelerationX, Q::AccelerationY, Q::AccelerationZ] {
                frame.ratio(quantity, bytes.le16_signed()?, 1000.0);
            }
        }
        (0x62, 2) => counted(frame, Q::Input, bytes.le16()?),
        (0xB2, 2) => counted(frame, Q::Pressed, bytes.le16()?),
        (0xF1, 1) => frame.number(Q::Battery, bytes.u8()?),
        (0xF2, 2) => frame.ratio(Q::BatteryVoltage, bytes.le16()?, 1000.0),
        _ => return None,
    }
    frame.format("ela");
    Some(())
}

/// The lowest bit is the state, above it is how often it changed.
fn counted(frame: &mut Frame<'_, '_>, quantity: Q, packed: u16) {
    frame.flag(quantity, packed & 1 != 0);
    frame.number(Q::Count, packed >> 1);
}
