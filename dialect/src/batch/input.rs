//! Bytes, uuids and numbers, however a tool writes them.

use crate::{
    fact::Uuid,
    scalar::{self, dbm},
};
use protocol::beacon::hex_digit;
use serde_json::{Map, Value};

/// Bytes in hexadecimal of either case, with or without `0x` and separators; or
/// a list of such texts, one behind the other (advertisement, scan response).
pub(super) fn bytes(value: &Value) -> Option<Vec<u8>> {
    match value {
        Value::String(text) => hex(text),
        Value::Array(parts) => {
            let parts: Option<Vec<_>> = parts.iter().map(bytes).collect();
            Some(parts?.concat())
        }
        _ => None,
    }
}

fn hex(text: &str) -> Option<Vec<u8>> {
    let text = text.trim();
    let text = text
        .strip_prefix("0x")
        .or_else(|| text.strip_prefix("0X"))
        .unwrap_or(text);
    let digits = text.bytes().filter(|b| !matches!(b, b' ' | b':' | b'-'));
    let digits: Option<Vec<u8>> = digits.map(hex_digit).collect();
    let digits = digits.filter(|digits| digits.len().is_multiple_of(2))?;
    Some(
        digits
            .chunks(2)
            .map(|pair| pair[0] << 4 | pair[1])
            .collect(),
    )
}

/// A key of 16 bytes.
pub(super) fn key(value: &Value) -> Option<[u8; 16]> {
    bytes(value)?.try_into().ok()
}

/// A uuid of 16, 32 or 128 bits.
pub(super) fn uuid(text: &str) -> Option<Uuid> {
    let bytes = hex(text)?;
    match bytes[..] {
        [a, b] | [0, 0, a, b] => Some(Uuid::Short(u16::from_be_bytes([a, b]))),
        [a, b, c, d] => Some(Uuid::Middle(u32::from_be_bytes([a, b, c, d]))),
        _ => {
            let full: [u8; 16] = bytes.try_into().ok()?;
            let short = Uuid::Short(u16::from_be_bytes([full[2], full[3]]));
            // The long form of a short one is the short one.
            let is_short = short.full() == u128::from_be_bytes(full);
            Some(if is_short { short } else { Uuid::Full(full) })
        }
    }
}

/// A company id, most significant digit first, as lists of companies write it.
pub(super) fn company(text: &str) -> Option<u16> {
    match hex(text)?[..] {
        [b] => Some(u16::from(b)),
        [a, b] => Some(u16::from_be_bytes([a, b])),
        _ => None,
    }
}

/// The payload of a message, if the line has one: text as it is, everything
/// else as compact JSON, or bytes where they are given as such.
pub(super) fn payload(line: &Map<String, Value>) -> Result<Option<Vec<u8>>, String> {
    if let Some(value) = line.get("payload_hex") {
        let payload = bytes(value).ok_or("payload_hex: must be hexadecimal")?;
        return Ok(Some(payload));
    }
    if let Some(value) = line.get("payload_base64") {
        let payload = value.as_str().and_then(base64);
        return payload
            .map(Some)
            .ok_or_else(|| "payload_base64: must be base64".to_owned());
    }
    Ok(match line.get("payload") {
        Some(Value::String(text)) => Some(text.as_bytes().to_vec()),
        Some(value) => Some(value.to_string().into_bytes()),
        None => line.contains_key("topic").then(Vec::new),
    })
}

/// Bytes in base64 of either alphabet, with or without padding (RFC 4648).
fn base64(text: &str) -> Option<Vec<u8>> {
    let digits = text.trim().trim_end_matches('=').bytes();
    let digits: Option<Vec<u8>> = digits.map(base64_digit).collect();
    let mut bytes = Vec::new();
    for group in digits?.chunks(4) {
        let packed = group
            .iter()
            .fold(0_u32, |all, digit| all << 6 | u32::from(*digit));
        let [_, whole @ ..] = (packed << (6 * (4 - group.len()))).to_be_bytes();
        bytes.extend(whole.get(..group.len().checked_sub(1).filter(|n| *n > 0)?)?);
    }
    Some(bytes)
}

fn base64_digit(digit: u8) -> Option<u8> {
    Some(match digit {
        b'A'..=b'Z' => digit - b'A',
        b'a'..=b'z' => digit - b'a' + 26,
        b'0'..=b'9' => digit - b'0' + 52,
        b'+' | b'-' => 62,
        b'/' | b'_' => 63,
        _ => return None,
    })
}

/// A number, also one written as a text.
pub(super) fn number(value: &Value) -> Option<f32> {
    match value {
        Value::Number(number) => number.as_f64().and_then(dbm),
        Value::String(text) => scalar::number(text).and_then(dbm),
        _ => None,
    }
}
