//! What time it is: a node asks, the gateway answers, and the node measures how
//! long that took by its own clock.
//!
//! The gateway's clock was read somewhere between asking and hearing the answer,
//! so half of the round trip bounds the error of its middle, however unlike the
//! two ways were (RFC 4330, section 5). Times are counted from the start of the
//! gateway, since that clock never steps; the date is told beside it, when
//! something vouches for it.

use crate::frame::BadFrame;
use serde::{Deserialize, Serialize, de::DeserializeOwned};

/// First byte of a question and of an answer.
pub const VERSION: u8 = 1;
/// A buffer of this many bytes holds any question and any answer.
pub const MAX_BYTES: usize = 48;
/// A stamp that is surer than this is as good as the gateway's own clock, ms:
/// the gateway works out where people are by halves of a second.
pub const SYNCED_WITHIN_MS: u32 = 250;

/// A node asks what time it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct TimeAsk {
    /// Number of the node's start.
    pub boot: u32,
    /// Milliseconds since then, when it asked. Wraps.
    pub uptime_ms: u32,
}

/// The gateway says what time it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct TimeAnswer {
    /// What was asked, so that an answer that was under way for long is known.
    pub ask: TimeAsk,
    /// Number of the gateway's start: its clock begins anew with each.
    pub epoch: u32,
    /// Milliseconds since that start. Never goes back.
    pub steady_ms: u64,
    /// The same moment in milliseconds since 1970-01-01T00:00:00Z, if something
    /// vouches for the gateway's date.
    pub date_ms: Option<u64>,
}

/// When something was, by a node's knowledge of the gateway's clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stamp {
    /// Number of the gateway's start.
    pub epoch: u32,
    /// Milliseconds since that start.
    pub steady_ms: u64,
    /// It was that moment to within this, ms.
    pub within_ms: u32,
    /// The same moment in milliseconds since 1970-01-01T00:00:00Z, if something
    /// vouched for the gateway's date.
    pub date_ms: Option<u64>,
}

/// How far a node's time can be trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Trust {
    /// Nobody has told the node what time it is, or not for too long.
    #[default]
    None,
    /// The time is known, but less surely than to [`SYNCED_WITHIN_MS`].
    Coarse,
    /// The time is known to [`SYNCED_WITHIN_MS`].
    Synced,
}

impl Trust {
    /// How far a time can be trusted that is known to within so many ms.
    pub const fn within(ms: u32) -> Self {
        if ms <= SYNCED_WITHIN_MS {
            Self::Synced
        } else {
            Self::Coarse
        }
    }
}

impl TimeAsk {
    /// Writes the question into `buffer` and returns the part used.
    pub fn encode<'b>(&self, buffer: &'b mut [u8]) -> Result<&'b [u8], BadFrame> {
        write(self, buffer)
    }

    /// Reads one whole question.
    pub fn decode(bytes: &[u8]) -> Result<Self, BadFrame> {
        read(bytes)
    }
}

impl TimeAnswer {
    /// Writes the answer into `buffer` and returns the part used.
    pub fn encode<'b>(&self, buffer: &'b mut [u8]) -> Result<&'b [u8], BadFrame> {
        write(self, buffer)
    }

    /// Reads one whole answer.
    pub fn decode(bytes: &[u8]) -> Result<Self, BadFrame> {
        read(bytes)
    }
}

fn write<'b>(message: &impl Serialize, buffer: &'b mut [u8]) -> Result<&'b [u8], BadFrame> {
    let (version, body) = buffer.split_first_mut().ok_or(BadFrame::Buffer)?;
    *version = VERSION;
    let used = postcard::to_slice(message, body).map_err(|_| BadFrame::Buffer)?;
    let used = used.len();
    Ok(&buffer[..=used])
}

fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, BadFrame> {
    match bytes.split_first() {
        None => Err(BadFrame::Empty),
        Some((&VERSION, body)) => match postcard::take_from_bytes(body) {
            Ok((message, [])) => Ok(message),
            _ => Err(BadFrame::Body),
        },
        Some((&version, _)) => Err(BadFrame::Version(version)),
    }
}
