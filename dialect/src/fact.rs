//! One thing that a message says.

use crate::{gs1::Code, quantity::Quantity, till::Receipt};
use protocol::beacon::{Address, Beacon};

/// Takes facts one by one, in the order of the message.
pub type Sink<'s> = dyn FnMut(Fact<'_>) + 's;

/// One thing that a message says, and where it comes from.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fact<'a> {
    /// Who heard whom, when, how strongly.
    pub source: Source<'a>,
    /// What is said.
    pub says: Says<'a>,
}

/// Who heard whom, when, how strongly: what all facts of one frame share.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Source<'a> {
    /// Who heard, as topic or message name it.
    pub scanner: Option<&'a str>,
    /// Who spoke.
    pub device: Option<Device<'a>>,
    /// Signal strength at the scanner, dBm.
    pub rssi_dbm: Option<f32>,
    /// When, by the sender.
    pub time: Time<'a>,
}

/// Who spoke.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Device<'a> {
    /// A radio device, by its address.
    Radio(Address, AddressKind),
    /// A wired or bridged device, by the name topic or message give it.
    Named(&'a str),
}

impl AddressKind {
    /// The kind of an address known to be random, by its two top bits.
    pub const fn of_random(address: Address) -> Self {
        match address.0[0] >> 6 {
            0b11 => Self::RandomStatic,
            0b01 => Self::RandomResolvable,
            _ => Self::RandomNonResolvable,
        }
    }
}

impl core::fmt::Debug for Device<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(match self {
            Self::Radio(..) => "radio device(redacted)",
            Self::Named(_) => "named device(redacted)",
        })
    }
}

/// An address as it is written, `A4:C1:38:8D:18:B2`: for where it is meant to be
/// read, since addresses do not print themselves.
#[derive(Clone, Copy)]
pub struct Written(pub Address);

impl core::fmt::Display for Written {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let [first, rest @ ..] = self.0.0;
        write!(f, "{first:02X}")?;
        rest.iter().try_for_each(|byte| write!(f, ":{byte:02X}"))
    }
}

impl core::fmt::Debug for Written {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("address(redacted)")
    }
}

/// What is known of a radio address (Bluetooth Core 5.4, Vol 6, Part B, 1.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum AddressKind {
    /// The message does not say; it must not be taken as stable.
    #[default]
    Unknown,
    /// Registered with the IEEE.
    Public,
    /// Random, stays until power-off: top bits 11.
    RandomStatic,
    /// Random, rotates, resolvable with a key: top bits 01.
    RandomResolvable,
    /// Random, rotates, means nothing to anybody: top bits 00.
    RandomNonResolvable,
}

/// When something was said, and how far that can be trusted.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub enum Time<'a> {
    /// The message does not say: the moment of receipt.
    #[default]
    Receipt,
    /// Milliseconds since 1970 (UTC) by the sender's clock.
    Sender(i64),
    /// A local time without its zone, as written: cannot be placed alone.
    Zoneless(&'a str),
}

/// What is said.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Says<'a> {
    /// A beacon or address was heard.
    Sighting {
        /// Who it says it is.
        identity: Identity<'a>,
        /// Strength one metre from it as it states itself, dBm.
        reference_dbm: Option<i8>,
    },
    /// A quantity has a value.
    Measured {
        /// Which.
        quantity: Quantity,
        /// Counts from 0 where one message holds the same quantity repeatedly
        /// (two temperatures), or the channel that the device names.
        nth: u8,
        /// Its value, in [`Quantity::unit`].
        value: Value<'a>,
    },
    /// Something happened: a press, a turn, a tag that was held to a reader.
    Happened {
        /// To what: `button`, `dimmer`, `command`, ...
        what: &'a str,
        /// Counts from 0 where a device has several.
        nth: u8,
        /// `press`, `double_press`, `rotate_left`, ...
        action: &'a str,
        /// How much, where it says: steps of a dimmer.
        amount: Option<f64>,
    },
    /// What a device says of itself.
    About {
        /// Which property: `name`, `model`, `firmware`, `url`, `mac`, ...
        what: &'static str,
        /// Its value.
        value: Value<'a>,
    },
    /// What a frame carried, whether or not it was understood.
    Data {
        /// In whose format it is.
        under: Under,
        /// Without uuid or company id.
        data: &'a [u8],
    },
    /// A device or scanner came or went (last will, availability).
    Online(bool),
    /// The frame is encrypted and no key fits, or may not be read.
    Sealed {
        /// Which format.
        format: &'static str,
        /// Why it stays closed, and what to do.
        why: &'static str,
    },
    /// A code of GS1: what a coupon, a screen or a receipt carries.
    Code(&'a Code),
    /// A till closed, voided or took back a basket.
    Receipt(&'a Receipt<'a>),
}

/// In whose format data is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Under {
    /// Service data of this service.
    Service(Uuid),
    /// Manufacturer data of this company.
    Company(u16),
}

/// Names a Bluetooth service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Uuid {
    /// 16 bits on air.
    Short(u16),
    /// 32 bits on air.
    Middle(u32),
    /// 128 bits, most significant byte first.
    Full([u8; 16]),
}

impl Uuid {
    /// What shorter uuids stand in: `0000xxxx-0000-1000-8000-00805f9b34fb`
    /// (Bluetooth Core 5.4, Vol 3, Part B, 2.5.1).
    const BASE: u128 = 0x0000_0000_0000_1000_8000_0080_5f9b_34fb;

    /// All 128 bits.
    pub const fn full(self) -> u128 {
        match self {
            Self::Short(short) => (short as u128) << 96 | Self::BASE,
            Self::Middle(middle) => (middle as u128) << 96 | Self::BASE,
            Self::Full(full) => u128::from_be_bytes(full),
        }
    }
}

impl core::fmt::Display for Uuid {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let full = self.full();
        write!(
            f,
            "{:08x}-{:04x}-{:04x}-{:04x}-{:012x}",
            full >> 96,
            full >> 80 & 0xFFFF,
            full >> 64 & 0xFFFF,
            full >> 48 & 0xFFFF,
            full & 0xFFFF_FFFF_FFFF,
        )
    }
}

/// Who a frame says it is.
#[derive(Clone, Copy, PartialEq)]
pub enum Identity<'a> {
    /// A beacon that shoppers may opt in with.
    Beacon(Beacon),
    /// Only an address: nobody's identity, unless resolved.
    Address(Address, AddressKind),
    /// An exposure-style identifier: rotates, resolved only with a day's key.
    Exposure([u8; 16]),
    /// A name that the scanner gave (`ESPresense` ids).
    Named(&'a str),
}

impl core::fmt::Debug for Identity<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("identity(redacted)")
    }
}

/// A value.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Value<'a> {
    /// A number in the quantity's unit.
    Number(f64),
    /// Yes or no.
    Flag(bool),
    /// A word or text.
    Text(&'a str),
    /// Bytes that have no further meaning to us.
    Bytes(&'a [u8]),
}
