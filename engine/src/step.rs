//! Once a second: where is everybody, who has seen what, what should every
//! screen show. Decisions are taken here and when something changed, never per
//! sighting.

use crate::{
    Engine, Now,
    commits::Out,
    decide::{self, Choice, Scene, Standing, Viewer},
    effect::{Arm, Dropped, Effect, Effects, Record},
    measure::held_out,
    money::Bill,
    plan::{OfferIx, ScreenIx},
    presence::Change,
    shopper::{Purpose, ShopperId},
};

/// What is on a screen while something else is looked for.
#[derive(Debug, Clone, Copy)]
struct Glass {
    /// Which offer, if it would have to be interrupted.
    shown: Option<OfferIx>,
    to_beat: f32,
}

impl Glass {
    fn gives_way_to(self, offer: Option<OfferIx>, score: f32) -> bool {
        let beats = |shown| score >= self.to_beat && offer != Some(shown);
        self.shown.is_none_or(beats)
    }
}

impl Engine {
    /// Does the second's work if it is due.
    pub(crate) fn step(&mut self, now: Now, effects: &mut Effects) {
        if now.mono < self.presence.next_wake() {
            return;
        }
        self.tallies.tick(now.mono);
        self.follow(now, effects);
        self.lapse(now, effects);
        // A shop may have no screen yet; presence is told all the same.
        if !self.plan.screens.is_empty() {
            self.screens(now, effects);
        }
        self.tape_step(now);
    }

    fn screens(&mut self, now: Now, effects: &mut Effects) {
        let visits = self.presence.visits();
        self.book
            .draw(&self.plan, self.guarding, (self.seed, now), visits);
        let mut standing = self.standing(now);
        for screen in 0..self.plan.screens.len() as u8 {
            let screen = ScreenIx(screen);
            self.count_viewing(now, screen);
            // What is not right any more is not sent again.
            self.keep_right(now, screen, effects);
            self.tick(now, screen, effects);
            if self.decide(now, screen, &standing, effects) {
                standing = self.standing(now);
            }
        }
        self.try_out(now, effects);
    }

    fn tick(&mut self, now: Now, screen: ScreenIx, effects: &mut Effects) {
        let awaited = self.deliver.awaited(screen);
        let failed = self.counts.unconfirmed;
        let mut out = crate::out!(self, effects);
        self.deliver.tick(now, screen, &mut out);
        if let Some(offer) = awaited.filter(|_| self.counts.unconfirmed > failed) {
            self.note_failed(&offer, effects);
        }
    }

    pub(crate) fn follow(&mut self, now: Now, effects: &mut Effects) {
        let mut changes = std::mem::take(&mut self.changes);
        self.presence.step(now.mono, &mut changes);
        for change in changes.drain(..) {
            effects.push(Effect::Record(match change {
                Change::Moved {
                    number,
                    zone,
                    probability,
                } => Record::Moved {
                    visit: number,
                    zone,
                    probability,
                },
                Change::Doubled { number } => {
                    self.counts.doubled += 1;
                    Record::Doubled { visit: number }
                }
                Change::Left { number, shopper } => {
                    self.traits.remove(&shopper);
                    Record::Left { visit: number }
                }
            }));
        }
        self.changes = changes;
        let memory = self.presence.memory_due(now.mono);
        effects.extend(memory.map(|memory| Effect::KeepRadio(Box::new(memory))));
    }

    /// Adds the time since the last step to who has seen what is on the glass.
    fn count_viewing(&mut self, now: Now, screen: ScreenIx) {
        let Some(showing) = self.deliver.showing_mut(screen) else {
            return;
        };
        let seen_from = self.plan.screens[screen.at()].seen_from;
        let visits = self.presence.visits();
        let crowd = self.context.crowd(now.mono, &self.plan, seen_from, visits);
        let mut measured = 0.0;
        let in_view: Vec<(ShopperId, f32)> = visits
            .iter()
            .filter(|v| {
                self.consents
                    .permit(v.shopper, Purpose::Measurement, now)
                    .is_some()
            })
            .map(|v| (v.shopper, v.within(seen_from)))
            .filter(|(_, p)| *p > 0.05)
            .inspect(|(_, p)| measured += p)
            .collect();
        let until = now.mono.min(showing.until);
        showing
            .viewing
            .count(until, in_view.into_iter(), crowd - measured);
    }

    /// Clears a picture that is not right any more.
    pub(crate) fn keep_right(&mut self, now: Now, screen: ScreenIx, effects: &mut Effects) {
        let wrong = self.with_scene(now, screen, |scene, engine| {
            let offers = engine.deliver.screens()[screen.at()].offers();
            offers.into_iter().any(|planned| {
                decide::still_right(scene, planned.offer, &planned.shoppers).is_err()
            })
        });
        if wrong {
            let mut out = crate::out!(self, effects);
            self.deliver.clear(now, screen, &mut out);
        }
    }

    /// How every offer stands with the shop around, now.
    fn standing(&self, now: Now) -> Standing {
        self.with_scene(now, ScreenIx(0), |scene, _| Standing::new(scene))
    }

    /// Decides one screen; says whether something was charged.
    fn decide(
        &mut self,
        now: Now,
        screen: ScreenIx,
        standing: &Standing,
        effects: &mut Effects,
    ) -> bool {
        self.note_in_view(now, screen);
        let to_beat = self.deliver.score_to_beat(now, &self.plan, screen);
        let to_beat = to_beat.filter(|_| self.commits.may_charge());
        let Some(to_beat) = to_beat.filter(|to_beat| !self.would_point(now, screen, *to_beat))
        else {
            return false;
        };
        // What is on the glass gives way to what is best, never to a trial.
        let interrupts = to_beat > 0.0;
        let choice = self.with_scene(now, screen, |scene, _| {
            let explore_permille = if interrupts {
                0
            } else {
                scene.explore_permille
            };
            let scene = Scene {
                explore_permille,
                ..*scene
            };
            decide::decide(&scene, standing)
        });
        self.counts.decisions += 1;
        if let Some(chain) = &mut self.chain {
            chain.note(&choice);
        }
        let shown = self.deliver.screens()[screen.at()].showing();
        let shown = shown.filter(|_| interrupts).map(|s| s.planned.offer);
        let glass = Glass { shown, to_beat };
        self.note_blind(now, &choice, glass, effects);
        if !glass.gives_way_to(choice.decision.chosen, choice.decision.total()) {
            return false;
        }
        let before = self.decisions[screen.at()].as_ref().map(|d| d.chosen);
        if choice.decision.chosen.is_some() || before != Some(choice.decision.chosen) {
            effects.push(Effect::Record(Record::Decided(Box::new(
                choice.decision.clone(),
            ))));
        }
        self.decisions[screen.at()] = Some(choice.decision.clone());
        let Some(wall) = now
            .wall
            .known()
            .filter(|_| choice.decision.chosen.is_some())
        else {
            return false;
        };
        let day = self.tallies.day(self.plan.local_time.at(wall).day);
        let bill = Bill { at: wall, day };
        for shopper in &choice.shoppers {
            if let (Some(visit), Some(offer)) =
                (self.presence.visit_mut(*shopper), choice.decision.chosen)
            {
                visit.charge(offer);
            }
        }
        let mut out = crate::out!(self, effects);
        self.deliver.reserve(&self.plan, bill, choice, &mut out);
        true
    }

    /// For the guard: who came into view, and who left it.
    pub(crate) fn note_in_view(&mut self, now: Now, screen: ScreenIx) {
        let seen_from = self.plan.screens[screen.at()].seen_from;
        let mut in_view = std::mem::take(&mut self.in_view);
        let visits = self.presence.visits().iter();
        in_view.extend(
            visits
                .filter(|v| v.within(seen_from) >= 0.5)
                .map(|v| v.number),
        );
        if let Some(settings) = self.guarding.settings(&self.plan.guard) {
            self.settle[screen.at()].note(now.mono, &mut in_view, screen, self.seed, &settings);
        }
        in_view.clear();
        self.in_view = in_view;
    }

    /// Whether a picture for a segment would give way right after few people
    /// came or went.
    fn would_point(&self, now: Now, screen: ScreenIx, to_beat: f32) -> bool {
        let showing = self.deliver.screens()[screen.at()].showing();
        let for_segment = showing.is_some_and(|showing| {
            let offer = self.plan.offers.get(showing.planned.offer.at());
            offer.is_some_and(crate::plan::Offer::is_personal)
        });
        to_beat > 0.0 && for_segment && self.settle[screen.at()].is_open(now.mono)
    }

    /// Whom an offer reaches is found before chance parts them: by whether the glass would
    /// give way to what would be shown, and not to what is left for those in view.
    fn note_blind(&mut self, now: Now, choice: &Choice, glass: Glass, effects: &mut Effects) {
        let reached = choice.reached.as_ref();
        let reached = reached.filter(|r| glass.gives_way_to(Some(r.offer), r.score));
        let Some(reached) = reached else {
            return;
        };
        for shopper in &reached.shoppers {
            if held_out(&self.plan.offers[reached.offer.at()], *shopper) {
                self.note_arm(now, *shopper, reached.offer, Arm::Holdout, effects);
            }
        }
        self.note_reached(now, choice, effects);
    }

    pub(crate) fn note_arm(
        &mut self,
        now: Now,
        shopper: ShopperId,
        offer: OfferIx,
        arm: Arm,
        effects: &mut Effects,
    ) {
        if self
            .consents
            .permit(shopper, Purpose::Measurement, now)
            .is_some()
            && self.arms.note(now.mono, shopper, offer, arm)
        {
            self.counts.dropped += 1;
            effects.push(Effect::Record(Record::Dropped(Dropped::Exposure)));
        }
    }

    /// A screen confirmed a picture: those it was for are exposed to it.
    pub(crate) fn note_exposed(&mut self, now: Now, screen: ScreenIx, effects: &mut Effects) {
        let Some(showing) = self.deliver.screens()[screen.at()].showing() else {
            return;
        };
        let planned = showing.planned.clone();
        for shopper in planned.shoppers {
            self.note_arm(now, shopper, planned.offer, Arm::Exposed, effects);
        }
    }

    /// The reservation is on the disk: send the picture if it is still right.
    pub(crate) fn send_reserved(
        &mut self,
        now: Now,
        screen: ScreenIx,
        revision: u64,
        effects: &mut Effects,
    ) {
        let right = self.with_scene(now, screen, |scene, engine| {
            let planned = engine.deliver.reserved(screen, revision)?;
            let is_right = decide::still_right(scene, planned.offer, &planned.shoppers).is_ok();
            Some((planned.offer, is_right))
        });
        let mut out = crate::out!(self, effects);
        match right {
            None => {}
            Some((offer, true)) => {
                self.deliver.send(now, screen, &mut out);
                self.note_sent(offer);
            }
            Some((_, false)) => self.deliver.clear(now, screen, &mut out),
        }
    }

    /// Puts together everything a decision for one screen looks at.
    pub(crate) fn with_scene<T>(
        &self,
        now: Now,
        screen: ScreenIx,
        ask: impl FnOnce(&Scene<'_>, &Self) -> T,
    ) -> T {
        self.with_scene_for(now, screen, None, ask)
    }

    /// The same with one shopper only, if one is named.
    pub(crate) fn with_scene_for<T>(
        &self,
        now: Now,
        screen: ScreenIx,
        only: Option<ShopperId>,
        ask: impl FnOnce(&Scene<'_>, &Self) -> T,
    ) -> T {
        let viewers: Vec<Viewer<'_>> = self
            .presence
            .visits()
            .iter()
            .filter(|visit| only.is_none_or(|only| visit.shopper == only))
            .filter_map(|visit| {
                let permit = self
                    .consents
                    .permit(visit.shopper, Purpose::InStoreOffers, now)?;
                let known = self
                    .consents
                    .permit(visit.shopper, Purpose::Personalisation, now);
                let traits = known.and_then(|_| self.traits.get(&visit.shopper));
                Some(Viewer {
                    permit,
                    visit,
                    traits,
                })
            })
            .collect();
        let scene = Scene {
            plan: &self.plan,
            book: &self.book,
            now,
            screen,
            viewers: &viewers,
            visits: self.presence.visits(),
            context: &self.context,
            tallies: &self.tallies,
            census: &self.census,
            settling: self.settle[screen.at()].is_open(now.mono),
            learned: &self.learned,
            tosses: true,
            explore_permille: self.plan.explore_permille,
            seed: self.seed,
            guarding: self.guarding,
            consents: &self.consents,
        };
        ask(&scene, self)
    }

    /// Where stages put what they want done.
    pub(crate) fn out<'a>(&'a mut self, effects: &'a mut Effects) -> Out<'a> {
        crate::out!(self, effects)
    }
}
