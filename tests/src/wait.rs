//! Conditions with a deadline. A test never sleeps for a guessed time.

use std::{
    thread::sleep,
    time::{Duration, Instant},
};

/// How often a condition is looked at.
const GLANCE: Duration = Duration::from_millis(20);
/// How long a condition may take. Generous: it is only ever waited out by a
/// test that fails.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// Waits until `look` finds something; panics with `what` after [`PATIENCE`].
pub fn until<T>(what: &str, look: impl FnMut() -> Option<T>) -> T {
    within(PATIENCE, look).unwrap_or_else(|| panic!("waited {PATIENCE:?} in vain until {what}"))
}

/// Waits until `look` finds something, or gives up.
pub fn within<T>(patience: Duration, mut look: impl FnMut() -> Option<T>) -> Option<T> {
    let started = Instant::now();
    loop {
        if let Some(found) = look() {
            return Some(found);
        }
        if started.elapsed() > patience {
            return None;
        }
        sleep(GLANCE);
    }
}
