//! From the device's words and units to ours.

use super::Bad;
use crate::Quantity;
use serde_json::Value as Json;
use std::collections::BTreeMap;

/// How a value is converted.
#[derive(Debug, Clone, PartialEq)]
pub struct Conversion {
    /// What the device's words mean; when there are any, no other is taken.
    pub words: BTreeMap<String, Word>,
    factor: f64,
    offset: f64,
}

/// What a word of the device means.
#[derive(Debug, Clone, PartialEq)]
pub enum Word {
    /// Yes or no.
    Flag(bool),
    /// A number, in the device's unit.
    Number(f64),
    /// What happened.
    Text(String),
}

/// A unit as people and UCUM write it, what it is a unit of (by the name of
/// one of them), and how many of that it is: `base = value * factor + offset`.
/// Factors are exact by definition (SI Brochure, NIST SP 811).
const UNITS: &[(&str, &str, f64, f64)] = &[
    ("°C", "Cel", 1.0, 0.0),
    ("Cel", "Cel", 1.0, 0.0),
    ("C", "Cel", 1.0, 0.0),
    ("°F", "Cel", 5.0 / 9.0, -160.0 / 9.0),
    ("[degF]", "Cel", 5.0 / 9.0, -160.0 / 9.0),
    ("F", "Cel", 5.0 / 9.0, -160.0 / 9.0),
    ("K", "Cel", 1.0, -273.15),
    ("%", "%", 1.0, 0.0),
    ("Pa", "Pa", 1.0, 0.0),
    ("hPa", "Pa", 100.0, 0.0),
    ("mbar", "Pa", 100.0, 0.0),
    ("kPa", "Pa", 1_000.0, 0.0),
    ("lx", "lx", 1.0, 0.0),
    ("lux", "lx", 1.0, 0.0),
    ("klx", "lx", 1_000.0, 0.0),
    ("ppm", "[ppm]", 1.0, 0.0),
    ("[ppm]", "[ppm]", 1.0, 0.0),
    ("ppb", "[ppm]", 0.001, 0.0),
    ("ug/m3", "ug/m3", 1.0, 0.0),
    ("µg/m³", "ug/m3", 1.0, 0.0),
    ("mg/m3", "ug/m3", 1_000.0, 0.0),
    ("g/m3", "ug/m3", 1_000_000.0, 0.0),
    ("kg", "kg", 1.0, 0.0),
    ("g", "kg", 0.001, 0.0),
    ("mg", "kg", 0.000_001, 0.0),
    ("lb", "kg", 0.453_592_37, 0.0),
    ("oz", "kg", 0.028_349_523_125, 0.0),
    ("m", "m", 1.0, 0.0),
    ("dm", "m", 0.1, 0.0),
    ("cm", "m", 0.01, 0.0),
    ("mm", "m", 0.001, 0.0),
    ("in", "m", 0.025_4, 0.0),
    ("ft", "m", 0.304_8, 0.0),
    ("V", "V", 1.0, 0.0),
    ("mV", "V", 0.001, 0.0),
    ("A", "A", 1.0, 0.0),
    ("mA", "A", 0.001, 0.0),
    ("W", "W", 1.0, 0.0),
    ("mW", "W", 0.001, 0.0),
    ("kW", "W", 1_000.0, 0.0),
    ("kW.h", "kW.h", 1.0, 0.0),
    ("kWh", "kW.h", 1.0, 0.0),
    ("Wh", "kW.h", 0.001, 0.0),
    ("s", "s", 1.0, 0.0),
    ("ms", "s", 0.001, 0.0),
    ("min", "s", 60.0, 0.0),
    ("h", "s", 3_600.0, 0.0),
    ("deg", "deg", 1.0, 0.0),
    ("°", "deg", 1.0, 0.0),
    ("m/s", "m/s", 1.0, 0.0),
    ("km/h", "m/s", 1.0 / 3.6, 0.0),
    ("L", "L", 1.0, 0.0),
    ("l", "L", 1.0, 0.0),
    ("mL", "L", 0.001, 0.0),
    ("m3", "L", 1_000.0, 0.0),
    ("dB(A)", "dB(A)", 1.0, 0.0),
    ("dB", "dB(A)", 1.0, 0.0),
    ("Hz", "Hz", 1.0, 0.0),
];

/// The units in which a device may state a quantity.
pub fn unit_names(quantity: Quantity) -> Vec<&'static str> {
    let base = named(quantity.unit()).map(|unit| unit.1);
    let fits = |unit: &&(&str, &str, f64, f64)| Some(unit.1) == base;
    let names = UNITS.iter().filter(fits).map(|unit| unit.0);
    names.collect()
}

fn named(name: &str) -> Option<&'static (&'static str, &'static str, f64, f64)> {
    UNITS.iter().find(|unit| unit.0 == name)
}

impl Conversion {
    /// As it is.
    pub const NONE: Self = Self {
        words: BTreeMap::new(),
        factor: 1.0,
        offset: 0.0,
    };

    /// From a value in `unit`, ours unless stated, after it was multiplied by
    /// `scale` and moved by `offset`.
    pub fn new(
        quantity: Quantity,
        unit: Option<&str>,
        scale: f64,
        offset: f64,
    ) -> Result<Self, Bad> {
        let own = quantity.unit();
        let (factor, shift) = match unit {
            None => (1.0, 0.0),
            Some(unit) if unit == own => (1.0, 0.0),
            Some(unit) => named(unit)
                .zip(named(own))
                .filter(|(from, to)| from.1 == to.1)
                .map(|(from, to)| (from.2 / to.2, (from.3 - to.3) / to.2))
                .ok_or_else(|| foreign(quantity, unit))?,
        };
        Ok(Self {
            words: BTreeMap::new(),
            factor: scale * factor,
            offset: offset * factor + shift,
        })
    }

    /// With words of the device.
    #[must_use]
    pub fn with_words(self, words: BTreeMap<String, Word>) -> Self {
        Self { words, ..self }
    }

    pub(super) fn number(&self, value: &Json) -> Option<f64> {
        let number = match self.word(value) {
            Some(Word::Number(number)) => *number,
            Some(Word::Flag(_) | Word::Text(_)) => return None,
            None => number(value).filter(|_| self.words.is_empty())?,
        };
        let number = number * self.factor + self.offset;
        Some(without_dust(number)).filter(|n| n.is_finite())
    }

    pub(super) fn flag(&self, value: &Json) -> Option<bool> {
        match self.word(value) {
            Some(Word::Flag(flag)) => Some(*flag),
            None if self.words.is_empty() => plain_flag(value),
            Some(Word::Number(_) | Word::Text(_)) | None => None,
        }
    }

    pub(super) fn text<'a>(&'a self, value: &'a Json, own: &'a mut String) -> Option<&'a str> {
        match self.word(value) {
            Some(Word::Text(text)) => Some(text),
            Some(Word::Flag(_) | Word::Number(_)) => None,
            None if !self.words.is_empty() => None,
            None => {
                *own = spelt(value)?;
                Some(own)
            }
        }
    }

    fn word(&self, value: &Json) -> Option<&Word> {
        if self.words.is_empty() {
            return None;
        }
        self.words.get(&spelt(value)?)
    }
}

/// 77.9 °F are 25.5 °C, not 25.500000000000007: no device tells billionths.
fn without_dust(number: f64) -> f64 {
    if number.abs() < 1e6 {
        (number * 1e9).round() / 1e9
    } else {
        number
    }
}

fn foreign(quantity: Quantity, unit: &str) -> Bad {
    let names = unit_names(quantity);
    let what = format!("unit {unit:?} is none of {}", quantity.name());
    Bad::new(
        what,
        if names.is_empty() {
            format!(
                "leave it out: {} has no unit; use scale and offset",
                quantity.name()
            )
        } else {
            format!(
                "known: {}; for any other use scale and offset",
                names.join(", ")
            )
        },
    )
}

/// A finite number, also one written as a text.
pub(crate) fn number(value: &Json) -> Option<f64> {
    let number = match value {
        Json::Number(number) => number.as_f64(),
        Json::String(text) => text.trim().parse().ok(),
        Json::Null | Json::Bool(_) | Json::Array(_) | Json::Object(_) => None,
    };
    number.filter(|n: &f64| n.is_finite())
}

/// `true` or `false`, 1 or 0, or one of the words that all devices use.
pub(crate) fn plain_flag(value: &Json) -> Option<bool> {
    match value {
        Json::Bool(flag) => Some(*flag),
        Json::Number(number) => match number.as_f64() {
            Some(1.0) => Some(true),
            Some(0.0) => Some(false),
            _ => None,
        },
        Json::String(text) => match text.trim().to_ascii_lowercase().as_str() {
            "true" | "1" | "on" | "yes" | "online" => Some(true),
            "false" | "0" | "off" | "no" | "offline" => Some(false),
            _ => None,
        },
        Json::Null | Json::Array(_) | Json::Object(_) => None,
    }
}

fn spelt(value: &Json) -> Option<String> {
    match value {
        Json::String(text) => Some(text.clone()),
        Json::Number(number) => Some(number.to_string()),
        Json::Bool(flag) => Some(flag.to_string()),
        Json::Null | Json::Array(_) | Json::Object(_) => None,
    }
}
