//! How long to wait before the next attempt.

use crate::settings::random;
use std::time::Duration;

/// A session that lasted this long was a good one, whatever it did.
pub(crate) const GOOD_SESSION: Duration = Duration::from_secs(10);

/// Doubling waits with full jitter, so that ten thousand shops do not come
/// back in the same second.
#[derive(Debug)]
pub(crate) struct Backoff {
    first: Duration,
    longest: Duration,
    next: Duration,
}

impl Backoff {
    /// Towards a broker elsewhere, or on this machine, where nobody else queues.
    pub(crate) fn new(loopback: bool) -> Self {
        let (first, longest) = if loopback {
            (Duration::from_millis(50), Duration::from_secs(5))
        } else {
            (Duration::from_millis(500), Duration::from_mins(1))
        };
        Self {
            first,
            longest,
            next: first,
        }
    }

    /// After a good session the waits begin anew.
    pub(crate) fn reset(&mut self) {
        self.next = self.first;
    }

    /// The wait before the next attempt.
    pub(crate) fn next_wait(&mut self) -> Duration {
        let ceiling = self.next;
        self.next = (self.next * 2).min(self.longest);
        ceiling.mul_f64((random() >> 11) as f64 / (1_u64 << 53) as f64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_a_minute_and_never_exceed_their_ceiling() {
        let mut backoff = Backoff::new(false);
        for ceiling_ms in [
            500, 1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000,
        ] {
            assert_eq!(backoff.next, Duration::from_millis(ceiling_ms));
            assert!(backoff.next_wait() < Duration::from_millis(ceiling_ms));
        }
        backoff.reset();
        assert_eq!(backoff.next, Duration::from_millis(500));
    }

    #[test]
    fn waits_are_spread() {
        let mut waits: Vec<_> = (0..64).map(|_| Backoff::new(false).next_wait()).collect();
        waits.sort();
        waits.dedup();
        assert!(waits.len() > 60);
    }
}
