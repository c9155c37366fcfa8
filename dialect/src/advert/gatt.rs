//! Characteristics as service data (Bluetooth GATT Specification Supplement):
//! the uuid says what the value is. Little-endian.

use super::{frame::Frame, ruuvi::unless};
use crate::{Quantity as Q, bytes::Cursor, fact::Value};

/// Highest voltage of the characteristic, in 64ths of a volt: 1022 V.
const VOLTAGE_MAX: u16 = 1022 * 64;
/// Lowest possible temperature, hundredths of a degree.
const ABSOLUTE_ZERO: i16 = -27_315;

/// Service data of one characteristic.
pub(super) fn read(frame: &mut Frame<'_, '_>, uuid: u16, data: &[u8]) -> Option<()> {
    let bytes = Cursor(data);
    match uuid {
        0x2A67 => whereabouts(frame, bytes),
        0x2A37 => heart(frame, bytes),
        0x2A6D | 0x2A6C | 0x2A6E | 0x2A6F | 0x2A1F | 0x2A20 => weather(frame, uuid, bytes),
        0x2B8C | 0x2BCF..=0x2BD2 | 0x2BE4 | 0x2BE7 => gases(frame, uuid, bytes),
        0x2AA1 => magnetic(frame, bytes),
        _ => device(frame, uuid, bytes),
    }
}

fn weather(frame: &mut Frame<'_, '_>, uuid: u16, mut bytes: Cursor<'_>) -> Option<()> {
    match (uuid, bytes.len()) {
        (0x2A6C, 3) => frame.ratio(Q::Elevation, bytes.le_signed(3)? as f64, 100.0),
        (0x2A6D, 4) => frame.ratio(Q::Pressure, bytes.le32()?, 10.0),
        (0x2A6E, 2) => {
            let hundredths = bytes.le16_signed().filter(|t| *t >= ABSOLUTE_ZERO)?;
            frame.ratio(Q::Temperature, hundredths, 100.0);
        }
        (0x2A6F, 2) => {
            let hundredths = bytes.le16().filter(|h| *h <= 10_000)?;
            frame.ratio(Q::Humidity, hundredths, 100.0);
        }
        // Tenths of a degree, in Celsius and in Fahrenheit.
        (0x2A1F, 2) => frame.ratio(Q::Temperature, bytes.le16_signed()?, 10.0),
        (0x2A20, 2) => {
            let celsius = (f64::from(bytes.le16_signed()?) - 320.0) / 1.8;
            frame.ratio(Q::Temperature, (celsius * 10.0).round(), 100.0);
        }
        _ => return None,
    }
    Some(())
}

fn device(frame: &mut Frame<'_, '_>, uuid: u16, mut bytes: Cursor<'_>) -> Option<()> {
    match (uuid, bytes.len()) {
        (0x2A07, 1) => {
            let power = bytes.i8().filter(|dbm| (-100..=20).contains(dbm))?;
            frame.number(Q::TxPower, power);
        }
        // The service that wraps the characteristic is used for it just as well.
        (0x2A19 | 0x180F, 1) => {
            frame.number(Q::Battery, bytes.u8().filter(|percent| *percent <= 100)?);
        }
        (0x2AA2, 2..) => frame.text("language", bytes.rest()),
        (0x2AC3, _) => frame.about("object_id", Value::Bytes(bytes.rest())),
        (0x2AEE, 2) => frame.known(Q::Current, unless(bytes.le16()?, u16::MAX), 100.0),
        (0x2AF9, 2) => {
            // 65,535ths of the whole; to a millionth of a percent.
            let percent = (f64::from(bytes.le16()?) * 1e8 / 65_535.0).round();
            frame.ratio(Q::Level, percent, 1e6);
        }
        (0x2AFB, 3) => {
            let lux = bytes.le(3)? as u32;
            frame.known(Q::Illuminance, unless(lux, 0xFF_FFFF), 100.0);
        }
        (0x2B18, 2) => {
            let volts = bytes.le16().filter(|volts| *volts <= VOLTAGE_MAX)?;
            frame.ratio(Q::Voltage, volts, 64.0);
        }
        _ => return None,
    }
    Some(())
}

fn gases(frame: &mut Frame<'_, '_>, uuid: u16, mut bytes: Cursor<'_>) -> Option<()> {
    match (uuid, bytes.len()) {
        (0x2B8C, 2) => frame.known(Q::Co2, unless(bytes.le16()?, u16::MAX), 1.0),
        // Kilograms in a cubic metre.
        (0x2BCF, 2) => medical(frame, Q::Ammonia, bytes.le16()?, 3),
        (0x2BD0, 2) => medical(frame, Q::CoMass, bytes.le16()?, 3),
        // Parts in a thousand million.
        (0x2BD1, 2) => medical(frame, Q::Methane, bytes.le16()?, -3),
        (0x2BD2, 2) => medical(frame, Q::No2Mass, bytes.le16()?, 3),
        (0x2BE4, 1) => frame.number(Q::SoundLevel, bytes.u8().filter(|db| *db <= 253)?),
        (0x2BE7, 2) => frame.known(Q::VocRatio, unless(bytes.le16()?, u16::MAX), 1000.0),
        _ => return None,
    }
    Some(())
}

/// A number of 12 bits and a power of ten in 4 bits (IEEE 11073 SFLOAT). Its
/// five highest sizes are no numbers.
fn medical(frame: &mut Frame<'_, '_>, quantity: Q, packed: u16, more: i32) {
    let mantissa = (packed << 4).cast_signed() >> 4;
    let exponent = i32::from(packed.cast_signed() >> 12) + more;
    if !matches!(mantissa, -2048..=-2046 | 2046 | 2047) {
        let (up, down) = (exponent.max(0), (-exponent).max(0));
        let parts = f64::from(mantissa) * 10_f64.powi(up);
        frame.ratio(quantity, parts, 10_f64.powi(down));
    }
}

/// Thousandths of a gauss, which is 10^-7 tesla each.
fn magnetic(frame: &mut Frame<'_, '_>, mut bytes: Cursor<'_>) -> Option<()> {
    (bytes.len() == 6).then_some(())?;
    for quantity in [Q::MagneticFieldX, Q::MagneticFieldY, Q::MagneticFieldZ] {
        frame.ratio(quantity, bytes.le16_signed()?, 1000.0);
    }
    Some(())
}

fn heart(frame: &mut Frame<'_, '_>, mut bytes: Cursor<'_>) -> Option<()> {
    let flags = bytes.u8()?;
    let rate = if flags & 0x01 != 0 {
        bytes.le16()?
    } else {
        u16::from(bytes.u8()?)
    };
    frame.number(Q::HeartRate, rate);
    if flags & 0x04 != 0 {
        frame.flag(Q::Contact, flags & 0x02 != 0);
    }
    if flags & 0x08 != 0 {
        frame.number(Q::EnergyExpended, bytes.le16()?);
    }
    if flags & 0x10 != 0 {
        while let Some(interval) = bytes.le16() {
            frame.ratio(Q::HeartInterval, interval, 1024.0);
        }
    }
    Some(())
}

/// Location and speed: fields that the flags announce, in this order.
fn whereabouts(frame: &mut Frame<'_, '_>, mut bytes: Cursor<'_>) -> Option<()> {
    let flags = bytes.le16()?;
    let has = |bit: u16| flags & 1 << bit != 0;
    if has(0) {
        frame.ratio(Q::Speed, bytes.le16()?, 100.0);
    }
    if has(1) {
        frame.ratio(Q::Distance, bytes.le(3)? as f64, 10.0);
    }
    if has(2) {
        let (latitude, longitude) = (bytes.le_signed(4)?, bytes.le_signed(4)?);
        frame.ratio(Q::Latitude, latitude as f64, 1e7);
        frame.ratio(Q::Longitude, longitude as f64, 1e7);
    }
    if has(3) {
        frame.ratio(Q::Elevation, bytes.le_signed(3)? as f64, 100.0);
    }
    if has(4) {
        frame.ratio(Q::Direction, bytes.le16()?, 100.0);
    }
    Some(())
}
