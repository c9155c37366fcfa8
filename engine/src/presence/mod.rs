//! Where every shopper who opted in and is here may be: a probability per zone,
//! a place with its error, and enter and leave events with hysteresis.
//!
//! [`Presence::hear`] touches one visit's accumulators and nothing else; the
//! thinking is done once a second in [`Presence::step`]. `docs/presence.md` has
//! the formulas and what they reach.

mod cholesky;
mod ear;
mod fading;
mod filter;
mod floor;
mod grid;
mod image;
mod lesson;
mod memory;
mod place;
mod power;
mod radio_map;
mod settle;
mod stroll;
mod sums;
mod surety;
mod survey;
mod tracker;
mod tuning;
mod twins;
mod visit;

pub use fading::{Level, Radio};
pub(crate) use image::Image;
pub use memory::Memory;
pub use place::{Ellipse, Place};
pub use radio_map::{CLEARANCE_M, USUAL_DBM};
pub use tracker::Tracker;
pub use tuning::Tuning;
pub use visit::Visit;

use crate::{
    Seed,
    consent::Permit,
    index::{Index, index},
    plan::{OfferIx, Point, PresenceSettings, StorePlan, ZoneIx},
    shopper::ShopperId,
    strength::Strength,
    time::Mono,
};
use core::hash::{Hash, Hasher};
use ear::{HALF_MS, HALVES};
use fading::Fading;
use filter::Work;
use floor::Floor;
use protocol::{beacon::Beacon, id::ZoneId};
use serde::{Deserialize, Serialize};
use siphasher::sip::SipHasher13;
use std::collections::BTreeMap;

/// Most shoppers followed at a time; the next is dropped and counted.
pub const MAX_VISITS: usize = 2_048;
/// Length of a step, ms.
pub const STEP_MS: u64 = HALVES as u64 * HALF_MS;
/// Who was not looked at for longer may be anywhere near all the same: no more
/// than so many half steps are made up for.
const HALVES_MAX: u64 = 20;
/// Who comes back within this time goes on with the caps of the visit before, ms.
pub const SAME_VISIT_MS: u64 = 30 * 60_000;
/// Most departed shoppers remembered.
const DEPARTED_MAX: usize = 8_192;

/// Everybody who opted in and is here.
#[derive(Debug)]
pub struct Presence {
    floor: Floor,
    /// How radio fades, where no survey says it.
    fading: Option<Fading>,
    settings: PresenceSettings,
    visits: Vec<Visit>,
    at: Index<ShopperId, usize>,
    /// What was shown to those who left a moment ago, and lessons they gave: a phone
    /// that was silent for two minutes does not begin its caps anew.
    departed: BTreeMap<ShopperId, (Mono, Shown, u16)>,
    numbers: u32,
    work: Work,
    stepped: Mono,
    /// [`memory::shop`] of the plan.
    shop: u64,
    /// When what was learnt of radio was last kept, and whether a visit ended since.
    kept: Mono,
    has_learnt: bool,
}

/// Offers and how often each was shown.
type Shown = Vec<(OfferIx, u16)>;

/// Which of a shopper's beacons: a number that is the same for the same key.
/// Two keys may share one; their powers are then learnt as one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Tag(pub u8);

impl Tag {
    /// Tags from this one on always send the same.
    const FIXED: u64 = 2;

    /// Of a beacon. One that changes what it sends is known by its kind: few
    /// carry two phones.
    pub fn of(beacon: &Beacon) -> Self {
        match beacon {
            Beacon::PrivateAddress(_) => Self(0),
            Beacon::EddystoneEid(_) => Self(1),
            Beacon::IBeacon { .. } | Beacon::EddystoneUid { .. } | Beacon::AltBeacon(_) => {
                let mut hasher = SipHasher13::new();
                beacon.hash(&mut hasher);
                Self((Self::FIXED + hasher.finish() % (256 - Self::FIXED)) as u8)
            }
        }
    }

    /// Whether it is one beacon, and none of those that change what they send, of which a
    /// shopper's phone and watch are one.
    const fn stays(self) -> bool {
        self.0 as u64 >= Self::FIXED
    }
}

/// What became of a sighting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    /// Of a visit that was already going on.
    Known,
    /// The first of a new visit.
    Arrived(u32),
    /// The same packet again.
    Repeated,
    /// From a sender that is frozen.
    Frozen,
    /// More than a beacon can send.
    Flooded,
    /// Nobody more can be followed.
    Full,
}

/// What changed in a step.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Change {
    /// A visit is in another zone.
    Moved {
        /// Which visit.
        number: u32,
        /// Now where.
        zone: Option<ZoneIx>,
        /// How sure.
        probability: f32,
    },
    /// One identity is heard in two places at once: somebody copied it. It is in
    /// no zone until that ends.
    Doubled {
        /// Which visit.
        number: u32,
    },
    /// A visit ended.
    Left {
        /// Which visit.
        number: u32,
        /// Whose.
        shopper: ShopperId,
    },
}

impl Presence {
    /// Nobody is here yet.
    pub fn new(plan: &StorePlan, seed: Seed) -> Self {
        let floor = Floor::new(plan);
        Self {
            work: Work::new(floor.grid.cells(), plan.scanners.len()),
            floor,
            fading: Fading::new(plan),
            settings: plan.presence,
            visits: Vec::new(),
            at: index(seed, 8),
            departed: BTreeMap::new(),
            numbers: 0,
            stepped: Mono(0),
            shop: memory::shop(plan),
            kept: Mono(0),
            has_learnt: false,
        }
    }

    /// Takes a new plan over. Visits go on, with their belief begun anew and
    /// their zones found by name; what was learnt of radio holds on where nothing was
    /// changed that it depends on; what offers they were shown is the caller's
    /// to carry over.
    pub fn replan(&mut self, before: &StorePlan, plan: &StorePlan) {
        let memory = self.memory();
        self.fading = Fading::new(plan);
        self.floor = Floor::new(plan);
        self.shop = memory::shop(plan);
        self.recall(memory);
        self.work = Work::new(self.floor.grid.cells(), plan.scanners.len());
        self.settings = plan.presence;
        let renamed = |zone: ZoneIx| {
            let id: &ZoneId = &before.zones[zone.at()].id;
            plan.zone(id)
        };
        for visit in &mut self.visits {
            visit.rename(plan.zones.len(), visit.zone().and_then(renamed));
            visit.begin(self.stepped, &self.floor);
        }
    }

    /// A scanner heard a beacon of a shopper whose presence may be followed; `heard`
    /// is which, and how strong.
    pub fn hear(
        &mut self,
        at: Mono,
        permit: &Permit<'_>,
        tag: Tag,
        heard: (usize, Strength),
    ) -> Taken {
        self.hear_of(at, permit.shopper(), tag, heard)
    }

    fn hear_of(
        &mut self,
        at: Mono,
        shopper: ShopperId,
        tag: Tag,
        (scanner, strength): (usize, Strength),
    ) -> Taken {
        let (index, taken) = match self.at.get(&shopper) {
            Some(index) => (*index, Taken::Known),
            None if self.visits.len() >= MAX_VISITS => return Taken::Full,
            None => (self.visits.len(), self.arrive(at, shopper)),
        };
        self.floor.alive[scanner] = self.floor.alive[scanner].max(at);
        let half = usize::from(at.since_ms(self.stepped) >= HALF_MS);
        let heard = self.visits[index].hear(at, half, tag, &self.floor, (scanner, strength));
        if heard != Taken::Known && taken == Taken::Known {
            return heard;
        }
        taken
    }

    fn arrive(&mut self, at: Mono, shopper: ShopperId) -> Taken {
        self.numbers += 1;
        self.at.insert(shopper, self.visits.len());
        let mut visit = Visit::new(shopper, self.numbers, at, &self.floor);
        if let Some((left, shown, taught)) = self.departed.remove(&shopper)
            && at.since_ms(left) < SAME_VISIT_MS
        {
            (visit.shown, visit.taught) = (shown, taught);
        }
        self.visits.push(visit);
        Taken::Arrived(self.numbers)
    }

    /// Works out where everybody is, if a second has passed.
    pub fn step(&mut self, now: Mono, changes: &mut Vec<Change>) {
        if now.since_ms(self.stepped) < STEP_MS {
            return;
        }
        let halves = (now.since_ms(self.stepped) / HALF_MS).min(HALVES_MAX);
        self.stepped = now;
        let mut index = 0;
        while index < self.visits.len() {
            if now.since_ms(self.visits[index].heard) >= self.settings.absent_after_ms {
                let visit = self.remove(index);
                self.remember(now, &visit);
                changes.push(Change::Left {
                    number: visit.number,
                    shopper: visit.shopper,
                });
            } else {
                self.follow(now, halves, index, changes);
                index += 1;
            }
        }
    }

    fn follow(&mut self, now: Mono, halves: u64, index: usize, changes: &mut Vec<Change>) {
        let visit = &mut self.visits[index];
        let shared = (&self.floor, &self.settings);
        let stepped = visit.step(now, halves, shared, &mut self.work, &mut self.fading);
        let number = visit.number;
        if stepped.doubled {
            changes.push(Change::Doubled { number });
        }
        if stepped.moved {
            changes.push(Change::Moved {
                number,
                zone: visit.zone(),
                probability: visit.probability(),
            });
        }
    }

    fn remember(&mut self, now: Mono, visit: &Visit) {
        if let Some(fading) = &mut self.fading {
            fading.visited(visit.power());
            self.floor.fade(fading);
        } else {
            self.floor.keep(visit.offsets());
        }
        self.has_learnt = true;
        self.departed
            .retain(|_, (left, ..)| now.since_ms(*left) < SAME_VISIT_MS);
        let leaves_something = !visit.shown.is_empty() || visit.taught > 0;
        if leaves_something && self.departed.len() < DEPARTED_MAX {
            self.departed
                .insert(visit.shopper, (now, visit.shown.clone(), visit.taught));
        }
    }

    /// Ends a shopper's visit at once, if one is going on, and keeps nothing of it but
    /// what scanners were found to be like.
    pub fn end(&mut self, shopper: ShopperId) -> Option<Visit> {
        self.departed.remove(&shopper);
        let index = *self.at.get(&shopper)?;
        Some(self.remove(index))
    }

    fn remove(&mut self, index: usize) -> Visit {
        let visit = self.visits.swap_remove(index);
        self.at.remove(&visit.shopper);
        if let Some(moved) = self.visits.get(index) {
            self.at.insert(moved.shopper, index);
        }
        visit
    }

    /// For a recording: everything that is not worked out from the plan.
    pub(crate) fn image(&self) -> image::Ref<'_> {
        image::Ref {
            visits: &self.visits,
            departed: &self.departed,
            numbers: self.numbers,
            stepped: self.stepped,
            kept_db: &self.floor.kept_db,
            learnt: self.fading.as_ref().map(Fading::learnt),
            alive: &self.floor.alive,
        }
    }

    /// What was learnt of how radio fades here; `None` where a survey says it.
    pub fn radio(&self) -> Option<Radio> {
        let fading = self.fading.as_ref()?;
        Some(fading.radio(&self.floor.kept_db))
    }

    /// Everybody who is here.
    pub fn visits(&self) -> &[Visit] {
        &self.visits
    }

    /// The belief about a visit: places, their storeys and probabilities, the
    /// improbable left out. What is told adds up to nearly one.
    pub fn heat(&self, visit: &Visit) -> impl Iterator<Item = (Point, u8, f32)> {
        self.floor.heat(visit.belief())
    }

    /// The visit of a shopper who is here.
    pub fn visit(&self, shopper: ShopperId) -> Option<&Visit> {
        self.at.get(&shopper).map(|at| &self.visits[*at])
    }

    /// The visit of a shopper who is here, to note what was shown.
    pub fn visit_mut(&mut self, shopper: ShopperId) -> Option<&mut Visit> {
        self.at.get(&shopper).map(|at| &mut self.visits[*at])
    }

    /// Carries what was shown over to a new plan, in which offers have other
    /// indices or none.
    pub fn rename_offers(&mut self, renamed: impl Fn(OfferIx) -> Option<OfferIx>) {
        let of_visits = self.visits.iter_mut().map(|v| &mut v.shown);
        let of_departed = self.departed.values_mut().map(|(_, shown, _)| shown);
        for shown in of_visits.chain(of_departed) {
            let kept = shown.iter();
            *shown = kept.filter_map(|(o, n)| Some((renamed(*o)?, *n))).collect();
        }
    }

    /// When the next step is due.
    pub fn next_wake(&self) -> Mono {
        self.stepped.after_ms(STEP_MS)
    }
}

#[cfg(test)]
mod tests;
