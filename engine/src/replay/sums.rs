//! What a replay adds up to, offer by offer and screen by screen, by names.

use super::burn::Burns;
use crate::{
    Effect,
    effect::{Exposure, LedgerEntry},
    shopper::ShopperId,
};
use protocol::id::{OfferId, ScreenId};
use std::collections::{BTreeMap, BTreeSet};

/// One offer.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct OfferSum {
    /// Showings charged to its budget, those given back not counted.
    pub showings: i64,
    /// Time on glass by screen, ms.
    pub painted_ms: BTreeMap<ScreenId, u64>,
    /// Person-milliseconds of everybody in view.
    pub seen_ms: u64,
    /// Shoppers who saw it for a second at least.
    reached: BTreeSet<ShopperId>,
    /// Decisions in which the guard was the first to stop it.
    pub guarded: u64,
    /// Decisions in which a cap stopped it: everybody who qualified had seen it,
    /// its campaign or its group often enough, or its screen had this hour.
    pub capped: u64,
    /// Decisions in which its budget, of showings, vouchers or campaign, was used up.
    pub spent: u64,
}

impl OfferSum {
    /// Time on all glass, ms.
    pub fn painted_ms(&self) -> u64 {
        self.painted_ms.values().sum()
    }

    /// How many shoppers who agreed to be measured saw it.
    pub fn reached(&self) -> usize {
        self.reached.len()
    }
}

/// Everything.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Sums {
    /// By offer.
    pub offers: BTreeMap<OfferId, OfferSum>,
    /// What vouchers took out of their budgets.
    pub burns: Burns,
    /// Showings whose charge may be given back yet.
    open: BTreeMap<crate::effect::ShowingId, OfferId>,
}

/// Who glanced for less did not see it, ms.
const GLANCE_MS: u32 = 1_000;

impl Sums {
    /// Takes in what an engine asks for.
    pub fn note(&mut self, effect: &Effect) {
        let Effect::Commit { entry, .. } = effect else {
            return;
        };
        match entry {
            LedgerEntry::Reserved(reservation) => {
                self.of(&reservation.offer).showings += 1;
                let showing = reservation.showing.clone();
                self.open.insert(showing, reservation.offer.clone());
            }
            LedgerEntry::Released { showing } => {
                if let Some(offer) = self.open.remove(showing) {
                    self.of(&offer).showings -= 1;
                }
            }
            LedgerEntry::Exposed(exposure) => self.exposed(exposure),
            _ => {}
        }
    }

    /// One offer.
    pub fn of(&mut self, offer: &OfferId) -> &mut OfferSum {
        self.offers.entry(offer.clone()).or_default()
    }

    /// Time on one screen's glass, ms.
    pub fn painted_ms_on(&self, screen: &ScreenId) -> u64 {
        let offers = self.offers.values();
        offers.filter_map(|sum| sum.painted_ms.get(screen)).sum()
    }

    /// Adds another run of the same day.
    pub fn add(&mut self, other: Self) {
        self.burns.add(&other.burns);
        for (id, sum) in other.offers {
            let all = self.of(&id);
            all.showings += sum.showings;
            all.seen_ms += sum.seen_ms;
            all.guarded += sum.guarded;
            all.capped += sum.capped;
            all.spent += sum.spent;
            all.reached.extend(sum.reached);
            for (screen, ms) in sum.painted_ms {
                *all.painted_ms.entry(screen).or_default() += ms;
            }
        }
    }

    fn exposed(&mut self, exposure: &Exposure) {
        self.open.remove(&exposure.showing);
        let sum = self.of(&exposure.offer);
        let on = sum.painted_ms.entry(exposure.showing.screen.clone());
        *on.or_default() += u64::from(exposure.painted_ms);
        sum.seen_ms += attention_ms(exposure);
        let seen = exposure.seen_by.iter().filter(|(_, ms)| *ms >= GLANCE_MS);
        sum.reached.extend(seen.map(|(shopper, _)| *shopper));
    }
}

/// Person-milliseconds of everybody in view of a showing.
pub(super) fn attention_ms(exposure: &Exposure) -> u64 {
    let measured: u64 = exposure.seen_by.iter().map(|(_, ms)| u64::from(*ms)).sum();
    measured + u64::from(exposure.anonymous_ms)
}
