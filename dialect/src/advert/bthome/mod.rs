//! `BTHome` (bthome.io): sensors, buttons and dimmers by an open format, plain
//! or encrypted. Everything is little-endian.

mod object;
mod seal;
mod value;

pub(crate) use value::button;

use super::{Keys, frame::Frame};
use crate::{Quantity, bytes::Cursor, fact::Value};
use object::{Object, object};

const NAME_1: &str = "bthome v1";
const NAME_2: &str = "bthome v2";
const ENCRYPTED: u8 = 0b001;
const HAS_MAC: u8 = 0b010;
const TRIGGER_BASED: u8 = 0b100;
const VERSION_2: u8 = 2;

/// Version 2, service data 0xFCD2.
pub(super) fn version_2(frame: &mut Frame<'_, '_>, data: &[u8], keys: &Keys<'_>) -> Option<()> {
    let mut bytes = Cursor(data);
    let info = bytes.u8().filter(|info| info >> 5 == VERSION_2)?;
    frame.format(NAME_2);
    let mut address = frame.address().map(|address| address.0);
    if info & HAS_MAC != 0 {
        let mut mac: [u8; 6] = bytes.array()?;
        mac.reverse();
        frame.mac(mac);
        address = Some(mac);
    }
    frame.flag(Quantity::TriggerBased, info & TRIGGER_BASED != 0);
    let key = address.and_then(|address| keys(protocol::beacon::Address(address)));
    if info & ENCRYPTED == 0 {
        if refused_as_plain(frame, NAME_2, key) {
            return Some(());
        }
        objects(frame, bytes.rest());
        return Some(());
    }
    let service = [0xD2, 0xFC, info];
    let sealed = seal::Sealed::split(bytes.rest(), address, &service)?;
    seal::open(frame, NAME_2, &sealed, key, &[], objects);
    Some(())
}

/// Version 1, service data 0x181C.
pub(super) fn version_1(frame: &mut Frame<'_, '_>, data: &[u8]) -> Option<()> {
    (data.len() > 1).then_some(())?;
    frame.format(NAME_1);
    old_objects(frame, data);
    Some(())
}

/// Version 1, encrypted, service data 0x181E.
pub(super) fn version_1_sealed(
    frame: &mut Frame<'_, '_>,
    data: &[u8],
    keys: &Keys<'_>,
) -> Option<()> {
    let address = frame.address();
    let sealed = seal::Sealed::split(data, address.map(|a| a.0), &[0x1E, 0x18])?;
    frame.format(NAME_1);
    let key = address.and_then(keys);
    seal::open(frame, NAME_1, &sealed, key, &[0x11], old_objects);
    Some(())
}

/// A device whose key is known never speaks in the clear: somebody else does.
fn refused_as_plain(
    frame: &mut Frame<'_, '_>,
    format: &'static str,
    key: Option<[u8; 16]>,
) -> bool {
    if key.is_some() {
        frame.sealed(
            format,
            "in the clear although a key is known: switch encryption on, or forget the key",
        );
    }
    key.is_some()
}

/// The objects of version 2: a number that says which, then its value. After
/// one that is not known the rest cannot be read, since its length is not known.
fn objects(frame: &mut Frame<'_, '_>, data: &[u8]) {
    let mut bytes = Cursor(data);
    while let Some(object) = bytes.u8().and_then(object) {
        let Some(length) = length(&object, &mut bytes) else {
            return;
        };
        let Some(value) = bytes.take(length) else {
            return;
        };
        value::say(frame, object, value);
    }
}

/// How many bytes the value has that comes next.
fn length(object: &Object, bytes: &mut Cursor<'_>) -> Option<usize> {
    Some(match object {
        Object::Number { length, .. } => usize::from(*length),
        Object::Flag(_) | Object::Button => 1,
        Object::Dimmer | Object::DeviceType => 2,
        Object::Clock => 4,
        Object::Firmware(parts) => usize::from(*parts),
        Object::Text | Object::Raw => usize::from(bytes.u8()?),
        // The three highest bits are reserved; what comes is the opcode and
        // as many bytes of arguments.
        Object::Command => usize::from(bytes.u8()? & 0x1F) + 1,
    })
}

/// The objects of version 1: length and format in one byte, what it is, value.
fn old_objects(frame: &mut Frame<'_, '_>, data: &[u8]) {
    let mut bytes = Cursor(data);
    while let Some(control) = bytes.u8() {
        let Some(mut body) = bytes.take(usize::from(control & 0x1F)).map(Cursor) else {
            return;
        };
        match control >> 5 {
            MAC => {
                let _ = body.array().map(|mac| frame.mac_reversed(mac));
            }
            FLOAT => {
                let _ = old_float(frame, body);
            }
            format => {
                if let Some(object) = body.u8().and_then(object) {
                    value::say(
                        frame,
                        object.with(body.len(), format == SIGNED),
                        body.rest(),
                    );
                }
            }
        }
    }
}

const SIGNED: u8 = 1;
const FLOAT: u8 = 2;
const MAC: u8 = 4;

fn old_float(frame: &mut Frame<'_, '_>, mut body: Cursor<'_>) -> Option<()> {
    let object = body.u8().and_then(object)?;
    let number = match body.len() {
        4 => f64::from(f32::from_le_bytes(body.array()?)),
        8 => f64::from_le_bytes(body.array()?),
        _ => return None,
    };
    if let Object::Number {
        quantity,
        parts,
        per,
        ..
    } = object
    {
        let value = (number * f64::from(parts)).round() / per;
        if value.is_finite() {
            frame.measured(quantity, Value::Number(value));
        } else {
            frame.next(quantity);
        }
    }
    Some(())
}
