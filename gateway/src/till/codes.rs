//! A till's question about a voucher's code, in our words: the same for HTTP
//! and MQTT.

use crate::voucher::{Codes, PREFIX};
use dialect::till::MAX_TEXT;
use engine::{event::TillAsks, money::Action};
use serde::{Deserialize, Serialize};

/// What a till sends beside the code.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// The receipt's number, unique for this till.
    pub receipt: String,
    /// Which attempt of that receipt; the first if left out.
    #[serde(default)]
    pub attempt: Option<u8>,
}

/// The same over MQTT, where nothing stands in an address.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Message {
    /// Names the answer.
    #[serde(default)]
    pub id: Option<String>,
    /// The code as it was scanned.
    pub code: String,
    /// What the till wants.
    pub action: Action,
    /// The receipt's number, unique for this till.
    pub receipt: String,
    /// Which attempt of that receipt; the first if left out.
    #[serde(default)]
    pub attempt: Option<u8>,
}

/// Why a question cannot be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error, Serialize)]
pub enum BadQuestion {
    /// The code is not ours.
    #[error("no code of this shop: it is mistyped, of another shop, or forged")]
    Code,
    /// Nothing, or far too much.
    #[error("receipt: give the receipt's number, 1 to {MAX_TEXT} bytes")]
    Receipt,
    /// Attempts are counted from one; the last is the gateway's own.
    #[error("attempt: give 1 to 254, or leave it out")]
    Attempt,
}

/// A message that asks about a code, rather than telling of a receipt.
pub fn message(payload: &[u8]) -> Option<Message> {
    let message: Message = serde_json::from_slice(payload).ok()?;
    message.code.starts_with(PREFIX).then_some(message)
}

/// What the engine is asked.
pub fn asks(
    till: &str,
    code: &str,
    action: Action,
    question: &Question,
    codes: &Codes,
) -> Result<Box<TillAsks>, BadQuestion> {
    if !(1..=MAX_TEXT).contains(&question.receipt.len()) {
        return Err(BadQuestion::Receipt);
    }
    let attempt = question.attempt.unwrap_or(1);
    if !(1..u8::MAX).contains(&attempt) {
        return Err(BadQuestion::Attempt);
    }
    Ok(Box::new(TillAsks {
        ticket: codes.verify(code).ok_or(BadQuestion::Code)?,
        action,
        receipt: super::named(till, &question.receipt),
        attempt,
    }))
}

impl From<Message> for Question {
    fn from(message: Message) -> Self {
        Self {
            receipt: message.receipt,
            attempt: message.attempt,
        }
    }
}
