//! Names of things in a shop: stores, nodes, scanners, zones, screens, offers.
//!
//! A name is 1 to [`MAX_LEN`] bytes of `[a-z0-9-]`, so it can stand in an MQTT
//! topic, a URL, a file name and a metric label without quoting, and can never
//! be a topic wildcard.

use core::{fmt, str::FromStr};
use heapless::String;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// Longest name, bytes.
pub const MAX_LEN: usize = 32;

/// Why a text is not a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BadId {
    /// The empty text.
    Empty,
    /// Longer than [`MAX_LEN`] bytes.
    TooLong,
    /// Holds this character, which is none of `a-z`, `0-9`, `-`.
    Character(char),
}

impl fmt::Display for BadId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("a name cannot be empty"),
            Self::TooLong => write!(f, "a name has at most {MAX_LEN} characters"),
            Self::Character(c) => {
                write!(f, "a name is made of a-z, 0-9 and '-', not {c:?}")
            }
        }
    }
}

impl core::error::Error for BadId {}

fn checked(text: &str) -> Result<String<MAX_LEN>, BadId> {
    if text.is_empty() {
        return Err(BadId::Empty);
    }
    if let Some(c) = text
        .chars()
        .find(|c| !matches!(c, 'a'..='z' | '0'..='9' | '-'))
    {
        return Err(BadId::Character(c));
    }
    String::try_from(text).map_err(|_| BadId::TooLong)
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(String<MAX_LEN>);

        impl $name {
            /// The name as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = BadId;
            fn from_str(text: &str) -> Result<Self, BadId> {
                checked(text).map(Self)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                s.serialize_str(&self.0)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                let text = String::<MAX_LEN>::deserialize(d)?;
                text.parse().map_err(de::Error::custom)
            }
        }

        #[cfg(feature = "schema")]
        impl schemars::JsonSchema for $name {
            fn schema_name() -> alloc::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({
                    "type": "string",
                    "pattern": "^[a-z0-9-]{1,32}$",
                })
            }
        }
    )*};
}

ids! {
    /// One shop.
    StoreId;
    /// One radio receiver with a known place: a node of ours or somebody else's gateway.
    ScannerId;
    /// One sensor with a known place.
    SensorId;
    /// One campaign: offers that are planned, limited and stopped together.
    CampaignId;
    /// One part of the shop floor that offers can be aimed at.
    ZoneId;
    /// One display.
    ScreenId;
    /// One campaign.
    OfferId;
    /// One till, or whatever tells of receipts.
    TillId;
    /// Offers that stand for each other: a shopper is shown one of them.
    GroupId;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_could_be_wildcards_or_paths_are_refused() {
        for (text, expected) in [
            ("", Err(BadId::Empty)),
            ("dairy-1", Ok(())),
            ("Dairy", Err(BadId::Character('D'))),
            ("+", Err(BadId::Character('+'))),
            ("a/b", Err(BadId::Character('/'))),
            ("sữa", Err(BadId::Character('ữ'))),
            ("abcdefghijklmnopqrstuvwxyz012345", Ok(())),
            ("abcdefghijklmnopqrstuvwxyz0123456", Err(BadId::TooLong)),
        ] {
            assert_eq!(text.parse::<ZoneId>().map(|_| ()), expected, "{text:?}");
        }
    }

    #[test]
    fn a_name_reads_back_from_json_and_a_bad_one_does_not() {
        let zone: ZoneId = serde_json::from_str("\"dairy\"").unwrap();
        assert_eq!(zone.as_str(), "dairy");
        assert!(serde_json::from_str::<ZoneId>("\"a b\"").is_err());
    }
}
