//! The files as they are written, before anything is looked up.
//!
//! These types are the only description of the format: serde reads by them,
//! `schemars` turns them into the published JSON Schemas, and `structure.rs`
//! checks files against those schemas. Their doc comments are what an editor
//! shows to people.

pub(crate) mod audience;
pub(crate) mod device;
pub(crate) mod limit;
pub(crate) mod mapper;
pub(crate) mod offer;
pub(crate) mod screen;
pub(crate) mod situation;
pub(crate) mod store;
pub(crate) mod till;
pub(crate) mod trial;

use crate::unit::{self, Bad, Measure};
use engine::plan::HourRange;
use jiff::civil::{Date, DateTime};
use protocol::id::ZoneId;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, de::Error as _};
use std::{borrow::Cow, net::SocketAddr};

macro_rules! texts {
    ($($(#[$doc:meta])* $name:ident($inner:ty) = $format:literal, $parse:path, $pattern:literal, $example:literal;)*) => {
        $(
            $(#[$doc])*
            #[derive(Debug, Clone, PartialEq)]
            pub(crate) struct $name(pub(crate) $inner);

            impl<'de> Deserialize<'de> for $name {
                fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                    let text = Cow::<str>::deserialize(d)?;
                    $parse(&text).map(Self).map_err(|bad| D::Error::custom(bad.what))
                }
            }

            impl JsonSchema for $name {
                fn inline_schema() -> bool {
                    true
                }

                fn schema_name() -> Cow<'static, str> {
                    stringify!($name).into()
                }

                fn json_schema(_: &mut SchemaGenerator) -> Schema {
                    json_schema!({
                        "type": "string",
                        "format": $format,
                        "pattern": $pattern,
                        "examples": [$example],
                    })
                }
            }
        )*

        /// Whether a text is what its format in the schema says.
        pub(crate) fn check_format(format: &str, text: &str) -> Result<(), Bad> {
            match format {
                $($format => $parse(text).map(drop),)*
                _ => Ok(()),
            }
        }

        /// Every format with the pattern it is published with, for tests.
        #[cfg(test)]
        pub(crate) const FORMATS: &[(&str, &str, &str)] = &[$(($format, $pattern, $example),)*];
    };
}

texts! {
    /// A time span, ms.
    Duration(u64) = "aislecast-duration", unit::duration,
        "^[0-9]{1,6}(\\.[0-9]{1,3})? ?(ms|s|min|h|d|day|days)$", "5s";
    /// A size in memory or on disk, bytes.
    Size(u64) = "aislecast-size", unit::bytes,
        "^[0-9]{1,6}(\\.[0-9]{1,3})? ?(B|KiB|MiB|GiB)$", "16 MiB";
    /// A difference in signal strength, thousandths of a dB.
    Decibel(i64) = "aislecast-decibel", unit::decibel,
        "^-?[0-3]?[0-9](\\.[0-9]{1,3})? ?dB$", "0 dB";
    /// A share, thousandths.
    Percent(u16) = "aislecast-percent", unit::percent,
        "^(100|[0-9]{1,2}(\\.[0-9])?) ?%$", "10 %";
    /// A value of a sensor or a number of people, with its unit.
    Amount(Measure) = "aislecast-amount", unit::measure,
        "^(-?[0-9]{1,9}(\\.[0-9]{1,3})? ?(°C|C|%|lx|people|person|g|kg|pieces|piece)?|[0-9]([0-9.,]{0,7}[0-9])? ?(₫|đ|VND|€|EUR|\\$|USD|£|GBP|¥|JPY))$", "28 °C";
    /// An amount of money with its currency.
    Money(u64) = "aislecast-money", money,
        "^[0-9]([0-9.,]{0,11}[0-9])? ?(₫|đ|VND|€|EUR|\\$|USD|£|GBP|¥|JPY)$", "5.000 ₫";
    /// A length, mm.
    Length(u32) = "aislecast-length", unit::length,
        "^[0-9]{1,4}(\\.[0-9]{1,2})? ?(m|cm)$", "80 cm";
    /// Part of a day. `22:00-02:00` passes midnight.
    Hours(HourRange) = "aislecast-hours", unit::hours,
        "^([01][0-9]|2[0-3]):[0-5][0-9]-(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$", "07:00-22:00";
    /// A day.
    Day(Date) = "aislecast-date", unit::date,
        "^20[2-4][0-9]-[01][0-9]-[0-3][0-9]$", "2027-12-31";
    /// A moment on the shop's clock.
    Moment(DateTime) = "aislecast-moment", unit::moment,
        "^20[2-4][0-9]-[01][0-9]-[0-3][0-9] [0-2][0-9]:[0-5][0-9]$", "2026-07-14 12:30";
    /// A name in topics, addresses and files: 1 to 32 of a-z, 0-9 and -.
    Name(String) = "aislecast-name", name, "^[a-z0-9-]{1,32}$", "dairy";
    /// A product number as the tills print it.
    Sku(String) = "aislecast-sku", sku, "^[A-Za-z0-9._-]{1,40}$", "8934673573382";
    /// The address of a radio, as it is printed on it.
    Mac([u8; 6]) = "aislecast-mac", mac,
        "^([0-9A-Fa-f]{2}:){5}[0-9A-Fa-f]{2}$", "AC:23:3F:C0:01:EA";
    /// A colour.
    Colour(String) = "aislecast-colour", colour, "^#[0-9a-f]{6}$", "#0b6e4f";
    /// A language, as in BCP 47.
    Language(String) = "aislecast-language", language, "^[a-z]{2,3}(-[A-Z]{2})?$", "vi";
    /// Under whose law: a country by ISO 3166-1, or a part of one by ISO 3166-2; `EU` for
    /// the European Union.
    Jurisdiction(String) = "aislecast-jurisdiction", jurisdiction,
        "^[A-Z]{2}(-[A-Z0-9]{1,3})?$", "VN";
    /// A file name without a folder.
    FileName(String) = "aislecast-file-name", file_name, "^[a-z0-9][a-z0-9-]{0,60}\\.(svg|png|jpg|webp)$", "mango.svg";
    /// Address and port to listen on.
    Listen(SocketAddr) = "aislecast-listen", listen,
        "^([0-9]{1,3}(\\.[0-9]{1,3}){3}|\\[[0-9a-f:]{2,39}\\]):[0-9]{1,5}$", "127.0.0.1:8080";
}

fn refuse(what: &str, remedy: &str) -> Bad {
    Bad {
        what: what.to_owned(),
        remedy: remedy.to_owned(),
    }
}

fn name(text: &str) -> Result<String, Bad> {
    // All names of `protocol` obey one rule; the zone's stands for it.
    match text.parse::<ZoneId>() {
        Ok(_) => Ok(text.to_owned()),
        Err(why) => Err(refuse(
            &format!("is not a name: {why}"),
            "use 1 to 32 of a-z, 0-9 and -, such as \"rice-noodles\"",
        )),
    }
}

fn money(text: &str) -> Result<u64, Bad> {
    unit::money(text).ok_or_else(|| {
        refuse(
            "is not an amount of money",
            "write it as on the shelf, with its currency, such as \"5.000 ₫\" or \"12.50 $\"",
        )
    })
}

fn sku(text: &str) -> Result<String, Bad> {
    let allowed = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-');
    if (1..=40).contains(&text.len()) && text.bytes().all(allowed) {
        return Ok(text.to_owned());
    }
    Err(refuse(
        "is not a product number",
        "use 1 to 40 letters, digits, dots, hyphens, such as \"8934673573382\"",
    ))
}

fn mac(text: &str) -> Result<[u8; 6], Bad> {
    protocol::beacon::Address::parse(text)
        .map(|address| address.0)
        .ok_or_else(|| {
            refuse(
                "is not the address of a radio",
                "write six pairs of 0-9 and A-F as they are printed on it, such as \"AC:23:3F:C0:01:EA\"",
            )
        })
}

fn colour(text: &str) -> Result<String, Bad> {
    let digits = text.strip_prefix('#').unwrap_or_default();
    let lower_hex = |b: u8| matches!(b, b'0'..=b'9' | b'a'..=b'f');
    if digits.len() == 6 && digits.bytes().all(lower_hex) {
        return Ok(text.to_owned());
    }
    Err(refuse(
        "is not a colour",
        "write # and six digits of 0-9 and a-f, such as \"#0b6e4f\"",
    ))
}

fn jurisdiction(text: &str) -> Result<String, Bad> {
    let (country, part) = text.split_once('-').unwrap_or((text, "X"));
    let is_part = |b: u8| b.is_ascii_uppercase() || b.is_ascii_digit();
    if country.len() == 2
        && country.bytes().all(|b| b.is_ascii_uppercase())
        && (1..=3).contains(&part.len())
        && part.bytes().all(is_part)
    {
        return Ok(text.to_owned());
    }
    Err(refuse(
        "is no code of a country or a part of one",
        "write it as in ISO 3166, such as \"VN\" or \"US-CA\"",
    ))
}

fn language(text: &str) -> Result<String, Bad> {
    let (base, region) = text.split_once('-').unwrap_or((text, "XX"));
    let base_fits = (2..=3).contains(&base.len()) && base.bytes().all(|b| b.is_ascii_lowercase());
    if base_fits && region.len() == 2 && region.bytes().all(|b| b.is_ascii_uppercase()) {
        return Ok(text.to_owned());
    }
    Err(refuse(
        "is not a language tag",
        "write the language in small letters, such as \"vi\", \"en\" or \"zh-TW\"",
    ))
}

fn file_name(text: &str) -> Result<String, Bad> {
    let allowed = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    let (stem, kind) = text.rsplit_once('.').unwrap_or((text, ""));
    let stem_fits = (1..=61).contains(&stem.len()) && stem.bytes().all(allowed);
    if stem_fits && !stem.starts_with('-') && matches!(kind, "svg" | "png" | "jpg" | "webp") {
        return Ok(text.to_owned());
    }
    Err(refuse(
        "is not the name of a picture",
        "name a file of the creatives folder, without a path: \"mango.svg\" (svg, png, jpg, webp)",
    ))
}

fn listen(text: &str) -> Result<SocketAddr, Bad> {
    text.parse().map_err(|_| {
        refuse(
            "is not an address with a port",
            "write a number address and a port, such as \"127.0.0.1:8080\" or \"0.0.0.0:8080\"",
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::{prelude::*, string::string_regex};

    #[test]
    fn every_published_example_is_taken() {
        for (format, _, example) in FORMATS {
            assert_eq!(check_format(format, example), Ok(()), "{format}: {example}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(200))]
        #[test]
        fn what_the_published_pattern_admits_is_taken(
            (format, text) in (0..FORMATS.len()).prop_flat_map(|i| {
                let (format, pattern, _) = FORMATS[i];
                // A calendar does not fit a pattern: the 31st of February.
                let pattern = pattern.replace("[01][0-9]-[0-3][0-9]", "(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])");
                let pattern = pattern.replace("20[2-4]", "20[23]").replace(" [0-2][0-9]:", " [01][0-9]:");
                let bare = pattern.trim_start_matches('^').trim_end_matches('$').to_owned();
                (Just(format), string_regex(&bare).unwrap())
            })
        ) {
            // Nor do the limits of an address.
            prop_assume!(format != "aislecast-listen");
            let same_hours = text.len() == 11 && text.as_bytes()[5] == b'-' && text[..5] == text[6..];
            prop_assume!(!same_hours);
            prop_assert_eq!(check_format(format, &text), Ok(()), "{}", text);
        }
    }
}
