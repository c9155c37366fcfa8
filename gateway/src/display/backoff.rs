//! Growing waits with jitter, so that sixty tags do not ask one access point
//! in the same moment.

/// Shortest and longest wait, ms.
const WAIT_MS: (u64, u64) = (2_000, 120_000);

/// Growing waits.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Backoff {
    ceiling_ms: u64,
}

impl Backoff {
    /// It went well.
    pub(super) fn reset(&mut self) {
        self.ceiling_ms = 0;
    }

    /// How long to wait now, ms: between half and all of what doubles each time.
    pub(super) fn next_ms(&mut self) -> u64 {
        self.ceiling_ms = (self.ceiling_ms * 2).clamp(WAIT_MS.0, WAIT_MS.1);
        let half = self.ceiling_ms / 2;
        // Without randomness the wait is only less spread.
        half + getrandom::u64().unwrap_or(0) % (half + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_within_their_bounds_and_are_spread() {
        let mut backoff = Backoff::default();
        for ceiling in [
            2_000, 4_000, 8_000, 16_000, 32_000, 64_000, 120_000, 120_000,
        ] {
            let wait = backoff.next_ms();
            assert!((ceiling / 2..=ceiling).contains(&wait), "{wait} {ceiling}");
        }
        backoff.reset();
        assert!(backoff.next_ms() <= 2_000);
        let mut waits: Vec<_> = (0..32).map(|_| Backoff::default().next_ms()).collect();
        waits.sort_unstable();
        waits.dedup();
        assert!(waits.len() > 8);
    }
}
