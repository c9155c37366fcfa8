//! Where every shopper who opted in and is here may be: a probability per zone,
//! and enter and leave events with hysteresis on that probability.
//!
//! [`Presence::hear`] touches one visit's accumulators and nothing else; the
//! thinking is done once a second in [`Presence::step`].

mod filter;
mod place;
mod radio_map;
mod tracker;

pub use place::{Ellipse, Place};
pub use tracker::Tracker;

use crate::{
    Seed,
    consent::Permit,
    index::{Index, index},
    plan::{Bits, OfferIx, Point, PresenceSettings, StorePlan, ZoneIx},
    shopper::ShopperId,
    time::Mono,
};
use protocol::id::ZoneId;
use radio_map::{RadioMap, within};
use std::collections::BTreeMap;

/// Most shoppers followed at a time; the next is dropped and counted.
pub const MAX_VISITS: usize = 2_048;
/// Length of a step, ms.
pub const STEP_MS: u64 = 1_000;
/// This many identical strengths in a row come from a frozen sender, not from
/// a radio: real noise never stands still (ESPresense issues 1198, 1213).
const FROZEN_AFTER: u16 = 40;
/// The same strength from the same scanner within this time is a repetition, ms.
const REPEATED_MS: u64 = 20;
/// Who comes back within this time goes on with the caps of the visit before, ms.
pub const SAME_VISIT_MS: u64 = 30 * 60_000;
/// A cell below this probability is not worth a dot.
const HEAT_MIN: f32 = 0.001;
/// Most departed shoppers remembered.
const DEPARTED_MAX: usize = 8_192;

/// Everybody who opted in and is here.
#[derive(Debug)]
pub struct Presence {
    map: RadioMap,
    settings: PresenceSettings,
    visits: Vec<Visit>,
    at: Index<ShopperId, usize>,
    /// What was shown to those who left a moment ago: a phone that was silent
    /// for two minutes does not begin its caps anew.
    departed: BTreeMap<ShopperId, (Mono, Shown)>,
    numbers: u32,
    scratch: Vec<f32>,
    stepped: Mono,
}

/// Offers and how often each was shown.
type Shown = Vec<(OfferIx, u16)>;

/// One shopper's stay.
#[derive(Debug)]
pub struct Visit {
    /// Who.
    pub shopper: ShopperId,
    /// A number that means nothing tomorrow.
    pub number: u32,
    /// When the visit began.
    pub arrived: Mono,
    /// When last heard.
    pub heard: Mono,
    /// The zone the visit is in, if one is sure enough.
    pub zone: Option<ZoneIx>,
    /// Since when.
    pub zone_since: Mono,
    /// Probability of each zone.
    pub probabilities: Vec<f32>,
    /// What has been shown to this visit, and how often.
    pub shown: Shown,
    /// Where, and how surely.
    pub place: Place,
    belief: Vec<f32>,
    power: filter::Power,
    ears: Vec<Ear>,
}

/// What one scanner heard of one visit since the last step.
#[derive(Debug, Clone, Copy, Default)]
struct Ear {
    sum_dbm: f32,
    count: u16,
    last_dbm: f32,
    last: Mono,
    same: u16,
}

/// What became of a sighting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    /// Of a visit that was already going on.
    Known,
    /// The first of a new visit.
    Arrived(u32),
    /// The same packet again.
    Repeated,
    /// From a sender that is frozen.
    Frozen,
    /// Nobody more can be followed.
    Full,
}

/// What changed in a step.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Change {
    /// A visit is in another zone.
    Moved {
        /// Which visit.
        number: u32,
        /// Now where.
        zone: Option<ZoneIx>,
        /// How sure.
        probability: f32,
    },
    /// A visit ended.
    Left {
        /// Which visit.
        number: u32,
        /// Whose.
        shopper: ShopperId,
    },
}

impl Presence {
    /// Nobody is here yet.
    pub fn new(plan: &StorePlan, seed: Seed) -> Self {
        Self {
            map: RadioMap::new(plan),
            settings: plan.presence,
            visits: Vec::new(),
            at: index(seed, 8),
            departed: BTreeMap::new(),
            numbers: 0,
            scratch: Vec::new(),
            stepped: Mono(0),
        }
    }

    /// Takes a new plan over. Visits go on, with their belief begun anew and
    /// their zones found by name; what offers they were shown is the caller's
    /// to carry over.
    pub fn replan(&mut self, before: &StorePlan, plan: &StorePlan) {
        self.map = RadioMap::new(plan);
        self.settings = plan.presence;
        let renamed = |zone: ZoneIx| {
            let id: &ZoneId = &before.zones[zone.at()].id;
            plan.zone(id)
        };
        for visit in &mut self.visits {
            visit.zone = visit.zone.and_then(renamed);
            visit.belief = filter::begin(&self.map);
            visit.ears = vec![Ear::default(); plan.scanners.len()];
            self.map
                .zone_probabilities(&visit.belief, &mut visit.probabilities);
        }
    }

    /// A scanner heard a shopper whose presence may be followed.
    pub fn hear(&mut self, at: Mono, permit: &Permit<'_>, scanner: usize, rssi_dbm: f32) -> Taken {
        self.hear_of(at, permit.shopper(), scanner, rssi_dbm)
    }

    fn hear_of(&mut self, at: Mono, shopper: ShopperId, scanner: usize, rssi_dbm: f32) -> Taken {
        let (visit, taken) = if let Some(at) = self.at.get(&shopper) {
            (&mut self.visits[*at], Taken::Known)
        } else if self.visits.len() >= MAX_VISITS {
            return Taken::Full;
        } else {
            self.numbers += 1;
            self.at.insert(shopper, self.visits.len());
            self.visits
                .push(Visit::new(shopper, self.numbers, at, &self.map));
            let visit = self.visits.last_mut().expect("pushed just above");
            if let Some((left, shown)) = self.departed.remove(&shopper)
                && at.since_ms(left) < SAME_VISIT_MS
            {
                visit.shown = shown;
            }
            (visit, Taken::Arrived(self.numbers))
        };
        match visit.ears[scanner].hear(at, rssi_dbm) {
            Taken::Known => {
                visit.heard = visit.heard.max(at);
                taken
            }
            not_taken if taken == Taken::Known => not_taken,
            _ => taken,
        }
    }

    /// Works out where everybody is, if a second has passed.
    pub fn step(&mut self, now: Mono, changes: &mut Vec<Change>) {
        if now.since_ms(self.stepped) < STEP_MS {
            return;
        }
        self.stepped = now;
        let absent_ms = self.settings.absent_after_ms;
        let mut index = 0;
        while index < self.visits.len() {
            if now.since_ms(self.visits[index].heard) >= absent_ms {
                let visit = self.remove(index);
                self.remember(now, &visit);
                changes.push(Change::Left {
                    number: visit.number,
                    shopper: visit.shopper,
                });
                continue;
            }
            let visit = &mut self.visits[index];
            if visit.step(&self.map, &mut self.scratch) && visit.settle(now, &self.settings) {
                changes.push(Change::Moved {
                    number: visit.number,
                    zone: visit.zone,
                    probability: visit.probability(),
                });
            }
            index += 1;
        }
    }

    fn remember(&mut self, now: Mono, visit: &Visit) {
        self.departed
            .retain(|_, (left, _)| now.since_ms(*left) < SAME_VISIT_MS);
        if !visit.shown.is_empty() && self.departed.len() < DEPARTED_MAX {
            self.departed
                .insert(visit.shopper, (now, visit.shown.clone()));
        }
    }

    /// Ends a shopper's visit at once, if one is going on, and keeps nothing of it.
    pub fn end(&mut self, shopper: ShopperId) -> Option<Visit> {
        self.departed.remove(&shopper);
        let index = *self.at.get(&shopper)?;
        Some(self.remove(index))
    }

    fn remove(&mut self, index: usize) -> Visit {
        let visit = self.visits.swap_remove(index);
        self.at.remove(&visit.shopper);
        if let Some(moved) = self.visits.get(index) {
            self.at.insert(moved.shopper, index);
        }
        visit
    }

    /// Everybody who is here.
    pub fn visits(&self) -> &[Visit] {
        &self.visits
    }

    /// The belief about a visit: places, their storeys and probabilities, the
    /// improbable left out. What is told adds up to nearly one.
    pub fn heat(&self, visit: &Visit) -> impl Iterator<Item = (Point, u8, f32)> {
        let cells = self.map.places.iter().zip(&visit.belief);
        cells
            .filter(|(_, p)| **p >= HEAT_MIN)
            .map(|(at, p)| (*at, 0, *p))
    }

    /// The visit of a shopper who is here.
    pub fn visit(&self, shopper: ShopperId) -> Option<&Visit> {
        self.at.get(&shopper).map(|at| &self.visits[*at])
    }

    /// The visit of a shopper who is here, to note what was shown.
    pub fn visit_mut(&mut self, shopper: ShopperId) -> Option<&mut Visit> {
        self.at.get(&shopper).map(|at| &mut self.visits[*at])
    }

    /// Carries what was shown over to a new plan, in which offers have other
    /// indices or none.
    pub fn rename_offers(&mut self, renamed: impl Fn(OfferIx) -> Option<OfferIx>) {
        let of_visits = self.visits.iter_mut().map(|v| &mut v.shown);
        let of_departed = self.departed.values_mut().map(|(_, shown)| shown);
        for shown in of_visits.chain(of_departed) {
            let kept = shown.iter();
            *shown = kept.filter_map(|(o, n)| Some((renamed(*o)?, *n))).collect();
        }
    }

    /// When the next step is due.
    pub fn next_wake(&self) -> Mono {
        self.stepped.after_ms(STEP_MS)
    }
}

impl Visit {
    fn new(shopper: ShopperId, number: u32, at: Mono, map: &RadioMap) -> Self {
        let belief = filter::begin(map);
        let mut probabilities = Vec::new();
        map.zone_probabilities(&belief, &mut probabilities);
        Self {
            shopper,
            number,
            arrived: at,
            heard: at,
            zone: None,
            zone_since: at,
            probabilities,
            shown: Vec::new(),
            place: filter::place(map, &belief),
            belief,
            power: filter::Power::UNKNOWN,
            ears: vec![Ear::default(); map.expected.len()],
        }
    }

    /// A visit that is certainly in a zone since a moment, as described in a
    /// rehearsal.
    pub fn certain(plan: &StorePlan, shopper: ShopperId, zone: ZoneIx, since: Mono) -> Self {
        let middle = plan.zones[zone.at()].area.middle();
        let one_hot = (0..plan.zones.len()).map(|z| f32::from(u8::from(z == zone.at())));
        Self {
            shopper,
            number: 1,
            arrived: since,
            heard: since,
            zone: Some(zone),
            zone_since: since,
            probabilities: one_hot.collect(),
            shown: Vec::new(),
            place: Place::certain(middle, plan.zones[zone.at()].level),
            belief: Vec::new(),
            power: filter::Power::UNKNOWN,
            ears: Vec::new(),
        }
    }

    /// Probability of being in any of these zones.
    pub fn within(&self, zones: Bits) -> f32 {
        within(zones, &self.probabilities)
    }

    /// Probability of the current zone, or of the likeliest.
    pub fn probability(&self) -> f32 {
        self.zone.map_or_else(
            || self.probabilities.iter().copied().fold(0.0, f32::max),
            |zone| self.probabilities[zone.at()],
        )
    }

    /// How often this visit was shown an offer.
    pub fn shown_of(&self, offer: OfferIx) -> u16 {
        let shown = self.shown.iter().find(|(o, _)| *o == offer);
        shown.map_or(0, |(_, count)| *count)
    }

    /// Notes a charge against the visit's cap. It is not given back when the
    /// picture never appeared: one offer fewer is the smaller harm.
    pub fn charge(&mut self, offer: OfferIx) {
        match self.shown.iter_mut().find(|(o, _)| *o == offer) {
            Some((_, count)) => *count = count.saturating_add(1),
            None => self.shown.push((offer, 1)),
        }
    }

    /// How long in the current zone, ms.
    pub fn dwell_ms(&self, now: Mono) -> u64 {
        self.zone.map_or(0, |_| now.since_ms(self.zone_since))
    }

    /// Folds in what was heard; whether anything was.
    fn step(&mut self, map: &RadioMap, scratch: &mut Vec<f32>) -> bool {
        filter::stroll(map, &mut self.belief, scratch);
        let heard: Vec<Option<f32>> = self.ears.iter_mut().map(Ear::empty).collect();
        let any = heard.iter().any(Option::is_some);
        if any {
            filter::weigh(map, &mut self.belief, &heard, &mut self.power, scratch);
        }
        map.zone_probabilities(&self.belief, &mut self.probabilities);
        self.place = filter::place(map, &self.belief);
        any
    }

    /// Changes zone when another is sure enough, or the current one too unsure.
    fn settle(&mut self, now: Mono, settings: &PresenceSettings) -> bool {
        let likeliest = (0..self.probabilities.len())
            .max_by(|a, b| self.probabilities[*a].total_cmp(&self.probabilities[*b]))
            .map(|z| ZoneIx(z as u8));
        let sure = likeliest.filter(|z| self.probabilities[z.at()] >= settings.enter_probability);
        let next = match (self.zone, sure) {
            (_, Some(zone)) => Some(zone),
            (Some(zone), None) if self.probabilities[zone.at()] < settings.leave_probability => {
                None
            }
            (current, None) => current,
        };
        let moved = next != self.zone;
        if moved {
            self.zone = next;
            self.zone_since = now;
        }
        moved
    }
}

impl Ear {
    fn hear(&mut self, at: Mono, rssi_dbm: f32) -> Taken {
        let same = self.last_dbm.to_bits() == rssi_dbm.to_bits() && self.same > 0;
        if same && at.since_ms(self.last) < REPEATED_MS && self.last.since_ms(at) < REPEATED_MS {
            return Taken::Repeated;
        }
        self.same = if same { self.same.saturating_add(1) } else { 1 };
        self.last_dbm = rssi_dbm;
        self.last = at;
        if self.same > FROZEN_AFTER {
            return Taken::Frozen;
        }
        self.sum_dbm += rssi_dbm;
        self.count = self.count.saturating_add(1);
        Taken::Known
    }

    /// The mean since the last step, if anything was heard.
    fn empty(&mut self) -> Option<f32> {
        let mean = (self.count > 0).then(|| self.sum_dbm / f32::from(self.count));
        self.sum_dbm = 0.0;
        self.count = 0;
        mean
    }
}
