//! Tasmota (`docs/MQTT.md`, `docs/DS18x20.md` of tasmota/docs): telemetry of all
//! its sensors at `<topic>/SENSOR` in local time without its zone, last will kept.

use super::Told;
use crate::dialect::{Message, utc};
use dialect::Quantity as Named;
use serde_json::{Value, json};

pub(super) fn hello(topic: &str) -> Vec<Message> {
    vec![Message::new(format!("{topic}/LWT"), *b"Online").retained()]
}

pub(super) fn messages(topic: &str, nth: u8, told: Told, unix_ms: i64) -> Vec<Message> {
    let hundredths = |number: f64| (number * 100.0).round() / 100.0;
    let (name, mut body) = match told {
        Told::Number(Named::Temperature, celsius) => {
            ("DS18B20", json!({"Temperature": hundredths(celsius)}))
        }
        Told::Number(Named::Humidity, percent) => {
            ("SHT3X", json!({"Humidity": hundredths(percent)}))
        }
        Told::Number(Named::Illuminance, lux) => ("BH1750", json!({"Illuminance": lux.round()})),
        Told::Number(Named::Mass, kg) => ("HX711", json!({"Weight": hundredths(kg)})),
        // Centimetres, as its ultrasonic driver prints them.
        Told::Number(Named::Distance, metres) => {
            ("SR04", json!({"Distance": hundredths(metres * 100.0)}))
        }
        Told::Number(..) | Told::Flag(..) | Told::Passages(..) | Told::Press => return Vec::new(),
    };
    let mut message = json!({"Time": utc(unix_ms).0});
    if nth > 0 {
        // Several of one kind are told apart by a number from 1.
        for other in 1..=nth {
            message[format!("{name}-{other}")] = body.clone();
        }
        message[format!("{name}-{}", nth + 1)] = body.take();
    } else {
        message[name] = body.take();
    }
    message["TempUnit"] = Value::from("C");
    vec![Message::json(format!("{topic}/SENSOR"), &message)]
}
