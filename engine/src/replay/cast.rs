//! Who stands in which slot, and what is said of them told to an engine again.

use crate::{
    Effects, Engine, Event,
    event::{Receipt, RequestId, Tail},
    plan::StorePlan,
    recording::{Begin, Body, Moment, Signal, Slot, Taken, Unreadable},
    shopper::{Enrolment, ShopperId},
    time::Now,
};
use std::{collections::BTreeMap, sync::Arc};

/// Nobody waits for an answer.
const NOBODY: RequestId = RequestId(0);

/// Who stands in which slot.
#[derive(Debug, Clone, Default)]
pub(super) struct Cast(BTreeMap<Slot, ShopperId>);

impl Cast {
    /// Those of the image.
    pub(super) fn begin(begin: &Begin) -> Self {
        Self(begin.slots.iter().copied().collect())
    }

    /// A signal.
    pub(super) fn signal(
        &self,
        engine: &mut Engine,
        now: Now,
        (slot, signal): (Slot, &Signal),
        effects: &mut Effects,
    ) -> Result<(), Unreadable> {
        let shopper = self.shopper(slot)?;
        if signal.scanner.at() >= engine.plan.scanners.len() {
            return Err(Unreadable::Damaged);
        }
        engine.signal(now, shopper, signal, effects);
        Ok(())
    }

    /// Anything but a run's beginning and end.
    pub(super) fn take(
        &mut self,
        engine: &mut Engine,
        now: Now,
        body: &Body,
        effects: &mut Effects,
    ) -> Result<(), Unreadable> {
        match body {
            Body::Begin(_) => return Err(Unreadable::Damaged),
            Body::End { .. } => {}
            Body::Elsewhere => engine.commit_elsewhere(effects),
            Body::Subject {
                slot,
                shopper,
                standing,
                pending,
                charged,
            } => {
                self.0.insert(*slot, *shopper);
                engine.consents.stand(*shopper, standing);
                engine.tallies.charge_again(*shopper, charged);
                if let Some(pending) = pending {
                    engine.commits.attach(*shopper, pending);
                }
            }
            body => {
                if let Some(event) = self.event(body)? {
                    engine.take_event(now, event, effects);
                }
            }
        }
        Ok(())
    }

    fn event(&self, body: &Body) -> Result<Option<Event>, Unreadable> {
        Ok(Some(match body {
            Body::Begin(_) | Body::End { .. } | Body::Elsewhere | Body::Subject { .. } => {
                return Ok(None);
            }
            Body::Upsert { .. }
            | Body::Withdraw { .. }
            | Body::Forget { .. }
            | Body::Tail { .. }
            | Body::Pause(_)
            | Body::Resume(_)
            | Body::Incident(..)
            | Body::ResumeRamp(_)
            | Body::Code(_) => self.asked(body)?,
            Body::Profile { slot, profile } => Event::Profile {
                shopper: self.shopper(*slot)?,
                profile: profile.clone(),
            },
            Body::Reading(reading) => Event::Reading(*reading),
            Body::Screen(said) => Event::Screen(*said),
            Body::Durable(id) => Event::Durable(*id),
            Body::Room(is_there) => Event::Room(*is_there),
            Body::Census(counts) => Event::Census(counts.clone()),
            Body::Learned(told) => Event::Learned(told.clone()),
            Body::Receipt { slot, receipt } => Event::Receipt {
                request: NOBODY,
                receipt: Box::new(self.receipt(*slot, receipt)?),
            },
            Body::Plan(plan) => Event::PlanChanged(plan_of(plan)?),
        }))
    }

    /// What somebody asked for and waited for.
    fn asked(&self, body: &Body) -> Result<Event, Unreadable> {
        let request = NOBODY;
        Ok(match body {
            Body::Upsert {
                slot,
                version,
                consent,
            } => Event::Upsert {
                request,
                enrolment: Box::new(Enrolment {
                    shopper: self.shopper(*slot)?,
                    version: *version,
                    keys: Vec::new(),
                    consent: *consent,
                }),
                profile: Box::default(),
            },
            Body::Withdraw { slot, purposes } => Event::Withdraw {
                request,
                shopper: self.shopper(*slot)?,
                purposes: *purposes,
            },
            Body::Forget { slot } => Event::Forget {
                request,
                shopper: self.shopper(*slot)?,
            },
            Body::Tail { slot, screen, eyes } => Event::Tail {
                request,
                tail: Tail {
                    shopper: self.shopper(*slot)?,
                    screen: *screen,
                    eyes: *eyes,
                },
            },
            Body::Pause(what) => Event::Pause {
                request,
                what: what.clone(),
            },
            Body::Resume(what) => Event::Resume {
                request,
                what: what.clone(),
            },
            Body::Incident(screen, what) => Event::Incident {
                request,
                screen: *screen,
                what: *what,
            },
            Body::ResumeRamp(offer) => Event::ResumeRamp {
                request,
                offer: offer.clone(),
            },
            Body::Code(asks) => Event::Code {
                request,
                asks: Box::new(asks.clone()),
            },
            _ => return Err(Unreadable::Damaged),
        })
    }

    fn receipt(&self, slot: Option<Slot>, receipt: &Receipt) -> Result<Receipt, Unreadable> {
        let mut receipt = receipt.clone();
        receipt.basket.shopper = slot.map(|slot| self.shopper(slot)).transpose()?;
        Ok(receipt)
    }

    /// Who stands in a slot.
    pub(super) fn shopper(&self, slot: Slot) -> Result<ShopperId, Unreadable> {
        self.0.get(&slot).copied().ok_or(Unreadable::Damaged)
    }
}

/// The beginning of a run.
pub(super) fn beginning(first: &Moment) -> Result<&Begin, Unreadable> {
    let Taken::Body(body) = &first.taken else {
        return Err(Unreadable::Damaged);
    };
    match body.as_ref() {
        Body::Begin(begin) => Ok(begin),
        _ => Err(Unreadable::Damaged),
    }
}

/// A plan from its text.
pub(super) fn plan_of(text: &str) -> Result<Arc<StorePlan>, Unreadable> {
    serde_json::from_str(text)
        .map(Arc::new)
        .map_err(|_| Unreadable::Damaged)
}
