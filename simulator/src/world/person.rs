//! One person in the shop: walks, stands, queues, looks, leaves.

use super::errands::Errand;
use super::facts::{BROWSING_MPS, HEADING_MPS};
use super::floor::{Cell, Floor, Spot};
use super::sender::Sender;
use crate::chance::Chance;
use engine::plan::{OfferIx, Point, ZoneIx};
use std::collections::{BTreeMap, BTreeSet};

/// One person in the shop.
#[derive(Debug)]
pub struct Person {
    /// Counts people since the world began.
    pub number: u32,
    /// Which customer; `None` for a stranger.
    pub customer: Option<u32>,
    /// What they carry, if it sends.
    pub sender: Option<Sender>,
    /// Where they are.
    pub at: Point,
    /// The cell they last stood on.
    pub cell: Cell,
    /// Unit vector of where they face.
    pub heading: (f32, f32),
    /// What they are doing.
    pub doing: Doing,
    /// What they have taken, promoted products apart: pieces by zone.
    pub taken: BTreeMap<ZoneIx, u32>,
    /// Offers they have consciously seen.
    pub saw: BTreeSet<OfferIx>,
    /// When they change their mind about consent, if they do.
    pub second_thoughts_ms: Option<u64>,
    next: Option<Cell>,
    errands: Vec<Errand>,
    pace: (f32, f32),
}

/// What somebody is doing.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Doing {
    /// On the way to the next stop.
    Walking(Errand),
    /// At a shelf.
    Standing {
        /// Until when.
        until_ms: u64,
        /// What for.
        errand: Errand,
    },
    /// On the way to the tills.
    ToCheckout(Spot),
    /// Waiting for the till.
    Queueing,
    /// Paid and on the way out.
    Leaving,
    /// Through the door.
    Gone,
}

impl PartialEq for Errand {
    fn eq(&self, other: &Self) -> bool {
        self.spot == other.spot && self.stay_ms == other.stay_ms
    }
}

impl Person {
    /// Comes in by the door.
    pub fn arrive(
        number: u32,
        customer: Option<u32>,
        mut errands: Vec<Errand>,
        floor: &Floor,
        chance: &mut Chance,
    ) -> Self {
        let cell = floor.cell_of(floor.door);
        let doing = errands.pop().map_or(Doing::Leaving, Doing::Walking);
        Self {
            number,
            customer,
            sender: None,
            at: floor.middle(cell),
            cell,
            heading: (1.0, 0.0),
            doing,
            taken: BTreeMap::new(),
            saw: BTreeSet::new(),
            second_thoughts_ms: None,
            next: None,
            errands,
            pace: (
                chance.between(BROWSING_MPS.0, BROWSING_MPS.1) as f32,
                chance.between(HEADING_MPS.0, HEADING_MPS.1) as f32,
            ),
        }
    }

    /// The zone they are in.
    pub fn zone(&self, floor: &Floor) -> Option<ZoneIx> {
        floor.zone_of(self.cell)
    }

    /// Lives on for `dt_ms`, up to `now_ms`.
    pub fn live(&mut self, now_ms: u64, dt_ms: u64, floor: &Floor, chance: &mut Chance) {
        match self.doing {
            Doing::Walking(errand) => {
                let pace = if errand.browsing {
                    self.pace.0
                } else {
                    self.pace.1
                };
                if self.walk(errand.spot, pace, dt_ms, floor) {
                    self.doing = Doing::Standing {
                        until_ms: now_ms + errand.stay_ms,
                        errand,
                    };
                }
            }
            Doing::Standing { until_ms, errand } => {
                if now_ms >= until_ms {
                    *self.taken.entry(errand.zone).or_default() += errand.pieces;
                    self.go_on(floor, chance);
                } else if chance.happens(dt_ms as f64 / 6_000.0) {
                    // Turns to another part of the shelf every few seconds.
                    let angle = chance.between(0.0, std::f64::consts::TAU) as f32;
                    self.heading = (libm::cosf(angle), libm::sinf(angle));
                }
            }
            Doing::ToCheckout(spot) => {
                if self.walk(spot, self.pace.1, dt_ms, floor) {
                    self.doing = Doing::Queueing;
                }
            }
            Doing::Leaving => {
                if self.walk(floor.door, self.pace.1, dt_ms, floor) {
                    self.doing = Doing::Gone;
                }
            }
            Doing::Queueing | Doing::Gone => {}
        }
    }

    /// Whether they are on their feet towards somewhere.
    pub fn is_walking(&self) -> bool {
        matches!(
            self.doing,
            Doing::Walking(_) | Doing::ToCheckout(_) | Doing::Leaving
        )
    }

    fn go_on(&mut self, floor: &Floor, chance: &mut Chance) {
        let tills = floor.spots(floor.checkout);
        self.doing = match self.errands.pop() {
            Some(errand) => Doing::Walking(errand),
            None if tills.is_empty() => Doing::Queueing,
            None => Doing::ToCheckout(*chance.pick(tills)),
        };
    }

    /// Walks on; true on arrival.
    fn walk(&mut self, to: Spot, pace_mps: f32, dt_ms: u64, floor: &Floor) -> bool {
        let mut left = pace_mps * dt_ms as f32 / 1000.0;
        loop {
            let Some(next) = self.next.or_else(|| floor.towards(self.cell, to)) else {
                return true;
            };
            let goal = floor.middle(next);
            let far = self.at.distance(goal);
            if far > 0.0 {
                self.heading = ((goal.x - self.at.x) / far, (goal.y - self.at.y) / far);
            }
            if far > left {
                self.next = Some(next);
                self.at.x += self.heading.0 * left;
                self.at.y += self.heading.1 * left;
                return false;
            }
            left -= far;
            self.at = goal;
            self.cell = next;
            self.next = None;
        }
    }
}
