//! Advertisements as they are on air (Bluetooth Core 5.4, Vol 3, Part C, 11;
//! Supplement to the Core, Part A): structures of length, type, data.

use crate::world::emitter::{Air, FrameKind};
use protocol::beacon::Beacon;

/// LE General Discoverable, BR/EDR not supported.
const FLAGS: [u8; 3] = [0x02, 0x01, 0x06];
/// Eddystone states its power at no distance: 41 dB more than at one metre
/// (google/eddystone, eddystone-uid/README.md).
const EDDYSTONE_ZERO_METRES_DB: i8 = 41;
/// What a fob states when it states nothing: the usual default.
const REFERENCE_DBM: i8 = -59;

/// Types of structures.
pub(crate) const COMPLETE_SERVICES: u8 = 0x03;
pub(crate) const SERVICE_DATA: u8 = 0x16;
pub(crate) const MANUFACTURER_DATA: u8 = 0xFF;

/// What somebody's device sends.
pub fn of(air: &Air, reference_dbm: Option<i8>) -> Vec<u8> {
    let reference = reference_dbm.unwrap_or(REFERENCE_DBM);
    let zero_metres = reference.saturating_add(EDDYSTONE_ZERO_METRES_DB) as u8;
    match air.beacon {
        Beacon::IBeacon { uuid, major, minor } => {
            let mut data = vec![0x4C, 0x00, 0x02, 0x15];
            data.extend(uuid);
            data.extend(major.to_be_bytes());
            data.extend(minor.to_be_bytes());
            data.push(reference as u8);
            advert(&[(MANUFACTURER_DATA, &data)])
        }
        Beacon::EddystoneUid {
            namespace,
            instance,
        } => {
            let frame = [&[0x00, zero_metres], &namespace[..], &instance, &[0, 0]].concat();
            eddystone(&frame)
        }
        // Under the number of the company that first built them.
        Beacon::AltBeacon(id) => {
            let power = reference as u8;
            let data = [&[0x18, 0x01, 0xBE, 0xAC], &id[..], &[power, 0]].concat();
            advert(&[(MANUFACTURER_DATA, &data)])
        }
        Beacon::EddystoneEid(id) => eddystone(&[&[0x30, zero_metres], &id[..]].concat()),
        Beacon::PrivateAddress(_) => match air.kind {
            FrameKind::Exposure => {
                // The identifier and its metadata mean nothing here.
                let data = [&[0x6F, 0xFD], &[0; 20][..]].concat();
                advert(&[(COMPLETE_SERVICES, &[0x6F, 0xFD]), (SERVICE_DATA, &data)])
            }
            // Apple's "Nearby" as phones send it: type, length, state.
            FrameKind::Apple | FrameKind::Beacon => advert(&[(
                MANUFACTURER_DATA,
                &[0x4C, 0x00, 0x10, 0x05, 0x03, 0x1C, 0x0F, 0x2A, 0x3B],
            )]),
        },
    }
}

fn eddystone(frame: &[u8]) -> Vec<u8> {
    let data = [&[0xAA, 0xFE], frame].concat();
    advert(&[(COMPLETE_SERVICES, &[0xAA, 0xFE]), (SERVICE_DATA, &data)])
}

/// Flags and these structures.
pub fn advert(structures: &[(u8, &[u8])]) -> Vec<u8> {
    let mut advert = FLAGS.to_vec();
    for (kind, data) in structures {
        advert.push(data.len() as u8 + 1);
        advert.push(*kind);
        advert.extend(*data);
    }
    advert
}

/// The structures of an advertisement of ours.
pub(crate) fn structures(advert: &[u8]) -> impl Iterator<Item = (u8, &[u8])> {
    let mut rest = advert;
    std::iter::from_fn(move || {
        let (&length, tail) = rest.split_first()?;
        let (structure, tail) = tail.split_at_checked(usize::from(length))?;
        rest = tail;
        let (&kind, data) = structure.split_first()?;
        Some((kind, data))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::upper_hex;
    use protocol::beacon::Address;

    fn air(beacon: Beacon) -> Air {
        Air {
            beacon,
            address: Address([0x4a; 6]),
            kind: FrameKind::Exposure,
        }
    }

    /// The first is a capture: iBeacon of an Ingics gateway's log
    /// (`2F234454-CF6D-4A0F-ADF2-F4911BA9FFA6`, 0, 1, -59 dBm).
    #[test]
    fn beacons_are_on_air_as_their_makers_say() {
        let captured = Beacon::IBeacon {
            uuid: 0x2f23_4454_cf6d_4a0f_adf2_f491_1ba9_ffa6_u128.to_be_bytes(),
            major: 0,
            minor: 1,
        };
        let uid = Beacon::EddystoneUid {
            namespace: [0x11; 10],
            instance: [0x22; 6],
        };
        for (beacon, reference, expected) in [
            (
                captured,
                Some(-59),
                "0201061AFF4C0002152F234454CF6D4A0FADF2F4911BA9FFA600000001C5",
            ),
            (
                uid,
                Some(-61),
                "0201060303AAFE1716AAFE00EC111111111111111111112222222222220000",
            ),
            (
                Beacon::EddystoneEid([0x33; 8]),
                None,
                "0201060303AAFE0D16AAFE30EE3333333333333333",
            ),
        ] {
            assert_eq!(upper_hex(&of(&air(beacon), reference)), expected);
        }
        let phone = of(&air(Beacon::PrivateAddress(Address([0x4a; 6]))), None);
        let kinds: Vec<u8> = structures(&phone).map(|(kind, _)| kind).collect();
        assert_eq!(kinds, [0x01, COMPLETE_SERVICES, SERVICE_DATA]);
    }
}
