//! Open Locate of Hewlett Packard Enterprise (Aruba), service 0xFD94: access
//! points that say where they are.

use crate::{
    Quantity as Q,
    advert::{eddystone, frame::Frame},
    bytes::Cursor,
    fact::Value,
};
use protocol::beacon::Beacon;

const OPEN_LOCATE: u8 = 0x09;
/// Degrees in RFC 6225 have 25 bits after the point, heights 8.
const DEGREE: f64 = (1_u32 << 25) as f64;

/// A row of elements: what and length in one byte, body.
pub(super) fn read(frame: &mut Frame<'_, '_>, mut bytes: Cursor<'_>) -> Option<()> {
    (bytes.u8()? == OPEN_LOCATE).then_some(())?;
    let _sequence = bytes.u8()?;
    frame.format("open locate");
    while let Some(head) = bytes.u8() {
        let body = Cursor(bytes.take(usize::from(head & 0x1F))?);
        let _unknown_or_cut_short = match head >> 5 {
            0 => properties(frame, body),
            1 => place(frame, body),
            2 => floor(frame, body),
            3 => identity(frame, body),
            4 => url(frame, body),
            5 => signature(frame, body),
            _ => None,
        };
    }
    Some(())
}

fn properties(frame: &mut Frame<'_, '_>, mut bytes: Cursor<'_>) -> Option<()> {
    frame.number(Q::TxPower, bytes.i8()?);
    frame.flag(Q::Stationary, bytes.u8()? & 1 == 0);
    Some(())
}

/// Bits: uncertainty 6, latitude 34, uncertainty 6, longitude 34, kind of
/// height 4, uncertainty 6, height 30, version 2, reserved 3, datum 3.
fn place(frame: &mut Frame<'_, '_>, mut bytes: Cursor<'_>) -> Option<()> {
    let all = u128::from_be_bytes(bytes.array()?);
    let signed = |shift: u32, bits: u32| {
        let raw = (all >> shift) as i64;
        raw << (64 - bits) >> (64 - bits)
    };
    let (version, datum) = (all >> 6 & 0b11, all & 0b111);
    (version == 1 && datum == 1).then_some(())?;
    degrees(frame, Q::Longitude, signed(48, 34));
    degrees(frame, Q::Latitude, signed(88, 34));
    let height = signed(8, 30) as f64;
    match all >> 44 & 0xF {
        1 => frame.ratio(Q::Elevation, height, 256.0),
        2 => frame.about("floor", Value::Number(height / 256.0)),
        _ => {}
    }
    Some(())
}

/// To a hundred-millionth of a degree: a millimetre.
fn degrees(frame: &mut Frame<'_, '_>, quantity: Q, raw: i64) {
    frame.ratio(quantity, (raw as f64 / DEGREE * 1e8).round(), 1e8);
}

fn floor(frame: &mut Frame<'_, '_>, mut bytes: Cursor<'_>) -> Option<()> {
    let (x, y) = (bytes.be32()? & 0xFF_FFFF, bytes.be32()? & 0xFF_FFFF);
    frame.about("x_m", Value::Number(f64::from(x) / 100.0));
    frame.about("y_m", Value::Number(f64::from(y) / 100.0));
    frame.text("floor", bytes.rest());
    Some(())
}

fn identity(frame: &mut Frame<'_, '_>, mut bytes: Cursor<'_>) -> Option<()> {
    let kinds = bytes.u8()?;
    if kinds & 1 != 0 {
        frame.mac(bytes.array()?);
    }
    if kinds & 2 != 0 {
        let length = usize::from(bytes.u8()?);
        frame.text("name", bytes.take(length)?);
    }
    if kinds & 4 != 0 {
        let beacon = Beacon::IBeacon {
            uuid: bytes.array()?,
            major: bytes.be16()?,
            minor: bytes.be16()?,
        };
        frame.beacon(beacon, None);
    }
    Some(())
}

fn url(frame: &mut Frame<'_, '_>, bytes: Cursor<'_>) -> Option<()> {
    frame.about("url", Value::Text(&eddystone::expanded(bytes)?));
    Some(())
}

fn signature(frame: &mut Frame<'_, '_>, mut bytes: Cursor<'_>) -> Option<()> {
    (bytes.u8()? == 0).then_some(())?;
    frame.number(Q::DeviceClock, bytes.be32()?);
    frame.about("signature", Value::Bytes(bytes.take(16)?));
    Some(())
}
