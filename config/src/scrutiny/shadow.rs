//! Offers that another always beats where they are meant to be seen.

use super::Finding;
use crate::{Expected, OfferTest, Shop};
use engine::{
    decide::{Decision, Verdict, rehearse_shop},
    plan::OfferIx,
};

/// Who won where an offer could have been shown.
struct Beaten<'t> {
    by: OfferIx,
    scores: (f32, f32),
    test: &'t OfferTest,
}

/// Tries every offer in the situations in which its own tests expect it.
pub(super) fn find(shop: &Shop) -> Vec<Finding> {
    let offers = (0..shop.plan.offers.len() as u16).map(OfferIx);
    offers.filter_map(|offer| look(shop, offer)).collect()
}

fn look(shop: &Shop, offer: OfferIx) -> Option<Finding> {
    let of_offer = shop.tests.iter().filter(|t| t.offer == offer);
    let expected: Vec<&OfferTest> = of_offer.filter(|t| t.expected == Expected::Shown).collect();
    if expected.is_empty() {
        return Some(Finding {
            kind: "untested",
            offer: shop.name(offer),
            other: None,
            what: "no [[test]] says when it is shown (shown = true): whether it can ever be seen \
                   was not tried"
                .to_owned(),
        });
    }
    let mut beaten = Vec::new();
    for test in &expected {
        let decision = rehearse_shop(&shop.plan, offer, &test.situation)?;
        beaten.push(outcome(&decision, offer, test)?);
    }
    let first = &beaten[0];
    let (by, winner) = (shop.name(first.by), &shop.plan.offers[first.by.at()]);
    let others = beaten.iter().filter(|b| b.by != first.by).count();
    let and_others = if others > 0 { " or another" } else { "" };
    let (score, top) = first.scores;
    let what = format!(
        "it is never chosen in the {} situations of its own tests: \u{201c}{}\u{201d} ({by}){and_others} scores \
         higher, such as in \u{201c}{}\u{201d} ({top:.0} against {score:.0}); it is seen only by those \
         who have had the other as often as they may, or are held out from it. Raise its \
         priority, or narrow the other",
        beaten.len(),
        winner.title,
        first.test.name,
    );
    Some(Finding {
        kind: "shadowed",
        offer: shop.name(offer),
        other: Some(by),
        what,
    })
}

/// Who beat the offer; nothing when it won, or was stopped and so beaten by nobody.
fn outcome<'t>(decision: &Decision, offer: OfferIx, test: &'t OfferTest) -> Option<Beaten<'t>> {
    let by = decision.chosen.filter(|chosen| *chosen != offer)?;
    match decision.waterfall[offer.at()] {
        Verdict::Scored(score) => Some(Beaten {
            by,
            scores: (score.total(), decision.total()),
            test,
        }),
        Verdict::Stopped(_) => None,
    }
}
