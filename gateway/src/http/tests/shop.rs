//! A small shop for tests: a plan, a picture of it, and the loop's end of the
//! door, which remembers what came in and answers as it is told.

use crate::{
    access::{Folder, Gate, Role, ScreenKeys, TokenFiles},
    bundle,
    calibration::{Progress, Refused, Step},
    display::{DisplayStatus, Evidence},
    http::{App, calibration, live, routes, seats::Seats, streams, till::Till, with_tokens},
    machine::MachineHealth,
    pseudonym::Pseudonymiser,
    recording::RecordingHealth,
    run::Files,
    shop::{self, Ask, Counter, Explained, Health, Input, Live, Recent, Shop},
    stop::{self, Stopper},
    store::{Erasure, Holdings, Look, Person},
    uplink::UplinkHealth,
};
use axum::Router;
use engine::{
    control::Pauses,
    event::Outcome,
    heat::Square,
    plan::{
        Bits, GuardSettings, Pace, Point, Polygon, PresenceSettings, Scanner, Schedule, Screen,
        Sensor, SensorKind, StorePlan, Zone, ZoneIx,
    },
    presence::Ellipse,
    time::LocalTime,
    view::{
        AirStatus, Counts, ScannerStatus, ScreenPhase, ScreenStatus, SensorStatus, Status,
        VisitStatus, ZoneStatus,
    },
};
use protocol::{
    id::ScreenId,
    screen::{Creative, CreativeText, ScreenCommand},
};
use std::{
    path::Path,
    sync::{Arc, Mutex, atomic::AtomicU64},
    time::Duration,
};
use tokio::{
    sync::{broadcast, watch},
    task::JoinHandle,
};

/// The operator's token of every shop in these tests.
pub(crate) const TOKEN: &str = "the-token-of-the-operator";

/// The secret of every shop in these tests.
pub(crate) const SECRET: [u8; 16] = [7; 16];

fn rectangle(x: f32, y: f32, width: f32, height: f32) -> Polygon {
    let at = |x, y| Point { x, y };
    Polygon(vec![
        at(x, y),
        at(x + width, y),
        at(x + width, y + height),
        at(x, y + height),
    ])
}

fn milk() -> Creative {
    Creative {
        texts: vec![CreativeText {
            language: "vi".into(),
            headline: "Sữa tươi giảm 20%".into(),
            body: String::new(),
        }],
        price: Some("29.000 ₫".into()),
        price_before: None,
        badge: None,
        image: Some("milk.svg".into()),
        colour: "#0b5d4e".into(),
    }
}

/// One zone, two scanners, one sensor, one screen.
pub(crate) fn small_plan() -> StorePlan {
    let scanner = |id: &str, x| Scanner {
        id: id.parse().unwrap(),
        at: Point { x, y: 1.0 },
        offset_db: 0.0,
        beacon: None,
        level: 0,
    };
    StorePlan {
        store: "quan-1".parse().unwrap(),
        name: "Siêu thị <Quận 1>".into(),
        local_time: LocalTime::fixed(7 * 3600),
        opening: Schedule::always(),
        outline: rectangle(0.0, 0.0, 12.0, 8.0),
        obstacles: vec![rectangle(4.0, 2.0, 1.0, 4.0)],
        upper: Vec::new(),
        stairs: Vec::new(),
        zones: vec![Zone {
            id: "dairy".parse().unwrap(),
            label: "Dairy".into(),
            area: rectangle(0.0, 0.0, 4.0, 8.0),
            entrance: false,
            department: Some("dairy".into()),
            level: 0,
        }],
        scanners: vec![scanner("s-1", 1.0), scanner("s-2", 11.0)],
        survey: Vec::new(),
        sensors: vec![Sensor {
            id: "air".parse().unwrap(),
            at: Point { x: 6.0, y: 4.0 },
            zone: Some(ZoneIx(0)),
            kind: SensorKind::Temperature,
            stale_after_ms: 60_000,
            node: None,
            sku: None,
        }],
        screens: vec![Screen {
            id: "dairy".parse().unwrap(),
            label: "Dairy aisle".into(),
            at: Point { x: 2.0, y: 7.5 },
            seen_from: Bits::NONE.with(0),
            silent_after_ms: 30_000,
            pace: Pace::GLASS,
            level: 0,
        }],
        segments: Vec::new(),
        offers: Vec::new(),
        campaigns: Vec::new(),
        house_loop: vec![milk()],
        presence: PresenceSettings {
            enter_probability: 0.6,
            leave_probability: 0.4,
            absent_after_ms: 30_000,
            path_loss_exponent: 2.0,
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

/// The display of its one screen.
fn page_display() -> DisplayStatus {
    DisplayStatus {
        screen: "dairy".parse().unwrap(),
        display: "page",
        evidence: Evidence::Acked,
        dark: None,
        trouble: None,
        pictures: 9,
        proven: 7,
        unproven: 2,
        failed: 0,
        disbelieved: 0,
    }
}

fn busy_status() -> Status {
    let scanner = |id: &str| ScannerStatus {
        id: id.parse().unwrap(),
        silent_ms: Some(400),
        sightings: 40_617,
        impossible_ms: None,
        flooded_ms: None,
    };
    Status {
        visits: vec![VisitStatus {
            visit: 12,
            x_m: 2.0,
            y_m: 3.0,
            level: 0,
            ellipse: Ellipse {
                major_m: 1.2,
                minor_m: 0.7,
                bearing_rad: 0.4,
            },
            zone: Some("dairy".parse().unwrap()),
            probability: 0.8,
            dwell_ms: 21_000,
            silent_ms: 300,
        }],
        zones: vec![ZoneStatus {
            id: "dairy".parse().unwrap(),
            shoppers: 0.8,
            people: 2.3,
        }],
        scanners: vec![scanner("s-1"), scanner("s-2")],
        air: AirStatus::default(),
        sensors: vec![SensorStatus {
            id: "air".parse().unwrap(),
            value: Some(31.5),
            unit: "°C",
            silent_ms: Some(2_000),
        }],
        screens: vec![ScreenStatus {
            id: "dairy".parse().unwrap(),
            offer: Some("fresh-milk".parse().unwrap()),
            creative: Some(milk()),
            commanded: 7,
            painted: 7,
            phase: ScreenPhase::Showing,
            why: "One shopper has been at the dairy for 21 s.".into(),
            silent_ms: Some(3_000),
        }],
        offers: Vec::new(),
        campaigns: Vec::new(),
        pauses: Vec::new(),
        enrolled: 10_000,
        people: Some(9),
        wall_synced: true,
    }
}

/// The small shop on a good day.
pub(crate) fn busy_live() -> Live {
    Live {
        unknown_devices: Vec::new(),
        nodes: Vec::new(),
        status: busy_status(),
        counts: Counts {
            sightings: 81_234,
            malformed: [0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
            ..Counts::default()
        },
        sightings_per_s: 61.0,
        strangers_per_s: 40.5,
        recent: vec![Recent {
            at_ms: 90_000,
            kind: "decision",
            text: "Dairy aisle shows fresh-milk.".into(),
        }],
        displays: vec![page_display()],
        health: Health {
            broker: true,
            retained_dropped: 7,
            store: true,
            room: true,
            store_note: None,
            clock: true,
            uptime_ms: 120_000,
            commits_waiting: 0,
            rss_bytes: 41_000_000,
            recording: Some(RecordingHealth {
                bytes: 1_600_000,
                days: 2,
                moments: 224_000,
                ..RecordingHealth::default()
            }),
            uplink: Some(UplinkHealth {
                up: true,
                waiting: 12,
                ..UplinkHealth::default()
            }),
            machine: MachineHealth {
                celsius: Some(48),
                disk_free_bytes: Some(21_000_000_000),
                disk_bytes: Some(31_000_000_000),
                ..MachineHealth::default()
            },
        },
        truth: None,
    }
}

/// How a walk stands that ends at the second step.
fn progress(step: Option<&Step>) -> Result<Progress, Refused> {
    match step {
        Some(Step::End) => Err(Refused("no leg is going on".into())),
        _ => Ok(Progress {
            is_walking: true,
            packets: 7,
            ..Progress::default()
        }),
    }
}

/// What the loop believes of one visit, or of all.
fn warm(visit: Option<u32>) -> Vec<Square> {
    vec![Square {
        x_m: 2.0,
        y_m: 3.0,
        level: 0,
        people: if visit.is_some() { 1.0 } else { 2.5 },
    }]
}

/// What is kept: nothing.
fn show(look: Look) {
    match look {
        Look::Holdings(reply) => drop(reply.send(Holdings::default())),
        Look::Person(_, reply) => drop(reply.send(gone())),
    }
}

/// Whoever is asked for: forgotten a while ago.
fn gone() -> Person {
    Person {
        erasure: Some(Erasure {
            serial: 3,
            version: 7,
            day: 20_779,
            slot: 0,
        }),
        ..Person::default()
    }
}

/// Everything a test needs of a shop that is open.
pub(crate) struct TestShop {
    pub(crate) router: Router,
    pub(crate) commands: broadcast::Sender<ScreenCommand>,
    pub(crate) live: Arc<watch::Sender<Arc<Live>>>,
    pub(crate) plan: watch::Sender<Arc<StorePlan>>,
    pub(crate) stopper: Stopper,
    pub(crate) creatives: tempfile::TempDir,
    pub(in crate::http) app: Arc<App>,
    shop: Shop,
    inputs: Arc<Mutex<Vec<String>>>,
    tasks: Vec<JoinHandle<()>>,
}

fn nothing_explained() -> Explained {
    Explained {
        plan: Arc::new(small_plan()),
        decisions: Vec::new(),
        pauses: Pauses::default(),
        remedies: Vec::new(),
    }
}

impl TestShop {
    /// Listens for this machine only.
    pub(crate) fn open() -> Self {
        Self::open_with(Outcome::Done)
    }

    /// With a loop that answers every request like this.
    pub(crate) fn open_with(outcome: Outcome) -> Self {
        let creatives = tempfile::tempdir().unwrap();
        let (shop, counter) = shop::open(Arc::new(small_plan()));
        let (stopper, stop) = stop::channel();
        let app = Arc::new(App {
            shop: shop.clone(),
            offers: bundle::open().0,
            pseudonym: Pseudonymiser::new(SECRET),
            gate: gate(creatives.path()),
            local_only: true,
            tills: vec![till(&creatives)],
            tills_refused: AtomicU64::new(0),
            creatives_dir: creatives.path().to_owned(),
            files: Files::Demo {
                survey: creatives.path().join("survey.csv"),
            },
            demo: true,
            office: crate::privacy::Office::in_tests(),
            server: "00000000000000aa".into(),
            seats: Seats::new(),
            streams: streams::Limits::default(),
            live: live::Encoded::default(),
            tested: calibration::Tested::default(),
            claims: crate::http::tail::Claims::new().unwrap(),
            stop,
        });
        let Counter {
            inputs: mut door,
            live,
            plan,
            commands,
            ..
        } = counter;
        live.send_replace(Arc::new(busy_live()));
        let live = Arc::new(live);
        let inputs = Arc::new(Mutex::new(Vec::new()));
        let seen = inputs.clone();
        let answering = tokio::spawn(async move {
            while let Some(input) = door.recv().await {
                seen.lock().unwrap().push(format!("{input:?}"));
                match input {
                    Input::Ask(_, reply) => drop(reply.send(outcome)),
                    Input::Explain(_, _, reply) => drop(reply.send(nothing_explained())),
                    Input::Look(look) => show(look),
                    Input::Lifts(reply) => drop(reply.send(Vec::new())),
                    Input::Heat(visit, reply) => drop(reply.send(warm(visit))),
                    Input::Calibrate(step, reply) => drop(reply.send(progress(step.as_ref()))),
                    Input::Walk(reply) => drop(reply.send(Err(Refused("no walk".into())))),
                    Input::Neighbours(reply) => drop(reply.send(Vec::new())),
                    Input::Radio(reply) => drop(reply.send(None)),
                    _ => {}
                }
            }
        });
        let renewed = live.clone();
        let renewing = tokio::spawn(async move {
            loop {
                tokio::time::sleep(Duration::from_millis(300)).await;
                renewed.send_modify(|live| *live = Arc::new((**live).clone()));
            }
        });
        Self {
            router: routes::router(Arc::clone(&app)),
            app,
            commands,
            live,
            plan,
            stopper,
            creatives,
            shop,
            inputs,
            tasks: vec![answering, renewing],
        }
    }

    /// What came in at the door so far.
    pub(crate) async fn inputs(&self) -> Vec<String> {
        // Inputs are taken in order: once this one is answered, all are.
        self.shop.ask(Ask::WithdrawVisit(0)).await.unwrap();
        let mut inputs = self.inputs.lock().unwrap();
        inputs.pop();
        inputs.clone()
    }

    /// Stands still from now on: the loop hangs.
    pub(crate) fn hang(&self) {
        for task in &self.tasks {
            task.abort();
        }
    }
}

impl Drop for TestShop {
    fn drop(&mut self) {
        self.hang();
    }
}

/// The token of the one till.
pub(crate) const TILL_TOKEN: &str = "token-of-the-one-till";

/// A gate that knows the operator's token.
pub(crate) fn gate(data: &Path) -> Arc<Gate> {
    let mut tokens = TokenFiles::default();
    tokens.add(Role::Operator, TOKEN);
    let keys = ScreenKeys::new(&[7; 32]);
    Arc::new(Gate::open(Folder::open(data).unwrap(), tokens, keys).unwrap())
}

/// The till of the shipped shop, with a token.
fn till(dir: &tempfile::TempDir) -> Till {
    let path = dir.path().join("till-token");
    std::fs::write(&path, TILL_TOKEN).unwrap();
    let mut tills = config::demo().shell.tills;
    tills[0].token_file = Some(path);
    with_tokens(&tills).unwrap().remove(0)
}

/// A screen's name.
pub(crate) fn screen(id: &str) -> ScreenId {
    id.parse().unwrap()
}
