//! Many seeds, the first of them each run twice: what differs between the two is a
//! promise broken, too.

use super::{Options, Outcome, Stage, run};
use crate::checker::Violation;
use std::{
    ops::ControlFlow,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

/// Threads, one per core of the machines we care about.
const THREADS: usize = 2;

/// So many seeds are run twice. What makes two runs differ (an order of hashes, a clock)
/// does so in nearly every one.
const TWICE: u64 = 1_000;

/// Runs seeds `from..=to` and hands each outcome over as it comes, until somebody has
/// seen enough.
pub fn run_seeds(
    stage: &Stage,
    options: &Options,
    (from, to): (u64, u64),
    done: impl FnMut(&Options, Outcome) -> ControlFlow<()> + Send,
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
                    let outcome = if seed - from < TWICE {
                        run_twice(stage, &options)
                    } else {
                        run(stage, &options, None)
                    };
                    let mut done = done.lock().unwrap_or_else(PoisonError::into_inner);
                    if done(&options, outcome).is_break() {
                        next.store(to.saturating_add(1), Ordering::Relaxed);
                    }
                }
            });
        }
    });
}

/// Runs one seed twice and compares.
pub fn run_twice(stage: &Stage, options: &Options) -> Outcome {
    let mut first = run(stage, options, None);
    let again = run(stage, options, None).hash;
    if let Some(violation) = difference(first.hash, again, first.for_ms) {
        first.violations_count += 1;
        first.violations.push(violation);
    }
    first
}

fn difference(first: u128, again: u128, at_ms: u64) -> Option<Violation> {
    (first != again).then(|| Violation {
        promise: 1,
        at_ms,
        what: format!("the same seed asked for different things: {first:032x} and {again:032x}"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_runs_that_differ_break_the_first_promise() {
        assert_eq!(difference(7, 7, 1_000), None);
        assert_eq!(difference(7, 8, 1_000).map(|v| v.promise), Some(1));
    }
}
