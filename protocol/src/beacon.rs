//! What a radio frame says of who sent it.

use core::fmt;
use serde::{Deserialize, Serialize};

/// A Bluetooth device address, most significant byte first, as it is written.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Address(pub [u8; 6]);

impl Address {
    /// Whether the two top bits say "resolvable private address"
    /// (Bluetooth Core 5.4, Vol 6, Part B, 1.3.2.2): `01`.
    ///
    /// Only meaningful for an address known to be random.
    pub const fn looks_resolvable(self) -> bool {
        self.0[0] >> 6 == 0b01
    }

    /// Reads `AA:BB:CC:DD:EE:FF`, `AA-BB-..` or `AABBCCDDEEFF` in either case.
    pub fn parse(text: &str) -> Option<Self> {
        let mut bytes = [0; 6];
        let mut digits = text.bytes().filter(|b| !matches!(b, b':' | b'-'));
        for byte in &mut bytes {
            *byte = hex_digit(digits.next()?)? << 4 | hex_digit(digits.next()?)?;
        }
        digits.next().is_none().then_some(Self(bytes))
    }
}

/// The value of one hexadecimal digit in either case.
pub const fn hex_digit(ascii: u8) -> Option<u8> {
    match ascii {
        b'0'..=b'9' => Some(ascii - b'0'),
        b'a'..=b'f' => Some(ascii - b'a' + 10),
        b'A'..=b'F' => Some(ascii - b'A' + 10),
        _ => None,
    }
}

/// Who a radio frame claims to come from.
///
/// `Debug` prints the kind only: a beacon is somebody's, and must not reach a
/// log line by accident.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Beacon {
    /// Apple iBeacon: proximity UUID, major, minor.
    IBeacon {
        /// Proximity UUID, as written.
        uuid: [u8; 16],
        /// Group, big-endian on air.
        major: u16,
        /// Member, big-endian on air.
        minor: u16,
    },
    /// Eddystone-UID: namespace and instance.
    EddystoneUid {
        /// 10-byte namespace.
        namespace: [u8; 10],
        /// 6-byte instance.
        instance: [u8; 6],
    },
    /// Eddystone-EID: an identifier that rotates and that only the holder of
    /// the identity key can resolve. Our app tokens use the same frame.
    EddystoneEid([u8; 8]),
    /// A resolvable private address; only the holder of the IRK can resolve it.
    PrivateAddress(Address),
    /// `AltBeacon`: 16 bytes that name the owner, and 4 that name the beacon.
    AltBeacon([u8; 20]),
}

impl Beacon {
    /// The kind, as a bounded label.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::IBeacon { .. } => "ibeacon",
            Self::EddystoneUid { .. } => "eddystone-uid",
            Self::EddystoneEid(_) => "eddystone-eid",
            Self::PrivateAddress(_) => "private-address",
            Self::AltBeacon(_) => "altbeacon",
        }
    }
}

impl fmt::Debug for Beacon {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}(redacted)", self.kind())
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("address(redacted)")
    }
}
