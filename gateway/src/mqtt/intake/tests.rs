use super::*;
use crate::{dialect::test_plan, mqtt::foreign::Foreign};
use config::{Feed, ScannerSource, SharedTopic};
use dialect::Quantity as Said;
use engine::plan::Sensor;

const BUTTON: &str = "7C:C6:B6:7F:48:ED";

/// Three gateways and five sensors of other makes.
struct Bench {
    foreign: Foreign,
    intake: Intake,
}

fn place(topic: &str, mac: Option<&str>) -> SharedTopic {
    SharedTopic {
        topic: topic.to_owned(),
        mac: mac.map(|mac| Address::parse(mac).unwrap()),
    }
}

fn value(quantity: Said) -> Takes {
    Takes::Value {
        quantities: vec![quantity],
        nth: 0,
    }
}

fn feeds(key_file: Option<std::path::PathBuf>) -> Vec<(SensorKind, Feed)> {
    let text = str::to_owned;
    let motion = FeedDevice::Zigbee2mqtt {
        base: text("zigbee2mqtt"),
        device: text("bakery/motion"),
    };
    let axis = FeedDevice::Axis {
        topic: text("axis/B8A44F941234"),
    };
    let button = FeedDevice::Bluetooth {
        address: Address::parse(BUTTON).unwrap(),
        key_file,
    };
    let freezer = FeedDevice::Tasmota {
        topic: text("tele/freezer"),
    };
    let ways = Takes::TwoCounters {
        inward: 1,
        outward: 2,
    };
    let press = Takes::Press {
        nth: 0,
        action: None,
    };
    let pair = |kind, device, takes| (kind, Feed { device, takes });
    vec![
        pair(SensorKind::Occupancy, motion, value(Said::Occupancy)),
        pair(SensorKind::Door, axis, ways),
        pair(SensorKind::Button, button, press),
        pair(SensorKind::Temperature, freezer, value(Said::Temperature)),
    ]
}

impl Bench {
    fn new() -> Self {
        Self::with(None, Changes::default())
    }

    fn with(key_file: Option<std::path::PathBuf>, changes: Changes) -> Self {
        let mut plan = test_plan::plan();
        let feeds = feeds(key_file);
        let sensors = (0..).zip(&feeds).map(|(n, (kind, _))| Sensor {
            id: format!("s-{n}").parse().unwrap(),
            kind: *kind,
            ..plan.sensors[0].clone()
        });
        plan.sensors = sensors.collect();
        let scanners = [
            ScannerSource::Node,
            ScannerSource::RuuviGateway(place("ruuvi", Some("C8:25:2D:8E:9C:2C"))),
            ScannerSource::RuuviGateway(place("ruuvi", Some("C8:25:2D:8E:9C:2D"))),
            ScannerSource::MinewBinary(place("/gw", None)),
        ];
        let feeds: Vec<_> = feeds.into_iter().map(|(_, feed)| Some(feed)).collect();
        let devices = Devices::new(&plan, &scanners, &feeds);
        Self {
            foreign: Foreign::new(&plan, &devices),
            intake: Intake::new(&plan, &devices, changes),
        }
    }

    fn say_at(&mut self, now_ms: u64, topic: &str, payload: &[u8], retained: bool) -> Taken {
        let message = Message {
            topic: topic.to_owned(),
            payload: payload.to_vec().into(),
            retained,
        };
        let speaker = self.foreign.speaker(topic).expect("somebody speaks there");
        self.intake.take(speaker, &message, now_ms).unwrap()
    }

    /// What a message comes to, as readings.
    fn say(&mut self, topic: &str, payload: &str) -> Vec<(u16, Quantity)> {
        readings(&self.say_at(0, topic, payload.as_bytes(), false))
    }
}

fn readings(taken: &Taken) -> Vec<(u16, Quantity)> {
    let events = taken.events.iter();
    events
        .filter_map(|event| match event {
            Event::Reading(reading) => Some((reading.sensor.0, reading.value)),
            _ => None,
        })
        .collect()
}

fn ruuvi(gateway: &str, address: &str, ad: &str) -> (String, String) {
    let topic = format!("ruuvi/{gateway}/{address}");
    let body = format!(
        r#"{{"gw_mac":"{gateway}","rssi":-60,"aoa":[],"gwts":"1653668027","ts":"1653668027","data":"{ad}","coords":""}}"#
    );
    (topic, body)
}

#[test]
fn gateways_on_one_topic_are_told_apart_and_one_unknown_is_named() {
    let mut bench = Bench::new();
    let ad = "0201061AFF4C0002152F234454CF6D4A0FADF2F4911BA9FFA600000001C5";
    for (gateway, scanner) in [
        ("C8:25:2D:8E:9C:2C", Some(1)),
        ("C8:25:2D:8E:9C:2D", Some(2)),
        ("C8:25:2D:8E:9C:2E", None),
    ] {
        let (topic, body) = ruuvi(gateway, "F4:1F:0C:28:CB:D6", ad);
        let taken = bench.say_at(0, &topic, body.as_bytes(), false);
        let heard = taken.events.iter().find_map(|event| match event {
            Event::Sighting(sighting) => Some(sighting.scanner.0),
            _ => None,
        });
        assert_eq!(heard, scanner, "{gateway}");
        // A gateway may be named; whom it heard may not.
        let name = scanner.is_none().then_some(gateway);
        assert_eq!(taken.stranger.as_deref(), name);
    }
}

#[test]
fn repeated_motion_stays_and_is_not_believed_for_ever() {
    let mut bench = Bench::new();
    let topic = "zigbee2mqtt/bakery/motion";
    let there = br#"{"battery":"100.00","occupancy":true,"linkquality":120}"#;
    let at = |bench: &mut Bench, ms| readings(&bench.say_at(ms, topic, there, false));
    let occupied = |yes| vec![(0, Quantity::Occupied(yes))];
    assert_eq!(at(&mut bench, 0), occupied(true));
    assert_eq!(at(&mut bench, 60_000), occupied(true));
    let long = dialect::changes::OCCUPANCY_MS + 1;
    assert_eq!(
        at(&mut bench, long),
        [occupied(true), occupied(false)].concat()
    );
    assert_eq!(at(&mut bench, long + 60_000), vec![]);
    let gone = br#"{"occupancy":false}"#;
    let gone = readings(&bench.say_at(long + 61_000, topic, gone, false));
    assert_eq!(gone, occupied(false));
    assert_eq!(at(&mut bench, long + 62_000), occupied(true));
}

#[test]
fn what_the_broker_kept_is_no_reading() {
    let mut bench = Bench::new();
    let body = br#"{"occupancy":true}"#;
    let taken = bench.say_at(0, "zigbee2mqtt/bakery/motion", body, true);
    assert_eq!(readings(&taken), []);
}

#[test]
fn a_camera_s_two_sums_become_passages() {
    let mut bench = Bench::new();
    let sum = |scenario: u8, sum: &str| {
        let name = format!("CameraApplicationPlatform/ObjectAnalytics/Device1Scenario{scenario}");
        let topic = format!("axis/B8A44F941234/event/tns:axis/{name}");
        let body = format!(
            r#"{{"topic":"axis:{name}","timestamp":1760689684528,"serial":"B8A44F941234","message":{{"source":{{}},"key":{{}},"data":{{"scenario":"Crossline","reason":"human","total":"{sum}","totalHuman":"{sum}"}}}}}}"#
        );
        (topic, body)
    };
    let passages = |inward, outward| vec![(1, Quantity::Passages { inward, outward })];
    for (scenario, text, expected) in [
        (1, "41", vec![]),
        (2, "40", passages(41, 40)),
        (1, "42", passages(42, 40)),
        (1, "42", passages(42, 40)),
        // The camera has begun anew; the engine knows what that means.
        (1, "1", passages(1, 40)),
    ] {
        let (topic, body) = sum(scenario, text);
        assert_eq!(bench.say(&topic, &body), expected, "{scenario} {text}");
    }
}

#[test]
fn a_press_counts_once_however_many_scanners_hear_it() {
    let mut bench = Bench::new();
    // BTHome: packet 22, button, press; then nothing under a new packet id.
    let press = "0201060816D2FC4400163A01";
    let idle = "0201060816D2FC4400173A00";
    let pressed = vec![(2, Quantity::Occupied(true))];
    for (gateway, ad, expected) in [
        ("C8:25:2D:8E:9C:2C", press, pressed),
        ("C8:25:2D:8E:9C:2D", press, vec![]),
        ("C8:25:2D:8E:9C:2C", press, vec![]),
        ("C8:25:2D:8E:9C:2C", idle, vec![]),
    ] {
        let (topic, body) = ruuvi(gateway, BUTTON, ad);
        assert_eq!(bench.say(&topic, &body), expected, "{ad}");
    }
}

#[test]
fn a_device_that_feeds_nothing_is_not_remembered() {
    let mut bench = Bench::new();
    let (topic, body) = ruuvi(
        "C8:25:2D:8E:9C:2C",
        "7C:C6:B6:7F:48:00",
        "0201060816D2FC4400163A01",
    );
    assert_eq!(bench.say(&topic, &body), []);
    let (topic, body) = ruuvi("C8:25:2D:8E:9C:2C", BUTTON, "0201060816D2FC4400163A01");
    assert_eq!(bench.say(&topic, &body).len(), 1);
}

#[test]
fn a_frozen_chip_and_a_last_will_leave_a_sensor_without_a_value() {
    let mut bench = Bench::new();
    let body = r#"{"Time":"2017-02-16T10:13:52","DS18B20":{"Temperature":-18.6},"TempUnit":"C"}"#;
    let cold = vec![(3, Quantity::TemperatureCentiCelsius(-1_860))];
    assert_eq!(bench.say("tele/freezer/SENSOR", body), cold);
    assert_eq!(
        bench.say("tele/freezer/LWT", "Offline"),
        [(3, Quantity::Fault)]
    );
}

/// Key and frame as in bthome-ble's `test_bindkey_correct` (MIT).
#[test]
fn an_encrypted_frame_counts_once_even_over_a_restart() {
    let dir = tempfile::tempdir().unwrap();
    let key = dir.path().join("key");
    std::fs::write(&key, "231d39c1d7cc1ab1aee224cd096db932").unwrap();
    let frame = "0201061216D2FC41a47266c95f730011223378237214";
    let (topic, body) = ruuvi("C8:25:2D:8E:9C:2C", "54:48:E6:8F:80:A5", frame);
    let run = |changes: Changes| {
        let mut bench = Bench::with(Some(key.clone()), changes);
        // The key of the example is that of this device.
        let device = Address::parse("54:48:E6:8F:80:A5").unwrap();
        let known = bench.intake.keys.values().copied().next().unwrap();
        bench.intake.keys.insert(device, known);
        let fed = Fed {
            kind: SensorKind::Temperature,
            takes: value(Said::Temperature),
            state: State::default(),
        };
        bench.intake.fed.insert(SensorIx(9), fed);
        bench.intake.by_address.insert(device, vec![SensorIx(9)]);
        let first = bench.say(&topic, &body);
        let again = bench.say(&topic, &body);
        (first, again, bench.intake.counters())
    };
    let (first, again, counters) = run(Changes::default());
    assert_eq!(first, [(9, Quantity::TemperatureCentiCelsius(2_506))]);
    assert_eq!(again, [], "the same frame again");
    let mut restored = Changes::default();
    restored.restore(counters);
    let (replayed, ..) = run(restored);
    assert_eq!(replayed, [], "recorded before the restart");
}
