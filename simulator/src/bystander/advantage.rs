//! How much better than a coin.

use super::{cases::Case, strategy::Strategy};
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

/// Whether somebody is in it, and what was guessed.
type Guess = (bool, bool);

/// Of this way to guess, judged by these cases, which are in the order of visits.
pub(super) fn of(strategy: &Strategy, cases: &[Case]) -> Advantage {
    let by_visit = cases.chunk_by(|a, b| a.visit == b.visit);
    let guess = |case: &Case| (case.is_in, strategy.says_yes(case));
    let visits: Vec<Vec<Guess>> = by_visit.map(|v| v.iter().map(guess).collect()).collect();
    let is = figure(visits.iter());
    let mut chance = Chance::new(1, Concern::Resampling);
    let mut found: Vec<f64> = (0..RESAMPLES)
        .map(|_| {
            let drawn: Vec<&Vec<Guess>> = visits.iter().map(|_| chance.pick(&visits)).collect();
            figure(drawn.into_iter())
        })
        .collect();
    found.sort_by(f64::total_cmp);
    Advantage {
        is,
        low: found[RESAMPLES / 40],
        high: found[RESAMPLES - 1 - RESAMPLES / 40],
    }
}

/// Right guesses of as many who are in as are not, above half, percent.
fn figure<'v>(visits: impl Iterator<Item = &'v Vec<Guess>>) -> f64 {
    let (mut yes, mut no, mut hits, mut alarms) = (0.0, 0.0, 0.0, 0.0);
    for (is_in, says_yes) in visits.flatten() {
        let said = f64::from(u8::from(*says_yes));
        if *is_in {
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
            let visit = guesses.to_vec();
            assert!(
                (figure([&visit].into_iter()) - points).abs() < 1e-9,
                "{guesses:?}"
            );
        }
    }
}
