//! Who was sighted, as text and in parts.

use super::{
    Kind, Record,
    text::{Hex, UuidText, as_text},
};
use crate::fact::{Identity, Uuid, Written};
use core::fmt;
use protocol::beacon::Beacon;

/// Writes an identity in its usual form.
#[derive(Clone, Copy)]
pub(super) struct Text<'a>(Identity<'a>);

as_text!(Text<'_>, "An identity in its usual form.");

impl fmt::Debug for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("identity(redacted)")
    }
}

impl fmt::Display for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Identity::Beacon(beacon) => beacon_text(beacon, f),
            Identity::Address(address, _) => write!(f, "{}", Written(address)),
            Identity::Exposure(id) => write!(f, "{}", Hex((&id[..]).into())),
            Identity::Named(name) => f.write_str(name),
        }
    }
}

fn beacon_text(beacon: Beacon, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    match beacon {
        Beacon::IBeacon { uuid, major, minor } => {
            write!(f, "{}-{major}-{minor}", Uuid::Full(uuid))
        }
        Beacon::EddystoneUid {
            namespace,
            instance,
        } => write!(
            f,
            "{}-{}",
            Hex((&namespace[..]).into()),
            Hex((&instance[..]).into())
        ),
        Beacon::EddystoneEid(id) => write!(f, "{}", Hex((&id[..]).into())),
        Beacon::PrivateAddress(address) => write!(f, "{}", Written(address)),
        Beacon::AltBeacon(id) => {
            let (uuid, major, minor) = parts(&id);
            write!(f, "{}-{major}-{minor}", Uuid::Full(uuid))
        }
    }
}

/// An `AltBeacon`'s id as it is usually divided.
fn parts(id: &[u8; 20]) -> ([u8; 16], u16, u16) {
    let mut uuid = [0; 16];
    uuid.copy_from_slice(&id[..16]);
    let major = u16::from_be_bytes([id[16], id[17]]);
    (uuid, major, u16::from_be_bytes([id[18], id[19]]))
}

pub(super) fn sighting(identity: Identity<'_>) -> Record<'_> {
    let record = Record {
        kind: Kind::Sighting,
        identity_kind: Some(kind(identity)),
        identity: Some(Text(identity)),
        ..Record::default()
    };
    let divided = match identity {
        Identity::Beacon(Beacon::IBeacon { uuid, major, minor }) => (uuid, major, minor),
        Identity::Beacon(Beacon::AltBeacon(id)) => parts(&id),
        Identity::Beacon(Beacon::EddystoneUid {
            namespace,
            instance,
        }) => {
            return Record {
                namespace: Some(Hex(namespace.to_vec().into())),
                instance: Some(Hex(instance.to_vec().into())),
                ..record
            };
        }
        _ => return record,
    };
    Record {
        uuid: Some(UuidText(Uuid::Full(divided.0))),
        major: Some(divided.1),
        minor: Some(divided.2),
        ..record
    }
}

const fn kind(identity: Identity<'_>) -> &'static str {
    match identity {
        Identity::Beacon(beacon) => beacon.kind(),
        Identity::Address(..) => "address",
        Identity::Exposure(_) => "exposure",
        Identity::Named(_) => "named",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fact::AddressKind;
    use protocol::beacon::Address;

    #[test]
    fn every_identity_has_its_usual_form() {
        let address = Address([0xA4, 0xC1, 0x38, 0x8D, 0x18, 0xB2]);
        for (identity, expected) in [
            (
                Identity::Beacon(Beacon::EddystoneUid {
                    namespace: [0; 10],
                    instance: [1; 6],
                }),
                "00000000000000000000-010101010101",
            ),
            (
                Identity::Beacon(Beacon::AltBeacon([0x10; 20])),
                "10101010-1010-1010-1010-101010101010-4112-4112",
            ),
            (
                Identity::Address(address, AddressKind::Public),
                "A4:C1:38:8D:18:B2",
            ),
            (
                Identity::Exposure([0xAB; 16]),
                "abababababababababababababababab",
            ),
            (Identity::Named("phone:anna"), "phone:anna"),
        ] {
            assert_eq!(Text(identity).to_string(), expected);
            assert!(!format!("{:?}", Text(identity)).contains(expected));
        }
    }
}
