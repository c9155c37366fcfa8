//! Many runs with the same guard: what is learnt from even seeds is judged by odd
//! ones, and the other way round.

use super::{
    cases::{self, Case},
    watch::Watch,
};
use crate::{
    args,
    faults::Allowed,
    run::{Options, Stage, run_watched},
};
use engine::plan::GuardSettings;
use std::sync::{
    Mutex, PoisonError,
    atomic::{AtomicU64, Ordering},
};

/// Threads, one per core of the machines we care about.
const THREADS: usize = 2;

/// What all runs with one guard gave.
#[derive(Debug, Default)]
pub(super) struct Seen {
    /// Of even seeds, and of odd ones.
    pub(super) halves: [Vec<Case>; 2],
    /// Score times seconds on the glass.
    pub(super) value: f64,
    /// Seconds on the glass of offers for segments.
    pub(super) segment_s: u64,
}

/// Watches every seed; `guard` is exactly what is asked, `None` asks nothing.
pub(super) fn watch(stage: &Stage, guard: Option<GuardSettings>, args: &args::Bystander) -> Seen {
    let seen = Mutex::new(Seen::default());
    let next = AtomicU64::new(args.seeds.0);
    std::thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed > args.seeds.1 {
                        break;
                    }
                    let of_run = one(stage, guard, args, seed);
                    let mut seen = seen.lock().unwrap_or_else(PoisonError::into_inner);
                    seen.add(seed, of_run);
                }
            });
        }
    });
    let mut seen = seen.into_inner().unwrap_or_else(PoisonError::into_inner);
    // Threads end in any order; what is made of it must not depend on that.
    for half in &mut seen.halves {
        half.sort_by_key(|case| case.visit);
    }
    seen
}

impl Seen {
    fn add(&mut self, seed: u64, (cases, watch): (Vec<Case>, Watch)) {
        self.halves[usize::from(!seed.is_multiple_of(2))].extend(cases);
        self.value += watch.value;
        self.segment_s += watch.segment_s;
    }
}

fn one(
    stage: &Stage,
    guard: Option<GuardSettings>,
    args: &args::Bystander,
    seed: u64,
) -> (Vec<Case>, Watch) {
    let options = Options {
        seed,
        shoppers: args.shoppers,
        customers: Some(args.customers),
        for_ms: (args.hours * 3_600_000.0) as u64,
        faults: Allowed::None,
        record_every_ms: None,
        planted: None,
    };
    let mut watch = Watch::default();
    run_watched(stage, &options, guard, &mut watch);
    let cases = cases::cases(&stage.ground.plan, &watch, seed);
    (cases, watch)
}
