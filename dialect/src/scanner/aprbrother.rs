//! April Brother's gateway V4: MessagePack, on any topic.
//!
//! A map of `v`, `mid`, `time` (since power-on, no clock), `ip`, `mac` and
//! `devices`, a list of binaries `type[1] address[6] dBm[1] advertisement`
//! (`User_Guide_For_AB_BLE_Gateway_V4.md` of AprilBrother/wiki.aprbrother).

use super::kind;
use crate::{
    MAX_PAYLOAD, Unreadable,
    advert::{self, Keys},
    fact::{Device, Sink, Source},
};
use protocol::beacon::Address;
use rmp::{Marker, decode};

/// Most values in one another; the gateway nests three.
const DEPTH_MAX: u8 = 8;

/// Whether a payload begins like a map of MessagePack whose first key is text.
pub fn looks_like(payload: &[u8]) -> bool {
    match payload {
        [0x81..=0x8F, rest @ ..] | [0xDE, _, _, rest @ ..] => {
            matches!(rest.first(), Some(0xA1..=0xBF | 0xD9))
                && payload
                    .windows(8)
                    .any(|at| at == b"\xa7devices"[..].as_ref())
        }
        _ => false,
    }
}

/// Reads one message.
pub fn read(
    _: &str,
    payload: &[u8],
    keys: &Keys<'_>,
    sink: &mut Sink<'_>,
) -> Result<(), Unreadable> {
    const BAD: Unreadable = Unreadable("not MessagePack of an April Brother gateway");
    let payload = payload.get(..MAX_PAYLOAD).unwrap_or(payload);
    // Devices may stand before the gateway's name: look for that first.
    let mut scanner = None;
    entries(payload, &mut |key, value| {
        if key == "mac" {
            scanner = text(&mut { value });
        }
    })
    .ok_or(BAD)?;
    let mut found = false;
    entries(payload, &mut |key, value| {
        if key == "devices" {
            found = devices(value, scanner, keys, sink).is_some();
        }
    });
    if found { Ok(()) } else { Err(BAD) }
}

/// Hands over every key with the bytes from its value on.
fn entries<'p>(payload: &'p [u8], visit: &mut dyn FnMut(&str, &'p [u8])) -> Option<()> {
    let mut bytes = payload;
    let entries = decode::read_map_len(&mut bytes).ok()?;
    for _ in 0..entries {
        let key = text(&mut bytes)?;
        visit(key, bytes);
        skip(&mut bytes, DEPTH_MAX)?;
    }
    Some(())
}

fn devices(
    mut bytes: &[u8],
    scanner: Option<&str>,
    keys: &Keys<'_>,
    sink: &mut Sink<'_>,
) -> Option<()> {
    let devices = decode::read_array_len(&mut bytes).ok()?;
    for _ in 0..devices {
        let length = match decode::read_marker(&mut { bytes }).ok()? {
            Marker::Bin8 | Marker::Bin16 | Marker::Bin32 => {
                decode::read_bin_len(&mut bytes).ok()?
            }
            _ => decode::read_str_len(&mut bytes).ok()?,
        };
        device(take(&mut bytes, length)?, scanner, keys, sink);
    }
    Some(())
}

/// One element of `devices`: what is too short to be one is passed over.
pub fn device(
    element: &[u8],
    scanner: Option<&str>,
    keys: &Keys<'_>,
    sink: &mut Sink<'_>,
) -> Option<()> {
    let (&[_], rest) = element.split_first_chunk()?;
    let (address, rest) = rest.split_first_chunk()?;
    let (&[rssi], ad) = rest.split_first_chunk()?;
    let address = Address(*address);
    let source = Source {
        scanner,
        device: Some(Device::Radio(address, kind(address, None))),
        rssi_dbm: Some(f32::from(rssi.cast_signed())),
        ..Source::default()
    };
    advert::read(source, ad, keys, sink);
    Some(())
}

fn text<'p>(bytes: &mut &'p [u8]) -> Option<&'p str> {
    let length = decode::read_str_len(bytes).ok()?;
    core::str::from_utf8(take(bytes, length)?).ok()
}

fn take<'p>(bytes: &mut &'p [u8], length: u32) -> Option<&'p [u8]> {
    let (taken, rest) = bytes.split_at_checked(length as usize)?;
    *bytes = rest;
    Some(taken)
}

/// Steps over one value.
fn skip(bytes: &mut &[u8], depth: u8) -> Option<()> {
    let depth = depth.checked_sub(1)?;
    let marker = decode::read_marker(&mut { *bytes }).ok()?;
    let inner = match marker {
        Marker::FixArray(_) | Marker::Array16 | Marker::Array32 => {
            decode::read_array_len(bytes).ok()?
        }
        Marker::FixMap(_) | Marker::Map16 | Marker::Map32 => {
            decode::read_map_len(bytes).ok()?.checked_mul(2)?
        }
        Marker::FixStr(_) | Marker::Str8 | Marker::Str16 | Marker::Str32 => {
            let length = decode::read_str_len(bytes).ok()?;
            return take(bytes, length).map(drop);
        }
        Marker::Bin8 | Marker::Bin16 | Marker::Bin32 => {
            let length = decode::read_bin_len(bytes).ok()?;
            return take(bytes, length).map(drop);
        }
        _ => return scalar(bytes, marker),
    };
    for _ in 0..inner {
        skip(bytes, depth)?;
    }
    Some(())
}

/// Steps over a value of fixed size: its marker and what follows.
fn scalar(bytes: &mut &[u8], marker: Marker) -> Option<()> {
    let size = match marker {
        Marker::FixPos(_) | Marker::FixNeg(_) | Marker::Null | Marker::True | Marker::False => 1,
        Marker::U8 | Marker::I8 => 2,
        Marker::U16 | Marker::I16 => 3,
        Marker::U32 | Marker::I32 | Marker::F32 => 5,
        Marker::U64 | Marker::I64 | Marker::F64 => 9,
        _ => return None,
    };
    take(bytes, size).map(drop)
}

#[cfg(test)]
mod tests;
