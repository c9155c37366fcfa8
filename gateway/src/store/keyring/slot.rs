//! One slot of the keyring as bytes.

use engine::shopper::ShopperId;
use std::fmt;

/// Bytes: a divisor of every disk's sectors.
pub(super) const SLOT: usize = 64;
const SUM: usize = SLOT - 4;

/// What a slot is good for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    /// It holds a key.
    Live = 1,
    /// The key was destroyed.
    Erased = 2,
}

#[derive(Clone, PartialEq, Eq)]
pub(super) struct Slot {
    pub(super) shopper: ShopperId,
    /// Enrolments up to this version are over, if `serial` is not zero.
    pub(super) ended: u64,
    pub(super) salt: [u8; 32],
    /// The newest erasure's, zero if there was none.
    pub(super) serial: u32,
    /// Of that erasure, days since 1970-01-01 in UTC; zero if not known.
    pub(super) day: i32,
    /// Rises with every change.
    pub(super) change: u16,
    pub(super) state: State,
}

impl fmt::Debug for Slot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("slot(redacted)")
    }
}

impl Slot {
    /// Before anything is in it.
    pub(super) fn free(shopper: ShopperId) -> Self {
        Self {
            shopper,
            ended: 0,
            salt: [0; 32],
            serial: 0,
            day: 0,
            change: 0,
            state: State::Erased,
        }
    }

    pub(super) fn with_key(self, salt: [u8; 32]) -> Self {
        Self {
            salt,
            change: self.change.saturating_add(1),
            state: State::Live,
            ..self
        }
    }

    pub(super) fn without_key(self, version: u64, serial: u32, day: i32) -> Self {
        Self {
            ended: self.ended.max(version),
            salt: [0; 32],
            serial,
            day,
            change: self.change.saturating_add(1),
            state: State::Erased,
            ..self
        }
    }

    pub(super) fn encode(&self) -> [u8; SLOT] {
        let mut bytes = [0; SLOT];
        bytes[..8].copy_from_slice(&self.shopper.0.to_le_bytes());
        bytes[8..16].copy_from_slice(&self.ended.to_le_bytes());
        bytes[16..48].copy_from_slice(&self.salt);
        bytes[48..52].copy_from_slice(&self.serial.to_le_bytes());
        bytes[52..56].copy_from_slice(&self.day.to_le_bytes());
        bytes[56..58].copy_from_slice(&self.change.to_le_bytes());
        bytes[58] = self.state as u8;
        let sum = crc32c::crc32c(&bytes[..SUM]);
        bytes[SUM..].copy_from_slice(&sum.to_le_bytes());
        bytes
    }

    /// Nothing when the bytes are damaged, or were never written.
    pub(super) fn decode(bytes: &[u8; SLOT]) -> Option<Self> {
        if bytes[SUM..] != crc32c::crc32c(&bytes[..SUM]).to_le_bytes() {
            return None;
        }
        let state = match bytes[58] {
            1 => State::Live,
            2 => State::Erased,
            _ => return None,
        };
        Some(Self {
            shopper: ShopperId(u64::from_le_bytes(part(bytes, 0))),
            ended: u64::from_le_bytes(part(bytes, 8)),
            salt: part(bytes, 16),
            serial: u32::from_le_bytes(part(bytes, 48)),
            day: i32::from_le_bytes(part(bytes, 52)),
            change: u16::from_le_bytes(part(bytes, 56)),
            state,
        })
    }
}

fn part<const N: usize>(bytes: &[u8; SLOT], from: usize) -> [u8; N] {
    let mut part = [0; N];
    part.copy_from_slice(&bytes[from..from + N]);
    part
}
