//! Scanners and sensors.

use super::floor::Floor;
use crate::{
    raw::store::{self, Source, Store},
    report::Report,
    shell::ScannerSource,
};
use engine::plan::{Scanner, ScannerIx, Sensor, SensorKind, ZoneIx};
use protocol::{beacon::Beacon, frame::MAX_READINGS, written::NoBeacon};
use std::collections::BTreeMap;

/// Silence after which a sensor's value is no longer used, unless stated:
/// common sensors report every one to five minutes.
const STALE_AFTER_MS: u64 = 600_000;

/// Scanners, and how each speaks.
pub(crate) fn scanners(
    raw: &Store,
    floor: &Floor,
    report: &mut Report<'_>,
) -> (Vec<Scanner>, Vec<ScannerSource>) {
    let (mut scanners, mut sources) = (Vec::new(), Vec::new());
    for (i, raw) in raw.scanners.iter().enumerate() {
        let key = format!("scanners[{i}]");
        let at = floor.placed(raw.at, raw.level, &key, report);
        let offset_db = raw.offset.as_ref().map_or(0.0, |d| d.0 as f32 / 1000.0);
        sources.push(source(raw, &key, report));
        scanners.extend(raw.id.0.parse().ok().map(|id| Scanner {
            id,
            at,
            offset_db,
            beacon: beacon(raw, &key, report),
            level: raw.level,
        }));
    }
    let each = || raw.scanners.iter().enumerate();
    report.unique(
        each().map(|(i, s)| (format!("scanners[{i}].id"), s.id.0.as_str())),
        "scanner",
    );
    let bases =
        each().filter_map(|(i, s)| Some((format!("scanners[{i}].base"), s.base.as_deref()?)));
    report.unique(bases, "topic base");
    let rooms =
        each().filter_map(|(i, s)| Some((format!("scanners[{i}].room"), s.room.as_deref()?)));
    report.unique(rooms, "room");
    (scanners, sources)
}

fn source(raw: &store::Scanner, key: &str, report: &mut Report<'_>) -> ScannerSource {
    let (base, room) = (raw.base.as_deref(), raw.room.as_deref());
    for (name, given, owner) in [
        ("base", base, Source::Theengs),
        ("room", room, Source::Espresense),
    ] {
        match given {
            Some(_) if raw.source != owner => report.error(
                &format!("{key}.{name}"),
                format!("{name:?} means nothing for this source"),
                format!("remove it, or set source = {:?}", source_name(owner)),
            ),
            None if raw.source == owner => report.error(
                &format!("{key}.source"),
                format!("source {:?} needs {name:?}", source_name(owner)),
                match owner {
                    Source::Theengs => "add base = the topic in front of /BTtoMQTT/",
                    Source::Espresense | Source::Node => "add room = the name the device shows",
                },
            ),
            Some(text) => check_topic(text, name, key, report),
            None => {}
        }
    }
    match raw.source {
        Source::Node => ScannerSource::Node,
        Source::Theengs => ScannerSource::Theengs {
            base: base.unwrap_or_default().to_owned(),
        },
        Source::Espresense => ScannerSource::Espresense {
            room: room.unwrap_or_default().to_owned(),
        },
    }
}

fn source_name(source: Source) -> &'static str {
    match source {
        Source::Node => "node",
        Source::Theengs => "theengs",
        Source::Espresense => "espresense",
    }
}

/// What a scanner sends itself.
fn beacon(raw: &store::Scanner, key: &str, report: &mut Report<'_>) -> Option<Beacon> {
    let beacon = raw.beacon.as_ref()?.parse();
    beacon
        .map_err(|why: NoBeacon| {
            let what = "no beacon is written like that";
            report.error(&format!("{key}.beacon"), what, why.to_string());
        })
        .ok()
}

fn check_topic(text: &str, name: &str, key: &str, report: &mut Report<'_>) {
    let wild = text.contains(['+', '#']);
    let slashes = text.starts_with('/') || text.ends_with('/') || text.contains("//");
    let deep = name == "room" && text.contains('/');
    if wild || slashes || deep {
        report.error(
            &format!("{key}.{name}"),
            format!("{text:?} cannot stand in a topic"),
            "leave out +, # and slashes at the ends; a room is one level",
        );
    }
}

/// Sensors.
pub(crate) fn sensors(raw: &Store, floor: &Floor, report: &mut Report<'_>) -> Vec<Sensor> {
    let zones = || raw.zones.iter().map(|z| z.id.0.as_str());
    let mut sensors = Vec::new();
    for (i, sensor) in raw.sensors.iter().enumerate() {
        let key = format!("sensors[{i}]");
        let zone = sensor
            .zone
            .as_ref()
            .and_then(|zone| report.find(&format!("{key}.zone"), "zone", &zone.0, zones()));
        let level = zone.map_or(0, |zone| raw.zones[zone].level);
        let at = floor.placed(sensor.at, level, &key, report);
        let node = wiring(raw, sensor, &key, report);
        check_sku(sensor, &key, report);
        let stale_after_ms = sensor.stale_after.as_ref().map_or(STALE_AFTER_MS, |d| d.0);
        if stale_after_ms < 5_000 {
            report.error(
                &format!("{key}.stale_after"),
                "a value is useless when it is stale within 5 seconds",
                "give at least twice the time between two messages",
            );
        }
        sensors.extend(sensor.id.0.parse().ok().map(|id| Sensor {
            id,
            at,
            zone: zone.map(|z| ZoneIx(z as u8)),
            kind: kind(sensor.kind),
            stale_after_ms,
            node,
            sku: sensor.sku.as_ref().map(|s| s.0.clone()),
        }));
    }
    check_sensor_names(raw, report);
    sensors
}

fn wiring(
    raw: &Store,
    sensor: &store::Sensor,
    key: &str,
    report: &mut Report<'_>,
) -> Option<(ScannerIx, u8)> {
    let (node, port) = match (&sensor.node, sensor.port) {
        (Some(node), Some(port)) => (node, port),
        (None, None) => return None,
        (one, _) => {
            let (there, missing) = if one.is_some() {
                ("node", "port")
            } else {
                ("port", "node")
            };
            report.error(
                &format!("{key}.{there}"),
                format!("{there:?} without {missing:?}"),
                "a sensor is wired to a port of a node: give both, or neither",
            );
            return None;
        }
    };
    let names = raw.scanners.iter().map(|s| s.id.0.as_str());
    let key = format!("{key}.node");
    let scanner = report.find(&key, "scanner", &node.0, names)?;
    if raw.scanners[scanner].source != Source::Node {
        report.error(
            &key,
            format!("scanner {:?} is not a node: it has no ports", node.0),
            "wire the sensor to a scanner of source \"node\", or leave node and port out",
        );
    }
    Some((ScannerIx(scanner as u8), port))
}

fn check_sku(sensor: &store::Sensor, key: &str, report: &mut Report<'_>) {
    match (sensor.kind, &sensor.sku) {
        (store::SensorKind::Stock, None) => report.error(
            &format!("{key}.kind"),
            "a stock sensor counts one product, but none is named",
            "add sku = the number the tills print",
        ),
        (store::SensorKind::Stock, Some(_)) | (_, None) => {}
        (_, Some(_)) => report.error(
            &format!("{key}.sku"),
            "only a sensor of kind \"stock\" counts a product",
            "remove sku, or set kind = \"stock\"",
        ),
    }
}

fn check_sensor_names(raw: &Store, report: &mut Report<'_>) {
    let each = || raw.sensors.iter().enumerate();
    report.unique(
        each().map(|(i, s)| (format!("sensors[{i}].id"), s.id.0.as_str())),
        "sensor",
    );
    let skus =
        each().filter_map(|(i, s)| Some((format!("sensors[{i}].sku"), s.sku.as_ref()?.0.as_str())));
    report.unique(skus, "stock of product");
    let mut wired: BTreeMap<&str, BTreeMap<u8, usize>> = BTreeMap::new();
    for (i, sensor) in each() {
        let (Some(node), Some(port)) = (&sensor.node, sensor.port) else {
            continue;
        };
        let ports = wired.entry(&node.0).or_default();
        if let Some(first) = ports.insert(port, i) {
            report.error(
                &format!("sensors[{i}].port"),
                format!(
                    "port {port} of {:?} is taken by {:?}",
                    node.0, raw.sensors[first].id.0
                ),
                "give each sensor of a node its own port",
            );
        } else if ports.len() > MAX_READINGS {
            report.error(
                &format!("sensors[{i}].node"),
                format!("node {:?} has more than {MAX_READINGS} sensors", node.0),
                "a node's frame carries that many readings; wire the rest to another node",
            );
        }
    }
}

fn kind(raw: store::SensorKind) -> SensorKind {
    match raw {
        store::SensorKind::Temperature => SensorKind::Temperature,
        store::SensorKind::Humidity => SensorKind::Humidity,
        store::SensorKind::Light => SensorKind::Light,
        store::SensorKind::Occupancy => SensorKind::Occupancy,
        store::SensorKind::Door => SensorKind::Door,
        store::SensorKind::ShelfWeight => SensorKind::ShelfWeight,
        store::SensorKind::Stock => SensorKind::Stock,
        store::SensorKind::Queue => SensorKind::Queue,
    }
}
