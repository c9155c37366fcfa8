//! A shop small enough to reason about: two aisles, four scanners, two screens.

use engine::{
    plan::{
        AudienceRule, Bits, Bound, Budget, Cap, Condition, GuardSettings, Limits, Offer, Pace,
        Pacing, Point, Polygon, PresenceSettings, Scanner, ScannerIx, Schedule, Screen,
        SegmentRule, Sensitivity, Sensor, SensorIx, SensorKind, StorePlan, Trial, Zone, ZoneIx,
    },
    time::LocalTime,
};
use protocol::screen::{Creative, CreativeText};
use std::sync::Arc;

fn area(x0: f32, y0: f32, x1: f32, y1: f32) -> Polygon {
    let at = |x, y| Point { x, y };
    Polygon(vec![at(x0, y0), at(x1, y0), at(x1, y1), at(x0, y1)])
}

fn zone(id: &str, area: Polygon, department: Option<&str>) -> Zone {
    Zone {
        id: id.parse().unwrap(),
        label: id.to_owned(),
        area,
        entrance: id == "entrance",
        department: department.map(str::to_owned),
        level: 0,
    }
}

fn sensor(id: &str, zone: Option<u8>, kind: SensorKind, node: Option<(u8, u8)>) -> Sensor {
    Sensor {
        id: id.parse().unwrap(),
        at: Point { x: 1.0, y: 1.0 },
        zone: zone.map(ZoneIx),
        kind,
        stale_after_ms: 120_000,
        node: node.map(|(scanner, port)| (ScannerIx(scanner), port)),
        sku: (kind == SensorKind::Stock).then(|| "dairy-milk".to_owned()),
    }
}

fn screen(id: &str, x: f32, y: f32, zones: &[u8]) -> Screen {
    Screen {
        id: id.parse().unwrap(),
        label: id.to_owned(),
        at: Point { x, y },
        seen_from: zones.iter().fold(Bits::NONE, |b, z| b.with(*z)),
        silent_after_ms: 30_000,
        pace: Pace::GLASS,
        level: 0,
    }
}

fn picture(words: &str) -> Creative {
    Creative {
        texts: vec![CreativeText {
            language: "en".to_owned(),
            headline: words.to_owned(),
            body: String::new(),
        }],
        price: None,
        price_before: None,
        badge: None,
        image: None,
        colour: "#204060".to_owned(),
    }
}

fn offer(id: &str, sensitivity: Sensitivity, zone: u8, department: &str) -> Offer {
    Offer {
        id: id.parse().unwrap(),
        title: id.to_owned(),
        sensitivity,
        priority: 50,
        schedule: Schedule::always(),
        zones: Bits::NONE.with(zone),
        screens: Bits::NONE,
        dwell_ms_min: 3_000,
        zone_confidence: 0.0,
        segments: SegmentRule::default(),
        audience: AudienceRule::ANYBODY,
        conditions: Vec::new(),
        cap: Cap {
            per_visit: 2,
            per_day: 3,
        },
        budget: Budget {
            showings: 500,
            showings_per_day: Some(200),
        },
        pacing: Pacing::Free,
        holdout_permille: 100,
        shown_for_ms: 15_000,
        skus: vec![format!("{department}-milk")],
        department: Some(department.to_owned()),
        creative: picture(id),
        code: None,
        trial: Trial::NONE,
        limits: Limits::NONE,
        voucher: None,
    }
}

fn offers() -> Vec<Offer> {
    let bits = Bits::NONE.with(0);
    vec![
        offer("bread-for-all", Sensitivity::Public, 2, "bakery"),
        Offer {
            segments: SegmentRule {
                any: bits,
                ..SegmentRule::default()
            },
            ..offer("milk-for-families", Sensitivity::Segment, 1, "dairy")
        },
        Offer {
            conditions: vec![Condition::Stock {
                sensor: SensorIx(2),
                pieces_min: 5,
            }],
            ..offer("milk-in-stock", Sensitivity::Public, 1, "dairy")
        },
        offer("never-in-public", Sensitivity::Sensitive, 1, "dairy"),
        Offer {
            conditions: vec![Condition::Sensor {
                sensor: SensorIx(1),
                bound: Bound {
                    min_milli: Some(20_000),
                    max_milli: None,
                },
            }],
            cap: Cap {
                per_visit: 1,
                per_day: 1,
            },
            budget: Budget {
                showings: 12,
                showings_per_day: Some(5),
            },
            ..offer("warm-day", Sensitivity::Segment, 2, "bakery")
        },
    ]
}

/// The plan.
pub(crate) fn plan() -> Arc<StorePlan> {
    let scanner = |(i, (x, y)): (usize, (f32, f32))| Scanner {
        id: format!("s-{i}").parse().unwrap(),
        at: Point { x, y },
        offset_db: 0.0,
        beacon: None,
        level: 0,
    };
    let corners = [(2.0, 2.0), (18.0, 2.0), (2.0, 10.0), (18.0, 10.0)];
    Arc::new(StorePlan {
        store: "small".parse().unwrap(),
        name: "Small shop".to_owned(),
        local_time: LocalTime::fixed(7 * 3600),
        opening: Schedule::always(),
        outline: area(0.0, 0.0, 20.0, 12.0),
        obstacles: vec![area(5.0, 2.0, 6.0, 9.0), area(12.0, 3.0, 13.0, 12.0)],
        upper: Vec::new(),
        stairs: Vec::new(),
        zones: vec![
            zone("entrance", area(0.0, 0.0, 5.0, 12.0), None),
            zone("dairy", area(6.0, 0.0, 12.0, 12.0), Some("dairy")),
            zone("bakery", area(13.0, 2.0, 20.0, 12.0), Some("bakery")),
            zone("checkout", area(13.0, 0.0, 20.0, 2.0), None),
        ],
        scanners: corners.into_iter().enumerate().map(scanner).collect(),
        survey: Vec::new(),
        sensors: vec![
            sensor("door", None, SensorKind::Door, Some((0, 0))),
            sensor("street-temperature", None, SensorKind::Temperature, None),
            sensor("milk-shelf", Some(1), SensorKind::Stock, Some((1, 0))),
            sensor("queue", Some(3), SensorKind::Queue, None),
            sensor(
                "bakery-people",
                Some(2),
                SensorKind::Occupancy,
                Some((3, 0)),
            ),
        ],
        screens: vec![
            screen("dairy-end", 9.0, 11.0, &[1]),
            screen("bakery-wall", 19.0, 6.0, &[2, 3]),
        ],
        segments: vec!["families".to_owned(), "students".to_owned()],
        offers: offers(),
        campaigns: Vec::new(),
        house_loop: vec![picture("welcome")],
        presence: PresenceSettings {
            enter_probability: 0.6,
            leave_probability: 0.4,
            absent_after_ms: 30_000,
            path_loss_exponent: 1.8,
            tuning: engine::presence::Tuning::USED,
        },
        guard: GuardSettings {
            people_in_view_min: 2,
            enrolled_min: 3,
            turns: 8,
            dwell_on_screen_ms_min: 5_000,
            settle_ms: 3_000,
        },
        explore_permille: 50,
    })
}
