//! Components of Shelly devices and what their states mean: one section of the
//! Gen2 device API each ("Status" in "Components and Services").

use crate::{
    fact::{Says, Value},
    field::{Field, Scale, find, same, scaled, several},
    quantity::Quantity as Q,
    scalar::Scalar,
};

/// `switch:0`: a kind and a number.
#[derive(Clone, Copy)]
pub(super) struct Component<'c> {
    pub(super) kind: &'c str,
    pub(super) id: u8,
}

impl<'c> Component<'c> {
    pub(super) fn named(name: &'c str) -> Self {
        let (kind, id) = name.split_once(':').unwrap_or((name, "0"));
        // Bluetooth sensors are numbered from 200 on.
        let id = id.parse().unwrap_or(u8::MAX);
        Self { kind, id }
    }
}

/// What one value of a component's state says; `names` lead to it.
pub(super) fn says<'v>(
    component: Component<'_>,
    names: &[&str],
    value: &'v Scalar<'_>,
) -> Option<Says<'v>> {
    let table = match component.kind {
        "switch" | "light" | "rgb" | "rgbw" | "cct" | "rgbcct" | "pm1" | "em1" | "em1data"
        | "voltmeter" => POWERED,
        "em" | "emdata" => PHASES,
        "cover" => COVER,
        "temperature" | "humidity" | "illuminance" | "devicepower" => CLIMATE,
        "input" => INPUT,
        "smoke" => SMOKE,
        "flood" => FLOOD,
        "presence" | "presencezone" => PRESENCE,
        "thermostat" => THERMOSTAT,
        "bthomedevice" => BLUETOOTH,
        "wifi" | "sys" => DEVICE,
        "boolean" | "number" | "text" | "enum" | "bthomesensor" => {
            return (names == ["value"]).then(|| virtually(component, value))?;
        }
        _ => return None,
    };
    let field = match names {
        [key] => find(table, key),
        // One level of names: `temperature.tC`, `aenergy.total`.
        [outer, inner] => nested(outer, inner).and_then(|key| find(table, key)),
        _ => None,
    }?;
    // Phases count by themselves; there is one meter to a device.
    let nth = if field.nth == 0 {
        component.id
    } else {
        field.nth
    };
    Field { nth, ..*field }.read(value)
}

/// Two names in one another under the one name they have in the tables.
fn nested(outer: &str, inner: &str) -> Option<&'static str> {
    Some(match (outer, inner) {
        ("temperature", "tC") => "temperature.tC",
        ("aenergy", "total") => "aenergy.total",
        ("ret_aenergy", "total") => "ret_aenergy.total",
        ("battery", "percent") => "battery.percent",
        ("battery", "V") => "battery.V",
        ("external", "present") => "external.present",
        ("counts", "total") => "counts.total",
        ("counts", "xtotal") => "counts.xtotal",
        _ => return None,
    })
}

/// Components that the owner of a device makes up, or that stand for a value
/// of a Bluetooth sensor: what they mean, only the owner knows.
fn virtually<'v>(component: Component<'_>, value: &'v Scalar<'_>) -> Option<Says<'v>> {
    let (quantity, value) = match value {
        Scalar::Flag(flag) => (Q::Generic, Value::Flag(*flag)),
        Scalar::Number(number) => (Q::Number, Value::Number(*number)),
        Scalar::Text(text) => (Q::Text, Value::Text(text)),
        Scalar::Absent => return None,
    };
    Some(Says::Measured {
        quantity,
        nth: component.id,
        value,
    })
}

/// Watt-hours in a kilowatt-hour.
const KILO: Scale = Scale::Per(1000.0);

// All sorted by name.
const POWERED: &[Field] = &[
    same("act_power", Q::Power),
    scaled("aenergy.total", Q::Energy, KILO),
    same("apower", Q::Power),
    same("aprt_power", Q::ApparentPower),
    same("brightness", Q::Brightness),
    same("current", Q::Current),
    same("freq", Q::Frequency),
    same("output", Q::Output),
    same("pf", Q::PowerFactor),
    scaled("ret_aenergy.total", Q::EnergyReturned, KILO),
    same("temperature.tC", Q::DeviceTemperature),
    scaled("total_act_energy", Q::Energy, KILO),
    scaled("total_act_ret_energy", Q::EnergyReturned, KILO),
    same("voltage", Q::Voltage),
];

/// Phase a is 0, b 1, c 2, all together 3.
const PHASES: &[Field] = &[
    several("a_act_power", Q::Power, 0),
    several("a_current", Q::Current, 0),
    several("a_pf", Q::PowerFactor, 0),
    several("a_voltage", Q::Voltage, 0),
    several("b_act_power", Q::Power, 1),
    several("b_current", Q::Current, 1),
    several("b_pf", Q::PowerFactor, 1),
    several("b_voltage", Q::Voltage, 1),
    several("c_act_power", Q::Power, 2),
    several("c_current", Q::Current, 2),
    several("c_pf", Q::PowerFactor, 2),
    several("c_voltage", Q::Voltage, 2),
    scaled("total_act", Q::Energy, KILO),
    several("total_act_power", Q::Power, 3),
    scaled("total_act_ret", Q::EnergyReturned, KILO),
    several("total_aprt_power", Q::ApparentPower, 3),
    several("total_current", Q::Current, 3),
];

const COVER: &[Field] = &[
    scaled("aenergy.total", Q::Energy, KILO),
    same("apower", Q::Power),
    same("current", Q::Current),
    same("current_pos", Q::Position),
    same("freq", Q::Frequency),
    same("pf", Q::PowerFactor),
    same("temperature.tC", Q::DeviceTemperature),
    same("voltage", Q::Voltage),
];

const CLIMATE: &[Field] = &[
    same("battery.V", Q::BatteryVoltage),
    same("battery.percent", Q::Battery),
    same("external.present", Q::Plug),
    same("lux", Q::Illuminance),
    same("rh", Q::Humidity),
    same("tC", Q::Temperature),
];

const INPUT: &[Field] = &[
    same("counts.total", Q::Count),
    same("freq", Q::Frequency),
    same("percent", Q::Level),
    same("state", Q::Input),
];

const SMOKE: &[Field] = &[same("alarm", Q::Smoke)];

const FLOOD: &[Field] = &[same("alarm", Q::Wet)];

const PRESENCE: &[Field] = &[
    same("num_objects", Q::Occupants),
    same("value", Q::Presence),
];

const THERMOSTAT: &[Field] = &[
    same("current_C", Q::Temperature),
    same("current_humidity", Q::Humidity),
    same("output", Q::Output),
    same("target_C", Q::TargetTemperature),
];

const BLUETOOTH: &[Field] = &[
    same("battery", Q::Battery),
    same("packet_id", Q::PacketId),
    same("rssi", Q::SignalStrength),
];

const DEVICE: &[Field] = &[
    same("ram_free", Q::MemoryFree),
    same("rssi", Q::SignalStrength),
    same("uptime", Q::Uptime),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_are_sorted() {
        for table in [
            POWERED, PHASES, COVER, CLIMATE, INPUT, SMOKE, FLOOD, PRESENCE, THERMOSTAT, BLUETOOTH,
            DEVICE,
        ] {
            crate::field::testing::is_sorted(table);
        }
    }
}
