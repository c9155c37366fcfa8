//! What goes wrong now and then, and when.

use crate::{
    chance::Chance,
    faults::{Fault, FaultPlan},
};

/// When each recurring mishap happens next.
#[derive(Debug)]
pub struct Mishaps {
    /// The rates.
    pub plan: FaultPlan,
    /// Where and how it hits.
    pub chance: Chance,
    next: Vec<(u64, Fault)>,
    heal_ms: u64,
}

impl Mishaps {
    /// Begins at `from_ms` and ends at `heal_ms`.
    pub fn new(plan: FaultPlan, mut chance: Chance, from_ms: u64, heal_ms: u64) -> Self {
        let mut next: Vec<(u64, Fault)> = Fault::ALL
            .iter()
            .filter_map(|fault| Some((*fault, every_ms(&plan, *fault)?)))
            .map(|(fault, every)| (from_ms + chance.wait(every) as u64, fault))
            .collect();
        next.sort_unstable();
        Self {
            plan,
            chance,
            next,
            heal_ms,
        }
    }

    /// When the next one happens.
    pub fn next_ms(&self) -> u64 {
        let next = self.next.first().map_or(u64::MAX, |(at, _)| *at);
        if next < self.heal_ms { next } else { u64::MAX }
    }

    /// The next one, and draws when it happens again.
    pub fn take(&mut self) -> Option<Fault> {
        let (at, fault) = *self.next.first()?;
        if let Some(every) = every_ms(&self.plan, fault) {
            self.next[0].0 = at + 1 + self.chance.wait(every) as u64;
            self.next.sort_unstable();
        }
        Some(fault)
    }

    /// Whether something with this probability happens now.
    pub fn strikes(&mut self, now_ms: u64, probability: f64) -> bool {
        self.chance.happens(probability) && now_ms < self.heal_ms
    }

    /// The mishaps are over.
    pub fn heal(&mut self) {
        self.plan = FaultPlan::default();
        self.next.clear();
    }
}

fn every_ms(plan: &FaultPlan, fault: Fault) -> Option<f64> {
    match fault {
        Fault::Broker => plan.broker_every_ms,
        Fault::Crash => plan.crash_every_ms,
        Fault::Clock => plan.clock_every_ms,
        Fault::Screen => plan.screen_every_ms,
        Fault::Leap => plan.leap_every_ms,
        Fault::Garbage => plan.garbage_every_ms,
        Fault::Implausible => plan.implausible_every_ms,
        Fault::Drop
        | Fault::Duplicate
        | Fault::Delay
        | Fault::Reorder
        | Fault::Store
        | Fault::Unsynced
        | Fault::Refuse
        | Fault::Disk
        | Fault::Commit => None,
    }
}
