//! Ingics iBS and iRS sensors (layouts as ingics/ingics-message-parser reads
//! them): companies 0x0059, 0x000D and 0x082C, and a code behind. Little-endian.

mod table;

use super::frame::Frame;
use crate::{Quantity as Q, bytes::Cursor, fact::Value};
use table::{Field, MODELS, MODELS_1, MODELS_LONG, Model};

/// Says that a sensor has no value.
const NO_TEMPERATURE: u16 = 0xAAAA;
const NONE: u16 = 0xFFFF;

/// Manufacturer data of an Ingics sensor.
pub(super) fn read(frame: &mut Frame<'_, '_>, company: u16, data: &[u8]) -> Option<()> {
    let mut bytes = Cursor(data);
    match (company, bytes.le16()?) {
        (0x0059, 0xBC80) => first(frame, data, bytes),
        (0x0059, 0xBC81) => shaken(frame, bytes, "iBS01RG"),
        (_, 0xBC81) => shaken(frame, bytes, "iBS03RG"),
        (_, 0xBC85) => shaken(frame, bytes, "iBS03GP"),
        (_, 0xBC86) => shaken(frame, bytes, "iBS05RG"),
        (_, 0xBC82) => serial(frame, bytes),
        (0x000D | 0x082C, 0xBC83) => model(frame, MODELS, *data.get(11)?, bytes),
        (0x082C, 0xBC87) => seventh(frame, data, bytes),
        (0x082C, 0xBC88) => model(frame, MODELS_LONG, *data.get(19)?, bytes),
        _ => None,
    }
}

/// The usual frame: battery, events, and fields that the model decides.
fn model(
    frame: &mut Frame<'_, '_>,
    models: &[Model],
    kind: u8,
    mut bytes: Cursor<'_>,
) -> Option<()> {
    let model = models.iter().find(|model| model.kind == kind)?;
    named(frame, model.name);
    frame.ratio(Q::BatteryVoltage, bytes.le16_signed()?, 100.0);
    let events = bytes.u8()?;
    frame.about("event_flag", Value::Number(f64::from(events)));
    for (bit, quantity) in model.events {
        frame.flag(*quantity, events >> bit & 1 != 0);
    }
    for field in model.fields {
        said(frame, *field, &mut bytes)?;
    }
    Some(())
}

fn named(frame: &mut Frame<'_, '_>, name: &'static str) {
    frame.format("ingics");
    frame.about("model", Value::Text(name));
}

fn said(frame: &mut Frame<'_, '_>, field: Field, bytes: &mut Cursor<'_>) -> Option<()> {
    if matches!(field, Field::Acceleration) {
        return axes(frame, bytes);
    }
    let whole = bytes.le16()?;
    let signed = whole.cast_signed();
    match field {
        Field::User => frame.about("user", Value::Number(f64::from(whole))),
        Field::Temperature(quantity) if whole != NO_TEMPERATURE => {
            frame.ratio(quantity, signed, 100.0);
        }
        Field::Humidity(per) => {
            let percent = f64::from(whole) / per;
            if percent <= 100.0 {
                frame.number(Q::Humidity, percent);
            }
        }
        Field::Number(quantity, per) if whole != NONE => frame.ratio(quantity, whole, per),
        Field::Signed(quantity, per) if whole != NONE => frame.ratio(quantity, signed, per),
        // The sensor has no value, or nothing stands there.
        Field::Temperature(_)
        | Field::Number(..)
        | Field::Signed(..)
        | Field::Nothing
        | Field::Acceleration => {}
    }
    Some(())
}

/// Thousandths of g.
fn axes(frame: &mut Frame<'_, '_>, bytes: &mut Cursor<'_>) -> Option<()> {
    for quantity in [Q::AccelerationX, Q::AccelerationY, Q::AccelerationZ] {
        frame.ratio(quantity, bytes.le16_signed()?, 1000.0);
    }
    Some(())
}

/// iBS01. Early ones do not say which model they are.
fn first(frame: &mut Frame<'_, '_>, data: &[u8], mut bytes: Cursor<'_>) -> Option<()> {
    let kind = *data.get(11)?;
    if kind != 0x00 && kind != 0xFF {
        return model(frame, MODELS_1, kind, bytes);
    }
    let battery = bytes.le16()?;
    let [events, low, high]: [u8; 3] = bytes.array()?;
    let has_thermometer = low != 0xFF && high != 0xFF;
    named(frame, if has_thermometer { "iBS01T" } else { "iBS01" });
    frame.ratio(Q::BatteryVoltage, battery, 100.0);
    if has_thermometer {
        frame.ratio(Q::Temperature, i16::from_le_bytes([low, high]), 100.0);
        frame.number(Q::Humidity, bytes.le16_signed()?);
        return Some(());
    }
    frame.about("event_flag", Value::Number(f64::from(events)));
    let flags = [Q::Pressed, Q::Moving, Q::Contact, Q::FreeFall];
    for (bit, quantity) in flags.into_iter().enumerate() {
        frame.flag(quantity, events >> bit & 1 != 0);
    }
    Some(())
}

/// Three samples of acceleration; events stand above the battery's 12 bits.
fn shaken(frame: &mut Frame<'_, '_>, mut bytes: Cursor<'_>, name: &'static str) -> Option<()> {
    let packed = bytes.le16()?;
    named(frame, name);
    frame.ratio(Q::BatteryVoltage, packed & 0x0FFF, 100.0);
    frame.about("event_flag", Value::Number(f64::from(packed >> 12)));
    frame.flag(Q::Pressed, packed & 0x2000 != 0);
    frame.flag(Q::Moving, packed & 0x1000 != 0);
    for _sample in 0..3 {
        axes(frame, &mut bytes)?;
    }
    if name == "iBS03GP" {
        // 50 steps to the hectopascal.
        frame.number(Q::Pressure, u32::from(bytes.le16()?) * 2);
    }
    Some(())
}

/// iBS02 for RS-232 and RS-485: whether the wired input is on.
fn serial(frame: &mut Frame<'_, '_>, mut bytes: Cursor<'_>) -> Option<()> {
    let battery = bytes.le16()?;
    let events = bytes.u8()?;
    let _unused: [u8; 4] = bytes.array()?;
    let (user, kind) = (bytes.le16()?, bytes.u8()?);
    named(
        frame,
        match kind {
            0x01 => "iBS02PIR2-RS",
            0x02 => "iBS02IR2-RS",
            0x04 => "iBS02M2-RS",
            _ => "iBS02-RS",
        },
    );
    frame.ratio(Q::BatteryVoltage, battery, 100.0);
    frame.about("event_flag", Value::Number(f64::from(events)));
    frame.flag(Q::Input, events & 0x04 != 0);
    frame.about("user", Value::Number(f64::from(user)));
    Some(())
}

/// iBS07: when its thermometer is silent, so are the others.
fn seventh(frame: &mut Frame<'_, '_>, data: &[u8], mut bytes: Cursor<'_>) -> Option<()> {
    (*data.get(17)? == 0x50).then_some(())?;
    named(frame, "iBS07");
    frame.ratio(Q::BatteryVoltage, bytes.le16_signed()?, 100.0);
    let events = bytes.u8()?;
    frame.about("event_flag", Value::Number(f64::from(events)));
    frame.flag(Q::Pressed, events & 1 != 0);
    let temperature = Cursor(bytes.0).le16()?;
    let climate = [
        Field::Temperature(Q::Temperature),
        Field::Humidity(1.0),
        Field::Number(Q::Illuminance, 1.0),
    ];
    for field in climate {
        let field = if temperature == NO_TEMPERATURE {
            Field::Nothing
        } else {
            field
        };
        said(frame, field, &mut bytes)?;
    }
    axes(frame, &mut bytes)
}
