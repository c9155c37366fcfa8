//! What a node must know before it can be of use, and how a board keeps it.
//!
//! ```text
//! "ALN" | version u8 | postcard(Settings) and its CRC-32
//! ```

use crate::scan::Allowed;
use core::fmt;
use heapless::String;
use protocol::id::{ScannerId, StoreId};
use serde::{Deserialize, Serialize};

/// What written settings begin with: the letters, and the version of the layout.
const HEAD: [u8; 4] = *b"ALN\x01";
/// Room for any settings, bytes.
pub const MAX_BYTES: usize = 512;
/// CRC-32 as Ethernet has it.
const CRC: crc::Crc<u32> = crc::Crc::<u32>::new(&crc::CRC_32_ISO_HDLC);

/// What a node must know.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    /// The shop it stands in.
    pub store: StoreId,
    /// Its own name: a scanner of the shop's `store.toml`.
    pub node: ScannerId,
    /// IPv4 address of the broker.
    pub broker: [u8; 4],
    /// Port of the broker.
    pub port: u16,
    /// Name at the broker; empty for none.
    pub user: String<64>,
    /// Password at the broker.
    pub password: String<64>,
    /// What may leave the node.
    pub allowed: Allowed,
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "settings of {} in {}", self.node, self.store)
    }
}

/// Why bytes are no settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BadSettings {
    /// Nothing was ever written there.
    Blank,
    /// Written by another version of this program.
    Version(u8),
    /// The checksum does not fit: damaged, or cut off while being written.
    Damaged,
    /// The buffer is too small (writing only).
    Buffer,
}

impl fmt::Display for BadSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Blank => f.write_str("the node has no settings; write them first"),
            Self::Version(version) => {
                write!(f, "the settings are of version {version}; write them anew")
            }
            Self::Damaged => f.write_str("the settings are damaged; write them anew"),
            Self::Buffer => f.write_str("the settings do not fit"),
        }
    }
}

impl core::error::Error for BadSettings {}

impl Settings {
    /// Writes them into `buffer` ([`MAX_BYTES`] always suffice) and returns the
    /// part used.
    pub fn write<'b>(&self, buffer: &'b mut [u8]) -> Result<&'b [u8], BadSettings> {
        let (head, body) = buffer
            .split_at_mut_checked(HEAD.len())
            .ok_or(BadSettings::Buffer)?;
        head.copy_from_slice(&HEAD);
        let used = postcard::to_slice_crc32(self, body, CRC.digest())
            .map_err(|_| BadSettings::Buffer)?
            .len();
        Ok(&buffer[..HEAD.len() + used])
    }

    /// Reads what was written; what comes after it does not matter.
    pub fn read(bytes: &[u8]) -> Result<Self, BadSettings> {
        let (head, body) = bytes
            .split_at_checked(HEAD.len())
            .ok_or(BadSettings::Blank)?;
        match head {
            [b'A', b'L', b'N', version] if *version == HEAD[3] => {
                let taken = postcard::take_from_bytes_crc32(body, CRC.digest());
                taken
                    .map(|(settings, _)| settings)
                    .map_err(|_| BadSettings::Damaged)
            }
            [b'A', b'L', b'N', version] => Err(BadSettings::Version(*version)),
            _ => Err(BadSettings::Blank),
        }
    }
}
