//! `EnOcean` switches and sensors that live on light, company 0x03DA.

use crate::{Quantity as Q, advert::frame::Frame, bytes::Cursor, fact::Value};

const SIGNATURE: usize = 4;
/// A switch has no room for anything but counter, status and signature.
const SWITCH: usize = 9;
const STATUS: u8 = 0x39;

/// One telegram.
pub(super) fn read(frame: &mut Frame<'_, '_>, mut bytes: Cursor<'_>) -> Option<()> {
    let is_switch = bytes.len() == SWITCH;
    let count = bytes.le32()?;
    let end = bytes.len().checked_sub(SIGNATURE + 1)? + 1;
    let (body, signature) = bytes.0.split_at_checked(end)?;
    if is_switch {
        return switch(frame, count, body[0], signature);
    }
    frame.format("enocean sensor");
    frame.number(Q::Sequence, count);
    if body[0] & 0x3F == STATUS {
        return status(frame, Cursor(bytes.0));
    }
    items(frame, Cursor(body));
    frame.about("signature", Value::Bytes(signature));
    Some(())
}

fn switch(frame: &mut Frame<'_, '_>, count: u32, status: u8, signature: &[u8]) -> Option<()> {
    (status & 0xE0 == 0).then_some(())?;
    frame.format("enocean switch");
    frame.number(Q::Sequence, count);
    let pressed = status & 0x01 != 0;
    for bit in 1..=4 {
        frame.flag(Q::Pressed, pressed && status >> bit & 1 != 0);
    }
    frame.about("signature", Value::Bytes(signature));
    Some(())
}

fn status(frame: &mut Frame<'_, '_>, mut bytes: Cursor<'_>) -> Option<()> {
    let _kind = bytes.be16()?;
    frame.number(Q::Uptime, bytes.le32()?);
    let (light, battery) = (bytes.le16()?, bytes.u8()?);
    if light < 0xFFFE {
        frame.number(Q::Illuminance, light);
    }
    if battery < 0xFE {
        frame.number(Q::Battery, battery);
    }
    Some(())
}

/// A row of items: size and what it is in one byte, value.
fn items(frame: &mut Frame<'_, '_>, mut bytes: Cursor<'_>) -> Option<()> {
    while let Some(descriptor) = bytes.u8() {
        let length = match descriptor >> 6 {
            3 => usize::from(bytes.u8()?),
            size => 1 << size,
        };
        let value = Cursor(bytes.take(length)?);
        let _unknown_or_invalid = item(frame, descriptor & 0x3F, value);
    }
    Some(())
}

/// The two highest numbers of each size stand for "out of range" and "invalid".
fn item(frame: &mut Frame<'_, '_>, kind: u8, mut value: Cursor<'_>) -> Option<()> {
    let byte = Cursor(value.0).u8()?;
    let word = Cursor(value.0).le16();
    let signed = word
        .map(u16::cast_signed)
        .filter(|n| !matches!(*n, i16::MIN | i16::MAX));
    match kind {
        0x00 => frame.ratio(Q::Temperature, signed?, 100.0),
        0x01 => frame.ratio(Q::BatteryVoltage, signed?, 2000.0),
        0x02 if byte < 0xFE => frame.ratio(Q::Battery, byte, 2.0),
        0x04 | 0x05 => frame.number(Q::Illuminance, word.filter(|lux| *lux < 0xFFFE)?),
        0x06 if byte < 0xFE => frame.ratio(Q::Humidity, byte, 2.0),
        0x07 => frame.number(Q::Pressure, i32::from(signed?) * 100),
        0x0A => acceleration(frame, value.le32()?)?,
        0x20 if matches!(byte, 1 | 2) => frame.flag(Q::Motion, byte == 2),
        0x23 if matches!(byte, 1 | 2) => frame.flag(Q::Contact, byte == 2),
        _ => return None,
    }
    Some(())
}

/// Ten bits an axis in hundredths of g around 512, and why it was sent.
fn acceleration(frame: &mut Frame<'_, '_>, packed: u32) -> Option<()> {
    let reason = packed >> 30;
    matches!(reason, 1 | 2).then_some(())?;
    for (quantity, shift) in [
        (Q::AccelerationX, 0),
        (Q::AccelerationY, 10),
        (Q::AccelerationZ, 20),
    ] {
        let axis = (packed >> shift & 0x3FF) as i32 - 512;
        frame.ratio(quantity, axis, 100.0);
    }
    frame.flag(Q::Motion, reason == 2);
    Some(())
}
