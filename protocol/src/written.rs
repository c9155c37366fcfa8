//! Fixed beacons as people write them:
//! `ibeacon:426c7565-4368-6172-6d42-6561636f6e73-3838-4949`,
//! `eddystone-uid:00112233445566778899-aabbccddeeff`,
//! `altbeacon:` and 40 digits.

use crate::beacon::{Beacon, hex_digit};

/// A text that names no fixed beacon.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoBeacon;

impl core::fmt::Display for NoBeacon {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("write ibeacon:<uuid>-<major>-<minor> or eddystone-uid:<namespace>-<instance>")
    }
}

impl core::error::Error for NoBeacon {}

impl core::str::FromStr for Beacon {
    type Err = NoBeacon;

    fn from_str(text: &str) -> Result<Self, NoBeacon> {
        let (kind, id) = text.split_once(':').ok_or(NoBeacon)?;
        let beacon = if kind.eq_ignore_ascii_case("ibeacon") {
            ibeacon(id)
        } else if kind.eq_ignore_ascii_case("eddystone-uid") {
            eddystone_uid(id)
        } else if kind.eq_ignore_ascii_case("altbeacon") {
            bytes(id).map(Beacon::AltBeacon)
        } else {
            None
        };
        beacon.ok_or(NoBeacon)
    }
}

fn ibeacon(id: &str) -> Option<Beacon> {
    let (rest, minor) = id.rsplit_once('-')?;
    let (uuid, major) = rest.rsplit_once('-')?;
    Some(Beacon::IBeacon {
        uuid: bytes(uuid)?,
        major: major.parse().ok()?,
        minor: minor.parse().ok()?,
    })
}

fn eddystone_uid(id: &str) -> Option<Beacon> {
    let (namespace, instance) = id.split_once('-')?;
    Some(Beacon::EddystoneUid {
        namespace: bytes(namespace)?,
        instance: bytes(instance)?,
    })
}

/// Exactly this many bytes; hyphens between digits do not count.
pub(crate) fn bytes<const N: usize>(text: &str) -> Option<[u8; N]> {
    let mut bytes = [0; N];
    let mut digits = text.bytes().filter(|b| *b != b'-');
    for byte in &mut bytes {
        *byte = hex_digit(digits.next()?)? << 4 | hex_digit(digits.next()?)?;
    }
    digits.next().is_none().then_some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn beacons_are_read_as_people_write_them() {
        let uuid = *b"BlueCharmBeacons";
        let ours = Beacon::IBeacon {
            uuid,
            major: 3838,
            minor: 4949,
        };
        for text in [
            "ibeacon:426c7565-4368-6172-6d42-6561636f6e73-3838-4949",
            "iBeacon:426C756543686172 6d42-6561636f6e73-3838-4949"
                .replace(' ', "")
                .as_str(),
        ] {
            assert_eq!(text.parse(), Ok(ours), "{text}");
        }
        let uid = "eddystone-uid:00112233445566778899-aabbccddeeff";
        assert_eq!(uid.parse::<Beacon>().unwrap().kind(), "eddystone-uid");
        for wrong in [
            "",
            "ibeacon",
            "ibeacon:426c7565-3838-4949",
            "ibeacon:426c7565-4368-6172-6d42-6561636f6e73-3838-70000",
            "eddystone-uid:0011-aabbccddeeff",
            "address:aabbccddeeff",
        ] {
            assert_eq!(wrong.parse::<Beacon>(), Err(NoBeacon), "{wrong}");
        }
    }
}
