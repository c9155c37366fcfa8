use super::*;
use crate::{advert::no_keys, testing::check};

const TOPIC: &str = "home/OMG/BTtoMQTT/585FF0";

fn reads(payload: &str, expected: &[&str]) {
    check(
        payload,
        |sink| read(TOPIC, payload.as_bytes(), &no_keys, sink),
        expected,
    );
}

#[test]
fn numbers_as_texts_and_batteries_in_place_of_power_are_borne() {
    for (tail, expected) in [
        (
            r#""major":"1","minor":"65535","txpower":"-66""#,
            "heard ibeacon 1de4b189115e45f6b44e509352269977-1-65535 @ -66",
        ),
        (
            r#""major":1,"minor":2,"txpower":26"#,
            "heard ibeacon 1de4b189115e45f6b44e509352269977-1-2",
        ),
        (r#""major":1,"minor":65536"#, "heard address"),
        (r#""major":1.5,"minor":2"#, "heard address"),
        (r#""major":1"#, "heard address"),
        (r#""major":1,"minor":2,"mfid":"9904""#, "heard address"),
    ] {
        let payload = format!(
            r#"{{"id":"585ff0000001","rssi":"-79","uuid":"1DE4B189-115E-45F6-B44E-509352269977",{tail}}}"#
        );
        reads(
            &payload,
            &["from OMG 58:5F:F0:00:00:01 Unknown -79", expected],
        );
    }
}

#[test]
fn undecoded_advertisements_are_decoded_here() {
    for (fields, expected) in [
        (
            r#""manufacturerdata":"4c0002151de4b189115e45f6b44e50935226997700010002c5""#,
            "heard ibeacon 1de4b189115e45f6b44e509352269977-1-2 @ -59",
        ),
        (
            r#""servicedatauuid":"0xfeaa","servicedata":"00ee001122334455667788990102030405060000""#,
            "heard uid 00112233445566778899-010203040506 @ -59",
        ),
        (
            r#""servicedatauuid":"0000feaa-0000-1000-8000-00805f9b34fb","servicedata":"30EEA9B76A71C5F89290""#,
            "heard eid a9b76a71c5f89290 @ -59",
        ),
        (r#""manufacturerdata":"not hexadecimal""#, "heard address"),
    ] {
        let payload = format!(r#"{{"id":"00:11:22:33:44:55","mac_type":0,"rssi":-70,{fields}}}"#);
        let mut lines =
            crate::testing::lines(|sink| read(TOPIC, payload.as_bytes(), &no_keys, sink));
        lines.retain(|line| !line.starts_with("format=") && !line.starts_with("tx_power"));
        assert_eq!(
            lines,
            ["from OMG 00:11:22:33:44:55 Public -70", expected],
            "{payload}"
        );
    }
}

#[test]
fn what_is_known_of_an_address_is_what_the_message_says() {
    for (id, tail, from) in [
        (
            "70:81:94:0D:FB:AA",
            r#","mac_type":1"#,
            "OMG 70:81:94:0D:FB:AA RandomResolvable -60",
        ),
        (
            "7081940dfbaa",
            r#","mac_type":"1""#,
            "OMG 70:81:94:0D:FB:AA RandomResolvable -60",
        ),
        (
            "F0:81:94:0D:FB:AA",
            r#","mac_type":1"#,
            "OMG F0:81:94:0D:FB:AA RandomStatic -60",
        ),
        (
            "70:81:94:0D:FB:AA",
            r#","mac_type":0"#,
            "OMG 70:81:94:0D:FB:AA Public -60",
        ),
        ("70:81:94:0D:FB:AA", "", "OMG 70:81:94:0D:FB:AA Unknown -60"),
    ] {
        let from = format!("from {from}");
        reads(
            &format!(r#"{{"id":"{id}","rssi":-60{tail}}}"#),
            &[&from, "heard address"],
        );
    }
}

#[test]
fn what_the_gateway_decoded_is_read_in_our_units() {
    // theengs/gateway, docs/use/use.md; an id that was cut and 104.7 % included.
    reads(
        r#"{"name":"F35285","id":"F3:52:85","rssi":-82,"brand":"BlueMaestro","model":"TempoDisc","model_id":"BM_V23","tempc":"24.1","tempf":75.38,"hum":104.7,"dp":24.8,"volt":2.56,"mfr":"Blue Maestro Limited"}"#,
        &[
            "from OMG F3:52:85 -82",
            "heard named F3:52:85",
            "name=F35285",
            "brand=BlueMaestro",
            "model=TempoDisc",
            "temperature.0 24.1",
            "humidity.0 104.7",
            "dew_point.0 24.8",
            "battery_voltage.0 2.56",
        ],
    );
    reads(
        r#"{"id":"00:11:22:33:44:55","rssi":-60,"tempf":212,"pres":1009.1,"accx":9.80665,"open":true,"contact":"closed","weight":2.2,"unit":"lb","motion":false,"button":9,"packet":3,"unlocked":true}"#,
        &[
            "from OMG 00:11:22:33:44:55 Unknown -60",
            "heard address",
            "temperature.0 100",
            "pressure.0 100910",
            "acceleration_x.0 1",
            "opening.0 true",
            "mass.0 0.997903214",
            "motion.0 false",
            "button.0 long_press",
            "packet_id.0 3",
            "lock.0 true",
        ],
    );
}

#[test]
fn a_device_may_be_named_by_the_topic_alone() {
    check(
        "docs/use/ble.md",
        |sink| {
            let topic = "home/OpenMQTTGateway/BTtoMQTT/4C33A6603C79";
            let payload = br#"{"hum":"52.6","tempc":"19.2","tempf":"66.56"}"#;
            read(topic, payload, &no_keys, sink)
        },
        &[
            "from OpenMQTTGateway 4C:33:A6:60:3C:79 Unknown",
            "humidity.0 52.6",
            "temperature.0 19.2",
        ],
    );
}

#[test]
fn what_is_said_raw_and_decoded_is_said_once() {
    // BTHome: temperature 25.06 °C, humidity 50.55 % (bthome.io/format).
    reads(
        r#"{"id":"00:11:22:33:44:55","mac_type":0,"rssi":-60,"servicedatauuid":"fcd2","servicedata":"4002ca0903bf13","tempc":25.06,"hum":50.55,"batt":90}"#,
        &[
            "from OMG 00:11:22:33:44:55 Public -60",
            "format=bthome v2",
            "trigger_based.0 false",
            "temperature.0 25.06",
            "humidity.0 50.55",
            "heard address",
            "battery.0 90",
        ],
    );
}

#[test]
fn coming_and_going_is_told() {
    reads(
        r#"{"id":"AA:BB:CC:DD:EE:FF","presence":"absent","unlocked":false}"#,
        &[
            "from OMG AA:BB:CC:DD:EE:FF Unknown",
            "presence.0 false",
            "lock.0 false",
        ],
    );
    let will = |payload: &'static str| {
        move |sink: &mut Sink<'_>| read("home/OMG/LWT", payload.as_bytes(), &no_keys, sink)
    };
    check("there", will("online"), &["from OMG -", "online true"]);
    check("gone", will("offline"), &["from OMG -", "online false"]);
    check("neither", will("perhaps"), &["refused: not JSON"]);
}

#[test]
fn what_is_no_json_is_refused() {
    for payload in ["", "{\"rssi\":-70", "[]"] {
        assert!(read(TOPIC, payload.as_bytes(), &no_keys, &mut |_| {}).is_err());
    }
    reads(
        r#"{"rssi":"loud","manufacturerdata":"4c00"}"#,
        &["from OMG -"],
    );
}
