//! The part of the engine that keeps trials: what is noted when, and what
//! follows from it.

use super::{Bought, Incident, RampMove, Reach, bucket_of, cell_of};
use crate::{
    Engine, Now,
    commits::Then,
    decide::Choice,
    effect::{Arm, Dropped, Effect, Effects, LedgerEntry, Record},
    event::{Basket, Receipt},
    measure::held_out,
    plan::{OfferIx, ScreenIx},
    sale::Joined,
    shopper::{Purpose, ShopperId},
};

/// How much running time of a ramp a power cut may cost, ms.
const SAVED_EVERY_MS: u64 = 3_600_000;

impl Engine {
    /// Once a second: ramps run, blocks end.
    pub(crate) fn try_out(&mut self, now: Now, effects: &mut Effects) {
        let ms = self.watch.step(now.mono);
        for screen in 0..self.plan.screens.len() as u8 {
            let screen = ScreenIx(screen);
            let showing = self.deliver.screens()[screen.at()].showing();
            let offer = showing.map(|showing| showing.planned.offer);
            self.watch.shows(now.mono, screen, offer);
        }
        let Some(at) = now.wall.known().filter(|_| self.commits.has_room()) else {
            return;
        };
        self.tallies.let_go(self.plan.local_time.at(at).day);
        let plan = self.plan.clone();
        let mut switches = std::mem::take(&mut self.watch.switches);
        let over: Vec<_> = switches
            .iter_mut()
            .flat_map(|switch| switch.step(at, ms, &plan))
            .collect();
        self.watch.switches = switches;
        for paired in over {
            let entry = LedgerEntry::Paired(paired);
            self.out(effects).commit(entry, Then::Nothing);
        }
        for offer in self.watch.ramps.clone() {
            self.run_ramp(now, offer, ms, effects);
        }
    }

    fn run_ramp(&mut self, now: Now, offer: OfferIx, ms: u64, effects: &mut Effects) {
        let plan = self.plan.clone();
        let Some(ramp) = &plan.offers[offer.at()].trial.ramp else {
            return;
        };
        let (with, without) = self.screens_with(now, offer);
        let state = self.tallies.ramp_mut(offer);
        if state.halted.is_some() || state.is_over(ramp) {
            return;
        }
        for what in [Incident::Complaint, Incident::Help] {
            state.chance(what, true, ms * with);
            state.chance(what, false, ms * without);
        }
        let moved = state.run(ms, ramp);
        let ran_ms = state.ran_ms;
        let saved_ms = self.watch.saved_ms.get(&offer).copied().unwrap_or(0);
        if moved.is_some() || ran_ms >= saved_ms + SAVED_EVERY_MS {
            self.save_ramp(offer, moved, effects);
        }
    }

    /// Screens that may show an offer and say that they live: those that show
    /// it or did a moment ago, and the others.
    fn screens_with(&self, now: Now, offer: OfferIx) -> (u64, u64) {
        let screens = (0..).map(ScreenIx).zip(self.deliver.screens());
        let allowed = self.plan.offers[offer.at()].screens;
        let live = screens.filter(|(ix, state)| {
            let silent_after_ms = self.plan.screens[ix.at()].silent_after_ms;
            let heard = state.heard.map(|heard| now.mono.since_ms(heard));
            heard.is_some_and(|ms| ms < silent_after_ms)
                && (allowed.is_empty() || allowed.has(ix.0))
        });
        live.fold((0, 0), |(with, without), (ix, _)| {
            if self.watch.shown_on(ix).any(|shown| shown == offer) {
                (with + 1, without)
            } else {
                (with, without + 1)
            }
        })
    }

    pub(super) fn save_ramp(
        &mut self,
        offer: OfferIx,
        moved: Option<RampMove>,
        effects: &mut Effects,
    ) {
        let state = self.tallies.ramp_mut(offer).clone();
        self.watch.saved_ms.insert(offer, state.ran_ms);
        let id = self.plan.offers[offer.at()].id.clone();
        if let Some(moved) = moved {
            let offer = id.clone();
            effects.push(Effect::Record(Record::RampMoved { offer, moved }));
        }
        let entry = LedgerEntry::Ramped {
            offer: id,
            moved,
            state,
        };
        self.out(effects).commit(entry, Then::Nothing);
    }

    /// An offer would go to these shoppers, or to a screen's block, if nobody
    /// were assigned to anything.
    pub(crate) fn note_reached(&mut self, now: Now, choice: &Choice, effects: &mut Effects) {
        let (Some(reached), Some(at)) = (&choice.reached, now.wall.known()) else {
            return;
        };
        self.watch
            .reached(at, choice.decision.screen, reached.offer);
        if choice.decision.chosen != Some(reached.offer) {
            self.counts.ghosts += 1;
        }
        if !self.plan.offers[reached.offer.at()].is_tried() {
            return;
        }
        let day = self.tallies.day(self.plan.local_time.at(at).day);
        for shopper in &reached.shoppers {
            self.note_reach(now, *shopper, reached.offer, day, effects);
        }
    }

    /// These offers would go to a shopper in private if nobody were assigned to anything.
    pub(crate) fn note_reached_in_private(
        &mut self,
        now: Now,
        shopper: ShopperId,
        offers: &[OfferIx],
        effects: &mut Effects,
    ) {
        let Some(at) = now.wall.known() else {
            return;
        };
        let day = self.tallies.day(self.plan.local_time.at(at).day);
        for offer in offers {
            let spec = &self.plan.offers[offer.at()];
            let (is_held_out, is_tried) = (held_out(spec, shopper), spec.is_tried());
            if is_held_out {
                self.note_arm(now, shopper, *offer, Arm::Holdout, effects);
            }
            if is_tried {
                self.note_reach(now, shopper, *offer, day, effects);
            }
        }
    }

    fn note_reach(
        &mut self,
        now: Now,
        shopper: ShopperId,
        index: OfferIx,
        day: i32,
        effects: &mut Effects,
    ) {
        let measured = self.consents.permit(shopper, Purpose::Measurement, now);
        let tally = self.tallies.trial(index);
        let is_known = tally.is_some_and(|t| t.mark(shopper, day).is_some());
        if measured.is_none() || is_known {
            return;
        }
        if tally.is_some_and(|t| !t.has_room(day)) {
            self.counts.dropped += 1;
            effects.push(Effect::Record(Record::Dropped(Dropped::Exposure)));
            return;
        }
        let offer = &self.plan.offers[index.at()];
        let ramp = tally.map(|t| &t.ramp);
        let reach = Reach {
            offer: offer.id.clone(),
            shopper,
            cell: cell_of(offer, ramp, shopper),
            bucket: bucket_of(offer, shopper),
            day,
            counts: offer.trial.ramp.is_none() || ramp.is_some_and(super::RampState::is_complete),
        };
        let entry = LedgerEntry::Reached(reach);
        self.out(effects).commit(entry, Then::Nothing);
    }

    /// A till closed a basket, whoever's.
    pub(crate) fn watch_basket(&mut self, now: Now, basket: &Basket) {
        if let Some(at) = now.wall.known() {
            self.watch.basket(at, &self.plan, basket);
        }
    }

    /// A receipt is about to count. What it says of offers that reached its
    /// shopper before is written first: a till that sends it again after a power
    /// cut finds it counted here and not there, never the other way round.
    pub(crate) fn note_bought(
        &mut self,
        now: Now,
        receipt: &Receipt,
        joined: &[Joined],
        effects: &mut Effects,
    ) {
        let Some(at) = now.wall.known() else {
            return;
        };
        let measured = receipt.basket.shopper.filter(|shopper| {
            let permit = self.consents.permit(*shopper, Purpose::Measurement, now);
            permit.is_some()
        });
        let Some(shopper) = measured else {
            return;
        };
        let day = self.tallies.day(self.plan.local_time.at(at).day);
        let number = &receipt.basket.receipt;
        for joined in joined {
            let tally = self.tallies.trials().of(&joined.offer);
            let mark = tally.and_then(|tally| tally.mark(shopper, day));
            let Some(mark) = mark.filter(|mark| mark.counts) else {
                continue;
            };
            let bought = Bought {
                receipt: number.clone(),
                offer: joined.offer.clone(),
                cell: mark.cell.clone(),
                bucket: mark.bucket,
                is_first: joined.pieces > 0
                    && (self.watch).is_first(&joined.offer, shopper, day, number),
                pieces: joined.pieces,
                amount_minor: joined.amount_minor,
            };
            let entry = LedgerEntry::Bought(bought);
            self.out(effects).commit(entry, Then::Nothing);
        }
    }

    /// A receipt is about to be taken back. Whoever was a buyer by it and has another of the
    /// day is one by that: written first, since a till that gets no answer says the void again.
    pub(crate) fn note_voided(&mut self, receipt: &str, effects: &mut Effects) {
        for (offer, instead) in self.watch.voided(receipt) {
            let tally = self.tallies.trials().of(&offer);
            let Some(bought) = tally.and_then(|tally| tally.receipts.get(&instead)) else {
                continue;
            };
            let bought = Bought {
                is_first: true,
                ..bought.clone()
            };
            let entry = LedgerEntry::Bought(bought);
            self.out(effects).commit(entry, Then::Nothing);
        }
    }
}
