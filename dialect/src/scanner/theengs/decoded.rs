//! What Theengs Decoder made of an advertisement: a flat object whose names
//! imply the unit. Names and units from the properties of its device files
//! (`src/devices/*_json.h` of theengs/decoder).

use crate::{
    Fact, Unreadable,
    fact::{Says, Sink, Source, Value},
    field::{Field, Scale, decimal, find, same, scaled, several},
    quantity::Quantity as Q,
    scalar::Scalar,
    walk::walk,
};

/// m/s² in a g (CGPM 1901), in which accelerations are told here.
const G: f64 = 9.806_65;

/// Sorted by name.
const FIELDS: &[Field] = &[
    scaled("accx", Q::AccelerationX, Scale::Per(G)),
    scaled("accy", Q::AccelerationY, Scale::Per(G)),
    scaled("accz", Q::AccelerationZ, Scale::Per(G)),
    same("alarm", Q::Problem),
    same("batt", Q::Battery),
    same("bpm", Q::HeartRate),
    same("co2", Q::Co2),
    same("count", Q::Count),
    same("darkness", Q::Illuminance),
    same("distance", Q::Distance),
    same("dp", Q::DewPoint),
    same("energy", Q::Energy),
    same("fer", Q::Conductivity),
    same("for", Q::Formaldehyde),
    same("hum", Q::Humidity),
    // Of a door contact, on wheels of four: too small to count people with.
    several("in_ct", Q::Count, 1),
    same("level", Q::Level),
    same("lightlevel", Q::LightLevel),
    same("litres", Q::Water),
    same("lowbatt", Q::BatteryLow),
    same("lux", Q::Illuminance),
    scaled("lvl_cm", Q::Distance, Scale::Per(100.0)),
    same("moi", Q::Moisture),
    same("motion", Q::Motion),
    same("mov", Q::MovementCount),
    same("moving", Q::Moving),
    several("out_ct", Q::Count, 2),
    same("packet", Q::PacketId),
    same("plugged-in", Q::Plug),
    same("pm10", Q::Pm10),
    same("pm25", Q::Pm25),
    same("position", Q::Position),
    same("power", Q::Power),
    scaled("pres", Q::Pressure, Scale::Times(100.0)),
    same("push_ct", Q::Presses),
    same("rot", Q::Rotation),
    same("seconds", Q::Duration),
    same("seq", Q::Sequence),
    same("smoke", Q::Smoke),
    several("steps", Q::Count, 3),
    same("tempc", Q::Temperature),
    several("tempc1", Q::Temperature, 1),
    several("tempc2", Q::Temperature, 2),
    several("tempc2_dp", Q::DewPoint, 2),
    several("tempc3", Q::Temperature, 3),
    several("tempc4", Q::Temperature, 4),
    several("tempc5", Q::Temperature, 5),
    several("tempc6", Q::Temperature, 6),
    scaled("tempf", Q::Temperature, Scale::Fahrenheit),
    same("tx", Q::TxPower),
    same("unlocked", Q::Lock),
    same("vibration", Q::Vibration),
    same("volt", Q::BatteryVoltage),
    same("water", Q::Wet),
    scaled("x_axis", Q::AccelerationX, Scale::Per(G)),
    scaled("y_axis", Q::AccelerationY, Scale::Per(G)),
    scaled("z_axis", Q::AccelerationZ, Scale::Per(G)),
];

/// Reads what is measured; `unit` is that of a weight.
pub(super) fn read(
    payload: &[u8],
    source: Source<'_>,
    unit: Option<&str>,
    sink: &mut Sink<'_>,
) -> Result<(), Unreadable> {
    walk(payload, &mut |path, value| {
        if path.parent.is_none_or(|parent| parent.parent.is_some()) {
            return;
        }
        let says = match find(FIELDS, path.key) {
            Some(field) => field.read(value),
            None => other(path.key, value, unit),
        };
        if let Some(says) = says {
            sink(Fact { source, says });
        }
    })
}

/// What is more than a number or a flag by its name.
fn other(key: &str, value: &Scalar<'_>, unit: Option<&str>) -> Option<Says<'static>> {
    Some(match key {
        "presence" => one(Q::Presence, Value::Flag(value.text()? == "present")),
        "contact" => one(Q::Opening, Value::Flag(value.text()? != "closed")),
        // Of a blind it is how far, of a window whether.
        "open" => match value {
            Scalar::Flag(open) => one(Q::Opening, Value::Flag(*open)),
            _ => one(Q::Position, Value::Number(value.number()?)),
        },
        "weight" => {
            let kilograms = value.number()? * kilograms(unit)?;
            one(Q::Mass, Value::Number(decimal(kilograms)))
        }
        _ => return pressed(key.strip_prefix("button")?, value.whole()?),
    })
}

const fn one(quantity: Q, value: Value<'static>) -> Says<'static> {
    Says::Measured {
        quantity,
        nth: 0,
        value,
    }
}

fn kilograms(unit: Option<&str>) -> Option<f64> {
    match unit {
        None | Some("kg") => Some(1.0),
        Some("g") => Some(0.001),
        Some("lb") => Some(0.453_592_37),
        // Half a kilogram by law in China since 1959.
        Some("jin") => Some(0.5),
        Some(_) => None,
    }
}

/// `button` or `button1` to `button4` (docs/devices/SBBT-002C.md and
/// NODONNIU.md of theengs/decoder); 0 is said when another was pressed, and
/// every few seconds in beacon mode.
fn pressed(button: &str, code: u8) -> Option<Says<'static>> {
    let nth = match button.as_bytes() {
        [] => 0,
        [digit @ b'1'..=b'9'] => digit - b'1',
        _ => return None,
    };
    let action = match code {
        1 => "press",
        2 => "double_press",
        3 => "triple_press",
        4 => "quadruple_press",
        5 => "quintuple_press",
        9 => "long_press",
        10 => "release",
        11 => "hold_press",
        _ => return None,
    };
    Some(Says::Happened {
        what: "button",
        nth,
        action,
        amount: None,
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
