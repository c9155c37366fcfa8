//! Scanners, and how each speaks.

use super::floor::Floor;
use crate::{
    raw::{
        device::{self, Source},
        store::Store,
    },
    report::Report,
    shell::{ScannerSource, SharedTopic},
};
use engine::plan::Scanner;
use protocol::{
    beacon::{Address, Beacon},
    written::NoBeacon,
};
use std::collections::BTreeMap;

/// Scanners, and how each speaks.
pub(crate) fn build(
    raw: &Store,
    floor: &Floor,
    report: &mut Report<'_>,
) -> (Vec<Scanner>, Vec<ScannerSource>) {
    let (mut scanners, mut sources) = (Vec::new(), Vec::new());
    for (i, raw) in raw.scanners.iter().enumerate() {
        let key = format!("scanners[{i}]");
        let at = floor.placed(raw.at, raw.level, &key, report);
        let offset_db = raw.offset.as_ref().map_or(0.0, |d| d.0 as f32 / 1000.0);
        sources.push(source(raw, &key, report));
        scanners.extend(raw.id.0.parse().ok().map(|id| Scanner {
            id,
            at,
            offset_db,
            beacon: beacon(raw, &key, report),
            level: raw.level,
        }));
    }
    check_names(raw, report);
    check_shared_topics(raw, report);
    (scanners, sources)
}

/// What a scanner sends itself.
fn beacon(raw: &device::Scanner, key: &str, report: &mut Report<'_>) -> Option<Beacon> {
    let beacon = raw.beacon.as_ref()?.parse();
    beacon
        .map_err(|why: NoBeacon| {
            let what = "no beacon is written like that";
            report.error(&format!("{key}.beacon"), what, why.to_string());
        })
        .ok()
}

fn check_names(raw: &Store, report: &mut Report<'_>) {
    let each = || raw.scanners.iter().enumerate();
    report.unique(
        each().map(|(i, s)| (format!("scanners[{i}].id"), s.id.0.as_str())),
        "scanner",
    );
    let bases =
        each().filter_map(|(i, s)| Some((format!("scanners[{i}].base"), s.base.as_deref()?)));
    report.unique(bases, "topic base");
    let rooms =
        each().filter_map(|(i, s)| Some((format!("scanners[{i}].room"), s.room.as_deref()?)));
    report.unique(rooms, "room");
}

/// Several scanners may publish to one topic where their messages tell them apart.
fn check_shared_topics(raw: &Store, report: &mut Report<'_>) {
    let mut by_topic: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (i, scanner) in raw.scanners.iter().enumerate() {
        if takes(scanner.source, "topic") {
            let topic = scanner.topic.as_deref().unwrap_or_default();
            by_topic.entry(topic).or_default().push(i);
        }
    }
    for (topic, sharing) in by_topic.into_iter().filter(|(_, s)| s.len() > 1) {
        let mut seen = BTreeMap::new();
        for &i in &sharing {
            let (scanner, first) = (&raw.scanners[i], &raw.scanners[sharing[0]]);
            let key = format!("scanners[{i}]");
            if scanner.source != first.source {
                report.error(
                    &format!("{key}.source"),
                    format!(
                        "{:?} publishes to {topic:?} and speaks otherwise",
                        first.id.0
                    ),
                    "give every make a topic of its own",
                );
            } else if !takes(scanner.source, "mac") {
                if i != sharing[0] {
                    report.error(
                        &format!("{key}.topic"),
                        format!(
                            "{:?} publishes to {topic:?}, too, and nothing tells them apart",
                            first.id.0
                        ),
                        "set another topic at one of the two",
                    );
                }
            } else if let Some(mac) = &scanner.mac {
                if let Some(other) = seen.insert(mac.0, i) {
                    report.error(
                        &format!("{key}.mac"),
                        format!("{:?} has this address already", raw.scanners[other].id.0),
                        "give each its own, as it is printed on the gateway",
                    );
                }
            } else {
                report.error(
                    &format!("{key}.topic"),
                    format!(
                        "{} scanners publish to {topic:?}, and this one does not say which it is",
                        sharing.len()
                    ),
                    "add mac = the address printed on the gateway",
                );
            }
        }
    }
}

/// Whether a scanner of this source has this key.
fn takes(source: Source, key: &str) -> bool {
    matches!(
        (source, key),
        (Source::Theengs | Source::Openmqttgateway, "base")
            | (Source::Espresense, "room")
            | (
                Source::RuuviGateway
                    | Source::Ingics
                    | Source::Minew
                    | Source::MinewBinary
                    | Source::ShellyScript
                    | Source::Tasmota,
                "topic"
            )
            | (
                Source::RuuviGateway | Source::Ingics | Source::Minew | Source::MinewBinary,
                "mac"
            )
    )
}

/// What to do about a key that is not there; nothing where it may be left out.
fn remedy(source: Source, key: &str) -> Option<&'static str> {
    match (source, key) {
        (Source::Theengs | Source::Openmqttgateway, "base") => {
            Some("add base = the topic in front of /BTtoMQTT/")
        }
        (Source::Espresense, "room") => Some("add room = the name the device shows"),
        (Source::Tasmota, "topic") => Some("add topic = \"tele/\" and the topic set in Tasmota"),
        (Source::RuuviGateway | Source::Ingics | Source::Minew | Source::MinewBinary, "topic") => {
            Some("add topic = the topic that is set in the gateway to publish to")
        }
        _ => None,
    }
}

fn source(raw: &device::Scanner, key: &str, report: &mut Report<'_>) -> ScannerSource {
    let mac = raw.mac.as_ref().map(|mac| Address(mac.0));
    let texts = [
        ("base", raw.base.as_deref()),
        ("room", raw.room.as_deref()),
        ("topic", raw.topic.as_deref()),
    ];
    let given = texts.map(|(name, text)| (name, text.is_some()));
    for (name, given) in given.into_iter().chain([("mac", mac.is_some())]) {
        check_key(raw.source, name, given, key, report);
    }
    for (name, text) in texts {
        if let (Some(text), true) = (text, takes(raw.source, name)) {
            check_topic(text, name, key, report);
        }
    }
    let [base, room, topic] = texts.map(|(_, text)| text.unwrap_or_default().to_owned());
    let place = |topic| SharedTopic { topic, mac };
    match raw.source {
        Source::Node => ScannerSource::Node,
        Source::Theengs => ScannerSource::Theengs { base },
        Source::Openmqttgateway => ScannerSource::OpenMqttGateway { base },
        Source::Espresense => ScannerSource::Espresense { room },
        Source::RuuviGateway => ScannerSource::RuuviGateway(place(topic)),
        Source::Ingics => ScannerSource::Ingics(place(topic)),
        Source::Minew => ScannerSource::Minew(place(topic)),
        Source::MinewBinary => ScannerSource::MinewBinary(place(topic)),
        Source::ShellyScript => ScannerSource::ShellyScript {
            topic: raw.topic.clone(),
        },
        Source::Tasmota => ScannerSource::Tasmota { topic },
    }
}

fn check_key(source: Source, name: &str, given: bool, key: &str, report: &mut Report<'_>) {
    let own = source_name(source);
    if given && !takes(source, name) {
        let owners = ALL.into_iter().filter(|s| takes(*s, name)).map(source_name);
        let owners: Vec<String> = owners.map(|owner| format!("{owner:?}")).collect();
        report.error(
            &format!("{key}.{name}"),
            format!("{name:?} means nothing for this source"),
            format!("remove it, or set source = {}", owners.join(" or ")),
        );
    }
    if let (false, Some(remedy)) = (given, remedy(source, name)) {
        report.error(
            &format!("{key}.source"),
            format!("source {own:?} needs {name:?}"),
            remedy,
        );
    }
}

const ALL: [Source; 10] = [
    Source::Node,
    Source::Theengs,
    Source::Openmqttgateway,
    Source::Espresense,
    Source::RuuviGateway,
    Source::Ingics,
    Source::Minew,
    Source::MinewBinary,
    Source::ShellyScript,
    Source::Tasmota,
];

fn source_name(source: Source) -> &'static str {
    match source {
        Source::Node => "node",
        Source::Theengs => "theengs",
        Source::Openmqttgateway => "openmqttgateway",
        Source::Espresense => "espresense",
        Source::RuuviGateway => "ruuvi-gateway",
        Source::Ingics => "ingics",
        Source::Minew => "minew",
        Source::MinewBinary => "minew-binary",
        Source::ShellyScript => "shelly-script",
        Source::Tasmota => "tasmota",
    }
}

/// Whether a text of a file can stand in a topic. Some makes publish below a
/// slash unless told otherwise (Minew: `/gw/<mac>/status`).
pub(super) fn check_topic(text: &str, name: &str, key: &str, report: &mut Report<'_>) {
    let wild = text.contains(['+', '#', '\0']);
    let head = text.starts_with('/') && name != "topic";
    let slashes = head || text.ends_with('/') || text.contains("//");
    let deep = name == "room" && text.contains('/');
    if wild || slashes || deep {
        report.error(
            &format!("{key}.{name}"),
            format!("{text:?} cannot stand in a topic"),
            match name {
                "topic" => {
                    "leave out +, # and the slash at the end: what comes below is heard anyway"
                }
                _ => "leave out +, # and slashes at the ends; a room is one level",
            },
        );
    }
}
