//! The loop: one task that owns the engine. It takes in what happens, performs
//! what the engine asks for in order and without a choice, and says what the
//! shop looks like.

mod asks;
mod live;
mod proof;
mod recent;
mod reload;
mod stack;
mod strangers;
#[cfg(test)]
mod tests;

pub use reload::{Files, reload};

use crate::{
    calibration::{Calibration, Dating, Neighbours, Progress, Refused, Step},
    clock::Clock,
    machine::MachineHealth,
    node::{Nodes, Word},
    privacy::given::Given,
    pseudonym::Pseudonymiser,
    recording::Recorder,
    shop::{About, Ask, Counter, Explained, Input, Truth},
    stop::Stop,
    store::{Answer, Job, Opened, Store},
    uplink::Watch,
    voucher::Signer,
};
use asks::Asks;
use engine::{
    Effect, Effects, Engine, Event, Now,
    effect::LedgerEntry,
    event::{Eyes, Outcome, Tail},
    plan::{Offer, OfferIx, StorePlan},
    shopper::Purposes,
    time::UnixMs,
};
use live::Gauges;
use protocol::id::ScannerId;
use recent::Happenings;
use std::{collections::VecDeque, sync::Arc, time::Duration};
use strangers::Strangers;
use tokio::{
    sync::{mpsc, oneshot, watch},
    time::{self, MissedTickBehavior},
};
use tracing::{error, info};

/// Most inputs taken in at once: they share one look at the clock.
const BATCH: usize = 1_024;
/// Longest wait, after being asked to stop, for adapters to bring in what their
/// peers believe delivered.
const LAST_WORDS: Duration = Duration::from_secs(5);
/// How often the console's picture is renewed.
const TICK: Duration = Duration::from_millis(250);
const DAY_S: i64 = 86_400;

/// Why the loop ended by itself.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// Nothing can be promised any more.
    #[error(
        "the store has failed: see the messages before this one; a restart mends what can be mended"
    )]
    Store,
}

/// What the loop works with.
#[derive(Debug)]
pub struct Parts {
    /// The plan to begin with.
    pub plan: Arc<StorePlan>,
    /// The loop's end of the door.
    pub counter: Counter,
    /// The store and what it holds.
    pub opened: Opened,
    /// Both clocks.
    pub clock: Clock,
    /// Plans that were loaded again.
    pub plans: mpsc::Receiver<Arc<StorePlan>>,
    /// Records what the engine takes in, if that is wanted.
    pub recorder: Option<Recorder>,
    /// How the uplink stands, if there is one.
    pub uplink: Option<Watch>,
    /// How the machine is doing.
    pub machine: watch::Receiver<MachineHealth>,
    /// Whether the simulator's ground truth is heeded.
    pub demo: bool,
}

/// Runs until asked to stop, then until nobody puts anything in any more;
/// then everything promised is on the disk.
pub async fn run(parts: Parts, stop: Stop) -> Result<(), RunError> {
    let Parts {
        plan,
        counter,
        opened,
        clock,
        plans,
        recorder,
        uplink,
        machine,
        demo,
    } = parts;
    let pseudonymiser = opened.store.pseudonymiser();
    let signer = opened.store.signer();
    counter.codes.open(signer.public());
    let epoch = opened.snapshot.boot;
    let mut engine = Engine::new(
        plan.clone(),
        opened.snapshot,
        pseudonymiser.seed(),
        clock.now(),
    );
    if let Some(memory) = opened.radio
        && !engine.recall(memory)
    {
        info!("radio is learnt anew: scanners, walls or survey are others than before the start");
    }
    let neighbours = Neighbours::new(&plan);
    let mut shop = Running {
        epoch,
        engine,
        plan,
        counter,
        store: opened.store,
        answers: opened.answers,
        clock,
        plans,
        jobs: VecDeque::new(),
        asks: Asks::default(),
        happenings: Happenings::default(),
        gauges: Gauges::default(),
        truth: demo.then(Truth::default),
        pseudonymiser,
        signer,
        is_linked: false,
        retained_dropped: 0,
        strangers: Strangers::default(),
        nodes: Nodes::default(),
        calibration: Calibration::default(),
        neighbours,
        recorder,
        uplink,
        machine,
        effects: Effects::new(),
        day_told: None,
        room_told: true,
        given: Given::default(),
    };
    shop.begin();
    let ended = shop.until(&stop).await;
    shop.end();
    ended
}

/// Returns at this moment; never without one.
async fn until(moment: Option<time::Instant>) {
    match moment {
        Some(moment) => time::sleep_until(moment).await,
        None => std::future::pending().await,
    }
}

/// The loop's own.
struct Running {
    /// Number of this start, from which nodes count.
    epoch: u32,
    engine: Engine,
    plan: Arc<StorePlan>,
    counter: Counter,
    store: Store,
    answers: mpsc::Receiver<Answer>,
    clock: Clock,
    plans: mpsc::Receiver<Arc<StorePlan>>,
    /// Work for the store that has not found room yet.
    jobs: VecDeque<Job>,
    asks: Asks,
    happenings: Happenings,
    gauges: Gauges,
    /// The simulator's ground truth; `None` outside the demo.
    truth: Option<Truth>,
    pseudonymiser: Pseudonymiser,
    signer: Signer,
    is_linked: bool,
    retained_dropped: u64,
    strangers: Strangers,
    nodes: Nodes,
    calibration: Calibration,
    neighbours: Neighbours,
    recorder: Option<Recorder>,
    uplink: Option<Watch>,
    machine: watch::Receiver<MachineHealth>,
    effects: Effects,
    /// What day the store was told it is.
    day_told: Option<i64>,
    /// Whether the engine was told that the disk has room.
    room_told: bool,
    /// How the consent that is being taken in came to be.
    given: Given,
}

impl Running {
    fn begin(&mut self) {
        self.clock.look();
        self.jobs.push_back(Job::Census(self.plan.clone()));
        self.store.hand_over(&mut self.jobs);
        self.publish();
        info!(store = %self.plan.store, offers = self.plan.offers.len(), "open");
    }

    async fn until(&mut self, stop: &Stop) -> Result<(), RunError> {
        let mut tick = time::interval(TICK);
        tick.set_missed_tick_behavior(MissedTickBehavior::Skip);
        let mut inputs = Vec::with_capacity(BATCH);
        let mut answers = Vec::with_capacity(BATCH);
        let mut closes_at = None;
        loop {
            let wake = self
                .engine
                .next_wake()
                .map(|wake| self.clock.instant(wake.at));
            // Without a timer the tick wakes soon enough.
            let wake = wake.unwrap_or_else(|| std::time::Instant::now() + TICK);
            // What is promised comes first, and new work last: while the disk
            // does not keep up none is taken in, and those who bring it wait.
            tokio::select! {
                biased;
                () = stop.requested(), if closes_at.is_none() => {
                    closes_at = Some(time::Instant::now() + LAST_WORDS);
                }
                () = until(closes_at) => return Ok(()),
                n = self.answers.recv_many(&mut answers, BATCH) => {
                    if n == 0 {
                        return Err(RunError::Store);
                    }
                    self.answered(answers.drain(..));
                }
                _ = tick.tick() => {
                    self.tick()?;
                    // What was taken out of these still names who passed.
                    inputs = Vec::with_capacity(BATCH);
                    answers = Vec::with_capacity(BATCH);
                    stack::sweep();
                }
                () = time::sleep_until(wake.into()) => self.handle(Event::Woke),
                Some(plan) = self.plans.recv() => self.replan(plan),
                n = self.counter.inputs.recv_many(&mut inputs, BATCH), if self.jobs.is_empty() => {
                    if n == 0 {
                        return Ok(());
                    }
                    self.take_in(inputs.drain(..));
                }
            }
            self.store.hand_over(&mut self.jobs);
        }
    }

    /// Everything handed over becomes durable when the store is dropped.
    fn end(mut self) {
        if let Some(recorder) = self.recorder.take() {
            recorder.stop(self.clock.now(), &mut self.engine);
        }
        let memory = Box::new(self.engine.memory());
        self.jobs.push_back(Job::KeepRadio(memory));
        info!(commits = self.store.gauge().waiting(), "closing");
        while !self.jobs.is_empty() && !self.store.has_ended() {
            self.store.hand_over(&mut self.jobs);
            std::thread::sleep(Duration::from_millis(1));
            while self.answers.try_recv().is_ok() {}
        }
        // The store answers until it is done; nobody waits for the answers.
        self.answers.close();
        drop(self.store);
    }

    fn tick(&mut self) -> Result<(), RunError> {
        if self.store.has_ended() {
            error!("the store's thread has ended");
            return Err(RunError::Store);
        }
        self.clock.look();
        self.tell_day();
        self.tell_room();
        if let Some(recorder) = &mut self.recorder {
            recorder.tick(self.clock.now(), &mut self.engine);
        }
        self.publish();
        // Without systemd there is nobody to tell.
        let _ = sd_notify::notify(&[sd_notify::NotifyState::Watchdog]);
        Ok(())
    }

    /// Tells the store what day it is, at the start and whenever it changes:
    /// what it keeps for so many days goes then.
    fn tell_day(&mut self) {
        let Some(date) = self.clock.now().wall.known() else {
            return;
        };
        let day = date.seconds().div_euclid(DAY_S);
        if self.day_told.replace(day) != Some(day) {
            self.jobs.push_back(Job::Today(day as i32));
        }
    }

    /// Tells the engine whether the disk has room, whenever that changes.
    fn tell_room(&mut self) {
        let is_there = !self.store.gauge().is_full();
        if std::mem::replace(&mut self.room_told, is_there) != is_there {
            self.handle(Event::Room(is_there));
        }
    }

    fn take_in(&mut self, inputs: impl Iterator<Item = Input>) {
        let now = self.clock.now();
        for input in inputs {
            match input {
                Input::Event(event) => {
                    let epoch = self.epoch;
                    self.calibration.hear(Dating { now, epoch }, &event);
                    self.neighbours.hear(Dating { now, epoch }, &event);
                    self.handle_at(now, event);
                }
                Input::Ask(ask, reply) => self.ask(now, ask, reply),
                Input::Link(up) => self.is_linked = up,
                Input::RetainedDropped(count) => self.retained_dropped = count,
                Input::Node(id, word) => self.node(now, &id, word),
                Input::Stranger(name) => self.strangers.note(name),
                // Whoever asks for these may have gone meanwhile.
                Input::Lifts(reply) => drop(reply.send(self.engine.lifts())),
                Input::Heat(visit, reply) => drop(reply.send(self.engine.heat(visit))),
                Input::Walk(reply) => drop(reply.send(self.calibration.walk())),
                Input::Neighbours(reply) => drop(reply.send(self.neighbours.heard())),
                Input::Radio(reply) => drop(reply.send(self.engine.radio())),
                Input::Calibrate(step, reply) => drop(reply.send(self.calibrate(now, step))),
                Input::Explain(at, about, reply) => {
                    drop(reply.send(self.explain(now, at, &about)));
                }
                Input::Look(look) => self.jobs.push_back(Job::Look(look)),
                Input::Truth(truth) => self.learn(truth),
            }
        }
    }

    fn node(&mut self, now: Now, id: &ScannerId, word: Word) {
        if let Some(text) = self.nodes.note(id, word) {
            info!("{text}");
            self.happenings.tell(now.mono, "node", text);
        }
    }

    fn explain(&self, now: Now, at: Option<UnixMs>, about: &About) -> Explained {
        let decisions = self.engine.explain(now, at);
        let remedies = decisions.iter().map(|decision| {
            let screen = &self.plan.screens[decision.screen.at()];
            let asked = |offer: &Offer| match about {
                About::Nothing => false,
                About::Screen(name) => screen.id.as_str() == name,
                About::Offer(name) => offer.id.as_str() == name,
            };
            let offers = (0..).map(OfferIx).zip(&self.plan.offers);
            let offers = offers.filter_map(|(index, offer)| asked(offer).then_some(index));
            self.engine.remedies(now, at, decision, offers)
        });
        Explained {
            plan: self.plan.clone(),
            remedies: remedies.collect(),
            decisions,
            pauses: self.engine.pauses().clone(),
        }
    }

    fn calibrate(&mut self, now: Now, step: Option<Step>) -> Result<Progress, Refused> {
        let (engine, plan) = (&mut self.engine, &self.plan);
        let Some(step) = step else {
            return Ok(self.calibration.progress(now.mono.0, plan));
        };
        let is_enrolled = |beacon: &_| engine.is_enrolled(now, beacon);
        let told = self
            .calibration
            .step(now.mono.0, &step, plan, is_enrolled)?;
        if self.truth.is_some() {
            self.counter
                .carried
                .send_replace(self.calibration.carried());
        }
        Ok(told)
    }

    fn ask(&mut self, now: Now, ask: Ask, reply: oneshot::Sender<Outcome>) {
        let request = match self.asks.enter(reply) {
            Ok(request) => request,
            Err(reply) => {
                // Whoever asked may have gone meanwhile.
                let _ = reply.send(Outcome::Full);
                return;
            }
        };
        self.given = proof::given_with(&ask);
        let event = match ask {
            Ask::Upsert(enrolment, profile, _) => Event::Upsert {
                request,
                enrolment,
                profile,
            },
            Ask::Withdraw(shopper, purposes, _) => Event::Withdraw {
                request,
                shopper,
                purposes,
            },
            Ask::WithdrawVisit(visit) => match self.engine.shopper_of(visit) {
                Some(shopper) => Event::Withdraw {
                    request,
                    shopper,
                    purposes: Purposes::ALL,
                },
                None => return self.asks.answer(request, Outcome::Unknown),
            },
            Ask::Forget(shopper) => Event::Forget { request, shopper },
            Ask::Pause(what) => Event::Pause { request, what },
            Ask::Resume(what) => Event::Resume { request, what },
            Ask::Receipt(receipt) => Event::Receipt { request, receipt },
            Ask::Incident(screen, what) => Event::Incident {
                request,
                screen,
                what,
            },
            Ask::ResumeRamp(offer) => Event::ResumeRamp { request, offer },
            Ask::Tail(shopper, screen) => Event::Tail {
                request,
                tail: Tail {
                    shopper,
                    screen: Some(screen),
                    eyes: Eyes::Shopper,
                },
            },
            Ask::StaffCard(visit) => match self.engine.shopper_of(visit) {
                Some(shopper) => Event::Tail {
                    request,
                    tail: Tail {
                        shopper,
                        screen: None,
                        eyes: Eyes::Staff,
                    },
                },
                None => return self.asks.answer(request, Outcome::Unknown),
            },
            Ask::Code(asks) => Event::Code { request, asks },
        };
        self.handle_at(now, event);
        // Whatever it was said of has been taken in or refused.
        self.given = Given::default();
    }

    fn answered(&mut self, answers: impl Iterator<Item = Answer>) {
        let now = self.clock.now();
        for answer in answers {
            let event = match answer {
                Answer::Durable(id) => Event::Durable(id),
                Answer::Profile(shopper, profile) => Event::Profile { shopper, profile },
                Answer::Census(counts) => Event::Census(counts),
            };
            self.handle_at(now, event);
        }
    }

    fn replan(&mut self, plan: Arc<StorePlan>) {
        self.neighbours.replan(&self.plan, &plan);
        self.nodes.keep(|id| plan.scanner(id).is_some());
        if self.plan.scanners != plan.scanners {
            // Legs of before know other scanners by the same numbers.
            self.calibration = Calibration::default();
        }
        self.plan = plan.clone();
        self.counter.plan.send_replace(plan.clone());
        self.jobs.push_back(Job::Census(plan.clone()));
        self.handle(Event::PlanChanged(plan));
    }

    /// Keeps where simulated people truly are, under the numbers of their
    /// visits. Who they are is dropped here.
    fn learn(&mut self, mut truth: Truth) {
        for person in &mut truth.people {
            let customer = person.customer.take();
            let shopper = customer.map(|customer| self.pseudonymiser.shopper(&customer));
            person.visit = shopper.and_then(|shopper| self.engine.visit_of(shopper));
        }
        if let Some(known) = &mut self.truth {
            *known = truth;
        }
    }

    fn handle(&mut self, event: Event) {
        self.handle_at(self.clock.now(), event);
    }

    fn handle_at(&mut self, now: Now, event: Event) {
        let mut effects = std::mem::take(&mut self.effects);
        if let Some(recorder) = &mut self.recorder {
            recorder.note(now, &self.engine, &event);
        }
        self.engine.handle(now, event, &mut effects);
        for effect in effects.drain(..) {
            self.perform(now, effect);
        }
        self.effects = effects;
    }

    fn perform(&mut self, now: Now, effect: Effect) {
        match effect {
            Effect::Commit { id, entry } => {
                if let LedgerEntry::Exposed(exposure) = &entry {
                    // An error says that nobody follows.
                    let _ = self.counter.shown.send(exposure.into());
                }
                let note = proof::note(now, &entry, &mut self.given);
                self.jobs.extend(note.map(|note| Job::Note(Box::new(note))));
                self.jobs.push_back(Job::Commit(id, entry));
            }
            Effect::Fetch { shopper } => self.jobs.push_back(Job::Fetch(shopper)),
            Effect::Keep { shopper, profile } => {
                self.jobs.push_back(Job::Keep(shopper, profile));
            }
            Effect::Erase { shopper } => self.jobs.push_back(Job::Erase(shopper)),
            Effect::Command(mut command) => {
                self.signer.sign_command(&mut command);
                self.counter.displays.order(&command);
                // An error says that nobody follows yet: the screen asks again.
                let _ = self.counter.commands.send(command);
            }
            Effect::KeepRadio(memory) => self.jobs.push_back(Job::KeepRadio(memory)),
            Effect::Answer { request, outcome } => self.asks.answer(request, outcome),
            Effect::Record(record) => self.happenings.note(now.mono, &self.plan, &record),
        }
    }
}
