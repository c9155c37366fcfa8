//! The shop's decisions. Events in, effects out; no clock, no I/O, no async,
//! no randomness but the seed.
//!
//! ```text
//! ingest > identity > consent > presence > context > decide > deliver > measure
//! ```
//!
//! The modules stand in the order in which data flows, and a stage never
//! reaches into another's fields. This file only dispatches.

pub mod calibration;
pub mod census;
mod check;
mod commits;
pub mod consent;
mod context;
pub mod control;
pub mod decide;
mod deliver;
mod desk;
pub mod effect;
pub mod event;
pub mod heat;
pub mod identity;
mod index;
mod ingest;
pub mod measure;
pub mod money;
pub mod plan;
pub mod presence;
pub mod recording;
mod redeem;
pub mod replay;
pub mod sale;
pub mod shopper;
pub mod snapshot;
mod status;
mod step;
pub mod strength;
mod tail;
mod till;
pub mod time;
pub mod trial;
pub mod view;
mod why;

pub use effect::{Effect, Effects};
pub use event::Event;
pub use snapshot::Snapshot;
pub use time::Now;

use commits::Commits;
use consent::Consents;
use context::Context;
use decide::{Decision, Learned, RuleBook, Settle, Traits};
use deliver::Deliver;
use effect::{CommitId, Dropped, Record};
use event::{Heard, Reading, ScreenSaid, Sighting};
use identity::{Identity, Whose};
use ingest::Ingest;
use measure::{Arms, Tallies};
use plan::{GuardSettings, ScannerIx, SensorIx, StorePlan};
use presence::{Change, Presence, Tag, Taken};
use protocol::{
    beacon::Beacon,
    frame::{NodeFrame, Quantity},
    screen::ScreenStatus,
};
use recording::{Chain, Signal, Tape};
use serde::{Deserialize, Serialize};
use shopper::{Profile, ShopperId};
use std::{collections::BTreeMap, sync::Arc};
use strength::Strength;
use trial::Watch;

/// The only source of chance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seed(pub u64);

/// When something was last heard that no honest beacon sends.
#[derive(Debug, Default)]
struct Foul {
    replayed: Option<time::Mono>,
    flooded: Option<time::Mono>,
    unresolved: Option<time::Mono>,
}

/// When to send [`Event::Woke`], and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Wake {
    /// The moment.
    pub at: time::Mono,
    /// What waits for it.
    pub why: WakeReason,
}

/// What waits for a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum WakeReason {
    /// The second's work: presence, exposures, decisions, resending, expiry.
    Step,
    /// Rotating identifiers of the next slot are to be computed.
    Identity,
}

/// The shop's mind.
#[derive(Debug)]
pub struct Engine {
    plan: Arc<StorePlan>,
    seed: Seed,
    counts: view::Counts,
    ports: BTreeMap<(ScannerIx, u8), SensorIx>,
    ingest: Ingest,
    identity: Identity,
    foul: Foul,
    consents: Consents,
    presence: Presence,
    traits: BTreeMap<ShopperId, Traits>,
    context: Context,
    census: Vec<u32>,
    learned: Learned,
    book: RuleBook,
    settle: Vec<Settle>,
    decisions: Vec<Option<Decision>>,
    deliver: Deliver,
    tallies: Tallies,
    arms: Arms,
    watch: Watch,
    commits: Commits,
    changes: Vec<Change>,
    in_view: Vec<u32>,
    started: time::Mono,
    /// What is taken in, while it is recorded.
    tape: Option<Box<Tape>>,
    /// Every decision, while it is recorded or decided again.
    chain: Option<Chain>,
    guarding: decide::Guarding,
}

/// Borrows what [`Out`] needs and leaves the stages free.
macro_rules! out {
    ($engine:expr, $effects:expr) => {
        $crate::commits::Out {
            effects: $effects,
            commits: &mut $engine.commits,
            tallies: &mut $engine.tallies,
            counts: &mut $engine.counts,
        }
    };
}
pub(crate) use out;

impl Engine {
    /// Starts with what the ledger adds up to. `restored.boot` is the number of
    /// this start, already in the ledger.
    pub fn new(plan: Arc<StorePlan>, mut restored: Snapshot, seed: Seed, now: Now) -> Self {
        let boot = restored.boot;
        let (mut identity, mut consents) = (Identity::new(seed), Consents::new(seed));
        consents.reserve(restored.enrolled.len());
        identity.reserve(restored.enrolled.values().flat_map(|e| &e.keys));
        for (_, enrolment) in std::mem::take(&mut restored.enrolled) {
            if !enrolment.consent.purposes.is_empty() {
                let keys = enrolment.keys.iter();
                keys.for_each(|key| identity.add(enrolment.shopper, key));
            }
            consents.restore(enrolment);
        }
        for (shopper, version) in std::mem::take(&mut restored.forgotten) {
            consents.restore_forgotten(shopper, version);
        }
        let mut watch = Watch::default();
        watch.replan(&plan);
        let mut tallies = Tallies::new(&plan, restored);
        tallies.tick(now.mono);
        Self {
            seed,
            counts: view::Counts::default(),
            ports: ports(&plan),
            ingest: Ingest::new(plan.scanners.len(), boot),
            identity,
            foul: Foul::default(),
            consents,
            presence: Presence::new(&plan, seed),
            traits: BTreeMap::new(),
            context: Context::new(&plan),
            census: vec![0; plan.offers.len()],
            learned: Learned::default(),
            book: RuleBook::new(&plan),
            settle: vec![Settle::default(); plan.screens.len()],
            decisions: vec![None; plan.screens.len()],
            deliver: Deliver::new(&plan, boot, seed),
            tallies,
            arms: Arms::new(seed),
            watch,
            commits: Commits::default(),
            changes: Vec::new(),
            in_view: Vec::new(),
            started: now.mono,
            tape: None,
            chain: None,
            guarding: decide::Guarding::Shop,
            plan,
        }
    }

    /// Advances by one event. Total: never fails, never blocks, never reads a clock.
    /// Appends to `effects`.
    pub fn handle(&mut self, now: Now, event: Event, effects: &mut Effects) {
        self.tape_event(now, &event);
        self.take_event(now, event, effects);
        if self.identity.next_wake().is_some_and(|at| now.mono >= at) {
            self.identity.prepare(now);
        }
        self.identity.forget(now.mono);
        self.step(now, effects);
    }

    /// One event, without the second's work.
    pub(crate) fn take_event(&mut self, now: Now, event: Event, effects: &mut Effects) {
        self.tallies.tick(now.mono);
        match event {
            Event::Sighting(sighting) => self.sighting(now, &sighting, effects),
            Event::Node { scanner, frame } => self.node(now, scanner, &frame, effects),
            Event::Reading(reading) => self.reading(now, &reading, effects),
            Event::Malformed(why) => self.counts.malformed[why as usize] += 1,
            Event::Upsert {
                request,
                enrolment,
                profile,
            } => {
                self.upsert(now, request, *enrolment, profile, effects);
            }
            Event::Withdraw {
                request,
                shopper,
                purposes,
            } => {
                self.withdraw(now, request, shopper, purposes, effects);
            }
            Event::Forget { request, shopper } => self.forget(now, request, shopper, effects),
            Event::Tail { request, tail } => self.tail(now, request, tail, effects),
            Event::Profile { shopper, profile } => self.profile(now, shopper, profile),
            Event::Census(counts) => self.take_census(&counts),
            Event::Learned(table) => self.learned = Learned::new(&self.plan, &table),
            Event::Pause { request, what } => self.pause(now, request, what, effects),
            Event::Resume { request, what } => self.resume(request, what, effects),
            Event::Basket(basket) => self.basket(now, basket, effects),
            Event::Receipt { request, receipt } => self.receipt(now, request, &receipt, effects),
            Event::Incident {
                request,
                screen,
                what,
            } => self.complain(now, Some(request), screen, what, effects),
            Event::ResumeRamp { request, offer } => {
                self.resume_ramp(now, request, &offer, effects);
            }
            Event::Code { request, asks } => self.code(now, request, &asks, effects),
            Event::Screen(said) => self.screen(now, said, effects),
            Event::Durable(id) => self.durable(now, id, effects),
            Event::Room(is_there) => self.commits.is_disk_full = !is_there,
            Event::PlanChanged(plan) => self.replan(now, plan, effects),
            Event::Woke => {}
        }
    }

    /// When to send [`Event::Woke`], and why. Earlier or more often does no harm.
    pub fn next_wake(&self) -> Option<Wake> {
        let step = Wake {
            at: self.presence.next_wake(),
            why: WakeReason::Step,
        };
        let identity = self.identity.next_wake();
        let identity = identity.map(|at| Wake {
            at,
            why: WakeReason::Identity,
        });
        Some(identity.map_or(step, |identity| identity.min(step)))
    }

    /// Has the public-screen guard ask by exactly these settings, or not at all,
    /// to measure what it hides and what it costs. The gateway never does: a
    /// test looks.
    pub const fn measure_guard(&mut self, settings: Option<GuardSettings>) {
        self.guarding = decide::Guarding::Measured(settings);
    }

    /// Facts counted since start.
    pub const fn counts(&self) -> &view::Counts {
        &self.counts
    }

    /// The last decision for each screen, in the order of the plan.
    pub fn decisions(&self) -> &[Option<Decision>] {
        &self.decisions
    }

    /// The visit of a shopper who is here now, for the demo and the consent desk.
    pub fn visit_of(&self, shopper: ShopperId) -> Option<u32> {
        self.presence.visit(shopper).map(|v| v.number)
    }

    /// Where a shopper who is here now is taken to be, for tools that know better.
    pub fn place_of(&self, shopper: ShopperId) -> Option<plan::Point> {
        self.presence.visit(shopper).map(|v| v.place.at)
    }

    /// What was learnt of how radio fades here; `None` where a survey says it.
    pub fn radio(&self) -> Option<presence::Radio> {
        self.presence.radio()
    }

    /// What was learnt of radio so far, to be kept over a restart.
    pub fn memory(&self) -> presence::Memory {
        self.presence.memory()
    }

    /// Goes on with what was learnt of radio before a restart. Whether it was learnt in
    /// this shop, as scanners, walls and survey are now; otherwise nothing changes.
    pub fn recall(&mut self, memory: presence::Memory) -> bool {
        self.presence.recall(memory)
    }

    /// Whether a beacon belongs to somebody who enrolled.
    pub fn is_enrolled(&mut self, now: Now, beacon: &Beacon) -> bool {
        self.identity.whose(now, beacon) != Whose::Stranger
    }

    /// The shopper behind a visit that is going on, for the consent desk.
    pub fn shopper_of(&self, visit: u32) -> Option<ShopperId> {
        let visits = self.presence.visits().iter();
        visits
            .filter(|v| v.number == visit)
            .map(|v| v.shopper)
            .next()
    }

    fn sighting(&mut self, now: Now, sighting: &Sighting, effects: &mut Effects) {
        let Some(at) = self.ingest.sighting(now, sighting, &mut self.counts) else {
            return;
        };
        let shopper = match self.identity.whose(now, &sighting.beacon) {
            Whose::Shopper(shopper) => shopper,
            // What scanners hear of each other is nobody's.
            Whose::Stranger if self.plan.sends(&sighting.beacon).is_some() => return,
            Whose::Stranger => {
                self.counts.strangers += 1;
                return;
            }
            Whose::NotTried => {
                self.counts.unresolved += 1;
                self.foul.unresolved = Some(now.mono);
                return;
            }
            Whose::Replayed => {
                self.counts.replayed += 1;
                self.foul.replayed = Some(now.mono);
                return;
            }
        };
        if self.consents.permit_to_follow(shopper, now).is_none() {
            self.counts.strangers += 1;
            return;
        }
        let signal = Signal {
            scanner: sighting.scanner,
            tag: Tag::of(&sighting.beacon),
            strength: sighting.strength,
            at,
        };
        self.tape_signal(now, shopper, &signal);
        self.signal(now, shopper, &signal, effects);
    }

    /// Somebody who agreed to be followed was heard.
    fn signal(&mut self, now: Now, shopper: ShopperId, signal: &Signal, effects: &mut Effects) {
        let Some(permit) = self.consents.permit_to_follow(shopper, now) else {
            return;
        };
        let heard = (signal.scanner.at(), signal.strength);
        match self.presence.hear(signal.at, &permit, signal.tag, heard) {
            Taken::Known => {}
            Taken::Arrived(visit) => {
                effects.push(Effect::Record(Record::Arrived { visit }));
                self.arrived(now, shopper, effects);
            }
            Taken::Repeated => self.counts.duplicate += 1,
            Taken::Frozen => self.counts.implausible += 1,
            Taken::Flooded => {
                self.counts.flooded += 1;
                self.foul.flooded = Some(now.mono);
            }
            Taken::Full => {
                self.counts.dropped += 1;
                effects.push(Effect::Record(Record::Dropped(Dropped::Visit)));
            }
        }
    }

    fn arrived(&mut self, now: Now, shopper: ShopperId, effects: &mut Effects) {
        self.fetch(now, shopper, effects);
        // Who comes in soon after a start may have been here before it: caps per
        // visit then count all showings of the newest day that was charged, whatever
        // the date is now. It may be another since midnight, or be wrong.
        let may_be_the_same_visit = now.mono.since_ms(self.started) < presence::SAME_VISIT_MS;
        if may_be_the_same_visit && let Some(visit) = self.presence.visit_mut(shopper) {
            visit.shown = self.tallies.newest_of(shopper);
        }
    }

    fn node(&mut self, now: Now, scanner: ScannerIx, frame: &NodeFrame, effects: &mut Effects) {
        let Some(age_ms) = self.ingest.frame(now, scanner, frame, &mut self.counts) else {
            return;
        };
        let ago = |before: u16| Heard::AgoMs(age_ms.saturating_add(before.into()));
        for heard in &frame.sightings {
            let sighting = Sighting {
                scanner,
                beacon: heard.beacon,
                strength: Strength::of(heard),
                reference_dbm: heard.reference_dbm,
                heard: ago(heard.age_ms),
            };
            self.sighting(now, &sighting, effects);
        }
        for said in &frame.readings {
            let Some(sensor) = self.ports.get(&(scanner, said.port)) else {
                self.counts.malformed[event::Malformed::UnknownDevice as usize] += 1;
                continue;
            };
            let reading = Reading {
                sensor: *sensor,
                value: said.value,
                heard: ago(said.age_ms),
                retained: false,
            };
            self.reading(now, &reading, effects);
        }
    }

    fn reading(&mut self, now: Now, reading: &Reading, effects: &mut Effects) {
        self.tape_reading(now, reading);
        let taken = self.counts.readings;
        self.context
            .reading(now, &self.plan, reading, &mut self.counts);
        if self.counts.readings > taken && reading.value == Quantity::Occupied(true) {
            self.pressed(now, reading.sensor, effects);
        }
    }

    fn profile(&mut self, now: Now, shopper: ShopperId, profile: Option<Box<Profile>>) {
        let here = self.presence.visit(shopper).is_some();
        let known = self
            .consents
            .permit(shopper, shopper::Purpose::Personalisation, now)
            .is_some();
        match profile {
            Some(profile) if here && known => {
                self.traits
                    .insert(shopper, Traits::new(&self.plan, *profile));
            }
            Some(_) | None => {
                self.traits.remove(&shopper);
            }
        }
    }

    pub(crate) fn take_census(&mut self, counts: &[(protocol::id::OfferId, u32)]) {
        for (offer, count) in counts {
            if let Some(index) = self.plan.offer(offer) {
                self.census[index.at()] = *count;
            }
        }
    }

    fn screen(&mut self, now: Now, said: ScreenSaid, effects: &mut Effects) {
        if said.screen.at() >= self.plan.screens.len() {
            self.counts.malformed[event::Malformed::UnknownDevice as usize] += 1;
            return;
        }
        // A word from the screen may have a command sent again.
        self.keep_right(now, said.screen, effects);
        let awaited = self.deliver.awaited(said.screen);
        let failed = self.counts.unconfirmed;
        let mut out = out!(self, effects);
        self.deliver.said(now, said, &mut out);
        if let Some(offer) = awaited.filter(|_| self.counts.unconfirmed > failed) {
            self.note_failed(&offer, effects);
        }
        if said.status == ScreenStatus::Painted {
            self.note_exposed(now, said.screen, effects);
        }
    }

    fn durable(&mut self, now: Now, id: CommitId, effects: &mut Effects) {
        while let Some(then) = self.commits.next_durable(id) {
            self.then(now, then, effects);
        }
    }

    fn replan(&mut self, now: Now, plan: Arc<StorePlan>, effects: &mut Effects) {
        let before = std::mem::replace(&mut self.plan, plan);
        let plan = self.plan.clone();
        let renamed = |o: plan::OfferIx| plan.offer(&before.offers[o.at()].id);
        self.presence.rename_offers(renamed);
        self.presence.replan(&before, &plan);
        self.context.replan(&before, &plan);
        self.tallies.replan(&plan);
        self.arms.clear();
        self.watch.replan(&plan);
        self.ports = ports(&plan);
        self.ingest.replan(plan.scanners.len());
        self.census = vec![0; plan.offers.len()];
        self.learned = Learned::default();
        self.book = RuleBook::new(&plan);
        self.settle = vec![Settle::default(); plan.screens.len()];
        self.decisions = vec![None; plan.screens.len()];
        self.traits.clear();
        let mut out = out!(self, effects);
        self.deliver.replan(now, &plan, &mut out);
        for visit in self.presence.visits() {
            self.fetch(now, visit.shopper, effects);
        }
    }
}

/// Which sensor hangs on which port of which node.
fn ports(plan: &StorePlan) -> BTreeMap<(ScannerIx, u8), SensorIx> {
    let sensors = plan.sensors.iter().enumerate();
    sensors
        .filter_map(|(index, sensor)| Some((sensor.node?, SensorIx(index as u16))))
        .collect()
}
