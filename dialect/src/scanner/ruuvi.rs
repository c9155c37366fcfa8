//! Ruuvi Gateway: the whole advertisement in JSON, one to a message at
//! `<prefix>/<gateway>/<tag>`, or many as it posts them over HTTP; its state at
//! `<prefix>/<gateway>/gw_status`.
//!
//! Facts from `ruuvi-gateway-firmware/data-formats/` of ruuvi/docs: times are
//! seconds written as texts, and are absent where the gateway has no clock
//! (`cnt` stands there instead). What a newer gateway decodes beside `data` is
//! what `data` says, and is read from there.

use super::{advertised, device, heard};
use crate::{
    Unreadable,
    advert::Keys,
    fact::{Sink, Source, Time},
    field::online,
    scalar::{Scalar, flag, object},
    time,
};
use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, Visitor},
};
use std::{borrow::Cow, fmt};

#[derive(Deserialize)]
struct Message<'a> {
    #[serde(borrow, default)]
    gw_mac: Scalar<'a>,
    #[serde(borrow, default)]
    rssi: Scalar<'a>,
    #[serde(borrow, default)]
    ts: Scalar<'a>,
    #[serde(borrow, default)]
    gwts: Scalar<'a>,
    /// `online` or `offline`, of the gateway.
    #[serde(borrow, default)]
    state: Scalar<'a>,
    #[serde(borrow, default)]
    data: Data<'a>,
}

/// An advertisement, or everything as it is posted over HTTP.
#[derive(Default)]
enum Data<'a> {
    #[default]
    Absent,
    Advert(Cow<'a, str>),
    Posted(Box<Posted<'a>>),
}

#[derive(Default)]
struct Posted<'a> {
    gateway: Scalar<'a>,
    tags: Vec<(Cow<'a, str>, Tag<'a>)>,
}

#[derive(Deserialize)]
struct Tag<'a> {
    #[serde(borrow, default)]
    rssi: Scalar<'a>,
    #[serde(borrow, default)]
    timestamp: Scalar<'a>,
    #[serde(borrow, default)]
    data: Scalar<'a>,
}

/// Reads one message.
pub fn read(
    topic: &str,
    payload: &[u8],
    keys: &Keys<'_>,
    sink: &mut Sink<'_>,
) -> Result<(), Unreadable> {
    let message: Message<'_> = object(payload)?;
    let mut levels = topic.rsplit('/');
    let (last, gateway) = (levels.next(), levels.next());
    let scanner = message.gw_mac.text().or(gateway);
    let source = |tag, rssi: &Scalar<'_>, time| Source {
        scanner,
        device: device(tag, None),
        rssi_dbm: rssi.number().and_then(crate::scalar::dbm),
        time,
    };
    match &message.data {
        Data::Advert(digits) => {
            let time = match time::read(&message.ts) {
                Time::Receipt => time::read(&message.gwts),
                time => time,
            };
            let tag = last.filter(|tag| protocol::beacon::Address::parse(tag).is_some());
            one(source(tag, &message.rssi, time), digits, keys, sink);
        }
        Data::Posted(posted) => {
            for (mac, tag) in &posted.tags {
                let source = Source {
                    scanner: posted.gateway.text().or(scanner),
                    ..source(Some(mac.as_ref()), &tag.rssi, time::read(&tag.timestamp))
                };
                one(source, tag.data.text().unwrap_or_default(), keys, sink);
            }
        }
        Data::Absent => {
            let there = message.state.text().and_then(flag);
            let there = there.ok_or(Unreadable("neither an advertisement nor a state"))?;
            sink(online(source(None, &Scalar::Absent, Time::Receipt), there));
        }
    }
    Ok(())
}

fn one(source: Source<'_>, digits: &str, keys: &Keys<'_>, sink: &mut Sink<'_>) {
    if advertised(source, digits, keys, sink).is_none() {
        heard(source).into_iter().for_each(sink);
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Data<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyData)
    }
}

struct AnyData;

impl<'de> Visitor<'de> for AnyData {
    type Value = Data<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an advertisement or what was posted")
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Data<'de>, E> {
        Ok(Data::Advert(Cow::Borrowed(text)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Data<'de>, E> {
        Ok(Data::Advert(Cow::Owned(text.to_owned())))
    }

    fn visit_unit<E>(self) -> Result<Data<'de>, E> {
        Ok(Data::Absent)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Data<'de>, A::Error> {
        let mut posted = Posted::default();
        while let Some(Key(key)) = map.next_key()? {
            match key.as_ref() {
                "gw_mac" => posted.gateway = map.next_value()?,
                "tags" => posted.tags = map.next_value::<Tags<'de>>()?.0,
                _ => drop(map.next_value::<Scalar<'de>>()?),
            }
        }
        Ok(Data::Posted(Box::new(posted)))
    }
}

#[derive(Deserialize)]
struct Key<'a>(#[serde(borrow)] Cow<'a, str>);

struct Tags<'a>(Vec<(Cow<'a, str>, Tag<'a>)>);

impl<'de: 'a, 'a> Deserialize<'de> for Tags<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(AnyTags)
    }
}

struct AnyTags;

impl<'de> Visitor<'de> for AnyTags {
    type Value = Tags<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("tags by their address")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Tags<'de>, A::Error> {
        let mut tags = Vec::new();
        while let Some((Key(mac), tag)) = map.next_entry()? {
            tags.push((mac, tag));
        }
        Ok(Tags(tags))
    }
}

#[cfg(test)]
mod tests;
