//! BINARY-LONG of Minew gateways:
//!
//! ```text
//! bb01 length[4] gateway[6] devices[2]
//!   (address[6] reports[2] (length[1] advertisement[length] info[1] dBm[1])*)*
//! dd
//! ```
//!
//! Big-endian; the length is that of the whole message. Bits 1 and 2 of `info`
//! say that the address is random (`lib/binarypacketdecoder.js` of
//! reelyactive/barnowl-minew).

use crate::{
    MAX_PAYLOAD, Unreadable,
    advert::{self, Keys},
    fact::{Device, Sink, Source},
    scanner::{heard, kind},
};
use protocol::beacon::Address;
use std::fmt::Write as _;

const HEADER: [u8; 2] = [0xBB, 0x01];
const TAIL: u8 = 0xDD;
const RANDOM: u8 = 0b110;

/// Whether a payload begins and ends as this format does.
pub fn looks_like(payload: &[u8]) -> bool {
    payload.starts_with(&HEADER) && payload.last() == Some(&TAIL)
}

pub(super) fn read(payload: &[u8], keys: &Keys<'_>, sink: &mut Sink<'_>) -> Result<(), Unreadable> {
    let mut bytes = payload.get(..MAX_PAYLOAD).unwrap_or(payload);
    let message = message(&mut bytes).ok_or(Unreadable("not BINARY-LONG of a Minew gateway"))?;
    let (gateway, devices) = message;
    if payload.last() != Some(&TAIL) {
        return Err(Unreadable("BINARY-LONG that has lost its end"));
    }
    let mut name = heapless::String::<12>::new();
    for byte in gateway {
        write!(name, "{byte:02x}").expect("six bytes are twelve digits");
    }
    for _ in 0..u16::from_be_bytes(devices) {
        device(&mut bytes, &name, keys, sink)
            .ok_or(Unreadable("BINARY-LONG with less in it than it says"))?;
    }
    Ok(())
}

fn message(bytes: &mut &[u8]) -> Option<([u8; 6], [u8; 2])> {
    *bytes = bytes.strip_prefix(&HEADER)?;
    let _length: [u8; 4] = take(bytes)?;
    Some((take(bytes)?, take(bytes)?))
}

fn device(bytes: &mut &[u8], gateway: &str, keys: &Keys<'_>, sink: &mut Sink<'_>) -> Option<()> {
    let address = Address(take(bytes)?);
    for _ in 0..u16::from_be_bytes(take(bytes)?) {
        let [length] = take(bytes)?;
        let (advert, rest) = bytes.split_at_checked(usize::from(length))?;
        *bytes = rest;
        let [info, rssi] = take(bytes)?;
        let source = Source {
            scanner: Some(gateway),
            device: Some(Device::Radio(
                address,
                kind(address, Some(info & RANDOM != 0)),
            )),
            rssi_dbm: Some(f32::from(rssi.cast_signed())),
            ..Source::default()
        };
        if advert.is_empty() {
            heard(source).into_iter().for_each(&mut *sink);
        } else {
            advert::read(source, advert, keys, sink);
        }
    }
    Some(())
}

fn take<const N: usize>(bytes: &mut &[u8]) -> Option<[u8; N]> {
    let (taken, rest) = bytes.split_first_chunk()?;
    *bytes = rest;
    Some(*taken)
}
