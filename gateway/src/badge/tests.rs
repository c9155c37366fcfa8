use super::*;
use config::{Display, Feed, FeedDevice, ScannerSource, SharedTopic, Shop, Takes};
use dialect::Quantity;
use std::collections::BTreeSet;

fn badge(bearer: Bearer) -> Badge {
    Badge {
        user: "somebody".to_owned(),
        bearer,
        reads: Vec::new(),
        writes: Vec::new(),
        password: Password::draw().unwrap().hash().unwrap(),
        since: "2026-11-22T08:00:00Z".to_owned(),
    }
}

fn device(kind: Kind, id: &str) -> Bearer {
    let id = id.to_owned();
    Bearer::Devices(vec![Device { kind, id }])
}

/// What a badge opens, in lines; our own shop's topics are cut short.
fn opens(bearer: Bearer, shop: &Shop) -> Vec<String> {
    let (Grants { read, write }, missing) = grants(&badge(bearer), shop);
    assert_eq!(missing, []);
    let below = format!("aislecast/v1/{}/", shop.plan.store);
    let short = |filter: &String| filter.replace(&below, "~");
    let reads = read.iter().map(|filter| format!("< {}", short(filter)));
    let writes = write.iter().map(|filter| format!("> {}", short(filter)));
    reads.chain(writes).collect()
}

#[test]
fn scanners_of_every_make_say_what_is_theirs() {
    let mut shop = config::demo();
    let id = shop.plan.scanners[0].id.to_string();
    let at = |topic: &str| SharedTopic {
        topic: topic.to_owned(),
        mac: None,
    };
    let base = "home/tgw".to_owned();
    let owned = ["< home/tgw/#", "> home/tgw/#"];
    for (source, expected) in [
        (
            ScannerSource::Node,
            vec![
                format!("< ~node/{id}/time"),
                format!("> ~node/{id}/ask"),
                format!("> ~node/{id}/frame"),
                format!("> ~node/{id}/health"),
                format!("> ~node/{id}/status"),
            ],
        ),
        (ScannerSource::Theengs { base: base.clone() }, lines(&owned)),
        (
            ScannerSource::OpenMqttGateway { base: base.clone() },
            lines(&owned),
        ),
        (
            ScannerSource::Espresense {
                room: "office".to_owned(),
            },
            lines(&[
                "< espresense/rooms/*/#",
                "< espresense/rooms/office/#",
                "< espresense/settings/#",
                "> espresense/devices/+/office",
                "> espresense/rooms/office/#",
            ]),
        ),
        (ScannerSource::RuuviGateway(at("home/tgw")), lines(&owned)),
        (ScannerSource::Ingics(at("home/tgw")), lines(&owned)),
        (ScannerSource::Minew(at("home/tgw")), lines(&owned)),
        (ScannerSource::ShellyScript { topic: None }, lines(&["> +"])),
        (
            ScannerSource::Tasmota {
                topic: "tele/hall".to_owned(),
            },
            lines(&["< cmnd/hall/#", "> stat/hall/#", "> tele/hall/#"]),
        ),
    ] {
        shop.shell.scanners[0] = source.clone();
        let opened = opens(device(Kind::Scanner, &id), &shop);
        assert_eq!(opened, expected, "{source:?}");
    }
}

fn lines(lines: &[&str]) -> Vec<String> {
    lines.iter().map(|line| (*line).to_owned()).collect()
}

#[test]
fn sensors_screens_and_systems_have_their_own_topics() {
    let mut shop = config::demo();
    let (sensor, screen) = (
        shop.plan.sensors[0].id.to_string(),
        shop.plan.screens[0].id.to_string(),
    );
    shop.shell.sensors[0] = None;
    assert_eq!(
        opens(device(Kind::Sensor, &sensor), &shop),
        ["> ~in/reading"]
    );
    shop.shell.sensors[0] = Some(Feed {
        device: FeedDevice::Zigbee2mqtt {
            base: "zigbee2mqtt".to_owned(),
            device: "cold".to_owned(),
        },
        takes: Takes::Value {
            quantities: vec![Quantity::Temperature],
            nth: 0,
        },
    });
    let bridge = ["< zigbee2mqtt/#", "> zigbee2mqtt/#"];
    assert_eq!(opens(device(Kind::Sensor, &sensor), &shop), bridge);
    shop.shell.screens[0] = Display::Touchkio {
        topic: "touchkio/rpi".to_owned(),
        page: "http://10.0.0.2:8080".to_owned(),
    };
    let kiosk = [
        "< touchkio/rpi/#".to_owned(),
        format!("< ~screen/{screen}/command"),
        "> touchkio/rpi/#".to_owned(),
        format!("> ~screen/{screen}/report"),
    ];
    let mut opened = opens(device(Kind::Screen, &screen), &shop);
    opened.sort();
    let mut kiosk = kiosk.to_vec();
    kiosk.sort();
    assert_eq!(opened, kiosk);
    for (errand, expected) in [
        (
            Errand::Customers,
            vec![
                "< ~out/answer",
                "> ~in/forget",
                "> ~in/profile",
                "> ~in/withdraw",
            ],
        ),
        (Errand::Offers, vec!["< ~offers/result", "> ~offers/set"]),
        (Errand::Baskets, vec!["< ~out/answer", "> ~in/basket"]),
    ] {
        assert_eq!(opens(Bearer::System(vec![errand]), &shop), expected);
    }
}

#[test]
fn the_gateway_is_told_all_that_it_listens_to_and_says_all_that_is_its_own() {
    let shop = config::demo();
    let (granted, _) = grants(&badge(Bearer::Gateway), &shop);
    for tail in protocol::topic::GATEWAY_FILTERS {
        let filter = protocol::topic::filter(&shop.plan.store, tail).to_string();
        assert!(granted.read.contains(&filter), "{filter}");
        assert!(!granted.write.contains(&filter), "{filter}");
    }
    for tail in protocol::topic::GATEWAY_SAYS {
        let filter = protocol::topic::filter(&shop.plan.store, tail).to_string();
        assert!(granted.write.contains(&filter), "{filter}");
    }
}

#[test]
fn a_device_that_is_gone_opens_nothing_and_is_named() {
    let shop = config::demo();
    for kind in Kind::ALL {
        let (granted, missing) = grants(&badge(device(kind, "gone-1")), &shop);
        assert_eq!(granted, Grants::default());
        let said = missing[0].to_string();
        let name = format!("{}:gone-1", kind.name());
        assert!(said.contains(&name) && said.contains("revoke"), "{said}");
    }
    assert_eq!(devices_named("gone-1", &shop), []);
}

#[test]
fn what_mosquitto_reads_is_one_line_for_each_filter() {
    let set = |filters: &[&str]| {
        filters
            .iter()
            .map(|f| (*f).to_owned())
            .collect::<BTreeSet<_>>()
    };
    let one = Grants {
        read: set(&["a/#", "b"]),
        write: set(&["a/#", "c/+"]),
    };
    let nothing = Grants::default();
    let text = access_list([("one", &one), ("two", &nothing)]);
    let expected = "\nuser one\n\
                    topic readwrite a/#\n\
                    topic read b\n\
                    topic write c/+\n\
                    \nuser two\n";
    assert!(text.ends_with(expected), "{text}");
}
