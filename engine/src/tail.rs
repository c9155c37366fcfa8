//! What the guard keeps off public screens, for one pair of eyes: the shopper's
//! own phone, or a card for staff. The rules of a screen decide, with one shopper
//! before it; consent is asked at this moment, caps and budgets are charged, and
//! nothing is answered before the charge is on the disk.

use crate::{
    Engine, Now,
    commits::Then,
    decide::{self, Guarding, Scene, Standing, Verdict},
    effect::{Arm, Effect, Effects, Exposure, LedgerEntry, Reservation, ShowingId},
    event::{Offered, Outcome, RequestId, Tail},
    money::Bill,
    plan::{OfferIx, ScreenIx},
};

impl Engine {
    /// Answers with what this shopper may be offered in private.
    pub(crate) fn tail(&mut self, now: Now, request: RequestId, tail: Tail, effects: &mut Effects) {
        let refused = match &self.commits {
            commits if !commits.has_room() => Some(Outcome::Full),
            commits if commits.is_disk_full => Some(Outcome::NoRoom),
            _ => None,
        };
        if let Some(outcome) = refused {
            effects.push(Effect::Answer { request, outcome });
            return;
        }
        let mut offered = Offered::default();
        // One after the other, so that each is charged before the next is decided.
        for place in 0..offered.0.len() {
            let found = self.best_in_private(now, tail, &offered, effects);
            offered.0[place] = found.map(|(screen, offer)| {
                self.charge_private(now, tail, screen, offer, effects);
                offer
            });
        }
        let then = Then::Offer { request, offered };
        if let Some(then) = self.commits.after_all(then) {
            self.then(now, then, effects);
        }
    }

    /// The best that is not yet among those offered, and before which screen.
    /// Somebody who is not here or did not agree is offered nothing, like
    /// somebody for whom there is nothing: the answer does not tell which.
    fn best_in_private(
        &mut self,
        now: Now,
        tail: Tail,
        offered: &Offered,
        effects: &mut Effects,
    ) -> Option<(ScreenIx, OfferIx)> {
        let screen = tail.screen.or_else(|| self.nearest_screen(tail))?;
        let choice = self.with_scene_for(now, screen, Some(tail.shopper), |scene, _| {
            let scene = Scene {
                guarding: Guarding::Private(tail.eyes),
                explore_permille: 0,
                ..*scene
            };
            decide::decide(&scene, &Standing::new(&scene))
        });
        let is_private = |offer: OfferIx| self.plan.offers[offer.at()].is_personal();
        let verdicts = choice
            .decision
            .waterfall
            .iter()
            .zip(0..)
            .map(|(v, o)| (v, OfferIx(o)));
        let best = verdicts
            .filter(|(_, offer)| is_private(*offer) && !offered.0.contains(&Some(*offer)))
            .filter_map(|(verdict, offer)| match verdict {
                Verdict::Scored(score) => Some((score.total(), offer)),
                Verdict::Stopped(_) => None,
            })
            .reduce(|best, next| if next.0 > best.0 { next } else { best });
        if *offered == Offered::default() {
            let ranked = choice.ranked.iter().copied();
            let places = offered.0.len();
            let reached: Vec<OfferIx> = ranked.filter(|o| is_private(*o)).take(places).collect();
            self.note_reached_in_private(now, tail.shopper, &reached, effects);
        }
        best.map(|(_, offer)| (screen, offer))
    }

    /// The screen that the shopper most probably sees.
    fn nearest_screen(&self, tail: Tail) -> Option<ScreenIx> {
        let visit = self.presence.visit(tail.shopper)?;
        let screens = self.plan.screens.iter().zip(0..);
        let seen = screens.map(|(screen, ix)| (visit.within(screen.seen_from), ScreenIx(ix)));
        let best = seen.reduce(|best, next| if next.0 > best.0 { next } else { best })?;
        Some(best.1)
    }

    /// Charges caps and budget as a showing does. No glass proves that it was
    /// seen, so it counts as painted for no time.
    fn charge_private(
        &mut self,
        now: Now,
        tail: Tail,
        screen: ScreenIx,
        offer: OfferIx,
        effects: &mut Effects,
    ) {
        let Some(wall) = now.wall.known() else {
            return;
        };
        let day = self.tallies.day(self.plan.local_time.at(wall).day);
        let showing = ShowingId {
            screen: self.plan.screens[screen.at()].id.clone(),
            revision: self.deliver.next_revision(),
        };
        let name = self.plan.offers[offer.at()].id.clone();
        let bill = Bill { at: wall, day };
        let charge = bill.private_entry(&self.plan, offer, &showing);
        if let Some(visit) = self.presence.visit_mut(tail.shopper) {
            visit.charge(offer);
        }
        let reservation = Reservation {
            showing: showing.clone(),
            offer: name.clone(),
            shoppers: vec![tail.shopper],
            day,
        };
        let exposure = Exposure {
            showing,
            offer: name,
            painted_ms: 0,
            seen_by: Vec::new(),
            anonymous_ms: 0,
            ended: Some(wall),
        };
        let mut out = self.out(effects);
        if let Some(charge) = charge {
            out.commit(LedgerEntry::Money(Box::new(charge)), Then::Nothing);
        }
        out.commit(LedgerEntry::Reserved(reservation), Then::Nothing);
        out.commit(LedgerEntry::Exposed(exposure), Then::Nothing);
        self.note_arm(now, tail.shopper, offer, Arm::Exposed, effects);
    }
}
