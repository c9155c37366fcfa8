//! What a room of ESPresense keeps below `espresense/rooms/<room>/`: the names
//! stand in the `pub(...)` calls of `src/*.cpp`, all retained.

use super::fields;
use crate::{
    Fact, Unreadable,
    fact::{Device, Sink, Source},
    field::{Field, Scale, find, online, same, scaled, several},
    quantity::Quantity as Q,
    scalar::{Scalar, flag, plain},
};
use std::borrow::Cow;

/// Sorted by name.
const VALUES: &[Field] = &[
    same("ahtx0_humidity", Q::Humidity),
    same("ahtx0_temperature", Q::Temperature),
    same("bh1750_lux", Q::Illuminance),
    same("bme280_humidity", Q::Humidity),
    scaled("bme280_pressure", Q::Pressure, Scale::Times(100.0)),
    same("bme280_temperature", Q::Temperature),
    scaled("bmp180_pressure", Q::Pressure, Scale::Times(100.0)),
    same("bmp180_temperature", Q::Temperature),
    scaled("bmp280_pressure", Q::Pressure, Scale::Times(100.0)),
    same("bmp280_temperature", Q::Temperature),
    same("button", Q::Pressed),
    several("button_1", Q::Pressed, 1),
    several("button_2", Q::Pressed, 2),
    same("co2", Q::Co2),
    several("ds18b20_temperature_1", Q::ProbeTemperature, 1),
    several("ds18b20_temperature_2", Q::ProbeTemperature, 2),
    several("ds18b20_temperature_3", Q::ProbeTemperature, 3),
    several("ds18b20_temperature_4", Q::ProbeTemperature, 4),
    same("humidity", Q::Humidity),
    same("motion", Q::Motion),
    several("pir", Q::Motion, 1),
    several("radar", Q::Motion, 2),
    same("raw_weight", Q::RawMass),
    same("switch", Q::Input),
    several("switch_1", Q::Input, 1),
    several("switch_2", Q::Input, 2),
    same("temperature", Q::Temperature),
    same("tsl2561_lux", Q::Illuminance),
    // Sensirion's driver says parts per billion.
    scaled("tvoc", Q::VocRatio, Scale::Per(1000.0)),
];

/// `sendTelemetry` in `src/main.cpp`. Sorted by name.
const TELEMETRY: &[Field] = &[
    same("adverts", Q::Advertisements),
    same("count", Q::Count),
    same("freeHeap", Q::MemoryFree),
    same("rssi", Q::SignalStrength),
    same("uptime", Q::Uptime),
];

pub(super) fn read(
    room: &str,
    what: &str,
    payload: &[u8],
    sink: &mut Sink<'_>,
) -> Result<(), Unreadable> {
    let source = Source {
        scanner: Some(room),
        device: Some(Device::Named(room)),
        ..Source::default()
    };
    match what {
        "known_irks" => Err(Unreadable(
            "keys of phones: deny espresense/rooms/+/known_irks to everybody on the broker",
        )),
        "status" => {
            let there = plain(payload).and_then(flag);
            sink(online(
                source,
                there.ok_or(Unreadable("not online or offline"))?,
            ));
            Ok(())
        }
        "telemetry" => fields(TELEMETRY, source, payload, sink),
        _ => {
            value(what, payload, source, sink);
            Ok(())
        }
    }
}

/// Settings and whatever else a room keeps are passed over.
fn value(what: &str, payload: &[u8], source: Source<'_>, sink: &mut Sink<'_>) -> Option<()> {
    let field = find(VALUES, what)?;
    let mut value = Scalar::Text(Cow::Borrowed(plain(payload)?));
    if let (Q::RawMass, Some(counts)) = (field.quantity, value.number()) {
        // The driver prints a signed number of 32 bits as an unsigned one.
        value = Scalar::Number(f64::from((counts as u32).cast_signed()));
    }
    let says = field.read(&value)?;
    sink(Fact { source, says });
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_are_sorted() {
        crate::field::testing::is_sorted(VALUES);
        crate::field::testing::is_sorted(TELEMETRY);
        crate::field::testing::is_sorted(super::super::FIELDS);
    }
}
