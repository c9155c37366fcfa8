use super::*;
use crate::{
    advert::no_keys,
    testing::{check, lines},
};

const ID: &str = "iBeacon:426c7565-4368-6172-6d42-6561636f6e73-3838-4949";

fn on(topic: &str, payload: &str) -> Vec<String> {
    lines(|sink| read(topic, payload.as_bytes(), &no_keys, sink))
}

/// A capture (`allie-raw.log`), taken as facts; the shape is that of
/// `fill()` in src/BleFingerprint.cpp at a6f1105e.
#[test]
fn a_captured_message_is_read() {
    let payload = r#"{"mac":"dd8800003777","id":"iBeacon:426c7565-4368-6172-6d42-6561636f6e73-3838-4949","rssi@1m":-59,"rssi":-81.10,"rxAdj":0,"rssiVar":7.42,"distance":6.58,"var":4.00,"int":2028}"#;
    let topic = format!("espresense/devices/{ID}/office");
    check(
        "a capture",
        |sink| read(&topic, payload.as_bytes(), &no_keys, sink),
        &[
            "from office DD:88:00:00:37:77 Unknown -81.1",
            "heard ibeacon 426c7565436861726d426561636f6e73-3838-4949 @ -59",
            "signal_variance.0 7.42",
            "distance.0 6.58",
            "interval.0 2.028",
        ],
    );
    assert_eq!(on(&topic, r#"{"id":"x"}"#), ["refused: no signal strength"]);
    assert_eq!(
        on(&topic, r#"{"rssi":"-60"}"#)[1],
        "heard ibeacon 426c7565436861726d426561636f6e73-3838-4949"
    );
}

#[test]
fn ids_say_who_it_is_or_that_nobody_is() {
    let uid = "heard uid 00112233445566778899-010203040506";
    for (id, mac, expected) in [
        ("eddy:0011223344445566778899-010203040506", "", Some(uid)),
        ("eddy:00112233445566778899-010203040506", "", Some(uid)),
        ("eddy:0011223344555566778899-010203040506", "", None),
        ("eddy:00112233445566778899-0102030405", "", None),
        (
            "irk:ec0234a357c8ad05341010a60a397d9b",
            "7081940dfbaa",
            Some("heard address"),
        ),
        ("apple:1006:10-7", "7081940dfbaa", Some("heard address")),
        ("name:tv", "7081940dfbaa", Some("heard named name:tv")),
        ("known:7081940dfbaa", "7081940dfbaa", Some("heard address")),
        ("7081940dfbaa", "7081940dfbaa", Some("heard address")),
        ("anna", "7081940dfbaa", Some("heard named anna")),
        (
            "iBeacon:426c7565-4368-6172-6d42-6561636f6e73-3838-65536",
            "",
            None,
        ),
        ("iBeacon:426c7565-4368-6172-6d42-6561636f6e73", "", None),
    ] {
        let payload = format!(r#"{{"mac":"{mac}","id":"{id}","rssi":-60}}"#);
        let lines = on("espresense/devices/x/office", &payload);
        assert_eq!(lines.get(1).map(String::as_str), expected, "{id}");
    }
}

#[test]
fn keys_go_no_further() {
    let payload = r#"{"mac":"7081940dfbaa","id":"irk:ec0234a357c8ad05341010a60a397d9b","irk":"ec0234a357c8ad05341010a60a397d9b","rssi":-60}"#;
    let lines = on(
        "espresense/devices/irk:ec0234a357c8ad05341010a60a397d9b/office",
        payload,
    );
    assert_eq!(
        lines,
        [
            "from office 70:81:94:0D:FB:AA RandomResolvable -60",
            "heard address"
        ]
    );
    let refused = on(
        "espresense/rooms/office/known_irks",
        "ec0234a357c8ad05341010a60a397d9b",
    );
    assert!(refused[0].starts_with("refused: keys of phones"));
}

#[test]
fn a_room_tells_of_itself_and_its_sensors() {
    for (what, payload, expected) in [
        ("status", "online", Some("online true")),
        ("status", "offline", Some("online false")),
        ("motion", "ON", Some("motion.0 true")),
        ("raw_weight", "8388", Some("raw_mass.0 8388")),
        ("raw_weight", "4294967295", Some("raw_mass.0 -1")),
        ("bme280_pressure", "1013.25", Some("pressure.0 101325")),
        (
            "telemetry",
            r#"{"ip":"10.0.0.7","uptime":68,"count":3}"#,
            Some("uptime.0 68"),
        ),
        ("absorption", "2.7", None),
        ("temperature", "nan", None),
    ] {
        let lines = on(&format!("espresense/rooms/office/{what}"), payload);
        assert_eq!(lines.get(1).map(String::as_str), expected, "{what}");
    }
    assert!(on("espresense/companion/x", "{}").is_empty());
}
