//! What is made is what was captured or documented, byte for byte.
use super::*;
use crate::world::emitter::FrameKind;

fn packet(address: &str, is_random: bool, rssi_dbm: f32, ad: &str) -> Packet {
    Packet {
        address: Address::parse(address).unwrap(),
        is_random,
        rssi_dbm,
        ad: bytes(ad),
    }
}

fn bytes(hex: &str) -> Vec<u8> {
    let digit = |c: u8| protocol::beacon::hex_digit(c).unwrap();
    let pairs = hex.as_bytes().chunks(2);
    pairs.map(|p| digit(p[0]) << 4 | digit(p[1])).collect()
}

fn place(topic: &str, mac: &str) -> SharedTopic {
    SharedTopic {
        topic: topic.to_owned(),
        mac: Address::parse(mac),
    }
}

fn check(source: &ScannerSource, packet: Packet, at_ms: i64, topic: &str, payload: &str) {
    let said = messages(source, &[packet], at_ms);
    assert_eq!(said.len(), 1, "{topic}");
    assert_eq!(said[0].topic, topic);
    assert_eq!(String::from_utf8_lossy(&said[0].payload), payload);
}

/// `docs/use/ble.md` of 1technophile/OpenMQTTGateway, an example.
#[test]
fn openmqttgateway_speaks_as_its_documentation() {
    let source = ScannerSource::OpenMqttGateway {
        base: "home/OpenMQTTGateway".to_owned(),
    };
    let ad = "0201061aff4c0002151de4b189115e45f6b44e50935226997700000000be";
    check(
        &source,
        packet("52:10:A8:46:90:AC", true, -77.0, ad),
        0,
        "home/OpenMQTTGateway/BTtoMQTT/5210A84690AC",
        r#"{"id":"52:10:A8:46:90:AC","mac_type":1,"rssi":-77,"brand":"GENERIC","model":"iBeacon","model_id":"IBEACON","mfid":"4c00","uuid":"1de4b189115e45f6b44e509352269977","major":0,"minor":0,"txpower":-66}"#,
    );
}

/// `mqtt-time-stamped-data-from-bluetooth-sensors.md` of ruuvi/docs; the topic
/// is what the gateway uses unless told otherwise.
#[test]
fn a_ruuvi_gateway_speaks_as_its_documentation() {
    let source = ScannerSource::RuuviGateway(place("ruuvi", "C8:25:2D:8E:9C:2C"));
    let ad = "0201061BFF990405166455D5C6DE0008FFF403F0AE760F2A8BF41F0C28CBD6";
    check(
        &source,
        packet("F4:1F:0C:28:CB:D6", true, -26.0, ad),
        1_653_668_027_400,
        "ruuvi/C8:25:2D:8E:9C:2C/F4:1F:0C:28:CB:D6",
        &format!(
            r#"{{"gw_mac":"C8:25:2D:8E:9C:2C","rssi":-26,"aoa":[],"gwts":"1653668027","ts":"1653668027","data":"{ad}","coords":""}}"#
        ),
    );
}

/// README of ingics/ingics-parser-go.
#[test]
fn an_ingics_gateway_speaks_as_its_documentation() {
    let source = ScannerSource::Ingics(place("igs", "F0:08:D1:78:92:00"));
    check(
        &source,
        packet(
            "D8:71:4D:78:4B:4F",
            true,
            -45.0,
            "02010612FF0D0083BC3101006D0B31000000140F0600",
        ),
        1_630_382_368_698,
        "igs",
        "$GPRP,D8714D784B4F,F008D1789200,-45,02010612FF0D0083BC3101006D0B31000000140F0600,1630382368.698",
    );
}

/// The first two devices of the sample in `binarypacketdecoder.test.js` of
/// reelyactive/barnowl-minew (MIT), with the length and number of two.
#[test]
fn a_minew_gateway_speaks_as_its_sample() {
    let source = ScannerSource::MinewBinary(place("gw", "AC:23:3F:C0:2F:87"));
    let ad = "1eff06000109200235eeaeebd2cfd9330452e2ac9fe743d46efc3eacbeae2a";
    let said = messages(&source, &[packet("03:2e:4a:1a:a9:5a", true, -49.0, ad)], 0);
    let expected = format!("bb0100000039ac233fc02f870001032e4a1aa95a00011f{ad}06cfdd");
    assert_eq!(crate::dialect::hex(&said[0].payload), expected);
    assert_eq!(said[0].payload.len(), 0x39);
}

/// `docs/Bluetooth_ESP32.md` of tasmota/docs, with the fields that it says
/// beacons have.
#[test]
fn tasmota_passes_on_beacons_and_nothing_else() {
    let source = ScannerSource::Tasmota {
        topic: "tele/ibeacon".to_owned(),
    };
    let ad = "0201061aff4c0002151de4b189115e45f6b44e5093522699770001000ac5";
    check(
        &source,
        packet("A4:C1:38:7F:C1:E1", false, -56.0, ad),
        1_609_589_320_000,
        "tele/ibeacon/SENSOR",
        r#"{"Time":"2021-01-02T12:08:40","IBEACON":{"UID":"1DE4B189115E45F6B44E509352269977","MAJOR":"0001","MINOR":"000A","MAC":"A4C1387FC1E1","RSSI":-56,"STATE":"ON","PERSEC":1}}"#,
    );
    let other = packet("A4:C1:38:7F:C1:E1", false, -56.0, "020106");
    assert_eq!(messages(&source, &[other], 0), []);
}

#[test]
fn espresense_ids_are_as_its_firmware_prints_them() {
    let address = Beacon::PrivateAddress(Address([0x4a; 6]));
    let uid = Beacon::EddystoneUid {
        namespace: *b"aislecast1",
        instance: [0, 0, 1, 2, 3, 4],
    };
    let ibeacon = Beacon::IBeacon {
        uuid: *b"aislecast-fob-01",
        major: 0,
        minor: 7,
    };
    for (beacon, kind, id) in [
        (
            ibeacon,
            FrameKind::Beacon,
            Some("iBeacon:6169736c-6563-6173-742d-666f622d3031-0-7"),
        ),
        (
            uid,
            FrameKind::Beacon,
            Some("eddy:6169736c65656361737431-000001020304"),
        ),
        (address, FrameKind::Apple, Some("apple:1005:9-24")),
        (address, FrameKind::Exposure, None),
        (Beacon::EddystoneEid([1; 8]), FrameKind::Beacon, None),
    ] {
        let air = Air {
            beacon,
            address: Address([0x4a; 6]),
            kind,
        };
        assert_eq!(espresense_name(&air).as_deref(), id);
    }
}

#[test]
fn a_shelly_passes_bthome_on_at_the_bare_address() {
    use crate::dialect::sensor::bthome::{self, Object};
    let source = ScannerSource::ShellyScript { topic: None };
    let ad = bthome::advert(&[
        Object::PacketId(22),
        Object::Battery(100),
        Object::Motion(true),
    ]);
    let packet = Packet {
        ad,
        ..packet("7c:c6:b6:7f:48:ed", false, -61.0, "")
    };
    check(
        &source,
        packet,
        0,
        "7c:c6:b6:7f:48:ed",
        r#"{"addr":"7c:c6:b6:7f:48:ed","local_name":"","rssi":-61,"service_data":{"BTHome_version":2,"battery":100,"encryption":false,"motion":1,"pid":22}}"#,
    );
}
