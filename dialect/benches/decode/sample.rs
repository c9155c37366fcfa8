//! One frame or message of each make, out of the published vectors.

use dialect::{
    detect::Dialect,
    fact::{AddressKind, Device, Source, Uuid},
};
use protocol::{
    beacon::{Address, Beacon, hex_digit},
    frame::{MAX_BYTES, NodeFrame, NodeSighting},
};
use serde_json::Value;
use std::fmt;

const VECTORS: [&str; 7] = [
    include_str!("../../tests/vectors/beacon.jsonl"),
    include_str!("../../tests/vectors/bthome.jsonl"),
    include_str!("../../tests/vectors/kontakt.jsonl"),
    include_str!("../../tests/vectors/minew.jsonl"),
    include_str!("../../tests/vectors/ruuvi.jsonl"),
    include_str!("../../tests/vectors/scanner.jsonl"),
    include_str!("../../tests/vectors/sensor.jsonl"),
];

/// The message that `serde_json` reads for comparison: a decoded iBeacon.
pub(crate) const YARDSTICK: &str = "B1164";

/// No vector of this one: made as its source writes it, of another's bytes.
const TASMOTA: &str = "{\"DetailsBLE\":{\"mac\":\"E62EB92E73E5\",\"RSSI\":-60,\"p\":\
    \"0201061BFF990405138A5F92C4F3FFE4FFDC0414C4F6EC29BBE62EB92E73E5\"}}";

/// One advertisement.
#[derive(Debug)]
pub(crate) struct Advert {
    name: &'static str,
    id: &'static str,
    part: Part,
}

#[derive(Debug)]
enum Part {
    Whole,
    Service(u16),
    Company(u16),
}

/// Its bytes, and what a scanner took off.
#[derive(Debug)]
pub(crate) enum Frame {
    Whole(Vec<u8>),
    Service(Uuid, Vec<u8>),
    Company(u16, Vec<u8>),
}

const fn advert(name: &'static str, id: &'static str, part: Part) -> Advert {
    Advert { name, id, part }
}

pub(crate) const ADVERTS: [Advert; 13] = [
    advert("iBeacon", "B0818", Part::Whole),
    advert("AltBeacon", "B1124", Part::Whole),
    advert("Eddystone-UID", "B1135", Part::Whole),
    advert("Eddystone-TLM", "B0813", Part::Whole),
    advert("exposure notification", "B1137", Part::Whole),
    advert("a stranger's phone", "B1138", Part::Whole),
    advert("Ruuvi 5, as an HCI report", "B0982", Part::Whole),
    advert("Ruuvi 6", "B0967", Part::Company(0x0499)),
    advert("Kontakt telemetry", "B1105", Part::Whole),
    advert("Minew A1", "B0754", Part::Service(0xFFE1)),
    advert("Minew Connect V3", "B0625", Part::Company(0x0639)),
    advert("BTHome v1", "B0469", Part::Service(0x181C)),
    advert("BTHome v2, sealed", "B0487", Part::Service(0xFCD2)),
];

/// One message.
#[derive(Debug)]
pub(crate) struct Message {
    name: &'static str,
    pub(crate) id: &'static str,
    pub(crate) dialect: Dialect,
}

const fn message(name: &'static str, id: &'static str, dialect: Dialect) -> Message {
    Message { name, id, dialect }
}

pub(crate) const MESSAGES: [Message; 20] = [
    message("Theengs, decoded iBeacon", YARDSTICK, Dialect::Theengs),
    message("ESPresense", "B1149", Dialect::Espresense),
    message("Ruuvi Gateway", "B0992", Dialect::Ruuvi),
    message("Ingics, one line", "B1057", Dialect::Ingics),
    message("Ingics, JSON", "B0998", Dialect::Ingics),
    message("Minew JSON-LONG", "B1142", Dialect::Minew),
    message("Minew BINARY-LONG, 12 devices", "B1140", Dialect::Minew),
    message("Shelly BLE script", "B1223", Dialect::ShellyBle),
    message("Tasmota BLE", TASMOTA, Dialect::TasmotaBle),
    message("MOKO", "B1146", Dialect::Moko),
    message("April Brother, one device", "B1147", Dialect::AprilBrother),
    message("Zigbee2MQTT", "B1210", Dialect::Zigbee2Mqtt),
    message("Shelly RPC", "B1218", Dialect::Shelly),
    message("Shelly BLU event", "B1222", Dialect::ShellyBle),
    message("Tasmota SENSOR", "B1189", Dialect::Tasmota),
    message("Tasmota iBeacon", "B1188", Dialect::Tasmota),
    message("Axis", "B1226", Dialect::Axis),
    message("Homie 5", "B1229", Dialect::Homie),
    message("Sparkplug NDATA", "B1239", Dialect::Sparkplug),
    message("Sparkplug DBIRTH", "B1238", Dialect::Sparkplug),
];

impl fmt::Display for Advert {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

impl fmt::Display for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

impl Advert {
    pub(crate) fn read(&self) -> (Source<'static>, Frame) {
        let vector = vector(self.id);
        let bytes = hex(vector["input"].as_str().expect("its bytes are digits"));
        let address = vector["context"]["mac"].as_str().and_then(Address::parse);
        let source = Source {
            device: address.map(|address| Device::Radio(address, AddressKind::Public)),
            ..crate::nobody()
        };
        let frame = match self.part {
            Part::Whole => Frame::Whole(bytes),
            Part::Service(uuid) => Frame::Service(Uuid::Short(uuid), bytes),
            Part::Company(company) => Frame::Company(company, bytes),
        };
        (source, frame)
    }
}

impl Message {
    /// Topic and payload.
    pub(crate) fn read(&self) -> (String, Vec<u8>) {
        if self.dialect == Dialect::TasmotaBle {
            return ("tele/tasmota/BLE".to_owned(), self.id.into());
        }
        let vector = vector(self.id);
        let payload = match &vector["input"] {
            Value::String(digits) if self.is_binary() => hex(digits),
            Value::String(digits) if self.dialect == Dialect::AprilBrother => pack(&hex(digits)),
            Value::String(text) => text.clone().into_bytes(),
            object => object.to_string().into_bytes(),
        };
        let topic = vector["topic"].as_str().unwrap_or_default();
        (topic.to_owned(), payload)
    }

    fn is_binary(&self) -> bool {
        matches!(self.dialect, Dialect::Sparkplug | Dialect::Minew)
    }
}

/// `MessagePack` of an April Brother gateway that heard this.
fn pack(device: &[u8]) -> Vec<u8> {
    let mut message = b"\x83\xa1v\x01\xa7devices\x91\xc4".to_vec();
    message.push(u8::try_from(device.len()).expect("an advertisement is short"));
    message.extend(device);
    message.extend(b"\xa3mac\xac123B6A1A64CF");
    message
}

/// A frame of ours, as full as it can be.
pub(crate) fn node_frame() -> Vec<u8> {
    let sighting = |minor| NodeSighting {
        beacon: Beacon::IBeacon {
            uuid: [0x11; 16],
            major: 1,
            minor,
        },
        rssi_mean_dbm: -70,
        rssi_max_dbm: -65,
        count: 3,
        reference_dbm: Some(-59),
        age_ms: 300,
    };
    let frame = NodeFrame {
        made: None,
        boot: 1,
        sequence: 2,
        uptime_ms: 3,
        dropped: 0,
        sightings: (0..32).map(sighting).collect(),
        readings: std::iter::empty().collect(),
    };
    let mut buffer = [0; MAX_BYTES];
    let bytes = frame.encode(&mut buffer);
    bytes.expect("MAX_BYTES hold any frame").to_vec()
}

fn vector(id: &str) -> Value {
    let lines = VECTORS.iter().flat_map(|text| text.lines());
    let mut vectors = lines.map(|line| serde_json::from_str::<Value>(line).expect("a vector"));
    vectors
        .find(|vector| vector["id"] == id)
        .unwrap_or_else(|| panic!("there is no vector {id}"))
}

fn hex(digits: &str) -> Vec<u8> {
    let digits: Vec<u8> = digits.bytes().filter_map(hex_digit).collect();
    digits
        .chunks_exact(2)
        .map(|pair| pair[0] << 4 | pair[1])
        .collect()
}
