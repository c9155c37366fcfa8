//! One decision on its way through the rules. Each is asked of all offers at once
//! and takes out those it stops: columns of the waterfall, one after the other.

use super::{
    Audience, Reached, Reason, Scene, Score, Standing, Verdict,
    assign::assign,
    audience::Seat,
    blind::Blind,
    card::Card,
    draw::Scored,
    guard::{Guard, Guarding},
    limits,
    offer_set::OfferSet,
    rules::ramp,
    standing::about_the_screen,
    worth,
};
use crate::{
    plan::OfferIx,
    shopper::ShopperId,
    trial::{self, Unit},
};

/// One decision on its way through the rules.
pub(super) struct Judging<'s, 'v> {
    scene: &'s Scene<'v>,
    standing: &'s Standing,
    audience: Audience<'v>,
    guard: Guard<'v>,
    /// Everybody in view, as far as sensors tell.
    people: f32,
    /// What would be shown if nobody were assigned to anything.
    blind: Blind,
    waterfall: Vec<Verdict>,
}

impl<'s, 'v> Judging<'s, 'v> {
    pub(super) fn new(scene: &'s Scene<'v>, standing: &'s Standing) -> Self {
        let seen_from = scene.seen_from();
        Self {
            scene,
            standing,
            audience: Audience::new(scene, standing.day),
            guard: Guard::new(scene),
            people: scene
                .context
                .crowd(scene.now.mono, scene.plan, seen_from, scene.visits),
            blind: match scene.guarding {
                Guarding::Private(_) => Blind::of_several(),
                _ => Blind::default(),
            },
            waterfall: standing.waterfall.clone(),
        }
    }

    /// Asks every rule; the offers that could be shown, and their scores.
    pub(super) fn judge(&mut self) -> Vec<Scored> {
        let mut open = self.standing.open.clone();
        self.ask_screen(&mut open);
        self.take_turns(&mut open);
        self.audience.ask(&open, &mut self.waterfall);
        assign(self.scene, &mut self.audience, &mut self.waterfall);
        // What nobody who is known is left for may yet be for strangers.
        open.keep(&self.scene.book.kinds().for_strangers);
        self.audience.add_asked(&mut open);
        let mut scored = Vec::with_capacity(self.waterfall.len());
        scored.extend(open.iter().filter_map(|index| self.score(index)));
        scored
    }

    /// Shoppers in view with a permit, and everybody else as far as sensors tell.
    pub(super) fn in_view(&self) -> (u32, f32) {
        let shoppers = self.audience.len();
        (shoppers as u32, (self.people - shoppers as f32).max(0.0))
    }

    /// What became of every offer, once all rules were asked.
    pub(super) fn waterfall(self) -> Vec<Verdict> {
        self.waterfall
    }

    /// Whom what would be shown would have gone to.
    pub(super) fn reached(&self) -> Option<Reached> {
        let (score, offer) = self.blind.best()?;
        let shoppers = self.audience.asked_of(offer).map(Seat::shopper);
        Some(Reached {
            offer,
            score,
            shoppers: shoppers.collect(),
        })
    }

    /// What would find place in private, best first.
    pub(super) fn ranked(&self) -> Vec<OfferIx> {
        self.blind.ranked()
    }

    /// The arm of whoever the offer is shown for and sees the screen most surely;
    /// of the screen's block when nobody is known.
    pub(super) fn arm(&self, index: OfferIx) -> Option<u8> {
        let offer = &self.scene.plan.offers[index.at()];
        if offer.trial.arms.is_empty() {
            return None;
        }
        let heaviest = self.audience.left_of(index).max_by(|a, b| {
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
    pub(super) fn shown_for(&self, index: OfferIx) -> Vec<ShopperId> {
        self.audience.left_of(index).map(Seat::shopper).collect()
    }

    /// Rules about this screen. The shop was asked before: of what both stop, the
    /// rule is said that comes first.
    fn ask_screen(&mut self, open: &mut OfferSet) {
        let (scene, kinds) = (self.scene, self.scene.book.kinds());
        let elsewhere = &kinds.elsewhere[scene.screen.at()];
        open.drop_all(elsewhere);
        for index in elsewhere.iter() {
            self.stop_sooner(index, Reason::OtherScreen);
        }
        for index in kinds.asks_screen.iter().filter(|i| !elsewhere.has(*i)) {
            let offer = &scene.plan.offers[index.at()];
            let asked = about_the_screen(scene, offer);
            if let Err(reason) = asked.and_then(|()| limits::of_screen(scene, offer)) {
                open.remove(index);
                self.stop_sooner(index, reason);
            }
        }
    }

    fn stop_sooner(&mut self, index: OfferIx, reason: Reason) {
        let verdict = &mut self.waterfall[index.at()];
        *verdict = Verdict::Stopped(match verdict {
            Verdict::Stopped(shop) => reason.min(*shop),
            Verdict::Scored(_) => reason,
        });
    }

    /// Leaves of the personal offers those whose turn it is.
    fn take_turns(&mut self, open: &mut OfferSet) {
        let Self {
            scene,
            guard,
            waterfall,
            ..
        } = self;
        open.sift(&scene.book.kinds().personal, |index| {
            let turn = guard.turn(scene, index);
            if let Err(reason) = turn {
                waterfall[index.at()] = Verdict::Stopped(reason);
            }
            turn.is_ok()
        });
    }

    /// The score of an offer for which somebody is left, or which strangers may
    /// see; otherwise the rule that left nobody stays its verdict.
    fn score(&mut self, index: OfferIx) -> Option<Scored> {
        let card = self.scene.book.card(index);
        let reach = self.audience.reach(index, card);
        let fresh = Score {
            learned: self.scene.learned.factor(index, self.scene.screen),
            ..self.standing.fresh(index)?
        };
        let mut crowd = Ok(());
        if let Some(reach) = reach.asked {
            if card.is_personal {
                crowd = self.guard.crowd(self.scene, index);
            }
            if crowd.is_ok() {
                self.blind.consider(index, Score { reach, ..fresh });
            }
        }
        let score = if let Some(left) = reach.left {
            // Whose turn it is to be shown an offer with a switchback, blocks decide, whoever
            // is there.
            let by_block = card.is_switched;
            let admitted = if by_block {
                self.admits_block(index, card)
            } else {
                Ok(())
            };
            let admitted = admitted.and(crowd);
            admitted.map(|()| Score {
                reach: left,
                fatigue: self.audience.fatigue(index, card),
                ..fresh
            })
        } else {
            let worth = worth::of_strangers(self.scene, &mut self.audience, card)?;
            let score = Score {
                reach: worth,
                ..fresh
            };
            if reach.asked.is_none() {
                self.blind.consider(index, score);
            }
            self.admits_block(index, card).map(|()| score)
        };
        self.waterfall[index.at()] = score.map_or_else(Verdict::Stopped, Verdict::Scored);
        score.ok().map(|score| (index, score.total()))
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

    fn admits_block(&self, index: OfferIx, card: &Card) -> Result<(), Reason> {
        self.switched_on(index, card)?;
        if !card.is_ramped {
            return Ok(());
        }
        let at = self.scene.now.wall.known().ok_or(Reason::NoDate)?;
        let offer = &self.scene.plan.offers[index.at()];
        trial::admits_block(offer, ramp(self.scene, index), self.scene.screen(), at)
    }
}
