//! The filter alone, without consent and without a shop around it: for tools
//! that measure it on recorded sightings of tags nobody wears.

use super::{Change, Presence, Tag, Taken, Visit};
use crate::{
    Seed,
    plan::{Point, ScannerIx, StorePlan},
    shopper::ShopperId,
    strength::Strength,
    time::Mono,
};

/// Follows numbered tags through recorded sightings with the very filter that
/// follows shoppers.
#[derive(Debug)]
pub struct Tracker(Presence);

impl Tracker {
    /// Nothing was heard yet.
    pub fn new(plan: &StorePlan, seed: Seed) -> Self {
        Self(Presence::new(plan, seed))
    }

    /// A scanner of the plan heard a tag.
    pub fn hear(&mut self, at: Mono, tag: u64, scanner: ScannerIx, strength: Strength) -> Taken {
        self.0
            .hear_of(at, ShopperId(tag), Tag(0), (scanner.at(), strength))
    }

    /// A scanner heard one of several beacons that are carried together.
    #[cfg(test)]
    pub(super) fn hear_tag(&mut self, at: Mono, who: u64, tag: Tag, heard: (usize, f32)) -> Taken {
        let heard = (heard.0, Strength::of_one(heard.1));
        self.0.hear_of(at, ShopperId(who), tag, heard)
    }

    /// Works out where every tag is, if a second has passed since the last time.
    /// What changed is appended to `changes`.
    pub fn step(&mut self, now: Mono, changes: &mut Vec<Change>) {
        self.0.step(now, changes);
    }

    /// When [`Tracker::step`] has something to do again.
    pub fn next_wake(&self) -> Mono {
        self.0.next_wake()
    }

    /// What is known of a tag that was heard and has not left.
    pub fn visit(&self, tag: u64) -> Option<&Visit> {
        self.0.visit(ShopperId(tag))
    }

    /// The belief about a tag; see [`Presence::heat`].
    pub fn heat(&self, tag: u64) -> impl Iterator<Item = (Point, u8, f32)> {
        let visit = self.visit(tag);
        visit.into_iter().flat_map(|visit| self.0.heat(visit))
    }
}
