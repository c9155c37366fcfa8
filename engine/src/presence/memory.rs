//! What was learnt of radio, as it outlives a restart: how much more each scanner hears
//! than the map says, and without a survey how radio fades. Of people there is nothing
//! in it: place and power of whoever taught last are left out.

use super::{Presence, fading::Learnt, power::OFFSET_DB_MAX};
use crate::{plan::StorePlan, time::Mono};
use core::hash::Hasher as _;
use serde::{Deserialize, Serialize};
use siphasher::sip::SipHasher13;

/// Raised when what was kept means something else to this program.
const MODEL: u32 = 1;
/// Between two times that what was learnt is kept, ms: about as long as it takes to
/// learn what a restart would lose.
const KEEP_EVERY_MS: u64 = 10 * 60_000;

/// What was learnt of radio in a shop.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Memory {
    /// [`shop`] it was learnt in.
    shop: u64,
    /// How much more each scanner hears than the map says, dB, in the order of the plan.
    kept_db: Vec<f32>,
    /// How radio fades, where no survey says it.
    learnt: Option<Learnt>,
}

/// A number for everything that says what is heard where: scanners, walls, the survey
/// and the exponent. Another number is another shop to radio.
pub fn shop(plan: &StorePlan) -> u64 {
    let levels: Vec<_> = plan.levels().collect();
    let exponent = plan.presence.path_loss_exponent;
    let says = (MODEL, &plan.scanners, levels, &plan.survey, exponent);
    let text = serde_json::to_vec(&says).expect("a plan has only text for keys");
    let mut hasher = SipHasher13::new();
    hasher.write(&text);
    hasher.finish()
}

impl Presence {
    /// What was learnt so far.
    pub fn memory(&self) -> Memory {
        let learnt = self.fading.as_ref().map(|fading| fading.learnt().clone());
        Memory {
            shop: self.shop,
            kept_db: self.floor.kept_db.clone(),
            learnt: learnt.map(Learnt::without_moment),
        }
    }

    /// What was learnt, when it is time to keep it and a visit has ended since.
    pub fn memory_due(&mut self, now: Mono) -> Option<Memory> {
        let is_due = self.has_learnt && now.since_ms(self.kept) >= KEEP_EVERY_MS;
        is_due.then(|| {
            (self.has_learnt, self.kept) = (false, now);
            self.memory()
        })
    }

    /// Goes on with what was learnt before; nothing is taken over of another shop, or
    /// of what no shop could have taught. Whether it was taken over.
    pub fn recall(&mut self, memory: Memory) -> bool {
        memory.shop == self.shop && self.take_over(memory.kept_db, memory.learnt)
    }

    pub(super) fn take_over(&mut self, kept_db: Vec<f32>, learnt: Option<Learnt>) -> bool {
        // Each is told less the mean of all.
        let is_sound = |db: &f32| db.abs() <= 2.0 * OFFSET_DB_MAX;
        if kept_db.len() != self.floor.kept_db.len() || !kept_db.iter().all(is_sound) {
            return false;
        }
        match (learnt, &mut self.fading) {
            (None, None) => {}
            (Some(learnt), Some(fading)) => {
                if !fading.go_on(learnt) {
                    return false;
                }
                self.floor.bend(fading);
            }
            _ => return false,
        }
        self.floor.kept_db = kept_db;
        true
    }
}
