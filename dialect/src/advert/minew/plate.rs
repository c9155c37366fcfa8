//! Frames A3, A4 and 51 in manufacturer data.

use super::fixed;
use crate::{Quantity as Q, advert::frame::Frame, bytes::Cursor, fact::Value};

/// Frame A3: thermometers S3.
pub(super) fn thermometer(frame: &mut Frame<'_, '_>, mut bytes: Cursor<'_>) -> Option<()> {
    match (bytes.u8()?, bytes.len()) {
        (1, 18) => {
            version(frame, "minew s3", &mut bytes)?;
            let _peripherals: [u8; 5] = bytes.array()?;
            frame.mac_reversed(bytes.array()?);
        }
        (3, 14) => {
            frame.format("minew s3 temperature and humidity");
            frame.number(Q::Battery, bytes.u8()?);
            frame.ratio(Q::Temperature, fixed(&mut bytes)?, 256.0);
            frame.ratio(Q::Humidity, fixed(&mut bytes)?, 256.0);
            frame.mac_reversed(bytes.array()?);
        }
        _ => return None,
    }
    Some(())
}

/// Frame A4: door contacts S4.
pub(super) fn door(frame: &mut Frame<'_, '_>, mut bytes: Cursor<'_>) -> Option<()> {
    match (bytes.u8()?, bytes.len()) {
        (0, 16) => {
            version(frame, "minew s4", &mut bytes)?;
            let _peripherals: [u8; 3] = bytes.array()?;
            frame.mac_reversed(bytes.array()?);
        }
        (1, 13) => {
            let [battery, open, tampered, _which]: [u8; 4] = bytes.array()?;
            frame.format("minew s4 door");
            frame.number(Q::Battery, battery);
            frame.flag(Q::Contact, open == 0);
            frame.flag(Q::Tamper, tampered > 0);
            let _reserved = bytes.u8()?;
            frame.mac_reversed(bytes.array()?);
        }
        _ => return None,
    }
    Some(())
}

/// Frame 51: switches that live on light (MSE01, MSE02).
pub(super) fn energy_scavenger(frame: &mut Frame<'_, '_>, mut bytes: Cursor<'_>) -> Option<()> {
    let [model, count, battery, status]: [u8; 4] = bytes.array()?;
    let energy = bytes.le16()?;
    frame.format("minew mse");
    frame.about("model", Value::Number(f64::from(model)));
    frame.number(Q::Sequence, count);
    frame.number(Q::Battery, battery);
    frame.flag(Q::Contact, status & 0x01 == 0);
    frame.flag(Q::Motion, status & 0x02 != 0);
    frame.flag(Q::Pressed, status & 0x20 != 0);
    frame.flag(Q::Pressed, status & 0x40 != 0);
    // 12 bits of the energy in store; to a millionth of a percent.
    let percent = (f64::from(energy) * 1e8 / 4095.0).round();
    frame.ratio(Q::Level, percent, 1e6);
    Some(())
}

fn version(frame: &mut Frame<'_, '_>, format: &'static str, bytes: &mut Cursor<'_>) -> Option<()> {
    let [a, b, c]: [u8; 3] = bytes.array()?;
    frame.format(format);
    frame.written("firmware", format_args!("{a}.{b}.{c}"));
    let hardware = bytes.be16()?;
    frame.written("hardware", format_args!("{hardware}"));
    Some(())
}
