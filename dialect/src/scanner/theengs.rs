//! Theengs Gateway and OpenMQTTGateway: JSON at `<base>/BTtoMQTT/<address>`,
//! `.../<uuid>` or `.../undecoded`, and `online`/`offline` at `<base>/LWT`. The
//! topic names only the scanner; who was heard stands in the message.
//!
//! Facts from `docs/use/ble.md` and `main/ZgatewayBT.ino` of
//! 1technophile/OpenMQTTGateway, `ble_gateway.py` of theengs/gateway and the
//! properties of theengs/decoder: `manufacturerdata` begins with the company id
//! as it is on air, `servicedata` has lost its uuid to `servicedatauuid`, and
//! only `mac_type` says whether an address is random. Where the gateway passes
//! the advertisement on beside what it made of it, ours is read first and what
//! it says is not said again.

mod decoded;

use super::{beacon, device, heard, parts::Parts, said::Said, sighting};
use crate::{
    Unreadable,
    advert::{self, Keys},
    fact::{Identity, Sink, Source, Time},
    field::{about, online},
    scalar::{Scalar, flag, hex, object, plain, uuid},
    time,
    walk::looks_like_json,
};
use protocol::beacon::{Address, Beacon};
use serde::Deserialize;

/// Level below a gateway's base under which its sightings come.
pub const BRANCH: &str = "BTtoMQTT";
/// Level below a gateway's base at which it says that it is there.
pub const WILL: &str = "LWT";

#[derive(Deserialize)]
struct Message<'a> {
    #[serde(borrow, default)]
    id: Scalar<'a>,
    /// Where `id` holds something else than the address.
    #[serde(borrow, default)]
    mac: Scalar<'a>,
    #[serde(borrow, default)]
    mac_type: Scalar<'a>,
    #[serde(borrow, default)]
    rssi: Scalar<'a>,
    #[serde(borrow, default)]
    mfid: Scalar<'a>,
    #[serde(borrow, default)]
    uuid: Scalar<'a>,
    #[serde(borrow, default)]
    major: Scalar<'a>,
    #[serde(borrow, default)]
    minor: Scalar<'a>,
    #[serde(borrow, default)]
    txpower: Scalar<'a>,
    /// Of an exposure notification.
    #[serde(borrow, default)]
    rpi: Scalar<'a>,
    #[serde(borrow, default)]
    manufacturerdata: Scalar<'a>,
    #[serde(borrow, default)]
    servicedata: Scalar<'a>,
    #[serde(borrow, default)]
    servicedatauuid: Scalar<'a>,
    #[serde(borrow, default)]
    name: Scalar<'a>,
    #[serde(borrow, default)]
    brand: Scalar<'a>,
    #[serde(borrow, default)]
    model: Scalar<'a>,
    /// Of what a scale weighs in.
    #[serde(borrow, default)]
    unit: Scalar<'a>,
    /// `OpenMQTTGateway`, when it is built with time stamps.
    #[serde(borrow, default, rename = "UTCtime")]
    utc_time: Scalar<'a>,
    #[serde(borrow, default)]
    unixtime: Scalar<'a>,
}

/// Reads one message of `<base>/BTtoMQTT/+` or `<base>/LWT`.
pub fn read(
    topic: &str,
    payload: &[u8],
    keys: &Keys<'_>,
    sink: &mut Sink<'_>,
) -> Result<(), Unreadable> {
    let scanner = scanner(topic);
    if !looks_like_json(payload) {
        return will(scanner, payload, sink);
    }
    let message: Message<'_> = object(payload)?;
    let source = message.source(scanner, topic);
    let mut said = Said::default();
    message.raw(source, keys, &mut |fact| {
        said.note(&fact);
        sink(fact);
    });
    if source.rssi_dbm.is_some() {
        let decoded = message.beacon(source).or_else(|| message.exposure(source));
        if let Some(fact) = decoded.or_else(|| heard(source)) {
            said.say(fact, sink);
        }
    }
    for (what, text) in [
        ("name", &message.name),
        ("brand", &message.brand),
        ("model", &message.model),
    ] {
        if let Some(fact) = about(source, what, text.text()) {
            said.say(fact, sink);
        }
    }
    decoded::read(payload, source, message.unit.text(), &mut |fact| {
        said.say(fact, sink);
    })
}

/// The last level of the base.
fn scanner(topic: &str) -> Option<&str> {
    let (head, last) = topic.rsplit_once('/')?;
    let base = match head.rsplit_once('/') {
        Some((base, BRANCH)) => base,
        _ if last == BRANCH => head,
        _ => head,
    };
    base.rsplit('/').next().filter(|name| !name.is_empty())
}

fn will(scanner: Option<&str>, payload: &[u8], sink: &mut Sink<'_>) -> Result<(), Unreadable> {
    let there = plain(payload).and_then(flag);
    let source = Source {
        scanner,
        ..Source::default()
    };
    sink(online(source, there.ok_or(Unreadable("not JSON"))?));
    Ok(())
}

impl Message<'_> {
    fn source<'s>(&'s self, scanner: Option<&'s str>, topic: &'s str) -> Source<'s> {
        // NimBLE's types: 0 public, 1 random, 2 and 3 the same but resolved by
        // the scanner to an identity, which is then not random any more.
        let random = self.mac_type.whole::<u8>().map(|kind| kind == 1);
        let is_address = |text: &&str| Address::parse(text).is_some();
        let mac = self.mac.text().filter(is_address);
        // Early gateways name the device in the topic alone.
        let last = topic.rsplit('/').next().filter(is_address);
        let time = match time::read(&self.utc_time) {
            Time::Receipt => time::read(&self.unixtime),
            time => time,
        };
        Source {
            scanner,
            device: device(mac.or(self.id.text()).or(last), random),
            rssi_dbm: self.rssi.number().and_then(crate::scalar::dbm),
            time,
        }
    }

    /// What the advertisement itself says, when the gateway passes it on.
    fn raw(&self, source: Source<'_>, keys: &Keys<'_>, sink: &mut Sink<'_>) {
        let mut parts = Parts::new();
        if let Some(digits) = self.manufacturerdata.text() {
            parts.manufacturer(digits);
        }
        if let (Some(uuid), Some(digits)) = (self.servicedatauuid.text(), self.servicedata.text()) {
            parts.service(uuid, digits);
        }
        if let Some(ad) = parts.advert() {
            advert::read(source, ad, keys, sink);
        }
    }

    /// An iBeacon that the gateway has decoded.
    fn beacon<'s>(&self, source: Source<'s>) -> Option<crate::Fact<'s>> {
        if self.mfid.text().is_some_and(|id| id != "4c00") {
            return None;
        }
        let ibeacon = Beacon::IBeacon {
            uuid: uuid(self.uuid.text()?)?,
            major: self.major.whole()?,
            minor: self.minor.whole()?,
        };
        Some(beacon(source, ibeacon, self.txpower.reference_dbm()))
    }

    fn exposure<'s>(&self, source: Source<'s>) -> Option<crate::Fact<'s>> {
        let mut rolling = [0; 16];
        let whole = hex(self.rpi.text()?, &mut rolling)?.len() == 16;
        whole.then(|| sighting(source, Identity::Exposure(rolling), None))
    }
}

#[cfg(test)]
mod tests;
