use super::*;

fn knows(topic: &str, payload: &str, expected: Dialect) {
    assert_eq!(
        guess(topic, payload.as_bytes()),
        Some(expected),
        "{topic} {payload}"
    );
}

#[test]
fn messages_are_known_by_their_shape() {
    for (topic, payload, expected) in [
        (
            "any/topic",
            "$GPRP,7ABA6F20ACCF,806172C89C09,-2,",
            Dialect::Ingics,
        ),
        (
            "any",
            r#"{"data":[{"ts":1,"reader":"F0","tag":"00","type":"iBS"}]}"#,
            Dialect::Ingics,
        ),
        (
            "any",
            r#"[{"timestamp":"x","type":"Gateway","mac":"AC233FC001EA"}]"#,
            Dialect::Minew,
        ),
        (
            "any",
            r#"{"gw_mac":"C8","rssi":-26,"data":"0201"}"#,
            Dialect::Ruuvi,
        ),
        (
            "any",
            r#"{"data":{"gw_mac":"C8","tags":{}}}"#,
            Dialect::Ruuvi,
        ),
        (
            "ruuvi/C8/gw_status",
            r#"{"state":"online"}"#,
            Dialect::Ruuvi,
        ),
        (
            "7c:c6:b6:7f:48:ed",
            r#"{"addr":"7c","rssi":-6,"service_data":{"pid":1}}"#,
            Dialect::ShellyBle,
        ),
        (
            "blegateway/A4/sensor",
            r#"{"temperature":1}"#,
            Dialect::ShellyBle,
        ),
        (
            "any",
            r#"{"msg_id":3004,"device_info":{"mac":"1"},"data":[{"x":1}]}"#,
            Dialect::Moko,
        ),
    ] {
        knows(topic, payload, expected);
    }
}

#[test]
fn messages_of_no_shape_of_their_own_are_known_by_their_topic() {
    for (topic, payload, expected) in [
        (
            "home/OMG/BTtoMQTT/5210A84690AC",
            r#"{"id":"52","rssi":-7}"#,
            Dialect::Theengs,
        ),
        (
            "my/own/topic",
            r#"{"id":"52:10","rssi":-7,"name":"x"}"#,
            Dialect::Theengs,
        ),
        ("home/OMG/LWT", "online", Dialect::Theengs),
        ("tele/t/LWT", "Online", Dialect::Tasmota),
        ("tele/t/SENSOR", r#"{"Time":"x"}"#, Dialect::Tasmota),
        ("stat/t/POWER", "ON", Dialect::Tasmota),
        ("tele/t/BLE", r#"{"DetailsBLE":{}}"#, Dialect::TasmotaBle),
        (
            "espresense/devices/x/room",
            r#"{"rssi":-1}"#,
            Dialect::Espresense,
        ),
        ("zigbee2mqtt/a/b", r#"{"battery":1}"#, Dialect::Zigbee2Mqtt),
        ("prefix/events/rpc", r#"{"src":"s"}"#, Dialect::Shelly),
        ("prefix/status/switch:0", "{}", Dialect::Shelly),
        ("prefix/online", "true", Dialect::Shelly),
        (
            "any",
            r#"{"src":"s","method":"NotifyStatus","params":{"ts":1}}"#,
            Dialect::Shelly,
        ),
        ("axis/B8/event/x", "{}", Dialect::Axis),
        ("homie/5/d/n/p", "1", Dialect::Homie),
        ("spBv1.0/g/NDATA/n", "", Dialect::Sparkplug),
    ] {
        knows(topic, payload, expected);
    }
}

#[test]
fn what_is_in_no_dialect_is_in_none() {
    for (topic, payload) in [
        ("x", ""),
        ("x", "{}"),
        ("x", "21.5"),
        ("a/b", r#"{"price":1}"#),
    ] {
        assert_eq!(guess(topic, payload.as_bytes()), None, "{payload}");
    }
    let refused = read("x", b"{}", &crate::advert::no_keys, &mut |_| {});
    assert_eq!(refused, Err(Unreadable("in no dialect that is known")));
}

#[test]
fn every_dialect_has_a_name_of_its_own() {
    for (n, dialect) in Dialect::ALL.iter().enumerate() {
        let same = Dialect::ALL
            .iter()
            .position(|other| other.name() == dialect.name());
        assert_eq!(same, Some(n));
    }
}
