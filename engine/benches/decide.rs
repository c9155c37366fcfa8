//! What decisions for an audience cost: `cargo bench -p engine --bench decide`.
//!
//! A shop of twelve zones and eight screens. Of the offers half name one to three
//! zones, a third two screens, a quarter an hour of the day, two in five a
//! segment, a few a dwell, a department, a cap; the people before the screen have
//! profiles, and two in five of them have seen something today. One iteration is
//! one decision with its whole waterfall; the rules about the shop are worked out
//! once a second, as in the engine, or anew for every decision in `from_nothing`.
//! In `all_open` nothing at all stops any offer.

#![expect(clippy::unwrap_used, reason = "offers are written as in the stories")]

#[path = "../tests/promises/shop/plan.rs"]
mod plan;
#[path = "../tests/promises/shop/stage.rs"]
mod stage;
mod usual;

use divan::{Bencher, counter::ItemsCount};
use engine::decide::{Standing, decide};
use stage::Stage;
use usual::{crowd, shop, usual};

fn main() {
    divan::main();
}

/// Offers and people in view.
const CASES: [(u16, u8); 12] = [
    (20, 1),
    (20, 5),
    (20, 20),
    (100, 1),
    (100, 5),
    (100, 20),
    (500, 1),
    (500, 5),
    (500, 20),
    (2_000, 1),
    (2_000, 5),
    (2_000, 20),
];

#[divan::bench(args = CASES)]
fn decisions(bencher: Bencher<'_, '_>, (offers, people): (u16, u8)) {
    let mut stage = Stage::new(shop(offers, usual), &crowd(people));
    stage.draw();
    with_standing(bencher, &stage);
}

#[divan::bench(args = [(500, 5)])]
fn from_nothing(bencher: Bencher<'_, '_>, (offers, people): (u16, u8)) {
    let stage = Stage::new(shop(offers, usual), &crowd(people));
    let viewers = stage.viewers();
    let scene = stage.scene(&viewers);
    let one = ItemsCount::new(1_u32);
    bencher
        .counter(one)
        .bench_local(|| decide(&scene, &Standing::new(&scene)));
}

#[divan::bench(args = [(500, 5), (2_000, 20)])]
fn all_open(bencher: Bencher<'_, '_>, (offers, people): (u16, u8)) {
    let open = |at: u16| plan::offer(&format!("offer-{at:04}"), &["cap=50/50"]);
    let stage = Stage::new(shop(offers, open), &crowd(people));
    with_standing(bencher, &stage);
}

/// One decision after another within the same second.
fn with_standing(bencher: Bencher<'_, '_>, stage: &Stage) {
    let viewers = stage.viewers();
    let scene = stage.scene(&viewers);
    let standing = Standing::new(&scene);
    let one = ItemsCount::new(1_u32);
    bencher
        .counter(one)
        .bench_local(|| decide(&scene, &standing));
}
