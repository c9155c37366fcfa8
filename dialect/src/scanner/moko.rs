//! MOKO gateways: JSON with a `msg_id`, on any topic.
//!
//! | `msg_id` | holds |
//! |---|---|
//! | 3003 | the gateway's state |
//! | 3004 | older gateways: `data` a list of `{"type", "value": {...}}` |
//! | 3070 | newer gateways: `data` a list of devices |
//!
//! Facts from `lib/mqttprotocoldecoder.js` of reelyactive/barnowl-mokosmart.
//! Older times are written `2021-01-01&17:10:16+08`.

use super::{advertised, beacon, device, heard};
use crate::{
    Fact, Unreadable,
    advert::Keys,
    fact::{Device, Sink, Source},
    field::{about, measured, online},
    quantity::Quantity as Q,
    scalar::{Scalar, flag, hex, object, uuid},
    time,
};
use protocol::beacon::Beacon;
use serde::Deserialize;

#[derive(Deserialize)]
struct Message<'a> {
    #[serde(borrow, default)]
    msg_id: Scalar<'a>,
    #[serde(borrow, default)]
    device_info: Option<Gateway<'a>>,
    #[serde(borrow, default)]
    data: Reports<'a>,
}

#[derive(Deserialize)]
struct Gateway<'a> {
    #[serde(borrow, default)]
    mac: Scalar<'a>,
}

/// One object or a list of them.
#[derive(Default)]
struct Reports<'a>(Vec<Report<'a>>);

#[derive(Deserialize)]
struct Report<'a> {
    /// Older gateways put everything in here.
    #[serde(borrow, default)]
    value: Option<Box<Report<'a>>>,
    #[serde(borrow, default)]
    net_state: Scalar<'a>,
    #[serde(borrow, default)]
    timestamp: Scalar<'a>,
    #[serde(borrow, default)]
    mac: Scalar<'a>,
    #[serde(borrow, default)]
    rssi: Scalar<'a>,
    #[serde(borrow, default, alias = "adv_name")]
    name: Scalar<'a>,
    #[serde(borrow, default, alias = "raw data", alias = "adv_data")]
    raw: Scalar<'a>,
    #[serde(borrow, default)]
    rsp_data: Scalar<'a>,
    #[serde(borrow, default)]
    uuid: Scalar<'a>,
    #[serde(borrow, default)]
    major: Scalar<'a>,
    #[serde(borrow, default)]
    minor: Scalar<'a>,
    #[serde(borrow, default, alias = "rssi@1m", alias = "rssi_1m")]
    rssi_at_1m: Scalar<'a>,
    #[serde(borrow, default)]
    namespace: Scalar<'a>,
    #[serde(borrow, default)]
    instance: Scalar<'a>,
    #[serde(borrow, default)]
    battery: Scalar<'a>,
    #[serde(borrow, default)]
    temperature: Scalar<'a>,
    #[serde(borrow, default)]
    humidity: Scalar<'a>,
}

impl<'de: 'a, 'a> Deserialize<'de> for Reports<'a> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyReports)
    }
}

struct AnyReports;

impl<'de> serde::de::Visitor<'de> for AnyReports {
    type Value = Reports<'de>;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("one report or a list of them")
    }

    fn visit_seq<A: serde::de::SeqAccess<'de>>(
        self,
        mut list: A,
    ) -> Result<Reports<'de>, A::Error> {
        let mut reports = Vec::new();
        while let Some(report) = list.next_element()? {
            reports.push(report);
        }
        Ok(Reports(reports))
    }

    fn visit_map<A: serde::de::MapAccess<'de>>(self, map: A) -> Result<Reports<'de>, A::Error> {
        let report = Report::deserialize(serde::de::value::MapAccessDeserializer::new(map))?;
        Ok(Reports(vec![report]))
    }
}

/// Reads one message.
pub fn read(
    _: &str,
    payload: &[u8],
    keys: &Keys<'_>,
    sink: &mut Sink<'_>,
) -> Result<(), Unreadable> {
    let message: Message<'_> = object(payload)?;
    let id = message
        .msg_id
        .whole::<u16>()
        .ok_or(Unreadable("no msg_id"))?;
    if !matches!(id, 3003 | 3004 | 3070) {
        return Ok(());
    }
    let gateway = message
        .device_info
        .as_ref()
        .and_then(|info| info.mac.text());
    for report in &message.data.0 {
        let report = report.value.as_deref().unwrap_or(report);
        if id == 3003 {
            let source = Source {
                scanner: gateway,
                device: gateway.map(Device::Named),
                ..Source::default()
            };
            let there = report.net_state.text().and_then(flag);
            there
                .map(|there| online(source, there))
                .into_iter()
                .for_each(&mut *sink);
        } else {
            report.read(gateway, keys, sink);
        }
    }
    Ok(())
}

impl Report<'_> {
    fn read(&self, scanner: Option<&str>, keys: &Keys<'_>, sink: &mut Sink<'_>) {
        let source = Source {
            scanner,
            device: device(self.mac.text(), None),
            rssi_dbm: self.rssi.number().and_then(crate::scalar::dbm),
            time: time::read(&self.timestamp),
        };
        let mut raw = None;
        for digits in [&self.raw, &self.rsp_data] {
            let read = digits
                .text()
                .and_then(|digits| advertised(source, digits, keys, sink));
            raw = raw.or(read);
        }
        if raw.is_none() {
            let decoded = self.ibeacon(source).or_else(|| self.eddystone(source));
            decoded
                .or_else(|| heard(source))
                .into_iter()
                .for_each(&mut *sink);
        }
        about(source, "name", self.name.text())
            .into_iter()
            .for_each(&mut *sink);
        for (quantity, number) in [
            (Q::Battery, &self.battery),
            (Q::Temperature, &self.temperature),
            (Q::Humidity, &self.humidity),
        ] {
            if let (Some(number), None) = (number.number(), raw) {
                sink(measured(source, quantity, 0, number));
            }
        }
    }

    fn ibeacon<'s>(&self, source: Source<'s>) -> Option<Fact<'s>> {
        let ibeacon = Beacon::IBeacon {
            uuid: uuid(self.uuid.text()?)?,
            major: self.major.whole()?,
            minor: self.minor.whole()?,
        };
        Some(beacon(source, ibeacon, self.rssi_at_1m.reference_dbm()))
    }

    fn eddystone<'s>(&self, source: Source<'s>) -> Option<Fact<'s>> {
        let (mut namespace, mut instance) = ([0; 10], [0; 6]);
        let whole = hex(self.namespace.text()?, &mut namespace)?.len() == 10
            && hex(self.instance.text()?, &mut instance)?.len() == 6;
        let uid = Beacon::EddystoneUid {
            namespace,
            instance,
        };
        whole.then(|| beacon(source, uid, None))
    }
}

#[cfg(test)]
mod tests;
