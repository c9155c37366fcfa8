use super::*;
use crate::testing::check;

fn reads(topic: &str, payload: &str, expected: &[&str]) {
    check(
        payload,
        |sink| read(topic, payload.as_bytes(), sink),
        expected,
    );
}

#[test]
fn sensors_are_told_apart_and_units_are_ours() {
    reads(
        "tele/fridge/SENSOR",
        r#"{"Time":"2021-01-02T09:09:44","DS18B20-1":{"Id":"00000566CC39","Temperature":55.94},"DS18B20-2":{"Id":"0000059352D4","Temperature":"34.16"},"BME280":{"Temperature":50,"Pressure":29.92},"TempUnit":"F","PressureUnit":"inHg"}"#,
        &[
            "from - fridge at local 2021-01-02T09:09:44",
            "sensor=DS18B20-1",
            "id=00000566CC39",
            "temperature.1 13.3",
            "sensor=DS18B20-2",
            "id=0000059352D4",
            "temperature.2 1.2",
            "sensor=BME280",
            "temperature.0 10",
            "pressure.0 101320.75888",
        ],
    );
}

#[test]
fn bluetooth_sensors_are_devices_of_their_own() {
    reads(
        "tele/gate/SENSOR",
        r#"{"Time":"2020-03-24T12:47:51+01:00","LYWSD03-52680f":{"Temperature":21.1,"Battery":100},"LYWSD02-a2fd09":{"Temperature":21.4},"SR04":{"Distance":42.6},"VL53L0X_2":{"Distance":344}}"#,
        &[
            "from gate LYWSD03-52680f at 1585050471000",
            "sensor=LYWSD03-52680f",
            "temperature.0 21.1",
            "battery.0 100",
            "from gate LYWSD02-a2fd09 at 1585050471000",
            "sensor=LYWSD02-a2fd09",
            "temperature.0 21.4",
            "from - gate at 1585050471000",
            "sensor=SR04",
            "distance.0 0.426",
            "sensor=VL53L0X_2",
            "distance.2 0.344",
        ],
    );
}

#[test]
fn tags_switches_and_buttons_are_read() {
    let from = "from - t at local 2023-02-24T20:05:48";
    let at = r#""Time":"2023-02-24T20:05:48""#;
    for (topic, message, expected) in [
        (
            "tele/t/SENSOR",
            r#""PN532":{"UID":"94D8FC5F","DATA":"hello"}"#,
            vec![from, "sensor=PN532", "tag.0 94D8FC5F", "text.0 hello"],
        ),
        (
            "tele/t/SENSOR",
            r#""RC522":{"UID":"BA839D07","Data":"","Type":"MIFARE 1KB"}"#,
            vec![from, "sensor=RC522", "tag.0 BA839D07"],
        ),
        (
            "tele/t/SENSOR",
            r#""RfReceived":{"Data":"0x7028D2","Bits":24},"Wifi":{"RSSI":86,"Signal":-57}"#,
            vec![
                from,
                "sensor=Wifi",
                "link_quality.0 86",
                "signal_strength.0 -57",
            ],
        ),
        (
            "tele/t/SENSOR",
            r#""PCF8574-1":{"D0":1,"D7":0}"#,
            vec![from, "sensor=PCF8574-1", "input.0 true", "input.7 false"],
        ),
        (
            "t/tele/SENSOR",
            r#""Switch1":"ON","Switch2":"OFF""#,
            vec![from, "input.1 true", "input.2 false"],
        ),
        (
            "stat/t/RESULT",
            r#""Button2":{"Action":"DOUBLE"}"#,
            vec![from, "button.1 DOUBLE"],
        ),
        (
            "tele/t/SENSOR",
            r#""LD2410S":{"Distance":196.0,"People":2}"#,
            vec![
                from,
                "sensor=LD2410S",
                "target_distance.0 1.96",
                "occupants.0 2",
            ],
        ),
        (
            "tele/t/SENSOR",
            r#""ENERGY":{"Total":6.294,"Power":[2635,10],"Voltage":227}"#,
            vec![
                from,
                "sensor=ENERGY",
                "energy.0 6.294",
                "power.0 2635",
                "power.1 10",
                "voltage.0 227",
            ],
        ),
    ] {
        reads(topic, &format!("{{{at},{message}}}"), &expected);
    }
}

#[test]
fn a_beacon_that_is_gone_was_not_heard() {
    reads(
        "tele/ib/SENSOR",
        r#"{"Time":"2021-01-02T12:08:40","IBEACON":{"MAC":"A4C1387FC1E1","UID":"1DE4B189115E45F6B44E509352269977","MAJOR":"000A","MINOR":"0002","RSSI":-56,"STATE":"ON","NAME":"x"}}"#,
        &[
            "from ib A4:C1:38:7F:C1:E1 Unknown -56 at local 2021-01-02T12:08:40",
            "heard ibeacon 1de4b189115e45f6b44e509352269977-10-2",
            "name=x",
            "presence.0 true",
        ],
    );
    reads(
        "tele/ib/SENSOR",
        r#"{"IBEACON":{"MAC":"A4C1387FC1E1","RSSI":-56,"STATE":"OFF"}}"#,
        &["from ib A4:C1:38:7F:C1:E1 Unknown", "presence.0 false"],
    );
}

#[test]
fn a_device_says_whether_it_is_there() {
    reads("tele/t/LWT", "Offline", &["from - t", "online false"]);
    reads("t/tele/LWT", "Online", &["from - t", "online true"]);
    reads("stat/t/POWER2", "ON", &["from - t", "power_on.2 true"]);
    reads("tele/t/LWT", "?", &["refused: not Online or Offline"]);
}
