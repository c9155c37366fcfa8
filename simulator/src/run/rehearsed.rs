//! A recorded run with other offers comes out as it should.

use super::{
    Options,
    recorded::{moments, stage},
    run,
};
use crate::{faults::Allowed, small_shop};
use engine::{
    Effects,
    plan::{OfferIx, StorePlan},
    recording::Moment,
    replay::{Asked, CannotTell, Draw, OfferSum, Replay, Sums, WhatIf, estimate},
};
use protocol::id::OfferId;
use std::sync::{Arc, LazyLock};

static DAY: LazyLock<Vec<Moment>> = LazyLock::new(|| {
    let options = Options {
        seed: 5,
        shoppers: 150,
        customers: None,
        for_ms: 60 * 60_000,
        faults: Allowed::None,
        record_every_ms: Some(u64::MAX),
        planted: None,
    };
    let outcome = run(&stage(), &options, None);
    moments(&outcome.recording[0])
});

fn with(change: impl FnOnce(&mut StorePlan)) -> Arc<StorePlan> {
    let mut plan = small_shop::plan().as_ref().clone();
    change(&mut plan);
    Arc::new(plan)
}

fn what_if(plan: Option<&Arc<StorePlan>>) -> Sums {
    let mut what_if = WhatIf::begin(&DAY[0], plan).unwrap().unwrap();
    for moment in &DAY[1..] {
        what_if.take(moment).unwrap();
    }
    what_if.finish()
}

fn draws(plan: &Arc<StorePlan>) -> Vec<Draw> {
    let mut exact = Replay::begin(&DAY[0]).unwrap();
    let mut asked = Asked::begin(&DAY[0], plan).unwrap().unwrap();
    let mut effects = Effects::new();
    for moment in &DAY[1..] {
        exact.take(moment, &mut effects).unwrap();
        asked.take(moment, &effects).unwrap();
        effects.clear();
    }
    assert_eq!(exact.otherwise(), None);
    asked.draws().to_vec()
}

#[test]
fn offers_that_did_not_change_come_out_the_same() {
    let sums = what_if(None);
    assert!(sums.offers.values().map(|o| o.showings).sum::<i64>() > 5);
    assert_eq!(sums, what_if(Some(&with(|_| {}))));
}

fn most_shown(sums: &Sums) -> (OfferId, OfferSum) {
    let offers = sums.offers.iter();
    let most = offers.max_by_key(|(_, sum)| sum.painted_ms()).unwrap();
    (most.0.clone(), most.1.clone())
}

#[test]
fn an_offer_that_is_taken_away_is_shown_no_more() {
    let (gone, lost) = most_shown(&what_if(None));
    let plan = with(|plan| plan.offers.retain(|offer| offer.id != gone));
    let after = what_if(Some(&plan));
    assert!(lost.painted_ms() > 60_000);
    assert!(!after.offers.contains_key(&gone));
}

#[test]
fn a_stronger_newcomer_takes_the_time_of_what_is_like_it() {
    let (old, before) = most_shown(&what_if(None));
    let newcomer: OfferId = "a-newcomer".parse().unwrap();
    let plan = with(|plan| {
        let at = plan.offer(&old).unwrap();
        let mut offer = plan.offers[at.at()].clone();
        offer.id = newcomer.clone();
        offer.priority = 100;
        plan.offers[at.at()].priority = 1;
        plan.offers.insert(0, offer);
    });
    let after = what_if(Some(&plan));
    let (won, lost) = (&after.offers[&newcomer], &after.offers[&old]);
    assert!(won.painted_ms() > lost.painted_ms());
    assert!(lost.painted_ms() < before.painted_ms());
}

#[test]
fn a_budget_that_is_cut_is_kept_and_its_end_is_counted() {
    let before = what_if(None);
    let (id, _) = before
        .offers
        .iter()
        .max_by_key(|(_, s)| s.showings)
        .unwrap();
    let plan = with(|plan| {
        let at = plan.offer(id).unwrap();
        plan.offers[at.at()].budget.showings = 2;
    });
    let after = what_if(Some(&plan));
    assert_eq!(after.offers[id].showings, 2);
    assert!(after.offers[id].spent > 0 && before.offers[id].spent == 0);
}

#[test]
fn the_same_offers_asked_again_draw_what_they_drew_with_the_same_chances() {
    let draws = draws(&with(|_| {}));
    assert!(draws.len() >= 10, "{}", draws.len());
    let alike = draws.iter().filter(|draw| {
        let apart = (draw.target - draw.propensity).abs();
        apart < 1e-6 && (draw.overlap - 1.0).abs() < 1e-6
    });
    // The guard's window is looked at once a second here and live only while a
    // screen takes orders.
    let share = alike.count() as f64 / draws.len() as f64;
    assert!(share > 0.9, "{share}");
    assert!(draws.iter().any(|draw| draw.reward > 0.0));
}

#[test]
fn what_yesterday_never_showed_cannot_be_told() {
    let plan = with(|plan| {
        // A name that yesterday did not know, and nothing beside it.
        let mut offer = plan.offers[OfferIx(0).at()].clone();
        offer.id = "a-new-one".parse().unwrap();
        offer.conditions.clear();
        plan.offers = vec![offer];
    });
    let draws = draws(&plan);
    let told = estimate(&[draws.clone(), draws.clone(), draws].concat());
    assert!(
        matches!(
            told,
            Err(CannotTell::NoOverlap { .. } | CannotTell::FewEffective { .. })
        ),
        "{told:?}"
    );
}
