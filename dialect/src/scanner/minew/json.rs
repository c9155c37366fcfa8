//! JSON-LONG and JSON-RAW of Minew gateways. Elements are read one after the
//! other; the first names the gateway for those that follow.

use crate::{
    MAX_PAYLOAD, Unreadable,
    advert::Keys,
    fact::{Fact, Sink, Source},
    field::{about, measured, online},
    quantity::Quantity as Q,
    scalar::{Scalar, uuid},
    scanner::{advertised, beacon, device, heard},
    time,
};
use protocol::beacon::Beacon;
use serde::{
    Deserialize, Deserializer,
    de::{SeqAccess, Visitor},
};
use std::fmt;

#[derive(Deserialize, Default)]
struct Element<'a> {
    #[serde(borrow, default)]
    timestamp: Scalar<'a>,
    #[serde(borrow, default, rename = "type")]
    kind: Scalar<'a>,
    #[serde(borrow, default)]
    mac: Scalar<'a>,
    /// In JSON-RAW, who heard.
    #[serde(borrow, default)]
    gateway: Scalar<'a>,
    #[serde(borrow, default, alias = "bleName")]
    name: Scalar<'a>,
    #[serde(borrow, default)]
    rssi: Scalar<'a>,
    #[serde(borrow, default, rename = "rawData")]
    raw: Scalar<'a>,
    #[serde(borrow, default, rename = "ibeaconUuid")]
    uuid: Scalar<'a>,
    #[serde(borrow, default, rename = "ibeaconMajor")]
    major: Scalar<'a>,
    #[serde(borrow, default, rename = "ibeaconMinor")]
    minor: Scalar<'a>,
    #[serde(borrow, default, rename = "ibeaconTxPower")]
    tx_power: Scalar<'a>,
    #[serde(borrow, default)]
    battery: Scalar<'a>,
    #[serde(borrow, default)]
    temperature: Scalar<'a>,
    #[serde(borrow, default)]
    humidity: Scalar<'a>,
}

/// Whether a payload is a list whose first element names a gateway or a device
/// that one heard.
pub fn looks_like(payload: &[u8]) -> bool {
    let payload = payload.trim_ascii_start();
    let start = &payload[..payload.len().min(200)];
    let holds = |word: &[u8]| start.windows(word.len()).any(|at| at == word);
    start.starts_with(b"[")
        && (holds(b"\"mac\"") || holds(b"\"gateway\""))
        && (holds(b"\"type\"") || holds(b"\"locator\"") || holds(b"\"timestamp\""))
}

pub(super) fn read(
    topic: &str,
    payload: &[u8],
    keys: &Keys<'_>,
    sink: &mut Sink<'_>,
) -> Result<(), Unreadable> {
    if payload.len() > MAX_PAYLOAD {
        return Err(Unreadable("larger than 64 KiB"));
    }
    let list = Elements { topic, keys, sink };
    let mut json = serde_json::Deserializer::from_slice(payload);
    json.deserialize_seq(list)
        .and_then(|()| json.end())
        .map_err(|_| Unreadable("not a list of devices"))
}

struct Elements<'e, 's, 'k> {
    topic: &'e str,
    keys: &'e Keys<'k>,
    sink: &'e mut Sink<'s>,
}

impl<'de> Visitor<'de> for Elements<'_, '_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of devices")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        let mut gateway = Scalar::Absent;
        while let Some(element) = list.next_element::<Element<'de>>()? {
            let scanner = gateway.text().or_else(|| address_in(self.topic));
            if let Some(named) = element.names_gateway() {
                let source = Source {
                    scanner: named.text(),
                    device: device(named.text(), None),
                    time: time::read(&element.timestamp),
                    ..Source::default()
                };
                (self.sink)(online(source, true));
                gateway = named.clone();
            } else {
                element.read(scanner, self.keys, self.sink);
            }
        }
        Ok(())
    }
}

/// `/gw/<address>/status` is where the maker has its gateways publish.
fn address_in(topic: &str) -> Option<&str> {
    let is_address = |level: &&str| protocol::beacon::Address::parse(level).is_some();
    topic.split('/').find(is_address)
}

impl<'a> Element<'a> {
    fn names_gateway(&self) -> Option<&Scalar<'a>> {
        if self.kind.text() == Some("Gateway") {
            Some(&self.mac)
        } else {
            self.gateway.text().map(|_| &self.gateway)
        }
    }

    fn read(&self, scanner: Option<&str>, keys: &Keys<'_>, sink: &mut Sink<'_>) {
        let source = Source {
            scanner,
            device: device(self.mac.text(), None),
            rssi_dbm: self.rssi.number().and_then(crate::scalar::dbm),
            time: time::read(&self.timestamp),
        };
        let raw = self.raw.text();
        let raw = raw.and_then(|raw| advertised(source, raw, keys, sink));
        if raw.is_none() {
            let said = self.ibeacon(source).or_else(|| heard(source));
            said.into_iter().for_each(&mut *sink);
        }
        about(source, "name", self.name.text())
            .into_iter()
            .chain(self.measured(source))
            .for_each(sink);
    }

    fn ibeacon<'s>(&self, source: Source<'s>) -> Option<Fact<'s>> {
        let ibeacon = Beacon::IBeacon {
            uuid: uuid(self.uuid.text()?)?,
            major: self.major.whole()?,
            minor: self.minor.whole()?,
        };
        Some(beacon(source, ibeacon, self.tx_power.reference_dbm()))
    }

    fn measured<'s>(&self, source: Source<'s>) -> impl Iterator<Item = Fact<'s>> {
        // An iBeacon has no battery to tell of; the gateway writes 0 for it.
        let tells = self.uuid.text().is_none();
        let battery = self
            .battery
            .number()
            .filter(|charge| tells || *charge > 0.0);
        [
            (Q::Battery, battery),
            (Q::Temperature, self.temperature.number()),
            (Q::Humidity, self.humidity.number()),
        ]
        .into_iter()
        .filter_map(move |(quantity, number)| Some(measured(source, quantity, 0, number?)))
    }
}
