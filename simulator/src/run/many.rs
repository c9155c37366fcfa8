//! Many seeds, each run twice: what differs between the two is a promise
//! broken, too.

use super::{Options, Outcome, Stage, run};
use crate::checker::Violation;
use std::sync::{
    Mutex, PoisonError,
    atomic::{AtomicU64, Ordering},
};

/// Threads, one per core of the machines we care about.
const THREADS: usize = 2;

/// Runs seeds `from..=to` and hands each outcome over as it comes.
pub fn run_seeds(
    stage: &Stage,
    options: &Options,
    (from, to): (u64, u64),
    done: impl FnMut(&Options, Outcome) + Send,
) {
    let next = AtomicU64::new(from);
    let done = Mutex::new(done);
    std::thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed > to {
                        break;
                    }
                    let options = Options {
                        seed,
                        ..options.clone()
                    };
                    let outcome = run_twice(stage, &options);
                    let mut done = done.lock().unwrap_or_else(PoisonError::into_inner);
                    done(&options, outcome);
                }
            });
        }
    });
}

/// Runs one seed twice and compares.
pub fn run_twice(stage: &Stage, options: &Options) -> Outcome {
    let mut first = run(stage, options, None);
    let second = run(stage, options, None);
    if first.hash != second.hash {
        first.violations_count += 1;
        first.violations.push(Violation {
            promise: 1,
            at_ms: first.for_ms,
            what: format!(
                "the same seed asked for different things: {:032x} and {:032x}",
                first.hash, second.hash
            ),
        });
    }
    first
}
