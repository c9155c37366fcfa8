//! What the simulator says is what the gateway's dialects understand.

use super::{
    Message, ad,
    scanner::{self, Packet, lets_know},
    sensor::{Device, Spoken},
};
use crate::world::emitter::{Air, FrameKind};
use config::{Feed, FeedDevice, ScannerSource, SharedTopic, Takes};
use dialect::{
    Quantity as Said,
    advert::no_keys,
    detect::Dialect,
    fact::{AddressKind, Identity, Says, Value},
};
use protocol::{
    beacon::{Address, Beacon},
    frame::Quantity,
};

const OWN: Address = Address([0xAC, 0x23, 0x3F, 0xC0, 0x01, 0xEA]);

fn sources() -> Vec<(ScannerSource, Dialect)> {
    let text = str::to_owned;
    let place = |topic: &str| SharedTopic {
        topic: topic.to_owned(),
        mac: Some(OWN),
    };
    let base = text("home/gw");
    vec![
        (
            ScannerSource::Theengs { base: base.clone() },
            Dialect::Theengs,
        ),
        (ScannerSource::OpenMqttGateway { base }, Dialect::Theengs),
        (
            ScannerSource::Espresense { room: text("rice") },
            Dialect::Espresense,
        ),
        (ScannerSource::RuuviGateway(place("ruuvi")), Dialect::Ruuvi),
        (ScannerSource::Ingics(place("igs")), Dialect::Ingics),
        (ScannerSource::Minew(place("gw")), Dialect::Minew),
        (ScannerSource::MinewBinary(place("gw")), Dialect::Minew),
        (
            ScannerSource::ShellyScript { topic: None },
            Dialect::ShellyBle,
        ),
        (
            ScannerSource::Tasmota {
                topic: text("tele/x"),
            },
            Dialect::Tasmota,
        ),
    ]
}

fn airs() -> Vec<Air> {
    let address = Address([0x4a, 0x0b, 0xcc, 0x0d, 0x0e, 0x0f]);
    let air = |beacon, kind| Air {
        beacon,
        address,
        kind,
    };
    let private = Beacon::PrivateAddress(address);
    let ibeacon = Beacon::IBeacon {
        uuid: [0x1d; 16],
        major: 3,
        minor: 0x1234,
    };
    let uid = Beacon::EddystoneUid {
        namespace: *b"aislecast1",
        instance: [0, 0, 1, 2, 3, 4],
    };
    vec![
        air(ibeacon, FrameKind::Beacon),
        air(uid, FrameKind::Beacon),
        air(Beacon::EddystoneEid([0x33; 8]), FrameKind::Beacon),
        air(private, FrameKind::Apple),
        air(private, FrameKind::Exposure),
    ]
}

/// Who is in these messages, how strongly, by a scanner of which name.
fn heard(messages: &[Message], dialect: Dialect) -> Vec<(Beacon, Option<f32>)> {
    let mut heard = Vec::new();
    for message in messages {
        let read = dialect.read(&message.topic, &message.payload, &no_keys, &mut |fact| {
            let Says::Sighting { identity, .. } = fact.says else {
                return;
            };
            let beacon = match identity {
                Identity::Beacon(beacon) => beacon,
                Identity::Address(address, AddressKind::RandomResolvable) => {
                    Beacon::PrivateAddress(address)
                }
                _ => return,
            };
            heard.push((beacon, fact.source.rssi_dbm));
        });
        read.unwrap_or_else(|bad| panic!("{dialect:?} {}: {bad}", message.topic));
    }
    heard
}

#[test]
fn scanners_of_every_make_are_understood_and_let_know_what_is_said_of_them() {
    for (source, dialect) in sources() {
        for air in airs() {
            let packet = Packet {
                address: air.address,
                is_random: true,
                rssi_dbm: -67.0,
                ad: ad::of(&air, Some(-61)),
            };
            let said = scanner::messages(&source, &[packet], 1_700_000_000_000);
            let expected: &[_] = if lets_know(&source, &air) {
                &[(air.beacon, Some(-67.0))]
            } else {
                &[]
            };
            assert_eq!(heard(&said, dialect), expected, "{source:?} {:?}", air.kind);
        }
    }
}

/// What a device's messages say.
fn said(feed: Feed, value: Quantity, dialect: Dialect) -> Vec<(Said, u8, f64)> {
    let mut device = Device::new(feed);
    let Spoken::Messages(messages) = device.speak(value, 1_700_000_000_000) else {
        panic!("it speaks for itself");
    };
    assert!(!messages.is_empty());
    let mut said = Vec::new();
    for message in messages.iter().chain(&device.hello()) {
        let read = dialect.read(&message.topic, &message.payload, &no_keys, &mut |fact| {
            if let Says::Measured {
                quantity,
                nth,
                value,
            } = fact.says
            {
                let number = match value {
                    Value::Number(number) => number,
                    Value::Flag(yes) => f64::from(u8::from(yes)),
                    Value::Text(_) | Value::Bytes(_) => return,
                };
                said.push((quantity, nth, number));
            }
        });
        read.unwrap_or_else(|bad| panic!("{dialect:?} {}: {bad}", message.topic));
    }
    said
}

#[test]
fn sensors_of_other_makes_are_understood() {
    let text = str::to_owned;
    let zigbee = FeedDevice::Zigbee2mqtt {
        base: text("zigbee2mqtt"),
        device: text("bakery/motion"),
    };
    let tasmota = FeedDevice::Tasmota {
        topic: text("tele/freezer"),
    };
    let shelly = FeedDevice::Shelly {
        topic: text("shellyplus1-1"),
    };
    let axis = FeedDevice::Axis {
        topic: text("axis/B8A44F941234"),
    };
    let homie = FeedDevice::Homie {
        topic: text("homie/5/hall"),
    };
    let celsius = Quantity::TemperatureCentiCelsius(-1_860);
    let somebody = Quantity::Occupied(true);
    let waiting = Quantity::QueueLength(4);
    for (device, dialect, value, expected) in [
        (
            zigbee,
            Dialect::Zigbee2Mqtt,
            somebody,
            (Said::Occupancy, 0, 1.0),
        ),
        (
            tasmota,
            Dialect::Tasmota,
            celsius,
            (Said::Temperature, 0, -18.6),
        ),
        (
            shelly,
            Dialect::Shelly,
            celsius,
            (Said::Temperature, 0, -18.6),
        ),
        (
            homie,
            Dialect::Homie,
            celsius,
            (Said::Temperature, 0, -18.6),
        ),
        (axis, Dialect::Axis, waiting, (Said::Occupants, 3, 4.0)),
    ] {
        let takes = Takes::Value {
            quantities: vec![expected.0],
            nth: expected.1,
        };
        let found = said(Feed { device, takes }, value, dialect);
        assert!(
            found.contains(&expected),
            "{dialect:?}: {expected:?} in {found:?}"
        );
    }
}

#[test]
fn a_camera_s_two_sums_are_understood() {
    let device = FeedDevice::Axis {
        topic: "axis/B8A44F941234".to_owned(),
    };
    let takes = Takes::TwoCounters {
        inward: 1,
        outward: 2,
    };
    let passages = Quantity::Passages {
        inward: 41,
        outward: 40,
    };
    let found = said(Feed { device, takes }, passages, Dialect::Axis);
    for way in [(Said::Passages, 1, 41.0), (Said::Passages, 2, 40.0)] {
        assert!(found.contains(&way), "{way:?} in {found:?}");
    }
}

#[test]
fn devices_on_air_are_understood() {
    let address = Address([0xC0, 1, 2, 3, 4, 5]);
    let on_air = |takes, value| {
        let device = FeedDevice::Bluetooth {
            address,
            key_file: None,
        };
        let mut device = Device::new(Feed { device, takes });
        let Spoken::OnAir(_, ad) = device.speak(value, 0) else {
            panic!("it is on air");
        };
        let mut said = Vec::new();
        dialect::advert::read(
            dialect::Source::default(),
            &ad,
            &no_keys,
            &mut |fact| match fact.says {
                Says::Measured {
                    quantity,
                    value: Value::Number(number),
                    ..
                } => {
                    said.push((quantity.name().to_owned(), number));
                }
                Says::Happened { what, action, .. } => said.push((format!("{what} {action}"), 0.0)),
                _ => {}
            },
        );
        said
    };
    let press = Takes::Press {
        nth: 0,
        action: None,
    };
    let pieces = Takes::Pieces {
        piece_mg: 350_000,
        nth: 0,
    };
    for (takes, value, name, number) in [
        (press, Quantity::Occupied(true), "button press", 0.0),
        (pieces, Quantity::StockPieces(4), "mass", 1.4),
        (
            Takes::BothWays { nth: 0 },
            Quantity::Passages {
                inward: 9,
                outward: 8,
            },
            "passages_in",
            9.0,
        ),
    ] {
        let said = on_air(takes, value);
        let found = said
            .iter()
            .any(|(n, v)| n == name && (v - number).abs() < 1e-6);
        assert!(found, "{name} in {said:?}");
    }
}
