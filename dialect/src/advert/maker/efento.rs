//! Efento loggers, company 0x026C. Bodies are big-endian.

use crate::{Quantity as Q, advert::frame::Frame, bytes::Cursor};

const BATTERY_OK: u8 = 0x01;
/// Set where the period is in seconds, not minutes.
const IN_SECONDS: u16 = 0x8000;
const CHECKSUM: usize = 2;

/// One frame.
pub(super) fn read(frame: &mut Frame<'_, '_>, mut bytes: Cursor<'_>) -> Option<()> {
    match (bytes.u8()?, bytes.len()) {
        (0x02, 23) => sensor(frame, bytes),
        (0x03, 23) => advertisement(frame, bytes),
        (0x04, 5..) => scan_response(frame, bytes),
        _ => None,
    }
}

fn sensor(frame: &mut Frame<'_, '_>, mut bytes: Cursor<'_>) -> Option<()> {
    let [major, minor, status]: [u8; 3] = bytes.array()?;
    frame.format("efento 2");
    frame.written("firmware", format_args!("{major}.{minor}"));
    frame.flag(Q::BatteryLow, status & BATTERY_OK == 0);
    frame.number(Q::Sequence, bytes.be32()?);
    let period = bytes.be16()?;
    let unit = if period & IN_SECONDS == 0 { 60 } else { 1 };
    frame.number(Q::Interval, u32::from(period & !IN_SECONDS) * unit);
    let _calibration = bytes.u8()?;
    let kinds: [u8; 3] = bytes.array()?;
    for kind in kinds {
        measured(frame, kind, bytes.be16()?);
    }
    Some(())
}

fn advertisement(frame: &mut Frame<'_, '_>, mut bytes: Cursor<'_>) -> Option<()> {
    frame.format("efento 3");
    frame.mac(bytes.array()?);
    let _version = bytes.be16()?;
    frame.flag(Q::BatteryLow, bytes.u8()? & BATTERY_OK == 0);
    Some(())
}

fn scan_response(frame: &mut Frame<'_, '_>, bytes: Cursor<'_>) -> Option<()> {
    let end = bytes.len().checked_sub(CHECKSUM)?;
    frame.format("efento 4");
    for slot in bytes.0.get(..end)?.chunks_exact(3) {
        measured(frame, slot[0], u16::from_be_bytes([slot[1], slot[2]]));
    }
    Some(())
}

fn measured(frame: &mut Frame<'_, '_>, kind: u8, raw: u16) {
    match kind {
        0x01 if raw <= 30_000 => {
            frame.ratio(Q::Temperature, i32::from(raw) - 15_000, 100.0);
        }
        0x02 if raw <= 100 => frame.number(Q::Humidity, raw),
        0x03 if raw <= 65_279 => frame.number(Q::Pressure, u32::from(raw) * 10),
        0x04 if (256..=65_279).contains(&raw) => {
            frame.number(Q::DifferentialPressure, i32::from(raw) - 0x8000);
        }
        _ => {}
    }
}
