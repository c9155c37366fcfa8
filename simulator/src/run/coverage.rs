//! What many runs have met: a promise that nothing tried to break was not kept.

use super::Outcome;
use crate::faults::{Fault, Struck};
use std::fmt::Write as _;

/// Sums over runs.
#[derive(Debug, Default)]
pub(super) struct Coverage {
    seeds: u64,
    /// Seeds in which each fault struck at all.
    met: Struck,
    struck: Struck,
    /// Pictures sent, charges, consents given and ended, starts of a gateway.
    sums: [u64; 5],
    /// Seeds without a picture, without a charge, without a consent.
    without: [u64; 3],
}

impl Coverage {
    pub(super) fn take(&mut self, outcome: &Outcome) {
        self.seeds += 1;
        self.struck.add(&outcome.struck);
        for fault in Fault::ALL {
            let struck = outcome.struck.times(*fault) > 0;
            self.met.note_many(*fault, u64::from(struck));
        }
        let score = &outcome.score;
        let [shown, charges, consents] = [score.shown, score.charges, score.consents];
        let all = [shown, charges, consents, score.ends, outcome.starts];
        for (sum, n) in self.sums.iter_mut().zip(all) {
            *sum += u64::from(n);
        }
        for (without, n) in self.without.iter_mut().zip(all) {
            *without += u64::from(n == 0);
        }
    }

    /// For people.
    pub(super) fn words(&self) -> String {
        let [shown, charges, consents, ends, starts] = self.sums;
        let mut words = format!(
            "{shown} pictures, {charges} charges, {consents} consents, {ends} ends of consent, \
             {starts} starts; of {} seeds {} without a picture, {} without a charge, {} without \
             a consent\nstruck:",
            self.seeds, self.without[0], self.without[1], self.without[2]
        );
        for (n, fault) in Fault::ALL.iter().enumerate() {
            let comma = if n == 0 { "" } else { "," };
            let (times, seeds) = (self.struck.times(*fault), self.met.times(*fault));
            let _ = write!(
                words,
                "{comma} {} {times} times in {seeds} seeds",
                fault.name()
            );
        }
        words
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        faults::Allowed,
        run::{Options, recorded::stage, run},
    };

    #[test]
    fn a_few_minutes_of_a_few_people_meet_every_fault_and_has_something_to_lose() {
        let stage = stage();
        let mut coverage = Coverage::default();
        for seed in 1..=24 {
            let options = Options {
                seed,
                shoppers: 40,
                customers: None,
                for_ms: 432_000,
                faults: Allowed::Swarm,
                record_every_ms: None,
                planted: None,
            };
            coverage.take(&run(&stage, &options, None));
        }
        let words = coverage.words();
        let unmet = Fault::ALL.iter().find(|f| coverage.met.times(**f) == 0);
        assert_eq!(unmet, None, "{words}");
        assert!(coverage.sums.iter().all(|sum| *sum > 0), "{words}");
    }
}
