//! Single frames of makers.

use crate::{Quantity as Q, advert::frame::Frame, bytes::Cursor, fact::Value};
use heapless::Vec;

/// Time of flight by MOKO, under Nordic's company id.
pub(super) fn moko_distance(frame: &mut Frame<'_, '_>, mut bytes: Cursor<'_>) -> Option<()> {
    (bytes.len() == 15 && bytes.le16()? == 0x6C07 && bytes.0[9] == 1).then_some(())?;
    frame.format("moko time of flight");
    frame.ratio(Q::BatteryVoltage, bytes.le16()?, 1000.0);
    let _unused: [u8; 3] = bytes.array()?;
    frame.ratio(Q::Distance, bytes.le16()?, 1000.0);
    Some(())
}

/// MOKO P1, a proximity beacon.
pub(super) fn moko_proximity(frame: &mut Frame<'_, '_>, mut bytes: Cursor<'_>) -> Option<()> {
    let [kind, length, status, _reserved]: [u8; 4] = bytes.array()?;
    (kind == 0x02 && bytes.len() + 2 == usize::from(length)).then_some(())?;
    frame.format("moko p1");
    frame.mac(bytes.array()?);
    let _sensors: [u8; 6] = bytes.array()?;
    frame.ratio(Q::BatteryVoltage, bytes.be16()?, 1000.0);
    frame.flag(Q::Contact, status & 0x08 == 0);
    frame.flag(Q::Motion, status & 0x01 != 0);
    Some(())
}

/// `HibouAir`, company 0x075B.
pub(super) fn hibou_air(frame: &mut Frame<'_, '_>, mut bytes: Cursor<'_>) -> Option<()> {
    (bytes.len() == 24 && bytes.u8()? == 0x05).then_some(())?;
    let board = bytes.u8()?;
    frame.format("hibouair");
    frame.about("id", Value::Bytes(bytes.take(3)?));
    match board {
        0x09 => frame.number(Q::SoundLevel, 120 - i32::from(bytes.be16()?)),
        _ => frame.number(Q::Illuminance, bytes.le16()?),
    }
    frame.number(Q::Pressure, u32::from(bytes.le16()?) * 10);
    frame.ratio(Q::Temperature, bytes.le16_signed()?, 10.0);
    frame.ratio(Q::Humidity, bytes.le16()?, 10.0);
    let organic = bytes.le16()?;
    let dust = [bytes.le16()?, bytes.le16()?, bytes.le16()?];
    let (gas, kind) = (bytes.be16()?, bytes.u8()?);
    match kind {
        0x02 => frame.ratio(Q::VocRatio, organic, 100.0),
        0x03 => frame.number(Q::AirQuality, organic),
        _ => {}
    }
    match board {
        0x03 => {
            for (quantity, tenths) in [Q::Pm1, Q::Pm25, Q::Pm10].into_iter().zip(dust) {
                frame.ratio(quantity, tenths, 10.0);
            }
        }
        0x04 | 0x09 => frame.number(Q::Co2, gas),
        0x05 => frame.number(Q::No2, gas),
        _ => {}
    }
    Some(())
}

/// Control-J, company 0x0472: light is on a mu-law scale and left out.
pub(super) fn control_j(frame: &mut Frame<'_, '_>, mut bytes: Cursor<'_>) -> Option<()> {
    (bytes.le16()? == 0x10FE).then_some(())?;
    frame.format("control-j");
    frame.ratio(Q::Temperature, bytes.le16()?, 100.0);
    frame.number(Q::Humidity, bytes.u8()?);
    Some(())
}

/// Espruino, company 0x0590: JSON by convention.
pub(super) fn espruino(frame: &mut Frame<'_, '_>, data: &[u8]) -> Option<()> {
    let text = core::str::from_utf8(data).ok()?;
    (text.starts_with('{') && text.ends_with('}')).then_some(())?;
    frame.format("espruino");
    if let Ok(Named { name: Some(name) }) = serde_json::from_str(text) {
        frame.about("name", Value::Text(name));
    }
    frame.measured(Q::Text, Value::Text(text));
    Some(())
}

/// What an Espruino usually says among other things.
#[derive(serde::Deserialize)]
struct Named<'a> {
    name: Option<&'a str>,
}

/// Wiliot tags: only the maker's cloud reads them, and wants the uuid before.
pub(super) fn wiliot(frame: &mut Frame<'_, '_>, before: [u8; 2], data: &[u8]) -> Option<()> {
    (data.len() == 27).then_some(())?;
    let mut payload = Vec::<u8, 29>::new();
    payload.extend_from_slice(&before).ok()?;
    payload.extend_from_slice(data).ok()?;
    frame.format("wiliot");
    frame.measured(Q::Raw, Value::Bytes(&payload));
    frame.sealed("wiliot", "only the maker's cloud opens it");
    Some(())
}
