//! The same plan and the same events: every decision must be the same, bit
//! for bit.

use crate::{
    Effects, Engine, Event,
    event::{RequestId, Tail},
    plan::{ScreenIx, StorePlan},
    recording::{Begin, Body, Chain, Damaged, Image, Moment, Signal, Slot, Taken},
    shopper::{Enrolment, ShopperId},
    time::Now,
};
use std::{collections::BTreeMap, sync::Arc};

/// A decision came out otherwise than it did live.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Otherwise {
    /// Which decision of the run, from 1.
    pub decision: u64,
    /// When, by both clocks.
    pub now: Now,
    /// For which screen; unknown when there were more or fewer decisions.
    pub screen: Option<ScreenIx>,
}

/// One run being decided again.
#[derive(Debug)]
pub struct Replay {
    engine: Engine,
    slots: BTreeMap<Slot, ShopperId>,
    otherwise: Option<Otherwise>,
    ended: Option<(u64, u64)>,
    signals: u64,
}

impl Replay {
    /// From the first moment of a run.
    pub fn begin(first: &Moment) -> Result<Self, Damaged> {
        let Taken::Body(body) = &first.taken else {
            return Err(Damaged);
        };
        let Body::Begin(begin) = body.as_ref() else {
            return Err(Damaged);
        };
        Self::with(begin, plan_of(&begin.plan)?)
    }

    /// With another plan for the same floor, screens and sensors.
    fn with(begin: &Begin, plan: Arc<StorePlan>) -> Result<Self, Damaged> {
        let mut engine = Image::read(&begin.image)?.restore(plan)?;
        engine.chain = Some(Chain::default());
        Ok(Self {
            engine,
            slots: begin.slots.iter().copied().collect(),
            otherwise: None,
            ended: None,
            signals: 0,
        })
    }

    /// Takes the next moment in. Appends what the engine asks for.
    pub fn take(&mut self, moment: &Moment, effects: &mut Effects) -> Result<(), Damaged> {
        match &moment.taken {
            Taken::Signal(slot, signal) => self.signal(moment.now, *slot, signal, effects),
            Taken::Step(marks) => {
                self.step(moment.now, marks, effects);
                Ok(())
            }
            Taken::Body(body) => self.body(moment.now, body, effects),
        }
    }

    /// The first decision that came out otherwise, if one did.
    pub const fn otherwise(&self) -> Option<Otherwise> {
        self.otherwise
    }

    /// Whether the run ended in order; if not, the gateway was killed, or the
    /// end of the recording is lost.
    pub const fn has_ended(&self) -> bool {
        self.ended.is_some()
    }

    /// Decisions, and the hash over all of them.
    pub fn chain(&self) -> &Chain {
        self.engine.chain().expect("a replay keeps one")
    }

    /// Signals taken in.
    pub const fn signals(&self) -> u64 {
        self.signals
    }

    /// The engine.
    pub const fn engine(&self) -> &Engine {
        &self.engine
    }

    fn signal(
        &mut self,
        now: Now,
        slot: Slot,
        signal: &Signal,
        effects: &mut Effects,
    ) -> Result<(), Damaged> {
        let shopper = self.shopper(slot)?;
        if signal.scanner.at() >= self.engine.plan.scanners.len() {
            return Err(Damaged);
        }
        self.signals += 1;
        self.engine.signal(now, shopper, signal, effects);
        Ok(())
    }

    fn step(&mut self, now: Now, marks: &[u16], effects: &mut Effects) {
        let before = self.chain().decisions;
        self.engine.step(now, effects);
        let chain = self.engine.chain.as_mut().expect("a replay keeps one");
        let found = chain.take_marks();
        let is_same = found.iter().map(|(_, mark)| mark).eq(marks);
        if self.otherwise.is_some() || is_same {
            return;
        }
        let pairs = found.iter().zip(marks);
        let same = pairs.take_while(|((_, mark), live)| mark == *live).count();
        self.otherwise = Some(Otherwise {
            decision: before + same as u64 + 1,
            now,
            screen: found.get(same).map(|(screen, _)| *screen),
        });
    }

    fn body(&mut self, now: Now, body: &Body, effects: &mut Effects) -> Result<(), Damaged> {
        let event = match body {
            Body::Begin(_) => return Err(Damaged),
            Body::Subject {
                slot,
                shopper,
                standing,
                pending,
                charged,
            } => {
                self.slots.insert(*slot, *shopper);
                self.engine.consents.stand(*shopper, standing);
                self.engine.tallies.charge_again(*shopper, charged);
                if let Some(pending) = pending {
                    self.engine.commits.attach(*shopper, pending);
                }
                return Ok(());
            }
            Body::Elsewhere => {
                self.engine.commit_elsewhere(effects);
                return Ok(());
            }
            Body::End { chain, decisions } => {
                self.ended = Some((*chain, *decisions));
                self.compare_end(now);
                return Ok(());
            }
            Body::Upsert { .. }
            | Body::Withdraw { .. }
            | Body::Forget { .. }
            | Body::Tail { .. }
            | Body::Pause(_)
            | Body::Resume(_)
            | Body::Incident(..)
            | Body::ResumeRamp(_) => self.asked(body)?,
            Body::Profile { slot, profile } => Event::Profile {
                shopper: self.shopper(*slot)?,
                profile: profile.clone(),
            },
            Body::Reading(reading) => Event::Reading(*reading),
            Body::Screen(said) => Event::Screen(*said),
            Body::Durable(id) => Event::Durable(*id),
            Body::Census(counts) => Event::Census(counts.clone()),
            Body::Learned(told) => Event::Learned(told.clone()),
            Body::Receipt { slot, receipt } => {
                let mut receipt = receipt.clone();
                receipt.basket.shopper = slot.map(|slot| self.shopper(slot)).transpose()?;
                Event::Receipt {
                    request: RequestId(0),
                    receipt: Box::new(receipt),
                }
            }
            Body::Plan(plan) => Event::PlanChanged(plan_of(plan)?),
        };
        self.engine.take_event(now, event, effects);
        Ok(())
    }

    /// What somebody asked for and waited for; nobody waits any more.
    fn asked(&self, body: &Body) -> Result<Event, Damaged> {
        Ok(match body {
            Body::Upsert {
                slot,
                version,
                consent,
            } => Event::Upsert {
                request: RequestId(0),
                enrolment: Box::new(Enrolment {
                    shopper: self.shopper(*slot)?,
                    version: *version,
                    keys: Vec::new(),
                    consent: *consent,
                }),
                profile: Box::default(),
            },
            Body::Withdraw { slot, purposes } => Event::Withdraw {
                request: RequestId(0),
                shopper: self.shopper(*slot)?,
                purposes: *purposes,
            },
            Body::Forget { slot } => Event::Forget {
                request: RequestId(0),
                shopper: self.shopper(*slot)?,
            },
            Body::Tail { slot, screen, eyes } => Event::Tail {
                request: RequestId(0),
                tail: Tail {
                    shopper: self.shopper(*slot)?,
                    screen: *screen,
                    eyes: *eyes,
                },
            },
            Body::Pause(what) => Event::Pause {
                request: RequestId(0),
                what: what.clone(),
            },
            Body::Resume(what) => Event::Resume {
                request: RequestId(0),
                what: what.clone(),
            },
            Body::Incident(screen, what) => Event::Incident {
                request: RequestId(0),
                screen: *screen,
                what: *what,
            },
            Body::ResumeRamp(offer) => Event::ResumeRamp {
                request: RequestId(0),
                offer: offer.clone(),
            },
            _ => return Err(Damaged),
        })
    }

    fn compare_end(&mut self, now: Now) {
        let chain = self.chain();
        let same = self.ended == Some((chain.value, chain.decisions));
        if !same && self.otherwise.is_none() {
            self.otherwise = Some(Otherwise {
                decision: chain.decisions,
                now,
                screen: None,
            });
        }
    }

    fn shopper(&self, slot: Slot) -> Result<ShopperId, Damaged> {
        self.slots.get(&slot).copied().ok_or(Damaged)
    }
}

fn plan_of(text: &str) -> Result<Arc<StorePlan>, Damaged> {
    serde_json::from_str(text)
        .map(Arc::new)
        .map_err(|_| Damaged)
}
