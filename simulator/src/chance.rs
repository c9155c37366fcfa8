//! The only source of chance: one stream per concern, all drawn from one seed,
//! so that switching faults on does not change where people walk.

use rand::Rng as _;
use rand_distr::{Distribution as _, Exp1, StandardNormal};
use rand_pcg::Pcg64;

/// What a stream of chance is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Concern {
    /// Who the customers are and what they agreed to.
    Population = 1,
    /// Who comes when.
    Arrivals,
    /// What people want and how they walk.
    Walks,
    /// What people look at and buy.
    Trade,
    /// What the radio does.
    Radio,
    /// How the shop's walls and shelves shape the radio.
    Shadows,
    /// What sensors say.
    Sensors,
    /// How screens behave.
    Screens,
    /// How long messages and disks take.
    Delays,
    /// Which faults there are.
    FaultPlan,
    /// When and whom they hit.
    Faults,
    /// Who changes their mind about consent.
    Minds,
    /// Which moments a resample is made of.
    Resampling,
    /// What scanners send, and how it is heard.
    Posts,
    /// The tag that somebody calibrates with: where it is, and how it is heard.
    Tag,
    /// Constants of the filter, to choose among.
    Tuning,
    /// When the disk is full, how badly and for how long.
    Room,
}

/// One stream.
#[derive(Debug, Clone)]
pub struct Chance(Pcg64);

impl Chance {
    /// The stream of this concern.
    pub fn new(seed: u64, concern: Concern) -> Self {
        // PCG wants states that differ in many bits; consecutive seeds do not.
        let spread = u128::from(seed.wrapping_add(1))
            .wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835);
        Self(Pcg64::new(spread, concern as u128))
    }

    /// 64 random bits.
    pub fn bits(&mut self) -> u64 {
        self.0.next_u64()
    }

    /// From 0 up to but not including 1.
    pub fn unit(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// True with this probability.
    pub fn happens(&mut self, probability: f64) -> bool {
        self.unit() < probability
    }

    /// From `low` up to but not including `high`.
    pub fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.unit()
    }

    /// From 0 up to but not including `n`; 0 when `n` is 0.
    pub fn below(&mut self, n: u64) -> u64 {
        ((u128::from(self.bits()) * u128::from(n)) >> 64) as u64
    }

    /// An index of a list of this length; 0 when it is empty.
    pub fn index(&mut self, len: usize) -> usize {
        self.below(len as u64) as usize
    }

    /// One of a list that is not empty.
    pub fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.index(items.len())]
    }

    /// An index drawn by weight; `None` when all weights are 0.
    pub fn weighted(&mut self, weights: &[f64]) -> Option<usize> {
        let total: f64 = weights.iter().sum();
        let mut left = self.unit() * total;
        let last = weights.iter().rposition(|w| *w > 0.0)?;
        for (i, weight) in weights.iter().enumerate() {
            left -= weight;
            if left < 0.0 {
                return Some(i);
            }
        }
        Some(last)
    }

    /// Normal with mean 0 and deviation 1.
    pub fn normal(&mut self) -> f32 {
        StandardNormal.sample(&mut self.0)
    }

    /// Exponential with this mean.
    pub fn wait(&mut self, mean: f64) -> f64 {
        let one: f64 = Exp1.sample(&mut self.0);
        one * mean
    }

    /// Random bytes.
    pub fn bytes<const N: usize>(&mut self) -> [u8; N] {
        let mut bytes = [0; N];
        self.0.fill_bytes(&mut bytes);
        bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streams_of_one_seed_differ_and_repeat() {
        let draw = |seed, concern| Chance::new(seed, concern).bits();
        assert_eq!(draw(1, Concern::Walks), draw(1, Concern::Walks));
        assert_ne!(draw(1, Concern::Walks), draw(1, Concern::Radio));
        assert_ne!(draw(1, Concern::Walks), draw(2, Concern::Walks));
    }

    #[test]
    fn a_weighted_draw_follows_the_weights() {
        let mut chance = Chance::new(7, Concern::Walks);
        let mut drawn = [0_u32; 3];
        for _ in 0..10_000 {
            drawn[chance.weighted(&[1.0, 0.0, 3.0]).unwrap()] += 1;
        }
        assert_eq!(drawn[1], 0);
        assert!((7_300..7_700).contains(&drawn[2]), "{drawn:?}");
        assert_eq!(chance.weighted(&[0.0]), None);
    }
}
