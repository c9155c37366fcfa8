//! The small part of what the ledger adds up to: everything but who is
//! enrolled. It stays in memory, and the cache keeps it in pieces so that only
//! what changed is written.

use engine::{
    Snapshot,
    effect::{LedgerEntry, ShowingId},
    sale::{CodeUse, Joined, MAX_CODES},
    trial::{Bought, Paired, Reach, Trials},
};
use protocol::id::OfferId;
use std::collections::BTreeSet;

/// A snapshot as entries that add up to it.
pub(super) fn entries_of(snapshot: &Snapshot) -> Vec<LedgerEntry> {
    let mut entries = vec![LedgerEntry::Started {
        boot: snapshot.boot,
    }];
    let enrolled = snapshot.enrolled.values().cloned();
    entries.extend(enrolled.map(LedgerEntry::Enrolled));
    let forgotten = snapshot.forgotten.iter();
    entries.extend(forgotten.map(|(shopper, version)| LedgerEntry::Forgotten {
        shopper: *shopper,
        version: *version,
    }));
    let tallies = snapshot.tallies.iter();
    entries.extend(tallies.map(|(offer, tally)| LedgerEntry::Tallied {
        offer: offer.clone(),
        tally: tally.clone(),
    }));
    entries.extend(snapshot.open.values().cloned().map(LedgerEntry::Open));
    let sales = &snapshot.sales;
    let tallies = sales.tallies.iter();
    entries.extend(tallies.map(|(offer, tally)| LedgerEntry::CodesTallied {
        offer: offer.clone(),
        tally: *tally,
    }));
    entries.extend(sales.codes.values().cloned().map(LedgerEntry::Coded));
    entries.extend(sales.receipts.iter().cloned().map(LedgerEntry::Kept));
    entries.extend(snapshot.pauses.iter().cloned().map(LedgerEntry::Paused));
    let trials = snapshot.trials.iter();
    entries.extend(trials.map(|(offer, tally)| LedgerEntry::Tried {
        offer: offer.clone(),
        tally: Box::new(tally.clone()),
    }));
    entries
}

/// Pieces of the state that changed since the cache was last written.
#[derive(Debug, Default)]
pub(super) struct Changed {
    pub(super) offers: BTreeSet<OfferId>,
    pub(super) showings: BTreeSet<ShowingId>,
    /// Receipts, by the number of the entry they came with.
    pub(super) receipts: Vec<(u64, String)>,
    /// Showings with a code, by revision.
    pub(super) codes: BTreeSet<u64>,
    /// Offers whose codes were redeemed.
    pub(super) coded_offers: BTreeSet<OfferId>,
    /// What is stopped by hand.
    pub(super) pauses: bool,
    /// Offers whose trial went on.
    pub(super) trials: BTreeSet<OfferId>,
}

impl Changed {
    /// For a cache that holds nothing yet.
    pub(super) fn everything(state: &Snapshot) -> Self {
        // Receipts are numbered in their order; every real number is higher.
        let receipts = state.sales.receipts.iter().map(|kept| kept.receipt.clone());
        let receipts = (0..).zip(receipts);
        Self {
            offers: state.tallies.keys().cloned().collect(),
            showings: state.open.keys().cloned().collect(),
            receipts: receipts.collect(),
            codes: state.sales.codes.keys().copied().collect(),
            coded_offers: state.sales.tallies.keys().cloned().collect(),
            pauses: true,
            trials: state
                .trials
                .iter()
                .map(|(offer, _)| offer.clone())
                .collect(),
        }
    }

    /// Notes what `entry` is about to change in `state`.
    pub(super) fn note(&mut self, state: &Snapshot, seq: u64, entry: &LedgerEntry) {
        self.note_trial(&state.trials, entry);
        match entry {
            LedgerEntry::Reserved(r) | LedgerEntry::Open(r) => {
                self.offers.insert(r.offer.clone());
                self.showings.insert(r.showing.clone());
            }
            LedgerEntry::Released { showing } => {
                let open = state.open.get(showing);
                self.offers.extend(open.map(|r| r.offer.clone()));
                self.showings.insert(showing.clone());
            }
            LedgerEntry::Exposed(e) => {
                self.offers.insert(e.offer.clone());
                self.showings.insert(e.showing.clone());
            }
            LedgerEntry::Redeemed(r) => {
                self.offers.insert(r.offer.clone());
                self.receipts.push((seq, r.receipt.clone()));
            }
            LedgerEntry::Tallied { offer, .. } => {
                self.offers.insert(offer.clone());
            }
            LedgerEntry::Receipt(receipt) => self.receipts.push((seq, receipt.clone())),
            LedgerEntry::Kept(kept) => self.receipts.push((seq, kept.receipt.clone())),
            LedgerEntry::Sold(sale) => {
                self.receipts.push((seq, sale.receipt.clone()));
                self.note_counted(&sale.joined, &sale.codes);
            }
            LedgerEntry::Voided { receipt } => {
                self.receipts.push((seq, receipt.clone()));
                if let Some(kept) = state.sales.receipt(receipt) {
                    self.note_counted(&kept.joined, &kept.codes);
                }
            }
            LedgerEntry::Coded(code) => {
                self.codes.insert(code.showing.revision);
                if state.sales.codes.len() >= MAX_CODES {
                    self.codes.extend(state.sales.codes.keys().next());
                }
            }
            LedgerEntry::CodesTallied { offer, .. } => {
                self.coded_offers.insert(offer.clone());
            }
            LedgerEntry::Paused(_) | LedgerEntry::Resumed(_) => self.pauses = true,
            // Their caps and reservations go with them.
            LedgerEntry::Forgotten { shopper, .. } => {
                let tallies = state.tallies.iter();
                let capped = tallies.filter(|(_, t)| t.per_shopper.contains_key(shopper));
                self.offers.extend(capped.map(|(offer, _)| offer.clone()));
                let open = state.open.values();
                let charged = open.filter(|r| r.shoppers.contains(shopper));
                self.showings.extend(charged.map(|r| r.showing.clone()));
            }
            // A start settles what was open.
            LedgerEntry::Started { .. } => self.showings.extend(state.open.keys().cloned()),
            LedgerEntry::Enrolled(_)
            | LedgerEntry::Withdrawn { .. }
            | LedgerEntry::Reached(_)
            | LedgerEntry::Bought(_)
            | LedgerEntry::Paired(_)
            | LedgerEntry::Ramped { .. }
            | LedgerEntry::Incident { .. }
            | LedgerEntry::Tried { .. }
            | LedgerEntry::Blank
            | LedgerEntry::Doubted => {}
        }
    }

    /// Notes whose trial `entry` is about to change.
    fn note_trial(&mut self, trials: &Trials, entry: &LedgerEntry) {
        match entry {
            LedgerEntry::Reached(Reach { offer, .. })
            | LedgerEntry::Bought(Bought { offer, .. })
            | LedgerEntry::Paired(Paired { offer, .. })
            | LedgerEntry::Ramped { offer, .. }
            | LedgerEntry::Tried { offer, .. } => {
                self.trials.insert(offer.clone());
            }
            LedgerEntry::Exposed(exposure) => {
                let tried = trials.of(&exposure.offer).map(|_| exposure.offer.clone());
                self.trials.extend(tried);
            }
            LedgerEntry::Incident { offers, .. } => self.trials.extend(offers.iter().cloned()),
            LedgerEntry::Voided { receipt } => {
                self.trials.extend(trials.with_receipt(receipt).cloned());
            }
            LedgerEntry::Withdrawn { shopper, .. } | LedgerEntry::Forgotten { shopper, .. } => {
                self.trials.extend(trials.with_shopper(*shopper).cloned());
            }
            _ => {}
        }
    }

    fn note_counted(&mut self, joined: &[Joined], codes: &[CodeUse]) {
        self.offers.extend(joined.iter().map(|j| j.offer.clone()));
        self.codes.extend(codes.iter().map(|c| c.showing.revision));
        let offers = codes.iter().map(|c| c.offer.clone());
        self.coded_offers.extend(offers);
    }
}
