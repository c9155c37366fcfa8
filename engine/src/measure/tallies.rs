//! What every offer has used up: the running sum of the ledger, kept in step
//! with it. A charge is counted here when its entry is handed to the ledger,
//! so that two decisions in a row see each other.

use crate::{
    effect::LedgerEntry,
    plan::{Offer, OfferIx, StorePlan},
    sale::{CodeTally, Sales},
    shopper::ShopperId,
    snapshot::{Snapshot, Tally},
};
use protocol::id::OfferId;
use std::collections::BTreeMap;

/// Caps, budgets and results of every offer, those no longer in the plan too.
#[derive(Debug)]
pub struct Tallies {
    sums: Snapshot,
    /// Names by index, to look sums up without searching the plan.
    names: Vec<OfferId>,
    /// Showings of all offers together by shopper on one local day: the
    /// frequency consented to.
    by_shopper: BTreeMap<ShopperId, u16>,
    by_shopper_day: i32,
}

impl Tallies {
    /// Takes over what the ledger adds up to.
    pub fn new(plan: &StorePlan, restored: Snapshot) -> Self {
        let mut tallies = Self {
            sums: Snapshot {
                enrolled: BTreeMap::new(),
                forgotten: BTreeMap::new(),
                ..restored
            },
            names: Vec::new(),
            by_shopper: BTreeMap::new(),
            by_shopper_day: 0,
        };
        tallies.replan(plan);
        tallies.recount();
        tallies
    }

    /// Takes a new plan over; sums go with the offer's name.
    pub fn replan(&mut self, plan: &StorePlan) {
        self.names = plan.offers.iter().map(|o| o.id.clone()).collect();
    }

    fn recount(&mut self) {
        let tallies = self.sums.tallies.values();
        self.by_shopper_day = tallies.clone().map(|t| t.day).max().unwrap_or(0);
        for tally in tallies.filter(|t| t.day == self.by_shopper_day) {
            for (shopper, count) in &tally.per_shopper {
                *self.by_shopper.entry(*shopper).or_default() += count;
            }
        }
    }

    /// Counts an entry as the ledger will.
    pub fn apply(&mut self, entry: &LedgerEntry) {
        self.count_by_shopper(entry);
        match entry {
            LedgerEntry::Enrolled(_) | LedgerEntry::Withdrawn { .. } => {}
            LedgerEntry::Forgotten { .. } => {
                self.sums.apply(entry);
                self.sums.forgotten.clear();
            }
            _ => self.sums.apply(entry),
        }
    }

    fn count_by_shopper(&mut self, entry: &LedgerEntry) {
        match entry {
            LedgerEntry::Reserved(r) => {
                if r.day > self.by_shopper_day {
                    self.by_shopper_day = r.day;
                    self.by_shopper.clear();
                }
                for shopper in &r.shoppers {
                    *self.by_shopper.entry(*shopper).or_default() += 1;
                }
            }
            LedgerEntry::Released { showing } => {
                if let Some(r) = self
                    .sums
                    .open
                    .get(showing)
                    .filter(|r| r.day == self.by_shopper_day)
                {
                    for shopper in &r.shoppers {
                        if let Some(count) = self.by_shopper.get_mut(shopper) {
                            *count = count.saturating_sub(1);
                        }
                    }
                }
            }
            LedgerEntry::Forgotten { shopper, .. } => {
                self.by_shopper.remove(shopper);
            }
            _ => {}
        }
    }

    /// The day on which a showing is charged: never one before the newest that
    /// was charged, so that a clock which ran ahead and came back does not
    /// begin another day.
    pub fn day(&self, local_day: i32) -> i32 {
        local_day.max(self.by_shopper_day)
    }

    /// Sum of one offer of the plan.
    pub fn of(&self, offer: OfferIx) -> Option<&Tally> {
        self.sums.tallies.get(&self.names[offer.at()])
    }

    /// Whether the budget allows one more showing on this local day.
    pub fn in_budget(&self, index: OfferIx, offer: &Offer, day: i32) -> bool {
        let Some(tally) = self.of(index) else {
            return offer.budget.showings > 0 && offer.budget.showings_per_day != Some(0);
        };
        // A day before the newest seen is a clock gone back: no new day's budget.
        let today = if day > tally.day {
            0
        } else {
            tally.showings_today
        };
        tally.showings < offer.budget.showings
            && offer
                .budget
                .showings_per_day
                .is_none_or(|most| today < most)
    }

    /// Showings of one offer charged to a shopper on this local day.
    pub fn shown_today(&self, offer: OfferIx, shopper: ShopperId, day: i32) -> u16 {
        self.of(offer)
            .filter(|tally| day <= tally.day)
            .and_then(|tally| tally.per_shopper.get(&shopper).copied())
            .unwrap_or(0)
    }

    /// Showings of all offers charged to a shopper on this local day.
    pub fn all_shown_today(&self, shopper: ShopperId, day: i32) -> u16 {
        if day > self.by_shopper_day {
            return 0;
        }
        self.by_shopper.get(&shopper).copied().unwrap_or(0)
    }

    /// Showings of each offer charged to a shopper on this local day.
    pub fn all_of(&self, shopper: ShopperId, day: i32) -> Vec<(OfferIx, u16)> {
        let offers = (0..self.names.len() as u16).map(OfferIx);
        offers
            .map(|o| (o, self.shown_today(o, shopper, day)))
            .filter(|(_, count)| *count > 0)
            .collect()
    }

    /// Receipts and codes that are remembered.
    pub const fn sales(&self) -> &Sales {
        &self.sums.sales
    }

    /// What the codes of one offer brought.
    pub fn codes_of(&self, offer: OfferIx) -> CodeTally {
        let sums = self.sums.sales.tallies.get(&self.names[offer.at()]);
        sums.copied().unwrap_or_default()
    }
}
