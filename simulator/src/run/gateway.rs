//! The shell around the engine, virtual: ledger, cache of profiles, clock, and
//! a process that can die. The engine is the gateway's own.

use super::ledger::{Ledger, Room};
use engine::{
    Effects, Engine, Event, Now, Seed,
    census::Census,
    plan::{GuardSettings, StorePlan},
    presence::Memory,
    shopper::{Profile, ShopperId},
    time::{Mono, UnixMs, Wall},
};
use std::{
    collections::BTreeMap,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
};

/// The gateway's process and what outlives it.
#[derive(Debug)]
pub struct Gateway {
    plan: Arc<StorePlan>,
    seed: Seed,
    engine: Option<Engine>,
    started_ms: u64,
    /// The disk.
    pub ledger: Ledger,
    /// The cache of profiles.
    pub profiles: BTreeMap<ShopperId, Profile>,
    /// What was learnt of radio, as it was last kept.
    pub radio: Option<Memory>,
    /// The clock on the wall.
    pub clock: Clock,
    /// What the engine takes for the room on the disk.
    room_told: bool,
    /// What engines took in, run by run, if that is wanted.
    recorded: Option<Vec<Vec<u8>>>,
}

/// The clock on the wall as the operating system has it.
#[derive(Debug, Clone, Copy, Default)]
pub struct Clock {
    /// Fast by this much, ms.
    pub fast_ms: i64,
    /// Nobody vouches for it.
    pub unsynced: bool,
}

/// The engine panicked: the one thing it must never do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Panicked(pub String);

impl Gateway {
    /// Not started yet.
    pub fn new(plan: Arc<StorePlan>, seed: u64, records: bool) -> Self {
        Self {
            plan,
            // The secret of the store: the same at every start.
            seed: Seed(seed ^ 0x5eed_0f57_06e5),
            engine: None,
            started_ms: 0,
            ledger: Ledger::default(),
            profiles: BTreeMap::new(),
            radio: None,
            clock: Clock::default(),
            room_told: true,
            recorded: records.then(Vec::new),
        }
    }

    /// The engine, while the process lives.
    pub fn engine(&self) -> Option<&Engine> {
        self.engine.as_ref()
    }

    /// What the process takes for the time.
    pub fn now(&self, at_ms: u64, date: UnixMs) -> Now {
        Now {
            mono: Mono(at_ms.saturating_sub(self.started_ms)),
            wall: if self.clock.unsynced {
                Wall::Unsynced
            } else {
                Wall::Synced(UnixMs(date.0 + self.clock.fast_ms))
            },
        }
    }

    /// Starts with what the ledger adds up to.
    pub fn start(&mut self, at_ms: u64, date: UnixMs) -> Event {
        self.started_ms = at_ms;
        let restored = self.ledger.start();
        let now = self.now(at_ms, date);
        let mut engine = Engine::new(self.plan.clone(), restored, self.seed, now);
        if let Some(memory) = &self.radio {
            engine.recall(memory.clone());
        }
        if self.recorded.is_some() {
            engine.begin_recording(now);
        }
        self.engine = Some(engine);
        self.room_told = true;
        self.census()
    }

    /// What the engine has to be told of the room on the disk, when that has changed.
    pub fn room(&mut self) -> Option<Event> {
        self.engine.as_ref()?;
        let is_there = self.ledger.room() == Room::There;
        let was_there = std::mem::replace(&mut self.room_told, is_there);
        (was_there != is_there).then_some(Event::Room(is_there))
    }

    /// From now on with exactly this public-screen guard, or without one, to
    /// measure what it is worth.
    pub fn measure_guard(&mut self, settings: Option<GuardSettings>) {
        if let Some(engine) = &mut self.engine {
            engine.measure_guard(settings);
        }
    }

    /// The process dies.
    pub fn die(&mut self) {
        if let (Some(mut engine), Some(runs)) = (self.engine.take(), &mut self.recorded) {
            runs.push(engine.take_recording());
        }
    }

    /// Ends one run of the recording and begins another, as at midnight.
    pub fn record_anew(&mut self, now: Now) {
        if let (Some(engine), Some(runs)) = (&mut self.engine, &mut self.recorded) {
            runs.push(engine.end_recording(now));
            engine.begin_recording(now);
        }
    }

    /// Everything that was recorded, run by run.
    pub fn recording(&mut self, now: Now) -> Vec<Vec<u8>> {
        if let (Some(engine), Some(runs)) = (&mut self.engine, &mut self.recorded) {
            runs.push(engine.end_recording(now));
        }
        self.recorded.take().unwrap_or_default()
    }

    /// How many of those whose profile is kept are in each offer's segments.
    pub fn census(&self) -> Event {
        let mut census = Census::new(&self.plan, None);
        for profile in self.profiles.values() {
            census.count(profile.clone());
        }
        Event::Census(census.result())
    }

    /// When the engine wants to be woken, ms of the world.
    pub fn wake_ms(&self) -> u64 {
        let wake = self.engine.as_ref().and_then(Engine::next_wake);
        wake.map_or(u64::MAX, |wake| self.started_ms.saturating_add(wake.at.0))
    }

    /// Tells the engine something.
    pub fn tell(&mut self, now: Now, event: Event, effects: &mut Effects) -> Result<(), Panicked> {
        let Some(engine) = &mut self.engine else {
            return Ok(());
        };
        // After a panic the run ends, so a state torn in half is never used.
        caught(|| engine.handle(now, event, effects))
    }
}

fn caught(call: impl FnOnce()) -> Result<(), Panicked> {
    catch_unwind(AssertUnwindSafe(call)).map_err(|panic| {
        let text = panic.downcast_ref::<String>().cloned();
        let text = text.or_else(|| panic.downcast_ref::<&str>().map(|s| (*s).to_owned()));
        Panicked(text.unwrap_or_else(|| "no message".to_owned()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_caught_with_its_message() {
        let panicked = caught(|| panic!("zone {} is gone", 7)).unwrap_err();
        assert_eq!(panicked, Panicked("zone 7 is gone".to_owned()));
        assert_eq!(caught(|| ()), Ok(()));
    }
}
