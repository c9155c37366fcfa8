//! What other systems are told, in conventions they know:
//!
//! | module | what goes out |
//! |---|---|
//! | [`state`] | what is so now, retained |
//! | [`event`] | what happened, as `CloudEvents` |
//! | [`home_assistant`] | zones, screens and health as its devices |
//! | [`asyncapi`] | the description of every topic of ours |
//!
//! Nothing of it is about a person, and of people only how many there are at
//! least ([`crowd`]).

pub mod asyncapi;
mod board;
mod crowd;
mod event;
mod home_assistant;
mod state;
#[cfg(test)]
mod tests;

pub use event::CloudEvent;
pub use state::{GatewayHealth, ScreenState, ZoneState};

use crate::{
    problems::{self, Problem},
    shop::{Live, Shop, Shown},
};
use board::Board;
use config::Shell;
use crowd::Crowds;
use engine::{plan::StorePlan, time::UnixMs};
use event::Events;
use link::{Filter, Link, Message, Status};
use std::{
    collections::BTreeMap,
    path::PathBuf,
    time::{SystemTime, UNIX_EPOCH},
};
use tokio::sync::{broadcast::error::RecvError, watch};

/// Between two looks at the shop, ms.
const LOOK_EVERY_MS: u64 = 1_000;

/// What is told, and where it is remembered. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Outward {
    settings: config::Outward,
    dir: PathBuf,
    /// Home Assistant has come back.
    births: watch::Sender<()>,
}

impl Outward {
    /// As the shop's files say.
    pub fn new(shell: &Shell) -> Self {
        Self {
            settings: shell.outward.clone(),
            dir: shell.storage.dir.clone(),
            births: watch::Sender::new(()),
        }
    }

    /// What must be listened to for it.
    pub fn filter(&self) -> Option<Filter> {
        let prefix = self.settings.home_assistant.as_deref()?;
        Some(Filter::fleeting(home_assistant::birth_topic(prefix)))
    }

    /// Whether a message is meant for us; it is taken in then.
    pub fn takes(&self, message: &Message) -> bool {
        let prefix = self.settings.home_assistant.as_deref();
        let ours = prefix.is_some_and(|p| message.topic == home_assistant::birth_topic(p));
        if ours && &message.payload[..] == home_assistant::BIRTH {
            self.births.send_replace(());
        }
        ours
    }

    /// Tells until the shop closes.
    pub async fn serve(self, link: Link, shop: Shop) {
        let (mut live, mut shown) = (shop.live(), shop.shown());
        let (mut births, mut status) = (self.births.subscribe(), link.status());
        status.mark_changed();
        let mut teller = Teller::new(&self, link.clone(), &shop.plan());
        loop {
            tokio::select! {
                Ok(()) = live.changed() => {
                    let seen = live.borrow_and_update().clone();
                    teller.look(&shop.plan(), &seen);
                }
                said = shown.recv() => match said {
                    Ok(shown) => teller.shown(shown),
                    Err(RecvError::Lagged(count)) => teller.missed(count),
                    Err(RecvError::Closed) => return,
                },
                Ok(()) = births.changed() => teller.again(),
                Ok(()) = status.changed() => {
                    teller.is_up = *status.borrow_and_update() == Status::Up;
                    teller.again();
                }
            }
        }
    }
}

/// Knows what was told.
struct Teller {
    settings: config::Outward,
    link: Link,
    is_up: bool,
    board: Board,
    events: Events,
    crowds: Crowds,
    problem_by_key: BTreeMap<String, Problem>,
    looked_ms: Option<u64>,
}

impl Teller {
    fn new(outward: &Outward, link: Link, plan: &StorePlan) -> Self {
        Self {
            settings: outward.settings.clone(),
            link,
            is_up: false,
            board: Board::open(&outward.dir),
            events: Events::new(plan.store.clone()),
            crowds: Crowds::default(),
            problem_by_key: BTreeMap::new(),
            looked_ms: None,
        }
    }

    /// The broker, or who listens there, may have forgotten what is so.
    fn again(&mut self) {
        self.board.again();
        self.looked_ms = None;
    }

    fn shown(&mut self, shown: Shown) {
        if self.settings.events {
            self.events.shown(shown);
            self.hand_over();
        }
    }

    fn missed(&mut self, count: u64) {
        if self.settings.events {
            self.events.missed(count);
        }
    }

    fn look(&mut self, plan: &StorePlan, live: &Live) {
        let now_ms = live.health.uptime_ms;
        let looked = self.looked_ms;
        if looked.is_some_and(|looked| now_ms.saturating_sub(looked) < LOOK_EVERY_MS) {
            return;
        }
        self.looked_ms = Some(now_ms);
        let mut problems = problems::find(live, plan);
        // Whoever hears us has the broker.
        problems.retain(|problem| problem.key != "broker");
        let crowds = self.crowds.look(live);
        if self.settings.events {
            self.tell(live, crowds, &problems);
        }
        if self.is_up {
            self.keep(plan, live, &problems);
        }
        self.hand_over();
    }

    fn tell(
        &mut self,
        live: &Live,
        crowds: Vec<(protocol::id::ZoneId, u32)>,
        problems: &[Problem],
    ) {
        let at = live.health.clock.then(date).flatten();
        for (zone, people_min) in crowds {
            self.events.crowd(at, zone, people_min);
        }
        let events = &mut self.events;
        self.problem_by_key.retain(|key, problem| {
            let lasts = problems.iter().any(|p| p.key == *key);
            if !lasts {
                events.alarm(at, problem, false);
            }
            lasts
        });
        for problem in problems {
            if !self.problem_by_key.contains_key(&problem.key) {
                self.events.alarm(at, problem, true);
                let known = (problem.key.clone(), problem.clone());
                self.problem_by_key.extend([known]);
            }
        }
    }

    /// Sees to it that the broker keeps exactly what is to be known.
    fn keep(&mut self, plan: &StorePlan, live: &Live, problems: &[Problem]) {
        let mut wanted = state::Retained::new();
        if let Some(prefix) = &self.settings.home_assistant {
            wanted = home_assistant::configurations(prefix, plan);
            wanted.extend(state::floor(plan, live, &self.crowds, problems));
        }
        if self.settings.events || self.settings.home_assistant.is_some() {
            wanted.extend([state::health(plan, problems)]);
        }
        for delivery in self.board.update(wanted) {
            if self.link.deliver_newest(delivery).is_err() {
                // The link counts what it drops; the next look tells all again.
                self.board.again();
            }
        }
        if self.link.counters().outbox == 0 {
            self.board.settled();
        }
    }

    fn hand_over(&mut self) {
        if self.is_up {
            self.events.hand_over(&self.link);
        }
    }
}

/// The date by the system's clock, which somebody vouches for.
fn date() -> Option<UnixMs> {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).ok()?;
    Some(UnixMs(i64::try_from(since.as_millis()).ok()?))
}
