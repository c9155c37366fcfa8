//! How a shopper can be recognised, as the desks write it.

use super::field::{Object, Refusal, hex, whole};
use engine::shopper::IdentityKey;
use protocol::beacon::Beacon;
use serde_json::Value;

/// Longest period of a rotating identifier, 2^15 s (Eddystone-EID).
const EXPONENT_MAX: u8 = 15;

/// Reads one key.
pub(super) fn read(value: &Value) -> Result<IdentityKey, Refusal> {
    const KINDS: [&str; 5] = ["ibeacon", "eddystone_uid", "rotating", "irk", "altbeacon"];
    let key = Object::of(value, &KINDS)?;
    let mut found = [
        key.optional(KINDS[0], ibeacon)?,
        key.optional(KINDS[1], eddystone_uid)?,
        key.optional(KINDS[2], rotating)?,
        key.optional(KINDS[3], irk)?,
        key.optional(KINDS[4], altbeacon)?,
    ]
    .into_iter()
    .flatten();
    match (found.next(), found.next()) {
        (Some(key), None) => Ok(key),
        _ => Err(Refusal::new(
            "must hold exactly one of ibeacon, eddystone_uid, rotating, irk, altbeacon",
        )),
    }
}

fn ibeacon(value: &Value) -> Result<IdentityKey, Refusal> {
    let beacon = Object::of(value, &["uuid", "major", "minor"])?;
    Ok(IdentityKey::Fixed(Beacon::IBeacon {
        uuid: beacon.required("uuid", bytes)?,
        major: beacon.required("major", whole)?,
        minor: beacon.required("minor", whole)?,
    }))
}

fn eddystone_uid(value: &Value) -> Result<IdentityKey, Refusal> {
    let beacon = Object::of(value, &["namespace", "instance"])?;
    Ok(IdentityKey::Fixed(Beacon::EddystoneUid {
        namespace: beacon.required("namespace", bytes)?,
        instance: beacon.required("instance", bytes)?,
    }))
}

fn altbeacon(value: &Value) -> Result<IdentityKey, Refusal> {
    let beacon = Object::of(value, &["id"])?;
    let id = beacon.required("id", bytes)?;
    Ok(IdentityKey::Fixed(Beacon::AltBeacon(id)))
}

fn rotating(value: &Value) -> Result<IdentityKey, Refusal> {
    let token = Object::of(value, &["key", "exponent"])?;
    Ok(IdentityKey::Rotating {
        key: token.required("key", key)?,
        exponent: token.required("exponent", exponent)?,
    })
}

fn exponent(value: &Value) -> Result<u8, Refusal> {
    match whole(value) {
        Ok(exponent @ 0..=EXPONENT_MAX) => Ok(exponent),
        _ => Err(Refusal::new(
            "must be 0 to 15: the identifier changes every 2^exponent seconds",
        )),
    }
}

/// Most significant byte first, as phones and `btmon` print it. Apple's
/// keychain keeps it the other way round: reverse it first.
fn irk(value: &Value) -> Result<IdentityKey, Refusal> {
    key(value).map(IdentityKey::Irk)
}

fn bytes<const N: usize>(value: &Value) -> Result<[u8; N], Refusal> {
    value.as_str().and_then(hex).ok_or_else(|| {
        let digits = 2 * N;
        Refusal::new(format!("must be {digits} hexadecimal digits"))
    })
}

fn key(value: &Value) -> Result<[u8; 16], Refusal> {
    value
        .as_str()
        .and_then(|text| hex(text).or_else(|| base64(text)))
        .ok_or(Refusal::new(
            "must be 16 bytes, most significant first, as 32 hexadecimal digits or as base64",
        ))
}

/// 16 bytes in base64 (RFC 4648, section 4): 22 characters and the padding.
fn base64(text: &str) -> Option<[u8; 16]> {
    let digits = text.strip_suffix("==")?;
    let mut bits = 0_u128;
    let (last, first) = digits.as_bytes().split_last()?;
    if first.len() != 21 {
        return None;
    }
    for digit in first {
        bits = bits << 6 | u128::from(base64_digit(*digit)?);
    }
    // Two of the last six bits are the key's; the other four must be zero.
    let last = base64_digit(*last)?;
    last.is_multiple_of(16)
        .then(|| (bits << 2 | u128::from(last >> 4)).to_be_bytes())
}

fn base64_digit(ascii: u8) -> Option<u8> {
    match ascii {
        b'A'..=b'Z' => Some(ascii - b'A'),
        b'a'..=b'z' => Some(ascii - b'a' + 26),
        b'0'..=b'9' => Some(ascii - b'0' + 52),
        b'+' => Some(62),
        b'/' => Some(63),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_altbeacon_is_a_key_like_any_other_fob() {
        let id = "2f234454cf6d4a0fadf2f4911ba9ffa600010002";
        let key = read(&serde_json::json!({"altbeacon": {"id": id}}));
        assert!(matches!(
            key,
            Ok(IdentityKey::Fixed(Beacon::AltBeacon([0x2f, .., 0x02])))
        ));
        assert!(read(&serde_json::json!({"altbeacon": {"id": "2f23"}})).is_err());
    }

    /// The key of Bluetooth Core, Vol 3, Part H, D.7, in both spellings.
    #[test]
    fn a_key_reads_the_same_from_hexadecimal_and_base64() {
        let expected = hex::<16>("ec0234a357c8ad05341010a60a397d9b");
        assert!(expected.is_some());
        assert_eq!(base64("7AI0o1fIrQU0EBCmCjl9mw=="), expected);
        for text in [
            "",
            "==",
            "7AI0o1fIrQU0EBCmCjl9mx==",
            "7AI0o1fIrQU0EBCmCjl9m",
            "A==A==",
        ] {
            assert_eq!(base64(text), None, "{text}");
        }
    }
}
