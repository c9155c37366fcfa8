//! The running shop: the world's happenings become messages, commands to
//! screens become pictures that people see.

use super::{
    boards::Boards, narrate::Narrator, radio::Radios, speak::Speakers, vouchers::Vouchers, wire,
};
use crate::{
    args,
    chance::{Chance, Concern},
    dialect,
    players::Player,
    world::{
        Ground, Happening, Settings, TICK_MS, World, arrivals::Filling, person::Person,
        population::Population,
    },
};
use config::Shell;
use engine::{
    plan::{ScreenIx, StorePlan},
    time::UnixMs,
};
use link::{Delivery, Link, Message};
use protocol::{
    carried::Carried,
    id::{ScreenId, TillId},
    screen::{ScreenAction, ScreenCommand, ScreenReport, ScreenStatus},
    topic::{Desk, Topic},
};
use serde_json::{Value, json};
use std::{
    sync::Arc,
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

/// How often the ground truth is published, ms.
const TRUTH_MS: u64 = 250;
/// The shop fills for this long before the doors of the simulation open, ms:
/// nobody wants to watch an empty shop.
const WARM_UP_MS: u64 = 240_000;
/// Share of arrivals who once signed up.
const SIGNED_UP: f64 = 0.6;
/// Most steps of the world made up for after a pause.
const CATCH_UP_MAX: u64 = 40;

/// The running shop.
pub(super) struct LiveShop {
    ground: Ground,
    speakers: Speakers,
    population: Arc<Population>,
    world: World,
    players: Vec<Player>,
    screens: Chance,
    link: Link,
    narrator: Narrator,
    player_name: String,
    speed: f64,
    begun: Instant,
    warm_ms: u64,
    skipped_ms: u64,
    next_truth_ms: u64,
    messages: u64,
    radios: Radios,
    vouchers: Vouchers,
    /// The till that asks about codes, if the shop has one.
    till: Option<TillId>,
    boards: Boards,
}

impl LiveShop {
    pub(super) fn new(
        args: &args::Serve,
        ground: Ground,
        shell: &Shell,
        population: Arc<Population>,
        link: Link,
    ) -> Self {
        let plan = ground.plan.clone();
        let day = unix_now().seconds();
        let settings = Settings {
            seed: args.seed,
            filling: Filling::Busy {
                present: args.shoppers,
            },
            signed_up: if population.is_empty() {
                0.0
            } else {
                SIGNED_UP
            },
            receipts: format!("r{day:x}"),
        };
        let mut world = World::new(ground.clone(), population.clone(), settings);
        let mut unheard = Vec::new();
        while world.now_ms() < WARM_UP_MS {
            world.tick(unix_now(), &mut unheard);
            unheard.clear();
        }
        let mut screens = Chance::new(args.seed ^ day as u64, Concern::Screens);
        let players = (0..).map(ScreenIx).zip(&plan.screens);
        Self {
            players: players
                .map(|(ix, screen)| Player::new(ix, screen, &mut screens))
                .collect(),
            speakers: Speakers::new(plan.clone(), shell, || screens.bits() as u32),
            player_name: format!("sim-{:08x}", screens.bits() as u32),
            warm_ms: world.now_ms(),
            skipped_ms: 0,
            narrator: Narrator::default(),
            speed: args.speed,
            begun: Instant::now(),
            next_truth_ms: 0,
            messages: 0,
            radios: Radios::default(),
            vouchers: Vouchers::new(args.seed ^ day as u64, plan.screens.len()),
            till: shell.tills.first().and_then(|till| till.id.parse().ok()),
            boards: Boards::default(),
            ground,
            population,
            world,
            screens,
            link,
        }
    }

    /// From now on these scanners are real firmware.
    pub(super) fn give_radios(&mut self, radios: Radios, boards: Boards) {
        self.radios = radios;
        self.boards = boards;
    }

    pub(super) fn greeting(&self) -> String {
        format!(
            "{} people are in {}; {} scanners ({} of them firmware), {} sensors and {} screens are on",
            self.world.people().len(),
            self.ground.plan.name,
            self.ground.plan.scanners.len(),
            self.boards.len(),
            self.ground.plan.sensors.len(),
            self.ground.plan.screens.len()
        )
    }

    pub(super) fn farewell(&self) -> String {
        let counters = self.link.counters();
        format!(
            "{} messages sent, {} of them dropped for want of a broker",
            self.messages, counters.dropped
        )
    }

    /// What happened, in sentences.
    pub(super) fn said(&mut self) -> Vec<String> {
        self.narrator.take()
    }

    /// Real time since the shop opened, ms.
    fn real_ms(&self) -> u64 {
        self.begun.elapsed().as_millis() as u64
    }

    /// Brings the world, the screens and the broker up to now.
    pub(super) fn step(&mut self) {
        let real_ms = self.real_ms();
        let lived_ms = (real_ms as f64 * self.speed) as u64;
        let target_ms = self.warm_ms + lived_ms - self.skipped_ms;
        let mut steps = 0;
        while self.world.now_ms() + TICK_MS <= target_ms && steps < CATCH_UP_MAX {
            self.tick(real_ms);
            steps += 1;
        }
        // Too slow for that speed, or the machine slept: go on from here.
        self.skipped_ms += target_ms.saturating_sub(self.world.now_ms() + TICK_MS);
        self.step_players(real_ms);
        self.step_till(real_ms);
        if real_ms >= self.next_truth_ms {
            self.next_truth_ms = real_ms + TRUTH_MS;
            let truth = self.truth();
            self.send(Topic::DemoTruth, truth.to_string().into_bytes());
        }
    }

    /// The till asks about codes that customers hold out.
    fn step_till(&mut self, real_ms: u64) {
        let Some(till) = self.till.clone() else {
            return;
        };
        for question in self.vouchers.due(real_ms) {
            self.deliver(Topic::Till(till.clone()), question);
        }
    }

    /// How many people stand where this screen can be seen.
    fn people_before(&self, screen: usize) -> usize {
        let seen_from = self.ground.plan.screens[screen].seen_from;
        let zones = self.world.people().iter();
        let zones = zones.filter_map(|person| person.zone(&self.ground.floor));
        zones.filter(|zone| seen_from.has(zone.0)).count()
    }

    fn tick(&mut self, real_ms: u64) {
        for i in 0..self.players.len() {
            let glass = self.players[i].glass(real_ms);
            self.world.paint(ScreenIx(i as u8), glass);
        }
        let mut happened = Vec::new();
        self.world.tick(unix_now(), &mut happened);
        for happening in happened {
            self.happen(happening);
        }
    }

    fn happen(&mut self, happening: Happening) {
        let plan = self.ground.plan.clone();
        match happening {
            Happening::Batch(batch) if self.radios.hear(&batch) => self.boards.measure(&batch),
            Happening::Batch(batch) => {
                let said = self.speakers.batch(&batch, unix_now().0);
                self.publish(said);
            }
            Happening::Reading { sensor, value } => {
                if let Some(said) = self.speakers.reading(sensor, value, unix_now().0) {
                    return self.publish(said);
                }
                let payload = wire::reading(plan.sensors[sensor.at()].id.as_str(), value);
                self.deliver(Topic::In(Desk::Reading), payload);
            }
            Happening::Sale(sale) => {
                let card = sale.card.map(|c| self.population.get(c));
                let payload = wire::basket(&sale, card);
                self.deliver(Topic::In(Desk::Basket), payload);
                self.vouchers.sale(self.real_ms(), &sale.receipt);
                self.narrator.sale(&sale);
            }
            Happening::SecondThoughts { customer, forget } => {
                let reference = &self.population.get(customer).reference;
                let body = json!({"customer": reference}).to_string().into_bytes();
                let desk = if forget { Desk::Forget } else { Desk::Withdraw };
                self.deliver(Topic::In(desk), body);
                self.narrator.second_thoughts(forget);
            }
            Happening::Entered { customer } => {
                let present = self.world.people().len();
                self.narrator.entered(customer.is_some(), present);
            }
            Happening::Left { .. } => self.narrator.left(),
        }
    }

    fn step_players(&mut self, real_ms: u64) {
        for i in 0..self.players.len() {
            while let Some(said) = self.players[i].step(real_ms, &mut self.screens) {
                let screen = self.ground.plan.screens[i].id.clone();
                let report = ScreenReport {
                    screen: screen.clone(),
                    player: self.player_name.clone(),
                    revision: said.revision,
                    status: said.status,
                };
                let payload = serde_json::to_vec(&report)
                    .expect("names and numbers are JSON whatever they hold");
                self.deliver(Topic::ScreenReport(screen), payload);
                if said.status == ScreenStatus::Painted {
                    let people = self.people_before(i);
                    self.vouchers.painted(i, people);
                    let offer = self.players[i].glass(real_ms);
                    let plan = &self.ground.plan;
                    let title = offer.map(|o| plan.offers[o.at()].title.as_str());
                    self.narrator.painted(&plan.screens[i].label, title);
                }
            }
        }
    }

    /// Takes one message in: a command to a screen, or where a tag is carried.
    pub(super) fn receive(&mut self, message: &Message) {
        let plan = self.ground.plan.clone();
        match Topic::parse(&plan.store, &message.topic) {
            Some(Topic::ScreenCommand(id)) => self.command(&plan, &id, message),
            Some(Topic::Answer) => {
                let told = self.vouchers.hear(self.real_ms(), &message.payload);
                told.into_iter()
                    .for_each(|line| self.narrator.voucher(line));
            }
            Some(Topic::DemoTag) => {
                if let Ok(carried) = serde_json::from_slice::<Carried>(&message.payload) {
                    self.narrator.carried(&carried);
                    self.world.carry(&carried);
                }
            }
            _ => {}
        }
    }

    fn command(&mut self, plan: &StorePlan, id: &ScreenId, message: &Message) {
        let command = serde_json::from_slice::<ScreenCommand>(&message.payload).ok();
        let (Some(command), Some(screen)) = (command, plan.screen(id)) else {
            self.narrator.unreadable_command(id.as_str());
            return;
        };
        // A screen ignores commands to others.
        if command.screen == *id {
            let real_ms = self.real_ms();
            self.vouchers.told(screen.at(), code_of(&command));
            self.players[screen.at()].command(real_ms, plan, &command, &mut self.screens);
        }
    }

    /// Where everybody truly is.
    fn truth(&self) -> Value {
        let one = |person: &Person| {
            let customer = person.customer.map(|c| self.population.get(c));
            let opted_in = customer.is_some_and(|c| !c.consent.purposes.is_empty());
            let mut value = json!({
                "x_m": (person.at.x * 100.0).round() / 100.0,
                "y_m": (person.at.y * 100.0).round() / 100.0,
                "opted_in": opted_in,
            });
            if let Some(customer) = customer.filter(|_| opted_in) {
                value["customer"] = json!(customer.reference);
            }
            value
        };
        let people: Vec<Value> = self.world.people().iter().map(one).collect();
        json!({ "people": people })
    }

    /// Says what devices say when they are switched on.
    pub(super) fn switch_on(&mut self) {
        let said = self.speakers.hello();
        self.publish(said);
    }

    fn publish(&mut self, said: Vec<dialect::Message>) {
        for message in said {
            self.messages += 1;
            // The link counts what it drops: a reading is replaced by the next.
            if message.retain {
                let _ = self.link.deliver(Delivery {
                    topic: message.topic,
                    payload: message.payload,
                    retain: true,
                    expires_after: Some(Duration::from_mins(1)),
                });
            } else {
                let _ = self.link.send(&message.topic, message.payload);
            }
        }
    }

    fn send(&mut self, topic: Topic, payload: Vec<u8>) {
        self.messages += 1;
        let topic = topic.text(&self.ground.plan.store);
        // The link counts what it drops.
        let _ = self.link.send(&topic, payload);
    }

    fn deliver(&mut self, topic: Topic, payload: Vec<u8>) {
        self.messages += 1;
        let delivery = Delivery {
            topic: topic.text(&self.ground.plan.store).to_string(),
            payload,
            retain: false,
            expires_after: Some(Duration::from_mins(1)),
        };
        // The link counts what it drops.
        let _ = self.link.deliver(delivery);
    }
}

/// The code beside the picture.
fn code_of(command: &ScreenCommand) -> Option<&str> {
    match &command.action {
        ScreenAction::Show { code, .. } => code.as_deref(),
        ScreenAction::Clear => None,
    }
}

pub(super) fn unix_now() -> UnixMs {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    UnixMs(since.map_or(0, |s| s.as_millis() as i64))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::small_shop;
    use clap::Parser as _;
    use config::ScannerSource;

    fn live() -> LiveShop {
        let cli = args::Cli::parse_from(["sim", "serve", "--broker", "mqtt://localhost:1"]);
        let args::Command::Serve(args) = cli.command else {
            unreachable!("parsed just above");
        };
        let ground = Ground::new(small_shop::plan()).unwrap();
        let settings = link::Settings::new("127.0.0.1", 1, "t".to_owned());
        let (link, _) = Link::start(settings, Vec::new()).unwrap();
        let population = Population::draw(&ground.plan, 1, 200, None);
        let mut shell = config::demo().shell;
        shell.scanners = vec![ScannerSource::Node; 4];
        shell.sensors = vec![None; ground.plan.sensors.len()];
        LiveShop::new(&args, ground, &shell, population, link)
    }

    #[tokio::test]
    async fn the_shop_is_busy_from_the_first_moment_whatever_the_hour() {
        let live = live();
        assert!(live.world.people().len() >= 12, "{}", live.greeting());
        let truth = live.truth();
        let people = truth["people"].as_array().unwrap();
        assert_eq!(people.len(), live.world.people().len());
        let opted_in = people.iter().filter(|p| p["opted_in"] == true).count();
        assert!(opted_in >= 4, "{opted_in}");
        assert!(people.iter().all(|p| p["x_m"].is_number()));
        let named = people.iter().filter(|p| p["customer"].is_string()).count();
        assert_eq!(named, opted_in);
    }
}
