//! The rules in the order in which they are asked, and the choice.

use super::{
    Audience, Choice, Decision, Reached, Reason, Scene, Score, Standing, Verdict,
    audience::Seat,
    blind::Blind,
    card::Card,
    draw::{Chance, draw},
    guard::Guard,
    limits,
    standing::{Stands, about_the_screen, about_the_shop, stands},
    worth,
};
use crate::{
    plan::OfferIx,
    shopper::{Purpose, ShopperId},
    trial::{self, RampState, Unit},
};

/// Decides for one screen.
pub fn decide(scene: &Scene<'_>, standing: &Standing) -> Choice {
    let mut judging = Judging::new(scene, standing.day);
    let mut scored = Vec::with_capacity(scene.plan.offers.len());
    let mut waterfall = Vec::with_capacity(scene.plan.offers.len());
    for (at, card) in scene.book.cards().iter().enumerate() {
        let index = OfferIx(at as u16);
        let verdict = judging.verdict(index, card, standing.of(index));
        if let Verdict::Scored(score) = verdict {
            scored.push((index, score.total()));
        }
        waterfall.push(verdict);
    }
    let chance = Chance::new(scene.seed, scene.screen, scene.now);
    let drawn = draw(&scored, scene.explore_permille, chance);
    let chosen = drawn.map(|drawn| scored[drawn.at].0);
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
        arm: chosen.and_then(|offer| judging.arm(offer)),
        shoppers: chosen.map_or_else(Vec::new, |offer| judging.shown_for(offer)),
        reached: judging.reached(),
    }
}

/// What becomes of one offer, by the very rules that [`decide`] asks.
pub fn verdict(scene: &Scene<'_>, index: OfferIx) -> Verdict {
    let (offer, day) = (&scene.plan.offers[index.at()], scene.day());
    let stands = stands(scene, index, offer, day);
    let card = &scene.book.cards()[index.at()];
    Judging::new(scene, day).verdict(index, card, stands)
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

/// One decision on its way through the offers.
struct Judging<'s, 'v> {
    scene: &'s Scene<'v>,
    audience: Audience<'v>,
    guard: Guard<'v>,
    /// Everybody in view, as far as sensors tell.
    people: f32,
    /// What would be shown if nobody were assigned to anything.
    blind: Blind,
}

impl<'s, 'v> Judging<'s, 'v> {
    fn new(scene: &'s Scene<'v>, day: Option<i32>) -> Self {
        let seen_from = scene.seen_from();
        Self {
            scene,
            audience: Audience::new(scene, day),
            guard: Guard::new(scene),
            people: scene
                .context
                .crowd(scene.now.mono, scene.plan, seen_from, scene.visits),
            blind: Blind::default(),
        }
    }

    /// Shoppers in view with a permit, and everybody else as far as sensors tell.
    fn in_view(&self) -> (u32, f32) {
        let shoppers = self.audience.len();
        (shoppers as u32, (self.people - shoppers as f32).max(0.0))
    }

    fn verdict(&mut self, index: OfferIx, card: &Card, stands: Stands) -> Verdict {
        // Both say the first of their rules: the first of all is the lower one.
        let stopped = match (self.of_screen(index, card).err(), stands.stopped) {
            (Some(screen), Some(shop)) => Some(screen.min(shop)),
            (screen, shop) => screen.or(shop),
        };
        match stopped.map_or_else(|| self.worth(index, card, stands.pacing), Err) {
            Ok(score) => Verdict::Scored(score),
            Err(reason) => Verdict::Stopped(reason),
        }
    }

    fn of_screen(&self, index: OfferIx, card: &Card) -> Result<(), Reason> {
        if !card.screens.is_empty() && !card.screens.has(self.scene.screen.0) {
            return Err(Reason::OtherScreen);
        }
        if !card.asks_screen {
            return Ok(());
        }
        let offer = &self.scene.plan.offers[index.at()];
        about_the_screen(self.scene, offer)?;
        limits::of_screen(self.scene, offer)
    }

    /// The score of an offer that the rules about the shop let through.
    fn worth(&mut self, index: OfferIx, card: &Card, pacing: f32) -> Result<Score, Reason> {
        if card.is_personal {
            self.guard.turn(self.scene, index)?;
        }
        let fresh = Score {
            value: card.value,
            reach: 0.0,
            fatigue: 1.0,
            pacing,
            learned: self.scene.learned.factor(index, self.scene.screen),
        };
        let asked = self.audience.ask(index);
        let mut crowd = Ok(());
        if asked.is_ok() {
            if card.is_personal {
                crowd = self.guard.crowd(self.scene, index);
            }
            if crowd.is_ok() {
                let reach = self.audience.reach(card);
                self.blind.consider(index, Score { reach, ..fresh });
            }
        }
        match asked.and_then(|()| self.assigned(index, card)) {
            Ok(()) => {
                self.switched_on(index, card)?;
                crowd?;
                let (reach, fatigue) = (
                    self.audience.reach(card),
                    self.audience.fatigue(index, card),
                );
                Ok(Score {
                    reach,
                    fatigue,
                    ..fresh
                })
            }
            Err(reason) => {
                let reach = worth::of_strangers(self.scene, &mut self.audience, card);
                let score = Score {
                    reach: reach.ok_or(reason)?,
                    ..fresh
                };
                if asked.is_err() {
                    self.blind.consider(index, score);
                }
                self.admits_strangers(index, card)?;
                Ok(score)
            }
        }
    }

    fn switched_on(&self, index: OfferIx, card: &Card) -> Result<(), Reason> {
        let at = self.scene.now.wall.known().ok_or(Reason::NoDate)?;
        let offer = &self.scene.plan.offers[index.at()];
        let tosses = card.is_switched && self.scene.tosses;
        if !tosses || trial::is_switched_on(offer, self.scene.screen(), at) {
            Ok(())
        } else {
            Err(Reason::Switchback)
        }
    }

    fn admits_strangers(&self, index: OfferIx, card: &Card) -> Result<(), Reason> {
        self.switched_on(index, card)?;
        if !card.is_ramped {
            return Ok(());
        }
        let at = self.scene.now.wall.known().ok_or(Reason::NoDate)?;
        let offer = &self.scene.plan.offers[index.at()];
        trial::admits_block(offer, ramp(self.scene, index), self.scene.screen(), at)
    }

    /// Leaves those who qualify and may be shown the offer once more, as far as
    /// caps and its trial go; the first rule that leaves nobody is the reason.
    fn assigned(&mut self, index: OfferIx, card: &Card) -> Result<(), Reason> {
        self.audience.keep_below(index, card.cap)?;
        let (plan, offers) = (self.scene.plan, &self.scene.plan.offers);
        if card.is_in_company {
            let offer = &offers[index.at()];
            self.audience.keep(Reason::CampaignCap, |seat| {
                limits::below_campaign_cap(plan, offer, seat)
            })?;
            self.audience.keep(Reason::Group, |seat| {
                limits::is_first_of_group(plan, index, offer, seat)
            })?;
        }
        if !card.is_tried {
            return Ok(());
        }
        self.audience.keep_tried(offers, index)?;
        if !card.is_ramped {
            return Ok(());
        }
        let ramp = ramp(self.scene, index);
        for reason in [Reason::Reverted, Reason::Ramp] {
            let offer = &offers[index.at()];
            let admitted = |seat: &Seat<'_>| trial::admits(offer, ramp, seat.shopper());
            self.audience
                .keep(reason, |seat| admitted(seat) != Err(reason))?;
        }
        Ok(())
    }

    /// Whom what would be shown would have gone to.
    fn reached(&mut self) -> Option<Reached> {
        let offer = self.blind.best()?;
        let shoppers = match self.audience.ask(offer) {
            Ok(()) => self.audience.left().map(Seat::shopper).collect(),
            Err(_) => Vec::new(),
        };
        Some(Reached { offer, shoppers })
    }

    /// The arm of whoever the offer is shown for and sees the screen most surely;
    /// of the screen's block when nobody is known.
    fn arm(&mut self, index: OfferIx) -> Option<u8> {
        let offer = &self.scene.plan.offers[index.at()];
        if offer.trial.arms.is_empty() {
            return None;
        }
        let shown_for = self.shown_for(index);
        let seats = self.audience.left();
        let heaviest = seats
            .filter(|seat| shown_for.contains(&seat.shopper()))
            .max_by(|a, b| {
                a.sees
                    .total_cmp(&b.sees)
                    .then(b.shopper().cmp(&a.shopper()))
            });
        let at = self.scene.now.wall.known()?;
        let block = trial::block_at(at, trial::BLOCK_MS);
        let nobody = Unit::Block(&self.scene.screen().id, block);
        let unit = heaviest.map_or(nobody, |seat| Unit::Shopper(seat.shopper()));
        trial::arm_of(offer, unit)
    }

    /// For whose sake an offer that was drawn is shown.
    fn shown_for(&mut self, index: OfferIx) -> Vec<ShopperId> {
        let card = &self.scene.book.cards()[index.at()];
        let asked = self.audience.ask(index);
        match asked.and_then(|()| self.assigned(index, card)) {
            Ok(()) => self.audience.left().map(Seat::shopper).collect(),
            Err(_) => Vec::new(),
        }
    }
}

/// How far an offer is let loose, if it is let loose step by step.
fn ramp<'s>(scene: &Scene<'s>, index: OfferIx) -> Option<&'s RampState> {
    let spec = scene.plan.offers[index.at()].trial.ramp.as_ref();
    let trial = spec.and_then(|_| scene.tallies.trial(index));
    trial.map(|trial| &trial.ramp)
}
