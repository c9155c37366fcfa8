//! How well the shop did, measured against the ground truth.

use crate::world::trade::Effect as TrueEffect;
use engine::{
    effect::{Arm, LedgerEntry, Record},
    plan::{StorePlan, ZoneIx},
    shopper::ShopperId,
    trial::Lift,
};
use serde::Serialize;
use std::collections::BTreeMap;

/// A change of zone shorter than this is walking along a border, ms.
const SETTLED_MS: u64 = 2_000;

/// Counts while the run goes on.
#[derive(Debug, Default)]
pub struct Score {
    card: Scorecard,
    believed: BTreeMap<ShopperId, Option<ZoneIx>>,
    truth: BTreeMap<ShopperId, Stay>,
    latencies_ms: Vec<u64>,
    samples: (u64, u64),
    by_zone: BTreeMap<ZoneIx, Samples>,
    redeemed: BTreeMap<String, [u32; 3]>,
}

/// What was sampled once a second in one zone.
#[derive(Debug, Clone, Copy, Default)]
struct Samples {
    seconds: u32,
    right: u32,
    /// Seconds in which the shopper was believed to be anywhere, and the sum of
    /// how far off, m.
    placed: (u32, f64),
}

/// Somebody's stay in one zone.
#[derive(Debug, Clone, Copy)]
struct Stay {
    zone: Option<ZoneIx>,
    since_ms: u64,
    /// Whether the engine has found it, or it is too short to count.
    found: bool,
    settled: bool,
}

/// The result.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Scorecard {
    /// People who came in, of whom customers.
    pub people: (u32, u32),
    /// Pictures sent.
    pub shown: u32,
    /// Pictures confirmed.
    pub painted: u32,
    /// Share of seconds in which the engine's zone was the true one.
    pub zone_accuracy: f64,
    /// Mean distance between believed and true place, m.
    pub error_m: f64,
    /// The same by true zone.
    pub zones: Vec<ZoneScore>,
    /// Changes of zone the engine saw, per true change.
    pub flips_per_change: f64,
    /// True changes of zone that lasted.
    pub true_changes: u32,
    /// From entering a zone to the engine's knowing, ms: half of them, 9 of 10.
    pub entry_latency_ms: (u64, u64),
    /// Exposures committed.
    pub exposures: u32,
    /// Showings charged to caps and budgets, on the disk.
    pub charges: u32,
    /// Consents given, on the disk.
    pub consents: u32,
    /// Consents taken back, and customers forgotten, on the disk.
    pub ends: u32,
    /// Redemptions committed by arm: exposed, holdout, neither.
    pub redemptions: [u32; 3],
    /// Baskets that tills sent.
    pub baskets: u32,
    /// What the engine said it dropped.
    pub dropped: u32,
    /// By offer: planted and measured effect.
    pub offers: Vec<OfferScore>,
}

/// How well those are found who truly are in one zone.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ZoneScore {
    /// Which.
    pub zone: String,
    /// Seconds of shoppers in it.
    pub seconds: u32,
    /// Share of them in which the engine's zone was this one.
    pub right: f64,
    /// Mean distance between believed and true place, m.
    pub error_m: f64,
}

/// Planted and measured effect of one offer.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct OfferScore {
    /// Which.
    pub offer: String,
    /// Ground truth: at its shelf and saw it, of whom bought.
    pub saw: (u32, u32),
    /// Ground truth: at its shelf and did not see it, of whom bought.
    pub unseen: (u32, u32),
    /// Baskets by arm: exposed, holdout, neither.
    pub baskets: [u32; 3],
    /// What the shop's own report says that it brought, as the console does:
    /// groups that chance made, since the last start.
    pub report: Vec<String>,
}

impl Score {
    /// Somebody came in.
    pub fn entered(&mut self, customer: bool) {
        self.card.people.0 += 1;
        self.card.people.1 += u32::from(customer);
    }

    /// A picture is sent for the first time.
    pub fn shown(&mut self) {
        self.card.shown += 1;
    }

    /// A till sent a basket.
    pub fn sold(&mut self) {
        self.card.baskets += 1;
    }

    /// The engine said something; `whose` knows its visits.
    pub fn record(
        &mut self,
        record: &Record,
        at_ms: u64,
        whose: impl Fn(u32) -> Option<ShopperId>,
    ) {
        match record {
            Record::Moved { visit, zone, .. } => {
                if let Some(shopper) = whose(*visit) {
                    self.moved(shopper, *zone, at_ms);
                }
            }
            Record::Painted { offer: Some(_), .. } => self.card.painted += 1,
            Record::Exposed { .. } => self.card.exposures += 1,
            Record::Dropped(_) => self.card.dropped += 1,
            Record::Arrived { .. }
            | Record::Left { .. }
            | Record::Doubled { .. }
            | Record::Decided(_)
            | Record::Painted { offer: None, .. }
            | Record::ScreenSilent { .. }
            | Record::RampMoved { .. }
            | Record::Incident { .. } => {}
        }
    }

    fn moved(&mut self, shopper: ShopperId, zone: Option<ZoneIx>, at_ms: u64) {
        self.believed.insert(shopper, zone);
        self.card.flips_per_change += 1.0;
        if let Some(stay) = self.truth.get_mut(&shopper)
            && stay.zone == zone
            && !stay.found
        {
            stay.found = true;
            self.latencies_ms.push(at_ms.saturating_sub(stay.since_ms));
        }
    }

    /// The gateway lost its memory.
    pub fn restarted(&mut self) {
        self.believed.clear();
    }

    /// An entry is durable.
    pub fn on_disk(&mut self, entry: &LedgerEntry) {
        let card = &mut self.card;
        match entry {
            LedgerEntry::Reserved(_) => card.charges += 1,
            LedgerEntry::Enrolled(_) => card.consents += 1,
            LedgerEntry::Withdrawn { .. } | LedgerEntry::Forgotten { .. } => card.ends += 1,
            _ => {}
        }
        let LedgerEntry::Sold(sale) = entry else {
            return;
        };
        for joined in &sale.joined {
            self.card.redemptions[joined.arm as usize] += 1;
            let offer = joined.offer.to_string();
            self.redeemed.entry(offer).or_default()[joined.arm as usize] += 1;
        }
    }

    /// Ground truth, once a second: this shopper, who agreed to be followed,
    /// is in this zone, and so far from where they are believed to be.
    pub fn truth(
        &mut self,
        shopper: ShopperId,
        zone: Option<ZoneIx>,
        off_m: Option<f32>,
        at_ms: u64,
    ) {
        let believed = self.believed.get(&shopper).copied();
        self.samples.0 += 1;
        self.samples.1 += u64::from(believed.flatten() == zone);
        if let Some(zone) = zone {
            let here = self.by_zone.entry(zone).or_default();
            here.seconds += 1;
            here.right += u32::from(believed.flatten() == Some(zone));
            if let Some(off_m) = off_m {
                here.placed.0 += 1;
                here.placed.1 += f64::from(off_m);
            }
        }
        let known = believed == Some(zone);
        let stay = self.truth.entry(shopper).or_insert(Stay {
            zone,
            since_ms: at_ms,
            found: known,
            settled: false,
        });
        if stay.zone != zone {
            *stay = Stay {
                zone,
                since_ms: at_ms,
                found: known,
                settled: false,
            };
        } else if !stay.settled && at_ms >= stay.since_ms + SETTLED_MS {
            stay.settled = true;
            self.card.true_changes += 1;
        }
    }

    /// Somebody is gone.
    pub fn left(&mut self, shopper: ShopperId) {
        self.truth.remove(&shopper);
        self.believed.remove(&shopper);
    }

    /// Adds everything up.
    pub fn close(mut self, plan: &StorePlan, effects: &[TrueEffect], lifts: &[Lift]) -> Scorecard {
        self.latencies_ms.sort_unstable();
        let at = |share: usize| {
            let index = self.latencies_ms.len() * share / 10;
            self.latencies_ms.get(index).copied().unwrap_or(0)
        };
        self.card.entry_latency_ms = (at(5), at(9));
        self.card.zone_accuracy = ratio(self.samples.1 as f64, self.samples.0 as f64);
        self.card.flips_per_change =
            ratio(self.card.flips_per_change, self.card.true_changes.into());
        let placed = self.by_zone.values().map(|zone| zone.placed);
        let placed = placed.fold((0, 0.0), |sum, zone| (sum.0 + zone.0, sum.1 + zone.1));
        self.card.error_m = ratio(placed.1, f64::from(placed.0));
        self.card.zones = self.zones(plan);
        let scores = plan.offers.iter().zip(effects);
        self.card.offers = scores
            .map(|(offer, effect)| {
                let lift = lifts.iter().find(|lift| lift.offer == offer.id);
                self.offer(offer.id.as_str(), effect, lift)
            })
            .collect();
        self.card
    }

    fn zones(&self, plan: &StorePlan) -> Vec<ZoneScore> {
        let zones = self.by_zone.iter().map(|(zone, samples)| ZoneScore {
            zone: plan.zones[zone.at()].id.to_string(),
            seconds: samples.seconds,
            right: ratio(samples.right.into(), samples.seconds.into()),
            error_m: ratio(samples.placed.1, samples.placed.0.into()),
        });
        zones.collect()
    }

    fn offer(&self, id: &str, effect: &TrueEffect, lift: Option<&Lift>) -> OfferScore {
        let comparisons = lift.into_iter().flat_map(|lift| &lift.comparisons);
        OfferScore {
            offer: id.to_owned(),
            saw: effect.saw,
            unseen: effect.unseen,
            baskets: self.redeemed.get(id).copied().unwrap_or_default(),
            report: comparisons.map(|told| told.words.clone()).collect(),
        }
    }
}

fn ratio(part: f64, whole: f64) -> f64 {
    if whole > 0.0 { part / whole } else { 0.0 }
}

/// Whether arms are counted in the order in which the card prints them.
const _: () = assert!(Arm::Exposed as usize == 0 && Arm::Holdout as usize == 1);
