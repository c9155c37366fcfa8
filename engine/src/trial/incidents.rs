//! What speaks against an offer, and letting it loose again.

use super::{Incident, RampMove, RampState};
use crate::{
    Engine, Now,
    commits::Then,
    effect::{Effect, Effects, LedgerEntry, Record},
    event::{Outcome, RequestId},
    plan::{OfferIx, ScreenIx, SensorIx, SensorKind},
    shopper::ShopperId,
};
use protocol::id::OfferId;

impl Engine {
    /// Somebody complained or called for help near a screen.
    pub(crate) fn complain(
        &mut self,
        now: Now,
        request: Option<RequestId>,
        screen: ScreenIx,
        what: Incident,
        effects: &mut Effects,
    ) {
        let then = request.map_or(Then::Nothing, Then::Answer);
        let refused = if screen.at() >= self.plan.screens.len() {
            Some(Outcome::Unknown)
        } else if !self.commits.has_room() {
            Some(Outcome::Full)
        } else {
            None
        };
        if let Some(outcome) = refused {
            let answer = request.map(|request| Effect::Answer { request, outcome });
            effects.extend(answer);
            return;
        }
        if !self.watch.is_news(now.mono, screen, what) {
            self.counts.duplicate += 1;
            if let Some(then) = self.commits.after_all(then) {
                self.then(now, then, effects);
            }
            return;
        }
        self.counts.incidents[what as usize] += 1;
        effects.push(Effect::Record(Record::Incident { what, screen }));
        let shown: Vec<OfferIx> = self.watch.shown_on(screen).collect();
        let name = |offer: &OfferIx| self.plan.offers[offer.at()].id.clone();
        let entry = LedgerEntry::Incident {
            what,
            screen: self.plan.screens[screen.at()].id.clone(),
            offers: shown.iter().map(name).collect(),
        };
        self.out(effects).commit(entry, then);
        for offer in self.watch.ramps.clone() {
            let allowed = self.plan.offers[offer.at()].screens;
            if allowed.is_empty() || allowed.has(screen.0) {
                self.weigh(offer, what, shown.contains(&offer), effects);
            }
        }
    }

    /// A call for help by a button: near every screen that its zone sees.
    pub(crate) fn pressed(&mut self, now: Now, sensor: SensorIx, effects: &mut Effects) {
        let plan = self.plan.clone();
        let Some(sensor) = plan.sensors.get(sensor.at()) else {
            return;
        };
        if sensor.kind != SensorKind::Button {
            return;
        }
        let screens = (0..).map(ScreenIx).zip(&plan.screens);
        let near = screens.filter(|(_, s)| sensor.zone.is_none_or(|z| s.seen_from.has(z.0)));
        for (screen, _) in near {
            self.complain(now, None, screen, Incident::Help, effects);
        }
    }

    /// A shopper takes the consent to offers back: on a day on which some reached them.
    pub(crate) fn opted_out(&mut self, now: Now, shopper: ShopperId, effects: &mut Effects) {
        let Some(at) = now.wall.known() else {
            return;
        };
        let day = self.tallies.day(self.plan.local_time.at(at).day);
        let reached = self.tallies.trials().has_reached(shopper, day);
        self.counts.incidents[Incident::OptOut as usize] += u64::from(reached);
        for offer in self.watch.ramps.clone() {
            let tally = self.tallies.trial(offer);
            let mark = tally.and_then(|tally| tally.mark(shopper, day));
            if let Some(is_inside) = mark.map(|mark| mark.cell.is_shown()) {
                self.weigh(offer, Incident::OptOut, is_inside, effects);
            }
        }
    }

    /// A picture of this offer was sent to a screen.
    pub(crate) fn note_sent(&mut self, sent: OfferIx) {
        for offer in self.watch.ramps.clone() {
            let state = self.tallies.ramp_mut(offer);
            state.chance(Incident::ScreenError, offer == sent, 1);
        }
    }

    /// A screen refused a picture of this offer, or never confirmed it.
    pub(crate) fn note_failed(&mut self, failed: &OfferId, effects: &mut Effects) {
        self.counts.incidents[Incident::ScreenError as usize] += 1;
        for offer in self.watch.ramps.clone() {
            let is_inside = self.plan.offers[offer.at()].id == *failed;
            self.weigh(offer, Incident::ScreenError, is_inside, effects);
        }
    }

    fn weigh(&mut self, offer: OfferIx, what: Incident, inside: bool, effects: &mut Effects) {
        let Some(ramp) = &self.plan.offers[offer.at()].trial.ramp else {
            return;
        };
        let state = self.tallies.ramp_mut(offer);
        if state.is_over(ramp) || state.halted.is_some() {
            return;
        }
        let moved = state.incident(what, inside, &ramp.guard);
        // What happened elsewhere only ever speaks for the offer: it may wait
        // for the next hour.
        if inside || moved.is_some() {
            self.save_ramp(offer, moved, effects);
        }
    }

    /// Somebody lets an offer loose again that was taken back.
    pub(crate) fn resume_ramp(
        &mut self,
        now: Now,
        request: RequestId,
        offer: &OfferId,
        effects: &mut Effects,
    ) {
        let found = self.plan.offer(offer);
        let ramp = found.filter(|ix| self.plan.offers[ix.at()].trial.ramp.is_some());
        let outcome = match ramp {
            None => Outcome::Unknown,
            Some(ix) if self.tallies.ramp_mut(ix).halted.is_none() => Outcome::Stale,
            Some(_) if !self.commits.has_room() => Outcome::Full,
            Some(ix) => {
                *self.tallies.ramp_mut(ix) = RampState::default();
                self.save_ramp(ix, Some(RampMove::Resumed), effects);
                if let Some(then) = self.commits.after_all(Then::Answer(request)) {
                    self.then(now, then, effects);
                }
                return;
            }
        };
        effects.push(Effect::Answer { request, outcome });
    }
}
