//! The shop and the people in it: pure, seeded, in steps of [`TICK_MS`] of
//! virtual time. Knows nothing of messages, brokers or the engine; it makes
//! things happen and says what happened.

pub mod arrivals;
pub mod ears;
pub mod emitter;
pub mod errands;
pub mod facts;
pub mod floor;
pub mod own;
pub mod person;
pub mod population;
pub mod radio;
pub mod sender;
pub mod sensors;
pub mod trade;
pub mod walker;

/// What the tills take for a price sensor's product: what its offers say.
fn price_minor(plan: &StorePlan, sensor: SensorIx) -> u32 {
    let conditions = plan.offers.iter().flat_map(|offer| &offer.conditions);
    let mut said = conditions.filter_map(|condition| match condition {
        Condition::Price {
            sensor: of,
            is_minor,
        } if *of == sensor => Some(*is_minor),
        _ => None,
    });
    said.next().unwrap_or_default()
}

#[cfg(test)]
mod likeness;

use crate::chance::{Chance, Concern};
use arrivals::{Arrivals, Filling};
use ears::{BATCH_EVERY_MS, Batch, Ear};
use emitter::Emitter;
use engine::{
    plan::{Condition, OfferIx, ScannerIx, ScreenIx, SensorIx, SensorKind, StorePlan, ZoneIx},
    time::UnixMs,
};
use errands::Shelves;
use floor::{Floor, NoFloor};
use own::Own;
use person::{Doing, Person};
use population::Population;
use protocol::{carried::Carried, frame::Quantity};
use radio::{Link, Radio};
use sender::{Held, OnAir, Sender};
use sensors::{Sight, Voices};
use std::sync::Arc;
use trade::{Effect, Sale, Trade};

/// One step, ms. Somebody walking covers a third of a metre in it.
pub const TICK_MS: u64 = 250;
/// Most people in the shop at once; more find the door shut.
pub const PEOPLE_MAX: usize = 2_000;
/// Share of strangers whose phone is on and sends, assumed.
const PHONES_ON: f64 = 0.85;
/// Chance per second of noticing a screen in view: walking, standing; assumed,
/// so that about half of those who spend a minute near one notice it.
const NOTICES: (f64, f64) = (0.006, 0.012);
/// Share of customers who take consent back during a visit, and of those who
/// ask to be forgotten. More than life has, so that tests see many.
const SECOND_THOUGHTS: (f64, f64) = (0.04, 0.3);

/// Something that happened.
#[derive(Debug, Clone, PartialEq)]
pub enum Happening {
    /// A scanner passes on what it heard.
    Batch(Batch),
    /// A sensor that is no port of a node says something.
    Reading {
        /// Which.
        sensor: SensorIx,
        /// What.
        value: Quantity,
    },
    /// A till closed a basket.
    Sale(Sale),
    /// A customer changes their mind about consent.
    SecondThoughts {
        /// Who.
        customer: u32,
        /// Whether they want to be forgotten altogether.
        forget: bool,
    },
    /// Somebody came in.
    Entered {
        /// Which customer, or nobody known.
        customer: Option<u32>,
    },
    /// Somebody left.
    Left {
        /// Which customer, or nobody known.
        customer: Option<u32>,
    },
}

/// What never changes about a shop: worked out once, shared by many worlds.
#[derive(Debug, Clone)]
pub struct Ground {
    /// The plan.
    pub plan: Arc<StorePlan>,
    /// Where people can walk.
    pub floor: Arc<Floor>,
    /// What radio does there.
    pub radio: Arc<Radio>,
}

impl Ground {
    /// Works it out.
    pub fn new(plan: Arc<StorePlan>) -> Result<Self, NoFloor> {
        Ok(Self {
            floor: Floor::new(&plan)?,
            radio: Radio::new(&plan),
            plan,
        })
    }
}

/// What makes one world differ from another on the same ground.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The only source of chance.
    pub seed: u64,
    /// How it fills.
    pub filling: Filling,
    /// Share of arrivals who once signed up.
    pub signed_up: f64,
    /// Part of receipt numbers, so that those of another start differ.
    pub receipts: String,
}

/// The shop and the people in it.
#[derive(Debug)]
pub struct World {
    ground: Ground,
    settings: Settings,
    population: Arc<Population>,
    arrivals: Arrivals,
    shelves: Shelves,
    people: Vec<Person>,
    inside: Vec<bool>,
    ears: Vec<Ear>,
    own: Own,
    voices: Voices,
    trade: Trade,
    glass: Vec<Option<OfferIx>>,
    chances: Chances,
    now_ms: u64,
    passages: (u32, u32),
}

#[derive(Debug)]
struct Chances {
    arrivals: Chance,
    walks: Chance,
    trade: Chance,
    radio: Chance,
    sensors: Chance,
    minds: Chance,
}

impl World {
    /// Opens an empty shop.
    pub fn new(ground: Ground, population: Arc<Population>, settings: Settings) -> Self {
        let plan = &ground.plan;
        let stream = |concern| Chance::new(settings.seed, concern);
        let mut chances = Chances {
            arrivals: stream(Concern::Arrivals),
            walks: stream(Concern::Walks),
            trade: stream(Concern::Trade),
            radio: stream(Concern::Radio),
            sensors: stream(Concern::Sensors),
            minds: stream(Concern::Minds),
        };
        Self {
            arrivals: Arrivals::new(plan, settings.filling),
            shelves: Shelves::new(plan, &ground.floor),
            people: Vec::new(),
            inside: vec![false; population.len()],
            ears: (0..plan.scanners.len())
                .map(|s| Ear::new(ScannerIx(s as u8)))
                .collect(),
            own: Own::new(plan, settings.seed),
            voices: Voices::new(plan, &mut chances.sensors),
            trade: Trade::new(plan, settings.receipts.clone()),
            glass: vec![None; plan.screens.len()],
            chances,
            now_ms: 0,
            passages: (0, 0),
            settings,
            population,
            ground,
        }
    }

    /// Milliseconds since the world began.
    pub fn now_ms(&self) -> u64 {
        self.now_ms
    }

    /// Everybody in the shop.
    pub fn people(&self) -> &[Person] {
        &self.people
    }

    /// Where people can walk.
    pub fn floor(&self) -> &Floor {
        &self.ground.floor
    }

    /// Ground truth of every offer's effect, in the order of the plan.
    pub fn effects(&self) -> &[Effect] {
        &self.trade.effects
    }

    /// From now on this is what people see on a screen.
    pub fn paint(&mut self, screen: ScreenIx, offer: Option<OfferIx>) {
        self.glass[screen.at()] = offer;
    }

    /// From now on the tag that somebody calibrates with is carried like this,
    /// or put away.
    pub fn carry(&mut self, carried: &Carried) {
        self.own.carry(carried, &self.ground.plan, self.now_ms);
    }

    /// Lives on for [`TICK_MS`]; `date` is the true date at its end. Appends
    /// what happened.
    pub fn tick(&mut self, date: UnixMs, happened: &mut Vec<Happening>) {
        self.now_ms += TICK_MS;
        self.let_in(date, happened);
        self.live(happened);
        self.radiate(date);
        self.check_out(happened);
        self.sense(date, happened);
        self.pass_on(happened);
        self.let_out(happened);
    }

    fn let_in(&mut self, date: UnixMs, happened: &mut Vec<Happening>) {
        let present = self.people.len();
        let chance = &mut self.chances.arrivals;
        let plan = &self.ground.plan;
        let due = self.arrivals.due(plan, date, TICK_MS, present, chance);
        for _ in 0..due.min((PEOPLE_MAX - present.min(PEOPLE_MAX)) as u32) {
            let signed_up = self.chances.arrivals.happens(self.settings.signed_up);
            let customer = signed_up.then(|| self.somebody_outside()).flatten();
            let person = self.somebody(customer, date);
            self.passages.0 += 1;
            happened.push(Happening::Entered { customer });
            self.people.push(person);
        }
    }

    fn somebody_outside(&mut self) -> Option<u32> {
        let drawn = self.chances.arrivals.index(self.population.len());
        let free = !*self.inside.get(drawn)?;
        self.inside[drawn] = true;
        free.then_some(drawn as u32)
    }

    fn somebody(&mut self, customer: Option<u32>, date: UnixMs) -> Person {
        let Chances {
            arrivals: chance,
            radio,
            minds,
            ..
        } = &mut self.chances;
        let (now, unix_s) = (self.now_ms, date.seconds());
        let emitter = match customer {
            Some(c) => Some(Emitter::of(self.population.get(c), now, unix_s, chance)),
            None if chance.happens(PHONES_ON) => Some(Emitter::of_stranger(now, unix_s, chance)),
            None => None,
        };
        let errands = self.shelves.errands(&self.ground.floor, chance);
        let floor = &self.ground.floor;
        let mut person = Person::arrive(self.passages.0, customer, errands, floor, chance);
        let scanners = self.ground.plan.scanners.iter();
        let links = scanners.map(|_| Link::new(radio)).collect();
        person.sender = emitter.map(|emitter| Sender::new(emitter, customer, links));
        if customer.is_some() && minds.happens(SECOND_THOUGHTS.0) {
            person.second_thoughts_ms = Some(now + minds.wait(240_000.0) as u64);
        }
        person
    }

    fn live(&mut self, happened: &mut Vec<Happening>) {
        let (floor, plan) = (&self.ground.floor, &self.ground.plan);
        let Chances { walks, minds, .. } = &mut self.chances;
        for person in &mut self.people {
            let queued = person.doing == Doing::Queueing;
            person.live(self.now_ms, TICK_MS, floor, walks);
            if person.doing == Doing::Queueing && !queued {
                self.trade.join(person.number);
            }
            if person
                .second_thoughts_ms
                .is_some_and(|at| at <= self.now_ms)
                && let Some(customer) = person.customer
            {
                person.second_thoughts_ms = None;
                happened.push(Happening::SecondThoughts {
                    customer,
                    forget: minds.happens(SECOND_THOUGHTS.1),
                });
            }
            // Each looks up once a second, not all in the same tick.
            if (self.now_ms / TICK_MS + u64::from(person.number)).is_multiple_of(1000 / TICK_MS) {
                look(person, plan, floor, &self.glass, walks);
            }
        }
    }

    fn radiate(&mut self, date: UnixMs) {
        let mut air = OnAir {
            radio: &self.ground.radio,
            ears: &mut self.ears,
            until_ms: self.now_ms,
            unix_s: date.seconds(),
        };
        for person in &mut self.people {
            let held = Held::ByBody(person.at, person.heading);
            if let Some(sender) = &mut person.sender {
                sender.send(held, &mut air, &mut self.chances.radio);
            }
        }
        self.own.send(&mut air);
    }

    fn check_out(&mut self, happened: &mut Vec<Happening>) {
        let people = &self.people;
        let pieces = |number| {
            let at = position(people, number);
            at.map_or(1, |at| people[at].taken.values().sum())
        };
        for number in self.trade.served(self.now_ms, pieces) {
            let Some(at) = position(&self.people, number) else {
                continue;
            };
            let sale =
                self.trade
                    .sell(&self.ground.plan, &self.people[at], &mut self.chances.trade);
            self.people[at].doing = Doing::Leaving;
            happened.push(Happening::Sale(sale));
        }
        self.trade.restock(self.now_ms, &mut self.chances.trade);
    }

    fn sense(&mut self, date: UnixMs, happened: &mut Vec<Happening>) {
        let plan = self.ground.plan.clone();
        for (ix, sensor) in (0..).map(SensorIx).zip(&plan.sensors) {
            if !self.voices.is_due(ix, self.now_ms) {
                continue;
            }
            let sight = Sight {
                people: self.people_in(sensor.zone, sensor.kind),
                passages: self.passages,
                queue: self.trade.queue_length(),
                pieces: self.trade.pieces(ix),
                price_minor: price_minor(&plan, ix),
                minute: plan.local_time.at(date).minute,
            };
            let chance = &mut self.chances.sensors;
            let said = self.voices.speak(ix, sensor, sight, self.now_ms, chance);
            match (said, sensor.node) {
                (Some(value), Some((node, port))) => {
                    self.ears[node.at()].read(port, value, self.now_ms);
                }
                (Some(value), None) => happened.push(Happening::Reading { sensor: ix, value }),
                (None, _) => {}
            }
        }
    }

    fn people_in(&self, zone: Option<ZoneIx>, kind: SensorKind) -> usize {
        if kind != SensorKind::Occupancy {
            return 0;
        }
        let floor = &self.ground.floor;
        let here = |p: &&Person| zone.is_none() || p.zone(floor) == zone;
        self.people.iter().filter(here).count()
    }

    /// Scanners take turns, so that their batches do not come all at once.
    fn pass_on(&mut self, happened: &mut Vec<Happening>) {
        let turns = BATCH_EVERY_MS / TICK_MS;
        let turn = self.now_ms / TICK_MS % turns;
        for (scanner, ear) in (0_u64..).zip(&mut self.ears) {
            if scanner % turns == turn {
                happened.push(Happening::Batch(ear.flush(self.now_ms)));
            }
        }
    }

    fn let_out(&mut self, happened: &mut Vec<Happening>) {
        let (inside, passages) = (&mut self.inside, &mut self.passages);
        self.people.retain(|person| {
            let gone = person.doing == Doing::Gone;
            if gone {
                passages.1 += 1;
                if let Some(customer) = person.customer {
                    inside[customer as usize] = false;
                }
                happened.push(Happening::Left {
                    customer: person.customer,
                });
            }
            !gone
        });
    }
}

/// People stand in the order in which they came.
fn position(people: &[Person], number: u32) -> Option<usize> {
    people.binary_search_by_key(&number, |p| p.number).ok()
}

fn look(
    person: &mut Person,
    plan: &StorePlan,
    floor: &Floor,
    glass: &[Option<OfferIx>],
    chance: &mut Chance,
) {
    let Some(zone) = person.zone(floor) else {
        return;
    };
    let notices = if person.is_walking() {
        NOTICES.0
    } else {
        NOTICES.1
    };
    for (screen, offer) in plan.screens.iter().zip(glass) {
        if screen.seen_from.has(zone.0)
            && let Some(offer) = offer
            && chance.happens(notices)
        {
            person.saw.insert(*offer);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::small_shop;
    use protocol::beacon::Beacon;
    use std::collections::BTreeSet;

    /// A Saturday, 10:00 in the shop.
    const START: i64 = 1_795_230_000_000;

    fn world(seed: u64, present: u32) -> World {
        world_of(small_shop::plan(), seed, present)
    }

    fn world_of(plan: Arc<StorePlan>, seed: u64, present: u32) -> World {
        let ground = Ground::new(plan).unwrap();
        let population = Population::draw(&ground.plan, seed, 200, None);
        let settings = Settings {
            seed,
            filling: Filling::Busy { present },
            signed_up: 0.5,
            receipts: "t".to_owned(),
        };
        World::new(ground, population, settings)
    }

    fn run(world: &mut World, ticks: u64) -> Vec<Happening> {
        let mut happened = Vec::new();
        for _ in 0..ticks {
            let date = UnixMs(START + world.now_ms() as i64);
            world.tick(date, &mut happened);
        }
        happened
    }

    #[test]
    fn nobody_ever_walks_through_a_shelf_or_out_of_the_shop() {
        let mut world = world(5, 20);
        let plan = small_shop::plan();
        for _ in 0..10_000 {
            run(&mut world, 1);
            for person in world.people() {
                assert!(plan.outline.contains(person.at), "{:?}", person.at);
                let inside = plan.obstacles.iter().any(|o| o.contains(person.at));
                assert!(!inside, "{:?}", person.at);
            }
        }
    }

    #[test]
    fn the_same_seed_makes_the_same_things_happen() {
        let first = run(&mut world(5, 10), 2_000);
        assert_eq!(first, run(&mut world(5, 10), 2_000));
        assert_ne!(first, run(&mut world(6, 10), 2_000));
    }

    /// Scanners that send and a tag that is carried, and neither.
    fn with_and_without_own() -> [Vec<Happening>; 2] {
        let mut sending = StorePlan::clone(&small_shop::plan());
        for (n, scanner) in sending.scanners.iter_mut().enumerate() {
            let beacon = format!("ibeacon:a15ec457-0000-4000-8000-0000000000aa-1-{n}");
            scanner.beacon = Some(beacon.parse().unwrap());
        }
        let mut with = world_of(Arc::new(sending), 5, 10);
        with.carry(&Carried {
            tag: Some("ibeacon:a15ec457-0000-4000-8000-0000000000aa-2-1".to_owned()),
            way: None,
        });
        let mut without = world_of(small_shop::plan(), 5, 10);
        [run(&mut with, 4 * 120), run(&mut without, 4 * 120)]
    }

    fn is_own(heard: &ears::Heard) -> bool {
        let uuid = 0xa15e_c457_0000_4000_8000_0000_0000_00aa_u128.to_be_bytes();
        matches!(heard.air.beacon, Beacon::IBeacon { uuid: own, .. } if own == uuid)
    }

    #[test]
    fn what_the_shop_sends_is_heard_and_changes_nothing_for_shoppers() {
        let [mut with, without] = with_and_without_own();
        let mut own = Vec::new();
        for happening in &mut with {
            if let Happening::Batch(batch) = happening {
                let scanner = batch.scanner;
                own.extend(
                    batch
                        .heard
                        .iter()
                        .filter(|h| is_own(h))
                        .map(|h| (scanner, h.air.beacon)),
                );
                batch.heard.retain(|heard| !is_own(heard));
            }
        }
        assert_eq!(with, without);
        // A scanner hears the others and the tag, and not itself.
        for scanner in (0..4).map(ScannerIx) {
            let heard: BTreeSet<Beacon> = own
                .iter()
                .filter(|(s, _)| *s == scanner)
                .map(|(_, b)| *b)
                .collect();
            assert_eq!(heard.len(), 4, "{scanner:?}");
        }
    }

    #[test]
    fn people_come_buy_and_leave() {
        let happened = run(&mut world(7, 15), 4 * 3_600);
        let count = |wanted: fn(&Happening) -> bool| happened.iter().filter(|h| wanted(h)).count();
        let entered = count(|h| matches!(h, Happening::Entered { .. }));
        let left = count(|h| matches!(h, Happening::Left { .. }));
        let sales = count(|h| matches!(h, Happening::Sale(s) if !s.lines.is_empty()));
        assert!(entered >= 60, "{entered}");
        assert!(left + 16 >= entered, "{left} of {entered}");
        assert!(sales >= left * 9 / 10, "{sales} of {left}");
        let heard = count(|h| matches!(h, Happening::Batch(b) if !b.heard.is_empty()));
        assert!(heard > 10_000, "{heard}");
    }

    #[test]
    fn a_day_brings_about_as_many_people_as_asked_for() {
        let ground = Ground::new(small_shop::plan()).unwrap();
        let population = Population::draw(&ground.plan, 1, 50, None);
        let settings = Settings {
            seed: 1,
            filling: Filling::Day {
                people: 400,
                from: UnixMs(START),
                for_ms: 3_600_000,
            },
            signed_up: 0.2,
            receipts: String::new(),
        };
        let mut world = World::new(ground, population, settings);
        let entered = run(&mut world, 4 * 3_600)
            .iter()
            .filter(|h| matches!(h, Happening::Entered { .. }))
            .count();
        // Poisson: three deviations of 20 either side.
        assert!((340..=460).contains(&entered), "{entered}");
    }
}
