//! The formulas by which an effect is told from chance. `docs/lift.md` names
//! the sources and works examples.

/// Standard normal quantile of 97.5 %: two-sided 95 % (5 % false alarms).
pub const Z_95: f64 = 1.959_963_984_540_054;
/// Standard normal quantile of 80 %: the power that samples are planned for.
const Z_POWER: f64 = 0.841_621_233_572_914_3;
/// The smallest effect that samples are planned for: half as much again.
const DETECTED: f64 = 0.5;
/// Where nobody knows how many buy: one in twenty, worth twenty visits.
const GUESS: (f64, f64) = (1.0, 20.0);

/// An estimate and its 95 % interval.
#[derive(Debug, Clone, Copy, PartialEq, Default, serde::Serialize)]
pub struct Interval {
    /// The estimate.
    pub value: f64,
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

/// A proportion: how many of how many. Not whole after division by a design effect.
pub type Proportion = (f64, f64);

/// Wilson's score interval of a proportion (Wilson, JASA 22, 1927).
pub fn wilson((with, of): Proportion) -> Interval {
    if of <= 0.0 {
        return Interval {
            value: 0.0,
            low: 0.0,
            high: 1.0,
        };
    }
    let (p, zz) = (with / of, Z_95 * Z_95);
    let middle = p + zz / (2.0 * of);
    let half = Z_95 * libm::sqrt(p * (1.0 - p) / of + zz / (4.0 * of * of));
    let scale = 1.0 + zz / of;
    Interval {
        value: p,
        low: ((middle - half) / scale).max(0.0),
        high: ((middle + half) / scale).min(1.0),
    }
}

/// Newcombe's interval of the difference of two independent proportions:
/// method 10, hybrid score (Newcombe, Statistics in Medicine 17, 1998).
pub fn newcombe(one: Proportion, other: Proportion) -> Interval {
    let (a, b) = (wilson(one), wilson(other));
    let value = a.value - b.value;
    let below = libm::hypot(a.value - a.low, b.high - b.value);
    let above = libm::hypot(a.high - a.value, b.value - b.low);
    Interval {
        value,
        low: value - below,
        high: value + above,
    }
}

/// How many times as much a proportion over groups of people varies as one over
/// independent visits: the design effect of Rao and Scott ("A simple method for
/// the analysis of clustered binary data", Biometrics 48, 1992). Not below 1.
/// `groups` are (buyers, visits) of every group of both sides, each side apart.
pub fn design_effect(sides: [&[Proportion]; 2]) -> f64 {
    let (mut clustered, mut binomial, mut freedom) = (0.0, 0.0, 0.0);
    for groups in sides {
        let filled = || groups.iter().filter(|(_, of)| *of > 0.0);
        let (with, of) = sum(filled());
        let count = filled().count() as f64;
        if count < 2.0 {
            continue;
        }
        let p = with / of;
        let squares = filled()
            .map(|(w, n)| libm::pow(w - p * n, 2.0))
            .sum::<f64>();
        clustered += squares * count / (count - 1.0);
        binomial += of * p * (1.0 - p);
        freedom += count - 1.0;
    }
    if binomial <= 0.0 || freedom < 4.0 {
        return 1.0;
    }
    (clustered / binomial).max(1.0)
}

/// The mean of a ratio over groups and its interval by the delta method (Deng,
/// Knoblich and Lu, "Applying the delta method in metric analytics", KDD 2018);
/// `groups` are (amount, visits).
pub fn ratio(groups: &[Proportion]) -> (f64, f64) {
    let filled = || groups.iter().filter(|(_, of)| *of > 0.0);
    let (amount, of) = sum(filled());
    let count = filled().count() as f64;
    if count < 2.0 {
        return (if of > 0.0 { amount / of } else { 0.0 }, f64::INFINITY);
    }
    let mean = amount / of;
    let squares = filled()
        .map(|(a, n)| libm::pow(a - mean * n, 2.0))
        .sum::<f64>();
    (mean, squares * count / (count - 1.0) / (of * of))
}

/// The difference of two ratios over groups.
pub fn ratio_difference(one: &[Proportion], other: &[Proportion]) -> Interval {
    let ((a, spread_a), (b, spread_b)) = (ratio(one), ratio(other));
    let filled = |groups: &[Proportion]| groups.iter().filter(|(_, of)| *of > 0.0).count();
    let freedom = (filled(one).min(filled(other)) as f64 - 1.0).max(1.0);
    let half = student(freedom) * libm::sqrt(spread_a + spread_b);
    Interval {
        value: a - b,
        low: a - b - half,
        high: a - b + half,
    }
}

/// The mean of paired differences and Student's interval of it.
pub fn paired(count: u32, sum: f64, squares: f64) -> Interval {
    let n = f64::from(count);
    if count < 2 {
        return Interval {
            value: if count == 1 { sum } else { 0.0 },
            low: f64::NEG_INFINITY,
            high: f64::INFINITY,
        };
    }
    let mean = sum / n;
    let variance = ((squares - n * mean * mean) / (n - 1.0)).max(0.0);
    let half = student(n - 1.0) * libm::sqrt(variance / n);
    Interval {
        value: mean,
        low: mean - half,
        high: mean + half,
    }
}

/// Pairs needed so that a change by half of `off` is found with 80 % probability
/// at 5 % false alarms, as much as pairs differed so far.
pub fn pairs_needed(count: u32, sum: f64, squares: f64, off: f64) -> f64 {
    let n = f64::from(count);
    let effect = (DETECTED * off).max(0.001);
    if count < 2 {
        return 0.0;
    }
    let variance = ((squares - sum * sum / n) / (n - 1.0)).max(0.0);
    let z = Z_95 + Z_POWER;
    libm::ceil(z * z * variance / (effect * effect))
}

/// 97.5 % quantile of Student's t: Abramowitz and Stegun 26.7.5, good to a
/// hundredth from four degrees of freedom on; below, their table 26.10.
pub fn student(freedom: f64) -> f64 {
    for (most, quantile) in [(1.0, 12.706), (2.0, 4.303), (3.0, 3.182)] {
        if freedom <= most {
            return quantile;
        }
    }
    let (z, v) = (Z_95, freedom);
    let (z3, z5, z7) = (z * z * z, libm::pow(z, 5.0), libm::pow(z, 7.0));
    z + (z3 + z) / (4.0 * v)
        + (5.0 * z5 + 16.0 * z3 + 3.0 * z) / (96.0 * v * v)
        + (3.0 * z7 + 19.0 * z5 + 17.0 * z3 - 15.0 * z) / (384.0 * v * v * v)
}

/// Visits needed on both sides together so that an effect of half as much again
/// is found with 80 % probability at 5 % false alarms, when `control` of the
/// visits without the offer end in a sale and `share` of all visits are without
/// it (Fleiss, Levin and Paik, "Statistical methods for rates and proportions",
/// 3rd edition, 4.14, without continuity correction).
pub fn visits_needed(control: Proportion, share: f64) -> u64 {
    let share = share.clamp(0.01, 0.99);
    let p1 = ((control.0 + GUESS.0) / (control.1 + GUESS.1)).clamp(0.001, 0.6);
    let p2 = p1 * (1.0 + DETECTED);
    let times = (1.0 - share) / share;
    let mean = (p1 + times * p2) / (1.0 + times);
    let under_none = Z_95 * libm::sqrt(mean * (1.0 - mean) * (1.0 + 1.0 / times));
    let under_some = Z_POWER * libm::sqrt(p1 * (1.0 - p1) + p2 * (1.0 - p2) / times);
    let without = libm::pow((under_none + under_some) / (p2 - p1), 2.0);
    libm::ceil(without / share) as u64
}

fn sum<'a>(groups: impl Iterator<Item = &'a Proportion>) -> Proportion {
    groups.fold((0.0, 0.0), |(a, b), (x, n)| (a + x, b + n))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(got: f64, expected: f64) -> bool {
        (got - expected).abs() < 0.000_1
    }

    #[test]
    fn newcombes_own_examples() {
        // Newcombe 1998, table II, method 10, without continuity correction.
        for (one, other, low, high) in [
            ((56.0, 70.0), (48.0, 80.0), 0.052_4, 0.333_9),
            ((9.0, 10.0), (3.0, 10.0), 0.170_5, 0.809_0),
            ((5.0, 56.0), (0.0, 29.0), -0.038_1, 0.192_6),
            ((0.0, 10.0), (0.0, 20.0), -0.161_1, 0.277_5),
        ] {
            let got = newcombe(one, other);
            assert!(close(got.low, low) && close(got.high, high), "{got:?}");
        }
    }

    #[test]
    fn students_quantiles() {
        for (freedom, expected) in [
            (1.0, 12.706),
            (2.0, 4.303),
            (3.0, 3.182),
            (4.0, 2.776),
            (9.0, 2.262),
            (15.0, 2.131),
            (30.0, 2.042),
        ] {
            let got = student(freedom);
            assert!((got - expected).abs() < 0.01, "{freedom}: {got}");
        }
    }

    #[test]
    fn groups_without_anybody_make_no_interval_narrower() {
        let one = [(4.0, 10.0), (6.0, 10.0), (5.0, 10.0)];
        let other = [(3.0, 10.0), (4.0, 10.0), (2.0, 10.0)];
        let few = ratio_difference(&one, &other);
        let padded = |three: [Proportion; 3]| {
            let mut all = [(0.0, 0.0); 16];
            all[..3].copy_from_slice(&three);
            all
        };
        assert_eq!(ratio_difference(&padded(one), &padded(other)), few);
        // Means of .5 and .3, each with a spread of a hundredth over three groups, and
        // Student's quantile of two degrees of freedom.
        let half = 4.303 * libm::sqrt(2.0 * 0.01 / 3.0);
        assert!(
            close(few.value, 0.2) && close(few.high, 0.2 + half),
            "{few:?}"
        );
    }

    #[test]
    fn groups_that_differ_more_than_chance_widen_the_interval() {
        let alike = [(10.0, 100.0); 16];
        assert!(close(design_effect([&alike, &alike]), 1.0));
        let mut apart = [(2.0, 100.0); 16];
        apart[..8].fill((18.0, 100.0));
        assert!(design_effect([&apart, &alike]) > 3.0);
        assert!(close(design_effect([&[], &[]]), 1.0));
    }

    #[test]
    fn samples_are_as_large_as_the_textbook_says() {
        // Fleiss: 0.2 against 0.3, equal sides: 293 each.
        assert_eq!(visits_needed((1_000_000.0, 5_000_000.0), 0.5), 587);
        // A tenth held out needs nearly three times as many.
        let tenth = visits_needed((1_000_000.0, 5_000_000.0), 0.1);
        assert!((1_500..1_700).contains(&tenth), "{tenth}");
        assert!(visits_needed((0.0, 0.0), 0.1) > 5_000);
    }
}
