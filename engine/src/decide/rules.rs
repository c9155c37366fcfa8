//! The rules in the order in which they are asked, and the choice.

use super::{
    Audience, Choice, Decision, Reason, Scene, Score, Standing, Verdict,
    audience::Seat,
    draw::{Chance, draw},
    guard,
    standing::{Stands, about_the_screen, about_the_shop, stands},
    worth,
};
use crate::{
    measure::held_out,
    plan::{Offer, OfferIx},
    shopper::ShopperId,
};

/// Decides for one screen.
pub fn decide(scene: &Scene<'_>, standing: &Standing) -> Choice {
    let mut judging = Judging::new(scene, standing.day);
    let mut scored = Vec::new();
    let mut waterfall = Vec::with_capacity(scene.plan.offers.len());
    for (at, offer) in scene.plan.offers.iter().enumerate() {
        let index = OfferIx(at as u16);
        let verdict = judging.verdict(index, offer, standing.of(index));
        if let Verdict::Scored(score) = verdict {
            scored.push((index, score.total()));
        }
        waterfall.push(verdict);
    }
    let chance = Chance::new(scene.seed, scene.screen, scene.now);
    let drawn = draw(&scored, scene.explore_permille, chance);
    let chosen = drawn.map(|drawn| scored[drawn.at].0);
    let held_out = std::mem::take(&mut judging.held_out);
    Choice {
        decision: Decision {
            screen: scene.screen,
            at: scene.now.mono,
            chosen,
            audience: judging.in_view(),
            propensity: drawn.map_or(1.0, |drawn| drawn.propensity),
            explored: drawn.is_some_and(|drawn| drawn.explored),
            waterfall,
        },
        shoppers: chosen.map_or_else(Vec::new, |offer| judging.shown_for(offer)),
        held_out,
    }
}

/// What becomes of one offer, by the very rules that [`decide`] asks.
pub fn verdict(scene: &Scene<'_>, index: OfferIx) -> Verdict {
    let (offer, day) = (&scene.plan.offers[index.at()], scene.day());
    let stands = stands(scene, index, offer, day);
    Judging::new(scene, day).verdict(index, offer, stands)
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
    // With traits: personalisation is agreed to at this moment too.
    let permitted = |s: &ShopperId| {
        let mut viewers = scene.viewers.iter();
        viewers.any(|v| v.permit.shopper() == *s && v.traits.is_some())
    };
    if offer.is_personal() && !shown_for.iter().any(permitted) {
        return Err(Reason::NoConsent);
    }
    Ok(())
}

/// One decision on its way through the offers.
struct Judging<'s, 'v> {
    scene: &'s Scene<'v>,
    audience: Audience<'v>,
    /// Everybody in view, as far as sensors tell.
    people: f32,
    /// Who would have been shown which offer but is held out.
    held_out: Vec<(ShopperId, OfferIx)>,
}

impl<'s, 'v> Judging<'s, 'v> {
    fn new(scene: &'s Scene<'v>, day: Option<i32>) -> Self {
        let seen_from = scene.seen_from();
        Self {
            scene,
            audience: Audience::new(scene, day),
            people: scene
                .context
                .crowd(scene.now.mono, scene.plan, seen_from, scene.visits),
            held_out: Vec::new(),
        }
    }

    /// Shoppers in view with a permit, and everybody else as far as sensors tell.
    fn in_view(&self) -> (u32, f32) {
        let shoppers = self.audience.len();
        (shoppers as u32, (self.people - shoppers as f32).max(0.0))
    }

    fn verdict(&mut self, index: OfferIx, offer: &Offer, stands: Stands) -> Verdict {
        let of_screen = about_the_screen(self.scene, offer).err();
        // Both say the first of their rules: the first of all is the lower one.
        let stopped = of_screen.into_iter().chain(stands.stopped).min();
        let worth = match stopped {
            Some(reason) => Err(reason),
            None => self.worth(index, offer),
        };
        match worth {
            Err(reason) => Verdict::Stopped(reason),
            Ok((reach, fatigue)) => Verdict::Scored(Score {
                value: f32::from(offer.priority),
                reach,
                fatigue,
                pacing: stands.pacing,
                learned: self.scene.learned.factor(index, self.scene.screen),
            }),
        }
    }

    /// Reach and fatigue of an offer that the rules about the shop let through.
    fn worth(&mut self, index: OfferIx, offer: &Offer) -> Result<(f32, f32), Reason> {
        match self.candidates(index, offer) {
            Ok(()) => {
                guard::crowd(self.scene, index, self.people)?;
                Ok(worth::of_audience(&mut self.audience, index))
            }
            Err(reason) => {
                let reach = worth::of_strangers(self.scene, &mut self.audience, offer);
                Ok((reach.ok_or(reason)?, 1.0))
            }
        }
    }

    /// Leaves those in the audience for whose sake the offer may be shown; the
    /// first rule that leaves nobody is the reason.
    fn candidates(&mut self, index: OfferIx, offer: &Offer) -> Result<(), Reason> {
        self.audience.ask(index)?;
        self.audience.keep(Reason::Cap, |seat| {
            let (visit, today) = seat.shown(index);
            let permit = &seat.viewer.permit;
            let most = permit.showings_per_day();
            visit < offer.cap.per_visit
                && today < offer.cap.per_day
                && most.is_none_or(|most| seat.shown_at_all() < most)
        })?;
        let held = &mut self.held_out;
        self.audience.keep(Reason::Holdout, |seat| {
            let out = held_out(offer, seat.shopper());
            if out {
                held.push((seat.shopper(), index));
            }
            !out
        })
    }

    /// For whose sake an offer that was drawn is shown.
    fn shown_for(&mut self, index: OfferIx) -> Vec<ShopperId> {
        let offer = &self.scene.plan.offers[index.at()];
        match self.candidates(index, offer) {
            Ok(()) => self.audience.left().map(Seat::shopper).collect(),
            Err(_) => Vec::new(),
        }
    }
}
