//! Receipts: sold, taken back, brought back. Every one counts once, whatever
//! the till sends and in which order; an answer is given when what it promises
//! is on the disk.

use crate::{
    Engine, Now,
    commits::Then,
    effect::{Arm, Effect, Effects, LedgerEntry, ShowingId},
    event::{Basket, CouponNumber, Outcome, Receipt, RequestId},
    sale::{CodeUse, Joined, MAX_JOINED, Sale},
    shopper::Purpose,
};

impl Engine {
    /// A basket that nobody waits for an answer to.
    pub(crate) fn basket(&mut self, now: Now, basket: Basket, effects: &mut Effects) {
        let receipt = Receipt {
            basket,
            is_void: false,
            returned_from: None,
            codes: Vec::new(),
            vouchers: Vec::new(),
        };
        self.settle_receipt(now, &receipt, effects);
    }

    /// A till's receipt, with somebody who waits.
    pub(crate) fn receipt(
        &mut self,
        now: Now,
        request: RequestId,
        receipt: &Receipt,
        effects: &mut Effects,
    ) {
        if self.is_too_full_for(request, effects) {
            return;
        }
        self.settle_receipt(now, receipt, effects);
        // What came before may be this very receipt, still on its way to the disk.
        if let Some(then) = self.commits.after_all(Then::Answer(request)) {
            self.then(now, then, effects);
        }
    }

    /// Whether too much waits for the disk; the till is told so.
    pub(crate) fn is_too_full_for(&mut self, request: RequestId, effects: &mut Effects) -> bool {
        if self.commits.has_room() {
            return false;
        }
        self.counts.tills_full += 1;
        let outcome = Outcome::Full;
        effects.push(Effect::Answer { request, outcome });
        true
    }

    fn settle_receipt(&mut self, now: Now, receipt: &Receipt, effects: &mut Effects) {
        let known = self.tallies.sales().receipt(&receipt.basket.receipt);
        let entry = match known {
            Some(kept) if kept.is_void || !receipt.is_void => {
                self.counts.duplicate += 1;
                return;
            }
            _ if receipt.is_void => {
                self.counts.voids += 1;
                self.note_voided(&receipt.basket.receipt, effects);
                LedgerEntry::Voided {
                    receipt: receipt.basket.receipt.clone(),
                }
            }
            _ => {
                self.counts.baskets += 1;
                let sale = self.sale(now, receipt);
                self.watch_basket(now, &receipt.basket);
                if sale.joined.is_empty() && sale.codes.is_empty() {
                    return;
                }
                self.note_bought(now, receipt, &sale.joined, effects);
                LedgerEntry::Sold(sale)
            }
        };
        self.out(effects).commit(entry, Then::Nothing);
    }

    fn sale(&mut self, now: Now, receipt: &Receipt) -> Sale {
        let basket = &receipt.basket;
        let measured = basket.shopper.filter(|s| {
            let permit = self.consents.permit(*s, Purpose::Measurement, now);
            permit.is_some()
        });
        let mut joined = self.arms.joined(&self.plan, basket, measured);
        joined.truncate(MAX_JOINED);
        if let Some(from) = &receipt.returned_from {
            self.as_when_sold(from, &mut joined);
        }
        Sale {
            receipt: basket.receipt.clone(),
            is_known: measured.is_some(),
            joined,
            codes: self.codes(now, receipt),
        }
    }

    /// Goods that come back leave the arm that they were counted in.
    fn as_when_sold(&self, from: &str, joined: &mut [Joined]) {
        let Some(sold) = self.tallies.sales().receipt(from) else {
            return;
        };
        for back in joined {
            let same = sold.joined.iter().find(|j| j.offer == back.offer);
            back.arm = same.map_or(Arm::Neither, |j| j.arm);
        }
    }

    /// The showings that the codes of a receipt are of, each once.
    fn codes(&mut self, now: Now, receipt: &Receipt) -> Vec<CodeUse> {
        let coupons = receipt.codes.iter().map(|number| self.shown_code(number));
        let number = &receipt.basket.receipt;
        let vouchers = receipt
            .vouchers
            .iter()
            .map(|t| self.issued_code(now, t, number));
        let found: Vec<_> = coupons.chain(vouchers).take(MAX_JOINED).collect();
        let mut uses: Vec<CodeUse> = Vec::new();
        for found in found {
            let Some(found) = found else {
                self.counts.codes_unknown += 1;
                continue;
            };
            if uses.iter().any(|used| used.showing == found.showing) {
                continue;
            }
            if found.again {
                self.counts.codes_again += 1;
            } else {
                self.counts.codes_redeemed += 1;
            }
            uses.push(found);
        }
        uses
    }

    fn shown_code(&self, coupon: &CouponNumber) -> Option<CodeUse> {
        let revision = self.deliver.revision_of(coupon.serial)?;
        let shown = self.tallies.sales().codes.get(&revision)?;
        let offer = &self.plan.offers[self.plan.offer(&shown.offer)?.at()];
        let is_ours = offer
            .code
            .as_ref()
            .is_some_and(|c| c.number == coupon.number);
        is_ours.then(|| CodeUse {
            showing: ShowingId {
                screen: shown.showing.screen.clone(),
                revision,
            },
            offer: shown.offer.clone(),
            again: shown.is_used,
        })
    }
}
