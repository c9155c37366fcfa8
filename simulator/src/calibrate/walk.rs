//! The walk itself: an operator stands with the tag at places up and down the
//! aisles, or carries it in straight lines, while shoppers walk about.

use crate::{
    dialect::scanner::lets_know,
    run::Stage,
    run::translate,
    world::{
        Happening, Settings, TICK_MS, World, arrivals::Filling, ears::Batch, facts::HEADING_MPS,
        population::Population, walker::CALIBRATING_MPS,
    },
};
use config::ScannerSource;
use engine::{
    calibration::{Leg, Packet},
    plan::{Point, ScannerIx},
    strength::Strength,
    time::UnixMs,
};
use protocol::{
    beacon::Beacon,
    carried::{Carried, Way},
};
use std::collections::BTreeMap;

/// How long the operator stands at a place, s: as the page for phones asks.
const STAND_S: f64 = 20.0;
/// From one way to the next, s, as it turns out: tap twice, look, press.
const BETWEEN_S: f64 = 4.0;
/// Ways shorter than this are left out, m.
const WAY_M: f32 = 2.0;
/// How far apart lanes are at first, m; then ever closer while there is time.
const APART_M: [f32; 10] = [10.0, 8.0, 6.0, 5.0, 4.0, 3.0, 2.5, 2.0, 1.5, 1.0];
/// People in the shop meanwhile, and customers who signed up.
const PRESENT: u32 = 16;
const CUSTOMERS: u32 = 200;
/// A Saturday, 10:00 in the shop.
const DATE: i64 = 1_795_230_000_000;
/// Packets kept of each scanner that sends, as the gateway keeps them.
const NEIGHBOURS_MAX: usize = 1_024;
/// What the tag sends.
const TAG: &str = "ibeacon:a15ec457-0000-4000-8000-0000000000ca-1-1";

/// What was heard, and where the tag was said to be.
pub(super) struct Heard {
    pub(super) legs: Vec<Leg>,
    pub(super) tag: Vec<Packet>,
    pub(super) scanners: Vec<(ScannerIx, Vec<Packet>)>,
    pub(super) for_ms: u64,
}

/// Walks for about so many minutes.
pub(super) fn walk(stage: &Stage, seed: u64, minutes: f64, walking: bool) -> Heard {
    let floor = &stage.ground.floor;
    let tours = APART_M.iter().map(|apart_m| {
        let ways = tour(floor.lanes(*apart_m, WAY_M));
        if walking {
            ways
        } else {
            places(&ways, *apart_m)
        }
    });
    let fits = |tour: &Vec<Way>| takes_s(tour) <= 60.0 * minutes;
    // The closest lanes that there is time for; the widest if there is for none.
    let tours: Vec<Vec<Way>> = tours.collect();
    let chosen = tours
        .iter()
        .rev()
        .find(|tour| fits(tour))
        .unwrap_or(&tours[0]);
    let mut operator = Operator::new(stage, seed);
    let begun_ms = operator.world.now_ms();
    for (n, way) in chosen.iter().enumerate() {
        let before = n.checked_sub(1).map_or(way.from, |n| chosen[n].to);
        operator.live((1_000.0 * (BETWEEN_S + going_s(before, way.from))) as u64);
        operator.walk(*way);
    }
    let for_ms = operator.world.now_ms() - begun_ms;
    // Batches of the last second.
    operator.live(2_000);
    operator.heard(for_ms)
}

/// Each next way is the one that begins or ends nearest.
fn tour(mut lanes: Vec<(Point, Point)>) -> Vec<Way> {
    let mut tour: Vec<Way> = Vec::with_capacity(lanes.len());
    let mut here = lanes
        .first()
        .map_or(Point { x: 0.0, y: 0.0 }, |lane| lane.0);
    let far = |here: Point, lane: &(Point, Point)| here.distance(lane.0).min(here.distance(lane.1));
    while let Some(next) =
        (0..lanes.len()).min_by(|a, b| far(here, &lanes[*a]).total_cmp(&far(here, &lanes[*b])))
    {
        let (south, north) = lanes.swap_remove(next);
        let is_nearer = here.distance(south) <= here.distance(north);
        let (from, to) = if is_nearer {
            (south, north)
        } else {
            (north, south)
        };
        tour.push(Way {
            from: [from.x, from.y],
            to: [to.x, to.y],
            level: 0,
        });
        here = to;
    }
    tour
}

/// Places along these ways, so far apart.
fn places(ways: &[Way], apart_m: f32) -> Vec<Way> {
    let along = |way: &Way| {
        let (from, to) = (point(way.from), point(way.to));
        let count = (from.distance(to) / apart_m).ceil().max(1.0) as u16;
        let part = move |n: u16| (f32::from(n) + 0.5) / f32::from(count);
        (0..count).map(move |n| {
            let at = [
                from.x + part(n) * (to.x - from.x),
                from.y + part(n) * (to.y - from.y),
            ];
            Way {
                from: at,
                to: at,
                level: 0,
            }
        })
    };
    ways.iter().flat_map(along).collect()
}

fn takes_s(tour: &[Way]) -> f64 {
    let walked: f64 = tour.iter().map(|way| walking_s(*way)).sum();
    let between = tour
        .windows(2)
        .map(|two| BETWEEN_S + going_s(two[0].to, two[1].from));
    walked + between.sum::<f64>()
}

fn point([x, y]: [f32; 2]) -> Point {
    Point { x, y }
}

fn walking_s(way: Way) -> f64 {
    if way.is_standing() {
        return STAND_S;
    }
    f64::from(point(way.from).distance(point(way.to)) / CALIBRATING_MPS)
}

/// Around shelves it is a third farther than the crow flies, assumed.
fn going_s(from: [f32; 2], to: [f32; 2]) -> f64 {
    1.33 * f64::from(point(from).distance(point(to))) / f64::midpoint(HEADING_MPS.0, HEADING_MPS.1)
}

struct Operator<'s> {
    stage: &'s Stage,
    world: World,
    legs: Vec<Leg>,
    by_beacon: BTreeMap<Beacon, Vec<Packet>>,
}

impl<'s> Operator<'s> {
    fn new(stage: &'s Stage, seed: u64) -> Self {
        let population = Population::draw(&stage.ground.plan, seed, CUSTOMERS, None);
        let settings = Settings {
            seed,
            filling: Filling::Busy { present: PRESENT },
            signed_up: 0.5,
            receipts: "c".to_owned(),
        };
        Self {
            world: World::new(stage.ground.clone(), population, settings),
            stage,
            legs: Vec::new(),
            by_beacon: BTreeMap::new(),
        }
    }

    fn walk(&mut self, way: Way) {
        let from_ms = self.world.now_ms();
        self.world.carry(&Carried {
            tag: Some(TAG.to_owned()),
            way: Some(way),
        });
        self.live((1_000.0 * walking_s(way)) as u64);
        self.legs.push(Leg {
            from: point(way.from),
            to: point(way.to),
            level: way.level,
            from_ms,
            until_ms: self.world.now_ms(),
        });
    }

    fn live(&mut self, for_ms: u64) {
        let mut happened = Vec::new();
        for _ in 0..for_ms.div_ceil(TICK_MS) {
            let date = UnixMs(DATE + self.world.now_ms() as i64);
            self.world.tick(date, &mut happened);
            for happening in happened.drain(..) {
                if let Happening::Batch(batch) = happening {
                    self.take_in(&batch);
                }
            }
        }
    }

    fn take_in(&mut self, batch: &Batch) {
        let source = &self.stage.sources[batch.scanner.at()];
        let plan = &self.stage.ground.plan;
        let tag = TAG.parse().ok();
        for heard in &batch.heard {
            let beacon = heard.air.beacon;
            let is_own = Some(beacon) == tag || plan.sends(&beacon).is_some();
            if is_own && lets_know(source, &heard.air) {
                // Scanners tell whole decibels.
                let strength = match source {
                    ScannerSource::Node => Strength::of(&translate::sighting(batch, heard)),
                    _ => Strength::of_one(heard.mean_dbm().round()),
                };
                self.by_beacon.entry(beacon).or_default().push(Packet {
                    at_ms: heard.last_ms,
                    scanner: batch.scanner,
                    strength,
                });
            }
        }
    }

    fn heard(mut self, for_ms: u64) -> Heard {
        for packets in self.by_beacon.values_mut() {
            packets.sort_by_key(|p| p.at_ms);
        }
        let scanners = &self.stage.ground.plan.scanners;
        let scanners = scanners.iter().enumerate().filter_map(|(ix, scanner)| {
            let packets = self.by_beacon.get(&scanner.beacon?)?;
            let from = packets.len().saturating_sub(NEIGHBOURS_MAX);
            Some((ScannerIx(ix as u8), packets[from..].to_vec()))
        });
        let scanners = scanners.collect();
        let tag = TAG.parse().ok().and_then(|tag| self.by_beacon.remove(&tag));
        Heard {
            legs: self.legs,
            tag: tag.unwrap_or_default(),
            scanners,
            for_ms,
        }
    }
}
