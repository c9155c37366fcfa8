//! What a node must know before it can be of use, and how a board keeps it.
//!
//! ```text
//! "ALN" | version u8 | postcard(Settings) and its CRC-32
//! "ALW" | version u8 | postcard(Wifi) and its CRC-32      MAX_BYTES behind, if at all
//! ```

use crate::{
    beacon::Beacon,
    id::{ScannerId, StoreId},
    written::bytes,
};
use core::fmt;
use heapless::{String, Vec};
use serde::{Deserialize, Serialize};

/// What written settings begin with: the letters, and the version of the layout.
const HEAD: [u8; 4] = *b"ALN\x01";
/// The same of how a node gets into a wireless network.
const WIFI_HEAD: [u8; 4] = *b"ALW\x01";
/// Most iBeacon families and Eddystone namespaces a node is told of.
pub const MAX_ALLOWED: usize = 4;
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

/// What may leave the node. Everything else is forgotten in the function that
/// heard it: not counted by sender, not sent, not kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Allowed {
    /// iBeacons with one of these proximity UUIDs.
    pub ibeacon: Vec<[u8; 16], MAX_ALLOWED>,
    /// Eddystone-UIDs in one of these namespaces.
    pub eddystone_uid: Vec<[u8; 10], MAX_ALLOWED>,
    /// `AltBeacons` of one of these owners: the first 16 bytes of the id.
    pub altbeacon: Vec<[u8; 16], MAX_ALLOWED>,
    /// Eddystone-EIDs and app tokens: nobody without the key learns from them.
    pub eddystone_eid: bool,
    /// Resolvable private addresses of phones, for shops that enrol phones by
    /// their key. Off unless the shop asks for it: most are strangers' phones.
    pub private_address: bool,
}

impl Allowed {
    /// Nothing leaves.
    pub const NOTHING: Self = Self {
        ibeacon: Vec::new(),
        eddystone_uid: Vec::new(),
        altbeacon: Vec::new(),
        eddystone_eid: false,
        private_address: false,
    };

    /// Lets one more kind leave, as people write it: `ibeacon:<uuid>`,
    /// `eddystone-uid:<namespace>`, `altbeacon:<owner>`, `eddystone-eid` or
    /// `private-address`.
    pub fn allow(&mut self, text: &str) -> Result<(), NotAllowed> {
        let (kind, id) = text.split_once(':').unwrap_or((text, ""));
        let full = match kind {
            "ibeacon" => self
                .ibeacon
                .push(bytes(id).ok_or(NotAllowed::Unknown)?)
                .is_err(),
            "eddystone-uid" => {
                let namespace = bytes(id).ok_or(NotAllowed::Unknown)?;
                self.eddystone_uid.push(namespace).is_err()
            }
            "altbeacon" => self
                .altbeacon
                .push(bytes(id).ok_or(NotAllowed::Unknown)?)
                .is_err(),
            "eddystone-eid" => {
                self.eddystone_eid = true;
                false
            }
            "private-address" => {
                self.private_address = true;
                false
            }
            _ => return Err(NotAllowed::Unknown),
        };
        if full { Err(NotAllowed::Full) } else { Ok(()) }
    }

    /// Whether this one may leave.
    pub fn lets(&self, beacon: &Beacon) -> bool {
        match beacon {
            Beacon::IBeacon { uuid, .. } => self.ibeacon.contains(uuid),
            Beacon::EddystoneUid { namespace, .. } => self.eddystone_uid.contains(namespace),
            Beacon::AltBeacon(id) => self.altbeacon.iter().any(|owner| id.starts_with(owner)),
            Beacon::EddystoneEid(_) => self.eddystone_eid,
            Beacon::PrivateAddress(_) => self.private_address,
        }
    }
}

/// Why something cannot be let leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotAllowed {
    /// The text names no kind of beacon.
    Unknown,
    /// There are [`MAX_ALLOWED`] of this kind already.
    Full,
}

impl fmt::Display for NotAllowed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown => f.write_str(
                "write ibeacon:<uuid>, eddystone-uid:<namespace>, altbeacon:<owner>, \
                 eddystone-eid or private-address",
            ),
            Self::Full => write!(f, "a node has room for {MAX_ALLOWED} of a kind"),
        }
    }
}

impl core::error::Error for NotAllowed {}

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
        write(HEAD, self, buffer)
    }

    /// Reads what was written; what comes after it does not matter.
    pub fn read(bytes: &[u8]) -> Result<Self, BadSettings> {
        read(HEAD, bytes)
    }
}

/// How a node gets into a wireless network. It is kept [`MAX_BYTES`] behind the
/// beginning of the settings, by nodes that have a radio for it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wifi {
    /// Name of the network.
    pub ssid: String<32>,
    /// Its WPA2 or WPA3 password; empty for a network that is open to everybody.
    pub password: String<64>,
}

impl fmt::Debug for Wifi {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a wireless network")
    }
}

impl Wifi {
    /// Writes it into `buffer` (as much room as for settings suffices) and returns
    /// the part used.
    pub fn write<'b>(&self, buffer: &'b mut [u8]) -> Result<&'b [u8], BadSettings> {
        write(WIFI_HEAD, self, buffer)
    }

    /// Reads what was written; what comes after it does not matter.
    pub fn read(bytes: &[u8]) -> Result<Self, BadSettings> {
        read(WIFI_HEAD, bytes)
    }
}

fn write<'b>(
    written: [u8; 4],
    what: &impl Serialize,
    buffer: &'b mut [u8],
) -> Result<&'b [u8], BadSettings> {
    let (head, body) = buffer.split_first_chunk_mut().ok_or(BadSettings::Buffer)?;
    *head = written;
    let used = postcard::to_slice_crc32(what, body, CRC.digest())
        .map_err(|_| BadSettings::Buffer)?
        .len();
    Ok(&buffer[..written.len() + used])
}

fn read<T: for<'t> Deserialize<'t>>(wanted: [u8; 4], bytes: &[u8]) -> Result<T, BadSettings> {
    let (head, body) = bytes.split_first_chunk().ok_or(BadSettings::Blank)?;
    if *head == wanted {
        let taken = postcard::take_from_bytes_crc32(body, CRC.digest());
        taken
            .map(|(what, _)| what)
            .map_err(|_| BadSettings::Damaged)
    } else if head[..3] == wanted[..3] {
        Err(BadSettings::Version(head[3]))
    } else {
        Err(BadSettings::Blank)
    }
}
