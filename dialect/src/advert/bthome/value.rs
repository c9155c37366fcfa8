//! From the value of one object to a fact.

use super::object::Object;
use crate::{Quantity, advert::frame::Frame, bytes::Cursor, fact::Value};

/// Says what the object says. `value` has the object's length.
pub(super) fn say(frame: &mut Frame<'_, '_>, object: Object, value: &[u8]) -> Option<()> {
    if value.is_empty() {
        return None;
    }
    let mut bytes = Cursor(value);
    match object {
        Object::Number {
            quantity,
            length,
            signed,
            parts,
            per,
        } => {
            let length = usize::from(length);
            let number = if signed {
                bytes.le_signed(length)? as f64
            } else {
                bytes.le(length)? as f64
            };
            frame.ratio(quantity, number * f64::from(parts), per);
        }
        Object::Flag(quantity) => frame.flag(quantity, bytes.u8()? != 0),
        Object::Clock => frame.number(Quantity::DeviceClock, bytes.le32()?),
        Object::Text => text(frame, bytes.rest()),
        Object::Raw => frame.measured(Quantity::Raw, Value::Bytes(bytes.rest())),
        Object::DeviceType => {
            let kind = f64::from(bytes.le16()?);
            frame.about("device_type", Value::Number(kind));
        }
        Object::Firmware(_) => firmware(frame, value),
        Object::Button | Object::Dimmer | Object::Command => event(frame, object, bytes)?,
    }
    Some(())
}

fn text(frame: &mut Frame<'_, '_>, bytes: &[u8]) {
    let value = core::str::from_utf8(bytes).map_or(Value::Bytes(bytes), Value::Text);
    frame.measured(Quantity::Text, value);
}

/// The parts of a version, least significant first on air.
fn firmware(frame: &mut Frame<'_, '_>, parts: &[u8]) {
    match parts {
        [d, c, b, a] => frame.written("firmware", format_args!("{a}.{b}.{c}.{d}")),
        [c, b, a] => frame.written("firmware", format_args!("{a}.{b}.{c}")),
        _ => {}
    }
}

/// Something happened. A 0 keeps the place of a button that was not pressed,
/// so that the second of three is always `nth` 1.
fn event(frame: &mut Frame<'_, '_>, object: Object, mut bytes: Cursor<'_>) -> Option<()> {
    let code = bytes.u8()?;
    let (what, place, action) = match object {
        Object::Button => ("button", Quantity::Pressed, button(code)),
        Object::Dimmer => ("dimmer", Quantity::Rotation, dimmer(code)),
        _ => ("command", Quantity::Output, command(code)),
    };
    let nth = frame.next(place);
    let amount = (!bytes.is_empty()).then(|| bytes.le(bytes.len().min(4)));
    let amount = amount.flatten().map(|amount| amount as f64);
    frame.happened(what, nth, action?, amount);
    Some(())
}

/// What a button's code means; 0 is no press (bthome.io/format, "Events").
pub(crate) fn button(code: u8) -> Option<&'static str> {
    Some(match code {
        0x01 => "press",
        0x02 => "double_press",
        0x03 => "triple_press",
        0x04 => "long_press",
        0x05 => "long_double_press",
        0x06 => "long_triple_press",
        0x80 => "hold_press",
        _ => return None,
    })
}

fn dimmer(code: u8) -> Option<&'static str> {
    Some(match code {
        0x01 => "rotate_left",
        0x02 => "rotate_right",
        _ => return None,
    })
}

/// home-assistant/bthome.io pull requests 74 and 75.
fn command(code: u8) -> Option<&'static str> {
    Some(match code {
        0x00 => "off",
        0x01 => "on",
        0x02 => "toggle",
        0x03 => "step_up",
        0x04 => "step_down",
        _ => return None,
    })
}
