//! From notes to questions: of this visit and this segment, what was there to
//! see, and was the shopper in the segment?

use super::watch::{Moment, Watch};
use engine::{
    plan::{OfferIx, Sensitivity, StorePlan, ZoneIx},
    shopper::Purpose,
};
use std::collections::BTreeMap;

/// Signs that an attacker reads, in this order.
pub(super) const SIGNS: [&str; 10] = [
    "pictures appeared",
    "a picture appeared",
    "few others could be meant",
    "soon after a lone arrival",
    "nobody else was there",
    "time without a picture",
    "shown more than usual",
    "vanished with the leaving",
    "shown before the arrival",
    "a picture appeared, by company",
];
/// One shopper in so many of those about is in a given segment, may be shown
/// offers and carries something that can be heard: what an attacker assumes of
/// the others. Signing up 40 %, agreeing 80 %, of age 90 %, in it 20 %.
const OTHERS_QUALIFY: f64 = 0.06;
/// A change this soon after an arrival is blamed on it, s.
const SOON_S: usize = 20;
/// A picture that goes this soon after a departure is blamed on it, s.
const GONE_S: usize = 3;
/// Who was less long where such a picture could have been for them is not asked
/// about, s.
const AT_RISK_S: usize = 10;

/// One question.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Case {
    /// Whose visit, over all runs.
    pub(super) visit: u64,
    /// The answer.
    pub(super) is_in: bool,
    /// What there was to see.
    pub(super) signs: [f64; SIGNS.len()],
}

/// Every question that a run gives rise to.
pub(super) fn cases(plan: &StorePlan, watch: &Watch, seed: u64) -> Vec<Case> {
    let Some(population) = &watch.population else {
        return Vec::new();
    };
    let mut cases = Vec::new();
    for (segment, name) in plan.segments.iter().enumerate() {
        let tells = |offer: OfferIx| tells(plan, offer, segment as u8);
        let mut seen: BTreeMap<u32, Seen> = BTreeMap::new();
        for (at, moments) in watch.screens.iter().enumerate() {
            let zones = zones_told(plan, at, segment as u8);
            if zones != 0 {
                look_back(moments, zones, &tells, &mut seen);
            }
        }
        for (visit, seen) in seen {
            let Some(customer) = watch.customers.get(&visit) else {
                continue;
            };
            let known = population.get(*customer);
            let meant = [Purpose::InStoreOffers, Purpose::Personalisation];
            let may_be_meant = meant.iter().all(|p| known.consent.purposes.has(*p))
                && known.consent.until.is_none()
                && known.profile.adult == Some(true);
            if may_be_meant && seen.at_risk >= AT_RISK_S {
                cases.push(Case {
                    visit: seed << 32 | u64::from(visit),
                    is_in: known.profile.segments.contains(name),
                    signs: seen.signs(),
                });
            }
        }
    }
    cases
}

fn tells(plan: &StorePlan, offer: OfferIx, segment: u8) -> bool {
    let offer = &plan.offers[offer.at()];
    offer.sensitivity == Sensitivity::Segment
        && (offer.segments.any.has(segment) || offer.segments.all.has(segment))
}

/// Where somebody must be to be meant by a picture on this screen.
fn zones_told(plan: &StorePlan, screen: usize, segment: u8) -> u64 {
    let seen_from = plan.screens[screen].seen_from.0;
    let offers = (0..plan.offers.len() as u16).map(OfferIx);
    let telling = offers.filter(|o| tells(plan, *o, segment));
    telling.fold(0, |zones, o| {
        let offer = &plan.offers[o.at()];
        let here = offer.screens.is_empty() || offer.screens.has(screen as u8);
        let wanted = if offer.zones.is_empty() {
            u64::MAX
        } else {
            offer.zones.0
        };
        zones | if here { wanted & seen_from } else { 0 }
    })
}

/// What there was to see of one visit and one segment.
#[derive(Debug, Default)]
struct Seen {
    at_risk: usize,
    with_picture: usize,
    starts: u32,
    blame: f64,
    by_company: f64,
    soon_alone: bool,
    alone: bool,
    vanished: bool,
    before: bool,
    usual: f64,
}

impl Seen {
    fn signs(&self) -> [f64; SIGNS.len()] {
        let yes = |b: bool| f64::from(u8::from(b));
        let share = self.with_picture as f64 / self.at_risk.max(1) as f64;
        [
            libm::log1p(f64::from(self.starts)),
            yes(self.starts > 0),
            self.blame,
            yes(self.soon_alone),
            yes(self.alone),
            libm::log1p(self.at_risk.saturating_sub(self.with_picture) as f64 / 30.0),
            share - self.usual / self.at_risk.max(1) as f64,
            yes(self.vanished),
            yes(self.before),
            self.by_company,
        ]
    }
}

fn look_back(
    moments: &[Moment],
    zones: u64,
    tells: &impl Fn(OfferIx) -> bool,
    seen: &mut BTreeMap<u32, Seen>,
) {
    let told: Vec<bool> = moments.iter().map(|m| m.glass.is_some_and(tells)).collect();
    let usual = told.iter().filter(|t| **t).count() as f64 / told.len().max(1) as f64;
    let in_zone = |zone: ZoneIx| zones >> zone.0 & 1 == 1;
    let mut came: BTreeMap<u32, usize> = BTreeMap::new();
    let mut arrivals: Vec<usize> = Vec::new();
    for (second, moment) in moments.iter().enumerate() {
        let before = second.checked_sub(1).map(|s| &moments[s]);
        let began = told[second] && before.is_none_or(|b| b.glass != moment.glass);
        let ended = !told[second] && second > 0 && told[second - 1];
        let meant = |m: &Moment| m.people.iter().filter(|(_, z)| in_zone(*z)).count();
        came.retain(|visit, _| moment.people.iter().any(|(v, _)| v == visit));
        for (visit, zone) in &moment.people {
            let since = *came.entry(*visit).or_insert_with(|| {
                arrivals.push(second);
                second
            });
            if !in_zone(*zone) {
                continue;
            }
            let seen = seen.entry(*visit).or_default();
            seen.at_risk += 1;
            seen.usual += usual;
            seen.with_picture += usize::from(told[second]);
            seen.before |= since == second && told[second];
            if began {
                let others = meant(moment) - 1;
                let recent = arrivals.iter().rev().take_while(|a| second - **a <= SOON_S);
                seen.begin(others, second - since <= SOON_S && recent.count() == 1);
            }
        }
        if ended {
            for earlier in moments[second.saturating_sub(GONE_S)..second]
                .iter()
                .take(1)
            {
                let gone = earlier.people.iter().filter(|(v, _)| !came.contains_key(v));
                for (visit, _) in gone.filter(|(_, z)| in_zone(*z)) {
                    seen.entry(*visit).or_default().vanished = true;
                }
            }
        }
    }
}

impl Seen {
    fn begin(&mut self, others: usize, soon_alone: bool) {
        let anyway = 1.0 - libm::pow(1.0 - OTHERS_QUALIFY, others as f64);
        self.starts += 1;
        self.blame += -libm::log(anyway.max(0.01));
        self.by_company = self.by_company.max(1.0 / (1.0 + others as f64));
        self.soon_alone |= soon_alone;
        self.alone |= others == 0;
    }
}
