//! Receipts that were joined to offers, and the codes on screens that join
//! them. Kept so that a receipt counts once, and that a void takes back exactly
//! what its receipt counted, over restarts and in whatever order both arrive.

use crate::effect::{Arm, Redemption, ShowingId};
use protocol::id::OfferId;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Most receipts remembered for telling a repetition and for voids.
pub const MAX_RECEIPTS: usize = 4_096;
/// Most showings remembered whose code can still be redeemed: a shop that
/// changes six screens with codes every twenty seconds fills it in 15 hours.
pub const MAX_CODES: usize = 16_384;
/// Most offers joined to one receipt, and most codes redeemed with it: what is
/// remembered of a receipt fits a few kilobytes.
pub const MAX_JOINED: usize = 32;

/// A receipt that holds products of offers, or codes that screens showed. One
/// entry for the whole receipt: a power cut leaves all of it or nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sale {
    /// Till and receipt.
    pub receipt: String,
    /// Whether it is of a shopper who agreed to be measured. Which one is
    /// nowhere written.
    pub is_known: bool,
    /// Offers whose products are in it.
    pub joined: Vec<Joined>,
    /// Codes that were redeemed with it.
    pub codes: Vec<CodeUse>,
}

/// What one receipt holds of one offer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Joined {
    /// Which offer.
    pub offer: OfferId,
    /// Which arm the shopper was in.
    pub arm: Arm,
    /// Pieces of the offer's products; negative for a return.
    pub pieces: i32,
    /// Amount paid for them, in the currency's smallest unit.
    pub amount_minor: i64,
}

/// One code redeemed with one receipt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CodeUse {
    /// Of which showing.
    pub showing: ShowingId,
    /// Of which offer.
    pub offer: OfferId,
    /// Whether another receipt redeemed it before.
    pub again: bool,
}

/// What is remembered of a receipt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptReceipt {
    /// Till and receipt.
    pub receipt: String,
    /// It was taken back; then nothing of it counts.
    pub is_void: bool,
    /// What it counted.
    pub joined: Vec<Joined>,
    /// Which codes it redeemed.
    pub codes: Vec<CodeUse>,
}

/// A showing with a code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShownCode {
    /// Which showing.
    pub showing: ShowingId,
    /// Of which offer.
    pub offer: OfferId,
    /// Whether a receipt redeemed it.
    pub is_used: bool,
}

/// What the codes of one offer brought.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct CodeTally {
    /// Showings whose code was redeemed: each counts once.
    pub redeemed: u32,
    /// Further receipts with a code that was redeemed before.
    pub again: u32,
}

/// Receipts and codes that are remembered, bounded.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Sales {
    /// Receipts, oldest first.
    pub receipts: Vec<KeptReceipt>,
    /// Showings with a code, by revision: revisions rise over restarts.
    pub codes: BTreeMap<u64, ShownCode>,
    /// Sums of codes by offer.
    pub tallies: BTreeMap<OfferId, CodeTally>,
}

impl Joined {
    fn of(redemption: &Redemption) -> Self {
        Self {
            offer: redemption.offer.clone(),
            arm: redemption.arm,
            pieces: redemption.pieces,
            amount_minor: redemption.amount_minor,
        }
    }
}

impl Sales {
    /// What is remembered of a receipt.
    pub fn receipt(&self, receipt: &str) -> Option<&KeptReceipt> {
        self.receipts.iter().rev().find(|k| k.receipt == receipt)
    }

    /// A receipt was counted.
    pub(crate) fn sold(&mut self, sale: &Sale) {
        for used in &sale.codes {
            self.use_code(used);
        }
        self.keep(KeptReceipt {
            receipt: sale.receipt.clone(),
            is_void: false,
            joined: sale.joined.clone(),
            codes: sale.codes.clone(),
        });
    }

    /// A receipt was counted by a gateway that wrote one entry for each offer.
    pub(crate) fn redeemed(&mut self, redemption: &Redemption) {
        let joined = Joined::of(redemption);
        let mut receipts = self.receipts.iter_mut().rev();
        match receipts.find(|k| k.receipt == redemption.receipt) {
            Some(kept) if kept.joined.len() < MAX_JOINED => kept.joined.push(joined),
            Some(_) => {}
            None => self.keep(KeptReceipt {
                receipt: redemption.receipt.clone(),
                is_void: false,
                joined: vec![joined],
                codes: Vec::new(),
            }),
        }
    }

    /// A receipt was taken back. Returns what it had counted.
    pub(crate) fn voided(&mut self, receipt: &str) -> Vec<Joined> {
        let empty = KeptReceipt {
            receipt: receipt.to_owned(),
            is_void: true,
            joined: Vec::new(),
            codes: Vec::new(),
        };
        let mut receipts = self.receipts.iter_mut().rev();
        let Some(kept) = receipts.find(|k| k.receipt == receipt) else {
            self.keep(empty);
            return Vec::new();
        };
        let before = std::mem::replace(kept, empty);
        for used in &before.codes {
            self.give_code_back(used);
        }
        before.joined
    }

    /// In a checkpoint or cache: what is remembered of a receipt. A later word
    /// of the same receipt replaces the earlier.
    pub fn keep(&mut self, kept: KeptReceipt) {
        let mut receipts = self.receipts.iter_mut().rev();
        if let Some(known) = receipts.find(|k| k.receipt == kept.receipt) {
            *known = kept;
            return;
        }
        if self.receipts.len() >= MAX_RECEIPTS {
            self.receipts.remove(0);
        }
        self.receipts.push(kept);
    }

    /// A showing with a code is about to happen.
    pub(crate) fn shown(&mut self, code: &ShownCode) {
        self.codes.insert(code.showing.revision, code.clone());
        if self.codes.len() > MAX_CODES {
            self.codes.pop_first();
        }
    }

    fn use_code(&mut self, used: &CodeUse) {
        if let Some(shown) = self.codes.get_mut(&used.showing.revision) {
            shown.is_used = true;
        }
        let tally = self.tallies.entry(used.offer.clone()).or_default();
        if used.again {
            tally.again += 1;
        } else {
            tally.redeemed += 1;
        }
    }

    fn give_code_back(&mut self, used: &CodeUse) {
        let tally = self.tallies.entry(used.offer.clone()).or_default();
        if used.again {
            tally.again = tally.again.saturating_sub(1);
            return;
        }
        tally.redeemed = tally.redeemed.saturating_sub(1);
        if let Some(shown) = self.codes.get_mut(&used.showing.revision) {
            shown.is_used = false;
        }
    }
}
