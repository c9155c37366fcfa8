//! Laird Connectivity sensors, company 0x0077. Little-endian.

use crate::{Quantity as Q, advert::frame::Frame, bytes::Cursor, fact::Value};

/// Pascals in a pound per square inch.
const PASCALS_PER_PSI: f64 = 6_894.757;

/// One frame.
pub(super) fn read(frame: &mut Frame<'_, '_>, mut bytes: Cursor<'_>) -> Option<()> {
    (bytes.len() == 24).then_some(())?;
    let protocol = bytes.le16()?;
    let (network, flags) = (bytes.le16()?, bytes.le16()?);
    let mac = bytes.array()?;
    frame.format(match protocol {
        0x0001 => "laird sensor",
        0xFF81 => "laird contact tracer",
        _ => return None,
    });
    frame.about("network", Value::Number(f64::from(network)));
    frame.number(Q::Flags, flags);
    frame.mac_reversed(mac);
    let kind = bytes.u8()?;
    if protocol == 0x0001 {
        frame.number(Q::Sequence, bytes.le16()?);
        frame.number(Q::DeviceClock, bytes.le32()?);
        record(frame, kind, bytes)
    } else {
        tracer(frame, kind, bytes)
    }
}

fn tracer(frame: &mut Frame<'_, '_>, kind: u8, mut bytes: Cursor<'_>) -> Option<()> {
    matches!(kind, 0x00 | 0x10).then_some(())?;
    frame.about("profile", Value::Number(f64::from(bytes.u8()?)));
    frame.number(Q::DeviceClock, bytes.le32()?);
    frame.number(Q::TxPower, bytes.i8()?);
    frame.flag(Q::Motion, bytes.u8()? > 0);
    let _reserved = bytes.u8()?;
    frame.ratio(Q::BatteryVoltage, u16::from(bytes.u8()?) * 16, 1000.0);
    Some(())
}

fn record(frame: &mut Frame<'_, '_>, kind: u8, mut bytes: Cursor<'_>) -> Option<()> {
    match kind {
        1 | 4..=10 => frame.ratio(Q::Temperature, bytes.le_signed(4)? as f64, 100.0),
        2 => frame.flag(Q::Contact, bytes.le32()? == 0),
        3 => frame.flag(Q::Motion, true),
        12 | 13 | 16 => frame.ratio(Q::BatteryVoltage, bytes.le32()?, 1000.0),
        18..=32 => analogue(frame, kind, bytes)?,
        38 => frame.flag(Q::Tamper, bytes.le32()? != 0),
        _ => return None,
    }
    Some(())
}

/// Values as floating point numbers of four bytes, up to four channels each.
fn analogue(frame: &mut Frame<'_, '_>, kind: u8, mut bytes: Cursor<'_>) -> Option<()> {
    let raw = f64::from(f32::from_le_bytes(bytes.array()?));
    let (quantity, first, factor) = match kind {
        18..=21 => (Q::ProbeTemperature, 18, 1.0),
        22..=25 => (Q::Voltage, 22, 0.001),
        26..=29 => (Q::Current, 26, 1.0),
        30 => (Q::Distance, 30, 0.001),
        _ => (Q::Pressure, 31, PASCALS_PER_PSI),
    };
    for _channel_without_value in first..kind {
        frame.next(quantity);
    }
    // Single precision holds seven digits; to a millionth of the unit.
    let value = (raw * factor * 1e6).round();
    if value.is_finite() {
        frame.ratio(quantity, value, 1e6);
    }
    Some(())
}
