//! What feeds a sensor that is a device of another make.

use super::{scanners::check_topic, settings::tidy};
use crate::{
    doc::Finding,
    raw::{
        device::{self, FeedSource, SensorKind},
        store::Store,
    },
    report::Report,
    shell::{Feed, FeedDevice, Takes},
    suggest::nearest,
    unit::Unit,
};
use dialect::Quantity;
use protocol::beacon::Address;
use std::path::Path;

/// Base topic of Zigbee2MQTT as it comes.
const ZIGBEE_BASE: &str = "zigbee2mqtt";
/// A scale cannot tell more than this apart, mg: a piece of 100 kg.
const PIECE_MG_MAX: i64 = 100_000_000;

/// What feeds the sensor, if another make does.
pub(crate) fn build(
    store: &Store,
    sensor: &device::Sensor,
    key: &str,
    folder: &Path,
    report: &mut Report<'_>,
) -> Option<Feed> {
    let raw = sensor.from.as_ref()?;
    let from = format!("{key}.from");
    if sensor.node.is_some() || sensor.port.is_some() {
        report.error(
            &from,
            "the sensor is wired to a node and fed by another device",
            "leave out either node and port, or from",
        );
    }
    let device = device(raw, &from, folder, report);
    if let Some(mapper) = &raw.mapper {
        let known = store.mappers.iter().map(|mapper| mapper.id.0.as_str());
        report.find(&format!("{from}.mapper"), "mapper", &mapper.0, known);
    }
    let takes = takes(sensor.kind, raw, &from, report);
    Some(Feed {
        device: device?,
        takes: takes?,
    })
}

fn device(
    raw: &device::Feed,
    key: &str,
    folder: &Path,
    report: &mut Report<'_>,
) -> Option<FeedDevice> {
    check_keys(raw, key, report);
    if let Some(remedy) = missing(raw) {
        let name = source_name(raw.source);
        let what = format!("source {name:?} does not say which device");
        report.error(&format!("{key}.source"), what, remedy);
        return None;
    }
    let topic = raw.topic.clone();
    Some(match raw.source {
        FeedSource::Bluetooth => FeedDevice::Bluetooth {
            address: Address(raw.address.as_ref()?.0),
            key_file: raw.key_file.as_deref().map(|f| tidy(&folder.join(f))),
        },
        FeedSource::Zigbee2mqtt => FeedDevice::Zigbee2mqtt {
            base: topic.unwrap_or_else(|| ZIGBEE_BASE.to_owned()),
            device: raw.device.clone()?,
        },
        FeedSource::Shelly => FeedDevice::Shelly { topic: topic? },
        FeedSource::Tasmota => FeedDevice::Tasmota { topic: topic? },
        FeedSource::Axis => FeedDevice::Axis { topic: topic? },
        FeedSource::Homie => FeedDevice::Homie { topic: topic? },
        FeedSource::Mapper => FeedDevice::Mapped {
            mapper: raw.mapper.as_ref()?.0.clone(),
            device: raw.device.clone(),
        },
    })
}

/// Keys that mean nothing here, and texts that cannot stand in a topic.
fn check_keys(raw: &device::Feed, key: &str, report: &mut Report<'_>) {
    let name = source_name(raw.source);
    for (field, given) in [
        ("address", raw.address.is_some()),
        ("key_file", raw.key_file.is_some()),
        ("mapper", raw.mapper.is_some()),
        ("device", raw.device.is_some()),
        ("topic", raw.topic.is_some()),
    ] {
        if given && !has(raw.source, field) {
            report.error(
                &format!("{key}.{field}"),
                format!("{field:?} means nothing for {name:?}"),
                "remove it, or set another source",
            );
        }
    }
    for (field, text) in [("device", &raw.device), ("topic", &raw.topic)] {
        let in_topic = has(raw.source, field) && raw.source != FeedSource::Mapper;
        if let (Some(text), true) = (text, in_topic) {
            check_topic(text, field, key, report);
        }
    }
}

/// What to do about what is left out and needed, if anything is.
fn missing(raw: &device::Feed) -> Option<&'static str> {
    match raw.source {
        FeedSource::Bluetooth => raw.address.is_none().then_some(
            "add address = the device's address, as it is printed on it or as its app shows it",
        ),
        FeedSource::Zigbee2mqtt => raw
            .device
            .is_none()
            .then_some("add device = its friendly name in Zigbee2MQTT"),
        FeedSource::Shelly => needs_topic(raw, "add topic = the MQTT prefix set in the Shelly"),
        FeedSource::Tasmota => {
            needs_topic(raw, "add topic = \"tele/\" and the topic set in Tasmota")
        }
        FeedSource::Axis => {
            needs_topic(raw, "add topic = \"axis/\" and the camera's serial number")
        }
        FeedSource::Homie => needs_topic(raw, "add topic = \"homie/5/\" and the device's id"),
        FeedSource::Mapper => raw
            .mapper
            .is_none()
            .then_some("add mapper = the id of one of the [[mappers]]"),
    }
}

fn needs_topic(raw: &device::Feed, remedy: &'static str) -> Option<&'static str> {
    raw.topic.is_none().then_some(remedy)
}

/// Whether a device of this source has this key.
fn has(source: FeedSource, key: &str) -> bool {
    match source {
        FeedSource::Bluetooth => matches!(key, "address" | "key_file"),
        FeedSource::Zigbee2mqtt => matches!(key, "device" | "topic"),
        FeedSource::Mapper => matches!(key, "mapper" | "device"),
        FeedSource::Shelly | FeedSource::Tasmota | FeedSource::Axis | FeedSource::Homie => {
            key == "topic"
        }
    }
}

fn source_name(source: FeedSource) -> &'static str {
    match source {
        FeedSource::Bluetooth => "bluetooth",
        FeedSource::Zigbee2mqtt => "zigbee2mqtt",
        FeedSource::Shelly => "shelly",
        FeedSource::Tasmota => "tasmota",
        FeedSource::Axis => "axis",
        FeedSource::Homie => "homie",
        FeedSource::Mapper => "mapper",
    }
}

/// Quantities that can be meant by a kind of sensor; those before the bar are
/// taken when the file names none.
fn quantities(kind: SensorKind) -> (&'static [Quantity], &'static [Quantity]) {
    use Quantity as Q;
    match kind {
        SensorKind::Temperature => (
            &[Q::Temperature],
            &[Q::ProbeTemperature, Q::DeviceTemperature],
        ),
        SensorKind::Humidity => (&[Q::Humidity], &[Q::Moisture]),
        SensorKind::Light => (&[Q::Illuminance], &[Q::LightLevel]),
        SensorKind::Occupancy => (
            &[Q::Occupancy, Q::Presence, Q::Motion, Q::Detected],
            &[
                Q::Occupants,
                Q::Distance,
                Q::TargetDistance,
                Q::Input,
                Q::Opening,
                Q::Contact,
            ],
        ),
        SensorKind::Door => (&[], &[Q::Passages]),
        SensorKind::ShelfWeight => (&[Q::Mass], &[]),
        SensorKind::Stock => (&[Q::Count, Q::Objects], &[Q::Mass, Q::Number]),
        SensorKind::Queue => (&[Q::Occupants], &[Q::Count, Q::Number]),
        SensorKind::Button => (&[], &[]),
        SensorKind::Price => (&[Q::Number], &[Q::Count]),
        SensorKind::Number => (&[], Q::ALL),
    }
}

fn takes(
    kind: SensorKind,
    raw: &device::Feed,
    key: &str,
    report: &mut Report<'_>,
) -> Option<Takes> {
    let (usual, others) = quantities(kind);
    let named = match &raw.quantity {
        None => None,
        Some(name) => Some(quantity(name, usual, others, key, report)?),
    };
    check_extras(kind, named, raw, key, report);
    let nth = raw.nth.unwrap_or(0);
    Some(match (kind, named) {
        (SensorKind::Button, _) => Takes::Press {
            nth,
            action: raw.action.clone(),
        },
        (SensorKind::Door, _) => match (raw.inward, raw.outward) {
            (Some(inward), Some(outward)) => Takes::TwoCounters { inward, outward },
            _ => Takes::BothWays { nth },
        },
        (SensorKind::Occupancy, Some(Quantity::Distance | Quantity::TargetDistance)) => {
            Takes::Nearness {
                nearer_than_mm: raw.nearer_than.as_ref().map_or(0, |length| length.0),
                nth,
            }
        }
        (SensorKind::Stock, Some(Quantity::Mass)) => Takes::Pieces {
            piece_mg: piece_mg(raw),
            nth,
        },
        (_, named) => Takes::Value {
            quantities: named.map_or_else(|| usual.to_vec(), |quantity| vec![quantity]),
            nth,
        },
    })
}

fn quantity(
    name: &str,
    usual: &[Quantity],
    others: &[Quantity],
    key: &str,
    report: &mut Report<'_>,
) -> Option<Quantity> {
    let known = || usual.iter().chain(others).map(|quantity| quantity.name());
    let found = Quantity::named(name).filter(|q| usual.contains(q) || others.contains(q));
    if found.is_none() {
        let listed: Vec<&str> = known().collect();
        let remedy = if listed.is_empty() {
            "leave it out".to_owned()
        } else {
            format!("use one of {}", listed.join(", "))
        };
        let finding = Finding::error(
            format!("{name:?} is not what such a sensor measures"),
            remedy,
        );
        report.add(
            &format!("{key}.quantity"),
            finding.meaning(nearest(name, known())),
        );
    }
    found
}

/// Keys that go only with some kinds of sensor, and those that some need.
fn check_extras(
    kind: SensorKind,
    named: Option<Quantity>,
    raw: &device::Feed,
    key: &str,
    report: &mut Report<'_>,
) {
    let is_door = kind == SensorKind::Door;
    let is_distance = matches!(named, Some(Quantity::Distance | Quantity::TargetDistance));
    let is_scale = kind == SensorKind::Stock && named == Some(Quantity::Mass);
    for (field, given, fits, whose) in [
        ("inward", raw.inward.is_some(), is_door, "kind = \"door\""),
        ("outward", raw.outward.is_some(), is_door, "kind = \"door\""),
        (
            "action",
            raw.action.is_some(),
            kind == SensorKind::Button,
            "kind = \"button\"",
        ),
        (
            "nearer_than",
            raw.nearer_than.is_some(),
            is_distance,
            "quantity = \"distance\"",
        ),
        (
            "piece",
            raw.piece.is_some(),
            is_scale,
            "kind = \"stock\" with quantity = \"mass\"",
        ),
    ] {
        if given && !fits {
            report.error(
                &format!("{key}.{field}"),
                format!("{field:?} means nothing here"),
                format!("remove it: it goes with {whose}"),
            );
        }
    }
    if is_door && raw.inward.is_some() != raw.outward.is_some() {
        report.error(
            key,
            "a door needs both ways",
            "give inward and outward, or neither where one message has both",
        );
    }
    if kind == SensorKind::Number && named.is_none() {
        report.error(
            key,
            "a sensor of kind \"number\" can be anything: which of what it says is meant?",
            "add quantity = one of docs/facts.md, such as \"precipitation\"",
        );
    }
    if is_distance && raw.nearer_than.is_none() {
        report.error(
            &format!("{key}.quantity"),
            "a distance alone says nothing about people",
            "add nearer_than = the distance below which somebody is there, such as \"80 cm\"",
        );
    }
    if is_scale && piece_mg(raw) == 0 {
        report.error(
            &format!("{key}.quantity"),
            "a weight alone says nothing about pieces",
            "add piece = the weight of one, such as \"350 g\"",
        );
    }
}

/// Weight of one piece; none when there is none or it is none.
fn piece_mg(raw: &device::Feed) -> u32 {
    let piece = raw.piece.as_ref().filter(|p| p.0.unit == Unit::Gram);
    let mg = piece.map_or(0, |piece| piece.0.milli.clamp(0, PIECE_MG_MAX));
    u32::try_from(mg).expect("it is clamped to what fits")
}
