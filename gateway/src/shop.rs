//! The one door to the loop that owns the engine. Adapters (MQTT, HTTP) hold a
//! [`Shop`]: they put events in, ask for things, watch what the shop looks
//! like, and follow the commands to screens. None of them touches the engine.

use crate::calibration::{Progress, Refused, Step, Walk};
use crate::display::{Board, DisplayStatus};
use crate::machine::MachineHealth;
use crate::node::{NodeStatus, Word};
use crate::privacy::given::Given;
use crate::recording::RecordingHealth;
use crate::store::{Holdings, Look, Person};
use crate::uplink::UplinkHealth;
use crate::voucher::Codes;
use engine::{
    Event,
    calibration::Packet,
    control::{Pause, Pauses},
    decide::{Decision, Remedy},
    effect::Exposure,
    event::{Outcome, Receipt, TillAsks},
    heat::Square,
    plan::{ScannerIx, ScreenIx, StorePlan},
    presence::Radio,
    shopper::{Enrolment, Profile, Purposes, ShopperId},
    time::UnixMs,
    trial::{Incident, Lift},
    view::{Counts, Status},
};
use protocol::{
    carried::Carried,
    id::{OfferId, ScannerId, ScreenId},
    screen::ScreenCommand,
};
use schemars::JsonSchema;
use serde::Serialize;
use std::{fmt, sync::Arc};
use tokio::sync::{
    broadcast,
    mpsc::{self, error::TrySendError},
    oneshot, watch,
};

/// Most inputs waiting for the loop. A full queue makes adapters wait, and the
/// broker with them; nothing is dropped here.
pub const INPUTS_MAX: usize = 16_384;
/// Most commands, and most showings, a slow follower may lag behind.
pub const COMMANDS_MAX: usize = 256;

/// What goes in at the door.
#[derive(Debug)]
pub enum Input {
    /// Something happened.
    Event(Event),
    /// Somebody wants something and waits for the answer.
    Ask(Ask, oneshot::Sender<Outcome>),
    /// The link to the broker came up or went down.
    Link(bool),
    /// So many retained messages found no place since the start.
    RetainedDropped(u64),
    /// A node of ours says how it is.
    Node(ScannerId, Word),
    /// A scanner or screen speaks that the plan does not have: its name.
    Stranger(String),
    /// Somebody wants to see the belief about a visit, or about all of them.
    Heat(Option<u32>, oneshot::Sender<Vec<Square>>),
    /// Somebody calibrates: a step, or nothing to see how the walk stands.
    Calibrate(Option<Step>, oneshot::Sender<Result<Progress, Refused>>),
    /// Somebody wants the walk, to make a survey of it.
    Walk(oneshot::Sender<Result<Walk, Refused>>),
    /// Somebody wants what scanners hear of each other.
    Neighbours(oneshot::Sender<Vec<(ScannerIx, Vec<Packet>)>>),
    /// Somebody wants what was learnt of how radio fades.
    Radio(oneshot::Sender<Option<Radio>>),
    /// Somebody wants to know why: now, or at another date.
    Explain(Option<UnixMs>, About, oneshot::Sender<Explained>),
    /// Somebody wants to know what offers brought.
    Lifts(oneshot::Sender<Vec<Lift>>),
    /// Somebody wants to see what is kept of people.
    Look(Look),
    /// The simulator's ground truth, only heeded in the demo.
    Truth(Truth),
}

/// What somebody may ask for.
#[derive(Debug)]
pub enum Ask {
    /// Keep this enrolment and profile, if newer.
    Upsert(Box<Enrolment>, Box<Profile>, Given),
    /// Take consent back.
    Withdraw(ShopperId, Purposes, Given),
    /// Take all consent of the shopper behind this visit back.
    WithdrawVisit(u32),
    /// Forget a shopper.
    Forget(ShopperId),
    /// Stop something by hand.
    Pause(Pause),
    /// Let it go on.
    Resume(Pause),
    /// What this shopper may be offered on their own phone before this screen.
    Tail(ShopperId, ScreenIx),
    /// What staff may offer the shopper behind this visit.
    StaffCard(u32),
    /// Count a receipt, take one back, take goods back.
    Receipt(Box<Receipt>),
    /// Keep, redeem or let go of a voucher's code.
    Code(Box<TillAsks>),
    /// Count a complaint about a screen, or a call for help near it.
    Incident(ScreenIx, Incident),
    /// Let an offer loose again that was taken back.
    ResumeRamp(OfferId),
}

/// For what somebody wants to know what would have to change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum About {
    /// For nothing.
    Nothing,
    /// For every offer on the screen of this name.
    Screen(String),
    /// For the offer of this name on every screen.
    Offer(String),
}

/// What would be decided for every screen, in the order of the plan.
#[derive(Debug, Clone)]
pub struct Explained {
    /// The plan that the decisions speak of.
    pub plan: Arc<StorePlan>,
    /// One for each screen.
    pub decisions: Vec<Decision>,
    /// What is stopped by hand.
    pub pauses: Pauses,
    /// For each screen what would have to change, for the offers that were asked
    /// about, in the order of the plan.
    pub remedies: Vec<Vec<Option<Remedy>>>,
}

/// Where simulated people truly are.
#[derive(Debug, Clone, PartialEq, Default, Serialize, serde::Deserialize, JsonSchema)]
pub struct Truth {
    /// Everybody on the floor.
    pub people: Vec<TruePerson>,
}

/// One simulated person.
#[derive(Clone, PartialEq, Serialize, serde::Deserialize, JsonSchema)]
pub struct TruePerson {
    /// East, metres.
    pub x_m: f32,
    /// North, metres.
    pub y_m: f32,
    /// Storey, 0 for the ground floor.
    #[serde(default)]
    pub level: u8,
    /// Customer reference, when this person opted in.
    #[serde(default, skip_serializing)]
    pub customer: Option<String>,
    /// Number of the visit the gateway takes this person for, filled in by the gateway.
    #[serde(default, skip_deserializing)]
    pub visit: Option<u32>,
    /// Whether this person opted in.
    #[serde(default)]
    pub opted_in: bool,
}

impl fmt::Debug for TruePerson {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("simulated person(redacted)")
    }
}

/// The shop as the console shows it; renewed a few times a second.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Live {
    /// As the engine sees it.
    pub status: Status,
    /// Facts counted since start.
    pub counts: Counts,
    /// Sightings taken in per second, over the last few seconds.
    pub sightings_per_s: f32,
    /// Strangers' sightings dropped per second, over the last few seconds.
    pub strangers_per_s: f32,
    /// Scanners and screens that speak and that `store.toml` does not have,
    /// newest first; never anybody's phone or beacon.
    pub unknown_devices: Vec<String>,
    /// How nodes of ours are doing.
    pub nodes: Vec<NodeStatus>,
    /// Last happenings, newest first, as sentences.
    pub recent: Vec<Recent>,
    /// What is proven about each display, in the order of the plan's screens.
    pub displays: Vec<DisplayStatus>,
    /// Broker, store, clock.
    pub health: Health,
    /// The simulator's ground truth, in the demo.
    pub truth: Option<Truth>,
}

/// One happening.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Recent {
    /// Milliseconds since the gateway started.
    pub at_ms: u64,
    /// `decision`, `visit`, `screen`, `exposure`, `dropped` or `node`.
    pub kind: &'static str,
    /// In words.
    pub text: String,
}

/// Broker, store, clock.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Health {
    /// Connected and subscribed.
    pub broker: bool,
    /// Retained messages that found no place, since the start.
    pub retained_dropped: u64,
    /// Commits become durable.
    pub store: bool,
    /// The disk has room.
    pub room: bool,
    /// Which step of the start-up ladder the store needed, in words, if any.
    pub store_note: Option<String>,
    /// The operating system vouches for the date.
    pub clock: bool,
    /// Milliseconds since the gateway started.
    pub uptime_ms: u64,
    /// Commits waiting for the disk.
    pub commits_waiting: u64,
    /// Resident memory, bytes.
    pub rss_bytes: u64,
    /// How recording is doing, where it is switched on.
    pub recording: Option<RecordingHealth>,
    /// How the uplink to a hub stands, where there is one.
    pub uplink: Option<UplinkHealth>,
    /// How the machine is doing.
    pub machine: MachineHealth,
}

/// A showing that is over, as other systems may know it: without who saw it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// Where.
    pub screen: ScreenId,
    /// With which revision.
    pub revision: u64,
    /// Of which offer.
    pub offer: OfferId,
    /// How long it was on the glass by the screen's own word, ms.
    pub painted_ms: u32,
    /// When it ended, if the date was known.
    pub ended: Option<UnixMs>,
}

impl From<&Exposure> for Shown {
    fn from(exposure: &Exposure) -> Self {
        Self {
            screen: exposure.showing.screen.clone(),
            revision: exposure.showing.revision,
            offer: exposure.offer.clone(),
            painted_ms: exposure.painted_ms,
            ended: exposure.ended,
        }
    }
}

/// Held by adapters. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Shop {
    inputs: mpsc::Sender<Input>,
    live: watch::Receiver<Arc<Live>>,
    plan: watch::Receiver<Arc<StorePlan>>,
    commands: broadcast::Sender<ScreenCommand>,
    shown: broadcast::Sender<Shown>,
    carried: watch::Receiver<Carried>,
    displays: Arc<Board>,
    codes: Codes,
}

/// The loop's end of the door.
#[derive(Debug)]
pub struct Counter {
    /// What comes in.
    pub inputs: mpsc::Receiver<Input>,
    /// What the console sees.
    pub live: watch::Sender<Arc<Live>>,
    /// The plan in force.
    pub plan: watch::Sender<Arc<StorePlan>>,
    /// What goes to screens.
    pub commands: broadcast::Sender<ScreenCommand>,
    /// What screens have shown.
    pub shown: broadcast::Sender<Shown>,
    /// Where a tag is carried in a simulated shop.
    pub carried: watch::Sender<Carried>,
    /// What every display was told, and what is proven.
    pub displays: Arc<Board>,
    /// What adapters tell codes of this store by.
    pub codes: Codes,
}

/// Makes both ends.
pub fn open(plan: Arc<StorePlan>) -> (Shop, Counter) {
    let (input_tx, inputs) = mpsc::channel(INPUTS_MAX);
    let (live_tx, live) = watch::channel(Arc::default());
    let (plan_tx, plan) = watch::channel(plan);
    let (commands, _) = broadcast::channel(COMMANDS_MAX);
    let (shown, _) = broadcast::channel(COMMANDS_MAX);
    let (carried_tx, carried) = watch::channel(Carried::default());
    let displays = Arc::new(Board::default());
    let codes = Codes::default();
    let shop = Shop {
        inputs: input_tx,
        live,
        plan,
        commands: commands.clone(),
        shown: shown.clone(),
        carried,
        displays: displays.clone(),
        codes: codes.clone(),
    };
    (
        shop,
        Counter {
            inputs,
            live: live_tx,
            plan: plan_tx,
            commands,
            shown,
            carried: carried_tx,
            displays,
            codes,
        },
    )
}

/// The loop has ended: the gateway is stopping.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the gateway is stopping")]
pub struct Closed;

/// Why something did not go in at the door.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Crowded {
    /// Too much waits.
    Full,
    /// The gateway is stopping.
    Closed(Closed),
}

impl Shop {
    /// Puts one input in, waiting for room.
    pub async fn put(&self, input: Input) -> Result<(), Closed> {
        self.inputs.send(input).await.map_err(|_| Closed)
    }

    /// Puts several in, in order, waiting for room for all of them at once.
    /// Leaves `inputs` empty, with its memory.
    pub async fn put_all(&self, inputs: &mut Vec<Input>) -> Result<(), Closed> {
        while !inputs.is_empty() {
            let count = inputs.len().min(INPUTS_MAX);
            let room = self.inputs.reserve_many(count).await.map_err(|_| Closed)?;
            for (place, input) in room.zip(inputs.drain(..count)) {
                place.send(input);
            }
        }
        Ok(())
    }

    /// Asks and waits for the answer, which comes when it is on the disk.
    pub async fn ask(&self, ask: Ask) -> Result<Outcome, Closed> {
        self.ask_loop(|reply| Input::Ask(ask, reply)).await
    }

    /// Where people are believed to be: those of one visit, or of all.
    pub async fn heat(&self, visit: Option<u32>) -> Result<Vec<Square>, Closed> {
        self.ask_loop(|reply| Input::Heat(visit, reply)).await
    }

    /// What offers brought, as far as can be told.
    pub async fn lifts(&self) -> Result<Vec<Lift>, Closed> {
        self.ask_loop(Input::Lifts).await
    }

    /// Takes a step of a calibration, or asks how it stands.
    pub async fn calibrate(&self, step: Option<Step>) -> Result<Result<Progress, Refused>, Closed> {
        self.ask_loop(|reply| Input::Calibrate(step, reply)).await
    }

    /// How much is kept of people.
    pub async fn holdings(&self) -> Result<Holdings, Closed> {
        self.ask_loop(|reply| Input::Look(Look::Holdings(reply)))
            .await
    }

    /// Everything that is kept of one shopper but for the ledger.
    pub async fn person(&self, shopper: ShopperId) -> Result<Person, Closed> {
        self.ask_loop(|reply| Input::Look(Look::Person(shopper, reply)))
            .await
    }

    /// The walk so far.
    pub async fn walk(&self) -> Result<Result<Walk, Refused>, Closed> {
        self.ask_loop(Input::Walk).await
    }

    /// What scanners that send were heard like by the others.
    pub async fn neighbours(&self) -> Result<Vec<(ScannerIx, Vec<Packet>)>, Closed> {
        self.ask_loop(Input::Neighbours).await
    }

    /// What was learnt of how radio fades; nothing where a survey says it.
    pub async fn radio(&self) -> Result<Option<Radio>, Closed> {
        self.ask_loop(Input::Radio).await
    }

    /// Why screens show what they show, now or at another date.
    pub async fn explain(&self, at: Option<UnixMs>, about: About) -> Result<Explained, Closed> {
        self.ask_loop(|reply| Input::Explain(at, about, reply))
            .await
    }

    async fn ask_loop<T>(
        &self,
        ask: impl FnOnce(oneshot::Sender<T>) -> Input,
    ) -> Result<T, Closed> {
        let (reply, answer) = oneshot::channel();
        self.put(ask(reply)).await?;
        answer.await.map_err(|_| Closed)
    }

    /// Asks, unless so much waits already that the answer would be late: then
    /// whoever asks is told at once and comes again.
    pub async fn try_ask(&self, ask: Ask) -> Result<Outcome, Crowded> {
        let (reply, answer) = oneshot::channel();
        self.inputs
            .try_send(Input::Ask(ask, reply))
            .map_err(|refused| match refused {
                TrySendError::Full(_) => Crowded::Full,
                TrySendError::Closed(_) => Crowded::Closed(Closed),
            })?;
        answer.await.map_err(|_| Crowded::Closed(Closed))
    }

    /// Follows what the shop looks like.
    pub fn live(&self) -> watch::Receiver<Arc<Live>> {
        self.live.clone()
    }

    /// The plan in force.
    pub fn plan(&self) -> Arc<StorePlan> {
        self.plan.borrow().clone()
    }

    /// Follows the plan in force.
    pub fn plans(&self) -> watch::Receiver<Arc<StorePlan>> {
        self.plan.clone()
    }

    /// Follows commands to screens from now on.
    pub fn commands(&self) -> broadcast::Receiver<ScreenCommand> {
        self.commands.subscribe()
    }

    /// Follows what screens have shown from now on.
    pub fn shown(&self) -> broadcast::Receiver<Shown> {
        self.shown.subscribe()
    }

    /// Follows the tag with which a simulated shop is calibrated.
    pub fn carried(&self) -> watch::Receiver<Carried> {
        self.carried.clone()
    }

    /// Tells codes of this store from all others.
    pub fn codes(&self) -> &Codes {
        &self.codes
    }

    /// What every display was told, and what is proven.
    pub fn displays(&self) -> &Board {
        &self.displays
    }
}
