//! The trials of all offers, and which entries of the ledger they add up.

use super::{Mark, TrialTally};
use crate::{
    effect::{Exposure, LedgerEntry},
    shopper::{Purpose, Purposes, ShopperId},
    snapshot::is_long_over,
};
use protocol::id::OfferId;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The trials of all offers, those no longer in the plan too.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Trials(BTreeMap<OfferId, TrialTally>);

impl Trials {
    /// One offer's trial.
    pub fn of(&self, offer: &OfferId) -> Option<&TrialTally> {
        self.0.get(offer)
    }

    /// All of them, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&OfferId, &TrialTally)> {
        self.0.iter()
    }

    /// Puts one back as it was kept.
    pub fn restore(&mut self, offer: OfferId, tally: TrialTally) {
        self.0.insert(offer, tally);
    }

    /// Whether a receipt counted that day, and for which offers.
    pub fn with_receipt(&self, receipt: &str) -> impl Iterator<Item = &OfferId> {
        let trials = self.0.iter();
        let counted = trials.filter(move |(_, tally)| tally.receipts.contains_key(receipt));
        counted.map(|(offer, _)| offer)
    }

    /// The offers that reached a shopper on their newest day.
    pub fn with_shopper(&self, shopper: ShopperId) -> impl Iterator<Item = &OfferId> {
        let trials = self.0.iter();
        let marked = trials.filter(move |(_, tally)| tally.marks.contains_key(&shopper));
        marked.map(|(offer, _)| offer)
    }

    /// Whether any of them reached a shopper on this local day.
    pub(crate) fn has_reached(&self, shopper: ShopperId, day: i32) -> bool {
        self.0
            .values()
            .any(|tally| tally.mark(shopper, day).is_some())
    }

    /// Everybody whom an offer reached on its newest day.
    pub(crate) fn shoppers(&self) -> impl Iterator<Item = &ShopperId> {
        self.0.values().flat_map(|tally| tally.marks.keys())
    }

    /// The marks of one shopper, for a recording.
    pub(crate) fn marks_of(&self, shopper: ShopperId) -> Vec<(OfferId, Mark)> {
        let trials = self.0.iter();
        let marked = trials.filter_map(|(offer, tally)| {
            let mark = tally.marks.get(&shopper)?;
            Some((offer.clone(), mark.clone()))
        });
        marked.collect()
    }

    /// In a replay: the marks of a shopper whom the recording did not know.
    pub(crate) fn mark_again(&mut self, shopper: ShopperId, marks: &[(OfferId, Mark)]) {
        for (offer, mark) in marks {
            if let Some(tally) = self.0.get_mut(offer) {
                tally.marks.insert(shopper, mark.clone());
            }
        }
    }

    pub(crate) fn of_mut(&mut self, offer: &OfferId) -> &mut TrialTally {
        if !self.0.contains_key(offer) {
            self.0.insert(offer.clone(), TrialTally::default());
        }
        self.0.get_mut(offer).expect("inserted just above")
    }

    /// Adds an entry about trials, in the order of the ledger.
    pub(crate) fn apply(&mut self, entry: &LedgerEntry) {
        match entry {
            LedgerEntry::Reached(reach) => self.of_mut(&reach.offer).reached(reach),
            LedgerEntry::Bought(bought) => self.of_mut(&bought.offer).bought(bought),
            LedgerEntry::Paired(paired) => self.of_mut(&paired.offer).paired(paired),
            LedgerEntry::Ramped { offer, state, .. } => {
                self.of_mut(offer).ramp = state.clone();
            }
            LedgerEntry::Incident { what, offers, .. } => {
                for offer in offers {
                    let count = &mut self.of_mut(offer).incidents[*what as usize];
                    *count = count.saturating_add(1);
                }
            }
            LedgerEntry::Tried { offer, tally } => self.restore(offer.clone(), (**tally).clone()),
            _ => {}
        }
    }

    pub(crate) fn exposed(&mut self, exposure: &Exposure) {
        if let Some(tally) = self.0.get_mut(&exposure.offer) {
            tally.seen(exposure.seen_by.iter().map(|(shopper, _)| *shopper));
        }
    }

    pub(crate) fn voided(&mut self, receipt: &str) {
        self.0.values_mut().for_each(|tally| tally.voided(receipt));
    }

    pub(crate) fn withdrawn(&mut self, shopper: ShopperId, purposes: Purposes) {
        let trials = self.0.values_mut();
        trials.for_each(|tally| tally.withdrawn(shopper, purposes));
    }

    /// A newer record of a shopper says what is agreed to now.
    pub(crate) fn narrowed(&mut self, shopper: ShopperId, agreed: Purposes) {
        if !agreed.has(Purpose::Measurement) {
            self.forget(shopper);
        }
    }

    /// Lets go of whom and what offers counted on days long over. Returns which did.
    pub(crate) fn let_go(&mut self, today: i32) -> Vec<OfferId> {
        let tallies = self.0.iter_mut();
        let changed = tallies.filter_map(|(offer, tally)| {
            let counts = !tally.marks.is_empty() || !tally.receipts.is_empty();
            let is_old = counts && is_long_over(tally.day, today);
            if is_old {
                tally.marks.clear();
                tally.receipts.clear();
            }
            is_old.then(|| offer.clone())
        });
        changed.collect()
    }

    pub(crate) fn forget(&mut self, shopper: ShopperId) {
        for tally in self.0.values_mut() {
            tally.marks.remove(&shopper);
        }
    }
}
