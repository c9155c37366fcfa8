//! Captured messages, brought by clients that people use: `mosquitto_pub` and
//! Python's paho.

use super::devices::{add, heard};
use std::{
    io::Write,
    process::{Command, Stdio},
};
use tests::{
    gateway::Gateway,
    house,
    mosquitto::{Mosquitto, publish},
    site::Site,
};

/// Debian's file of paho; a library has no program to look for.
const PAHO: &str = "/usr/lib/python3/dist-packages/paho/mqtt/client.py";

const DEVICES: &str = r#"
[[scanners]]
id = "s-ingics"
at = [12, 8]
source = "ingics"
topic = "igs"

[[scanners]]
id = "s-minew"
at = [13, 8]
source = "minew"
topic = "gw/ac233fc001ea"

[[sensors]]
id = "fridge"
at = [15, 5]
kind = "temperature"
from = { source = "zigbee2mqtt", device = "fridge" }
"#;

/// Topic, payload and how many beacons are in it. Captures and makers' examples:
/// `docs/use/ble.md` of OpenMQTTGateway; a log of ESPresense; a database script
/// of an Ingics user; a Minew G1's output.
const CAPTURED: [(&str, &str, u64); 4] = [
    (
        "home/gateway-1/BTtoMQTT/5210A84690AC",
        r#"{"id":"52:10:A8:46:90:AC","mac_type":1,"rssi":-77,"brand":"GENERIC","model":"iBeacon","model_id":"IBEACON","mfid":"4c00","uuid":"1de4b189115e45f6b44e509352269977","major":0,"minor":0,"txpower":-66}"#,
        1,
    ),
    (
        "espresense/devices/iBeacon:426c7565-4368-6172-6d42-6561636f6e73-3838-4949/dairy",
        r#"{"mac":"dd8800003777","id":"iBeacon:426c7565-4368-6172-6d42-6561636f6e73-3838-4949","rssi@1m":-59,"rssi":-81.10,"rxAdj":0,"rssiVar":7.42,"distance":6.58,"var":4.00,"int":2028}"#,
        1,
    ),
    (
        "igs",
        "$GPRP,0CF3EE0B0BDD,CD2DA08685AD,-67,0201061AFF4C0002152F234454CF6D4A0FADF2F4911BA9FFA600000001C5,1496863953",
        1,
    ),
    (
        "gw/ac233fc001ea",
        r#"[{"timestamp":"2022-06-17T02:03:51Z","type":"Gateway","mac":"AC233FC001EA","gatewayFree":98,"gatewayLoad":0.05},{"timestamp":"2022-06-17T02:03:51Z","type":"iBeacon","mac":"10C005091CD5","bleName":"","ibeaconUuid":"64E2FEFF5AF34D2C97C4643B70CD82EB","ibeaconMajor":4,"ibeaconMinor":1,"rssi":-50,"ibeaconTxPower":-70,"battery":0}]"#,
        1,
    ),
];
const FRIDGE: (&str, &str) = (
    "zigbee2mqtt/fridge",
    r#"{"temperature":27.34,"humidity":44.72}"#,
);

/// What a publisher of messages is: topic and payload.
type Publisher = fn(u16, &[(&str, &str)]);

fn by_mosquitto(port: u16, messages: &[(&str, &str)]) {
    for (topic, payload) in messages {
        publish(port, topic, payload, &[]);
    }
}

/// Reads lines of topic, tab, payload; works with paho 1.6 and 2.
const SCRIPT: &str = r#"
import sys, paho.mqtt.client as mqtt
old = not hasattr(mqtt, "CallbackAPIVersion")
client = mqtt.Client("captured") if old else mqtt.Client(mqtt.CallbackAPIVersion.VERSION2, "captured")
client.connect("127.0.0.1", int(sys.argv[1]))
client.loop_start()
for line in sys.stdin:
    topic, payload = line.rstrip("\n").split("\t", 1)
    client.publish(topic, payload, qos=1).wait_for_publish()
client.disconnect()
"#;

fn by_paho(port: u16, messages: &[(&str, &str)]) {
    let mut python = Command::new("/usr/bin/python3")
        .args(["-c", SCRIPT, &port.to_string()])
        .stdin(Stdio::piped())
        .spawn()
        .expect("Debian's Python is there with its library");
    let mut stdin = python.stdin.take().expect("it is piped");
    for (topic, payload) in messages {
        writeln!(stdin, "{topic}\t{payload}").expect("Python reads its lines");
    }
    drop(stdin);
    let status = python.wait().expect("it is our child");
    assert!(status.success(), "paho: {status}");
}

fn check(publisher: Publisher) {
    let dir = tempfile::tempdir().expect("the temporary folder can be written");
    let Some(broker) = Mosquitto::start(dir.path()) else {
        return;
    };
    let site = Site::beside(broker.port);
    add(&site, DEVICES);
    let gateway = Gateway::start(&site);
    let beacons: Vec<_> = CAPTURED.iter().map(|(t, p, _)| (*t, *p)).collect();
    publisher(broker.port, &beacons);
    let expected: u64 = CAPTURED.iter().map(|(_, _, beacons)| beacons).sum();
    let live = gateway.until("every capture is heard", |live| heard(live) >= expected);
    assert_eq!(live["counts"]["sightings"], expected);
    assert_eq!(live["counts"]["strangers"], expected, "nobody is enrolled");

    publisher(broker.port, &[FRIDGE]);
    gateway.until("the fridge is read", |live| {
        let sensors = live["status"]["sensors"].as_array();
        let mut sensors = sensors.into_iter().flatten();
        sensors.any(|s| {
            s["id"] == "fridge"
                && s["value"]
                    .as_f64()
                    .is_some_and(|v| (v - 27.34).abs() < 0.01)
        })
    });
    let metrics = gateway.get("/metrics").text();
    let counted = format!("aislecast_sightings_total {expected}");
    assert!(metrics.contains(&counted), "{metrics}");
}

#[test]
fn what_mosquitto_pub_publishes_is_heard() {
    check(by_mosquitto);
}

#[test]
fn what_python_s_paho_publishes_is_heard() {
    if house::tool(PAHO).is_some() {
        check(by_paho);
    }
}
