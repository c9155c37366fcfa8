//! The loop: whatever is due next happens next.

mod judge;
mod strike;

use super::{
    Options, Outcome, Stage,
    desk::{Ask, Desk, shopper},
    gateway::Gateway,
    journal::{Journal, text},
    mishaps::Mishaps,
    opening,
    planted::Planted,
    post::{Parcel, Post},
    score::Score,
    translate::{self, Node},
};
use crate::{
    bystander::watch::Watch,
    chance::{Chance, Concern},
    checker::{Call, Checker},
    faults::{Fault, FaultPlan, Struck},
    players::Player,
    world::{Happening, Settings, TICK_MS, World, arrivals::Filling, population::Population},
};
use engine::{
    Effect, Effects, Engine, Event,
    effect::Record,
    event::{Heard, Reading, ScreenSaid},
    plan::{GuardSettings, ScreenIx, SensorIx},
    shopper::{IdentityKey, Purpose, Purposes, ShopperId},
    time::UnixMs,
};
use protocol::{frame::Quantity, screen::ScreenAction};
use std::{collections::BTreeMap, io, sync::Arc, time::Instant};

/// Share of arrivals who once signed up.
const SIGNED_UP: f64 = 0.4;
/// Faults begin when the shop has filled a little and end in time for the
/// world to heal: shares of the whole run.
const FAULTS_FROM: f64 = 0.1;
const HEALS_AT: f64 = 0.75;
/// After healing, everything must be right within this time, ms: longer than
/// any picture stands, any screen is silent and any resending takes.
const QUIET_MS: u64 = 90_000;
/// After its clock was set a gateway needs a moment to work out tokens anew, ms.
const CLOCK_SETTLES_MS: u64 = 3_000;
/// How often the engine is asked for its own promises, and truth is sampled, ms.
const SECOND_MS: u64 = 1_000;

/// One run.
pub(super) struct Run<'s, 'w> {
    stage: &'s Stage,
    options: Options,
    opens: UnixMs,
    population: Arc<Population>,
    by_shopper: BTreeMap<ShopperId, u32>,
    world: World,
    post: Post,
    desk: Desk,
    gateway: Gateway,
    players: Vec<Player>,
    nodes: Vec<Node>,
    mishaps: Mishaps,
    checker: Checker,
    score: Score,
    journal: Journal<'w>,
    /// Somebody who stands there and takes notes.
    watch: Option<&'w mut Watch>,
    delays: Chance,
    screens: Chance,
    minds: Chance,
    effects: Effects,
    faults: Vec<Fault>,
    heal_ms: u64,
    healed: bool,
    now_ms: u64,
    starts: u32,
    calls: u64,
    sightings: u64,
    last_sent: Vec<u64>,
    clock_set_ms: u64,
    over: bool,
    begun: Instant,
}

impl<'s, 'w> Run<'s, 'w> {
    pub(super) fn new(
        stage: &'s Stage,
        options: &Options,
        lines: Option<&'w mut dyn io::Write>,
    ) -> Self {
        let begun = Instant::now();
        let plan = &stage.ground.plan;
        let opens = opening(plan, options);
        let seed = options.seed;
        let customers = options.customers.unwrap_or(options.shoppers / 2);
        let population = Population::draw(plan, seed, customers.clamp(20, 20_000), Some(opens));
        let faults = FaultPlan::draw(seed, &options.faults);
        let stream = |concern| Chance::new(seed, concern);
        let heal_ms = (options.for_ms as f64 * HEALS_AT) as u64;
        let from_ms = (options.for_ms as f64 * FAULTS_FROM) as u64;
        let mut screens = stream(Concern::Screens);
        let settings = Settings {
            seed,
            filling: Filling::Day {
                people: options.shoppers,
                from: opens,
                for_ms: options.for_ms,
            },
            signed_up: SIGNED_UP,
            receipts: format!("r{seed}"),
        };
        let mut run = Self {
            by_shopper: population.iter().map(|(n, _)| (shopper(n), n)).collect(),
            world: World::new(stage.ground.clone(), population.clone(), settings),
            post: Post::new(
                faults.clone(),
                stream(Concern::Delays),
                stream(Concern::Faults),
            ),
            desk: Desk::new(population.clone()),
            gateway: Gateway::new(plan.clone(), seed, options.record_every_ms.is_some()),
            players: (0..)
                .map(ScreenIx)
                .zip(&plan.screens)
                .map(|(ix, screen)| Player::new(ix, screen, &mut screens))
                .collect(),
            nodes: (0..plan.scanners.len() as u32).map(Node::start).collect(),
            mishaps: Mishaps::new(faults.clone(), seed, (from_ms, heal_ms)),
            checker: Checker::new(plan.clone()),
            score: Score::default(),
            journal: Journal::new(lines),
            watch: None,
            delays: stream(Concern::Delays),
            screens,
            minds: stream(Concern::Minds),
            effects: Effects::new(),
            faults: faults.on.clone(),
            heal_ms,
            healed: false,
            now_ms: 0,
            starts: 0,
            calls: 0,
            sightings: 0,
            last_sent: vec![0; plan.screens.len()],
            clock_set_ms: 0,
            over: false,
            begun,
            stage,
            options: options.clone(),
            opens,
            population,
        };
        run.start_gateway();
        run
    }

    /// Has somebody watch, with exactly this public-screen guard or without one.
    pub(super) fn watched(mut self, guard: Option<GuardSettings>, watch: &'w mut Watch) -> Self {
        watch.population = Some(self.population.clone());
        self.watch = Some(watch);
        self.gateway.measure_guard(guard);
        self
    }

    fn struck(&self) -> Struck {
        let mut struck = self.post.struck.clone();
        struck.note_many(Fault::Disk, self.gateway.ledger.slow);
        struck
    }

    pub(super) fn finish(mut self) -> Outcome {
        while self.now_ms < self.options.for_ms && !self.over {
            self.until_tick();
            if !self.over {
                self.tick();
            }
        }
        self.judge_liveness();
        let now = self.gateway.now(self.now_ms, self.date());
        let recording = self.gateway.recording(now);
        let lifts = self.gateway.engine().map(Engine::lifts).unwrap_or_default();
        let plan = &self.stage.ground.plan;
        let struck = self.struck();
        let (hash, journal) = self.journal.close();
        Outcome {
            hash,
            violations: self.checker.complaints.kept().to_vec(),
            violations_count: self.checker.complaints.count,
            score: self.score.close(plan, self.world.effects(), &lifts),
            faults: self.faults,
            struck,
            starts: self.starts,
            calls: self.calls,
            sightings: self.sightings,
            for_ms: self.now_ms,
            took: self.begun.elapsed(),
            recording,
            journal,
        }
    }

    fn date(&self) -> UnixMs {
        UnixMs(self.opens.0 + self.now_ms as i64)
    }

    /// Everything that is due before the world's next step.
    fn until_tick(&mut self) {
        let tick_ms = self.world.now_ms() + TICK_MS;
        while !self.over {
            let player = self.players.iter().map(Player::next_due_ms).min();
            let player_ms = player.unwrap_or(u64::MAX);
            let dues = [
                self.post.next_ms(),
                player_ms,
                self.gateway.wake_ms(),
                self.mishaps.next_ms(),
            ];
            let due_ms = dues.into_iter().min().unwrap_or(u64::MAX);
            if due_ms >= tick_ms {
                break;
            }
            self.now_ms = self.now_ms.max(due_ms);
            if due_ms == dues[0] {
                if let Some(parcel) = self.post.take() {
                    self.receive(parcel);
                }
            } else if due_ms == player_ms {
                self.step_players();
            } else if due_ms == dues[2] {
                self.tell(Event::Woke);
            } else if let Some(fault) = self.mishaps.take() {
                self.strike(fault);
            }
        }
        self.now_ms = tick_ms;
    }

    fn receive(&mut self, parcel: Parcel) {
        match parcel {
            Parcel::ToGateway { event, heard } => {
                if self.gateway.engine().is_some() {
                    self.note_heard(&event, &heard);
                    self.tell(event);
                }
            }
            Parcel::Inside(event) => self.tell(event),
            Parcel::ToScreen(command) => {
                let plan = &self.stage.ground.plan;
                if let Some(screen) = plan.screen(&command.screen) {
                    let player = &mut self.players[screen.at()];
                    player.command(self.now_ms, plan, &command, &mut self.screens);
                }
            }
            Parcel::Flushed => self.flushed(),
            Parcel::Start => self.start_gateway(),
            Parcel::RoomBack => self.room_comes_back(),
            Parcel::BrokerBack => {
                let now = self.now_ms;
                self.players.iter_mut().for_each(|p| p.reconnect(now));
            }
            Parcel::ClockRight => {
                self.journal.remark(self.now_ms, "the clock is right");
                self.clock_set_ms = self.now_ms;
                self.gateway.clock.fast_ms = 0;
                self.gateway.clock.unsynced = false;
            }
            Parcel::ScreenBack(screen) => {
                self.journal.remark(self.now_ms, "a screen starts");
                let player = &mut self.players[screen.at()];
                // The world may have healed in the meantime.
                if !player.is_alive() {
                    player.start(self.now_ms);
                }
            }
        }
    }

    /// A gateway with a wrong clock cannot tell rotating tokens, and takes
    /// consents that end for ended; everything else it hears.
    fn note_heard(&mut self, event: &Event, heard: &[ShopperId]) {
        self.sightings += match event {
            Event::Node { frame, .. } => frame.sightings.len() as u64,
            Event::Sighting(_) => 1,
            _ => 0,
        };
        let clock = self.gateway.clock;
        let settled = self.now_ms >= self.clock_set_ms + CLOCK_SETTLES_MS;
        let wrong = clock.unsynced || clock.fast_ms != 0 || !settled;
        for whose in heard {
            let needs_date = self.by_shopper.get(whose).is_some_and(|customer| {
                let known = self.population.get(*customer);
                known.consent.until.is_some() || matches!(known.key, IdentityKey::Rotating { .. })
            });
            let surely = !(wrong && needs_date);
            self.checker.was_heard(*whose, self.now_ms, surely);
        }
    }

    fn step_players(&mut self) {
        for i in 0..self.players.len() {
            while let Some(said) = self.players[i].step(self.now_ms, &mut self.screens) {
                let screen = ScreenIx(i as u8);
                if said.status == protocol::screen::ScreenStatus::Painted {
                    self.checker.painted(screen, said.revision, self.now_ms);
                }
                if said.status == protocol::screen::ScreenStatus::Rejected {
                    self.post.struck.note(Fault::Refuse);
                }
                let event = Event::Screen(ScreenSaid {
                    screen,
                    revision: said.revision,
                    status: said.status,
                });
                self.send(event, Vec::new());
            }
        }
    }

    fn send(&mut self, event: Event, heard: Vec<ShopperId>) {
        self.post
            .send(self.now_ms, Parcel::ToGateway { event, heard });
    }

    /// Tells the engine one thing and does what it asks for.
    fn tell(&mut self, event: Event) {
        if self.gateway.engine().is_none() || self.over {
            return;
        }
        let now = self.gateway.now(self.now_ms, self.date());
        let mut effects = std::mem::take(&mut self.effects);
        effects.clear();
        self.calls += 1;
        if let Err(panicked) = self.gateway.tell(now, event.clone(), &mut effects) {
            let what = format!("the engine panicked: {}", panicked.0);
            self.checker.complaints.add(2, self.now_ms, what);
            self.over = true;
            return;
        }
        let texts: Vec<String> = effects.iter().map(text).collect();
        self.journal.note(self.now_ms, &event, &effects, &texts);
        let call = Call {
            at_ms: self.now_ms,
            now,
            event: &event,
            effects: &effects,
        };
        self.checker.called(&call, &texts);
        for effect in effects.drain(..) {
            self.perform(effect);
        }
        self.effects = effects;
    }

    fn perform(&mut self, effect: Effect) {
        match effect {
            Effect::Commit { id, entry } => {
                if self.options.planted == Some(Planted::EarlyAnswer) {
                    let told = Parcel::Inside(Event::Durable(id));
                    self.post.at(self.now_ms, told);
                }
                let slow = self.mishaps.plan.disk;
                let ledger = &mut self.gateway.ledger;
                if let Some(after_ms) = ledger.append(id, entry, slow, &mut self.delays) {
                    self.post.at(self.now_ms + after_ms, Parcel::Flushed);
                }
            }
            Effect::Command(command) => {
                let screen = self.stage.ground.plan.screen(&command.screen);
                if let (Some(screen), ScreenAction::Show { .. }) = (screen, &command.action)
                    && command.revision > self.last_sent[screen.at()]
                {
                    self.last_sent[screen.at()] = command.revision;
                    self.score.shown();
                }
                self.post.send(self.now_ms, Parcel::ToScreen(command));
            }
            Effect::Fetch { shopper } => {
                let profile = self.gateway.profiles.get(&shopper).cloned().map(Box::new);
                let after_ms = 1 + self.delays.below(20);
                let event = Event::Profile { shopper, profile };
                self.post.at(self.now_ms + after_ms, Parcel::Inside(event));
            }
            Effect::Keep { shopper, profile } => {
                self.gateway.profiles.insert(shopper, *profile);
            }
            Effect::Erase { shopper } => {
                self.gateway.profiles.remove(&shopper);
            }
            Effect::KeepRadio(memory) => self.gateway.radio = Some(*memory),
            Effect::Answer { request, outcome } => self.desk.answer(request, outcome),
            Effect::Record(record) => self.record(&record),
        }
    }

    fn record(&mut self, record: &Record) {
        if let (Some(watch), Record::Decided(decision)) = (&mut self.watch, record) {
            watch.decided(decision);
        }
        let Some(engine) = self.gateway.engine() else {
            return;
        };
        self.score
            .record(record, self.now_ms, |visit| engine.shopper_of(visit));
    }

    /// The world's next step.
    fn tick(&mut self) {
        for i in 0..self.players.len() {
            let glass = self.players[i].glass(self.now_ms);
            self.world.paint(ScreenIx(i as u8), glass);
        }
        let mut happened = Vec::new();
        self.world.tick(self.date(), &mut happened);
        for happening in happened {
            self.happen(happening);
        }
        if !self.healed && self.now_ms >= self.heal_ms {
            self.heal();
        }
        if self.now_ms.is_multiple_of(SECOND_MS) {
            self.each_second();
        }
    }

    fn happen(&mut self, happening: Happening) {
        match happening {
            Happening::Batch(batch) => {
                for heard in batch.heard.iter().filter(|h| h.customer.is_none()) {
                    self.checker.strangers().sends(&heard.air.beacon);
                }
                let scanner = batch.scanner.at();
                let source = &self.stage.sources[scanner];
                let events = translate::events(&batch, source, &mut self.nodes[scanner]);
                for (event, heard) in events {
                    self.send(event, heard);
                }
            }
            Happening::Reading { sensor, value } => self.send(reading(sensor, value), Vec::new()),
            Happening::Sale(sale) => {
                self.score.sold();
                self.send(translate::basket(sale), Vec::new());
            }
            Happening::SecondThoughts { customer, forget } => self.rethink(customer, forget),
            Happening::Entered { customer } => self.score.entered(customer.is_some()),
            Happening::Left { customer } => {
                if let Some(customer) = customer {
                    self.score.left(shopper(customer));
                }
            }
        }
    }

    /// A customer takes consent back, wholly or in part, and some agree again.
    fn rethink(&mut self, customer: u32, forget: bool) {
        let personalisation = Purposes::NONE.with(Purpose::Personalisation);
        let offers = Purposes::NONE.with(Purpose::InStoreOffers);
        let ask = match (forget, self.minds.below(4)) {
            (true, _) => Ask::Forget,
            (false, 0) => Ask::Withdraw(personalisation),
            (false, 1) => Ask::Withdraw(offers),
            (false, _) => Ask::Withdraw(Purposes::ALL),
        };
        self.desk.want(customer, ask);
        if self.minds.happens(0.4) {
            self.desk.want(customer, Ask::SignUp);
        }
    }

    fn each_second(&mut self) {
        let every_ms = self.options.record_every_ms.unwrap_or(u64::MAX);
        if self.now_ms.is_multiple_of(every_ms) {
            let now = self.gateway.now(self.now_ms, self.date());
            self.gateway.record_anew(now);
        }
        if let Some(room) = self.gateway.room() {
            self.tell(room);
        }
        for event in self.desk.due(self.now_ms) {
            self.send(event, Vec::new());
        }
        let followed = |customer: u32| {
            let consent = &self.population.get(customer).consent;
            consent.until.is_none()
                && (consent.purposes.has(Purpose::InStoreOffers)
                    || consent.purposes.has(Purpose::Measurement))
        };
        for person in self.world.people() {
            let Some(customer) = person.customer else {
                continue;
            };
            self.checker.is_here(shopper(customer), self.now_ms);
            if followed(customer) {
                let zone = person.zone(self.world.floor());
                let whom = shopper(customer);
                let believed = self.gateway.engine().and_then(|e| e.place_of(whom));
                let off_m = believed.map(|at| at.distance(person.at));
                self.score.truth(whom, zone, off_m, self.now_ms);
            }
        }
        if let Some(watch) = &mut self.watch {
            let players = self.players.iter_mut();
            let glass: Vec<_> = players.map(|p| p.glass(self.now_ms)).collect();
            let (plan, floor) = (&self.stage.ground.plan, self.world.floor());
            watch.look(plan, floor, self.world.people(), &glass);
        }
        if let Some(engine) = self.gateway.engine()
            && let Err(broken) = engine.check()
        {
            let what = format!("the engine's own promise: {broken}");
            self.checker.complaints.add(2, self.now_ms, what);
        }
        if self.now_ms.is_multiple_of(60 * SECOND_MS) {
            self.tell(self.gateway.census());
        }
        if self.now_ms >= self.heal_ms + QUIET_MS {
            self.judge_screens();
        }
    }

    fn start_gateway(&mut self) {
        self.starts += 1;
        self.gateway.ledger.overlooks = self.options.planted;
        let unsynced = self.mishaps.plan.unsynced;
        if self.mishaps.strikes(self.now_ms, unsynced) {
            self.post.struck.note(Fault::Unsynced);
            self.gateway.clock.unsynced = true;
            let after_ms = 1_000 + self.mishaps.chance.wait(90_000.0) as u64;
            self.post.at(self.now_ms + after_ms, Parcel::ClockRight);
        }
        let census = self.gateway.start(self.now_ms, self.date());
        self.checker.started();
        self.journal.remark(self.now_ms, "the gateway starts");
        self.tell(census);
        // A subscription brings what players say when they see the link return.
        let now = self.now_ms;
        self.players.iter_mut().for_each(|p| p.reconnect(now));
    }
}

fn reading(sensor: SensorIx, value: Quantity) -> Event {
    Event::Reading(Reading {
        sensor,
        value,
        heard: Heard::OnReceipt,
        retained: false,
    })
}
