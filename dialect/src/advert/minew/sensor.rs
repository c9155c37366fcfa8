//! Frames A1 of sensors: type, battery, values, and the address at the end.

use super::fixed;
use crate::{Quantity as Q, advert::frame::Frame, bytes::Cursor};

/// Values in hundredths of a gauss with 8 bits after the point.
const MAGNETIC_PARTS: f64 = 256.0 * 100.0;

/// One frame, without its first byte.
pub(super) fn read(frame: &mut Frame<'_, '_>, mut bytes: Cursor<'_>) -> Option<()> {
    let kind = bytes.u8()?;
    frame.format(NAMES.iter().find(|(of, _)| *of == kind)?.1);
    // These two have no room for the battery.
    if !matches!(kind, 0x07 | 0x15) {
        frame.number(Q::Battery, bytes.u8()?);
    }
    match kind {
        0x08 => {
            frame.mac_reversed(bytes.array()?);
            frame.text("name", bytes.rest());
            return Some(());
        }
        0x01 | 0x05 | 0x12 | 0x13 | 0x17 | 0x19 => air(frame, kind, &mut bytes)?,
        0x03 | 0x15 | 0x16 => axes(frame, kind, &mut bytes)?,
        _ => flags(frame, kind, &mut bytes)?,
    }
    if let Some(mac) = bytes.array() {
        frame.mac_reversed(mac);
    }
    Some(())
}

const NAMES: [(u8, &str); 16] = [
    (0x01, "minew a1 temperature and humidity"),
    (0x02, "minew a1 light"),
    (0x03, "minew a1 acceleration"),
    (0x05, "minew a1 illuminance"),
    (0x07, "minew a1 firmware update"),
    (0x08, "minew a1 information"),
    (0x11, "minew a1 passive infrared"),
    (0x12, "minew a1 volatile organic compounds"),
    (0x13, "minew a1 temperature"),
    (0x15, "minew a1 acceleration and turning"),
    (0x16, "minew a1 magnetic field"),
    (0x17, "minew a1 pressure"),
    (0x18, "minew a1 vibration"),
    (0x19, "minew a1 photoresistance"),
    (0x20, "minew a1 tamper"),
    (0x21, "minew a1 water"),
];

fn air(frame: &mut Frame<'_, '_>, kind: u8, bytes: &mut Cursor<'_>) -> Option<()> {
    match kind {
        0x01 => {
            frame.ratio(Q::Temperature, fixed(bytes)?, 256.0);
            frame.ratio(Q::Humidity, fixed(bytes)?, 256.0);
        }
        0x05 => frame.number(Q::Illuminance, bytes.be16()?),
        0x12 => frame.ratio(Q::VocRatio, bytes.be16()?, 1000.0),
        0x13 => frame.ratio(Q::Temperature, fixed(bytes)?, 256.0),
        // Hectopascal with 16 bits after the point.
        0x17 => frame.ratio(Q::Pressure, f64::from(bytes.be32()?) * 100.0, 65_536.0),
        _ => frame.number(Q::LightLevel, bytes.be16()?),
    }
    Some(())
}

fn axes(frame: &mut Frame<'_, '_>, kind: u8, bytes: &mut Cursor<'_>) -> Option<()> {
    let (quantities, parts) = match kind {
        0x16 => (
            [Q::MagneticFieldX, Q::MagneticFieldY, Q::MagneticFieldZ],
            MAGNETIC_PARTS,
        ),
        _ => (
            [Q::AccelerationX, Q::AccelerationY, Q::AccelerationZ],
            256.0,
        ),
    };
    for quantity in quantities {
        frame.ratio(quantity, fixed(bytes)?, parts);
    }
    if kind == 0x15 {
        for _axis in 0..3 {
            frame.ratio(Q::AngularVelocity, bytes.be16_signed()?, 100.0);
        }
    }
    Some(())
}

fn flags(frame: &mut Frame<'_, '_>, kind: u8, bytes: &mut Cursor<'_>) -> Option<()> {
    let flag = match kind {
        0x02 => Q::Light,
        0x11 => {
            let _reserved = bytes.u8()?;
            Q::Motion
        }
        0x18 => {
            frame.number(Q::DeviceClock, bytes.be32()?);
            Q::Vibration
        }
        0x20 => Q::Tamper,
        0x21 => Q::Wet,
        _ => return Some(()),
    };
    frame.flag(flag, bytes.u8()? & 1 != 0);
    Some(())
}
