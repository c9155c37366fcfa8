//! What other offers would have brought, from what yesterday's draws brought:
//! off-policy evaluation by self-normalised inverse propensity weighting.
//!
//! Each draw of yesterday counts with weight `w = target / propensity`: how
//! likely the other offers would have drawn the same, over how likely
//! yesterday's drew it.
//!
//! ```text
//! IPS    = sum(w r) / n          Horvitz and Thompson, JASA 47 (1952)
//! SNIPS  = sum(w r) / sum(w)     Swaminathan and Joachims, NeurIPS 2015
//! n_eff  = sum(w)^2 / sum(w^2)   Owen, Monte Carlo theory, methods and examples, ch. 9.3
//! ```
//!
//! The interval is that of a ratio by the delta method (Owen, eq. 9.9), with
//! squares summed over blocks, since draws on one screen within one hour see
//! the same people.

use std::collections::BTreeMap;

/// Weights are cut here. With yesterday's exploring at 5 % among up to five
/// offers no weight is above it, so nothing is cut; where more compete it
/// trades a little bias for an interval that means something (Ionides, J.
/// Comput. Graph. Stat. 17, 2008). How many were cut is told.
pub const WEIGHT_MAX: f64 = 100.0;
/// Fewer draws than this, or than this after weighing, say nothing: the normal
/// approximation is not to be trusted.
pub const DRAWS_MIN: usize = 30;
/// Share of what the other offers would draw that yesterday could have drawn.
/// Below, the rest would be guessed.
pub const OVERLAP_MIN: f64 = 0.95;
/// Fewer blocks give no idea of how much they differ.
const BLOCKS_MIN: usize = 5;
/// Two-sided 95 %.
const Z: f64 = 1.959_963_985;

/// One draw of yesterday.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Draw {
    /// With what probability yesterday's offers drew it.
    pub propensity: f64,
    /// With what probability the other offers would have.
    pub target: f64,
    /// How much of what the other offers would draw here yesterday's could have.
    pub overlap: f64,
    /// What it brought.
    pub reward: f64,
    /// What it has in common with others: screen and hour.
    pub block: u32,
}

/// What the other offers would have brought, per draw.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize)]
pub struct Estimate {
    /// Draws it is made from.
    pub draws: usize,
    /// What yesterday's brought, on average.
    pub yesterday: f64,
    /// Self-normalised estimate.
    pub snips: f64,
    /// Plain estimate, to compare: far apart means few draws carry it.
    pub ips: f64,
    /// Lower end of the 95 % interval of `snips`.
    pub low: f64,
    /// Upper end.
    pub high: f64,
    /// How many draws it is worth after weighing.
    pub effective: f64,
    /// Draws whose weight was cut at [`WEIGHT_MAX`].
    pub clipped: usize,
    /// Share of what the other offers would draw that yesterday could have drawn.
    pub overlap: f64,
}

/// Why nothing can be told.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CannotTell {
    /// Too few draws.
    FewDraws {
        /// How many there were.
        draws: usize,
    },
    /// The other offers would draw what yesterday never could have.
    NoOverlap {
        /// Share that yesterday could have drawn, 0 to 1.
        overlap: f64,
    },
    /// Hardly any draw of yesterday's is one that the other offers would make.
    FewEffective {
        /// How many draws those that are come to.
        effective: f64,
    },
}

/// Estimates what other offers would have brought, or says why it cannot.
pub fn estimate(draws: &[Draw]) -> Result<Estimate, CannotTell> {
    let count = draws.len();
    if count < DRAWS_MIN {
        return Err(CannotTell::FewDraws { draws: count });
    }
    let n = count as f64;
    let overlap = draws.iter().map(|d| d.overlap).sum::<f64>() / n;
    if overlap < OVERLAP_MIN {
        return Err(CannotTell::NoOverlap { overlap });
    }
    let raw = |d: &Draw| d.target / d.propensity.max(f64::MIN_POSITIVE);
    let weight = |d: &Draw| raw(d).min(WEIGHT_MAX);
    let sum: f64 = draws.iter().map(weight).sum();
    let squares: f64 = draws.iter().map(|d| weight(d) * weight(d)).sum();
    let effective = if squares > 0.0 {
        sum * sum / squares
    } else {
        0.0
    };
    let blocks = draws.iter().map(|d| (d.block, 0.0));
    let mut blocks: BTreeMap<u32, f64> = blocks.collect();
    if effective < DRAWS_MIN as f64 || blocks.len() < BLOCKS_MIN {
        return Err(CannotTell::FewEffective { effective });
    }
    let brought: f64 = draws.iter().map(|d| weight(d) * d.reward).sum();
    let snips = brought / sum;
    for draw in draws {
        let apart = weight(draw) * (draw.reward - snips);
        *blocks.entry(draw.block).or_default() += apart;
    }
    let half = half_width(&blocks, sum);
    Ok(Estimate {
        draws: count,
        yesterday: draws.iter().map(|d| d.reward).sum::<f64>() / n,
        snips,
        ips: brought / n,
        low: snips - half,
        high: snips + half,
        effective,
        clipped: draws.iter().filter(|d| raw(d) > WEIGHT_MAX).count(),
        overlap,
    })
}

/// Half the width of the interval. Student's quantile for so many blocks by
/// the first term of its expansion (Abramowitz and Stegun, 26.7.5).
fn half_width(blocks: &BTreeMap<u32, f64>, sum: f64) -> f64 {
    let freedom = (blocks.len() - 1) as f64;
    let quantile = Z + (Z * Z * Z + Z) / (4.0 * freedom);
    let squares: f64 = blocks.values().map(|apart| apart * apart).sum();
    let correction = blocks.len() as f64 / freedom;
    quantile * libm::sqrt(squares * correction) / sum
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A shop whose every draw is known: three kinds of moments, four offers,
    /// and what each brings in each is a number between 0 and twice its mean.
    const MEANS: [[f64; 4]; 3] = [
        [1.0, 2.0, 0.5, 3.0],
        [4.0, 1.0, 2.0, 0.0],
        [0.0, 5.0, 1.0, 2.0],
    ];
    /// What yesterday's offers draw nearly always, and what the others would.
    const YESTERDAY: [usize; 3] = [0, 1, 2];
    const OTHER: [usize; 3] = [3, 0, 1];
    const EXPLORE: f64 = 0.2;

    /// Numbers between 0 and 1, always the same (Steele, Lea, Flood, 2014).
    struct Numbers(u64);

    impl Numbers {
        fn next(&mut self) -> f64 {
            self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mut z = self.0;
            z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            (z ^ (z >> 31)) as f64 / u64::MAX as f64
        }

        fn below(&mut self, count: usize) -> usize {
            ((self.next() * count as f64) as usize).min(count - 1)
        }
    }

    fn chance(favourite: usize, offer: usize) -> f64 {
        EXPLORE / 4.0
            + if offer == favourite {
                1.0 - EXPLORE
            } else {
                0.0
            }
    }

    fn truth() -> f64 {
        let of = |kind: usize| -> f64 {
            let offers = 0..4;
            offers
                .map(|o| chance(OTHER[kind], o) * MEANS[kind][o])
                .sum()
        };
        (0..3).map(of).sum::<f64>() / 3.0
    }

    fn yesterday(seed: u64, draws: usize) -> Vec<Draw> {
        let mut numbers = Numbers(seed.wrapping_mul(0x1234_5678_9abc_def1));
        let draw = |at: usize| {
            let kind = numbers.below(3);
            let explores = numbers.next() < EXPLORE;
            let any = numbers.below(4);
            let offer = if explores { any } else { YESTERDAY[kind] };
            Draw {
                propensity: chance(YESTERDAY[kind], offer),
                target: chance(OTHER[kind], offer),
                overlap: 1.0,
                reward: 2.0 * numbers.next() * MEANS[kind][offer],
                block: (at % 40) as u32,
            }
        };
        (0..draws).map(draw).collect()
    }

    #[test]
    fn the_interval_holds_the_truth_nineteen_times_of_twenty() {
        let (truth, mut held) = (truth(), 0);
        for seed in 1..=400 {
            let told = estimate(&yesterday(seed, 2_000)).unwrap();
            held += usize::from((told.low..=told.high).contains(&truth));
            assert!(told.clipped == 0 && told.effective < 2_000.0);
            // It is news: what yesterday brought is far from it.
            assert!(told.low > told.yesterday, "{told:?}");
        }
        assert!((364..=396).contains(&held), "{held} of 400 hold {truth}");
    }

    #[test]
    fn the_same_offers_would_have_brought_what_they_brought() {
        let same = yesterday(1, 500).into_iter();
        let same: Vec<Draw> = same
            .map(|d| Draw {
                target: d.propensity,
                ..d
            })
            .collect();
        let told = estimate(&same).unwrap();
        assert!((told.snips - told.yesterday).abs() < 1e-9);
        assert!((told.effective - 500.0).abs() < 1e-6);
    }

    #[test]
    fn what_yesterday_never_drew_cannot_be_told() {
        let without = yesterday(1, 500)
            .into_iter()
            .map(|d| Draw { overlap: 0.4, ..d });
        let told = estimate(&without.collect::<Vec<_>>());
        let Err(CannotTell::NoOverlap { overlap }) = told else {
            panic!("{told:?}");
        };
        assert!((overlap - 0.4).abs() < 1e-9);
        let few = estimate(&yesterday(1, 29));
        assert_eq!(few, Err(CannotTell::FewDraws { draws: 29 }));
        let never = yesterday(1, 500)
            .into_iter()
            .map(|d| Draw { target: 0.0, ..d });
        let told = estimate(&never.collect::<Vec<_>>());
        assert_eq!(told, Err(CannotTell::FewEffective { effective: 0.0 }));
    }
}
