//! What a node's sensors measure, on its way to the gateway.

use serde_json::{Value, json};
use tests::{
    gateway::Gateway,
    mosquitto::Mosquitto,
    node::{self, Listener, Node},
    site::Site,
};

fn hall(live: &Value) -> &Value {
    let sensors = live["status"]["sensors"].as_array();
    let mut sensors = sensors.into_iter().flatten();
    sensors
        .find(|s| s["id"] == "hall")
        .map_or(&Value::Null, |s| &s["value"])
}

#[test]
#[ignore = "needs the firmware: cargo suite emulator"]
fn a_temperature_that_changes_arrives_and_a_pulled_sensor_is_a_fault() {
    let dir = tempfile::tempdir().unwrap();
    let Some(broker) = Mosquitto::start(dir.path()) else {
        return;
    };
    let site = Site::beside(broker.port);
    node::wire(&site);
    let gateway = Gateway::start(&site);
    let listener = Listener::start(broker.port);
    let mut node = Node::new(broker.port);
    node.switch_on();
    for celsius in [23.5, -18.0] {
        node.set_temperature((celsius * 100.0) as i16);
        gateway.until("the temperature is in", |live| {
            hall(live) == &json!(celsius)
        });
    }
    let starts = listener.until("the node says its start", |heard| {
        heard.health.last().map(|health| health.boot)
    });
    node.switch_off();
    node.has_thermometer = false;
    node.switch_on();
    gateway.until("the temperature is not believed any more", |live| {
        hall(live).is_null() && live["counts"]["readings"].as_u64() >= Some(3)
    });
    let health = listener.until("the fault is counted", |heard| {
        let health = heard.health.last()?;
        (health.faults > 0).then(|| health.clone())
    });
    assert_eq!(
        health.boot,
        starts + 1,
        "each start is counted, also without power"
    );
    assert!(!node.said().contains("panicked"), "{}", node.said());
}
