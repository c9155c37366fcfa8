//! Scripts by which Shelly devices pass Bluetooth sensors on: `BTHome` decoded
//! into JSON whose names imply the unit.
//!
//! | script (ALLTERCO/shelly-script-examples) | topic | shape |
//! |---|---|---|
//! | `universal-blu-to-mqtt` | the address alone | `{"addr", "rssi", "local_name", "service_data": {...}}` |
//! | `ble-pasv-mqtt-gw` | `blegateway/<address>/<kind>` | flat, with `rssi` and perhaps `src` |
//! | `ble-shelly-blu` and its kin | `<prefix>/events/<address>`, or inside `NotifyEvent` | flat, with `address` and `rssi` |

use super::{device, heard};
use crate::{
    Fact, Unreadable,
    advert::{Keys, bthome::button},
    fact::{Says, Sink, Source},
    field::{Field, Scale, about, find, same, scaled},
    quantity::Quantity as Q,
    scalar::{Scalar, object},
    walk::{Path, walk},
};
use protocol::beacon::Address;
use serde::Deserialize;

#[derive(Deserialize)]
struct Message<'a> {
    #[serde(borrow, default)]
    addr: Scalar<'a>,
    #[serde(borrow, default)]
    address: Scalar<'a>,
    #[serde(borrow, default)]
    rssi: Scalar<'a>,
    #[serde(borrow, default)]
    src: Scalar<'a>,
    #[serde(borrow, default)]
    local_name: Scalar<'a>,
    #[serde(borrow, default)]
    encryption: Scalar<'a>,
}

/// Names in the `BTH` tables of the scripts. Sorted.
const FIELDS: &[Field] = &[
    same("battery", Q::Battery),
    same("battery_charging", Q::BatteryCharging),
    scaled("battery_mv", Q::BatteryVoltage, Scale::Per(1000.0)),
    // The script calls so what BTHome has as "battery: 1 is low" (0x15).
    same("battery_ok", Q::BatteryLow),
    same("channel", Q::Channel),
    same("co", Q::CarbonMonoxide),
    same("co2", Q::Co2),
    same("cold", Q::Cold),
    same("dewpoint", Q::DewPoint),
    scaled("distance_mm", Q::Distance, Scale::Per(1000.0)),
    same("door", Q::Door),
    same("garage_door", Q::GarageDoor),
    same("gas", Q::GasDetected),
    same("heat", Q::Heat),
    same("humidity", Q::Humidity),
    same("illuminance", Q::Illuminance),
    same("light", Q::Light),
    same("lock", Q::Lock),
    same("moisture", Q::Moisture),
    same("moisture_warn", Q::Wet),
    same("motion", Q::Motion),
    same("pid", Q::PacketId),
    scaled("pressure", Q::Pressure, Scale::Times(100.0)),
    same("rotation", Q::Rotation),
    same("soil", Q::Conductivity),
    same("temperature", Q::Temperature),
    same("vibration", Q::Vibration),
    same("voltage", Q::BatteryVoltage),
    same("window", Q::Window),
];

/// Reads one message.
pub fn read(
    topic: &str,
    payload: &[u8],
    _: &Keys<'_>,
    sink: &mut Sink<'_>,
) -> Result<(), Unreadable> {
    let message: Message<'_> = object(payload)?;
    let mut in_topic = topic.split('/').rev();
    let in_topic = in_topic.find(|level| Address::parse(level).is_some());
    let address = message.addr.text().or(message.address.text()).or(in_topic);
    let source = Source {
        scanner: message.src.text(),
        device: device(address, None),
        rssi_dbm: message.rssi.number().and_then(crate::scalar::dbm),
        ..Source::default()
    };
    if source.device.is_none() {
        return Err(Unreadable("names no sensor"));
    }
    if source.rssi_dbm.is_some() {
        heard(source).into_iter().for_each(&mut *sink);
    }
    let name = about(source, "name", message.local_name.text());
    name.into_iter().for_each(&mut *sink);
    if message.encryption.flag() == Some(true) {
        sink(sealed(source));
    }
    walk(payload, &mut |path, value| {
        let (names, depth) = path.names::<2>();
        let inner = if names[0] == "service_data" { 2 } else { 1 };
        if let Some(says) = says(path, value, depth, inner) {
            sink(Fact { source, says });
        } else if (path.key, value.flag()) == ("encryption", Some(true)) && inner == 2 {
            sink(sealed(source));
        }
    })
}

/// What one value says; a name that repeats in the frame has a list of values.
pub(crate) fn says(
    path: &Path<'_>,
    value: &Scalar<'_>,
    depth: usize,
    inner: usize,
) -> Option<Says<'static>> {
    let (key, nth) = if depth == inner {
        (path.key, 0)
    } else if depth == inner + 1 && path.key.is_empty() {
        (path.parent?.key, u8::try_from(path.index).ok()?)
    } else {
        return None;
    };
    if key == "button" {
        return pressed(nth, value.whole()?);
    }
    let field = find(FIELDS, key)?;
    Field { nth, ..*field }.read(value)
}

/// Codes of `BTHome`'s button.
fn pressed(nth: u8, code: u16) -> Option<Says<'static>> {
    // One script reads the byte as two, the second being the next object's id.
    let action = match code & 0xFF {
        0xFE => "hold_press",
        code => button(code as u8)?,
    };
    Some(Says::Happened {
        what: "button",
        nth,
        action,
        amount: None,
    })
}

const fn sealed(source: Source<'_>) -> Fact<'_> {
    Fact {
        source,
        says: Says::Sealed {
            format: "bthome",
            why: "the script cannot open it: pass the advertisement on, or switch encryption off",
        },
    }
}

#[cfg(test)]
mod tests;
