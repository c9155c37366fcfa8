//! Ways to guess, each trained on runs other than those it is judged by.

use super::cases::{Case, SIGNS};

/// How somebody guesses.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Strategy {
    /// In words.
    pub(super) name: &'static str,
    weights: [f64; SIGNS.len()],
    /// At or above this score it says yes.
    threshold: f64,
}

/// Steps of the ascent: by then the likelihood's third digit stands.
const STEPS: usize = 400;
const RATE: f64 = 0.5;
/// Keeps weights of signs that hardly occur from running away.
const RIDGE: f64 = 1e-4;

/// Every way to guess, trained on these cases.
pub(super) fn train(cases: &[Case]) -> Vec<Strategy> {
    let only = |sign: usize| {
        let mut weights = [0.0; SIGNS.len()];
        weights[sign] = 1.0;
        weights
    };
    let mut blame = only(2);
    // A picture that could have come any second and did not speaks against it.
    blame[5] = -1.0;
    [
        ("the first change after a lone arrival", only(3)),
        ("a picture with nobody else there", only(4)),
        ("how often pictures appeared", only(0)),
        ("more often than usual", only(6)),
        ("Bayes over who could be meant", blame),
        ("logistic over all signs", logistic(cases)),
    ]
    .into_iter()
    .map(|(name, weights)| {
        let mut strategy = Strategy {
            name,
            weights,
            threshold: 0.0,
        };
        strategy.threshold = best_threshold(&strategy, cases);
        strategy
    })
    .collect()
}

impl Strategy {
    /// Its guess.
    pub(super) fn says_yes(&self, case: &Case) -> bool {
        self.score(case) >= self.threshold
    }

    fn score(&self, case: &Case) -> f64 {
        self.weights
            .iter()
            .zip(case.signs)
            .map(|(w, s)| w * s)
            .sum()
    }
}

/// The threshold with the largest difference between right and false alarms.
fn best_threshold(strategy: &Strategy, cases: &[Case]) -> f64 {
    let mut scored: Vec<(f64, bool)> = cases.iter().map(|c| (strategy.score(c), c.is_in)).collect();
    scored.sort_by(|a, b| b.0.total_cmp(&a.0));
    let (yes, no) = counts(cases);
    let (mut hits, mut alarms) = (0.0, 0.0);
    let (mut best, mut threshold) = (0.0, f64::INFINITY);
    for (i, (score, is_in)) in scored.iter().enumerate() {
        if *is_in {
            hits += 1.0 / yes;
        } else {
            alarms += 1.0 / no;
        }
        let last_of_equals = scored.get(i + 1).is_none_or(|next| next.0 < *score);
        if last_of_equals && hits - alarms > best {
            (best, threshold) = (hits - alarms, *score);
        }
    }
    threshold
}

fn counts(cases: &[Case]) -> (f64, f64) {
    let yes = cases.iter().filter(|c| c.is_in).count();
    ((yes.max(1)) as f64, ((cases.len() - yes).max(1)) as f64)
}

/// Logistic regression by gradient ascent on standardised signs; both answers
/// weigh the same, since the threshold is chosen apart.
fn logistic(cases: &[Case]) -> [f64; SIGNS.len()] {
    let (mean, deviation) = spread(cases);
    let (yes, no) = counts(cases);
    let mut weights = [0.0; SIGNS.len()];
    let mut bias = 0.0;
    for _ in 0..STEPS {
        let mut slope = [0.0; SIGNS.len()];
        let mut bias_slope = 0.0;
        for case in cases {
            let z = |i: usize| (case.signs[i] - mean[i]) / deviation[i];
            let sum: f64 = (0..SIGNS.len()).map(|i| weights[i] * z(i)).sum::<f64>() + bias;
            let chance = 1.0 / (1.0 + libm::exp(-sum));
            let weight = if case.is_in { 0.5 / yes } else { 0.5 / no };
            let error = weight * (f64::from(u8::from(case.is_in)) - chance);
            bias_slope += error;
            for (i, slope) in slope.iter_mut().enumerate() {
                *slope += error * z(i);
            }
        }
        bias += RATE * bias_slope;
        for (weight, slope) in weights.iter_mut().zip(slope) {
            *weight += RATE * (slope - RIDGE * *weight);
        }
    }
    for (weight, deviation) in weights.iter_mut().zip(deviation) {
        *weight /= deviation;
    }
    weights
}

fn spread(cases: &[Case]) -> ([f64; SIGNS.len()], [f64; SIGNS.len()]) {
    let n = cases.len().max(1) as f64;
    let (mut mean, mut square) = ([0.0; SIGNS.len()], [0.0; SIGNS.len()]);
    for case in cases {
        for (i, sign) in case.signs.iter().enumerate() {
            mean[i] += sign / n;
            square[i] += sign * sign / n;
        }
    }
    for (square, mean) in square.iter_mut().zip(mean) {
        *square = (*square - mean * mean).max(1e-12).sqrt();
    }
    (mean, square)
}
