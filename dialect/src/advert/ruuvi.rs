//! Ruuvi tags (docs.ruuvi.com, "Bluetooth advertisements"), company 0x0499.
//! Bodies are big-endian; a value of all ones (or the lowest, with a sign) is
//! one that the tag does not have.

use super::{frame::Frame, ruuvi_air};
use crate::{Quantity, bytes::Cursor};

/// Manufacturer data of Ruuvi.
pub(super) fn read(frame: &mut Frame<'_, '_>, data: &[u8]) -> Option<()> {
    let (format, body) = data.split_first()?;
    let bytes = Cursor(body);
    match (format, data.len()) {
        (0x03, _) => raw_1(frame, bytes),
        // The page of format C5 prints 05 as its first byte.
        (0x05, 18) | (0xC5, _) => cut(frame, bytes),
        (0x05, _) => raw_2(frame, bytes),
        (0x06, _) => ruuvi_air::short(frame, bytes),
        (0xE1, _) => ruuvi_air::long(frame, bytes),
        _ => None,
    }
}

/// Format 5, the second raw one.
fn raw_2(frame: &mut Frame<'_, '_>, mut bytes: Cursor<'_>) -> Option<()> {
    if bytes.len() < 23 {
        return None;
    }
    frame.format("ruuvi 5");
    climate(frame, &mut bytes)?;
    let axes = [
        bytes.be16_signed()?,
        bytes.be16_signed()?,
        bytes.be16_signed()?,
    ];
    acceleration(frame, axes);
    power(frame, bytes.be16()?);
    let moved = bytes.u8()?;
    frame.known(Quantity::MovementCount, unless(moved, u8::MAX), 1.0);
    frame.known(Quantity::Sequence, unless(bytes.be16()?, u16::MAX), 1.0);
    frame.mac(bytes.array()?);
    Some(())
}

/// Format C5: format 5 without acceleration.
fn cut(frame: &mut Frame<'_, '_>, mut bytes: Cursor<'_>) -> Option<()> {
    if bytes.len() < 17 {
        return None;
    }
    frame.format("ruuvi c5");
    climate(frame, &mut bytes)?;
    power(frame, bytes.be16()?);
    let moved = bytes.u8()?;
    frame.known(Quantity::MovementCount, unless(moved, u8::MAX), 1.0);
    frame.known(Quantity::Sequence, unless(bytes.be16()?, u16::MAX), 1.0);
    frame.mac(bytes.array()?);
    Some(())
}

/// Format 3, the first raw one: temperature is a sign with whole degrees, and hundredths.
fn raw_1(frame: &mut Frame<'_, '_>, mut bytes: Cursor<'_>) -> Option<()> {
    if bytes.len() < 13 {
        return None;
    }
    frame.format("ruuvi 3");
    frame.ratio(Quantity::Humidity, bytes.u8()?, 2.0);
    frame.ratio(
        Quantity::Temperature,
        sign_and_hundredths(&mut bytes)?,
        100.0,
    );
    frame.number(Quantity::Pressure, u32::from(bytes.be16()?) + 50_000);
    let axes = [
        bytes.be16_signed()?,
        bytes.be16_signed()?,
        bytes.be16_signed()?,
    ];
    acceleration(frame, axes);
    frame.ratio(Quantity::BatteryVoltage, bytes.be16()?, 1000.0);
    Some(())
}

/// Formats 2 and 4, in the fragment of an Eddystone-URL: six bytes in base64
/// and, in format 4, a letter that the owner chose.
pub(super) fn url(frame: &mut Frame<'_, '_>, url: &str) -> Option<()> {
    let fragment = url.strip_prefix("https://ruu.vi/#")?;
    let (data, id) = fragment.split_at_checked(8)?;
    let mut packed = 0_u64;
    for digit in data.bytes() {
        packed = packed << 6 | u64::from(base64_digit(digit)?);
    }
    let body = packed.to_be_bytes();
    let mut bytes = Cursor(&body[2..]);
    let format = bytes.u8()?;
    frame.format(match format {
        2 => "ruuvi 2",
        4 => "ruuvi 4",
        _ => return None,
    });
    frame.ratio(Quantity::Humidity, bytes.u8()?, 2.0);
    frame.ratio(
        Quantity::Temperature,
        sign_and_hundredths(&mut bytes)?,
        100.0,
    );
    frame.number(Quantity::Pressure, u32::from(bytes.be16()?) + 50_000);
    frame.text("id", id.as_bytes());
    Some(())
}

fn base64_digit(digit: u8) -> Option<u8> {
    Some(match digit {
        b'A'..=b'Z' => digit - b'A',
        b'a'..=b'z' => digit - b'a' + 26,
        b'0'..=b'9' => digit - b'0' + 52,
        b'-' | b'+' => 62,
        b'_' | b'/' => 63,
        _ => return None,
    })
}

/// Temperature, humidity and pressure as formats from 5 on begin.
pub(super) fn climate(frame: &mut Frame<'_, '_>, bytes: &mut Cursor<'_>) -> Option<()> {
    let temperature = unless(bytes.be16_signed()?, i16::MIN);
    frame.known(Quantity::Temperature, temperature, 200.0);
    frame.known(Quantity::Humidity, unless(bytes.be16()?, u16::MAX), 400.0);
    let pressure = unless(bytes.be16()?, u16::MAX).map(|over| over + 50_000.0);
    frame.known(Quantity::Pressure, pressure, 1.0);
    Some(())
}

/// The number, unless it is the one that says that there is none.
pub(super) fn unless<T: PartialEq + Into<f64>>(number: T, none: T) -> Option<f64> {
    (number != none).then(|| number.into())
}

fn acceleration(frame: &mut Frame<'_, '_>, axes: [i16; 3]) {
    if axes.contains(&i16::MIN) {
        return;
    }
    let quantities = [
        Quantity::AccelerationX,
        Quantity::AccelerationY,
        Quantity::AccelerationZ,
    ];
    for (quantity, axis) in quantities.into_iter().zip(axes) {
        frame.ratio(quantity, axis, 1000.0);
    }
    let squares: i64 = axes.into_iter().map(|axis| i64::from(axis).pow(2)).sum();
    // To a millionth of g: the axes are given in thousandths.
    let total = ((squares as f64).sqrt() * 1000.0).round();
    frame.ratio(Quantity::AccelerationTotal, total, 1_000_000.0);
}

/// 11 bits of voltage above 1.6 V, 5 bits of power above -40 dBm in steps of 2.
fn power(frame: &mut Frame<'_, '_>, packed: u16) {
    let (millivolts, steps) = (packed >> 5, packed & 0x1F);
    if millivolts != 0x7FF {
        frame.ratio(Quantity::BatteryVoltage, millivolts + 1600, 1000.0);
    }
    if steps != 0x1F {
        frame.number(Quantity::TxPower, 2.0 * f64::from(steps) - 40.0);
    }
}

fn sign_and_hundredths(bytes: &mut Cursor<'_>) -> Option<i16> {
    let (whole, hundredths) = (bytes.u8()?, bytes.u8()?);
    let size = i16::from(whole & 0x7F) * 100 + i16::from(hundredths);
    Some(if whole & 0x80 == 0 { size } else { -size })
}
