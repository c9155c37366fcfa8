//! The rules in the order in which they are asked, and the choice.

use super::{
    Choice, Decision, Reason, Scene, Standing, Verdict,
    draw::{Chance, draw},
    judging::Judging,
    standing::{about_the_screen, about_the_shop},
};
use crate::{
    plan::OfferIx,
    shopper::{Purpose, ShopperId},
    trial::{self, RampState},
};

/// Decides for one screen.
pub fn decide(scene: &Scene<'_>, standing: &Standing) -> Choice {
    let mut judging = Judging::new(scene, standing);
    let scored = judging.judge();
    let chance = Chance::new(scene.seed, scene.screen, scene.now);
    let drawn = draw(&scored, scene.explore_permille, chance);
    let chosen = drawn.map(|drawn| scored[drawn.at].0);
    Choice {
        arm: chosen.and_then(|offer| judging.arm(offer)),
        shoppers: chosen.map_or_else(Vec::new, |offer| judging.shown_for(offer)),
        reached: judging.reached(),
        ranked: judging.ranked(),
        decision: Decision {
            screen: scene.screen,
            at: scene.now.mono,
            chosen,
            audience: judging.in_view(),
            propensity: drawn.map_or(1.0, |drawn| drawn.propensity),
            explored: drawn.is_some_and(|drawn| drawn.explored),
            waterfall: judging.waterfall(),
        },
    }
}

/// What becomes of one offer, by the very rules that [`decide`] asks.
pub fn verdict(scene: &Scene<'_>, index: OfferIx) -> Verdict {
    let standing = Standing::only(scene, index);
    let mut judging = Judging::new(scene, &standing);
    judging.judge();
    judging.waterfall()[index.at()]
}

/// Whether a picture that is on the glass may stay: the rules about the shop
/// around, and for a personal offer at least one of those it was shown for.
pub fn still_right(
    scene: &Scene<'_>,
    index: OfferIx,
    shown_for: &[ShopperId],
) -> Result<(), Reason> {
    let offer = &scene.plan.offers[index.at()];
    about_the_screen(scene, offer)?;
    about_the_shop(scene, offer)?;
    if trial::is_reverted(offer, ramp(scene, index)) {
        return Err(Reason::Reverted);
    }
    // Asked of those who left, too: a picture that went with somebody would say
    // for whom it was.
    let permitted = |s: &ShopperId| {
        let mut purposes = [Purpose::InStoreOffers, Purpose::Personalisation].into_iter();
        purposes.all(|purpose| scene.consents.permit(*s, purpose, scene.now).is_some())
    };
    if offer.is_personal() && !shown_for.iter().any(permitted) {
        return Err(Reason::NoConsent);
    }
    Ok(())
}

/// How far an offer is let loose, if it is let loose step by step.
pub(super) fn ramp<'s>(scene: &Scene<'s>, index: OfferIx) -> Option<&'s RampState> {
    let spec = scene.plan.offers[index.at()].trial.ramp.as_ref();
    let trial = spec.and_then(|_| scene.tallies.trial(index));
    trial.map(|trial| &trial.ramp)
}
