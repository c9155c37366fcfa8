//! A till's question about a voucher's code, in our words: the same for HTTP
//! and MQTT.

use crate::voucher::{self, Codes};
use dialect::till::MAX_TEXT;
use engine::{event::TillAsks, money::Action};
use serde::{Deserialize, Serialize};
use serde_json::Value;

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
    /// Over MQTT: something is missing, misspelt or not what it should be.
    #[error(
        "a question about a code has the keys code, action (reserve, commit or release) and \
         receipt, and may have id and attempt; no others"
    )]
    Keys,
    /// Attempts are counted from one; the last is the gateway's own.
    #[error("attempt: give 1 to 254, or leave it out")]
    Attempt,
}

/// A message that asks about a code, rather than telling of a receipt; or the
/// name its answer should have, when it can be seen to be one and not be read.
pub fn message(payload: &[u8]) -> Option<Result<Message, Option<String>>> {
    let seen: Value = serde_json::from_slice(payload).ok()?;
    if !voucher::is_code(seen["code"].as_str()?) {
        return None;
    }
    let id = seen["id"].as_str().map(str::to_owned);
    Some(Message::deserialize(seen).map_err(|_| id))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_that_cannot_be_read_is_none_the_less_no_receipt() {
        let right = r#"{"id": "q", "code": "AC1-X", "action": "commit", "receipt": "R-1"}"#;
        let read = message(right.as_bytes()).unwrap().unwrap();
        assert_eq!((read.code.as_str(), read.action), ("AC1-X", Action::Commit));
        let small = right.replace("AC1-X", "ac1-x");
        assert!(message(small.as_bytes()).unwrap().is_ok());
        for (wrong, is_named) in [
            (right.replace("\"receipt\"", "\"reciept\""), true),
            (right.replace("commit", "redeem"), true),
            (right.replace("\"id\": \"q\", ", "\"till\": 3, "), false),
        ] {
            let id = message(wrong.as_bytes()).unwrap().unwrap_err();
            assert_eq!(id.as_deref(), is_named.then_some("q"), "{wrong}");
        }
        // Receipts and other systems' codes are for the reader of receipts.
        for other in [
            "{}",
            "[]",
            r#"{"code": "KUPON"}"#,
            r#"{"code": "acü"}"#,
            "AC1-",
            r#"{"code": 7}"#,
        ] {
            assert!(message(other.as_bytes()).is_none(), "{other}");
        }
        assert!(
            BadQuestion::Keys
                .to_string()
                .contains("reserve, commit or release")
        );
    }
}
