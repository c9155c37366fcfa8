//! What the ledger adds up to. The gateway folds its ledger into a snapshot at
//! start; the simulator folds the effects it has seen. One fold, so that what a
//! restart restores is the same in both.

use crate::{
    control::Pauses,
    effect::{Exposure, LedgerEntry, Reservation, ShowingId},
    money::Money,
    sale::{Joined, KeptReceipt, Sale, Sales},
    shopper::{Enrolment, Purposes, ShopperId},
    trial::Trials,
};
use protocol::id::OfferId;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// State that survives a restart.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Snapshot {
    /// Starts so far.
    pub boot: u32,
    /// Everybody enrolled, also those who withdrew everything (so that an old
    /// version cannot bring a consent back).
    pub enrolled: BTreeMap<ShopperId, Enrolment>,
    /// Version at which somebody was forgotten.
    pub forgotten: BTreeMap<ShopperId, u64>,
    /// Showings per offer and day, per shopper, and in all.
    pub tallies: BTreeMap<OfferId, Tally>,
    /// Reservations neither exposed nor released. A start charges them for good:
    /// the picture may have been on the glass when the power failed.
    pub open: BTreeMap<ShowingId, Reservation>,
    /// Receipts already counted, and codes that were shown; bounded.
    pub sales: Sales,
    /// What is stopped by hand.
    pub pauses: Pauses,
    /// What came of every offer's trial.
    pub trials: Trials,
    /// What vouchers cost, and what campaigns and hours used up.
    pub money: Money,
}

/// What one offer has used up and achieved.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Tally {
    /// Showings charged in all.
    pub showings: u32,
    /// Local day of `showings_today`.
    pub day: i32,
    /// Showings charged on that day.
    pub showings_today: u32,
    /// Showings charged per shopper on `day`; emptied when the day turns.
    pub per_shopper: BTreeMap<ShopperId, u16>,
    /// Showings painted, by the screens' own word.
    pub painted: u32,
    /// Painted time, ms.
    pub painted_ms: u64,
    /// Person-milliseconds of measured shoppers.
    pub seen_ms: u64,
    /// Person-milliseconds of everybody else.
    pub anonymous_ms: u64,
    /// Baskets, pieces and amount by arm: exposed, holdout, neither.
    pub redeemed: [Redeemed; 3],
}

/// Sales joined to an offer within one arm.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Redeemed {
    /// Baskets.
    pub baskets: u32,
    /// Pieces.
    pub pieces: i64,
    /// Amount paid, smallest unit of the currency.
    pub amount_minor: i64,
}

impl Redeemed {
    /// A receipt counts. Goods that come back take pieces and amount away; the
    /// basket they were in stays one.
    fn add(&mut self, pieces: i32, amount_minor: i64) {
        self.baskets = self.baskets.saturating_add(u32::from(pieces > 0));
        self.pieces = self.pieces.saturating_add(i64::from(pieces));
        self.amount_minor = self.amount_minor.saturating_add(amount_minor);
    }

    /// A receipt counts no longer.
    fn take_back(&mut self, pieces: i32, amount_minor: i64) {
        self.baskets = self.baskets.saturating_sub(u32::from(pieces > 0));
        self.pieces = self.pieces.saturating_sub(i64::from(pieces));
        self.amount_minor = self.amount_minor.saturating_sub(amount_minor);
    }
}

impl Tally {
    /// Charges one showing.
    pub fn charge(&mut self, day: i32, shoppers: &[ShopperId]) {
        self.turn_to(day);
        self.showings += 1;
        self.showings_today += 1;
        for shopper in shoppers {
            *self.per_shopper.entry(*shopper).or_default() += 1;
        }
    }

    /// Gives one showing back.
    pub fn refund(&mut self, day: i32, shoppers: &[ShopperId]) {
        self.showings = self.showings.saturating_sub(1);
        if day == self.day {
            self.showings_today = self.showings_today.saturating_sub(1);
            for shopper in shoppers {
                if let Some(count) = self.per_shopper.get_mut(shopper) {
                    *count = count.saturating_sub(1);
                }
            }
        }
    }

    /// Starts a new day's counts if `day` is later. A clock that goes back
    /// changes nothing, so it cannot renew a cap.
    pub fn turn_to(&mut self, day: i32) {
        if day > self.day {
            self.day = day;
            self.showings_today = 0;
            self.per_shopper.clear();
        }
    }
}

/// Showings of a screen before its newest so far are on the glass, were cleared before they
/// were painted, or were never confirmed: none is given back any more.
pub(crate) fn settle_earlier<T>(open: &mut BTreeMap<ShowingId, T>, next: &ShowingId) {
    let screen = |showing: &ShowingId| showing.screen == next.screen;
    let revisions = open.keys().filter(|s| screen(s)).map(|s| s.revision);
    let newest = revisions.max();
    open.retain(|showing, _| !screen(showing) || Some(showing.revision) == newest);
}

/// Whether another whole day has passed since that one.
pub(crate) const fn is_long_over(day: i32, today: i32) -> bool {
    today > day.saturating_add(1)
}

impl Snapshot {
    /// Adds one entry, in the order of the ledger.
    pub fn apply(&mut self, entry: &LedgerEntry) {
        match entry {
            LedgerEntry::Started { boot } => {
                self.boot = self.boot.max(*boot);
                self.open.clear();
                self.money.started();
            }
            LedgerEntry::Enrolled(enrolment) => {
                self.forgotten.remove(&enrolment.shopper);
                (self.trials).narrowed(enrolment.shopper, enrolment.consent.purposes);
                self.enrolled.insert(enrolment.shopper, enrolment.clone());
            }
            // Whoever could have opened it did not.
            LedgerEntry::Sealed(sealed) => {
                self.apply(&LedgerEntry::Enrolled(sealed.as_ref().clone().locked()));
            }
            LedgerEntry::Withdrawn { shopper, purposes } => self.withdrawn(*shopper, *purposes),
            LedgerEntry::Forgotten { shopper, version } => self.forget(*shopper, *version),
            LedgerEntry::Reserved(reservation) => {
                settle_earlier(&mut self.open, &reservation.showing);
                self.tally(&reservation.offer)
                    .charge(reservation.day, &reservation.shoppers);
                self.open
                    .insert(reservation.showing.clone(), reservation.clone());
            }
            LedgerEntry::Released { showing } => {
                if let Some(r) = self.open.remove(showing) {
                    self.tally(&r.offer).refund(r.day, &r.shoppers);
                }
                self.money.never_shown(showing);
            }
            LedgerEntry::Exposed(exposure) => self.exposed(exposure),
            LedgerEntry::Redeemed(r) => {
                self.tally(&r.offer).redeemed[r.arm as usize].add(r.pieces, r.amount_minor);
                self.sales.redeemed(r);
            }
            LedgerEntry::Sold(sale) => self.sold(sale),
            LedgerEntry::Voided { receipt } => self.voided(receipt),
            LedgerEntry::Coded(code) => self.sales.shown(code),
            LedgerEntry::Kept(kept) => self.sales.keep(kept.clone()),
            LedgerEntry::CodesTallied { offer, tally } => {
                self.sales.tallies.insert(offer.clone(), *tally);
            }
            LedgerEntry::Tallied { offer, tally } => *self.tally(offer) = tally.clone(),
            LedgerEntry::Open(reservation) => {
                self.open
                    .insert(reservation.showing.clone(), reservation.clone());
            }
            LedgerEntry::Receipt(receipt) => self.sales.keep(KeptReceipt {
                receipt: receipt.clone(),
                is_void: false,
                joined: Vec::new(),
                codes: Vec::new(),
            }),
            LedgerEntry::Paused(_) | LedgerEntry::Resumed(_) => self.pauses.apply(entry),
            LedgerEntry::Reached(_)
            | LedgerEntry::Bought(_)
            | LedgerEntry::Paired(_)
            | LedgerEntry::Ramped { .. }
            | LedgerEntry::Incident { .. }
            | LedgerEntry::Tried { .. } => self.trials.apply(entry),
            LedgerEntry::Money(entry) => self.money.apply(entry),
            LedgerEntry::Noted(_) | LedgerEntry::Blank | LedgerEntry::Epoch { .. } => {}
            LedgerEntry::Doubted => self.doubt(),
        }
    }

    /// Lets go of who was charged, reached and counted on days long over: nothing asks for
    /// them any more. The day that has just ended stays, for clocks that step back. Returns
    /// the offers whose tally changed, and those whose trial did.
    pub fn let_go(&mut self, today: i32) -> (Vec<OfferId>, Vec<OfferId>) {
        let tallies = self.tallies.iter_mut();
        let old = tallies.filter(|(_, t)| !t.per_shopper.is_empty() && is_long_over(t.day, today));
        let tallies = old.map(|(offer, tally)| {
            tally.per_shopper.clear();
            offer.clone()
        });
        (tallies.collect(), self.trials.let_go(today))
    }

    /// Adds one entry to everything but who is enrolled and who was forgotten.
    pub fn apply_to_sums(&mut self, entry: &LedgerEntry) {
        if let LedgerEntry::Enrolled(enrolment) = entry {
            let agreed = enrolment.consent.purposes;
            self.trials.narrowed(enrolment.shopper, agreed);
        } else {
            self.apply(entry);
            self.forgotten.clear();
        }
    }

    fn sold(&mut self, sale: &Sale) {
        for joined in &sale.joined {
            let sum = self.redeemed(joined);
            sum.add(joined.pieces, joined.amount_minor);
        }
        self.sales.sold(sale);
        self.money.sold(sale);
    }

    fn voided(&mut self, receipt: &str) {
        self.trials.voided(receipt);
        let kept = self.sales.receipt(receipt);
        let codes = kept.map(|kept| kept.codes.as_slice());
        self.money.voided(receipt, codes.unwrap_or_default());
        for joined in self.sales.voided(receipt) {
            let sum = self.redeemed(&joined);
            sum.take_back(joined.pieces, joined.amount_minor);
        }
    }

    fn exposed(&mut self, exposure: &Exposure) {
        self.trials.exposed(exposure);
        self.open.remove(&exposure.showing);
        self.money.shown(&exposure.showing);
        let tally = self.tally(&exposure.offer);
        tally.painted += 1;
        tally.painted_ms += u64::from(exposure.painted_ms);
        let seen: u64 = exposure.seen_by.iter().map(|(_, ms)| u64::from(*ms)).sum();
        tally.seen_ms += seen;
        tally.anonymous_ms += u64::from(exposure.anonymous_ms);
    }

    /// Takes every consent back and keeps the versions: only a newer version
    /// from the source brings one back. No code is taken any more.
    fn doubt(&mut self) {
        for enrolment in self.enrolled.values_mut() {
            enrolment.consent.purposes = Purposes::NONE;
        }
        self.money.doubted();
    }

    fn withdrawn(&mut self, shopper: ShopperId, purposes: Purposes) {
        self.trials.withdrawn(shopper, purposes);
        if let Some(enrolment) = self.enrolled.get_mut(&shopper) {
            let left = enrolment.consent.purposes.without(purposes);
            enrolment.consent.purposes = left;
            if left.is_empty() {
                // Nobody is to be recognised any more.
                enrolment.keys.clear();
            }
        }
    }

    fn forget(&mut self, shopper: ShopperId, version: u64) {
        self.enrolled.remove(&shopper);
        self.forgotten.insert(shopper, version);
        self.trials.forget(shopper);
        for tally in self.tallies.values_mut() {
            tally.per_shopper.remove(&shopper);
        }
        for reservation in self.open.values_mut() {
            reservation.shoppers.retain(|s| *s != shopper);
        }
    }

    fn tally(&mut self, offer: &OfferId) -> &mut Tally {
        if !self.tallies.contains_key(offer) {
            self.tallies.insert(offer.clone(), Tally::default());
        }
        self.tallies.get_mut(offer).expect("inserted just above")
    }

    fn redeemed(&mut self, joined: &Joined) -> &mut Redeemed {
        &mut self.tally(&joined.offer).redeemed[joined.arm as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn doubt_takes_consents_and_leaves_versions() {
        let shopper = ShopperId(7);
        let mut snapshot = Snapshot::default();
        snapshot.apply(&LedgerEntry::Enrolled(Enrolment::consenting(
            shopper,
            3,
            Purposes::ALL,
        )));
        snapshot.apply(&LedgerEntry::Doubted);
        let left = &snapshot.enrolled[&shopper];
        assert_eq!((left.version, left.consent.purposes), (3, Purposes::NONE));
    }

    #[test]
    fn showings_that_are_never_confirmed_do_not_pile_up() {
        let mut snapshot = Snapshot::default();
        let reserved = |screen: &str, revision| Reservation {
            showing: ShowingId {
                screen: screen.parse().unwrap(),
                revision,
            },
            offer: "tea".parse().unwrap(),
            shoppers: vec![ShopperId(7)],
            day: 1,
        };
        for revision in 1..=9 {
            for screen in ["dairy", "entry"] {
                snapshot.apply(&LedgerEntry::Reserved(reserved(screen, revision)));
            }
        }
        let open: Vec<_> = snapshot
            .open
            .keys()
            .map(|s| (s.screen.as_str(), s.revision))
            .collect();
        assert_eq!(
            open,
            [("dairy", 8), ("dairy", 9), ("entry", 8), ("entry", 9)]
        );
        let showing = reserved("dairy", 9).showing;
        snapshot.apply(&LedgerEntry::Released { showing });
        assert_eq!(snapshot.tallies[&"tea".parse().unwrap()].showings, 17);
    }
}
