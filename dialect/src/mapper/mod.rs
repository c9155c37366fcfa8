//! Messages of devices that no dialect knows, read as `store.toml` says:
//! a pattern for the topic, and for each value a JSON pointer, a unit and words.
//!
//! ```toml
//! [[mappers]]
//! id = "radar"
//! topic = "building/{device}/+/state"
//! [[mappers.values]]
//! quantity = "temperature"
//! at = "/env/temp"
//! unit = "°F"
//! [[mappers.values]]
//! quantity = "passages_in"
//! device = "{device}-{/lines/*/id}"
//! at = "/lines/*/in"
//! ```
//!
//! One message costs one reading of its JSON and at most [`MAX_FACTS`] facts.

mod convert;
mod pattern;
mod place;
mod template;
mod time;

pub use convert::{Conversion, Word, unit_names};
pub use pattern::Pattern;
pub use place::Place;
pub use template::Template;

pub(crate) use convert::{number, plain_flag};
pub(crate) use time::moment;

use crate::{
    Fact, MAX_PAYLOAD, Quantity, Sink, Source, Unreadable,
    fact::{Device, Says, Time, Value},
};
use serde_json::Value as Json;

/// Most facts of one message; what is more is left out.
pub const MAX_FACTS: usize = 256;

/// How the messages of one kind of device are read.
#[derive(Debug, Clone, PartialEq)]
pub struct Mapper {
    /// Its name in files.
    pub id: String,
    /// Which topics.
    pub topic: Pattern,
    /// What a message is.
    pub payload: Payload,
    /// When the device says it was, if it says so.
    pub time: Option<Place>,
    /// What is in it.
    pub rules: Vec<Rule>,
}

/// What a message is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Payload {
    /// JSON: values are found by pointers.
    Json,
    /// The value itself, as text.
    Text,
}

/// Where one value is, and what it means.
#[derive(Debug, Clone, PartialEq)]
pub struct Rule {
    /// What it means.
    pub what: What,
    /// Where it is.
    pub at: Place,
    /// How the device is called; the first capture of the topic, or the
    /// mapper's own name, unless stated.
    pub device: Option<Template>,
    /// Which one, where a device has several of the same.
    pub nth: u8,
    /// How it is converted.
    pub conversion: Conversion,
}

/// What a value means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// The value of a quantity.
    Measured(Quantity),
    /// Something happened to this; the value says what.
    Happened(String),
    /// Whether the device is there.
    Online,
}

/// What is wrong with a pattern, pointer, template or unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bad {
    /// What is wrong, to stand behind the value.
    pub what: String,
    /// What to do.
    pub remedy: String,
}

impl Bad {
    fn new(what: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self {
            what: what.into(),
            remedy: remedy.into(),
        }
    }
}

impl Mapper {
    /// Reads one message. Total. A message without any of the values says
    /// nothing; one whose only values cannot be read is an error.
    pub fn read(&self, topic: &str, payload: &[u8], sink: &mut Sink<'_>) -> Result<(), Unreadable> {
        let captures = self
            .topic
            .captures(topic)
            .ok_or(Unreadable("the topic is not this mapper's"))?;
        let document = self.document(payload)?;
        let time = self.time.as_ref().and_then(|at| at.one(&document));
        let mut reading = Reading {
            mapper: self,
            captures: &captures,
            document: &document,
            time: time.map_or(Time::Receipt, moment),
            told: 0,
            unreadable: false,
        };
        for rule in &self.rules {
            reading.rule(rule, sink);
        }
        if reading.told == 0 && reading.unreadable {
            return Err(Unreadable("a value is not what store.toml says it is"));
        }
        Ok(())
    }

    fn document(&self, payload: &[u8]) -> Result<Json, Unreadable> {
        if payload.len() > MAX_PAYLOAD {
            return Err(Unreadable("larger than 64 KiB"));
        }
        match self.payload {
            Payload::Json => serde_json::from_slice(payload).map_err(|_| Unreadable("not JSON")),
            Payload::Text => core::str::from_utf8(payload)
                .map(|text| Json::String(text.trim().to_owned()))
                .map_err(|_| Unreadable("not text")),
        }
    }
}

/// One message while it is read.
struct Reading<'m> {
    mapper: &'m Mapper,
    captures: &'m [(&'m str, &'m str)],
    document: &'m Json,
    time: Time<'m>,
    told: usize,
    unreadable: bool,
}

impl<'m> Reading<'m> {
    fn rule(&mut self, rule: &'m Rule, sink: &mut Sink<'_>) {
        let room = MAX_FACTS.saturating_sub(self.told);
        for found in rule.at.all(self.document).take(room) {
            if found.value.is_null() {
                continue;
            }
            let named = rule.device.as_ref();
            let named = named.map(|t| t.fill(self.captures, self.document, &found));
            let device = match &named {
                Some(None) => continue,
                Some(Some(name)) => name,
                None => self.captures.first().map_or(&*self.mapper.id, |c| c.1),
            };
            let mut text = String::new();
            let Some(says) = rule.says(found.value, &mut text) else {
                self.unreadable = true;
                continue;
            };
            self.told += 1;
            sink(Fact {
                source: Source {
                    device: Some(Device::Named(device)),
                    time: self.time,
                    ..Source::default()
                },
                says,
            });
        }
    }
}

impl Rule {
    fn says<'a>(&'a self, value: &'a Json, text: &'a mut String) -> Option<Says<'a>> {
        match &self.what {
            What::Measured(quantity) => {
                let value = if quantity.is_flag() {
                    Value::Flag(self.conversion.flag(value)?)
                } else {
                    Value::Number(self.conversion.number(value)?)
                };
                Some(Says::Measured {
                    quantity: *quantity,
                    nth: self.nth,
                    value,
                })
            }
            What::Happened(what) => Some(Says::Happened {
                what,
                nth: self.nth,
                action: self.conversion.text(value, text)?,
                amount: None,
            }),
            What::Online => self.conversion.flag(value).map(Says::Online),
        }
    }
}

#[cfg(test)]
mod tests;
