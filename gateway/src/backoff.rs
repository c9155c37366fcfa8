//! Growing waits with jitter, so that not all who wait for one thing ask for it
//! in the same moment.

/// Growing waits, ms.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Backoff {
    first: u64,
    longest: u64,
    ceiling: u64,
}

impl Backoff {
    /// The first wait is at most `first_ms`, any is at most `longest_ms`.
    pub(crate) const fn between(first_ms: u64, longest_ms: u64) -> Self {
        Self {
            first: first_ms,
            longest: longest_ms,
            ceiling: 0,
        }
    }

    /// It went well.
    pub(crate) fn reset(&mut self) {
        self.ceiling = 0;
    }

    /// How long to wait now, ms: between half and all of what doubles each time.
    pub(crate) fn next_ms(&mut self) -> u64 {
        self.ceiling = (self.ceiling * 2).clamp(self.first, self.longest);
        let half = self.ceiling / 2;
        // Without randomness the wait is only less spread.
        half + getrandom::u64().unwrap_or(0) % (half + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_within_their_bounds_and_are_spread() {
        let new = || Backoff::between(2_000, 120_000);
        let mut backoff = new();
        for ceiling in [
            2_000, 4_000, 8_000, 16_000, 32_000, 64_000, 120_000, 120_000,
        ] {
            let wait = backoff.next_ms();
            assert!((ceiling / 2..=ceiling).contains(&wait), "{wait} {ceiling}");
        }
        backoff.reset();
        assert!(backoff.next_ms() <= 2_000);
        let mut waits: Vec<_> = (0..32).map(|_| new().next_ms()).collect();
        waits.sort_unstable();
        waits.dedup();
        assert!(waits.len() > 8);
    }
}
