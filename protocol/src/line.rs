//! What a node without a network of its own says over a wire to the bridge
//! beside it (`aislecast bridge`), and what it is told.
//!
//! ```text
//! 0 | COBS( version u8 | postcard(message) | CRC-32 of both ) | 0
//! ```
//!
//! [COBS](https://doi.org/10.1109/90.769765) leaves no zero inside, so after any
//! garbage the next zero is a beginning. The bytes of a version never change:
//! `golden/` holds them, and a new message means a new version.

use crate::{
    frame,
    id::{ScannerId, StoreId},
};
use core::fmt;
use postcard::ser_flavors::{Cobs, Slice, crc::CrcModifier};
use serde::{Deserialize, Serialize};

/// First byte of a packet of this version.
pub const VERSION: u8 = 1;
/// Room for any packet, zeros included, bytes: the fullest frame and what is
/// around it (13), one byte in 254 for COBS, two zeros.
pub const MAX_BYTES: usize = frame::MAX_BYTES + 13 + 6 + 2;
/// A node repeats a batch that nobody has taken after this long, ms.
pub const REPEAT_MS: u32 = 1_000;
/// Whoever says nothing for this long is gone, ms: what a broker grants a node
/// (one and a half times its keep-alive of 20 s).
pub const SILENT_MS: u32 = 30_000;
/// CRC-32 as Ethernet has it.
const CRC: crc::Crc<u32> = crc::Crc::<u32>::new(&crc::CRC_32_ISO_HDLC);
const CRC_BYTES: usize = 4;

/// What a node says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Upward<'a> {
    /// Who is there: once at each start, and whenever it is asked.
    Here {
        /// The shop it was told it stands in.
        store: StoreId,
        /// Its name.
        node: ScannerId,
    },
    /// What it would publish at [`Topic::NodeFrame`](crate::topic::Topic::NodeFrame).
    /// It repeats this until it is [`Downward::Taken`].
    Frame {
        /// Rises by one per batch, and wraps.
        number: u32,
        /// The batch, as [`frame::NodeFrame`] writes it.
        payload: &'a [u8],
    },
    /// What it would publish at [`Topic::NodeHealth`](crate::topic::Topic::NodeHealth),
    /// retained.
    Health {
        /// JSON.
        payload: &'a [u8],
    },
    /// What it would publish at [`Topic::NodeAsk`](crate::topic::Topic::NodeAsk).
    Ask {
        /// The question.
        payload: &'a [u8],
    },
}

/// What a node is told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Downward<'a> {
    /// It is to say who it is.
    WhoIsThere,
    /// The batch of this number went to the broker.
    Taken {
        /// Which.
        number: u32,
    },
    /// What the gateway publishes at [`Topic::NodeTime`](crate::topic::Topic::NodeTime).
    Time {
        /// The answer, as it was published.
        payload: &'a [u8],
    },
}

/// Why a packet says nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BadPacket {
    /// Longer than any packet.
    TooLong,
    /// Not COBS, or its checksum does not fit: damaged, or cut off.
    Damaged,
    /// Made by a version this code does not know.
    Version(u8),
    /// Whole, but no message.
    Message,
    /// The buffer cannot hold it (writing only).
    Buffer,
}

impl fmt::Display for BadPacket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLong => f.write_str("the packet is too long"),
            Self::Damaged => f.write_str("the packet is damaged"),
            Self::Version(v) => {
                write!(f, "the packet is of version {v}, this is version {VERSION}")
            }
            Self::Message => f.write_str("the packet holds no message"),
            Self::Buffer => f.write_str("the packet does not fit its buffer"),
        }
    }
}

impl core::error::Error for BadPacket {}

/// Writes a message as a packet into `buffer` ([`MAX_BYTES`] always suffice) and
/// returns the part used.
pub fn write<'b, M: Serialize>(message: &M, buffer: &'b mut [u8]) -> Result<&'b [u8], BadPacket> {
    let (zero, packet) = buffer.split_first_mut().ok_or(BadPacket::Buffer)?;
    *zero = 0;
    let cobs = Cobs::try_new(Slice::new(packet)).map_err(|_| BadPacket::Buffer)?;
    let checked = CrcModifier::new(cobs, CRC.digest());
    let used = postcard::serialize_with_flavor(&(VERSION, message), checked)
        .map_err(|_| BadPacket::Buffer)?
        .len();
    Ok(&buffer[..=used])
}

/// Finds packets among bytes.
#[derive(Debug)]
pub struct Reader {
    bytes: [u8; MAX_BYTES],
    used: usize,
    too_long: bool,
}

impl Default for Reader {
    fn default() -> Self {
        Self::new()
    }
}

impl Reader {
    /// One that has read nothing.
    pub const fn new() -> Self {
        Self {
            bytes: [0; MAX_BYTES],
            used: 0,
            too_long: false,
        }
    }

    /// Takes one byte in. With the last one of a packet it says what that means.
    pub fn take<'r, M: Deserialize<'r>>(&'r mut self, byte: u8) -> Option<Result<M, BadPacket>> {
        if byte != 0 {
            match self.bytes.get_mut(self.used) {
                Some(place) => *place = byte,
                None => self.too_long = true,
            }
            self.used = (self.used + 1).min(MAX_BYTES);
            return None;
        }
        let used = core::mem::take(&mut self.used);
        if core::mem::take(&mut self.too_long) {
            return Some(Err(BadPacket::TooLong));
        }
        // Between two packets there are two zeros, or any number.
        (used > 0).then(|| read(&mut self.bytes[..used]))
    }

    /// Forgets a packet that was begun.
    pub const fn begin_anew(&mut self) {
        self.used = 0;
        self.too_long = false;
    }
}

fn read<'r, M: Deserialize<'r>>(packet: &'r mut [u8]) -> Result<M, BadPacket> {
    let used = cobs::decode_in_place(packet).map_err(|_| BadPacket::Damaged)?;
    let (body, sum) = packet[..used]
        .split_last_chunk::<CRC_BYTES>()
        .ok_or(BadPacket::Damaged)?;
    if CRC.checksum(body) != u32::from_le_bytes(*sum) {
        return Err(BadPacket::Damaged);
    }
    match body.split_first() {
        None => Err(BadPacket::Message),
        Some((&VERSION, message)) => match postcard::take_from_bytes(message) {
            Ok((message, [])) => Ok(message),
            _ => Err(BadPacket::Message),
        },
        Some((&version, _)) => Err(BadPacket::Version(version)),
    }
}
