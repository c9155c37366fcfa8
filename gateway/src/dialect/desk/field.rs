//! Fields of a message, read with the place kept for the refusal.

use engine::time::UnixMs;
use jiff::civil::{Date, date};
use serde_json::{Map, Value};
use std::{borrow::Cow, fmt};

/// Why a message is refused: where, and what would be right. Never what was
/// sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    path: String,
    wanted: Cow<'static, str>,
    unknown_device: bool,
}

impl Refusal {
    pub(super) fn new(wanted: impl Into<Cow<'static, str>>) -> Self {
        Self {
            path: String::new(),
            wanted: wanted.into(),
            unknown_device: false,
        }
    }

    pub(super) fn unknown_device(wanted: &'static str) -> Self {
        Self {
            unknown_device: true,
            ..Self::new(wanted)
        }
    }

    /// The same, seen from one level up.
    pub(super) fn within(mut self, step: &str) -> Self {
        let joint = if self.path.is_empty() || self.path.starts_with('[') {
            ""
        } else {
            "."
        };
        self.path = format!("{step}{joint}{}", self.path);
        self
    }

    pub(super) fn is_unknown_device(&self) -> bool {
        self.unknown_device
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.path.is_empty() {
            write!(f, "{}: ", self.path)?;
        }
        f.write_str(&self.wanted)
    }
}

impl std::error::Error for Refusal {}

/// An object with no other fields than those known.
pub(super) struct Object<'v>(&'v Map<String, Value>);

impl<'v> Object<'v> {
    pub(super) fn of(value: &'v Value, known: &'static [&'static str]) -> Result<Self, Refusal> {
        let map = value
            .as_object()
            .ok_or(Refusal::new("must be an object: {...}"))?;
        // A misspelt field that is passed over could be the limit a shopper
        // agreed to.
        if map.keys().all(|name| known.contains(&name.as_str())) {
            Ok(Self(map))
        } else {
            let known = known.join(", ");
            Err(Refusal::new(format!(
                "has a field that is not known here; known are {known}"
            )))
        }
    }

    pub(super) fn required<T>(
        &self,
        name: &'static str,
        read: impl Fn(&Value) -> Result<T, Refusal>,
    ) -> Result<T, Refusal> {
        let missing = || Refusal::new("is missing").within(name);
        self.optional(name, read)?.ok_or_else(missing)
    }

    /// `null` is as good as absent.
    pub(super) fn optional<T>(
        &self,
        name: &'static str,
        read: impl Fn(&Value) -> Result<T, Refusal>,
    ) -> Result<Option<T>, Refusal> {
        match self.0.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(value) => read(value).map(Some).map_err(|r| r.within(name)),
        }
    }
}

/// A text of 1 to so many bytes.
pub(super) fn text(bytes_max: usize) -> impl Fn(&Value) -> Result<String, Refusal> {
    move |value| match value.as_str() {
        Some(text) if (1..=bytes_max).contains(&text.len()) => Ok(text.to_owned()),
        _ => Err(Refusal::new(format!(
            "must be a text of 1 to {bytes_max} bytes"
        ))),
    }
}

/// A list of at most so many.
pub(super) fn list<T>(
    count_max: usize,
    read: impl Fn(&Value) -> Result<T, Refusal>,
) -> impl Fn(&Value) -> Result<Vec<T>, Refusal> {
    move |value| match value.as_array() {
        Some(items) if items.len() <= count_max => items
            .iter()
            .enumerate()
            .map(|(n, item)| read(item).map_err(|r| r.within(&format!("[{n}]"))))
            .collect(),
        _ => Err(Refusal::new(format!(
            "must be a list of at most {count_max}"
        ))),
    }
}

/// A whole number that fits.
pub(super) fn whole<T: TryFrom<i64>>(value: &Value) -> Result<T, Refusal> {
    value
        .as_i64()
        .and_then(|number| T::try_from(number).ok())
        .ok_or(Refusal::new(
            "must be a whole number, without quotes, in its range",
        ))
}

pub(super) fn flag(value: &Value) -> Result<bool, Refusal> {
    value
        .as_bool()
        .ok_or(Refusal::new("must be true or false, without quotes"))
}

/// A day such as 2026-11-14, as days since 1970-01-01.
pub(super) fn day(value: &Value) -> Result<i32, Refusal> {
    const EPOCH: Date = date(1970, 1, 1);
    let read = value.as_str().and_then(|text| text.parse::<Date>().ok());
    read.filter(|day| (2000..3000).contains(&day.year()))
        .and_then(|day| i32::try_from(day.duration_since(EPOCH).as_hours() / 24).ok())
        .ok_or(Refusal::new("must be a day such as 2026-11-14"))
}

/// A date with its offset from UTC, or milliseconds since 1970.
pub(super) fn moment(value: &Value) -> Result<UnixMs, Refusal> {
    /// 2000-01-01 and 3000-01-01: a number of seconds falls below.
    const PLAUSIBLE_MS: std::ops::Range<i64> = 946_684_800_000..32_503_680_000_000;
    let ms = match value {
        Value::String(text) => text
            .parse::<jiff::Timestamp>()
            .ok()
            .map(jiff::Timestamp::as_millisecond),
        other => other.as_i64(),
    };
    ms.filter(|ms| PLAUSIBLE_MS.contains(ms))
        .map(UnixMs)
        .ok_or(Refusal::new(
            "must be a date such as 2027-01-01T00:00:00+07:00, or milliseconds (not seconds) since 1970",
        ))
}

/// Bytes written in hexadecimal digits of either case, with or without `-` and `:`.
pub(super) fn hex<const N: usize>(text: &str) -> Option<[u8; N]> {
    let mut digits = text.bytes().filter(|b| !matches!(b, b'-' | b':'));
    let mut bytes = [0; N];
    for byte in &mut bytes {
        let high = protocol::beacon::hex_digit(digits.next()?)?;
        let low = protocol::beacon::hex_digit(digits.next()?)?;
        *byte = high << 4 | low;
    }
    digits.next().is_none().then_some(bytes)
}
