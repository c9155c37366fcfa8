//! Plays sightings to the gateway's own engine in virtual time and notes what
//! it makes of them. Strictly causal: when an estimate is noted, the engine has
//! heard nothing later.

use super::{
    DWELL_MS,
    estimates::{Estimate, Event},
    frames,
    sightings::{Heard, Sightings},
};
use engine::{
    Effect, Effects, Engine, Now, Seed, Snapshot,
    effect::Record,
    event::{Heard as HeardWhen, Sighting},
    plan::{StorePlan, ZoneIx},
    shopper::{Enrolment, IdentityKey, Purpose, Purposes, ShopperId},
    strength::Strength,
    time::{Mono, UnixMs, Wall},
    view::{Counts, VisitStatus},
};
use protocol::beacon::Beacon;
use std::{collections::BTreeMap, sync::Arc};

/// What came of it.
#[derive(Debug)]
pub struct Followed {
    /// In the order of time, then of tags.
    pub estimates: Vec<Estimate>,
    /// Probability of every zone at the times of estimates, when there is only
    /// one tag to believe something of.
    pub belief: Vec<(f64, Vec<f32>)>,
    /// When a tag was heard in two places at once, as if somebody had copied it, by tag, s.
    pub copied: BTreeMap<String, Vec<f64>>,
    /// What the engine counted.
    pub counts: Counts,
}

/// Follows every tag through the shop.
pub fn follow(plan: &StorePlan, sightings: &Sightings, every_ms: u64) -> Followed {
    let clock = Clock::of(sightings, every_ms);
    let told = sightings.heard.iter();
    let told = told.map(|heard| (clock.ms_of(heard.t_s), sighting(heard)));
    follow_told(Follower::new(plan, sightings, clock, every_ms), told)
}

/// The same, told by sensor nodes of ours on the places of the scanners: in frames of half
/// a second, which are heard of when they end.
pub fn follow_frames(plan: &StorePlan, sightings: &Sightings, every_ms: u64) -> Followed {
    let clock = Clock::of(sightings, every_ms);
    let told = frames::told(plan, sightings, |t_s| clock.ms_of(t_s), beacon);
    follow_told(Follower::new(plan, sightings, clock, every_ms), told)
}

/// What is told when, ms of virtual time, rising.
fn follow_told(
    mut follower: Follower<'_>,
    told: impl IntoIterator<Item = (u64, engine::Event)>,
) -> Followed {
    let mut last_ms = None;
    for (at_ms, event) in told {
        follower.run_until(at_ms);
        follower.tell(at_ms, event);
        last_ms = Some(at_ms);
    }
    while last_ms.is_some_and(|last_ms| follower.due_ms() <= last_ms + follower.every_ms) {
        follower.advance();
    }
    Followed {
        counts: follower.engine.counts().clone(),
        estimates: follower.estimates,
        belief: follower.belief,
        copied: follower.copied,
    }
}

/// Virtual time.
#[derive(Debug, Clone, Copy)]
struct Clock {
    /// The moment that it counts from, s.
    origin_s: f64,
}

impl Clock {
    /// Of these sightings, followed so often.
    fn of(sightings: &Sightings, every_ms: u64) -> Self {
        let every_s = every_ms as f64 / 1_000.0;
        let first_s = sightings.heard.first().map_or(0.0, |h| h.t_s);
        // On a round second, and before what is heard first.
        let origin_s = ((first_s / every_s).ceil() - 1.0) * every_s;
        Self { origin_s }
    }

    /// The millisecond of virtual time in which something is heard. What is
    /// heard on the stroke belongs to the millisecond before, so that an
    /// estimate for that moment has it.
    fn ms_of(self, t_s: f64) -> u64 {
        let micro = ((t_s - self.origin_s) * 1e6).round().max(0.0) as u64;
        micro.div_ceil(1_000).saturating_sub(1)
    }

    fn seconds(self, at_ms: u64) -> f64 {
        self.origin_s + at_ms as f64 / 1_000.0
    }
}

struct Follower<'a> {
    plan: &'a StorePlan,
    engine: Engine,
    effects: Effects,
    tags: &'a [String],
    said: Vec<Said>,
    /// Visits going on, and tags of which that was said last.
    here: usize,
    said_here: usize,
    clock: Clock,
    every_ms: u64,
    noted_ms: u64,
    estimates: Vec<Estimate>,
    belief: Vec<(f64, Vec<f32>)>,
    copied: BTreeMap<String, Vec<f64>>,
}

/// What was noted of a tag before.
#[derive(Debug, Clone, Copy, Default)]
struct Said {
    here: bool,
    zone: Option<ZoneIx>,
    dwelt: bool,
}

impl<'a> Follower<'a> {
    fn new(plan: &'a StorePlan, sightings: &'a Sightings, clock: Clock, every_ms: u64) -> Self {
        let shopper = |tag: usize| {
            let mut enrolment = Enrolment::consenting(shopper(tag), 1, followed());
            enrolment.keys = vec![IdentityKey::Fixed(beacon(tag))];
            (enrolment.shopper, enrolment)
        };
        let restored = Snapshot {
            boot: 1,
            enrolled: (0..sightings.tags.len()).map(shopper).collect(),
            ..Snapshot::default()
        };
        Self {
            plan,
            engine: Engine::new(bare(plan), restored, Seed(1), now(0)),
            effects: Effects::new(),
            tags: &sightings.tags,
            said: vec![Said::default(); sightings.tags.len()],
            here: 0,
            said_here: 0,
            clock,
            every_ms,
            noted_ms: 0,
            estimates: Vec::new(),
            belief: Vec::new(),
            copied: BTreeMap::new(),
        }
    }

    fn run_until(&mut self, at_ms: u64) {
        loop {
            if self.here == 0 && self.said_here == 0 {
                self.skip_to(at_ms);
            }
            if self.due_ms() > at_ms {
                return;
            }
            self.advance();
        }
    }

    /// Nothing happens in an empty shop: goes on shortly before `at_ms`.
    fn skip_to(&mut self, at_ms: u64) {
        let stroke = |every: u64| at_ms / every * every;
        let second = stroke(1_000);
        if second >= self.engine.next_wake().map_or(u64::MAX, |w| w.at.0) {
            self.tell(second, engine::Event::Woke);
        }
        self.noted_ms = self.noted_ms.max(stroke(self.every_ms));
    }

    /// When the engine wants to think, or an estimate is to be noted.
    fn due_ms(&self) -> u64 {
        let wake = self.engine.next_wake().map_or(u64::MAX, |wake| wake.at.0);
        wake.min(self.noted_ms + self.every_ms)
    }

    fn advance(&mut self) {
        let at_ms = self.due_ms();
        self.tell(at_ms, engine::Event::Woke);
        if at_ms == self.noted_ms + self.every_ms {
            self.noted_ms = at_ms;
            self.note(at_ms);
        }
    }

    fn tell(&mut self, at_ms: u64, event: engine::Event) {
        self.engine.handle(now(at_ms), event, &mut self.effects);
        let t_s = self.clock.seconds(at_ms);
        for effect in self.effects.drain(..) {
            match effect {
                Effect::Record(Record::Arrived { .. }) => self.here += 1,
                Effect::Record(Record::Left { .. }) => self.here -= 1,
                Effect::Record(Record::Doubled { visit }) => {
                    let tag = self.engine.shopper_of(visit).map(|s| s.0 as usize - 1);
                    if let Some(tag) = tag.and_then(|tag| self.tags.get(tag)) {
                        self.copied.entry(tag.clone()).or_default().push(t_s);
                    }
                }
                // Nothing else is of use without a shop around it.
                _ => {}
            }
        }
    }

    fn note(&mut self, at_ms: u64) {
        let status = self.engine.status(now(at_ms));
        if let [_] = self.tags {
            let zones = status.zones.iter().map(|z| z.shoppers);
            self.belief
                .push((self.clock.seconds(at_ms), zones.collect()));
        }
        let visits = status.visits;
        for tag in 0..self.tags.len() {
            let visit = self.engine.visit_of(shopper(tag));
            let visit = visit.and_then(|number| {
                let found = visits.binary_search_by_key(&number, |v| v.visit);
                found.ok().map(|at| &visits[at])
            });
            self.note_tag(tag, at_ms, visit);
        }
    }

    fn note_tag(&mut self, tag: usize, at_ms: u64, visit: Option<&VisitStatus>) {
        let t_s = self.clock.seconds(at_ms);
        let zone = visit.and_then(|v| self.plan.zone(v.zone.as_ref()?));
        let said = &mut self.said[tag];
        let dwells = zone.is_some() && visit.is_some_and(|v| v.dwell_ms >= DWELL_MS);
        let event = match (visit, zone) {
            (None, _) if said.here => Some(Event::Leave),
            (None, _) => return,
            (Some(_), Some(_)) if zone != said.zone => Some(Event::Enter),
            (Some(_), None) if said.zone.is_some() => Some(Event::Leave),
            (Some(_), Some(_)) if dwells && !said.dwelt => Some(Event::Dwell),
            (Some(_), _) => None,
        };
        self.said_here += usize::from(visit.is_some());
        self.said_here -= usize::from(said.here);
        *said = Said {
            here: visit.is_some(),
            zone,
            dwelt: dwells,
        };
        self.estimates.push(Estimate {
            t_s,
            tag: self.tags[tag].clone(),
            at: visit.map(|v| (f64::from(v.x_m), f64::from(v.y_m))),
            zone,
            p_zone: visit.map(|v| f64::from(v.probability)),
            event,
        });
    }
}

fn sighting(heard: &Heard) -> engine::Event {
    engine::Event::Sighting(Sighting {
        scanner: heard.scanner,
        beacon: beacon(heard.tag as usize),
        strength: Strength::of_one(heard.rssi_dbm),
        reference_dbm: None,
        heard: HeardWhen::OnReceipt,
    })
}

/// The floor without anything to decide on it.
fn bare(plan: &StorePlan) -> Arc<StorePlan> {
    Arc::new(StorePlan {
        screens: Vec::new(),
        sensors: Vec::new(),
        offers: Vec::new(),
        segments: Vec::new(),
        campaigns: Vec::new(),
        house_loop: Vec::new(),
        ..plan.clone()
    })
}

fn now(at_ms: u64) -> Now {
    Now {
        mono: Mono(at_ms),
        wall: Wall::Synced(UnixMs(at_ms as i64)),
    }
}

fn followed() -> Purposes {
    Purposes::NONE.with(Purpose::Measurement)
}

fn shopper(tag: usize) -> ShopperId {
    ShopperId(tag as u64 + 1)
}

fn beacon(tag: usize) -> Beacon {
    Beacon::IBeacon {
        uuid: [0x5a; 16],
        major: (tag >> 16) as u16,
        minor: tag as u16,
    }
}
