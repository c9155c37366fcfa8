//! Kontakt.io beacons (developer.kontakt.io, "Packets"): service 0xFE6A, and
//! 0xD00D in the scan response of older ones.

use super::frame::Frame;
use crate::{Quantity, bytes::Cursor, fact::Value};

/// Says that nothing of the kind has happened yet.
const NEVER: u16 = u16::MAX;

/// Service data 0xFE6A.
pub(super) fn read(frame: &mut Frame<'_, '_>, data: &[u8]) -> Option<()> {
    let mut bytes = Cursor(data);
    match bytes.u8()? {
        0x01 => shuffled(frame, bytes),
        0x02 => plain(frame, bytes),
        0x03 => telemetry(frame, bytes),
        0x05 => location(frame, bytes),
        _ => None,
    }
}

/// Service data 0xD00D of older beacons.
pub(super) fn scan_response(frame: &mut Frame<'_, '_>, data: &[u8]) -> Option<()> {
    let &[a, b, c, d, major, minor, battery] = data else {
        return None;
    };
    frame.format("kontakt scan response");
    frame.text("id", &[a, b, c, d]);
    frame.written("firmware", format_args!("{major}.{minor}"));
    frame.number(Quantity::Battery, battery);
    Some(())
}

/// Model, firmware, battery, power: how both secure profiles begin.
fn head(frame: &mut Frame<'_, '_>, format: &'static str, bytes: &mut Cursor<'_>) -> Option<()> {
    let [model, major, minor, battery, power]: [u8; 5] = bytes.array()?;
    frame.format(format);
    frame.about("model", Value::Number(f64::from(model)));
    frame.written("firmware", format_args!("{major}.{minor}"));
    if battery <= 100 {
        frame.number(Quantity::Battery, battery);
    }
    frame.number(Quantity::TxPower, power.cast_signed());
    Some(())
}

fn plain(frame: &mut Frame<'_, '_>, mut bytes: Cursor<'_>) -> Option<()> {
    head(frame, "kontakt plain", &mut bytes)?;
    frame.text("id", bytes.rest());
    Some(())
}

fn shuffled(frame: &mut Frame<'_, '_>, mut bytes: Cursor<'_>) -> Option<()> {
    head(frame, "kontakt secure", &mut bytes)?;
    frame.about("shuffled_id", Value::Bytes(bytes.rest()));
    frame.sealed(
        "kontakt secure",
        "only the maker's cloud resolves a shuffled id: switch shuffling off to have it read",
    );
    Some(())
}

fn location(frame: &mut Frame<'_, '_>, mut bytes: Cursor<'_>) -> Option<()> {
    let [power, channel, model, flags]: [u8; 4] = bytes.array()?;
    frame.format("kontakt location");
    frame.number(Quantity::TxPower, power.cast_signed());
    frame.number(Quantity::Channel, channel);
    frame.about("model", Value::Number(f64::from(model)));
    frame.number(Quantity::Flags, flags);
    frame.text("id", bytes.rest());
    Some(())
}

/// A row of fields: length, what it is, value.
fn telemetry(frame: &mut Frame<'_, '_>, mut bytes: Cursor<'_>) -> Option<()> {
    frame.format("kontakt telemetry");
    while let Some(length) = bytes.u8() {
        let mut body = Cursor(bytes.take(usize::from(length))?);
        let _unknown_or_cut_short = body.u8().and_then(|id| field(frame, id, body));
    }
    Some(())
}

fn field(frame: &mut Frame<'_, '_>, id: u8, mut bytes: Cursor<'_>) -> Option<()> {
    match id {
        0x01 => {
            frame.number(Quantity::DeviceClock, bytes.le32()?);
            frame.number(Quantity::Battery, bytes.u8()?);
        }
        0x02 => {
            acceleration(frame, &mut bytes)?;
            since(frame, Quantity::SinceTap, bytes.le16()?);
            since(frame, Quantity::SinceMovement, bytes.le16()?);
        }
        0x05 => {
            frame.number(Quantity::LightLevel, bytes.u8()?);
            frame.number(Quantity::Temperature, bytes.i8()?);
        }
        0x06 => acceleration(frame, &mut bytes)?,
        0x07 => since(frame, Quantity::SinceMovement, bytes.le16()?),
        0x08 => since(frame, Quantity::SinceTap, bytes.le16()?),
        0x0A => frame.number(Quantity::LightLevel, bytes.u8()?),
        0x0B => frame.number(Quantity::Temperature, bytes.i8()?),
        0x0C => frame.number(Quantity::Battery, bytes.u8()?),
        0x0D => since(frame, Quantity::SincePress, bytes.le16()?),
        0x0F => frame.number(Quantity::DeviceClock, bytes.le32()?),
        0x11 => {
            frame.number(Quantity::Presses, bytes.u8()?);
            since(frame, Quantity::SincePress, bytes.le16()?);
        }
        0x12 => frame.number(Quantity::Humidity, bytes.u8()?),
        0x13 => frame.ratio(Quantity::Temperature, bytes.be16_signed()?, 256.0),
        0x16 => {
            frame.number(Quantity::MovementCount, bytes.u8()?);
            since(frame, Quantity::SinceMovement, bytes.le16()?);
        }
        _ => return None,
    }
    Some(())
}

/// Three axes in steps of as many thousandths of g as the first byte says.
fn acceleration(frame: &mut Frame<'_, '_>, bytes: &mut Cursor<'_>) -> Option<()> {
    let step = bytes.u8()?;
    let [x, y, z] = [bytes.i8()?, bytes.i8()?, bytes.i8()?];
    frame.about("acceleration_step_mg", Value::Number(f64::from(step)));
    frame.written("acceleration_steps", format_args!("{x} {y} {z}"));
    for (quantity, steps) in [
        (Quantity::AccelerationX, x),
        (Quantity::AccelerationY, y),
        (Quantity::AccelerationZ, z),
    ] {
        frame.ratio(quantity, i16::from(steps) * i16::from(step), 1000.0);
    }
    Some(())
}

fn since(frame: &mut Frame<'_, '_>, quantity: Quantity, seconds: u16) {
    if seconds != NEVER {
        frame.number(quantity, seconds);
    }
}
