//! What of the shop's own sends: scanners with a beacon, which the others hear,
//! and the tag that somebody carries to calibrate. Chance of their own, so that
//! shoppers walk and are heard the same with and without them.

use super::{
    emitter::Emitter,
    facts::ADVERT_PERIOD_S,
    radio::Link,
    sender::{Held, OnAir, Sender},
    walker::Walker,
};
use crate::chance::{Chance, Concern};
use engine::plan::{Point, StorePlan};
use protocol::{beacon::Beacon, carried::Carried};

/// Between two advertisements of a scanner, s: it listens most of the time.
const SCANNER_PERIOD_S: f64 = 1.0;

/// What of the shop's own sends.
#[derive(Debug)]
pub struct Own {
    scanners: Vec<(usize, Point, Sender)>,
    carried: Option<(Beacon, Sender)>,
    walker: Walker,
    posts: Chance,
    tag: Chance,
}

impl Own {
    /// Scanners send from the first moment; nobody carries a tag yet.
    pub fn new(plan: &StorePlan, seed: u64) -> Self {
        let mut posts = Chance::new(seed, Concern::Posts);
        let tag = Chance::new(seed, Concern::Tag);
        let sending = plan.scanners.iter().enumerate();
        let sending = sending.filter_map(|(ix, s)| Some((ix, s.at, s.beacon?)));
        let scanners = sending.map(|(ix, at, beacon)| {
            let emitter = Emitter::of_shop(beacon, SCANNER_PERIOD_S, 0, &mut posts);
            (ix, at, fresh(emitter, plan, &mut posts))
        });
        Self {
            scanners: scanners.collect(),
            carried: None,
            walker: Walker::at_door(plan),
            posts,
            tag,
        }
    }

    /// The tag is carried like this from now on, or put away.
    pub fn carry(&mut self, carried: &Carried, plan: &StorePlan, now_ms: u64) {
        let Some(Ok(tag)) = carried.tag.as_ref().map(|tag| tag.parse::<Beacon>()) else {
            self.carried = None;
            return;
        };
        if self.carried.as_ref().map(|(known, _)| *known) != Some(tag) {
            let emitter = Emitter::of_shop(tag, ADVERT_PERIOD_S, now_ms, &mut self.tag);
            self.carried = Some((tag, fresh(emitter, plan, &mut self.tag)));
        }
        if let Some(way) = carried.way {
            self.walker.go(way, now_ms, &mut self.tag);
        }
    }

    /// Sends what is due.
    pub fn send(&mut self, air: &mut OnAir<'_>) {
        for (ix, at, sender) in &mut self.scanners {
            sender.send(Held::OnScanner(*ix, *at), air, &mut self.posts);
        }
        if let Some((_, sender)) = &mut self.carried {
            let (at, heading) = self.walker.at(air.until_ms);
            sender.send(Held::ByBody(at, heading), air, &mut self.tag);
        }
    }
}

fn fresh(emitter: Emitter, plan: &StorePlan, chance: &mut Chance) -> Sender {
    let links = plan.scanners.iter().map(|_| Link::new(chance)).collect();
    Sender::new(emitter, None, links)
}
