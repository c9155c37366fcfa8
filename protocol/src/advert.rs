//! Bluetooth advertisement bytes to a [`Beacon`].
//!
//! Advertising data is a row of structures `[length][type][data..]` (Bluetooth
//! Core 5.4, Vol 3, Part C, 11). Company ids and 16-bit UUIDs are
//! little-endian, the bodies of iBeacon and Eddystone big-endian.

use crate::beacon::{Address, Beacon};

/// A beacon and what its frame says of its own strength.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Heard {
    /// Who.
    pub beacon: Beacon,
    /// Signal strength one metre away, dBm, if the frame states a possible one.
    pub reference_dbm: Option<i8>,
}

/// 16-bit UUID of Eddystone service data.
pub const EDDYSTONE: u16 = 0xFEAA;
/// Company id of Apple, whose manufacturer data iBeacon is.
const APPLE: u16 = 0x004C;
/// Type and length with which iBeacon's body starts.
const IBEACON: [u8; 2] = [0x02, 0x15];
/// With which `AltBeacon`'s body starts, whatever the company (`AltBeacon` 1.0).
const ALTBEACON: [u8; 2] = [0xBE, 0xAC];
/// What a metre of air takes (eddystone-uid/README.md: "subtract 41 dB").
const FIRST_METRE_DB: i8 = 41;

const SERVICE_DATA_16: u8 = 0x16;
const MANUFACTURER_DATA: u8 = 0xFF;

/// One structure of advertising data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Structure<'a> {
    /// What the data is, by the Bluetooth assigned numbers.
    pub kind: u8,
    /// Without length and type.
    pub data: &'a [u8],
}

/// Walks the structures of advertising data.
///
/// Passes over zeros, with which some pad an advertisement before the scan
/// response that a scanner appends, and over structures of type 0. Ends at a
/// structure that claims more bytes than there are.
#[derive(Debug, Clone)]
pub struct Structures<'a> {
    rest: &'a [u8],
}

/// The structures of advertising data.
pub const fn structures(ad: &[u8]) -> Structures<'_> {
    Structures { rest: ad }
}

impl<'a> Iterator for Structures<'a> {
    type Item = Structure<'a>;

    fn next(&mut self) -> Option<Structure<'a>> {
        loop {
            let (&length, after) = self.rest.split_first()?;
            let (structure, rest) = after.split_at_checked(usize::from(length))?;
            self.rest = rest;
            match structure.split_first() {
                Some((&kind, data)) if kind != 0 => return Some(Structure { kind, data }),
                Some(_) | None => {}
            }
        }
    }
}

/// Who sent an advertisement.
///
/// A beacon format wins over the address it came from. Without one, the sender
/// is known only when its `address` is random (the flag beside it) and of the
/// resolvable kind. An address that is public, static or of unknown kind names
/// nobody: a phone's address is never an identity.
pub fn beacon(address: Option<(Address, bool)>, ad: &[u8]) -> Option<Heard> {
    structures(ad)
        .find_map(|structure| match structure.kind {
            MANUFACTURER_DATA => from_manufacturer_data(structure.data),
            SERVICE_DATA_16 => {
                let (uuid, body) = structure.data.split_first_chunk()?;
                from_service_data(u16::from_le_bytes(*uuid), body)
            }
            _ => None,
        })
        .or_else(|| private(address?))
}

/// Reads manufacturer data, company id first: iBeacon and `AltBeacon`.
pub fn from_manufacturer_data(data: &[u8]) -> Option<Heard> {
    let (company, body) = data.split_first_chunk()?;
    beacon_in(u16::from_le_bytes(*company), body)
}

/// Reads manufacturer data without its company id.
pub fn beacon_in(company: u16, data: &[u8]) -> Option<Heard> {
    match data.strip_prefix(&IBEACON) {
        Some(body) if company == APPLE => ibeacon(body),
        _ => altbeacon(data.strip_prefix(&ALTBEACON)?),
    }
}

/// Many send it without the reserved byte at its end, so that is not asked for.
fn altbeacon(body: &[u8]) -> Option<Heard> {
    let (id, rest) = body.split_first_chunk()?;
    let (&[power], _) = rest.split_first_chunk()?;
    Some(Heard {
        beacon: Beacon::AltBeacon(*id),
        reference_dbm: Some(power.cast_signed()).filter(|dbm| *dbm < 0),
    })
}

fn ibeacon(body: &[u8]) -> Option<Heard> {
    let (uuid, rest) = body.split_first_chunk()?;
    let (major, rest) = rest.split_first_chunk()?;
    let (minor, rest) = rest.split_first_chunk()?;
    let (&[power], _) = rest.split_first_chunk()?;
    Some(Heard {
        beacon: Beacon::IBeacon {
            uuid: *uuid,
            major: u16::from_be_bytes(*major),
            minor: u16::from_be_bytes(*minor),
        },
        // No transmitter is heard at 0 dBm or more from a metre away. What
        // stands there then is something else: some makers put the battery.
        reference_dbm: Some(power.cast_signed()).filter(|dbm| *dbm < 0),
    })
}

/// Reads service data without its UUID: Eddystone-UID and Eddystone-EID.
pub fn from_service_data(uuid: u16, body: &[u8]) -> Option<Heard> {
    if uuid != EDDYSTONE {
        return None;
    }
    let (&[frame, power], id) = body.split_first_chunk()?;
    let beacon = match (frame, id.len()) {
        // With the two reserved bytes at the end or, as many send it, without.
        (0x00, 16 | 18) => {
            let (namespace, rest) = id.split_first_chunk()?;
            let (instance, _) = rest.split_first_chunk()?;
            Beacon::EddystoneUid {
                namespace: *namespace,
                instance: *instance,
            }
        }
        (0x30, 8) => Beacon::EddystoneEid(id.try_into().ok()?),
        _ => return None,
    };
    Some(Heard {
        beacon,
        reference_dbm: at_one_metre(power.cast_signed()),
    })
}

/// Eddystone states its power at 0 m, from -100 to +20 dBm.
fn at_one_metre(power_at_zero_dbm: i8) -> Option<i8> {
    (-100..=20)
        .contains(&power_at_zero_dbm)
        .then(|| power_at_zero_dbm.saturating_sub(FIRST_METRE_DB))
}

fn private((address, random): (Address, bool)) -> Option<Heard> {
    (random && address.looks_resolvable()).then_some(Heard {
        beacon: Beacon::PrivateAddress(address),
        reference_dbm: None,
    })
}
