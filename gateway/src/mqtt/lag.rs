//! How old a message of a scanner is that says when it heard. Its clock may be
//! wrong by years: what counts is how much older a message is than the
//! freshest of the same scanner.

/// A run of messages this long that are all older than before means that the
/// clock was set, not that they waited.
const RUN: u32 = 50;
/// Older than this is worth a doubt, ms: whole seconds are the usual grain.
const GRAIN_MS: i64 = 2_000;

/// One scanner's clock against ours.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Lag {
    /// Least difference between our clock and the scanner's so far, ms.
    least_ms: Option<i64>,
    run: u32,
    least_of_run_ms: i64,
}

impl Lag {
    /// How long ago this was, ms, by our steady clock and the scanner's date.
    pub(super) fn age_ms(&mut self, now_ms: u64, sender_ms: i64) -> u32 {
        let difference = (now_ms as i64).saturating_sub(sender_ms);
        let least = self
            .least_ms
            .map_or(difference, |least| least.min(difference));
        self.least_ms = Some(least);
        let age = difference.saturating_sub(least);
        if age <= GRAIN_MS {
            self.run = 0;
            return 0;
        }
        let of_run = if self.run == 0 {
            difference
        } else {
            self.least_of_run_ms.min(difference)
        };
        self.least_of_run_ms = of_run;
        self.run += 1;
        if self.run >= RUN {
            *self = Self {
                least_ms: Some(of_run),
                ..Self::default()
            };
        }
        u32::try_from(age).unwrap_or(u32::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_that_waited_is_old_and_a_wrong_clock_is_not() {
        let mut lag = Lag::default();
        // A scanner that believes it is 1970, and says whole seconds.
        assert_eq!(lag.age_ms(100_000, 5_000), 0);
        assert_eq!(lag.age_ms(101_900, 6_000), 0);
        // One that waited for half a minute.
        assert_eq!(lag.age_ms(140_000, 15_000), 30_000);
        assert_eq!(lag.age_ms(140_100, 45_000), 0);
    }

    #[test]
    fn a_clock_that_is_set_back_is_believed_again() {
        let mut lag = Lag::default();
        lag.age_ms(0, 3_600_000);
        let old = (1..200_u64).filter(|n| lag.age_ms(n * 100, *n as i64 * 100) > 0);
        assert_eq!(old.count(), RUN as usize);
    }
}
