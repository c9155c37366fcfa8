//! Sensors, and what feeds them.

use super::{feed, floor::Floor};
use crate::{
    raw::{
        device::{self, Source},
        store::Store,
    },
    report::Report,
    shell::Feed,
};
use engine::plan::{ScannerIx, Sensor, SensorKind, ZoneIx};
use protocol::frame::MAX_READINGS;
use std::{collections::BTreeMap, path::Path};

/// Silence after which a sensor's value is no longer used, unless stated:
/// common sensors report every one to five minutes.
const STALE_AFTER_MS: u64 = 600_000;
/// How long a press counts, unless stated: somebody still stands there.
const PRESS_COUNTS_MS: u64 = 30_000;

/// Sensors, and what feeds each.
pub(crate) fn build(
    raw: &Store,
    floor: &Floor,
    folder: &Path,
    report: &mut Report<'_>,
) -> (Vec<Sensor>, Vec<Option<Feed>>) {
    let zones = || raw.zones.iter().map(|z| z.id.0.as_str());
    let (mut sensors, mut feeds) = (Vec::new(), Vec::new());
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
        let stale_after_ms = stale_after_ms(sensor, &key, report);
        feeds.push(feed::build(raw, sensor, &key, folder, report));
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
    (sensors, feeds)
}

fn stale_after_ms(sensor: &device::Sensor, key: &str, report: &mut Report<'_>) -> u64 {
    let usual = match sensor.kind {
        device::SensorKind::Button => PRESS_COUNTS_MS,
        _ => STALE_AFTER_MS,
    };
    let stale_after_ms = sensor.stale_after.as_ref().map_or(usual, |d| d.0);
    if stale_after_ms < 5_000 {
        report.error(
            &format!("{key}.stale_after"),
            "a value is useless when it is stale within 5 seconds",
            "give at least twice the time between two messages",
        );
    }
    stale_after_ms
}

fn wiring(
    raw: &Store,
    sensor: &device::Sensor,
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

fn check_sku(sensor: &device::Sensor, key: &str, report: &mut Report<'_>) {
    use device::SensorKind as Kind;
    match (sensor.kind, &sensor.sku) {
        (Kind::Stock, None) => report.error(
            &format!("{key}.kind"),
            "a stock sensor counts one product, but none is named",
            "add sku = the number the tills print",
        ),
        (Kind::Price, None) => report.error(
            &format!("{key}.kind"),
            "a price sensor says what one product costs, but none is named",
            "add sku = the number the tills print",
        ),
        (Kind::Stock | Kind::Price, Some(_)) | (_, None) => {}
        (_, Some(_)) => report.error(
            &format!("{key}.sku"),
            "only sensors of kind \"stock\" and \"price\" are about a product",
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
    for (kind, what) in [
        (device::SensorKind::Stock, "stock of product"),
        (device::SensorKind::Price, "price of product"),
    ] {
        let of_kind = each().filter(|(_, s)| s.kind == kind);
        let skus = of_kind
            .filter_map(|(i, s)| Some((format!("sensors[{i}].sku"), s.sku.as_ref()?.0.as_str())));
        report.unique(skus, what);
    }
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

fn kind(raw: device::SensorKind) -> SensorKind {
    match raw {
        device::SensorKind::Temperature => SensorKind::Temperature,
        device::SensorKind::Humidity => SensorKind::Humidity,
        device::SensorKind::Light => SensorKind::Light,
        device::SensorKind::Occupancy => SensorKind::Occupancy,
        device::SensorKind::Door => SensorKind::Door,
        device::SensorKind::ShelfWeight => SensorKind::ShelfWeight,
        device::SensorKind::Stock => SensorKind::Stock,
        device::SensorKind::Queue => SensorKind::Queue,
        device::SensorKind::Button => SensorKind::Button,
        device::SensorKind::Price => SensorKind::Price,
        device::SensorKind::Number => SensorKind::Number,
    }
}
