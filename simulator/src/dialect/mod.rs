//! What real devices put on a broker, byte by byte as their makers document it.
//!
//! - [`ad`]: advertisements as they are on air;
//! - [`scanner`]: scanners of every make that the gateway understands;
//! - [`sensor`]: sensors, with the repetitions and retained messages of real ones.
//!
//! Nothing here is the gateway's decoder turned round: each file says which
//! document it was written from.

pub mod ad;
pub mod scanner;
pub mod sensor;

#[cfg(test)]
mod read_back;

use protocol::beacon::Address;
use std::fmt::Write as _;

/// One message to the broker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Topic.
    pub topic: String,
    /// Payload.
    pub payload: Vec<u8>,
    /// Whether the device asks the broker to keep it.
    pub retain: bool,
}

impl Message {
    /// One that is not kept.
    pub fn new(topic: String, payload: impl Into<Vec<u8>>) -> Self {
        Self {
            topic,
            payload: payload.into(),
            retain: false,
        }
    }

    /// JSON with the keys in the order of the type: some makers' order is fixed.
    fn json(topic: String, body: &impl serde::Serialize) -> Self {
        let payload = serde_json::to_vec(body).expect("names and numbers are always JSON");
        Self::new(topic, payload)
    }

    /// The same, kept by the broker.
    #[must_use]
    fn retained(self) -> Self {
        Self {
            retain: true,
            ..self
        }
    }
}

/// `4a0bcc`.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// `4A0BCC`.
fn upper_hex(bytes: &[u8]) -> String {
    hex(bytes).to_uppercase()
}

/// `4A:0B:CC:0D:0E:0F`.
fn colons(address: Address) -> String {
    let pairs: Vec<String> = address.0.iter().map(|b| format!("{b:02X}")).collect();
    pairs.join(":")
}

/// `2026-07-14T12:30:00` and milliseconds, UTC.
fn utc(unix_ms: i64) -> (String, u16) {
    let at = jiff::Timestamp::from_millisecond(unix_ms).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    let text = at.strftime("%Y-%m-%dT%H:%M:%S").to_string();
    (text, unix_ms.rem_euclid(1_000) as u16)
}
