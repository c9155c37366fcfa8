//! How other makers name what our facts say.

use super::said::Said;
use serde_json::Value;

/// Where a source's field stands in our facts.
pub enum Rule {
    /// A property of a fact.
    Source(fn(&Said) -> Value),
    /// The sender's time; milliseconds in one of theirs.
    Time(f64),
    /// Measured, one of these; theirs is ours times this.
    Measured(&'static [&'static str], f64),
    /// Measured along an axis, by name or by place: which and how manieth.
    Axis(fn(&str, usize) -> (&'static str, usize), f64),
    /// What a device says of itself.
    About(&'static str),
    /// In any fact.
    Somewhere,
    /// Not in the message, or said by another field: why.
    Skip(#[expect(dead_code, reason = "for the reader of the table")] &'static str),
}

/// The rule for a field, by its last name.
pub fn rule(name: &str) -> Option<Rule> {
    source(name)
        .or_else(|| measured(name))
        .or_else(|| about(name))
}

fn source(name: &str) -> Option<Rule> {
    Some(match name {
        "scanner" | "gateway" => Rule::Source(|said| said.fact["scanner"].clone()),
        "rssi" => Rule::Source(|said| said.fact["rssi_dbm"].clone()),
        "rssi_at_1m" | "tx_power" | "tx" => Rule::Source(|said| said.fact["reference_dbm"].clone()),
        "uuid" => Rule::Source(|said| said.fact["uuid"].clone()),
        "major" => Rule::Source(|said| said.fact["major"].clone()),
        "minor" => Rule::Source(|said| said.fact["minor"].clone()),
        "random_mac" => Rule::Source(|said| {
            let kind = said.fact["address_kind"].as_str().unwrap_or_default();
            kind.starts_with("random").into()
        }),
        "online" | "bridge_online" => Rule::Source(|said| said.fact["online"].clone()),
        "broadcast" | "tag" => Rule::Source(|said| said.fact["action"].clone()),
        "ts" => Rule::Time(1000.0),
        "ts_ms" | "timestamp" | "ts_local" | "ts_raw" => Rule::Time(1.0),
        _ => return None,
    })
}

fn measured(name: &str) -> Option<Rule> {
    let measured = |quantities| Rule::Measured(quantities, 1.0);
    Some(match name {
        "temperature" => measured(&["temperature", "device_temperature"]),
        "temperature_celsius" => measured(&["temperature"]),
        "temperatureExt" => measured(&["probe_temperature"]),
        "humidity" | "humidity_percentage" => measured(&["humidity"]),
        "battery" => measured(&["battery", "battery_voltage"]),
        "voltage" | "battery_voltage_mv" => Rule::Measured(&["battery_voltage"], 1000.0),
        "pressure" | "pressure_hpa" | "gp" => Rule::Measured(&["pressure"], 0.01),
        "illuminance" => measured(&["illuminance"]),
        "distance" => measured(&["distance"]),
        "distance_cm" => Rule::Measured(&["target_distance"], 100.0),
        "energy" => measured(&["target_energy"]),
        "motion" | "active" | "pir" => measured(&["motion"]),
        "occupancy" => measured(&["occupancy"]),
        "present" => measured(&["presence"]),
        "output" => measured(&["output"]),
        "button" => measured(&["pressed"]),
        "moving" => measured(&["moving"]),
        "hall" => measured(&["contact", "opening", "detected", "door"]),
        "fall" => measured(&["free_fall"]),
        "ir" => measured(&["detected"]),
        "din" => measured(&["input"]),
        "flip" => measured(&["flipped"]),
        "co2" => measured(&["co2"]),
        "counter" => measured(&["count"]),
        "lat" => measured(&["latitude"]),
        "lon" => measured(&["longitude"]),
        "packet_id" => measured(&["packet_id"]),
        "crossings_total" => measured(&["passages"]),
        "seq" | "measurement_sequence_number" => measured(&["sequence"]),
        "movement_counter" => measured(&["movement_count"]),
        "tx_power_dbm" => measured(&["tx_power"]),
        "acceleration_total_mg" => Rule::Measured(&["acceleration_total"], 1000.0),
        "acceleration_vector_mg" => Rule::Axis(|_, nth| (AXES[nth], 0), 1000.0),
        "x" => Rule::Axis(|_, nth| (AXES[0], nth), 1000.0),
        "y" => Rule::Axis(|_, nth| (AXES[1], nth), 1000.0),
        "z" => Rule::Axis(|_, nth| (AXES[2], nth), 1000.0),
        _ => return None,
    })
}

const AXES: [&str; 3] = ["acceleration_x", "acceleration_y", "acceleration_z"];

fn about(name: &str) -> Option<Rule> {
    Some(match name {
        "device" | "beacon" | "mac" => Rule::Somewhere,
        "flags" => Rule::About("flags"),
        "eventFlag" => Rule::About("event_flag"),
        "user" => Rule::About("user"),
        "reason" => Rule::About("reason"),
        "state" => Rule::About("state"),
        "target" => Rule::About("target"),
        "sensor" => Rule::About("sensor"),
        "raw" | "ad" | "data" | "name" | "node" | "property" | "value" | "deviceHash" => {
            Rule::Somewhere
        }
        "type" | "company" | "mfg" | "code" => Rule::Skip("the kind of report, or of its bytes"),
        "scenario" | "typeId" | "slat" => Rule::Skip("of a stranger's laptop: its bytes are there"),
        "scan_info" | "adv_type" => Rule::Skip("said as the kind of address, where it says one"),
        "component" => Rule::Skip("said as the number of the value"),
        "dataType" => Rule::Skip("said as the value's own type"),
        "note" => Rule::Skip("to the reader"),
        _ => return None,
    })
}
