//! What a node of ours sends: one batch of sightings and readings every half
//! second, or second while batches wait for the link, as [postcard](https://postcard.jamesmunns.com/wire-format) bytes
//! behind one version byte.
//!
//! ```text
//! 1 | the batch                  a node that does not know the time
//! 2 | when it was made | the batch
//! ```
//!
//! The bytes of a version never change: `golden/` holds them, and a new field
//! means a new version. A gateway of version 1 never tells a node the time, and
//! so never gets a frame that it cannot read.

use crate::{beacon::Beacon, time::Stamp};
use heapless::Vec;
use serde::{Deserialize, Serialize};

/// First byte of a frame that does not say when it was made.
const UNTIMED: u8 = 1;
/// First byte of a frame of the newest version: it says when it was made.
pub const VERSION: u8 = 2;
/// Most sightings in one frame.
pub const MAX_SIGHTINGS: usize = 32;
/// Most readings in one frame.
pub const MAX_READINGS: usize = 8;
/// A buffer of this many bytes holds any frame.
pub const MAX_BYTES: usize = 1400;

/// One batch from one node.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NodeFrame {
    /// When the frame was made, by what the node knows of the gateway's clock.
    /// It stands before the batch, and not at all in frames of version 1.
    #[serde(skip)]
    pub made: Option<Stamp>,
    /// Drawn anew at each start of the node, so that a restarted sequence is
    /// not taken for a repetition.
    pub boot: u32,
    /// Rises by one per frame within a boot, and wraps.
    pub sequence: u32,
    /// Milliseconds since the node started, when the frame was made. Wraps.
    pub uptime_ms: u32,
    /// Sightings and readings the node had to drop since it started. Wraps.
    pub dropped: u32,
    /// Beacons heard since the frame before.
    pub sightings: Vec<NodeSighting, MAX_SIGHTINGS>,
    /// Sensor values read since the frame before.
    pub readings: Vec<NodeReading, MAX_READINGS>,
}

/// One beacon as heard within one batch.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct NodeSighting {
    /// Who.
    pub beacon: Beacon,
    /// Mean signal strength over `count` packets, dBm.
    pub rssi_mean_dbm: i8,
    /// Strongest packet, dBm.
    pub rssi_max_dbm: i8,
    /// Packets heard, 1 or more.
    pub count: u8,
    /// Signal strength one metre from the beacon as it states itself, dBm.
    pub reference_dbm: Option<i8>,
    /// How long before the frame was made the last packet was heard, ms.
    pub age_ms: u16,
}

/// One sensor value. A node's sensors are numbered from 0.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct NodeReading {
    /// Which of the node's sensors.
    pub port: u8,
    /// What it says.
    pub value: Quantity,
    /// How long before the frame was made it was read, ms.
    pub age_ms: u16,
}

/// One measured value with its unit in its name.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Quantity {
    /// Air temperature, hundredths of a degree Celsius.
    TemperatureCentiCelsius(i16),
    /// Relative humidity, thousandths.
    HumidityPermille(u16),
    /// Illuminance, lux.
    IlluminanceLux(u32),
    /// Somebody is there (motion, time of flight), or nobody.
    Occupied(bool),
    /// People through a door since the counter was last reset, each way.
    Passages {
        /// Into the shop.
        inward: u32,
        /// Out of the shop.
        outward: u32,
    },
    /// Weight on a shelf, grams.
    WeightGrams(i32),
    /// Pieces on a shelf.
    StockPieces(u16),
    /// People waiting.
    QueueLength(u16),
    /// Supply of the sensor, millivolts.
    BatteryMillivolts(u16),
    /// The sensor did not answer or answered nonsense.
    Fault,
    /// What a product costs, in the smallest unit of the currency.
    PriceMinor(u32),
    /// A number of any unit, in thousandths.
    NumberMilli(i64),
}

/// Why bytes are not a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BadFrame {
    /// No bytes at all.
    Empty,
    /// Made by a version this code does not know.
    Version(u8),
    /// The body does not decode, or bytes are left over.
    Body,
    /// The buffer cannot hold the frame (encoding only).
    Buffer,
}

impl core::fmt::Display for BadFrame {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Empty => f.write_str("the frame is empty"),
            Self::Version(v) => {
                write!(f, "the frame is of version {v}, this is version {VERSION}")
            }
            Self::Body => f.write_str("the frame's body does not decode"),
            Self::Buffer => f.write_str("the frame does not fit its buffer"),
        }
    }
}

impl core::error::Error for BadFrame {}

impl NodeFrame {
    /// Writes the frame into `buffer` ([`MAX_BYTES`] always suffice) and
    /// returns the part used.
    pub fn encode<'b>(&self, buffer: &'b mut [u8]) -> Result<&'b [u8], BadFrame> {
        let (version, rest) = buffer.split_first_mut().ok_or(BadFrame::Buffer)?;
        let mut used = 1;
        *version = UNTIMED;
        if let Some(made) = &self.made {
            *version = VERSION;
            used += write(made, rest)?;
        }
        used += write(self, &mut buffer[used..])?;
        Ok(&buffer[..used])
    }

    /// Reads one whole frame of any version.
    pub fn decode(bytes: &[u8]) -> Result<Self, BadFrame> {
        let (version, rest) = bytes.split_first().ok_or(BadFrame::Empty)?;
        let (made, batch) = match *version {
            UNTIMED => (None, rest),
            VERSION => {
                let (made, batch) = postcard::take_from_bytes(rest).map_err(|_| BadFrame::Body)?;
                (Some(made), batch)
            }
            other => return Err(BadFrame::Version(other)),
        };
        match postcard::take_from_bytes::<Self>(batch) {
            Ok((frame, [])) => Ok(Self { made, ..frame }),
            _ => Err(BadFrame::Body),
        }
    }
}

/// Returns the number of bytes written.
fn write(part: &impl Serialize, buffer: &mut [u8]) -> Result<usize, BadFrame> {
    let written = postcard::to_slice(part, buffer).map_err(|_| BadFrame::Buffer)?;
    Ok(written.len())
}
