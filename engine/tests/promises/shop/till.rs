//! Receipts with everything a till can say.

use super::{Shop, number};
use engine::{
    Event,
    event::{Basket, BasketLine, CouponNumber, Receipt},
    snapshot::Redeemed,
};

impl Shop {
    /// `sells 2 sku-tea r1 [code shown|foreign] [voucher NAME]`, `returns 1 sku-tea r2 [from r1]`,
    /// `voids r1`.
    pub(super) fn till(&mut self, words: &[&str]) {
        let (sign, pieces, sku, receipt, more) = match words {
            ["sells", pieces, sku, receipt, more @ ..] => (1, *pieces, *sku, *receipt, more),
            ["returns", pieces, sku, receipt, more @ ..] => (-1, *pieces, *sku, *receipt, more),
            ["voids", receipt] => (1, "0", "", *receipt, &[][..]),
            _ => panic!("no till does {words:?}"),
        };
        let after = |word: &str| more.iter().skip_while(|w| **w != word).nth(1).copied();
        let pieces = sign * number(pieces) as i32;
        let codes = after("code").map(|which| self.coupon(which));
        let vouchers = after("voucher").map(|name| self.voucher(name));
        let receipt = Receipt {
            basket: Basket {
                receipt: receipt.to_owned(),
                shopper: None,
                lines: vec![BasketLine {
                    sku: sku.to_owned(),
                    pieces,
                    amount_minor: i64::from(pieces) * 29_000,
                }],
            },
            is_void: words[0] == "voids",
            returned_from: after("from").map(str::to_owned),
            codes: codes.into_iter().collect(),
            vouchers: vouchers.into_iter().collect(),
        };
        let request = self.request();
        let receipt = Box::new(receipt);
        self.event(Event::Receipt { request, receipt });
    }

    /// The coupon on the screen, or one of somebody else with its serial.
    fn coupon(&self, which: &str) -> CouponNumber {
        let link = self.code.as_deref().expect("a code was shown");
        let (_, number) = link.rsplit_once('/').unwrap();
        let (number, serial) = number.split_at(13);
        let number = if which == "foreign" {
            "9999999999994"
        } else {
            number
        };
        CouponNumber {
            number: number.to_owned(),
            serial: serial.parse().unwrap(),
        }
    }

    /// What a restart would find of one offer.
    pub(super) fn tally(&mut self, offer: &str) {
        let offer = offer.parse().unwrap();
        let tally = self.ledger.tallies.get(&offer).cloned().unwrap_or_default();
        let arms = ["exposed", "holdout", "neither"].iter().zip(tally.redeemed);
        let arms = arms.filter(|(_, sum)| *sum != Redeemed::default());
        let mut sums: Vec<String> = arms
            .map(|(arm, sum)| {
                let (baskets, pieces, amount) = (sum.baskets, sum.pieces, sum.amount_minor);
                format!("{arm} {baskets} baskets, {pieces} pieces, {amount}")
            })
            .collect();
        let codes = self.ledger.sales.tallies.get(&offer).copied();
        let codes = codes.unwrap_or_default();
        sums.push(format!(
            "codes {} and {} again",
            codes.redeemed, codes.again
        ));
        self.said
            .push(format!("      {offer}: {}", sums.join("; ")));
    }
}
