//! Presence as a recording keeps it: the floor is worked out again.

use super::{Presence, Shown, Visit, fading::Learnt};
use crate::{Seed, plan::StorePlan, shopper::ShopperId, time::Mono};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// To be written.
#[derive(Debug, Serialize)]
pub struct Ref<'a> {
    pub(super) visits: &'a [Visit],
    pub(super) departed: &'a BTreeMap<ShopperId, (Mono, Shown, u16)>,
    pub(super) numbers: u32,
    pub(super) stepped: Mono,
    pub(super) kept_db: &'a [f32],
    pub(super) learnt: Option<&'a Learnt>,
    pub(super) alive: &'a [Mono],
}

/// As it was read.
#[derive(Debug, Serialize, Deserialize)]
pub struct Image {
    visits: Vec<Visit>,
    departed: BTreeMap<ShopperId, (Mono, Shown, u16)>,
    numbers: u32,
    stepped: Mono,
    kept_db: Vec<f32>,
    learnt: Option<Learnt>,
    alive: Vec<Mono>,
}

impl Image {
    /// Everybody it tells of.
    pub fn shoppers(&self) -> impl Iterator<Item = ShopperId> {
        let here = self.visits.iter().map(|visit| visit.shopper);
        here.chain(self.departed.keys().copied())
    }

    /// Keeps nobody else.
    pub fn retain(&mut self, keep: &dyn Fn(ShopperId) -> bool) {
        self.visits.retain(|visit| keep(visit.shopper));
        self.departed.retain(|shopper, _| keep(*shopper));
    }

    /// Presence as it was; `None` when it is of another floor.
    pub fn restore(self, plan: &StorePlan, seed: Seed) -> Option<Presence> {
        let mut presence = Presence::new(plan, seed);
        let scanners = plan.scanners.len();
        let fits = |visit: &Visit| visit.fits(&presence.floor, scanners);
        if self.alive.len() != scanners
            || !self.visits.iter().all(fits)
            || !presence.take_over(self.kept_db, self.learnt)
        {
            return None;
        }
        presence.floor.alive = self.alive;
        let visits = self.visits.iter().enumerate();
        presence.at.extend(visits.map(|(at, v)| (v.shopper, at)));
        presence.visits = self.visits;
        presence.departed = self.departed;
        presence.numbers = self.numbers;
        presence.stepped = self.stepped;
        Some(presence)
    }
}
