//! What following people costs: `cargo bench -p engine`.
//!
//! A hall of 21 by 18 m, half-metre cells (1,512), every scanner hearing every
//! beacon twice a second. One iteration is one second of the shop; the counter
//! is sightings, so that items per second is sightings per second.

use divan::{Bencher, counter::ItemsCount};
use engine::{
    Seed,
    plan::{
        GuardSettings, Point, Polygon, PresenceSettings, Scanner, ScannerIx, Schedule, StorePlan,
        Zone,
    },
    presence::Tracker,
    time::{LocalTime, Mono},
};

/// Packets a second of one beacon, as of common fobs and phones.
const PACKETS: u64 = 2;

fn main() {
    divan::main();
}

/// Shoppers and scanners.
const CASES: [(u64, u8); 9] = [
    (10, 4),
    (10, 12),
    (10, 50),
    (100, 4),
    (100, 12),
    (100, 50),
    (1_000, 4),
    (1_000, 12),
    (1_000, 50),
];

#[divan::bench(args = CASES)]
fn a_second_of(bencher: Bencher<'_, '_>, (shoppers, scanners): (u64, u8)) {
    let mut tracker = Tracker::new(&hall(scanners), Seed(1));
    let mut changes = Vec::new();
    let mut second = 0;
    let sightings = shoppers * u64::from(scanners) * PACKETS;
    bencher.counter(ItemsCount::new(sightings)).bench_local(|| {
        for packet in 0..PACKETS {
            let at = Mono(second * 1_000 + packet * 1_000 / PACKETS);
            for shopper in 0..shoppers {
                for scanner in 0..scanners {
                    // Never the same twice in a row: a frozen sender is not weighed.
                    let wobble = (shopper * 7 + u64::from(scanner) * 13 + second * 5 + packet) % 17;
                    let rssi_dbm = -80.0 + wobble as f32;
                    tracker.hear(at, shopper, ScannerIx(scanner), rssi_dbm);
                }
            }
        }
        second += 1;
        changes.clear();
        tracker.step(Mono(second * 1_000), &mut changes);
        changes.len()
    });
}

fn hall(scanners: u8) -> StorePlan {
    let rectangle = |x0: f32, y0: f32, x1: f32, y1: f32| {
        let at = |x, y| Point { x, y };
        Polygon(vec![at(x0, y0), at(x1, y0), at(x1, y1), at(x0, y1)])
    };
    let zone = |n: u8| {
        let (x, y) = (f32::from(n % 4) * 5.25, f32::from(n / 4) * 6.0);
        Zone {
            id: format!("zone-{n}").parse().expect("a name"),
            label: format!("Zone {n}"),
            area: rectangle(x, y, x + 5.25, y + 6.0),
            entrance: n == 0,
            department: None,
            level: 0,
        }
    };
    let scanner = |n: u8| Scanner {
        id: format!("scanner-{n}").parse().expect("a name"),
        at: Point {
            x: 21.0 * (f32::from(n) * 0.618).fract(),
            y: 18.0 * (f32::from(n) + 0.5) / f32::from(scanners),
        },
        offset_db: 0.0,
        level: 0,
        beacon: None,
    };
    StorePlan {
        store: "hall".parse().expect("a name"),
        name: "Hall".to_owned(),
        local_time: LocalTime::fixed(0),
        opening: Schedule::always(),
        outline: rectangle(0.0, 0.0, 21.0, 18.0),
        obstacles: Vec::new(),
        upper: Vec::new(),
        stairs: Vec::new(),
        zones: (0..12).map(zone).collect(),
        scanners: (0..scanners).map(scanner).collect(),
        survey: Vec::new(),
        sensors: Vec::new(),
        screens: Vec::new(),
        segments: Vec::new(),
        offers: Vec::new(),
        campaigns: Vec::new(),
        house_loop: Vec::new(),
        presence: PresenceSettings {
            enter_probability: 0.6,
            leave_probability: 0.4,
            absent_after_ms: 60_000,
            path_loss_exponent: 2.0,
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
