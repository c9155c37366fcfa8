//! Who is assigned to what: always the same, in the shares that were asked for,
//! and moved by a change of shares only where it says.

use crate::shop::plan;
use engine::{
    measure::held_out,
    plan::{Offer, TrialArm},
    shopper::ShopperId,
    trial::{BUCKETS, Unit, arm_of, bucket_of, is_on, let_in},
};
use proptest::prelude::*;
use protocol::id::ScreenId;

fn offer(name: &str, shares: &[u8]) -> Offer {
    let mut offer = plan::offer(name, &["holdout=100"]);
    let arms = shares.iter().enumerate();
    offer.trial.arms = arms
        .map(|(at, share)| TrialArm {
            name: format!("arm-{at}"),
            share: *share,
            creative: None,
        })
        .collect();
    offer
}

fn arm(offer: &Offer, shopper: u64) -> usize {
    let arm = arm_of(offer, Unit::Shopper(ShopperId(shopper)));
    usize::from(arm.expect("the offer has arms"))
}

fn screen() -> ScreenId {
    "middle".parse().unwrap()
}

/// Whoever changes a hash shuffles every trial that goes on: never edit these.
#[test]
fn assignments_are_what_they_were_when_they_were_first_made() {
    let tea = offer("tea", &[1, 2, 1]);
    let shoppers = (1..=24).map(ShopperId);
    let told: Vec<String> = shoppers
        .map(|id| {
            let out = if held_out(&tea, id) { "out" } else { "in" };
            let inside = let_in(&tea, Unit::Shopper(id), 250);
            let ramp = if inside { "first" } else { "later" };
            format!("{out} {} {ramp} {}", arm(&tea, id.0), bucket_of(&tea, id))
        })
        .collect();
    assert_eq!(told, GOLDEN_SHOPPERS);
    let blocks: String = (0..32)
        .map(|block| {
            if is_on(&tea, &screen(), block) {
                '#'
            } else {
                '.'
            }
        })
        .collect();
    assert_eq!(blocks, GOLDEN_BLOCKS);
}

const GOLDEN_SHOPPERS: [&str; 24] = [
    "in 1 later 11",
    "in 1 later 1",
    "in 2 later 8",
    "in 1 later 4",
    "in 1 later 11",
    "in 2 later 5",
    "in 0 first 12",
    "in 1 first 2",
    "in 2 later 1",
    "in 0 later 8",
    "in 1 later 13",
    "in 2 later 4",
    "in 1 first 2",
    "out 1 later 5",
    "in 2 first 14",
    "in 2 later 8",
    "in 1 later 2",
    "in 1 later 13",
    "in 1 later 13",
    "in 1 first 6",
    "in 2 later 14",
    "in 1 later 11",
    "in 0 first 8",
    "in 2 later 8",
];

const GOLDEN_BLOCKS: &str = ".##.#.#.#.#..##.#..#.##..##..#.#";

#[test]
fn shares_are_what_was_asked_for() {
    let tea = offer("tea", &[1, 2, 5]);
    let shoppers = 40_000_u64;
    let (mut arms, mut groups) = ([0_u32; 3], [0_u32; BUCKETS as usize]);
    let (mut out, mut early, mut both) = (0_u32, 0_u32, 0_u32);
    for shopper in 0..shoppers {
        let id = ShopperId(shopper);
        arms[arm(&tea, shopper)] += 1;
        groups[usize::from(bucket_of(&tea, id))] += 1;
        let (is_out, is_early) = (held_out(&tea, id), let_in(&tea, Unit::Shopper(id), 250));
        out += u32::from(is_out);
        early += u32::from(is_early);
        both += u32::from(is_out && is_early);
    }
    // Five standard deviations: once in two million such tests.
    let fits = |count: u32, share: f64| {
        let n = shoppers as f64;
        let deviation = (n * share * (1.0 - share)).sqrt();
        (f64::from(count) - n * share).abs() < 5.0 * deviation
    };
    for (count, parts) in arms.into_iter().zip([1.0, 2.0, 5.0]) {
        assert!(fits(count, parts / 8.0), "{arms:?}");
    }
    assert!(groups.into_iter().all(|count| fits(count, 1.0 / 16.0)));
    assert!(fits(out, 0.1) && fits(early, 0.25), "{out} {early}");
    assert!(
        fits(both, 0.025),
        "who is held out and who is first: {both}"
    );
}

#[test]
fn a_pair_of_blocks_is_once_on_and_once_off_and_which_is_a_coin() {
    let tea = offer("tea", &[]);
    let on = |block| is_on(&tea, &screen(), block);
    let pairs = -500..500_i64;
    assert!(pairs.clone().all(|pair| on(2 * pair) != on(2 * pair + 1)));
    let first = pairs.filter(|pair| on(2 * pair)).count();
    assert!((420..580).contains(&first), "{first}");
}

proptest! {
    #[test]
    fn raising_a_share_moves_shoppers_into_that_arm_and_nowhere_else(
        shares in prop::collection::vec(1..20_u8, 2..=4),
        raised in 0..4_usize,
        by in 1..20_u8,
        from in any::<u32>(),
    ) {
        let raised = raised % shares.len();
        let mut more = shares.clone();
        more[raised] += by;
        let (before, after) = (offer("tea", &shares), offer("tea", &more));
        for shopper in 0..200 {
            let shopper = u64::from(from) + shopper;
            let (was, is) = (arm(&before, shopper), arm(&after, shopper));
            prop_assert!(is == was || is == raised, "{was} {is}");
        }
    }

    #[test]
    fn an_arm_that_goes_takes_only_its_own_shoppers_along(
        shares in prop::collection::vec(1..20_u8, 3..=4),
        gone in 0..4_usize,
    ) {
        let gone = gone % shares.len();
        let before = offer("tea", &shares);
        let mut after = before.clone();
        after.trial.arms.remove(gone);
        for shopper in 0..200 {
            let was = &before.trial.arms[arm(&before, shopper)].name;
            let is = &after.trial.arms[arm(&after, shopper)].name;
            prop_assert!(was == is || *was == format!("arm-{gone}"), "{was} {is}");
        }
    }

    #[test]
    fn a_ramp_that_rises_lets_nobody_out(
        low in 0..1_000_u16,
        more in 0..1_000_u16,
        shopper in any::<u64>(),
        block in any::<i32>(),
    ) {
        let (tea, screen) = (offer("tea", &[]), screen());
        let high = (low + more).min(1_000);
        for unit in [
            Unit::Shopper(ShopperId(shopper)),
            Unit::Block(&screen, i64::from(block)),
        ] {
            prop_assert!(!let_in(&tea, unit, low) || let_in(&tea, unit, high));
            prop_assert!(let_in(&tea, unit, 1_000) && !let_in(&tea, unit, 0));
        }
    }
}
