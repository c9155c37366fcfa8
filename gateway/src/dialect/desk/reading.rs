//! A sensor value from something that speaks plain JSON.

use super::field::{Object, Refusal, flag, moment, text, whole};
use engine::{
    event::{Heard, Reading},
    plan::{SensorKind, StorePlan},
};
use protocol::frame::Quantity;
use serde_json::Value;

/// Reads a sensor's value; [`Reading::retained`] is the caller's to set.
pub(super) fn read(value: &Value, plan: &StorePlan) -> Result<Reading, Refusal> {
    let message = Object::of(
        value,
        &[
            "id",
            "sensor",
            "at",
            "value",
            "temperature_centi_celsius",
            "humidity_permille",
            "illuminance_lux",
            "occupied",
            "passages",
            "weight_grams",
            "stock_pieces",
            "queue_length",
            "battery_millivolts",
            "price_minor",
            "number",
            "fault",
        ],
    )?;
    let name = message.required("sensor", text(protocol::id::MAX_LEN))?;
    let sensor = name
        .parse()
        .ok()
        .and_then(|id| plan.sensor(&id))
        .ok_or_else(|| {
            Refusal::unknown_device("the plan has no sensor of this name: look into store.toml")
                .within("sensor")
        })?;
    let kind = plan.sensors[sensor.at()].kind;
    let natural = message.optional("value", |value| natural(kind, value))?;
    let named = named(&message)?;
    let mut given = natural.into_iter().chain(named.into_iter().flatten());
    let (Some(value), None) = (given.next(), given.next()) else {
        return Err(Refusal::new("must hold exactly one value"));
    };
    let at = message.optional("at", moment)?;
    Ok(Reading {
        sensor,
        value,
        heard: at.map_or(Heard::OnReceipt, Heard::At),
        retained: false,
    })
}

/// Quantities by their names in the wire protocol.
fn named(message: &Object<'_>) -> Result<[Option<Quantity>; 12], Refusal> {
    use Quantity as Q;
    Ok([
        message
            .optional("temperature_centi_celsius", whole)?
            .map(Q::TemperatureCentiCelsius),
        message
            .optional("humidity_permille", whole)?
            .map(Q::HumidityPermille),
        message
            .optional("illuminance_lux", whole)?
            .map(Q::IlluminanceLux),
        message.optional("occupied", flag)?.map(Q::Occupied),
        message.optional("passages", passages)?,
        message.optional("weight_grams", whole)?.map(Q::WeightGrams),
        message.optional("stock_pieces", whole)?.map(Q::StockPieces),
        message.optional("queue_length", whole)?.map(Q::QueueLength),
        message
            .optional("battery_millivolts", whole)?
            .map(Q::BatteryMillivolts),
        message.optional("price_minor", whole)?.map(Q::PriceMinor),
        message
            .optional("number", |value| scaled(value, 1_000.0))?
            .map(Q::NumberMilli),
        message
            .optional("fault", flag)?
            .filter(|fault| *fault)
            .map(|_| Q::Fault),
    ])
}

/// A value in the unit people use for this kind of sensor.
fn natural(kind: SensorKind, value: &Value) -> Result<Quantity, Refusal> {
    match kind {
        SensorKind::Temperature => scaled(value, 100.0).map(Quantity::TemperatureCentiCelsius),
        SensorKind::Humidity => scaled(value, 10.0).map(Quantity::HumidityPermille),
        SensorKind::Light => scaled(value, 1.0).map(Quantity::IlluminanceLux),
        SensorKind::Occupancy | SensorKind::Button => flag(value).map(Quantity::Occupied),
        SensorKind::Door => passages(value),
        SensorKind::ShelfWeight => scaled(value, 1.0).map(Quantity::WeightGrams),
        SensorKind::Stock => scaled(value, 1.0).map(Quantity::StockPieces),
        SensorKind::Queue => scaled(value, 1.0).map(Quantity::QueueLength),
        SensorKind::Price => scaled(value, 1.0).map(Quantity::PriceMinor),
        SensorKind::Number => scaled(value, 1_000.0).map(Quantity::NumberMilli),
    }
}

fn passages(value: &Value) -> Result<Quantity, Refusal> {
    let door = Object::of(value, &["inward", "outward"])?;
    Ok(Quantity::Passages {
        inward: door.required("inward", whole)?,
        outward: door.required("outward", whole)?,
    })
}

/// Many devices write numbers as texts.
fn scaled<T: TryFrom<i64>>(value: &Value, factor: f64) -> Result<T, Refusal> {
    let number = match value {
        Value::String(text) => text.trim().parse().ok(),
        other => other.as_f64(),
    };
    number
        .map(|number| (number * factor).round())
        // Within it every whole number of a double is exact.
        .filter(|scaled: &f64| scaled.abs() < 2_f64.powi(53))
        .and_then(|scaled| T::try_from(scaled as i64).ok())
        .ok_or(Refusal::new("must be a number in the sensor's range"))
}
