//! Estimote: telemetry of service 0xFE9A (Estimote/estimote-specs,
//! estimote-telemetry.js) and the stickers called nearables. Little-endian.

use crate::{Quantity as Q, advert::frame::Frame, bytes::Cursor, fact::Value};

const TELEMETRY: u8 = 0x2;

/// Service data 0xFE9A.
pub(super) fn telemetry(frame: &mut Frame<'_, '_>, mut bytes: Cursor<'_>) -> Option<()> {
    let first = bytes.u8()?;
    let version = first >> 4;
    (first & 0x0F == TELEMETRY && version <= 2).then_some(())?;
    let id = bytes.take(8)?;
    let part = bytes.u8()? & 0b11;
    (bytes.len() >= 10).then_some(())?;
    frame.format(match part {
        0 => "estimote telemetry a",
        1 => "estimote telemetry b",
        _ => return None,
    });
    frame.about("id", Value::Bytes(id));
    frame.about("protocol_version", Value::Number(f64::from(version)));
    if part == 0 {
        motion(frame, version, bytes)
    } else {
        surroundings(frame, version, bytes)
    }
}

fn motion(frame: &mut Frame<'_, '_>, version: u8, mut bytes: Cursor<'_>) -> Option<()> {
    for quantity in [Q::AccelerationX, Q::AccelerationY, Q::AccelerationZ] {
        // 127ths of 2 g; to a millionth.
        let axis = (f64::from(bytes.i8()?) * 2e6 / 127.0).round();
        frame.ratio(quantity, axis, 1e6);
    }
    let [before, now, flags]: [u8; 3] = bytes.array()?;
    frame.number(Q::PreviousMotionState, state_s(before));
    frame.number(Q::MotionState, state_s(now));
    frame.flag(Q::Moving, flags & 0b11 == 1);
    for pin in 4..8 {
        frame.flag(Q::Input, flags >> pin & 1 != 0);
    }
    let errors = match version {
        2 => Some(flags >> 2),
        1 => Some(Cursor(bytes.0).u8()?),
        _ => None,
    };
    if let Some(errors) = errors {
        frame.flag(Q::FirmwareError, errors & 0b01 != 0);
        frame.flag(Q::ClockError, errors & 0b10 != 0);
    }
    if version == 2 {
        let pressure = bytes.le32().filter(|pressure| *pressure != u32::MAX)?;
        frame.ratio(Q::Pressure, pressure, 256.0);
    }
    Some(())
}

/// How long, in units that the two top bits choose.
fn state_s(packed: u8) -> u32 {
    let number = u32::from(packed & 0x3F);
    match packed >> 6 {
        0 => number,
        1 => number * 60,
        2 => number * 3600,
        _ if number < 32 => number * 86_400,
        _ => (number - 32) * 7 * 86_400,
    }
}

fn surroundings(frame: &mut Frame<'_, '_>, version: u8, mut bytes: Cursor<'_>) -> Option<()> {
    let field: [u8; 3] = bytes.array()?;
    if field != [0xFF; 3] {
        // Of no unit: 128ths of the strongest it can measure.
        frame.about("magnetic_field", Value::Bytes(&field));
    }
    let light = bytes.u8()?;
    if light != 0xFF {
        let lux = f64::from(1_u32 << (light >> 4)) * f64::from(light & 0x0F) * 72.0;
        frame.ratio(Q::Illuminance, lux, 100.0);
    }
    let packed = bytes.le(5)?;
    let number = (packed & 0xFFF) as u32;
    let unit = [1, 60, 3600, 86_400][(packed >> 12 & 0b11) as usize];
    frame.number(Q::Uptime, number * unit);
    let temperature = (packed >> 14 & 0xFFF) as i16;
    frame.ratio(Q::Temperature, (temperature << 4) >> 4, 16.0);
    let millivolts = (packed >> 26 & 0x3FFF) as u16;
    if millivolts != 0x3FFF {
        frame.ratio(Q::BatteryVoltage, millivolts, 1000.0);
    }
    let last = bytes.u8()?;
    if version == 0 {
        frame.flag(Q::FirmwareError, last & 0b01 != 0);
        frame.flag(Q::ClockError, last & 0b10 != 0);
    } else if last != 0xFF {
        frame.number(Q::Battery, last);
    }
    Some(())
}

/// Manufacturer data of a nearable.
pub(super) fn nearable(frame: &mut Frame<'_, '_>, mut bytes: Cursor<'_>) -> Option<()> {
    (bytes.u8()? == 0x01).then_some(())?;
    let id = bytes.take(8)?;
    let [hardware, firmware]: [u8; 2] = bytes.array()?;
    let temperature = bytes.le16_signed()?;
    let state = bytes.u8()?;
    frame.format("estimote nearable");
    frame.about("id", Value::Bytes(id));
    frame.written("hardware", format_args!("{hardware}"));
    frame.written("firmware", format_args!("{firmware}"));
    // 12 bits with a sign, in 16ths of a degree.
    frame.ratio(Q::Temperature, (temperature << 4) >> 4, 16.0);
    frame.flag(Q::Moving, state & 0x40 != 0);
    Some(())
}
