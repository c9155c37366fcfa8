//! How well the attacker does who learns from one half of the runs, takes the way
//! to guess that did best there, and goes by it in the other half.

use super::{
    advantage::{self, Advantage, Guess},
    cases::Case,
    strategy::{self, Strategy},
};

/// What came of it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Attack {
    /// The way that was taken, in words; two when the halves differ.
    pub(super) by: String,
    /// How well it guesses in the half it was not learnt from, over both halves.
    pub(super) advantage: Advantage,
    /// How well the best way did, picked after the fact: luck is in it.
    pub(super) luckiest: f64,
}

/// Learns from either half, and is judged by the other.
pub(super) fn of(halves: &[Vec<Case>; 2]) -> Attack {
    let [even, odd] = halves;
    let learnt = [strategy::train(even), strategy::train(odd)];
    let taken = [best(&learnt[0], even), best(&learnt[1], odd)];
    let judged = |by_even: &Strategy, by_odd: &Strategy| {
        let mut guesses = guesses(by_odd, even);
        guesses.extend(self::guesses(by_even, odd));
        guesses
    };
    let ways = learnt[0].iter().zip(&learnt[1]);
    let afterwards = ways.map(|(e, o)| advantage::figure(&judged(e, o)));
    let mut by = taken[0].name.to_owned();
    if taken[1].name != taken[0].name {
        by = format!("{by}; {}", taken[1].name);
    }
    Attack {
        by,
        advantage: advantage::of(&judged(taken[0], taken[1])),
        luckiest: afterwards.fold(f64::NEG_INFINITY, f64::max),
    }
}

/// The one that does best where it was learnt.
fn best<'s>(learnt: &'s [Strategy], cases: &[Case]) -> &'s Strategy {
    let done = learnt
        .iter()
        .map(|s| (s, advantage::figure(&guesses(s, cases))));
    let best = done.max_by(|a, b| a.1.total_cmp(&b.1));
    best.expect("there are ways to guess").0
}

fn guesses(strategy: &Strategy, cases: &[Case]) -> Vec<Guess> {
    let guess = |case: &Case| Guess {
        visit: case.visit,
        is_in: case.is_in,
        says_yes: strategy.says_yes(case),
    };
    cases.iter().map(guess).collect()
}

#[cfg(test)]
mod tests {
    use super::{super::cases::SIGNS, *};
    use crate::chance::{Chance, Concern};

    /// Cases of which a sign tells the answer so often.
    fn cases(seed: u64, told: f64) -> Vec<Case> {
        let mut chance = Chance::new(seed, Concern::Resampling);
        let case = |visit| {
            let is_in = chance.happens(0.5);
            let mut signs = [0.0; SIGNS.len()];
            for sign in &mut signs {
                *sign = f64::from(u8::from(chance.happens(0.5)));
            }
            if chance.happens(told) {
                signs[4] = f64::from(u8::from(is_in));
            }
            Case {
                visit,
                is_in,
                signs,
            }
        };
        (0..2_000).map(case).collect()
    }

    #[test]
    fn what_is_told_is_found_out_and_where_nothing_is_there_is_no_more_than_luck() {
        let mut of_nothing = Vec::new();
        for seed in 0..20 {
            let all = of(&[cases(seed, 1.0), cases(seed + 100, 1.0)]);
            assert!(all.advantage.is > 49.0, "{all:?}");
            let half = of(&[cases(seed, 0.5), cases(seed + 100, 0.5)]);
            assert!((half.advantage.is - 25.0).abs() < 4.0, "{half:?}");
            of_nothing.push(of(&[cases(seed, 0.0), cases(seed + 100, 0.0)]));
        }
        let mean = |f: &dyn Fn(&Attack) -> f64| of_nothing.iter().map(f).sum::<f64>() / 20.0;
        let (is, luckiest) = (mean(&|a| a.advantage.is), mean(&|a| a.luckiest));
        assert!(is.abs() < 0.5, "nothing is found out: {is}");
        assert!(
            luckiest > is + 0.5,
            "the luckiest is only lucky: {luckiest}"
        );
    }
}
