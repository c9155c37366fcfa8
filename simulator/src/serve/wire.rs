//! What real devices put on a broker: one function per make.

use crate::world::{
    ears::{Batch, Heard},
    emitter::{Air, FrameKind},
    population::Customer,
    trade::Sale,
};
use config::ScannerSource;
use engine::{
    plan::StorePlan,
    shopper::{IdentityKey, Purpose, Purposes},
};
use protocol::{
    beacon::{Address, Beacon},
    frame::{MAX_BYTES, Quantity},
    topic::Topic,
};
use serde_json::{Map, Value, json};
use std::fmt::Write as _;

use crate::run::translate::Node;

/// One message: topic and payload.
pub type Message = (String, Vec<u8>);

/// Eddystone states its power at no distance: 41 dB more than at one metre
/// (google/eddystone, eddystone-uid/README.md).
const EDDYSTONE_ZERO_METRES_DB: i8 = 41;

/// The messages one batch becomes.
pub fn batch(
    plan: &StorePlan,
    batch: &Batch,
    source: &ScannerSource,
    node: &mut Node,
) -> Vec<Message> {
    match source {
        ScannerSource::Node => {
            let id = plan.scanners[batch.scanner.at()].id.clone();
            let topic = Topic::NodeFrame(id).text(&plan.store);
            let frames = node.frames(batch).into_iter();
            frames
                .map(|(frame, _)| {
                    let mut buffer = [0; MAX_BYTES];
                    let bytes = frame
                        .encode(&mut buffer)
                        .expect("MAX_BYTES hold any frame, says its documentation");
                    (topic.to_string(), bytes.to_vec())
                })
                .collect()
        }
        ScannerSource::Theengs { base } => {
            let heard = batch.heard.iter();
            heard.map(|heard| theengs(base, heard)).collect()
        }
        ScannerSource::Espresense { room } => {
            let heard = batch.heard.iter();
            heard.filter_map(|heard| espresense(room, heard)).collect()
        }
    }
}

/// Theengs Gateway and OpenMQTTGateway: `docs/use/ble.md` of OpenMQTTGateway.
fn theengs(base: &str, heard: &Heard) -> Message {
    let address = colons(heard.air.address);
    let mut body = json!({"id": address, "rssi": heard.mean_dbm().round()});
    let fields = body.as_object_mut().expect("made as an object above");
    let mut put = |name: &str, value: Value| {
        fields.insert(name.to_owned(), value);
    };
    // Static random addresses count as random, too.
    put("mac_type", json!(1));
    match heard.air.beacon {
        Beacon::IBeacon { uuid, major, minor } => {
            put("brand", json!("GENERIC"));
            put("model", json!("iBeacon"));
            put("model_id", json!("IBEACON"));
            put("mfid", json!("4c00"));
            put("uuid", json!(hex(&uuid)));
            put("major", json!(major));
            put("minor", json!(minor));
            put("txpower", json!(heard.reference_dbm.unwrap_or(-59)));
        }
        Beacon::EddystoneUid {
            namespace,
            instance,
        } => {
            let power = eddystone_power(heard);
            let data = [&[0x00, power], &namespace[..], &instance[..], &[0, 0]].concat();
            put("servicedatauuid", json!("feaa"));
            put("servicedata", json!(hex(&data)));
        }
        Beacon::EddystoneEid(id) => {
            let data = [&[0x30, eddystone_power(heard)], &id[..]].concat();
            put("servicedatauuid", json!("feaa"));
            put("servicedata", json!(hex(&data)));
        }
        Beacon::PrivateAddress(_) => match heard.air.kind {
            FrameKind::Exposure => {
                // Rolling proximity identifier and metadata mean nothing here.
                put("servicedatauuid", json!("fd6f"));
                put("servicedata", json!("00".repeat(20)));
            }
            FrameKind::Apple | FrameKind::Beacon => {
                put("manufacturerdata", json!("4c001005031c0f2a3b"));
            }
        },
        Beacon::AltBeacon(id) => {
            let power = heard.reference_dbm.unwrap_or(-59).cast_unsigned();
            let data = [&[0x18, 0x01, 0xBE, 0xAC], &id[..], &[power, 0]].concat();
            put("manufacturerdata", json!(hex(&data)));
        }
    }
    let level = hex(&heard.air.address.0).to_uppercase();
    (format!("{base}/BTtoMQTT/{level}"), text(&body))
}

/// ESPresense: `fill()` in `src/BleFingerprint.cpp`.
fn espresense(room: &str, heard: &Heard) -> Option<Message> {
    let id = espresense_id(&heard.air)?;
    let reference = heard.reference_dbm.unwrap_or(-65);
    let rssi = heard.mean_dbm();
    let metres = libm::powf(10.0, (f32::from(reference) - rssi) / 27.0);
    let body = json!({
        "mac": hex(&heard.air.address.0),
        "id": id,
        "rssi@1m": reference,
        "rssi": (rssi * 100.0).round() / 100.0,
        "distance": (metres * 100.0).round() / 100.0,
        "int": 454,
    });
    Some((format!("espresense/devices/{id}/{room}"), text(&body)))
}

/// How ESPresense names a device; nothing for what it does not pass on.
pub fn espresense_id(air: &Air) -> Option<String> {
    match (air.beacon, air.kind) {
        (Beacon::IBeacon { uuid, major, minor }, _) => {
            let h = hex(&uuid);
            let parts = [&h[..8], &h[8..12], &h[12..16], &h[16..20], &h[20..]];
            Some(format!("iBeacon:{}-{major}-{minor}", parts.join("-")))
        }
        (
            Beacon::EddystoneUid {
                namespace,
                instance,
            },
            _,
        ) => {
            // The firmware prints the fifth byte of the namespace twice.
            let (first, rest) = namespace.split_at(5);
            let fifth = &first[4..];
            let printed = [first, fifth, rest].concat();
            Some(format!("eddy:{}-{}", hex(&printed), hex(&instance)))
        }
        (Beacon::PrivateAddress(_), FrameKind::Apple) => Some("apple:1005:9-24".to_owned()),
        (Beacon::EddystoneEid(_) | Beacon::AltBeacon(_), _)
        | (Beacon::PrivateAddress(_), FrameKind::Exposure | FrameKind::Beacon) => None,
    }
}

fn eddystone_power(heard: &Heard) -> u8 {
    let at_one_metre = heard.reference_dbm.unwrap_or(-61);
    at_one_metre.saturating_add(EDDYSTONE_ZERO_METRES_DB) as u8
}

/// A customer for the profile desk.
pub fn profile(customer: &Customer, id: &str, version: u64) -> Vec<u8> {
    let profile = &customer.profile;
    let affinities = profile.affinities.iter();
    let affinities: Map<String, Value> = affinities.map(|(d, n)| (d.clone(), json!(n))).collect();
    let mut consent = json!({
        "purposes": purposes(customer.consent.purposes),
        "notice": customer.consent.notice,
    });
    if let Some(most) = customer.consent.showings_per_day {
        consent["showings_per_day"] = json!(most);
    }
    let mut body = json!({
        "id": id,
        "customer": customer.reference,
        "version": version,
        "consent": consent,
        "keys": [key(&customer.key)],
        "segments": profile.segments,
        "affinities": affinities,
        "visits": profile.visits,
    });
    if let Some(language) = &profile.language {
        body["language"] = json!(language);
    }
    if let Some(adult) = profile.adult {
        body["adult"] = json!(adult);
    }
    text(&body)
}

fn key(key: &IdentityKey) -> Value {
    match key {
        IdentityKey::Fixed(Beacon::IBeacon { uuid, major, minor }) => {
            json!({"ibeacon": {"uuid": hex(uuid), "major": major, "minor": minor}})
        }
        IdentityKey::Fixed(Beacon::EddystoneUid {
            namespace,
            instance,
        }) => {
            json!({"eddystone_uid": {"namespace": hex(namespace), "instance": hex(instance)}})
        }
        IdentityKey::Fixed(Beacon::AltBeacon(id)) => json!({"altbeacon": {"id": hex(id)}}),
        IdentityKey::Rotating { key, exponent } => {
            json!({"rotating": {"key": hex(key), "exponent": exponent}})
        }
        IdentityKey::Irk(irk) => json!({"irk": hex(irk)}),
        IdentityKey::Fixed(Beacon::EddystoneEid(_) | Beacon::PrivateAddress(_)) => {
            unreachable!("nobody is enrolled with an identifier that changes")
        }
    }
}

fn purposes(purposes: Purposes) -> Vec<Purpose> {
    let all = Purpose::ALL.into_iter();
    all.filter(|p| purposes.has(*p)).collect()
}

/// A basket for its desk.
pub fn basket(sale: &Sale, card: Option<&Customer>) -> Vec<u8> {
    let mut body = json!({"receipt": sale.receipt, "lines": sale.lines});
    if let Some(customer) = card {
        body["customer"] = json!(customer.reference);
    }
    text(&body)
}

/// A sensor's value for its desk.
pub fn reading(sensor: &str, value: Quantity) -> Vec<u8> {
    let mut body = match json!(value) {
        Value::Object(named) => named,
        // A quantity without a value: the sensor is at fault.
        _ => [("fault".to_owned(), json!(true))].into_iter().collect(),
    };
    body.insert("sensor".to_owned(), json!(sensor));
    text(&Value::Object(body))
}

fn text(value: &Value) -> Vec<u8> {
    value.to_string().into_bytes()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn colons(address: Address) -> String {
    let pairs: Vec<String> = address.0.iter().map(|b| format!("{b:02X}")).collect();
    pairs.join(":")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::small_shop;
    use engine::plan::ScannerIx;
    use protocol::frame::NodeFrame;

    fn heard(beacon: Beacon, kind: FrameKind) -> Heard {
        Heard {
            air: Air {
                beacon,
                address: Address([0x4a, 0x0b, 0xcc, 0x0d, 0x0e, 0x0f]),
                kind,
            },
            customer: None,
            sum_dbm: -131.0,
            max_dbm: -65.0,
            count: 2,
            reference_dbm: Some(-61),
            last_ms: 900,
        }
    }

    fn uid() -> Beacon {
        Beacon::EddystoneUid {
            namespace: *b"aislecast1",
            instance: [0, 0, 1, 2, 3, 4],
        }
    }

    fn json_of(payload: &[u8]) -> Value {
        serde_json::from_slice(payload).unwrap()
    }

    #[test]
    fn a_node_sends_frames_that_decode_to_what_was_heard() {
        let plan = small_shop::plan();
        let mut all = vec![heard(uid(), FrameKind::Beacon); 40];
        all[0].count = 5;
        let sent = Batch {
            scanner: ScannerIx(1),
            at_ms: 1_000,
            heard: all,
            readings: vec![(0, Quantity::StockPieces(7), 400)],
            dropped: 3,
        };
        let messages = batch(&plan, &sent, &ScannerSource::Node, &mut Node::start(9));
        assert_eq!(messages.len(), 2);
        assert_eq!(messages[0].0, "aislecast/v1/small/node/s-1/frame");
        let frames: Vec<NodeFrame> = messages
            .iter()
            .map(|(_, bytes)| NodeFrame::decode(bytes).unwrap())
            .collect();
        assert_eq!((frames[0].boot, frames[0].sequence), (9, 1));
        assert_eq!((frames[1].boot, frames[1].sequence), (9, 2));
        assert_eq!(frames[0].sightings.len() + frames[1].sightings.len(), 40);
        let first = &frames[0].sightings[0];
        assert_eq!(first.beacon, uid());
        assert_eq!((first.count, first.age_ms), (5, 100));
        assert_eq!(frames[0].readings[0].value, Quantity::StockPieces(7));
        assert_eq!(frames[0].readings[0].age_ms, 600);
        assert_eq!(frames[1].readings.len(), 0);
    }

    #[test]
    fn theengs_json_has_the_fields_of_its_documentation() {
        let ibeacon = Beacon::IBeacon {
            uuid: [0x1d; 16],
            major: 3,
            minor: 4,
        };
        let (topic, payload) = theengs("home/gw", &heard(ibeacon, FrameKind::Beacon));
        assert_eq!(topic, "home/gw/BTtoMQTT/4A0BCC0D0E0F");
        let body = json_of(&payload);
        assert_eq!(body["id"], "4A:0B:CC:0D:0E:0F");
        assert_eq!((&body["major"], &body["minor"]), (&json!(3), &json!(4)));
        assert_eq!(body["uuid"], "1d".repeat(16));
        assert_eq!(body["txpower"], -61);
        let (_, payload) = theengs("b", &heard(uid(), FrameKind::Beacon));
        let body = json_of(&payload);
        assert_eq!(body["servicedatauuid"], "feaa");
        assert_eq!(
            body["servicedata"],
            "00ec6169736c6563617374310000010203040000"
        );
    }

    #[test]
    fn espresense_ids_are_as_its_firmware_prints_them() {
        let address = Beacon::PrivateAddress(Address([0x4a; 6]));
        for (beacon, kind, id) in [
            (
                Beacon::IBeacon {
                    uuid: *b"aislecast-fob-01",
                    major: 0,
                    minor: 7,
                },
                FrameKind::Beacon,
                Some("iBeacon:6169736c-6563-6173-742d-666f622d3031-0-7"),
            ),
            (
                uid(),
                FrameKind::Beacon,
                Some("eddy:6169736c65656361737431-000001020304"),
            ),
            (address, FrameKind::Apple, Some("apple:1005:9-24")),
            (address, FrameKind::Exposure, None),
            (Beacon::EddystoneEid([1; 8]), FrameKind::Beacon, None),
        ] {
            let found = espresense_id(&heard(beacon, kind).air);
            assert_eq!(found.as_deref(), id);
        }
        let (topic, payload) = espresense("rice", &heard(uid(), FrameKind::Beacon)).unwrap();
        assert!(topic.ends_with("/rice"), "{topic}");
        let body = json_of(&payload);
        assert_eq!(
            (&body["rssi"], &body["mac"]),
            (&json!(-65.5), &json!("4a0bcc0d0e0f"))
        );
    }

    #[test]
    fn a_reading_carries_its_quantity_by_name() {
        for (value, expected) in [
            (
                Quantity::TemperatureCentiCelsius(2_510),
                json!({"sensor": "t", "temperature_centi_celsius": 2_510}),
            ),
            (
                Quantity::Passages {
                    inward: 3,
                    outward: 1,
                },
                json!({"sensor": "t", "passages": {"inward": 3, "outward": 1}}),
            ),
            (Quantity::Fault, json!({"sensor": "t", "fault": true})),
        ] {
            assert_eq!(json_of(&reading("t", value)), expected);
        }
    }

    #[test]
    fn a_profile_has_the_shape_of_its_desk() {
        let plan = small_shop::plan();
        let population = crate::world::population::Population::draw(&plan, 1, 40, None);
        for (_, customer) in population.iter() {
            let body = json_of(&profile(customer, "p-1", 1));
            assert_eq!(body["customer"], customer.reference.as_str());
            assert_eq!(body["version"], 1);
            assert!(body["consent"]["purposes"].is_array());
            let keys = body["keys"][0].as_object().unwrap();
            assert_eq!(keys.len(), 1);
        }
    }
}
