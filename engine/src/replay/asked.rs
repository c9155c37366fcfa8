//! Other offers asked in yesterday's moments, for [`super::estimate`]: at every
//! draw of yesterday, with the people who were there and the caps and budgets
//! as they stood, what would they have drawn, and how likely?

use super::{
    cast::{Cast, beginning, plan_of},
    estimate::Draw,
    sums::attention_ms,
    what_if::{AnotherFloor, same_floor},
};
use crate::{
    Effect, Effects, Engine,
    decide::{Decision, Verdict},
    effect::{LedgerEntry, Record, ShowingId},
    plan::StorePlan,
    recording::{Body, Image, Moment, Taken, Unreadable},
    time::Now,
};
use protocol::id::OfferId;
use std::{collections::BTreeMap, sync::Arc};

/// Draws within this time on one screen see the same people, ms.
const BLOCK_MS: u64 = 3_600_000;

/// An engine with the other offers that follows yesterday and shows nothing.
#[derive(Debug)]
pub struct Asked {
    engine: Engine,
    recorded: Arc<StorePlan>,
    cast: Cast,
    draws: Vec<Draw>,
    /// Which draw a showing came from.
    by_showing: BTreeMap<ShowingId, usize>,
    effects: Effects,
}

impl Asked {
    /// From the first moment of a run.
    pub fn begin(
        first: &Moment,
        plan: &Arc<StorePlan>,
    ) -> Result<Result<Self, AnotherFloor>, Unreadable> {
        let begin = beginning(first)?;
        let recorded = plan_of(&begin.plan)?;
        if !same_floor(&recorded, plan) {
            return Ok(Err(AnotherFloor));
        }
        let mut engine = Image::read(&begin.image)?.restore(recorded.clone())?;
        let mut effects = Effects::new();
        // Visits go on with what was believed of where they are.
        engine.reoffer(plan.clone());
        effects.clear();
        Ok(Ok(Self {
            engine,
            recorded,
            cast: Cast::begin(begin),
            draws: Vec::new(),
            by_showing: BTreeMap::new(),
            effects,
        }))
    }

    /// Takes the next moment in; `happened` is what yesterday's engine asked
    /// for in it.
    pub fn take(&mut self, moment: &Moment, happened: &Effects) -> Result<(), Unreadable> {
        let now = moment.now;
        match &moment.taken {
            Taken::Signal(slot, signal) => {
                let heard = (*slot, signal);
                self.cast
                    .signal(&mut self.engine, now, heard, &mut self.effects)?;
            }
            Taken::Step(_) => self.engine.follow_only(now, &mut self.effects),
            Taken::Body(body) => self.body(now, body)?,
        }
        self.effects.clear();
        for effect in happened {
            self.note(now, effect);
        }
        Ok(())
    }

    /// Every draw so far.
    pub fn draws(&self) -> &[Draw] {
        &self.draws
    }

    fn body(&mut self, now: Now, body: &Body) -> Result<(), Unreadable> {
        match body {
            Body::Durable(_) | Body::Screen(_) | Body::Elsewhere | Body::End { .. } => Ok(()),
            Body::Plan(text) => {
                self.recorded = plan_of(text)?;
                Ok(())
            }
            body => self
                .cast
                .take(&mut self.engine, now, body, &mut self.effects),
        }
    }

    fn note(&mut self, now: Now, effect: &Effect) {
        match effect {
            Effect::Record(Record::Decided(decision)) => self.ask(now, decision),
            Effect::Commit { entry, .. } => {
                match entry {
                    LedgerEntry::Reserved(reservation) => {
                        let last = self.draws.len().saturating_sub(1);
                        self.by_showing.insert(reservation.showing.clone(), last);
                    }
                    LedgerEntry::Exposed(exposure) => {
                        let draw = self.by_showing.remove(&exposure.showing);
                        if let Some(draw) = draw.and_then(|at| self.draws.get_mut(at)) {
                            draw.reward += attention_ms(exposure) as f64 / 1_000.0;
                        }
                    }
                    _ => {}
                }
                self.engine.mirror(entry);
            }
            _ => {}
        }
    }

    fn ask(&mut self, now: Now, decision: &Decision) {
        let Some(chosen) = decision.chosen else {
            return;
        };
        let yesterday = &self.recorded.offers;
        let scored = decision.waterfall.iter().zip(yesterday);
        let scored = scored.filter(|(verdict, _)| matches!(verdict, Verdict::Scored(_)));
        let scored: Vec<&OfferId> = scored.map(|(_, offer)| &offer.id).collect();
        // What interrupts a picture is never a trial, with either offers.
        let explored = decision.propensity < 1.0 || scored.len() == 1;
        let could = |id: &OfferId| {
            let is_scored = scored.contains(&id);
            is_scored && (explored || *id == yesterday[chosen.at()].id)
        };
        let chances = self.engine.chances(now, decision.screen, explored);
        let overlap = chances.iter().filter(|(id, _)| could(id)).map(|(_, p)| p);
        let same = chances
            .iter()
            .find(|(id, _)| *id == yesterday[chosen.at()].id);
        let hour = (now.mono.0 / BLOCK_MS) as u32;
        self.draws.push(Draw {
            propensity: f64::from(decision.propensity),
            target: same.map_or(0.0, |(_, p)| f64::from(*p)),
            overlap: overlap.map(|p| f64::from(*p)).sum::<f64>().min(1.0),
            reward: 0.0,
            block: hour << 8 | u32::from(decision.screen.0),
        });
    }
}
