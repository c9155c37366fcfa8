//! What goes wrong now and then, and when.

use crate::{
    chance::{Chance, Concern},
    faults::{Fault, FaultPlan},
};

/// When each recurring mishap happens next.
#[derive(Debug)]
pub struct Mishaps {
    /// The rates.
    pub plan: FaultPlan,
    /// Where and how it hits.
    pub chance: Chance,
    /// The same of full disks, which came later: those of before keep their seeds.
    pub rooms: Chance,
    next: Vec<(u64, Fault)>,
    heal_ms: u64,
}

impl Mishaps {
    /// Begins at the first of these times and ends at the second.
    pub fn new(plan: FaultPlan, seed: u64, (from_ms, heal_ms): (u64, u64)) -> Self {
        let mut mishaps = Self {
            plan,
            chance: Chance::new(seed, Concern::Faults),
            rooms: Chance::new(seed, Concern::Room),
            next: Vec::new(),
            heal_ms,
        };
        for fault in Fault::ALL {
            if let Some(wait_ms) = mishaps.wait_ms(*fault) {
                mishaps.next.push((from_ms + wait_ms, *fault));
            }
        }
        mishaps.next.sort_unstable();
        mishaps
    }

    /// How long until this happens again, if it does.
    fn wait_ms(&mut self, fault: Fault) -> Option<u64> {
        let every = every_ms(&self.plan, fault)?;
        let chance = match fault {
            Fault::Full => &mut self.rooms,
            _ => &mut self.chance,
        };
        Some(chance.wait(every) as u64)
    }

    /// When the next one happens.
    pub fn next_ms(&self) -> u64 {
        let next = self.next.first().map_or(u64::MAX, |(at, _)| *at);
        if next < self.heal_ms { next } else { u64::MAX }
    }

    /// The next one, and draws when it happens again.
    pub fn take(&mut self) -> Option<Fault> {
        let (at, fault) = *self.next.first()?;
        if let Some(wait_ms) = self.wait_ms(fault) {
            self.next[0].0 = at + 1 + wait_ms;
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
        Fault::Full => plan.full_every_ms,
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
