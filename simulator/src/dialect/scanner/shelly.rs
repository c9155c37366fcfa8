//! A Shelly with `ble/universal-blu-to-mqtt.shelly.js` of
//! ALLTERCO/shelly-script-examples: BTHome devices decoded, at a topic that is
//! nothing but the device's address. Adapted scripts put a word before it.

use super::Packet;
use crate::dialect::{
    Message, ad, colons,
    sensor::bthome::{self, Object},
};
use serde_json::{Map, Value, json};

/// Nothing for what is no BTHome.
pub(super) fn message(topic: Option<&str>, packet: &Packet) -> Option<Message> {
    let body = ad::structures(&packet.ad).find_map(|(kind, data)| match (kind, data) {
        (ad::SERVICE_DATA, [0xD2, 0xFC, info, body @ ..]) if info & 1 == 0 => Some(body),
        _ => None,
    })?;
    let mut said = Map::new();
    said.insert("encryption".to_owned(), json!(false));
    said.insert("BTHome_version".to_owned(), json!(2));
    for object in bthome::objects(body) {
        let (name, value) = spelled(object);
        said.insert(name.to_owned(), value);
    }
    let address = colons(packet.address).to_lowercase();
    let rssi = packet.rssi_dbm.round() as i32;
    let (topic, body) = match topic {
        None => (
            address.clone(),
            json!({"addr": address, "rssi": rssi, "local_name": "", "service_data": said}),
        ),
        Some(word) => {
            said.insert("rssi".to_owned(), json!(rssi));
            said.insert("address".to_owned(), json!(address));
            let topic = format!("{word}/{}", address.replace(':', ""));
            (topic, Value::Object(said))
        }
    };
    Some(Message::json(topic, &body))
}

/// By the names of the script.
fn spelled(object: Object) -> (&'static str, Value) {
    match object {
        Object::PacketId(n) => ("pid", json!(n)),
        Object::Battery(percent) => ("battery", json!(percent)),
        Object::Temperature(centi) => ("temperature", json!(f64::from(centi) / 100.0)),
        Object::Humidity(centi) => ("humidity", json!(f64::from(centi) / 100.0)),
        Object::Illuminance(centi) => ("illuminance", json!(f64::from(centi) / 100.0)),
        Object::Mass(centi) => ("mass", json!(f64::from(centi) / 100.0)),
        Object::Count(n) => ("count", json!(n)),
        Object::Motion(yes) => ("motion", json!(u8::from(yes))),
        Object::Occupancy(yes) => ("occupancy", json!(u8::from(yes))),
        Object::Button(event) => ("button", json!(event)),
        Object::Distance(mm) => ("distance", json!(mm)),
    }
}
