//! What every offer has used up: the running sum of the ledger, kept in step
//! with it. A charge is counted here when its entry is handed to the ledger,
//! so that two decisions in a row see each other.

use super::Weary;
use crate::{
    control::Pauses,
    effect::LedgerEntry,
    money::Money,
    plan::{Offer, OfferIx, StorePlan},
    sale::{CodeTally, Sales},
    shopper::ShopperId,
    snapshot::{Snapshot, Tally, is_long_over},
    time::Mono,
    trial::{Mark, RampState, TrialTally, Trials},
};
use protocol::id::OfferId;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Caps, budgets and results of every offer, those no longer in the plan too.
#[derive(Debug, Serialize, Deserialize)]
pub struct Tallies {
    sums: Snapshot,
    /// Names by index, to look sums up without searching the plan.
    names: Vec<OfferId>,
    /// What was charged to each shopper on one local day.
    by_shopper: BTreeMap<ShopperId, ShownToday>,
    by_shopper_day: i32,
    /// When what is charged now is charged; `None` where time does not pass.
    clock: Option<Mono>,
}

/// What was charged to one shopper on one local day.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ShownToday {
    /// Showings of all offers together: the frequency consented to.
    all: u16,
    /// Showings of each offer of the plan.
    each: Vec<(OfferIx, u16)>,
    /// In the same order, what is left of them.
    weary: Vec<Weary>,
}

/// What was charged to one shopper, for a recording.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Charges {
    sums: Vec<(OfferId, u16)>,
    today: Option<ShownToday>,
    reached: Vec<(OfferId, Mark)>,
}

impl ShownToday {
    /// Showings of one offer.
    pub fn of(&self, offer: OfferIx) -> u16 {
        let found = self.each.iter().find(|(o, _)| *o == offer);
        found.map_or(0, |(_, count)| *count)
    }

    /// Showings of each offer of the plan.
    pub fn each(&self) -> &[(OfferIx, u16)] {
        &self.each
    }

    /// Showings of all offers, those no longer in the plan too.
    pub const fn all(&self) -> u16 {
        self.all
    }

    /// What showings of one offer still weigh.
    pub fn weary_of(&self, offer: OfferIx) -> Weary {
        let found = self.each.iter().position(|(o, _)| *o == offer);
        found.map_or_else(Weary::default, |at| self.weary[at])
    }

    fn charge(&mut self, offer: Option<OfferIx>, times: u16, at: Option<Mono>) {
        self.all = self.all.saturating_add(times);
        let Some(offer) = offer else { return };
        let known = self.each.iter().position(|(o, _)| *o == offer);
        let place = known.unwrap_or_else(|| {
            self.each.push((offer, 0));
            self.weary.push(Weary::default());
            self.each.len() - 1
        });
        let count = &mut self.each[place].1;
        *count = count.saturating_add(times);
        self.weary[place].shown(times, at);
    }

    fn release(&mut self, offer: Option<OfferIx>) {
        self.all = self.all.saturating_sub(1);
        let charged = self.each.iter().position(|(o, _)| Some(*o) == offer);
        if let Some(place) = charged {
            let count = &mut self.each[place].1;
            *count = count.saturating_sub(1);
            self.weary[place].release();
        }
    }

    /// Takes over how tired of an offer somebody is.
    fn stay_weary(&mut self, offer: OfferIx, weary: Weary) {
        let place = self.each.iter().position(|(o, _)| *o == offer);
        if let Some(place) = place {
            self.weary[place] = weary;
        }
    }
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
            clock: None,
        };
        tallies.replan(plan);
        tallies
    }

    /// Takes a new plan over; sums go with the offer's name.
    pub fn replan(&mut self, plan: &StorePlan) {
        let names = plan.offers.iter().map(|o| o.id.clone()).collect();
        let names = std::mem::replace(&mut self.names, names);
        let before = std::mem::take(&mut self.by_shopper);
        self.recount();
        // The ledger's sums do not say when; what was known of it stays known.
        for (shopper, before) in before {
            let Some(today) = self.by_shopper.get_mut(&shopper) else {
                continue;
            };
            for ((offer, _), weary) in before.each.iter().zip(before.weary) {
                if let Some(offer) = place(&self.names, &names[offer.at()]) {
                    today.stay_weary(offer, weary);
                }
            }
        }
    }

    /// Time passes: what is charged from now on is charged at this moment.
    pub fn tick(&mut self, now: Mono) {
        if self.clock.replace(now).is_none() {
            let all = self.by_shopper.values_mut().flat_map(|t| &mut t.weary);
            all.for_each(|weary| weary.at_the_latest(now));
        }
    }

    fn recount(&mut self) {
        self.by_shopper.clear();
        let tallies = &self.sums.tallies;
        self.by_shopper_day = tallies.values().map(|t| t.day).max().unwrap_or(0);
        for (offer, tally) in tallies.iter().filter(|(_, t)| t.day == self.by_shopper_day) {
            let offer = place(&self.names, offer);
            for (shopper, count) in &tally.per_shopper {
                let today = self.by_shopper.entry(*shopper).or_default();
                today.charge(offer, *count, self.clock);
            }
        }
    }

    /// Counts an entry as the ledger will.
    pub fn apply(&mut self, entry: &LedgerEntry) {
        self.count_by_shopper(entry);
        self.sums.apply_to_sums(entry);
    }

    fn count_by_shopper(&mut self, entry: &LedgerEntry) {
        match entry {
            LedgerEntry::Reserved(r) => {
                if r.day > self.by_shopper_day {
                    self.by_shopper_day = r.day;
                    self.by_shopper.clear();
                }
                let offer = place(&self.names, &r.offer);
                for shopper in &r.shoppers {
                    self.by_shopper
                        .entry(*shopper)
                        .or_default()
                        .charge(offer, 1, self.clock);
                }
            }
            LedgerEntry::Released { showing } => {
                if let Some(r) = self
                    .sums
                    .open
                    .get(showing)
                    .filter(|r| r.day == self.by_shopper_day)
                {
                    let offer = place(&self.names, &r.offer);
                    for shopper in &r.shoppers {
                        if let Some(today) = self.by_shopper.get_mut(shopper) {
                            today.release(offer);
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

    /// Lets go of who was charged and reached on days long over, as the store does.
    pub(crate) fn let_go(&mut self, today: i32) {
        self.sums.let_go(today);
        if is_long_over(self.by_shopper_day, today) {
            self.by_shopper.clear();
        }
    }

    /// What is stopped by hand.
    pub fn pauses(&self) -> &Pauses {
        &self.sums.pauses
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

    /// What was charged to a shopper on this local day.
    pub fn today_of(&self, shopper: ShopperId, day: i32) -> Option<&ShownToday> {
        let today = self.by_shopper.get(&shopper);
        today.filter(|_| day <= self.by_shopper_day)
    }

    /// Showings of each offer charged to a shopper on the newest day on which
    /// anything was charged to anybody.
    pub fn newest_of(&self, shopper: ShopperId) -> Vec<(OfferIx, u16)> {
        let newest = self.by_shopper.get(&shopper);
        let each = newest.map_or(&[][..], |newest| &newest.each).iter();
        each.copied().filter(|(_, count)| *count > 0).collect()
    }

    /// Everybody to whom something was charged.
    pub(crate) fn charged(&self) -> BTreeSet<ShopperId> {
        let tallies = self.sums.tallies.values();
        let per_shopper = tallies.flat_map(|t| t.per_shopper.keys());
        let open = self.sums.open.values().flat_map(|r| &r.shoppers);
        let reached = self.sums.trials.shoppers();
        let known = per_shopper.chain(open).chain(reached);
        let known = known.chain(self.by_shopper.keys());
        known.copied().collect()
    }

    /// What was charged to a shopper: by the sums of each offer, and today.
    pub(crate) fn charges_of(&self, shopper: ShopperId) -> Charges {
        let offers = self.sums.tallies.iter();
        let charged = |(id, tally): (&OfferId, &Tally)| {
            let count = tally.per_shopper.get(&shopper)?;
            Some((id.clone(), *count))
        };
        Charges {
            sums: offers.filter_map(charged).collect(),
            today: self.by_shopper.get(&shopper).cloned(),
            reached: self.sums.trials.marks_of(shopper),
        }
    }

    /// In a replay: what was charged to a shopper before the recording knew of
    /// them.
    pub(crate) fn charge_again(&mut self, shopper: ShopperId, charges: &Charges) {
        for (offer, count) in &charges.sums {
            if let Some(tally) = self.sums.tallies.get_mut(offer) {
                tally.per_shopper.insert(shopper, *count);
            }
        }
        if let Some(today) = &charges.today {
            self.by_shopper.insert(shopper, today.clone());
        }
        self.sums.trials.mark_again(shopper, &charges.reached);
    }

    /// The trials of all offers.
    pub const fn trials(&self) -> &Trials {
        &self.sums.trials
    }

    /// The trial of one offer of the plan.
    pub fn trial(&self, offer: OfferIx) -> Option<&TrialTally> {
        self.sums.trials.of(&self.names[offer.at()])
    }

    /// How far one offer of the plan is let loose, to count on.
    pub(crate) fn ramp_mut(&mut self, offer: OfferIx) -> &mut RampState {
        &mut self.sums.trials.of_mut(&self.names[offer.at()]).ramp
    }

    /// Receipts and codes that are remembered.
    pub const fn sales(&self) -> &Sales {
        &self.sums.sales
    }

    /// What vouchers cost, and what campaigns and hours used up.
    pub const fn money(&self) -> &Money {
        &self.sums.money
    }

    /// What the codes of one offer brought.
    pub fn codes_of(&self, offer: OfferIx) -> CodeTally {
        let sums = self.sums.sales.tallies.get(&self.names[offer.at()]);
        sums.copied().unwrap_or_default()
    }
}

fn place(names: &[OfferId], offer: &OfferId) -> Option<OfferIx> {
    let found = names.binary_search(offer).ok();
    found.map(|at| OfferIx(at as u16))
}
