//! What the ledger adds up to about one offer's trial.

use super::{BUCKETS, RampState};
use crate::shopper::{Purpose, Purposes, ShopperId};
use protocol::id::{OfferId, ScreenId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Most shoppers of one day, and most receipts of one day, remembered for one
/// offer. Whoever comes after them is not measured that day.
pub const MAX_MARKS: usize = 16_384;

/// What somebody was assigned to with respect to an offer.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cell {
    /// Never gets it.
    Holdout,
    /// Does not get it yet: the ramp has not come so far.
    Waiting,
    /// Gets it.
    Shown,
    /// Gets it with the picture of this arm.
    Arm(String),
}

/// The first time on a day that an offer would have gone to a shopper, had
/// nobody been assigned to anything: an exposure to be, or a ghost of one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reach {
    /// Which offer.
    pub offer: OfferId,
    /// Whom; only shoppers who agreed to be measured.
    pub shopper: ShopperId,
    /// What the shopper was assigned to.
    pub cell: Cell,
    /// The group that the shopper is counted with, below [`BUCKETS`].
    pub bucket: u8,
    /// Local day (days since 1970-01-01).
    pub day: i32,
    /// Whether it counts for the effect: while a ramp goes on, shares change
    /// from day to day and days would be mixed up with arms.
    pub counts: bool,
}

/// A receipt of a shopper whom an offer reached before on the same day. Names
/// no shopper.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bought {
    /// Till and receipt.
    pub receipt: String,
    /// Which offer.
    pub offer: OfferId,
    /// What the shopper was assigned to.
    pub cell: Cell,
    /// The group that the shopper is counted with.
    pub bucket: u8,
    /// Whether it is the shopper's first with the offer's products that day.
    pub is_first: bool,
    /// Pieces of the offer's products; negative for a return.
    pub pieces: i32,
    /// Amount paid for them, in the currency's smallest unit.
    pub amount_minor: i64,
}

/// Two blocks of a switchback that are over: one with the offer, one without.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Paired {
    /// Which offer.
    pub offer: OfferId,
    /// On which screen.
    pub screen: ScreenId,
    /// Receipts while it was on, and those of them with its products.
    pub on: (u32, u32),
    /// The same while it was off.
    pub off: (u32, u32),
}

/// What one group of shoppers did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Bucket {
    /// Shoppers reached, each once a day.
    pub reached: u32,
    /// Those of them who bought on that day, after it.
    pub buyers: u32,
    /// Those of them who saw the offer on that day, meant for them or not.
    pub saw: u32,
    /// Pieces bought.
    pub pieces: i64,
    /// Amount paid, in the currency's smallest unit.
    pub amount_minor: i64,
}

/// Pairs of a switchback on one screen.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Pairs {
    /// How many.
    pub count: u32,
    /// Sum over the pairs of the share of receipts with the offer's products
    /// while it was on, less that while it was off.
    pub sum: f64,
    /// Sum of the squares of that.
    pub squares: f64,
    /// Receipts while it was on, and those of them with its products.
    pub on: (u64, u64),
    /// The same while it was off.
    pub off: (u64, u64),
}

/// What is remembered of a shopper until the day is over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    /// What the shopper was assigned to.
    pub cell: Cell,
    /// The group that the shopper is counted with.
    pub bucket: u8,
    /// Whether the shopper saw the offer.
    pub saw: bool,
    /// Whether it counts for the effect.
    pub counts: bool,
}

/// One offer's trial so far.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct TrialTally {
    /// Results by what shoppers were assigned to and by group.
    pub cells: BTreeMap<Cell, [Bucket; BUCKETS as usize]>,
    /// Local day of `marks` and `receipts`.
    pub day: i32,
    /// Shoppers reached on that day.
    pub marks: BTreeMap<ShopperId, Mark>,
    /// Receipts counted on that day, so that a void takes back what it counted.
    pub receipts: BTreeMap<String, Bought>,
    /// Pairs of blocks by screen.
    pub pairs: BTreeMap<ScreenId, Pairs>,
    /// Opt-outs, complaints, calls for help, screen errors.
    pub incidents: [u32; 4],
    /// How far it is let loose.
    pub ramp: RampState,
}

impl TrialTally {
    /// The mark of a shopper reached on this local day.
    pub fn mark(&self, shopper: ShopperId, day: i32) -> Option<&Mark> {
        self.marks.get(&shopper).filter(|_| day <= self.day)
    }

    /// Whether another shopper can be reached on this local day.
    pub fn has_room(&self, day: i32) -> bool {
        day > self.day || self.marks.len() < MAX_MARKS
    }

    /// Results of one cell, all groups together.
    pub fn sum_of(&self, cell: &Cell) -> Bucket {
        let buckets = self.cells.get(cell).into_iter().flatten();
        buckets.fold(Bucket::default(), Bucket::with)
    }

    pub(crate) fn reached(&mut self, reach: &Reach) {
        self.turn_to(reach.day);
        let mark = Mark {
            cell: reach.cell.clone(),
            bucket: reach.bucket,
            saw: false,
            counts: reach.counts,
        };
        if !self.has_room(reach.day) || self.marks.insert(reach.shopper, mark).is_some() {
            return;
        }
        self.ramp.reached(&reach.cell);
        if reach.counts {
            self.bucket(&reach.cell, reach.bucket).reached += 1;
        }
    }

    /// Once, however often it is written: a till that gets no answer sends it again. The
    /// second time it may be the first receipt of its shopper that still counts.
    pub(crate) fn bought(&mut self, bought: &Bought) {
        if let Some(before) = self.receipts.get_mut(&bought.receipt) {
            if bought.is_first && !std::mem::replace(&mut before.is_first, true) {
                let bucket = self.bucket(&bought.cell, bought.bucket);
                bucket.buyers = bucket.buyers.saturating_add(1);
            }
            return;
        }
        let bucket = self.bucket(&bought.cell, bought.bucket);
        bucket.buyers = bucket.buyers.saturating_add(u32::from(bought.is_first));
        bucket.pieces = bucket.pieces.saturating_add(i64::from(bought.pieces));
        bucket.amount_minor = bucket.amount_minor.saturating_add(bought.amount_minor);
        if self.receipts.len() < MAX_MARKS {
            self.receipts.insert(bought.receipt.clone(), bought.clone());
        }
    }

    /// A receipt was taken back. What comes back on a later day was bought all
    /// the same, in every cell alike.
    pub(crate) fn voided(&mut self, receipt: &str) {
        let Some(before) = self.receipts.remove(receipt) else {
            return;
        };
        let bucket = self.bucket(&before.cell, before.bucket);
        bucket.buyers = bucket.buyers.saturating_sub(u32::from(before.is_first));
        bucket.pieces = bucket.pieces.saturating_sub(i64::from(before.pieces));
        bucket.amount_minor = bucket.amount_minor.saturating_sub(before.amount_minor);
    }

    /// A showing is over that these shoppers saw.
    pub(crate) fn seen(&mut self, seen_by: impl Iterator<Item = ShopperId>) {
        self.ramp.showings = self.ramp.showings.saturating_add(1);
        for shopper in seen_by {
            let Some(mark) = self.marks.get_mut(&shopper).filter(|m| !m.saw) else {
                continue;
            };
            mark.saw = true;
            if mark.counts {
                let (cell, bucket) = (mark.cell.clone(), mark.bucket);
                self.bucket(&cell, bucket).saw += 1;
            }
        }
    }

    /// A shopper took consent back.
    pub(crate) fn withdrawn(&mut self, shopper: ShopperId, purposes: Purposes) {
        if purposes.has(Purpose::InStoreOffers) && self.marks.contains_key(&shopper) {
            self.incidents[0] = self.incidents[0].saturating_add(1);
        }
        if purposes.has(Purpose::Measurement) {
            self.marks.remove(&shopper);
        }
    }

    pub(crate) fn paired(&mut self, paired: &Paired) {
        let share = |(all, with): (u32, u32)| f64::from(with) / f64::from(all.max(1));
        let difference = share(paired.on) - share(paired.off);
        let pairs = self.pairs.entry(paired.screen.clone()).or_default();
        pairs.count = pairs.count.saturating_add(1);
        pairs.sum += difference;
        pairs.squares += difference * difference;
        let add = |sum: &mut (u64, u64), (all, with): (u32, u32)| {
            sum.0 += u64::from(all);
            sum.1 += u64::from(with);
        };
        add(&mut pairs.on, paired.on);
        add(&mut pairs.off, paired.off);
    }

    fn bucket(&mut self, cell: &Cell, bucket: u8) -> &mut Bucket {
        if !self.cells.contains_key(cell) {
            self.cells.insert(cell.clone(), Default::default());
        }
        let buckets = self.cells.get_mut(cell).expect("inserted just above");
        &mut buckets[usize::from(bucket % BUCKETS)]
    }

    fn turn_to(&mut self, day: i32) {
        if day > self.day {
            self.day = day;
            self.marks.clear();
            self.receipts.clear();
        }
    }
}

impl Bucket {
    /// Both together.
    #[must_use]
    pub const fn with(self, other: &Self) -> Self {
        Self {
            reached: self.reached.saturating_add(other.reached),
            buyers: self.buyers.saturating_add(other.buyers),
            saw: self.saw.saturating_add(other.saw),
            pieces: self.pieces.saturating_add(other.pieces),
            amount_minor: self.amount_minor.saturating_add(other.amount_minor),
        }
    }
}
