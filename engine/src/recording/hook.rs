//! Where the live engine tapes what it takes in.

use super::{Body, Chain, Image, Signal, Slot, Tape, tape::plan_text};
use crate::{
    Engine, Event, Now,
    event::{Basket, BasketLine, Outcome, Reading, Receipt},
    shopper::{Enrolment, Profile, Purpose, ShopperId},
};

impl Engine {
    /// Begins to tape what is taken in from here on, or begins anew: what was
    /// taped before and not taken is gone.
    pub fn begin_recording(&mut self, now: Now) {
        let image = Image::of(self, now);
        let mut tape = Tape::begin(now, &self.plan, &image, self.seed);
        if self.commits.is_disk_full {
            tape.body(now, &Body::Room(false));
        }
        self.tape = Some(Box::new(tape));
        self.chain = Some(Chain::default());
    }

    /// Ends the run in order: what was taped since the last time, and its end.
    pub fn end_recording(&mut self, now: Now) -> Vec<u8> {
        let (Some(mut tape), Some(chain)) = (self.tape.take(), self.chain.take()) else {
            return Vec::new();
        };
        let end = Body::End {
            chain: chain.value,
            decisions: chain.decisions,
        };
        tape.body(now, &end);
        tape.take()
    }

    /// How many bytes [`Self::take_recording`] would give.
    pub fn recorded(&self) -> usize {
        self.tape.as_ref().map_or(0, |tape| tape.len())
    }

    /// Moments taped since this run began.
    pub fn recorded_moments(&self) -> u64 {
        self.tape.as_ref().map_or(0, |tape| tape.moments())
    }

    /// What was taped since the last time: whole records.
    pub fn take_recording(&mut self) -> Vec<u8> {
        self.tape
            .as_mut()
            .map(|tape| tape.take())
            .unwrap_or_default()
    }

    /// Who takes a consent back with this event, wholly or in part: what was
    /// recorded of them is to go.
    pub fn takes_back(&self, event: &Event) -> Option<ShopperId> {
        match event {
            Event::Withdraw { shopper, .. } | Event::Forget { shopper, .. } => {
                self.consents.version(*shopper).map(|_| *shopper)
            }
            Event::Upsert { enrolment, .. } => {
                let is_narrower = !self.consents.taken_back_by(enrolment).is_empty();
                let is_heeded = matches!(self.judge(enrolment), Ok(()) | Err(Outcome::NoRoom));
                (is_narrower && is_heeded).then_some(enrolment.shopper)
            }
            _ => None,
        }
    }

    /// The day by the shop's calendar, days since 1970-01-01, if it is known.
    pub fn local_day(&self, now: Now) -> Option<i32> {
        let wall = now.wall.known()?;
        Some(self.plan.local_time.at(wall).day)
    }

    /// The hash over all decisions since the recording began.
    pub fn chain(&self) -> Option<&Chain> {
        self.chain.as_ref()
    }

    pub(crate) fn tape_signal(&mut self, now: Now, shopper: ShopperId, signal: &Signal) {
        if self.tape.is_none() {
            return;
        }
        let slot = self.slot_or_new(now, shopper);
        if let (Some(tape), Some(slot)) = (&mut self.tape, slot) {
            tape.signal(now, slot, signal);
        }
    }

    /// The slot of somebody who agreed to be followed.
    fn slot_or_new(&mut self, now: Now, shopper: ShopperId) -> Option<Slot> {
        let tape = self.tape.as_mut()?;
        if let Some(slot) = tape.slot(shopper) {
            return Some(slot);
        }
        self.consents.permit_to_follow(shopper, now)?;
        let standing = self.consents.standing(shopper)?;
        let slot = tape.give_slot(shopper);
        let subject = Body::Subject {
            slot,
            shopper,
            standing,
            pending: self.commits.pending(shopper),
            charged: self.tallies.charges_of(shopper),
        };
        tape.body(now, &subject);
        Some(slot)
    }

    /// The slot of somebody whose consent changes, if that can change anything
    /// in this run.
    fn slot_of(&mut self, now: Now, shopper: ShopperId) -> Option<Slot> {
        let is_about =
            self.presence.visit(shopper).is_some() || !self.deliver.shown_for(shopper).is_empty();
        if is_about {
            return self.slot_or_new(now, shopper);
        }
        self.tape.as_ref()?.slot(shopper)
    }

    pub(crate) fn tape_reading(&mut self, now: Now, reading: &Reading) {
        if let Some(tape) = &mut self.tape {
            tape.body(now, &Body::Reading(*reading));
        }
    }

    pub(crate) fn tape_step(&mut self, now: Now) {
        if let (Some(tape), Some(chain)) = (&mut self.tape, &mut self.chain) {
            let marks = chain.take_marks().into_iter();
            let marks: Vec<u16> = marks.map(|(_, mark)| mark).collect();
            tape.step(now, &marks);
        }
    }

    /// Tapes an event before it is taken in. Signals and readings are taped
    /// where they are known to be such.
    pub(crate) fn tape_event(&mut self, now: Now, event: &Event) {
        if self.tape.is_none() {
            return;
        }
        let body = match event {
            Event::Sighting(_)
            | Event::Node { .. }
            | Event::Reading(_)
            | Event::Malformed(_)
            | Event::Woke => None,
            Event::Upsert { enrolment, .. } => self.of_upsert(now, enrolment),
            Event::Withdraw {
                shopper, purposes, ..
            } => self.of_taking_back(now, *shopper, |slot| Body::Withdraw {
                slot,
                purposes: *purposes,
            }),
            Event::Forget { shopper, .. } => {
                self.of_taking_back(now, *shopper, |slot| Body::Forget { slot })
            }
            Event::Tail { tail, .. } => self.slot_of(now, tail.shopper).map(|slot| Body::Tail {
                slot,
                screen: tail.screen,
                eyes: tail.eyes,
            }),
            Event::Profile { shopper, profile } => {
                self.of_profile(now, *shopper, profile.as_deref())
            }
            Event::Census(counts) => Some(Body::Census(counts.clone())),
            Event::Learned(told) => Some(Body::Learned(told.clone())),
            Event::Pause { what, .. } => Some(Body::Pause(what.clone())),
            Event::Resume { what, .. } => Some(Body::Resume(what.clone())),
            Event::Basket(basket) => self.of_basket(now, basket),
            Event::Receipt { receipt, .. } => self.of_receipt(now, receipt),
            Event::Incident { screen, what, .. } => Some(Body::Incident(*screen, *what)),
            Event::ResumeRamp { offer, .. } => Some(Body::ResumeRamp(offer.clone())),
            Event::Code { asks, .. } => Some(Body::Code((**asks).clone())),
            Event::Screen(said) => Some(Body::Screen(*said)),
            Event::Durable(id) => Some(Body::Durable(*id)),
            Event::Room(is_there) => Some(Body::Room(*is_there)),
            Event::PlanChanged(plan) => Some(Body::Plan(plan_text(plan))),
        };
        if let (Some(tape), Some(body)) = (&mut self.tape, body) {
            tape.body(now, &body);
        }
    }

    fn of_upsert(&mut self, now: Now, enrolment: &Enrolment) -> Option<Body> {
        match self.judge(enrolment) {
            Ok(()) => {}
            Err(Outcome::NoRoom) => {
                let purposes = self.consents.taken_back_by(enrolment);
                let body = |slot| Body::Withdraw { slot, purposes };
                return (!purposes.is_empty())
                    .then(|| self.of_taking_back(now, enrolment.shopper, body))?;
            }
            Err(_) => return None,
        }
        let slot = self.slot_of(now, enrolment.shopper);
        Some(slot.map_or(Body::Elsewhere, |slot| Body::Upsert {
            slot,
            version: enrolment.version,
            consent: enrolment.consent,
        }))
    }

    /// Somebody takes something back. What comes after, if anything may, is
    /// taped under another slot, so that what was before can be taken out.
    fn of_taking_back(
        &mut self,
        now: Now,
        shopper: ShopperId,
        body: impl FnOnce(Slot) -> Body,
    ) -> Option<Body> {
        self.consents.version(shopper)?;
        let slot = self.slot_of(now, shopper);
        if let Some(tape) = &mut self.tape {
            tape.take_slot_away(shopper);
        }
        Some(slot.map_or(Body::Elsewhere, body))
    }

    fn of_profile(
        &mut self,
        now: Now,
        shopper: ShopperId,
        profile: Option<&Profile>,
    ) -> Option<Body> {
        let here = self.presence.visit(shopper).is_some();
        let known = self
            .consents
            .permit(shopper, Purpose::Personalisation, now)
            .is_some();
        let profile = profile.filter(|_| here && known);
        let slot = self.slot_of(now, shopper)?;
        let profile = profile.map(|profile| Box::new(profile.clone()));
        Some(Body::Profile { slot, profile })
    }

    fn of_basket(&self, now: Now, basket: &Basket) -> Option<Body> {
        let receipt = Receipt {
            basket: basket.clone(),
            is_void: false,
            returned_from: None,
            codes: Vec::new(),
            vouchers: Vec::new(),
        };
        self.of_receipt(now, &receipt)
    }

    /// Products of no offer are left out, and so is who bought, unless it counts.
    fn of_receipt(&self, now: Now, receipt: &Receipt) -> Option<Body> {
        let mut receipt = receipt.clone();
        let measured = receipt.basket.shopper.take().filter(|shopper| {
            let permit = self.consents.permit(*shopper, Purpose::Measurement, now);
            permit.is_some()
        });
        let slot = measured.and_then(|shopper| self.tape.as_ref()?.slot(shopper));
        let is_offered = |sku: &String| self.plan.offers.iter().any(|o| o.skus.contains(sku));
        let lines = &mut receipt.basket.lines;
        leave_of_offers(lines, is_offered, self.watch.counts_receipts());
        let says_nothing = lines.is_empty()
            && receipt.codes.is_empty()
            && receipt.vouchers.is_empty()
            && !receipt.is_void;
        (!says_nothing && self.commits.has_room()).then_some(Body::Receipt { slot, receipt })
    }
}

/// Leaves of a receipt what it holds of offers. Where receipts count whatever they hold, a
/// line without a name says that something was bought.
fn leave_of_offers(
    lines: &mut Vec<BasketLine>,
    is_offered: impl Fn(&String) -> bool,
    counts_receipts: bool,
) {
    let is_bought = |lines: &[BasketLine]| lines.iter().any(|line| line.pieces > 0);
    let was_bought = is_bought(lines);
    lines.retain(|line| is_offered(&line.sku));
    if counts_receipts && was_bought && !is_bought(lines) {
        lines.push(BasketLine {
            sku: String::new(),
            pieces: 1,
            amount_minor: 0,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(sku: &str, pieces: i32) -> BasketLine {
        BasketLine {
            sku: sku.to_owned(),
            pieces,
            amount_minor: 100,
        }
    }

    #[test]
    fn a_receipt_counts_in_a_replay_as_it_did_whatever_is_left_out_of_it() {
        let something = BasketLine {
            amount_minor: 0,
            ..line("", 1)
        };
        for (lines, counting, else_left) in [
            (
                vec![line("tea", 1), line("bread", 1)],
                vec![line("tea", 1)],
                vec![line("tea", 1)],
            ),
            (vec![line("bread", 1)], vec![something.clone()], vec![]),
            (vec![line("bread", -1)], vec![], vec![]),
            (
                vec![line("tea", -1), line("bread", 2)],
                vec![line("tea", -1), something],
                vec![line("tea", -1)],
            ),
            (vec![], vec![], vec![]),
        ] {
            for (counts_receipts, expected) in [(true, counting), (false, else_left)] {
                let mut left = lines.clone();
                leave_of_offers(&mut left, |sku| sku == "tea", counts_receipts);
                assert_eq!(left, expected, "{lines:?} {counts_receipts}");
            }
        }
    }
}
