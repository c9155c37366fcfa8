//! JSON as devices write it: numbers as texts, texts as numbers, fields that
//! come and go.

use crate::{MAX_PAYLOAD, Unreadable};
use protocol::beacon::hex_digit;
use serde::{
    Deserialize, Deserializer,
    de::{self, IgnoredAny, MapAccess, SeqAccess, Visitor},
};
use std::{borrow::Cow, fmt};

/// One value, whatever its type. What is no scalar is as good as absent.
#[derive(Clone, Default)]
pub(crate) enum Scalar<'a> {
    #[default]
    Absent,
    Flag(bool),
    Number(f64),
    /// Borrowed from the message, unless it is written with escapes.
    Text(Cow<'a, str>),
}

impl Scalar<'_> {
    /// A finite number, also one written as a text.
    pub(crate) fn number(&self) -> Option<f64> {
        match self {
            Self::Absent | Self::Flag(_) => None,
            Self::Number(number) => Some(*number),
            Self::Text(text) => number(text),
        }
    }

    /// A yes or no: `true`, `1`, `"ON"`, `"no"`, ...
    pub(crate) fn flag(&self) -> Option<bool> {
        match self {
            Self::Absent => None,
            Self::Flag(flag) => Some(*flag),
            Self::Number(number) => Some(*number != 0.0),
            Self::Text(text) => flag(text),
        }
    }

    /// A whole number that fits.
    pub(crate) fn whole<T: TryFrom<i64>>(&self) -> Option<T> {
        let number = self.number().filter(|n| n.fract() == 0.0)?;
        // The cast saturates, and what saturates fits none of our types.
        T::try_from(number as i64).ok()
    }

    /// A transmitter's strength at one metre: below 0 dBm, or it is something else.
    pub(crate) fn reference_dbm(&self) -> Option<i8> {
        self.whole().filter(|dbm: &i8| *dbm < 0)
    }

    pub(crate) fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Absent | Self::Flag(_) | Self::Number(_) => None,
        }
    }
}

/// A finite number written as text.
pub(crate) fn number(text: &str) -> Option<f64> {
    let number: f64 = text.trim().parse().ok()?;
    number.is_finite().then_some(number)
}

/// A strength at a scanner, dBm; a text may hold a finite number that is none
/// here any more (`-6E210`).
pub(crate) fn dbm(number: f64) -> Option<f32> {
    let dbm = number as f32;
    dbm.is_finite().then_some(dbm)
}

/// A yes or no written as text.
pub(crate) fn flag(text: &str) -> Option<bool> {
    let is = |words: &[&str]| words.iter().any(|word| text.eq_ignore_ascii_case(word));
    if is(&["true", "on", "yes", "1", "online"]) {
        Some(true)
    } else if is(&["false", "off", "no", "0", "offline"]) {
        Some(false)
    } else {
        None
    }
}

/// A payload that is text, without what surrounds it.
pub(crate) fn plain(payload: &[u8]) -> Option<&str> {
    let text = core::str::from_utf8(payload).ok()?.trim();
    (payload.len() <= MAX_PAYLOAD).then_some(text)
}

/// Reads a JSON object of at most [`MAX_PAYLOAD`], and nothing but an object.
pub fn object<'a, T: Deserialize<'a>>(payload: &'a [u8]) -> Result<T, Unreadable> {
    if payload.len() > MAX_PAYLOAD {
        return Err(Unreadable("larger than 64 KiB"));
    }
    // serde would also take a list for a struct.
    if payload.trim_ascii_start().first() != Some(&b'{') {
        return Err(Unreadable("not a JSON object"));
    }
    serde_json::from_slice(payload).map_err(|_| Unreadable("not JSON"))
}

/// As many bytes as fit, written as hexadecimal digits; `None` when they are
/// none, an odd number, or too many.
pub(crate) fn hex<'b>(text: &str, buffer: &'b mut [u8]) -> Option<&'b [u8]> {
    let digits = text.as_bytes();
    let bytes = buffer.get_mut(..digits.len() / 2)?;
    if digits.is_empty() || !digits.len().is_multiple_of(2) {
        return None;
    }
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
        *byte = hex_digit(pair[0])? << 4 | hex_digit(pair[1])?;
    }
    Some(bytes)
}

/// A UUID with or without its dashes.
pub(crate) fn uuid(text: &str) -> Option<[u8; 16]> {
    let mut digits = text.bytes().filter(|b| *b != b'-');
    let mut bytes = [0; 16];
    for byte in &mut bytes {
        *byte = hex_digit(digits.next()?)? << 4 | hex_digit(digits.next()?)?;
    }
    digits.next().is_none().then_some(bytes)
}

impl<'de: 'a, 'a> Deserialize<'de> for Scalar<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyScalar)
    }
}

struct AnyScalar;

impl<'de> Visitor<'de> for AnyScalar {
    type Value = Scalar<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<Scalar<'de>, E> {
        Ok(Scalar::Number(number as f64))
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<Scalar<'de>, E> {
        Ok(Scalar::Number(number as f64))
    }

    fn visit_f64<E: de::Error>(self, number: f64) -> Result<Scalar<'de>, E> {
        Ok(Scalar::Number(number))
    }

    fn visit_borrowed_str<E: de::Error>(self, text: &'de str) -> Result<Scalar<'de>, E> {
        Ok(Scalar::Text(Cow::Borrowed(text)))
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Scalar<'de>, E> {
        Ok(Scalar::Text(Cow::Owned(text.to_owned())))
    }

    fn visit_bool<E: de::Error>(self, flag: bool) -> Result<Scalar<'de>, E> {
        Ok(Scalar::Flag(flag))
    }

    fn visit_unit<E: de::Error>(self) -> Result<Scalar<'de>, E> {
        Ok(Scalar::Absent)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Scalar<'de>, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Scalar::Absent)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Scalar<'de>, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Scalar::Absent)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Deserialize)]
    struct Message<'a> {
        #[serde(borrow, default)]
        x: Scalar<'a>,
    }

    #[test]
    fn numbers_are_read_however_they_are_written() {
        for (json, number, whole) in [
            (r#"{"x":-59}"#, Some(-59.0), Some(-59)),
            (r#"{"x":"-59"}"#, Some(-59.0), Some(-59)),
            (r#"{"x":" -81.10 "}"#, Some(-81.1), None),
            (r#"{"x":1e300}"#, Some(1e300), None),
            (r#"{"x":"NaN"}"#, None, None),
            (r#"{"x":"inf"}"#, None, None),
            (r#"{"x":null}"#, None, None),
            (r#"{"x":true}"#, None, None),
            (r#"{"x":[1,{"y":2}]}"#, None, None),
            (r#"{"x":{"y":[1]}}"#, None, None),
            (r#"{"y":1}"#, None, None),
        ] {
            let message: Message<'_> = object(json.as_bytes()).unwrap();
            assert_eq!(message.x.number(), number, "{json}");
            assert_eq!(message.x.whole::<i8>(), whole, "{json}");
        }
    }

    #[test]
    fn a_yes_or_no_is_read_however_it_is_written() {
        for (json, flag) in [
            (r#"{"x":true}"#, Some(true)),
            (r#"{"x":0}"#, Some(false)),
            (r#"{"x":"ON"}"#, Some(true)),
            (r#"{"x":"no"}"#, Some(false)),
            (r#"{"x":"maybe"}"#, None),
            (r#"{"x":null}"#, None),
        ] {
            let message: Message<'_> = object(json.as_bytes()).unwrap();
            assert_eq!(message.x.flag(), flag, "{json}");
        }
    }

    #[test]
    fn texts_with_escapes_are_read_too() {
        let message: Message<'_> = object(br#"{"x":"a\u0062c"}"#).unwrap();
        assert_eq!(message.x.text(), Some("abc"));
    }

    #[test]
    fn only_objects_of_a_bearable_size_and_depth_are_read() {
        for payload in [
            &b""[..],
            b"[]",
            b"[1]",
            b"{",
            b"{\"x\":\xff}",
            &b" ".repeat(MAX_PAYLOAD + 1),
            &b"{\"x\":".repeat(9_000),
        ] {
            assert!(object::<Message<'_>>(payload).is_err());
        }
    }

    #[test]
    fn hexadecimal_is_read_only_when_it_is_whole_and_fits() {
        let mut buffer = [0; 2];
        for (text, expected) in [
            ("0aF0", Some(&[0x0a, 0xf0][..])),
            ("0a", Some(&[0x0a])),
            ("0", None),
            ("", None),
            ("0g", None),
            ("ää", None),
            ("010203", None),
        ] {
            assert_eq!(hex(text, &mut buffer), expected, "{text}");
        }
    }

    #[test]
    fn a_strength_beyond_all_measure_is_none() {
        for (number, expected) in [(-60.5, Some(-60.5)), (-6e210, None), (6e210, None)] {
            assert_eq!(dbm(number), expected, "{number}");
        }
    }
}
