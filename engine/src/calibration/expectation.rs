//! What error to expect in a zone without anybody's truth: tags that are only
//! thought of are followed by the very filter that follows shoppers.
//!
//! In a surveyed shop they lie at the surveyed places and sound as those do, but for
//! their strength and the body that carries them, which are not the survey's; each is
//! left out of the survey that finds it. Elsewhere they lie about the zone
//! and sound as the shop's radio is: its fading with distance and what it strays
//! from that, measured by scanners that hear each other (a parametric bootstrap:
//! Efron and Tibshirani, An Introduction to the Bootstrap, 1993, chapter 6). To
//! ask only where the others find a scanner would be too dark a picture: shoppers
//! are heard by the scanner of their own zone, too.

use super::{Packet, Quality, SETTLED_MS, Trial};
use crate::{
    Seed,
    plan::{Point, ScannerIx, StorePlan, SurveyPoint, Zone},
    presence::Tracker,
    strength::Strength,
    time::Mono,
};
use std::collections::{BTreeMap, BTreeSet};

/// A tag is followed for so long, s: about as long as shoppers stand at a shelf.
const FOLLOWED_S: u64 = 25;
/// Tags that lie about a zone.
const TAGS_PER_ZONE: usize = 12;
/// A surveyed place is found by the others in so many turns.
const FOLDS: usize = 8;
/// Surveyed entries so near are one place, metres: a walk has a place a metre
/// with few packets each, too few to stand for a tag that is followed.
const SAME_PLACE_M: f32 = 2.1;
/// Fewest surveyed places from which a zone is judged: one is luck.
const PLACES_MIN: u32 = 2;
/// Fewest packets from which a link is judged, and fewest links.
const LINK_PACKETS_MIN: usize = 10;
const LINKS_MIN: usize = 6;
/// Nearer than this, distance says nothing, metres.
const NEAR_M: f32 = 0.5;
/// A scanner hears nothing weaker, dBm (ESP32 data sheet).
const SENSITIVITY_DBM: f32 = -95.0;
/// What bodies add to what radio strays, dB: 0 to 5 dB by the way one faces.
const BODY_DB: f32 = 1.5;
/// How much tags differ in strength, dB.
const STRENGTH_DB: f32 = 3.0;

/// What radio is like in this shop.
#[derive(Debug, Clone, Copy)]
struct Air {
    metre_dbm: f32,
    exponent: f32,
    /// How far a link strays from what its length says, dB.
    misfit_db: f32,
    /// How far a packet strays from its link, dB.
    packet_db: f32,
    /// Share of seconds in which a tag in reach is heard.
    heard: f32,
}

/// As in the public recording TETAM, where scanners tell nothing.
const USUAL: Air = Air {
    metre_dbm: -60.7,
    exponent: 1.55,
    misfit_db: 4.5,
    packet_db: 3.8,
    heard: 0.86,
};

/// A tag that is thought of, and how every scanner would hear it on average.
struct Thought {
    at: Point,
    level: u8,
    dbm: Vec<Option<f32>>,
}

/// What to expect in each zone, in the order of the plan; nothing where there is
/// nothing to go by.
pub(super) fn zones(plan: &StorePlan, heard: &[(ScannerIx, Vec<Packet>)]) -> Vec<Option<Quality>> {
    let air = Air::of(plan, heard);
    if plan.survey.is_empty() {
        return air.map_or_else(|| vec![None; plan.zones.len()], |air| by_air(plan, &air));
    }
    by_survey(plan, &air.unwrap_or(USUAL))
}

fn by_air(plan: &StorePlan, air: &Air) -> Vec<Option<Quality>> {
    let mut draw = Draw(plan.scanners.len() as u64);
    let zones = plan.zones.iter();
    let tags: Vec<Thought> = zones
        .flat_map(|zone| {
            let spots = spots(plan, zone);
            let step = spots.len().div_ceil(TAGS_PER_ZONE).max(1);
            let lain: Vec<Point> = spots.into_iter().step_by(step).collect();
            lain.into_iter()
                .map(|at| air.thought(plan, zone.level, at, &mut draw))
                .collect::<Vec<_>>()
        })
        .collect();
    let mut trials = trials(plan);
    follow(plan, &tags, air, &mut draw, &mut trials);
    trials.iter().map(Trial::quality).collect()
}

fn by_survey(plan: &StorePlan, air: &Air) -> Vec<Option<Quality>> {
    let places = places(plan);
    let mut draw = Draw(places.len() as u64);
    let mut trials = trials(plan);
    for fold in 0..FOLDS.min(places.len()) {
        let is_left_out = |n: usize| n % FOLDS == fold;
        let kept = places.iter().enumerate().filter(|(n, _)| !is_left_out(*n));
        let mut others = plan.clone();
        others.survey = kept.flat_map(|(_, points)| points).copied().collect();
        let left_out = places.iter().enumerate().filter(|(n, _)| is_left_out(*n));
        let tags: Vec<Thought> = left_out
            .map(|(_, points)| surveyed(plan, points, &mut draw))
            .collect();
        if !others.survey.is_empty() {
            follow(&others, &tags, air, &mut draw, &mut trials);
        }
    }
    let judged_s = FOLLOWED_S as u32 - (SETTLED_MS / 1_000) as u32;
    let enough = |found: &Quality| found.seconds >= PLACES_MIN * judged_s;
    let qualities = trials.iter().map(Trial::quality);
    qualities.map(|found| found.filter(enough)).collect()
}

fn trials(plan: &StorePlan) -> Vec<Trial> {
    plan.zones.iter().map(|_| Trial::default()).collect()
}

/// Entries of the survey, place by place.
fn places(plan: &StorePlan) -> Vec<Vec<SurveyPoint>> {
    let mut places: Vec<Vec<SurveyPoint>> = Vec::new();
    for point in &plan.survey {
        let same = |place: &&mut Vec<SurveyPoint>| {
            let first = &place[0];
            first.level == point.level && first.at.distance(point.at) < SAME_PLACE_M
        };
        match places.iter_mut().rev().find(same) {
            Some(place) => place.push(*point),
            None => places.push(vec![*point]),
        }
    }
    places
}

fn surveyed(plan: &StorePlan, points: &[SurveyPoint], draw: &mut Draw) -> Thought {
    let strength = STRENGTH_DB * draw.normal();
    let dbm = (0..plan.scanners.len()).map(|scanner| {
        let of = points.iter().filter(|point| point.scanner.at() == scanner);
        let (sum, packets) = of.fold((0.0, 0.0), |(sum, packets), point| {
            let n = f32::from(point.packets);
            (sum + n * point.rssi_dbm, packets + n)
        });
        let strays = strength + BODY_DB * draw.normal();
        (packets > 0.0).then(|| sum / packets + strays)
    });
    let mean =
        |of: fn(&SurveyPoint) -> f32| points.iter().map(of).sum::<f32>() / points.len() as f32;
    Thought {
        at: Point {
            x: mean(|point| point.at.x),
            y: mean(|point| point.at.y),
        },
        level: points[0].level,
        dbm: dbm.collect(),
    }
}

/// Free places of a zone, a metre apart.
fn spots(plan: &StorePlan, zone: &Zone) -> Vec<Point> {
    let (low, high) = zone.area.bounds();
    let (wide, deep) = ((high.x - low.x) as u32, (high.y - low.y) as u32);
    let shelves = plan.levels().nth(usize::from(zone.level));
    let shelves = shelves.map_or(&[][..], |(_, obstacles)| obstacles);
    let all = (0..=deep).flat_map(|y| (0..=wide).map(move |x| (x as f32, y as f32)));
    all.map(|(x, y)| Point {
        x: low.x + x + 0.5,
        y: low.y + y + 0.5,
    })
    .filter(|at| zone.area.contains(*at) && !shelves.iter().any(|shelf| shelf.contains(*at)))
    .collect()
}

/// Lets the filter find the tags, and judges it zone by zone.
fn follow(plan: &StorePlan, tags: &[Thought], air: &Air, draw: &mut Draw, trials: &mut [Trial]) {
    let mut tracker = Tracker::new(plan, Seed(0));
    let mut changes = Vec::new();
    for second in 1..=FOLLOWED_S {
        for (tag, thought) in (0..).zip(tags) {
            for (scanner, mean) in thought.dbm.iter().enumerate() {
                let dbm = mean.map(|mean| mean + air.packet_db * draw.normal());
                let is_heard = draw.unit() < air.heard;
                let loud = dbm.filter(|dbm| is_heard && *dbm >= SENSITIVITY_DBM);
                if let Some(dbm) = loud {
                    let scanner = ScannerIx(scanner as u8);
                    let at = Mono(second * 1_000 - 500);
                    let heard = Strength::of_one(libm::roundf(dbm).min(-20.0));
                    tracker.hear(at, tag, scanner, heard);
                }
            }
        }
        tracker.step(Mono(second * 1_000), &mut changes);
        changes.clear();
        if second * 1_000 < SETTLED_MS {
            continue;
        }
        for (tag, thought) in (0..).zip(tags) {
            if let Some(zone) = plan.zone_on(thought.level, thought.at) {
                trials[zone.at()].judge(plan, tracker.visit(tag), (thought.level, thought.at));
            }
        }
    }
}

impl Air {
    /// From what scanners hear of each other; a line through all links with a
    /// strength for each sender.
    fn of(plan: &StorePlan, heard: &[(ScannerIx, Vec<Packet>)]) -> Option<Self> {
        let by_sender = heard
            .iter()
            .map(|(sender, packets)| links(plan, *sender, packets));
        let by_sender: Vec<Vec<HeardLink>> = by_sender.filter(|links| links.len() > 1).collect();
        let links: usize = by_sender.iter().map(Vec::len).sum();
        if links < LINKS_MIN {
            return None;
        }
        let (mut above, mut below) = (0.0, 0.0);
        let links_of = by_sender.iter();
        let strayed: Vec<(f32, f32)> = links_of.flat_map(|links| centred(links)).collect();
        for (x, y) in &strayed {
            above += x * y;
            below += x * x;
        }
        let slope = (above / below.max(1e-6)).clamp(-40.0, -10.0);
        let strays = strayed
            .iter()
            .map(|(x, y)| (y - slope * x) * (y - slope * x));
        let free = (links - by_sender.len()).saturating_sub(1).max(1) as f32;
        let all = || by_sender.iter().flatten();
        let mean = |of: fn(&HeardLink) -> f32| all().map(of).sum::<f32>() / links as f32;
        Some(Self {
            metre_dbm: mean(|l| l.mean_dbm) - slope * mean(|l| l.log_m),
            exponent: slope / -10.0,
            misfit_db: libm::sqrtf(strays.sum::<f32>() / free),
            packet_db: libm::sqrtf(mean(|l| l.variance)),
            heard: mean(|l| l.share).clamp(0.1, 1.0),
        })
    }

    fn thought(&self, plan: &StorePlan, level: u8, at: Point, draw: &mut Draw) -> Thought {
        let strength = self.metre_dbm + STRENGTH_DB * draw.normal();
        let strays = libm::sqrtf(self.misfit_db * self.misfit_db + BODY_DB * BODY_DB);
        let dbm = plan.scanners.iter().map(|scanner| {
            let far = libm::log10f(scanner.at.distance(at).max(NEAR_M));
            let mean = strength - 10.0 * self.exponent * far + strays * draw.normal();
            (scanner.level == level).then_some(mean)
        });
        Thought {
            at,
            level,
            dbm: dbm.collect(),
        }
    }
}

/// One scanner as heard by another.
struct HeardLink {
    log_m: f32,
    mean_dbm: f32,
    variance: f32,
    share: f32,
}

fn links(plan: &StorePlan, sender: ScannerIx, packets: &[Packet]) -> Vec<HeardLink> {
    let own = &plan.scanners[sender.at()];
    let mut by_hearer: BTreeMap<ScannerIx, (Vec<f32>, BTreeSet<u64>)> = BTreeMap::new();
    for packet in packets {
        let (dbm, seconds) = by_hearer.entry(packet.scanner).or_default();
        dbm.push(packet.strength.mean_dbm);
        seconds.insert(packet.at_ms / 1_000);
    }
    let span = packets.first().zip(packets.last());
    let seconds = span.map_or(0, |(first, last)| {
        last.at_ms / 1_000 - first.at_ms / 1_000 + 1
    });
    by_hearer.retain(|hearer, (dbm, _)| {
        plan.scanners[hearer.at()].level == own.level && dbm.len() >= LINK_PACKETS_MIN
    });
    let link = |(hearer, (dbm, heard)): (ScannerIx, (Vec<f32>, BTreeSet<u64>))| {
        let mean_dbm = dbm.iter().sum::<f32>() / dbm.len() as f32;
        let squares = dbm.iter().map(|d| (d - mean_dbm) * (d - mean_dbm));
        let far = plan.scanners[hearer.at()].at.distance(own.at);
        HeardLink {
            log_m: libm::log10f(far.max(NEAR_M)),
            mean_dbm,
            variance: squares.sum::<f32>() / dbm.len() as f32,
            share: heard.len() as f32 / seconds.max(1) as f32,
        }
    };
    by_hearer.into_iter().map(link).collect()
}

/// Length and strength of one sender's links, less their means.
fn centred(links: &[HeardLink]) -> Vec<(f32, f32)> {
    let mean = |of: fn(&HeardLink) -> f32| links.iter().map(of).sum::<f32>() / links.len() as f32;
    let (x, y) = (mean(|l| l.log_m), mean(|l| l.mean_dbm));
    links
        .iter()
        .map(|l| (l.log_m - x, l.mean_dbm - y))
        .collect()
}

/// Chance that is the same every time: splitmix64 (Steele, Lea and Flood, 2014).
struct Draw(u64);

impl Draw {
    fn unit(&mut self) -> f32 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) >> 40) as f32 / (1_u64 << 24) as f32
    }

    /// By Box and Muller (1958).
    fn normal(&mut self) -> f32 {
        let radius = libm::sqrtf(-2.0 * libm::logf(1.0 - self.unit()));
        radius * libm::cosf(core::f32::consts::TAU * self.unit())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chance_is_normal_and_the_same_every_time() {
        let draws = |seed| {
            let mut draw = Draw(seed);
            (0..4_000).map(|_| draw.normal()).collect::<Vec<f32>>()
        };
        let drawn = draws(1);
        assert_eq!(drawn, draws(1));
        let mean = drawn.iter().sum::<f32>() / drawn.len() as f32;
        let square = drawn.iter().map(|d| d * d).sum::<f32>() / drawn.len() as f32;
        assert!(
            mean.abs() < 0.06 && (square - 1.0).abs() < 0.1,
            "{mean} {square}"
        );
    }
}
