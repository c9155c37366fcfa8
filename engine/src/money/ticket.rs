//! What a voucher's code says: sixteen bytes that the shell signs. Who saw it
//! is nowhere in it.
//!
//! ```text
//! version 1 | number u16 | serial u40 | until u32 (Unix seconds) | worth u32
//! ```
//!
//! Big-endian. The serial names the showing to this shop and to nobody else
//! ([`crate::measure::Serials`]).

use serde::{Deserialize, Serialize};

/// Version of the format.
const VERSION: u8 = 1;
const SERIAL_BITS: u32 = 40;

/// Begins a ticket that is not signed yet.
const UNSIGNED: &str = "ticket:";

/// What a voucher's code says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Ticket {
    /// The number that tills know the discount by.
    pub number: u16,
    /// Which showing, as twelve digits.
    pub serial: u64,
    /// Last second at which it can be redeemed, Unix time.
    pub until_s: u32,
    /// What it is worth, in the currency's smallest unit.
    pub worth_minor: u32,
}

impl Ticket {
    /// Bytes of a ticket.
    pub const BYTES: usize = 16;

    /// As it is signed.
    pub fn to_bytes(self) -> [u8; Self::BYTES] {
        let serial = self.serial & ((1 << SERIAL_BITS) - 1);
        let mut bytes = [0; Self::BYTES];
        bytes[0] = VERSION;
        bytes[1..3].copy_from_slice(&self.number.to_be_bytes());
        bytes[3..8].copy_from_slice(&serial.to_be_bytes()[3..]);
        bytes[8..12].copy_from_slice(&self.until_s.to_be_bytes());
        bytes[12..].copy_from_slice(&self.worth_minor.to_be_bytes());
        bytes
    }

    /// As the engine hands it to the shell, which signs it: its bytes as digits
    /// of base 16 behind [`UNSIGNED`].
    pub fn text(self) -> String {
        let bytes = self.to_bytes();
        let digits = bytes.iter().map(|byte| format!("{byte:02X}"));
        digits.fold(UNSIGNED.to_owned(), |text, digits| text + &digits)
    }

    /// The ticket in a text of [`Self::text`].
    pub fn from_text(text: &str) -> Option<Self> {
        let digits = text.strip_prefix(UNSIGNED)?;
        let mut bytes = [0; Self::BYTES];
        if digits.len() != 2 * Self::BYTES || !digits.is_ascii() {
            return None;
        }
        for (byte, at) in bytes.iter_mut().zip(0..) {
            *byte = u8::from_str_radix(&digits[2 * at..2 * at + 2], 16).ok()?;
        }
        Self::from_bytes(bytes)
    }

    /// Read back, if it is of this version.
    pub fn from_bytes(bytes: [u8; Self::BYTES]) -> Option<Self> {
        let [version, n0, n1, s0, s1, s2, s3, s4, rest @ ..] = bytes;
        let [u0, u1, u2, u3, w0, w1, w2, w3] = rest;
        (version == VERSION).then(|| Self {
            number: u16::from_be_bytes([n0, n1]),
            serial: u64::from_be_bytes([0, 0, 0, s0, s1, s2, s3, s4]),
            until_s: u32::from_be_bytes([u0, u1, u2, u3]),
            worth_minor: u32::from_be_bytes([w0, w1, w2, w3]),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ticket_is_read_as_it_was_written_and_no_other_version_is() {
        let ticket = Ticket {
            number: 17,
            serial: 987_654_321_012,
            until_s: 1_795_226_400,
            worth_minor: 5_000,
        };
        let mut bytes = ticket.to_bytes();
        assert_eq!(Ticket::from_bytes(bytes), Some(ticket));
        assert_eq!(Ticket::from_text(&ticket.text()), Some(ticket));
        assert_eq!(
            Ticket::from_text("https://id.gs1.org/255/9520123456788"),
            None
        );
        bytes[0] = 2;
        assert_eq!(Ticket::from_bytes(bytes), None);
    }
}
