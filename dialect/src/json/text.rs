//! Pieces of a record that are written as text or as numbers.

use crate::fact::{Uuid, Written};
use core::fmt;
use protocol::beacon::Address;
use schemars::JsonSchema;
use serde::{Serialize, Serializer};
use std::borrow::Cow;

/// Largest whole number that JSON readers keep: 2^53.
const WHOLE_MAX: f64 = 9_007_199_254_740_992.0;

/// Makes a type with `Display` a string in JSON and in its schema.
macro_rules! as_text {
    ($type:ty, $what:literal) => {
        impl serde::Serialize for $type {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl schemars::JsonSchema for $type {
            fn inline_schema() -> bool {
                true
            }
            fn schema_name() -> std::borrow::Cow<'static, str> {
                "text".into()
            }
            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({ "type": "string", "description": $what })
            }
        }
    };
}
pub(super) use as_text;

/// Bytes as lower-case hexadecimal.
#[derive(Clone)]
pub(super) struct Hex<'a>(pub(super) Cow<'a, [u8]>);

as_text!(Hex<'_>, "Bytes as lower-case hexadecimal.");

impl fmt::Display for Hex<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// A uuid in all its length.
#[derive(Clone, Copy)]
pub(super) struct UuidText(pub(super) Uuid);

as_text!(UuidText, "A uuid of 128 bits.");

impl fmt::Display for UuidText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// An address.
#[derive(Clone, Copy)]
pub(super) struct AddressText(pub(super) Address);

/// Who spoke.
#[derive(Clone, Copy)]
pub(super) enum Name<'a> {
    Radio(AddressText),
    Given(&'a str),
}

as_text!(Name<'_>, "An address as AA:BB:CC:DD:EE:FF, or a name.");

impl fmt::Display for Name<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Radio(address) => write!(f, "{}", Written(address.0)),
            Self::Given(name) => f.write_str(name),
        }
    }
}

/// A moment as RFC 3339 writes it, in UTC.
#[derive(Clone, Copy)]
pub(super) struct Moment(jiff::Timestamp);

as_text!(Moment, "A moment as RFC 3339 writes it, in UTC.");

impl Moment {
    /// The moment so many milliseconds after 1970, if it has a year we can write.
    pub(super) fn of_ms(ms: i64) -> Option<Self> {
        jiff::Timestamp::from_millisecond(ms).ok().map(Self)
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// A number: whole ones without a point.
#[derive(Debug, Clone, Copy, JsonSchema)]
#[schemars(inline)]
pub(super) struct Number(f64);

impl From<f64> for Number {
    fn from(number: f64) -> Self {
        Self(number)
    }
}

impl From<f32> for Number {
    /// By way of its shortest text: -81.1 stays -81.1.
    fn from(number: f32) -> Self {
        let exact = f64::from(number);
        Self(number.to_string().parse().unwrap_or(exact))
    }
}

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.0.fract() == 0.0 && self.0.abs() < WHOLE_MAX {
            serializer.serialize_i64(self.0 as i64)
        } else {
            serializer.serialize_f64(self.0)
        }
    }
}

/// None of these may reach a log line.
macro_rules! redacted {
    ($($type:ty),*) => {$(
        impl fmt::Debug for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("(redacted)")
            }
        }
    )*};
}
redacted!(Hex<'_>, UuidText, AddressText, Name<'_>, Moment);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_print_as_a_person_would_write_them() {
        let print = |number: Number| serde_json::to_string(&number).unwrap();
        assert_eq!(print(Number::from(2506.0 / 100.0)), "25.06");
        assert_eq!(print(Number::from(96.0)), "96");
        assert_eq!(print(Number::from(-54.0_f32)), "-54");
        assert_eq!(print(Number::from(-81.1_f32)), "-81.1");
        assert_eq!(print(Number::from(f64::NAN)), "null");
    }

    #[test]
    fn moments_are_written_in_utc() {
        let write = |ms| Moment::of_ms(ms).map(|moment| moment.to_string());
        assert_eq!(
            write(1_564_638_865_000).as_deref(),
            Some("2019-08-01T05:54:25Z")
        );
        assert_eq!(write(i64::MAX), None);
    }
}
