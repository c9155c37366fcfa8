//! The small part of what the ledger adds up to: everything but who is
//! enrolled. It stays in memory, and the cache keeps it in pieces so that only
//! what changed is written.

use engine::{
    Snapshot,
    effect::{LedgerEntry, ShowingId},
    money::{MAX_CODES as MAX_VOUCHERS, Money, MoneyEntry},
    sale::{CodeUse, Joined, MAX_CODES},
    shopper::{Enrolment, ShopperId},
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
    let codes = snapshot.money.codes.values().cloned();
    let codes = codes.map(|code| MoneyEntry::Kept(Box::new(code)));
    let money = checkpoint_of(&snapshot.money).chain(codes);
    entries.extend(money.map(|entry| LedgerEntry::Money(Box::new(entry))));
    entries
}

/// Everything of money but its codes, as entries that add up to it.
pub(super) fn checkpoint_of(money: &Money) -> impl Iterator<Item = MoneyEntry> + '_ {
    let offers = money
        .offers
        .iter()
        .map(|(offer, sums)| MoneyEntry::Tallied {
            offer: offer.clone(),
            sums: *sums,
        });
    let campaigns = money.campaigns.iter();
    let campaigns = campaigns.map(|(campaign, sums)| MoneyEntry::CampaignTallied {
        campaign: campaign.clone(),
        sums: *sums,
    });
    let hours = money
        .hours
        .iter()
        .map(|(of, count)| MoneyEntry::HourTallied {
            of: of.clone(),
            count: *count,
        });
    let open = money.open.values().cloned().map(MoneyEntry::OpenCharge);
    offers.chain(campaigns).chain(hours).chain(open)
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
    /// Codes of vouchers, by revision.
    pub(super) vouchers: BTreeSet<u64>,
    /// Whether any sum of money, campaign or hour changed.
    pub(super) has_money: bool,
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
            vouchers: state.money.codes.keys().copied().collect(),
            has_money: true,
        }
    }

    /// Notes what `entry` is about to change in `state`.
    pub(super) fn note(&mut self, state: &Snapshot, seq: u64, entry: &LedgerEntry) {
        self.note_trial(&state.trials, entry);
        self.note_money(&state.money, entry);
        match entry {
            LedgerEntry::Reserved(r) | LedgerEntry::Open(r) => {
                self.offers.insert(r.offer.clone());
                self.showings.insert(r.showing.clone());
                // A new one settles earlier ones of its screen.
                let open = state.open.keys();
                let beside = open.filter(|showing| showing.screen == r.showing.screen);
                self.showings.extend(beside.cloned());
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
            LedgerEntry::CodesTallied { offer, .. } => _ = self.coded_offers.insert(offer.clone()),
            LedgerEntry::Paused(_) | LedgerEntry::Resumed(_) => self.pauses = true,
            LedgerEntry::Forgotten { shopper, .. } => self.note_forgotten(state, *shopper),
            // A start settles what was open.
            LedgerEntry::Started { .. } => self.showings.extend(state.open.keys().cloned()),
            LedgerEntry::Enrolled(_)
            | LedgerEntry::Sealed(_)
            | LedgerEntry::Noted(_)
            | LedgerEntry::Withdrawn { .. }
            | LedgerEntry::Reached(_)
            | LedgerEntry::Bought(_)
            | LedgerEntry::Paired(_)
            | LedgerEntry::Ramped { .. }
            | LedgerEntry::Incident { .. }
            | LedgerEntry::Tried { .. }
            | LedgerEntry::Money(_)
            | LedgerEntry::Epoch { .. }
            | LedgerEntry::Blank
            | LedgerEntry::Doubted => {}
        }
    }

    /// Their caps and reservations go with them.
    fn note_forgotten(&mut self, state: &Snapshot, shopper: ShopperId) {
        let tallies = state.tallies.iter();
        let capped = tallies.filter(|(_, t)| t.per_shopper.contains_key(&shopper));
        self.offers.extend(capped.map(|(offer, _)| offer.clone()));
        let open = state.open.values();
        let charged = open.filter(|r| r.shoppers.contains(&shopper));
        self.showings.extend(charged.map(|r| r.showing.clone()));
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
            LedgerEntry::Withdrawn { shopper, .. }
            | LedgerEntry::Forgotten { shopper, .. }
            | LedgerEntry::Enrolled(Enrolment { shopper, .. }) => {
                self.trials.extend(trials.with_shopper(*shopper).cloned());
            }
            _ => {}
        }
    }

    /// Notes what `entry` is about to change in money and limits.
    fn note_money(&mut self, money: &Money, entry: &LedgerEntry) {
        let before = self.vouchers.len();
        match entry {
            LedgerEntry::Money(entry) => {
                self.has_money = true;
                self.note_codes(money, entry);
            }
            LedgerEntry::Released { showing } => {
                let issued = money.codes.get_key_value(&showing.revision);
                self.vouchers.extend(issued.map(|(revision, _)| *revision));
                self.has_money |= money.open.contains_key(showing);
            }
            LedgerEntry::Exposed(e) => self.has_money |= money.open.contains_key(&e.showing),
            LedgerEntry::Sold(sale) => {
                let codes = sale.codes.iter().map(|used| used.showing.revision);
                self.vouchers
                    .extend(codes.filter(|code| money.codes.contains_key(code)));
            }
            LedgerEntry::Voided { receipt } => {
                let codes = money.codes.iter();
                let of = codes
                    .filter(|(_, code)| code.state.by().is_some_and(|by| by.receipt == *receipt));
                self.vouchers.extend(of.map(|(revision, _)| *revision));
                // A second use that is taken back is a sum without a code.
                self.has_money |= !money.offers.is_empty();
            }
            LedgerEntry::Doubted => {
                let live = money.codes.iter().filter(|(_, code)| code.state.is_live());
                self.vouchers.extend(live.map(|(revision, _)| *revision));
            }
            LedgerEntry::Started { .. } => self.has_money |= !money.open.is_empty(),
            _ => {}
        }
        self.has_money |= self.vouchers.len() > before;
        self.has_money |= matches!(entry, LedgerEntry::Sold(_)) && !money.offers.is_empty();
    }

    fn note_codes(&mut self, money: &Money, entry: &MoneyEntry) {
        match entry {
            MoneyEntry::Issued(issued) => self.note_new_code(money, issued.showing.revision),
            MoneyEntry::Kept(code) => self.note_new_code(money, code.issued.showing.revision),
            MoneyEntry::Held { code, .. }
            | MoneyEntry::Committed { code, .. }
            | MoneyEntry::Released { code, .. } => {
                self.vouchers.insert(*code);
            }
            MoneyEntry::Lapsed { codes } => self.vouchers.extend(codes),
            MoneyEntry::Charged(_)
            | MoneyEntry::Tallied { .. }
            | MoneyEntry::CampaignTallied { .. }
            | MoneyEntry::HourTallied { .. }
            | MoneyEntry::OpenCharge(_) => {}
        }
    }

    /// A new code may push an old one out that is settled.
    fn note_new_code(&mut self, money: &Money, revision: u64) {
        self.vouchers.insert(revision);
        if money.codes.len() >= MAX_VOUCHERS {
            let mut codes = money.codes.iter();
            let settled = codes.find(|(_, code)| !code.state.is_live());
            self.vouchers.extend(settled.map(|(revision, _)| *revision));
        }
    }

    fn note_counted(&mut self, joined: &[Joined], codes: &[CodeUse]) {
        self.offers.extend(joined.iter().map(|j| j.offer.clone()));
        self.codes.extend(codes.iter().map(|c| c.showing.revision));
        let offers = codes.iter().map(|c| c.offer.clone());
        self.coded_offers.extend(offers);
    }
}
