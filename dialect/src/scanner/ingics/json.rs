//! JSON of gateways that decode: one report, or a list of reports or lines in
//! `data` (`mappingIgsJson` in `lib/message-parser.js` and `igsMapping` in
//! `lib/ibs-parser.js` of ingics/ingics-message-parser). Short and long names
//! mean the same.

use super::super::{advertised, beacon, device, heard};
use crate::{
    Fact, Unreadable,
    advert::Keys,
    fact::{Device, Sink, Source},
    field::{Field, Scale, about, find, measured, online, same, scaled, several},
    quantity::Quantity as Q,
    scalar::{Scalar, uuid},
    time,
};
use protocol::beacon::Beacon;
use serde_json::{Map, Value};
use std::borrow::Cow;

/// Sorted by name.
const FIELDS: &[Field] = &[
    same("battery", Q::BatteryVoltage),
    same("btn", Q::Pressed),
    same("button", Q::Pressed),
    same("co2", Q::Co2),
    same("counter", Q::Count),
    scaled("current", Q::Current, Scale::Per(1e6)),
    same("detect", Q::Detected),
    same("din", Q::Input),
    several("din2", Q::Input, 1),
    same("fall", Q::FreeFall),
    scaled("gp", Q::Pressure, Scale::Times(100.0)),
    same("hall", Q::Contact),
    same("humidity", Q::Humidity),
    same("ir", Q::Detected),
    same("lux", Q::Illuminance),
    same("move", Q::Moving),
    same("moving", Q::Moving),
    same("nox", Q::NoxIndex),
    same("pir", Q::Motion),
    same("pm10p0", Q::Pm10),
    same("pm2p5", Q::Pm25),
    scaled("range", Q::Distance, Scale::Per(1000.0)),
    same("rh", Q::Humidity),
    same("temp", Q::Temperature),
    same("temp_ext", Q::ProbeTemperature),
    same("temperature", Q::Temperature),
    same("temperatureEnv", Q::Temperature),
    same("temperatureExt", Q::ProbeTemperature),
    same("temperature_ext", Q::ProbeTemperature),
    same("vbatt", Q::BatteryVoltage),
    same("voc", Q::VocIndex),
    scaled("voltage", Q::Voltage, Scale::Per(1000.0)),
    same("xtemp", Q::ProbeTemperature),
];

pub(super) fn read(payload: &[u8], keys: &Keys<'_>, sink: &mut Sink<'_>) -> Result<(), Unreadable> {
    let message: Map<String, Value> = crate::scalar::object(payload)?;
    let Some(Value::Array(reports)) = message.get("data") else {
        return report(&message, keys, sink).ok_or(Unreadable("no report of an Ingics gateway"));
    };
    for element in reports {
        match element {
            Value::String(line) => super::read_line(line.trim(), keys, sink),
            Value::Object(element) => report(element, keys, sink),
            _ => None,
        };
    }
    Ok(())
}

fn report(report: &Map<String, Value>, keys: &Keys<'_>, sink: &mut Sink<'_>) -> Option<()> {
    let get = |key: &str| scalar(report.get(key));
    let text = |key: &str| report.get(key).and_then(Value::as_str);
    let kind = text("type")?;
    let scanner = text("gw").or(text("reader"));
    let at = get("ts");
    let source = Source {
        scanner,
        time: time::read(&at),
        ..Source::default()
    };
    let Some(tag) = text("tag") else {
        return gateway(kind, report, source, sink);
    };
    let source = Source {
        device: device(Some(tag), None),
        rssi_dbm: get("rssi").number().and_then(crate::scalar::dbm),
        ..source
    };
    let raw = text("raw_data").and_then(|raw| advertised(source, raw, keys, sink));
    if raw.is_none() {
        let ibeacon = ibeacon(report, source);
        ibeacon
            .or_else(|| heard(source))
            .into_iter()
            .for_each(&mut *sink);
    }
    if kind != "Unknown" && kind != "iBeacon" {
        about(source, "model", Some(kind))
            .into_iter()
            .for_each(&mut *sink);
    }
    fields(report, source, sink);
    Some(())
}

fn fields(report: &Map<String, Value>, source: Source<'_>, sink: &mut Sink<'_>) {
    for (key, value) in report {
        let value = scalar(Some(value));
        if let Some(says) = find(FIELDS, key).and_then(|field| field.read(&value)) {
            sink(Fact { source, says });
        }
    }
    // Thousandths of g, once or three times.
    let several = report.get("accels").and_then(Value::as_array);
    let samples = report
        .get("accel")
        .into_iter()
        .chain(several.into_iter().flatten());
    for (nth, sample) in samples.enumerate() {
        for (axis, quantity) in [
            ("x", Q::AccelerationX),
            ("y", Q::AccelerationY),
            ("z", Q::AccelerationZ),
        ] {
            if let Some(mg) = scalar(sample.get(axis)).number() {
                sink(measured(source, quantity, nth as u8, mg / 1000.0));
            }
        }
    }
}

fn gateway(
    kind: &str,
    report: &Map<String, Value>,
    source: Source<'_>,
    sink: &mut Sink<'_>,
) -> Option<()> {
    let source = Source {
        device: source.scanner.map(Device::Named),
        ..source
    };
    let get = |short, long| scalar(report.get(short).or_else(|| report.get(long))).number();
    match kind {
        "HEARTBEAT" => sink(online(source, true)),
        "GNSS" => {
            sink(measured(source, Q::Latitude, 0, get("lat", "latitude")?));
            sink(measured(source, Q::Longitude, 0, get("long", "longitude")?));
        }
        _ => return None,
    }
    Some(())
}

fn ibeacon<'s>(report: &Map<String, Value>, source: Source<'s>) -> Option<Fact<'s>> {
    let get = |key: &str| scalar(report.get(key));
    let ibeacon = Beacon::IBeacon {
        uuid: uuid(get("uuid").text()?)?,
        major: get("major").whole()?,
        minor: get("minor").whole()?,
    };
    let power = report.get("ref_tx").or_else(|| report.get("tx_power"));
    Some(beacon(source, ibeacon, scalar(power).reference_dbm()))
}

fn scalar(value: Option<&Value>) -> Scalar<'_> {
    match value {
        Some(Value::Bool(flag)) => Scalar::Flag(*flag),
        Some(Value::Number(number)) => number.as_f64().map_or(Scalar::Absent, Scalar::Number),
        Some(Value::String(text)) => Scalar::Text(Cow::Borrowed(text)),
        Some(Value::Null | Value::Array(_) | Value::Object(_)) | None => Scalar::Absent,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted() {
        crate::field::testing::is_sorted(FIELDS);
    }
}
