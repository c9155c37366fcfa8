//! A shop small enough to read: three zones in a row, a scanner over each, one
//! screen in the middle, one stock sensor, one door.

pub(crate) mod plan;
mod say;
pub(crate) mod stage;
mod till;
mod trial;
mod voucher;

use engine::{
    Effect, Effects, Engine, Event, Now, Seed, Snapshot,
    control::Pause,
    effect::CommitId,
    event::{Basket, BasketLine, Eyes, Heard, Reading, RequestId, ScreenSaid, Sighting, Tail},
    money::Ticket,
    plan::{GuardSettings, Pace, ScannerIx, ScreenIx, SensorIx, StorePlan},
    shopper::{Consent, Enrolment, IdentityKey, Profile, Purpose, Purposes, ShopperId},
    strength::Strength,
    time::{Mono, UnixMs, Wall},
};
use protocol::{
    beacon::Beacon,
    frame::Quantity,
    screen::{ScreenAction, ScreenCommand, ScreenStatus},
};
use std::{collections::BTreeMap, sync::Arc};

/// 2026-11-21 09:00 in Hanoi, a Saturday.
const OPENING: i64 = 1_795_226_400_000;
/// That day in Hanoi, days since 1970-01-01.
const TODAY: i32 = 20_778;

pub(crate) struct Shop {
    plan: StorePlan,
    engine: Option<Engine>,
    /// What a restart would find: everything that became durable.
    ledger: Snapshot,
    boot: u32,
    mono: u64,
    wall_lost: bool,
    ahead_ms: i64,
    disk_stopped: bool,
    waiting: Vec<(CommitId, engine::effect::LedgerEntry)>,
    screen_mute: bool,
    screen_rejects: bool,
    screen_stuck: bool,
    painted: u64,
    profiles: BTreeMap<u64, Profile>,
    names: Vec<String>,
    said: Vec<String>,
    requests: u64,
    door: (u32, u32),
    turns_drawn: bool,
    /// What the code on the screen last said.
    code: Option<String>,
    /// Vouchers that somebody photographed.
    kept: BTreeMap<String, Ticket>,
}

impl Shop {
    pub(crate) fn new() -> Self {
        Self {
            plan: plan::small(),
            engine: None,
            ledger: Snapshot::default(),
            boot: 0,
            mono: 0,
            wall_lost: false,
            ahead_ms: 0,
            disk_stopped: false,
            waiting: Vec::new(),
            screen_mute: false,
            screen_rejects: false,
            screen_stuck: false,
            painted: 0,
            profiles: BTreeMap::new(),
            names: Vec::new(),
            said: Vec::new(),
            requests: 0,
            door: (0, 0),
            turns_drawn: false,
            code: None,
            kept: BTreeMap::new(),
        }
    }

    /// What was answered since the last call.
    pub(crate) fn answers(&mut self) -> Vec<String> {
        std::mem::take(&mut self.said)
    }

    pub(crate) fn happen(&mut self, words: &[&str]) {
        match words {
            ["offer", name, options @ ..] => self.plan.offers.push(plan::offer(name, options)),
            ["enrol", name, purposes, options @ ..] => self.enrol(name, purposes, options),
            ["withdraw", name] => self.withdraw(name, Purposes::ALL),
            ["withdraw", name, purpose] => {
                self.withdraw(name, Purposes::NONE.with(purpose_of(purpose)));
            }
            ["forget", name] => {
                let (request, shopper) = (self.request(), self.shopper(name));
                self.event(Event::Forget { request, shopper });
            }
            ["pause", what] => {
                let (request, what) = (self.request(), pause_of(what));
                self.event(Event::Pause { request, what });
            }
            ["resume", what] => {
                let (request, what) = (self.request(), pause_of(what));
                self.event(Event::Resume { request, what });
            }
            [names, "at", zone, "for", seconds] => {
                let all: Vec<_> = names.split(',').map(|name| (name, *zone)).collect();
                self.stay(&all, number(seconds));
            }
            ["turns", "are", "drawn"] => self.turns_drawn = true,
            ["phone", name] => self.ask_privately(name, Eyes::Shopper),
            ["card", name] => self.ask_privately(name, Eyes::Staff),
            [one, "at", zone, "and", two, "at", other, "for", seconds] => {
                self.stay(&[(one, zone), (two, other)], number(seconds));
            }
            ["silence", "for", seconds] => self.stay(&[], number(seconds)),
            ["screen", what] => self.screen(what),
            ["disk", "stops"] => self.disk_stopped = true,
            ["disk", "resumes"] => self.resume_disk(),
            ["disk", "full"] => self.event(Event::Room(false)),
            ["disk", "has", "room"] => self.event(Event::Room(true)),
            ["stock", pieces] => self.reading(0, Quantity::StockPieces(number(pieces) as u16)),
            ["price", minor] => self.reading(2, Quantity::PriceMinor(number(minor) as u32)),
            ["door", inward, outward] => {
                self.door = (number(inward) as u32, number(outward) as u32);
                let (inward, outward) = self.door;
                self.reading(1, Quantity::Passages { inward, outward });
            }
            ["census", offer, count] => {
                let counts = vec![(offer.parse().unwrap(), number(count) as u32)];
                self.event(Event::Census(counts));
            }
            ["explore", percent] => self.plan.explore_permille = number(percent) as u16 * 10,
            ["learn", offer, factor] => {
                let (offer, screen) = (offer.parse().unwrap(), self.plan.screens[0].id.clone());
                let factor = factor.parse().unwrap();
                self.event(Event::Learned(vec![(offer, screen, factor)]));
            }
            ["buy", name, sku, receipt] => self.buy(name, sku, receipt),
            ["till", what @ ..] if self.ask(what) => {}
            ["till", what @ ..] => self.till(what),
            ["keep", name] => self.keep_code(name),
            ["money", offer] => self.money(offer),
            ["wait", minutes] => self.mono += number(minutes) * 60_000,
            ["tally", offer] => self.tally(offer),
            ["complaint" | "help" | "bell" | "resume" | "results", ..] => self.try_out(words),
            ["restart"] => self.restart(),
            ["clock", "ahead", hours] => self.ahead_ms = number(hours) as i64 * 3_600_000,
            ["clock", state] => self.wall_lost = *state == "lost",
            ["replan", "without", offer] => {
                self.plan.offers.retain(|o| o.id.as_str() != *offer);
                let plan = Arc::new(self.sorted_plan());
                self.event(Event::PlanChanged(plan));
            }
            _ => panic!("no story knows {words:?}"),
        }
    }

    fn ask_privately(&mut self, name: &str, eyes: Eyes) {
        let (request, shopper) = (self.request(), self.shopper(name));
        let screen = None;
        let tail = Tail {
            shopper,
            screen,
            eyes,
        };
        self.event(Event::Tail { request, tail });
    }

    fn now(&self) -> Now {
        let wall = UnixMs(OPENING + self.mono as i64 + self.ahead_ms);
        Now {
            mono: Mono(self.mono),
            wall: if self.wall_lost {
                Wall::Unsynced
            } else {
                Wall::Synced(wall)
            },
        }
    }

    fn sorted_plan(&self) -> StorePlan {
        let mut plan = self.plan.clone();
        plan.offers.sort_by(|a, b| a.id.cmp(&b.id));
        plan
    }

    fn engine(&mut self) -> &mut Engine {
        if self.engine.is_none() {
            self.boot += 1;
            self.ledger
                .apply(&engine::effect::LedgerEntry::Started { boot: self.boot });
            let plan = Arc::new(self.sorted_plan());
            let guard = plan.guard.at_least_floor();
            let mut engine = Engine::new(plan, self.ledger.clone(), Seed(7), self.now());
            if !self.turns_drawn {
                // Stories need not wait for a turn.
                engine.measure_guard(Some(GuardSettings { turns: 1, ..guard }));
            }
            self.engine = Some(engine);
        }
        self.engine.as_mut().unwrap()
    }

    fn restart(&mut self) {
        self.engine = None;
        self.waiting.clear();
        self.mono += 60_000;
        self.engine();
    }

    /// Handles one event and performs what comes of it.
    fn event(&mut self, event: Event) {
        let mut queue = vec![event];
        while let Some(event) = queue.pop() {
            let now = self.now();
            let mut effects = Effects::new();
            self.engine().handle(now, event, &mut effects);
            self.engine().check().unwrap();
            for effect in effects {
                self.say(&effect);
                queue.extend(self.perform(effect));
            }
        }
    }

    fn perform(&mut self, effect: Effect) -> Option<Event> {
        match effect {
            Effect::Commit { id, entry } if self.disk_stopped => {
                self.waiting.push((id, entry));
                None
            }
            Effect::Commit { id, entry } => {
                self.ledger.apply(&entry);
                Some(Event::Durable(id))
            }
            Effect::Command(command) => self.obey(&command),
            Effect::Fetch { shopper } => {
                let profile = self.profiles.get(&shopper.0).cloned().map(Box::new);
                Some(Event::Profile { shopper, profile })
            }
            Effect::Keep { shopper, profile } => {
                self.profiles.insert(shopper.0, *profile);
                None
            }
            Effect::Erase { shopper } => {
                self.profiles.remove(&shopper.0);
                None
            }
            Effect::KeepRadio(_) | Effect::Answer { .. } | Effect::Record(_) => None,
        }
    }

    fn obey(&mut self, command: &ScreenCommand) -> Option<Event> {
        if self.screen_mute || command.revision <= self.painted {
            return None;
        }
        if self.screen_stuck && matches!(command.action, ScreenAction::Show { .. }) {
            return None;
        }
        if let ScreenAction::Show { code, .. } = &command.action {
            self.code.clone_from(code);
        }
        let refuses = self.screen_rejects && matches!(command.action, ScreenAction::Show { .. });
        let status = if refuses {
            ScreenStatus::Rejected
        } else {
            self.painted = command.revision;
            ScreenStatus::Painted
        };
        let said = ScreenSaid {
            screen: ScreenIx(0),
            revision: command.revision,
            status,
        };
        Some(Event::Screen(said))
    }

    fn resume_disk(&mut self) {
        self.disk_stopped = false;
        for (id, entry) in std::mem::take(&mut self.waiting) {
            self.ledger.apply(&entry);
            self.event(Event::Durable(id));
        }
    }

    fn screen(&mut self, what: &str) {
        match what {
            "hello" => self.screen_says(ScreenStatus::Hello),
            "mute" => self.screen_mute = true,
            "talk" => {
                self.screen_mute = false;
                self.screen_says(ScreenStatus::Alive);
            }
            "forgets" => {
                self.painted = 0;
                self.screen_stuck = true;
            }
            "rejects" => self.screen_rejects = true,
            "accepts" => self.screen_rejects = false,
            "paper" => {
                self.plan.screens[0].pace = Pace {
                    confirm_ms: 25_000,
                    hold_ms: 20_000,
                };
            }
            other => panic!("no screen can {other}"),
        }
    }

    fn screen_says(&mut self, status: ScreenStatus) {
        let said = ScreenSaid {
            screen: ScreenIx(0),
            revision: self.painted,
            status,
        };
        self.event(Event::Screen(said));
    }

    fn enrol(&mut self, name: &str, purposes: &str, options: &[&str]) {
        let shopper = self.shopper(name);
        let option = |key: &str| options.iter().find_map(|o| o.strip_prefix(key));
        let purposes = purposes
            .split(',')
            .filter(|p| *p != "nothing")
            .map(purpose_of);
        let enrolment = Enrolment {
            shopper,
            version: option("version=").map_or(1, number),
            keys: vec![IdentityKey::Fixed(fob(shopper))],
            consent: Consent {
                purposes: purposes.fold(Purposes::NONE, Purposes::with),
                notice: 1,
                until: option("until=").map(|s| UnixMs(OPENING + number(s) as i64 * 1_000)),
                showings_per_day: option("daily=").map(|n| number(n) as u16),
            },
        };
        let profile = Profile {
            segments: option("segment=").map(str::to_owned).into_iter().collect(),
            adult: Some(!options.contains(&"minor")),
            language: option("speaks=").map(str::to_owned),
            affinities: option("likes=").map(liking).into_iter().collect(),
            visits: option("visits=").map_or(0, |n| number(n) as u32),
            last_visit_day: option("away=").map(|days| TODAY - number(days) as i32),
        };
        let request = self.request();
        self.event(Event::Upsert {
            request,
            enrolment: Box::new(enrolment),
            profile: Box::new(profile),
        });
    }

    fn withdraw(&mut self, name: &str, purposes: Purposes) {
        let (request, shopper) = (self.request(), self.shopper(name));
        self.event(Event::Withdraw {
            request,
            shopper,
            purposes,
        });
    }

    /// Every second: everybody is heard by every scanner, sensors repeat
    /// themselves, the screen says that it lives, and time passes.
    fn stay(&mut self, people: &[(&str, &str)], seconds: u64) {
        for _ in 0..seconds {
            self.mono += 1_000;
            for (name, zone) in people {
                let at = plan::middle_of(zone);
                let beacon = fob(self.shopper(name));
                for (index, scanner) in self.plan.scanners.clone().iter().enumerate() {
                    let distance_m = scanner.at.distance(at).max(1.0);
                    // A little noise that repeats every seven seconds.
                    let noise = (self.mono / 1_000 * 3 + index as u64) % 7;
                    let rssi_dbm = -59.0 - 20.0 * libm::log10f(distance_m) + noise as f32 / 2.0;
                    self.event(Event::Sighting(Sighting {
                        scanner: ScannerIx(index as u8),
                        beacon,
                        strength: Strength::of_one(rssi_dbm),
                        reference_dbm: Some(-59),
                        heard: Heard::OnReceipt,
                    }));
                }
            }
            if !self.screen_mute && self.mono.is_multiple_of(10_000) {
                self.screen_says(ScreenStatus::Alive);
            }
            self.event(Event::Woke);
        }
    }

    fn reading(&mut self, sensor: u16, value: Quantity) {
        let heard = Heard::OnReceipt;
        self.event(Event::Reading(Reading {
            sensor: SensorIx(sensor),
            value,
            heard,
            retained: false,
        }));
    }

    fn buy(&mut self, name: &str, sku: &str, receipt: &str) {
        let shopper = (name != "nobody").then(|| self.shopper(name));
        let line = BasketLine {
            sku: sku.to_owned(),
            pieces: 2,
            amount_minor: 58_000,
        };
        self.event(Event::Basket(Basket {
            receipt: receipt.to_owned(),
            shopper,
            lines: vec![line],
        }));
    }

    fn request(&mut self) -> RequestId {
        self.requests += 1;
        RequestId(self.requests)
    }

    fn shopper(&mut self, name: &str) -> ShopperId {
        let at = self
            .names
            .iter()
            .position(|n| n == name)
            .unwrap_or_else(|| {
                self.names.push(name.to_owned());
                self.names.len() - 1
            });
        ShopperId(at as u64 + 1)
    }
}

fn fob(shopper: ShopperId) -> Beacon {
    Beacon::IBeacon {
        uuid: [0xa1; 16],
        major: 1,
        minor: shopper.0 as u16,
    }
}

fn liking(words: &str) -> (String, u8) {
    let (department, percent) = words.split_once(':').unwrap();
    (department.to_owned(), number(percent) as u8)
}

fn number(text: &str) -> u64 {
    text.parse()
        .unwrap_or_else(|_| panic!("{text} is no number"))
}

fn pause_of(word: &str) -> Pause {
    match word {
        "all" => Pause::All,
        "safe-now" => Pause::SafeNow,
        word => match word.strip_prefix("campaign:") {
            Some(campaign) => Pause::Campaign(campaign.parse().unwrap()),
            None => Pause::Offer(word.parse().unwrap()),
        },
    }
}

fn purpose_of(word: &str) -> Purpose {
    match word {
        "offers" => Purpose::InStoreOffers,
        "personalisation" => Purpose::Personalisation,
        "measurement" => Purpose::Measurement,
        other => panic!("no purpose is called {other}"),
    }
}
