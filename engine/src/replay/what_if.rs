//! The same people, sensors and tills, other offers: as yesterday would have
//! come. Screens are modelled, because they answer to what they are sent.
//!
//! To be compared with the same offers run the same way, not with what
//! happened: then the model is on both sides, and offers that did not change
//! come out the same.

use super::{
    cast::{Cast, beginning, plan_of},
    glass::Glasses,
    sums::Sums,
};
use crate::{
    Effect, Effects, Engine, Event,
    effect::CommitId,
    plan::StorePlan,
    recording::{Body, Chain, Image, Moment, Taken, Unreadable},
    shopper::{Profile, ShopperId},
    time::Now,
};
use std::{collections::BTreeMap, sync::Arc};

/// Why other offers cannot be tried on a recording.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AnotherFloor;

/// One run with other offers.
#[derive(Debug)]
pub struct WhatIf {
    engine: Engine,
    cast: Cast,
    glasses: Glasses,
    profiles: BTreeMap<ShopperId, Profile>,
    sums: Sums,
    effects: Effects,
    /// Everything up to this commit is on the disk.
    durable: CommitId,
}

impl WhatIf {
    /// From the first moment of a run. Without a plan, with its own.
    pub fn begin(
        first: &Moment,
        plan: Option<&Arc<StorePlan>>,
    ) -> Result<Result<Self, AnotherFloor>, Unreadable> {
        let begin = beginning(first)?;
        let recorded = plan_of(&begin.plan)?;
        let plan = plan.unwrap_or(&recorded);
        if !same_floor(&recorded, plan) {
            return Ok(Err(AnotherFloor));
        }
        let mut engine = Image::read(&begin.image)?.restore(recorded.clone())?;
        engine.chain = Some(Chain::counting());
        let census = engine.census_by_name();
        let mut what_if = Self {
            cast: Cast::begin(begin),
            glasses: Glasses::new(plan),
            engine,
            profiles: BTreeMap::new(),
            sums: Sums::default(),
            effects: Effects::new(),
            durable: CommitId(0),
        };
        what_if.tell(first.now, Event::PlanChanged(plan.clone()));
        what_if.tell(first.now, Event::Census(census));
        Ok(Ok(what_if))
    }

    /// Takes the next moment in.
    pub fn take(&mut self, moment: &Moment) -> Result<(), Unreadable> {
        let now = moment.now;
        self.catch_up(now);
        match &moment.taken {
            Taken::Signal(slot, signal) => {
                let heard = (*slot, signal);
                self.cast
                    .signal(&mut self.engine, now, heard, &mut self.effects)?;
            }
            Taken::Step(_) => self.engine.step(now, &mut self.effects),
            Taken::Body(body) => self.body(now, body)?,
        }
        self.perform(now);
        Ok(())
    }

    /// What it adds up to.
    pub fn finish(mut self) -> Sums {
        let chain = self.engine.chain.take().unwrap_or_default();
        chain.count_into(&self.engine.plan, &mut self.sums);
        self.sums
    }

    fn body(&mut self, now: Now, body: &Body) -> Result<(), Unreadable> {
        match body {
            // The offers to be tried stay, and commits are the replay's own. A
            // code was photographed from a picture that may never have been
            // shown here: by its number it could be another offer's.
            Body::Plan(_)
            | Body::Durable(_)
            | Body::Elsewhere
            | Body::Code(_)
            | Body::End { .. } => {}
            Body::Receipt { slot, receipt } if !receipt.vouchers.is_empty() => {
                let mut receipt = receipt.clone();
                receipt.vouchers.clear();
                let body = Body::Receipt {
                    slot: *slot,
                    receipt,
                };
                self.cast
                    .take(&mut self.engine, now, &body, &mut self.effects)?;
            }
            Body::Screen(said) => {
                if let Some(said) = self.glasses.said(now.mono, said) {
                    self.tell(now, Event::Screen(said));
                }
            }
            Body::Subject {
                slot,
                shopper,
                standing,
                charged,
                ..
            } => {
                let subject = Body::Subject {
                    slot: *slot,
                    shopper: *shopper,
                    standing: *standing,
                    pending: None,
                    charged: charged.clone(),
                };
                self.cast
                    .take(&mut self.engine, now, &subject, &mut self.effects)?;
            }
            body => {
                if let Body::Profile {
                    slot,
                    profile: Some(profile),
                } = body
                {
                    let shopper = self.cast.shopper(*slot)?;
                    self.profiles.insert(shopper, profile.as_ref().clone());
                }
                self.cast
                    .take(&mut self.engine, now, body, &mut self.effects)?;
            }
        }
        Ok(())
    }

    /// What screens have painted meanwhile, and the disk made durable.
    fn catch_up(&mut self, now: Now) {
        if self.durable > CommitId(0) {
            let durable = std::mem::take(&mut self.durable);
            self.tell(now, Event::Durable(durable));
        }
        for said in self.glasses.painted(now.mono, &self.engine.plan) {
            self.tell(now, Event::Screen(said));
        }
    }

    fn tell(&mut self, now: Now, event: Event) {
        self.engine.take_event(now, event, &mut self.effects);
        self.perform(now);
    }

    fn perform(&mut self, now: Now) {
        let mut effects = std::mem::take(&mut self.effects);
        let mut fetched = Vec::new();
        for effect in effects.drain(..) {
            self.sums.note(&effect);
            let money = self.engine.tallies.money();
            let plan = &self.engine.plan;
            self.sums.burns.note(now.wall, plan, money, &effect);
            match effect {
                Effect::Commit { id, .. } => self.durable = self.durable.max(id),
                Effect::Command(command) => {
                    self.glasses.order(now.mono, &self.engine.plan, &command);
                }
                Effect::Fetch { shopper } => fetched.push(shopper),
                Effect::Keep { .. }
                | Effect::Erase { .. }
                | Effect::KeepRadio(_)
                | Effect::Answer { .. }
                | Effect::Record(_) => {}
            }
        }
        self.effects = effects;
        for shopper in fetched {
            if let Some(profile) = self.profiles.get(&shopper).cloned() {
                let profile = Some(Box::new(profile));
                let event = Event::Profile { shopper, profile };
                self.engine.take_event(now, event, &mut self.effects);
            }
        }
    }
}

/// Whether offers of one plan can be shown in the shop of another: the same
/// zones, scanners, sensors and screens, in the same order.
pub(super) fn same_floor(a: &StorePlan, b: &StorePlan) -> bool {
    let zones = |p: &StorePlan| p.zones.iter().map(|z| z.id.clone()).collect::<Vec<_>>();
    let scanners = |p: &StorePlan| p.scanners.iter().map(|s| s.id.clone()).collect::<Vec<_>>();
    let sensors = |p: &StorePlan| p.sensors.iter().map(|s| s.id.clone()).collect::<Vec<_>>();
    let screens = |p: &StorePlan| p.screens.iter().map(|s| s.id.clone()).collect::<Vec<_>>();
    zones(a) == zones(b)
        && scanners(a) == scanners(b)
        && sensors(a) == sensors(b)
        && screens(a) == screens(b)
}
