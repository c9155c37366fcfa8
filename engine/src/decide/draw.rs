//! Which of the offers that could be shown is shown: nearly always the one that
//! scores highest, now and then any of them, so that what is rarely shown can
//! be learned about. Every draw is a keyed hash, and its probability is known.

use crate::{
    Seed,
    plan::{OfferIx, ScreenIx},
    time::Now,
};
use core::hash::Hasher as _;
use siphasher::sip::SipHasher13;

/// An offer that could be shown, and its score.
pub(super) type Scored = (OfferIx, f32);

/// What was drawn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Drawn {
    /// Which of the offers, by place in the list.
    pub(super) at: usize,
    /// With what probability exactly this one is drawn.
    pub(super) propensity: f32,
    /// Whether it was drawn although another scores higher.
    pub(super) explored: bool,
}

/// Draws one of these; `None` of none. The list is in the order of the plan,
/// and so the same whatever the order of files.
pub(super) fn draw(scored: &[Scored], explore_permille: u16, chance: Chance) -> Option<Drawn> {
    let top = top(scored)?;
    let ties = scored.iter().filter(|(_, score)| *score >= top).count();
    let explores = chance.below(0, 1_000) < usize::from(explore_permille);
    let at = if explores {
        chance.below(1, scored.len())
    } else {
        let nth = chance.below(2, ties);
        let mut best = (0..scored.len()).filter(|i| scored[*i].1 >= top);
        best.nth(nth).expect("there are as many as were counted")
    };
    Some(Drawn {
        at,
        propensity: propensity(scored, explore_permille, at),
        explored: scored[at].1 < top,
    })
}

/// With what probability each of these is drawn.
pub(super) fn chances(scored: &[Scored], explore_permille: u16) -> Vec<(OfferIx, f32)> {
    let places = scored.iter().enumerate();
    places
        .map(|(at, (offer, _))| (*offer, propensity(scored, explore_permille, at)))
        .collect()
}

/// With what probability the offer at this place is drawn.
pub(super) fn propensity(scored: &[Scored], explore_permille: u16, at: usize) -> f32 {
    let top = top(scored).unwrap_or_default();
    let ties = scored.iter().filter(|(_, score)| *score >= top).count();
    let explored = f32::from(explore_permille) / 1_000.0;
    let best = if scored[at].1 >= top {
        (1.0 - explored) / ties as f32
    } else {
        0.0
    };
    best + explored / scored.len() as f32
}

fn top(scored: &[Scored]) -> Option<f32> {
    scored.iter().map(|(_, score)| *score).reduce(f32::max)
}

/// The chance of one decision: the same for the same seed, screen and moment.
#[derive(Debug, Clone, Copy)]
pub(super) struct Chance(SipHasher13);

impl Chance {
    pub(super) fn new(seed: Seed, screen: ScreenIx, now: Now) -> Self {
        let mut hasher = SipHasher13::new_with_keys(seed.0, 0x6472_6177);
        hasher.write_u8(screen.0);
        hasher.write_u64(now.mono.0);
        // After a restart `mono` begins anew; the date does not.
        hasher.write_i64(now.wall.known().map_or(0, |wall| wall.0));
        Self(hasher)
    }

    /// The `nth` number of this decision, evenly below `bound`.
    fn below(self, nth: u8, bound: usize) -> usize {
        let mut hasher = self.0;
        hasher.write_u8(nth);
        // Multiply-shift maps the hash evenly onto 0..bound.
        ((u128::from(hasher.finish()) * bound as u128) >> 64) as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::{Mono, Wall};
    use proptest::prelude::*;

    fn chance(at: u64) -> Chance {
        let now = Now {
            mono: Mono(at),
            wall: Wall::Unsynced,
        };
        Chance::new(Seed(7), ScreenIx(0), now)
    }

    fn scored(scores: &[f32]) -> Vec<Scored> {
        let each = scores.iter().enumerate();
        each.map(|(i, score)| (OfferIx(i as u16), *score)).collect()
    }

    #[test]
    fn what_is_drawn_how_often_is_what_is_said() {
        let offers = scored(&[3.0, 8.0, 8.0, 1.0]);
        let (mut counts, draws) = ([0_u32; 4], 40_000);
        for at in 0..draws {
            counts[draw(&offers, 100, chance(at)).unwrap().at] += 1;
        }
        for (at, count) in counts.into_iter().enumerate() {
            let expected = propensity(&offers, 100, at);
            let got = count as f32 / draws as f32;
            assert!((got - expected).abs() < 0.01, "{at}: {got} {expected}");
        }
        assert_eq!(draw(&[], 100, chance(1)), None);
    }

    #[test]
    fn nothing_is_explored_unless_it_may_be() {
        let offers = scored(&[3.0, 8.0]);
        for at in 0..1_000 {
            let drawn = draw(&offers, 0, chance(at)).unwrap();
            assert_eq!((drawn.at, drawn.explored), (1, false));
        }
    }

    proptest! {
        #[test]
        fn propensities_add_up_to_one(
            scores in prop::collection::vec(prop_oneof![Just(5.0_f32), 0.0..100.0_f32], 1..40),
            explore in 0..=200_u16,
        ) {
            let offers = scored(&scores);
            let sum: f32 = (0..offers.len()).map(|at| propensity(&offers, explore, at)).sum();
            prop_assert!((sum - 1.0).abs() < 1e-4, "{sum}");
        }
    }
}
