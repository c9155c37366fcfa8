//! What following people costs: `cargo bench -p engine`.
//!
//! A hall of 21 by 18 m, half-metre cells (1,512), every scanner hearing every
//! beacon twice a second. One iteration is one second of the shop; the counter
//! is sightings, so that items per second is sightings per second.

#[path = "../src/presence/tests/hall.rs"]
mod hall;

use divan::{Bencher, counter::ItemsCount};
use engine::{
    Seed,
    plan::{self, ScannerIx, StorePlan},
    presence::{self, Tracker},
    strength::Strength,
    time::{self, Mono},
};
use hall::{Hall, at};

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
                    tracker.hear(at, shopper, ScannerIx(scanner), Strength::of_one(rssi_dbm));
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
    let scanner = |n: u8| {
        let along = (f32::from(n) * 0.618).fract();
        let across = (f32::from(n) + 0.5) / f32::from(scanners);
        (at(21.0 * along, 18.0 * across), 0)
    };
    Hall {
        sides_m: (21.0, 18.0),
        zones: (4, 3),
        levels: 1,
    }
    .plan((0..scanners).map(scanner))
}
