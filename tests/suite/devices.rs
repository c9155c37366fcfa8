//! Devices of other makes on a real broker.

use serde_json::{Value, json};
use tests::{
    gateway::Gateway,
    mosquitto::{Mosquitto, publish},
    mqtt::Client,
    site::Site,
    wait,
};

/// What a shop has beside the test shop's own.
const MORE: &str = r#"
[[scanners]]
id = "s-ruuvi"
at = [12, 8]
source = "ruuvi-gateway"
topic = "ruuvi"
mac = "C8:25:2D:8E:9C:2C"

[[sensors]]
id = "motion"
at = [15, 5]
kind = "occupancy"
zone = "dairy"
from = { source = "zigbee2mqtt", device = "dairy/motion" }
"#;

/// `mqtt-time-stamped-data-from-bluetooth-sensors.md` of ruuvi/docs, of this gateway.
pub(crate) fn ruuvi(gateway: &str) -> (String, String) {
    let body = json!({
        "gw_mac": gateway, "rssi": -60, "aoa": [], "gwts": "1653668027", "ts": "1653668027",
        "data": "0201061AFF4C0002152F234454CF6D4A0FADF2F4911BA9FFA600000001C5", "coords": ""
    });
    let topic = format!("ruuvi/{gateway}/F4:1F:0C:28:CB:D6");
    (topic, body.to_string())
}

/// Adds devices to a shop's file.
pub(crate) fn add(site: &Site, more: &str) {
    site.edit("[segments]", &format!("{more}\n[segments]"));
}

/// Sightings that came in, of shoppers and of strangers.
pub(crate) fn heard(live: &Value) -> u64 {
    live["counts"]["sightings"].as_u64().unwrap_or(0)
}

fn unknown(live: &Value) -> Vec<&str> {
    let names = live["unknown_devices"].as_array();
    names
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect()
}

#[test]
fn five_thousand_retained_messages_do_not_cost_one_live_sighting() {
    const KEPT: usize = 5_000;
    const LIVE: u64 = 2_000;
    let dir = tempfile::tempdir().unwrap();
    let Some(broker) = Mosquitto::start(dir.path()) else {
        return;
    };
    let site = Site::beside(broker.port);
    add(&site, MORE);
    let mut client = Client::connect(broker.port, "scanners").unwrap();
    let (_, body) = ruuvi("C8:25:2D:8E:9C:2C");
    for n in 0..KEPT {
        let topic = format!("ruuvi/C8:25:2D:8E:9C:2C/{n:012X}");
        client.publish_retained(&topic, body.as_bytes()).unwrap();
    }
    client.flush().unwrap();
    let gateway = Gateway::start(&site);
    // The burst is on its way, or just over: the shop goes on meanwhile.
    for n in 0..LIVE {
        let (topic, body) = ruuvi("C8:25:2D:8E:9C:2C");
        client.publish(&topic, body.as_bytes()).unwrap();
        if n % 50 == 0 {
            client.flush().unwrap();
        }
    }
    let live = gateway.until("every live sighting is in", |live| heard(live) >= LIVE);
    assert_eq!(heard(&live), LIVE, "what was kept is no sighting");
    assert!(
        gateway
            .said()
            .contains("retained messages were passed over")
    );
}

#[test]
fn a_device_that_the_file_does_not_have_is_named_until_it_has() {
    let dir = tempfile::tempdir().unwrap();
    let Some(broker) = Mosquitto::start(dir.path()) else {
        return;
    };
    let site = Site::beside(broker.port);
    add(&site, MORE);
    let gateway = Gateway::start(&site);
    let other = "C8:25:2D:8E:9C:2D";
    let say = || {
        let (topic, body) = ruuvi(other);
        publish(broker.port, &topic, &body, &[]);
    };
    say();
    let live = gateway.until("it is named", |live| unknown(live) == [other]);
    assert_eq!(heard(&live), 0);
    let text = live.to_string();
    assert!(
        !text.contains("F4:1F:0C"),
        "whom it heard is nobody's business"
    );

    let second = MORE.split("[[sensors]]").next().unwrap_or_default();
    let second = second
        .replace("s-ruuvi", "s-second")
        .replace("9C:2C", "9C:2D");
    add(&site, &second);
    wait::until("the changed file is taken in", || {
        say();
        (heard(&gateway.live()) > 0).then_some(())
    });
}

#[test]
fn a_sensor_of_another_make_is_read_and_a_new_one_needs_no_restart() {
    let dir = tempfile::tempdir().unwrap();
    let Some(broker) = Mosquitto::start(dir.path()) else {
        return;
    };
    let site = Site::beside(broker.port);
    let gateway = Gateway::start(&site);
    add(&site, MORE);
    let value = |live: &Value| {
        let sensors = live["status"]["sensors"].as_array();
        let mut sensors = sensors.into_iter().flatten();
        sensors
            .find(|s| s["id"] == "motion")
            .map(|s| s["value"].clone())
    };
    for (said, expected) in [("true", 1.0), ("false", 0.0)] {
        wait::until("the sensor is read", || {
            let body = format!(r#"{{"battery":"100.00","occupancy":{said}}}"#);
            publish(broker.port, "zigbee2mqtt/dairy/motion", &body, &[]);
            (value(&gateway.live())? == json!(expected)).then_some(())
        });
    }
}
