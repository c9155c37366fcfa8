//! Properties of `Zigbee2MQTT`'s devices ("exposes"): names and units as their
//! pages give them.

use super::action;
use crate::{
    fact::{Says, Value},
    field::{Field, Scale, find, same, scaled},
    quantity::Quantity as Q,
    scalar::Scalar,
};

/// Sorted by name.
const FIELDS: &[Field] = &[
    same("ac_frequency", Q::Frequency),
    same("angle", Q::Angle),
    same("battery", Q::Battery),
    same("battery_low", Q::BatteryLow),
    same("brightness", Q::Brightness),
    same("carbon_monoxide", Q::CarbonMonoxide),
    same("co", Q::Co),
    same("co2", Q::Co2),
    same("color_temp", Q::ColourTemperature),
    same("contact", Q::Contact),
    same("current", Q::Current),
    same("current_heating_setpoint", Q::TargetTemperature),
    same("device_temperature", Q::DeviceTemperature),
    same("distance", Q::Distance),
    same("energy", Q::Energy),
    same("formaldehyd", Q::Formaldehyde),
    same("gas", Q::GasDetected),
    same("humidity", Q::Humidity),
    same("illuminance", Q::Illuminance),
    same("illuminance_lux", Q::Illuminance),
    same("linkquality", Q::LinkQuality),
    same("local_temperature", Q::Temperature),
    same("moving", Q::Moving),
    same("noise", Q::SoundLevel),
    same("occupancy", Q::Occupancy),
    same("occupied_heating_setpoint", Q::TargetTemperature),
    same("people", Q::Occupants),
    same("people_count", Q::Occupants),
    same("pm1", Q::Pm1),
    same("pm10", Q::Pm10),
    same("pm25", Q::Pm25),
    same("position", Q::Position),
    same("power", Q::Power),
    same("power_apparent", Q::ApparentPower),
    same("power_factor", Q::PowerFactor),
    same("power_outage_count", Q::Count),
    same("power_reactive", Q::ReactivePower),
    same("presence", Q::Presence),
    scaled("pressure", Q::Pressure, Scale::Times(100.0)),
    same("produced_energy", Q::EnergyReturned),
    same("smoke", Q::Smoke),
    same("soil_moisture", Q::Moisture),
    same("tamper", Q::Tamper),
    same("target_distance", Q::TargetDistance),
    same("temperature", Q::Temperature),
    same("trigger_count", Q::Count),
    same("vibration", Q::Vibration),
    same("voc", Q::Voc),
    same("voc_index", Q::VocIndex),
    same("water_leak", Q::Wet),
    same("weight", Q::Mass),
];

/// What one property says.
pub(super) fn says<'v>(key: &str, value: &'v Scalar<'_>, amount: Option<f64>) -> Option<Says<'v>> {
    match key {
        "action" | "click" => return action::read(value.text()?, amount),
        "voltage" => return Some(voltage(0, value.number()?)),
        _ => {}
    }
    if let Some(field) = find(FIELDS, key) {
        return field.read(value);
    }
    let (name, nth) = channel(key)?;
    match name {
        "state" => state(nth, value),
        "voltage" => Some(voltage(nth, value.number()?)),
        name => {
            let field = find(FIELDS, name)?;
            Field { nth, ..*field }.read(value)
        }
    }
}

/// `temperature_2`, `state_l2`, `contact_right`, `angle_x`: one of several,
/// with the number that the device gives it.
fn channel(key: &str) -> Option<(&str, u8)> {
    if key == "state" {
        return Some((key, 0));
    }
    let (name, channel) = key.rsplit_once('_')?;
    let nth = match channel {
        "left" | "x" => 0,
        "right" | "y" => 1,
        "center" | "z" => 2,
        _ => channel.strip_prefix('l').unwrap_or(channel).parse().ok()?,
    };
    Some((name, nth))
}

/// Mains devices say volts, battery devices millivolts under the same name: no
/// mains has 1000 V, no battery that drives a radio less than 1000 mV.
fn voltage(nth: u8, number: f64) -> Says<'static> {
    let (quantity, volts) = if number < 1000.0 {
        (Q::Voltage, number)
    } else {
        (Q::BatteryVoltage, number / 1000.0)
    };
    Says::Measured {
        quantity,
        nth,
        value: Value::Number(volts),
    }
}

/// Of a plug or lamp, a cover, a lock.
fn state(nth: u8, value: &Scalar<'_>) -> Option<Says<'static>> {
    let (quantity, flag) = match value.text() {
        Some("OPEN") => (Q::Opening, true),
        Some("CLOSE") => (Q::Opening, false),
        Some("UNLOCK") => (Q::Lock, true),
        Some("LOCK") => (Q::Lock, false),
        _ => (Q::PowerOn, value.flag()?),
    };
    Some(Says::Measured {
        quantity,
        nth,
        value: Value::Flag(flag),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted() {
        crate::field::testing::is_sorted(FIELDS);
    }
}
