use super::*;
use crate::{advert::no_keys, testing::check};

fn reads(topic: &str, payload: &str, expected: &[&str]) {
    check(
        payload,
        |sink| read(topic, payload.as_bytes(), &no_keys, sink),
        expected,
    );
}

#[test]
fn every_script_is_read() {
    reads(
        "7c:c6:b6:7f:48:ed",
        r#"{"addr":"7c:c6:b6:7f:48:ed","rssi":-61,"local_name":"SBMO","service_data":{"encryption":false,"BTHome_version":2,"pid":22,"temperature":[21.700000000000003,18],"button":[1,0,0,4]}}"#,
        &[
            "from - 7C:C6:B6:7F:48:ED Unknown -61",
            "heard address",
            "name=SBMO",
            "packet_id.0 22",
            "temperature.0 21.7",
            "temperature.1 18",
            "button.0 press",
            "button.3 long_press",
        ],
    );
    reads(
        "blegateway/A4C138000001/sensor",
        r#"{"temperature":"21.5","battery_mv":2990,"battery_ok":1,"rssi":-70,"src":"shelly-1"}"#,
        &[
            "from shelly-1 A4:C1:38:00:00:01 Unknown -70",
            "heard address",
            "temperature.0 21.5",
            "battery_voltage.0 2.99",
            "battery_low.0 true",
        ],
    );
}

#[test]
fn a_button_of_two_bytes_is_the_first() {
    let button = |code: u16| {
        let payload = format!(r#"{{"address":"a4c138000001","button":{code}}}"#);
        let lines = crate::testing::lines(|sink| read("x", payload.as_bytes(), &no_keys, sink));
        lines.get(1).cloned()
    };
    assert_eq!(button(0x0502), Some("button.0 double_press".to_owned()));
    assert_eq!(button(0xFE), Some("button.0 hold_press".to_owned()));
    assert_eq!(button(0), None);
}

#[test]
fn what_is_sealed_says_so() {
    reads(
        "7c:c6:b6:7f:48:ed",
        r#"{"addr":"7c:c6:b6:7f:48:ed","rssi":-61,"service_data":{"encryption":true,"BTHome_version":2}}"#,
        &[
            "from - 7C:C6:B6:7F:48:ED Unknown -61",
            "heard address",
            "sealed bthome",
        ],
    );
    reads("x", r#"{"rssi":-61}"#, &["refused: names no sensor"]);
}

#[test]
fn the_table_is_sorted() {
    crate::field::testing::is_sorted(FIELDS);
}
