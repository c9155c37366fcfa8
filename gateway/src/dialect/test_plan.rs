//! A small shop for tests of what reads messages.

use crate::mqtt::Devices;
use config::ScannerSource;
use engine::{
    plan::{
        Bits, GuardSettings, Pace, Point, Polygon, PresenceSettings, Scanner, Schedule, Screen,
        Sensor, SensorKind, StorePlan, Zone,
    },
    time::LocalTime,
};

const ORIGIN: Point = Point { x: 0.0, y: 0.0 };

/// How the devices of the test plan are reached.
pub(crate) fn devices() -> Devices {
    let sources = sources();
    Devices::new(&plan(), &sources, &vec![None; plan().sensors.len()])
}

/// How the scanners of the test plan speak.
pub(crate) fn sources() -> Vec<ScannerSource> {
    let theengs = ScannerSource::Theengs {
        base: "home/OMG".to_owned(),
    };
    let room = |room: &str| ScannerSource::Espresense {
        room: room.to_owned(),
    };
    vec![
        ScannerSource::Node,
        theengs,
        room("office"),
        room("kitchen"),
    ]
}

/// Store `quan-1` with one zone, four scanners (`node-1`, `theengs-1`,
/// `room-1`, `room-2`), a screen and a sensor of each of three kinds.
pub(crate) fn plan() -> StorePlan {
    let area = Polygon(vec![
        ORIGIN,
        Point { x: 9.0, y: 0.0 },
        Point { x: 9.0, y: 9.0 },
    ]);
    StorePlan {
        store: "quan-1".parse().unwrap(),
        name: "Quán 1".to_owned(),
        local_time: LocalTime::fixed(7 * 3600),
        opening: Schedule::always(),
        outline: area.clone(),
        obstacles: vec![],
        upper: Vec::new(),
        stairs: Vec::new(),
        zones: vec![Zone {
            id: "dairy".parse().unwrap(),
            label: "Sữa".to_owned(),
            area,
            entrance: true,
            department: None,
            level: 0,
        }],
        scanners: ["node-1", "theengs-1", "room-1", "room-2"]
            .map(scanner)
            .to_vec(),
        survey: Vec::new(),
        sensors: vec![
            sensor("temperature", SensorKind::Temperature),
            sensor("door", SensorKind::Door),
            sensor("stock", SensorKind::Stock),
        ],
        screens: vec![Screen {
            id: "dairy".parse().unwrap(),
            label: "Sữa".to_owned(),
            at: ORIGIN,
            seen_from: Bits::NONE.with(0),
            silent_after_ms: 60_000,
            pace: Pace::GLASS,
            level: 0,
        }],
        segments: vec![],
        offers: vec![],
        campaigns: vec![],
        house_loop: vec![],
        presence: PresenceSettings {
            enter_probability: 0.6,
            leave_probability: 0.3,
            absent_after_ms: 60_000,
            path_loss_exponent: 2.5,
            tuning: engine::presence::Tuning::USED,
        },
        guard: GuardSettings {
            people_in_view_min: 3,
            enrolled_min: 20,
            turns: 8,
            dwell_on_screen_ms_min: 5_000,
            settle_ms: 3_000,
        },
        explore_permille: 0,
    }
}

fn scanner(id: &str) -> Scanner {
    Scanner {
        id: id.parse().unwrap(),
        at: ORIGIN,
        offset_db: 0.0,
        beacon: None,
        level: 0,
    }
}

fn sensor(id: &str, kind: SensorKind) -> Sensor {
    Sensor {
        id: id.parse().unwrap(),
        at: ORIGIN,
        zone: None,
        kind,
        stale_after_ms: 60_000,
        node: None,
        sku: None,
    }
}
