//! How much better than a coin.

use crate::chance::{Chance, Concern};
use serde::Serialize;

/// Resamples: enough for the first digit of a 95 % interval.
const RESAMPLES: usize = 400;

/// Percentage points over a coin, and the range that 95 of 100 resamples fall into.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub(super) struct Advantage {
    /// The figure.
    pub(super) is: f64,
    /// Lower end of the range.
    pub(super) low: f64,
    /// Upper end of the range.
    pub(super) high: f64,
}

/// What was guessed of one case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Guess {
    /// Of whose visit.
    pub(super) visit: u64,
    /// Whether the shopper is in the segment.
    pub(super) is_in: bool,
    /// Whether that was the guess.
    pub(super) says_yes: bool,
}

/// Of these guesses, which are in the order of visits.
pub(super) fn of(guesses: &[Guess]) -> Advantage {
    let visits: Vec<&[Guess]> = guesses.chunk_by(|a, b| a.visit == b.visit).collect();
    let mut chance = Chance::new(1, Concern::Resampling);
    let mut found: Vec<f64> = (0..RESAMPLES)
        .map(|_| figure(visits.iter().flat_map(|_| *chance.pick(&visits))))
        .collect();
    found.sort_by(f64::total_cmp);
    Advantage {
        is: figure(guesses),
        low: found[RESAMPLES / 40],
        high: found[RESAMPLES - 1 - RESAMPLES / 40],
    }
}

/// Right guesses of as many who are in as are not, above half, percent.
pub(super) fn figure<'g>(guesses: impl IntoIterator<Item = &'g Guess>) -> f64 {
    let (mut yes, mut no, mut hits, mut alarms) = (0.0, 0.0, 0.0, 0.0);
    for guess in guesses {
        let said = f64::from(u8::from(guess.says_yes));
        if guess.is_in {
            yes += 1.0;
            hits += said;
        } else {
            no += 1.0;
            alarms += said;
        }
    }
    50.0 * (hits / f64::max(yes, 1.0) - alarms / f64::max(no, 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knowing_all_is_fifty_points_and_a_coin_is_none() {
        for (guesses, points) in [
            (&[(true, true), (false, false)][..], 50.0),
            (&[(true, true), (false, true)], 0.0),
            (&[(true, false), (false, true)], -50.0),
            // Base rates do not help: one in four, and nobody is ever accused.
            (
                &[
                    (true, false),
                    (false, false),
                    (false, false),
                    (false, false),
                ],
                0.0,
            ),
        ] {
            let told = guesses.iter().map(|&(is_in, says_yes)| Guess {
                visit: 1,
                is_in,
                says_yes,
            });
            let told: Vec<Guess> = told.collect();
            assert!((figure(&told) - points).abs() < 1e-9, "{guesses:?}");
        }
    }
}
