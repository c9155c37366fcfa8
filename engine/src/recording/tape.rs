//! What runs along with a live engine: it knows who stands in which slot.

use super::{Begin, Body, Image, Signal, Slot, VERSION, pen::Pen};
use crate::{
    Seed,
    index::{Index, index},
    plan::StorePlan,
    shopper::ShopperId,
    time::Now,
};

/// One run being taped.
#[derive(Debug)]
pub struct Tape {
    pen: Pen,
    slots: Index<ShopperId, Slot>,
    next: u32,
}

impl Tape {
    /// Begins a run; everybody in the image gets a slot.
    pub fn begin(now: Now, plan: &StorePlan, image: &Image, seed: Seed) -> Self {
        let mut tape = Self {
            pen: Pen::default(),
            slots: index(seed, 23),
            next: 0,
        };
        let named = image.standings.keys();
        let slots = named.map(|shopper| (tape.give_slot(*shopper), *shopper));
        let slots = slots.collect();
        let begin = Begin {
            version: VERSION,
            now,
            plan: plan_text(plan),
            slots,
            image: image.bytes(),
        };
        tape.pen.body(now, &Body::Begin(begin));
        tape
    }

    /// The slot of somebody who has one.
    pub fn slot(&self, shopper: ShopperId) -> Option<Slot> {
        self.slots.get(&shopper).copied()
    }

    /// A slot for somebody who has none. After a withdrawal it is another one.
    pub fn give_slot(&mut self, shopper: ShopperId) -> Slot {
        let slot = Slot(self.next);
        self.next += 1;
        self.slots.insert(shopper, slot);
        slot
    }

    /// Whoever comes back agreed anew, under another slot.
    pub fn take_slot_away(&mut self, shopper: ShopperId) {
        self.slots.remove(&shopper);
    }

    /// A signal.
    pub fn signal(&mut self, now: Now, slot: Slot, signal: &Signal) {
        self.pen.signal(now, slot, signal);
    }

    /// A step.
    pub fn step(&mut self, now: Now, marks: &[u16]) {
        self.pen.step(now, marks);
    }

    /// Anything else.
    pub fn body(&mut self, now: Now, body: &Body) {
        self.pen.body(now, body);
    }

    /// What was taped since the last time: whole records.
    pub fn take(&mut self) -> Vec<u8> {
        self.pen.take()
    }

    /// How much that would be, bytes.
    pub fn len(&self) -> usize {
        self.pen.len()
    }

    /// Moments taped since the run began.
    pub const fn moments(&self) -> u64 {
        self.pen.written()
    }
}

/// A plan as text.
pub fn plan_text(plan: &StorePlan) -> String {
    serde_json::to_string(plan).expect("a plan has only text for keys")
}
