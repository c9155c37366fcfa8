//! Audience decisions beside a flag evaluator, in one process and one run:
//! `cargo run --release --manifest-path tests/peers/Cargo.toml`.
//!
//! Unleash decides flags in clients by `unleash-yggdrasil`; Unleash Edge is that
//! crate behind HTTP. It is asked for all flags of one person, as Edge's
//! `/api/frontend` is, and asked anew for every person: a flag knows one context.
//! Its flags ask what our offers ask as far as constraints can: screen, zone,
//! hour, segments, and a rollout of nine in ten. Ours is asked for one screen and
//! says for all people before it which offer and, for all others, why not.

mod flags;
#[path = "../../../engine/tests/promises/shop/plan.rs"]
mod plan;
#[path = "../../../engine/tests/promises/shop/stage.rs"]
mod stage;
#[path = "../../../engine/benches/usual/mod.rs"]
mod usual;

use engine::decide::{Standing, decide};
use std::{
    hint::black_box,
    time::{Duration, Instant},
};

/// Shorter than one slice of a scheduler: the best of many rounds was not
/// interrupted.
const ROUND: Duration = Duration::from_millis(2);
const ROUNDS: u32 = 400;

fn main() {
    println!("a second, on one core, each the best of {ROUNDS} rounds");
    println!("offers  people  decisions  evaluations for all of them  ratio");
    for offers in [20, 100, 350, 500, 2_000] {
        for people in [1, 5, 20] {
            let (ours, theirs) = both(offers, people);
            println!(
                "{offers:6}  {people:6}  {ours:9.0}  {theirs:27.0}  {:5.1}",
                ours / theirs
            );
        }
    }
}

/// How often a second each answers for so many people, taking turns so that both
/// meet the same machine.
fn both(offers: u16, people: u8) -> (f64, f64) {
    let mut stage = stage::Stage::new(usual::shop(offers, usual::usual), &usual::crowd(people));
    stage.draw();
    let viewers = stage.viewers();
    let scene = stage.scene(&viewers);
    let standing = Standing::new(&scene);
    let engine = flags::engine(&stage.plan);
    let contexts = flags::contexts(people);
    let (mut ours, mut theirs) = (0.0, 0.0);
    for _ in 0..ROUNDS {
        ours = rate(ours, || {
            black_box(decide(black_box(&scene), &standing));
        });
        theirs = rate(theirs, || {
            for context in &contexts {
                black_box(engine.resolve_all(black_box(context), &None));
            }
        });
    }
    (ours, theirs)
}

/// The better of a rate and the one of another round.
fn rate(best: f64, mut once: impl FnMut()) -> f64 {
    let (began, mut times) = (Instant::now(), 0_u32);
    while began.elapsed() < ROUND || times == 0 {
        once();
        times += 1;
    }
    best.max(f64::from(times) / began.elapsed().as_secs_f64())
}
