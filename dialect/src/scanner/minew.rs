//! Minew gateways: JSON-LONG (a list that begins with the gateway itself),
//! JSON-RAW, and BINARY-LONG; on any topic.
//!
//! Facts from `lib/*packetdecoder.js` of reelyactive/barnowl-minew and from
//! captures. Each device of JSON-LONG is either decoded or carries `rawData`,
//! which may be empty.

mod binary;
mod json;

pub use binary::looks_like as looks_like_binary;
pub use json::looks_like as looks_like_json;

use crate::{Unreadable, advert::Keys, fact::Sink, walk::looks_like_json as is_json};

/// Reads one message.
pub fn read(
    topic: &str,
    payload: &[u8],
    keys: &Keys<'_>,
    sink: &mut Sink<'_>,
) -> Result<(), Unreadable> {
    if is_json(payload) {
        json::read(topic, payload, keys, sink)
    } else {
        binary::read(payload, keys, sink)
    }
}

#[cfg(test)]
mod tests;
