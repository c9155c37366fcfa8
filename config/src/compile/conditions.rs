//! What must be true of the shop around.

use super::{Site, contradiction, price};
use crate::{
    doc::Finding,
    raw::{Amount, offer::Offer},
    report::Report,
    suggest::{listed, nearest},
    unit::Unit,
};
use engine::plan::{Bound, Condition, SensorIx, SensorKind, ZoneIx};

/// Looks all conditions up.
pub(crate) fn build(raw: &Offer, site: &Site, report: &mut Report<'_>) -> Vec<Condition> {
    let mut ranged = sensors(raw, site, report);
    ranged.extend(crowds(raw, site, report));
    contradiction::check(raw, &ranged, report);
    let mut conditions: Vec<Condition> = ranged.into_iter().map(|(_, c)| c).collect();
    conditions.extend(stocks(raw, site, report));
    conditions.extend(price::build(raw, site, report));
    conditions
}

/// What a sensor's values are measured in, and between which they lie: what
/// the engine takes for plausible.
pub(crate) fn measured_in(kind: SensorKind) -> (Unit, i64, i64) {
    match kind {
        SensorKind::Temperature => (Unit::Celsius, -40, 85),
        SensorKind::Humidity => (Unit::Percent, 0, 100),
        SensorKind::Light => (Unit::Lux, 0, 200_000),
        // Nobody is 0 people, somebody is 1.
        SensorKind::Occupancy | SensorKind::Button => (Unit::People, 0, 1),
        SensorKind::ShelfWeight => (Unit::Gram, -5_000, 500_000),
        SensorKind::Stock => (Unit::Piece, 0, 65_535),
        SensorKind::Queue => (Unit::People, 0, 500),
        // People in the shop by this door.
        SensorKind::Door => (Unit::People, 0, 100_000),
        SensorKind::Price => (Unit::Money, 0, 4_294_967_295),
        SensorKind::Number => (Unit::Number, -999_999_999, 999_999_999),
    }
}

fn sensors(raw: &Offer, site: &Site, report: &mut Report<'_>) -> Vec<(String, Condition)> {
    let mut conditions = Vec::new();
    for (i, rule) in raw.when.sensor.iter().enumerate() {
        let key = format!("when.sensor[{i}]");
        let id = format!("{key}.id");
        let Some(ix) = report.find(&id, "sensor", &rule.id.0, site.sensor_names()) else {
            continue;
        };
        let (unit, least, most) = measured_in(site.plan.sensors[ix].kind);
        let ends = [("min", rule.min.as_ref()), ("max", rule.max.as_ref())];
        for (name, amount) in ends {
            let Some(amount) = amount else { continue };
            let reachable = (least * 1000..=most * 1000).contains(&amount.0.milli);
            if amount.0.unit == unit && !reachable {
                report.error(
                    &format!("{key}.{name}"),
                    "the sensor never says that",
                    format!("give {least} {} to {most} {}", unit.text(), unit.text()),
                );
            }
        }
        let bound = bound(&key, ends, unit, report);
        let sensor = SensorIx(ix as u16);
        conditions.push((key, Condition::Sensor { sensor, bound }));
    }
    conditions
}

fn crowds(raw: &Offer, site: &Site, report: &mut Report<'_>) -> Vec<(String, Condition)> {
    let mut conditions = Vec::new();
    for (i, rule) in raw.when.crowd.iter().enumerate() {
        let key = format!("when.crowd[{i}]");
        let zone = rule.zone.as_ref().and_then(|zone| {
            report.find(&format!("{key}.zone"), "zone", &zone.0, site.zone_names())
        });
        let ends = [("min", rule.min.as_ref()), ("max", rule.max.as_ref())];
        let bound = bound(&key, ends, Unit::People, report);
        let zone = zone.map(|z| ZoneIx(z as u8));
        conditions.push((key, Condition::Crowd { zone, bound }));
    }
    conditions
}

fn stocks(raw: &Offer, site: &Site, report: &mut Report<'_>) -> Vec<Condition> {
    let counted = |sku: &str| {
        let mut sensors = site.plan.sensors.iter();
        sensors.position(|s| s.kind == SensorKind::Stock && s.sku.as_deref() == Some(sku))
    };
    let mut conditions = Vec::new();
    for (i, rule) in raw.when.stock.iter().enumerate() {
        let key = format!("when.stock[{i}]");
        check_unit(&format!("{key}.min"), &rule.min, Unit::Piece, report);
        let Some(ix) = counted(&rule.sku.0) else {
            let counts = |s: &&engine::plan::Sensor| s.kind == SensorKind::Stock;
            let sensors = || site.plan.sensors.iter().filter(counts);
            let known = || sensors().filter_map(|s| s.sku.as_deref());
            let finding = Finding::error(
                format!("no sensor counts product {:?}", rule.sku.0),
                format!("counted: {}", listed(known())),
            );
            report.add(
                &format!("{key}.sku"),
                finding.meaning(nearest(&rule.sku.0, known())),
            );
            continue;
        };
        conditions.push(Condition::Stock {
            sensor: SensorIx(ix as u16),
            pieces_min: u16::try_from(rule.min.0.milli / 1000).unwrap_or(u16::MAX),
        });
    }
    for (i, sku) in raw.skus.iter().enumerate() {
        let asked = raw.when.stock.iter().any(|rule| rule.sku == *sku);
        if !asked && counted(&sku.0).is_some() {
            report.warn(
                &format!("skus[{i}]"),
                format!(
                    "{:?} is counted on the shelf, but the offer does not ask",
                    sku.0
                ),
                "add [[when.stock]] with this sku, so that an empty shelf is not promoted",
            );
        }
    }
    conditions
}

fn bound(
    key: &str,
    ends: [(&str, Option<&Amount>); 2],
    unit: Unit,
    report: &mut Report<'_>,
) -> Bound {
    for (name, amount) in ends {
        if let Some(amount) = amount {
            check_unit(&format!("{key}.{name}"), amount, unit, report);
        }
    }
    let [min_milli, max_milli] = ends.map(|(_, amount)| amount.map(|a| a.0.milli));
    match (min_milli, max_milli) {
        (None, None) => report.error(
            key,
            "this condition asks nothing",
            format!("add min or max, such as min = \"3 {}\"", unit.text()),
        ),
        (Some(min), Some(max)) if min > max => report.error(
            &format!("{key}.min"),
            "min is above max: no value is both",
            "swap them",
        ),
        _ => {}
    }
    Bound {
        min_milli,
        max_milli,
    }
}

/// Whether an amount is in the unit of what it is compared with.
pub(crate) fn check_unit(key: &str, amount: &Amount, unit: Unit, report: &mut Report<'_>) -> bool {
    let fits = amount.0.unit == unit;
    if !fits && amount.0.unit == Unit::Number {
        report.error(
            key,
            "this number has no unit",
            format!("write it with {}", unit.text()),
        );
    } else if !fits {
        report.error(
            key,
            format!(
                "this is in {}, measured are {}",
                amount.0.unit.text(),
                unit.text()
            ),
            format!("write the number with {}", unit.text()),
        );
    } else if matches!(unit, Unit::People | Unit::Piece) && amount.0.milli % 1000 != 0 {
        report.error(
            key,
            "people and pieces come whole",
            "write a number without a point",
        );
        return false;
    }
    fits
}
