//! Where the fields of a till's receipt are.

use super::{Line, MAX_COUPONS, MAX_LINES, MAX_TEXT, Receipt};
use crate::{
    Fact, MAX_PAYLOAD, Sink, Source, Unreadable,
    fact::{Says, Time},
    mapper::{Place, moment, number, plain_flag},
};
use serde_json::Value as Json;
use std::borrow::Cow;

/// Where the fields are.
#[derive(Debug, Clone, PartialEq)]
pub struct Shape {
    /// The receipt's number.
    pub receipt: Place,
    /// When it was closed.
    pub time: Option<Place>,
    /// Which shop it is of.
    pub store: Option<Place>,
    /// What `store` says for this shop; receipts of others are passed over.
    pub store_is: Option<String>,
    /// Whose it is.
    pub customer: Option<Place>,
    /// Whether it takes an earlier one back.
    pub void: Option<Flagged>,
    /// Whether it takes goods back, with amounts that do not say so themselves.
    pub refund: Option<Flagged>,
    /// The receipt that goods which come back were sold with.
    pub returned_from: Option<Place>,
    /// Coupons that were redeemed.
    pub coupons: Vec<Place>,
    /// What it comes to.
    pub total: Option<Place>,
    /// What was bought.
    pub lines: Option<Lines>,
    /// Digits of the currency behind the point in what the till writes as 1:
    /// 2 for dollars, 0 for dong and for tills that write cents.
    pub decimals: u8,
}

/// A place, and the values that mean yes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flagged {
    /// Where.
    pub at: Place,
    /// Which values mean yes; `true`, 1 and "yes" when there are none here.
    pub when: Vec<String>,
}

/// The lines of a receipt; every place has the same `*`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lines {
    /// Product.
    pub sku: Place,
    /// How many; one unless stated.
    pub qty: Option<Place>,
    /// What was paid for the line.
    pub amount: Option<Place>,
}

impl Shape {
    /// Reads one receipt and tells it as one fact. Total.
    pub fn read(&self, payload: &[u8], sink: &mut Sink<'_>) -> Result<(), Unreadable> {
        self.with(payload, |receipt| {
            sink(Fact {
                source: Source {
                    time: receipt.time,
                    ..Source::default()
                },
                says: Says::Receipt(receipt),
            });
        })
    }

    /// Reads one receipt and hands it over. A receipt of another shop is
    /// nothing: then nothing is handed over.
    pub fn with(&self, payload: &[u8], take: impl FnOnce(&Receipt<'_>)) -> Result<(), Unreadable> {
        if payload.len() > MAX_PAYLOAD {
            return Err(Unreadable("larger than 64 KiB"));
        }
        let document: Json = serde_json::from_slice(payload).map_err(|_| Unreadable("not JSON"))?;
        let receipt = self.receipt(&document)?;
        let is_ours =
            self.store_is.is_none() || receipt.store.as_deref() == self.store_is.as_deref();
        if is_ours {
            take(&receipt);
        }
        Ok(())
    }

    fn receipt<'a>(&'a self, document: &'a Json) -> Result<Receipt<'a>, Unreadable> {
        let text = |at: &'a Option<Place>| at.as_ref()?.one(document).and_then(text);
        let refund = flagged(self.refund.as_ref(), document)?;
        let gross = self
            .total
            .as_ref()
            .and_then(|at| at.one(document))
            .and_then(number);
        Ok(Receipt {
            receipt: self
                .receipt
                .one(document)
                .and_then(self::text)
                .ok_or(Unreadable("no receipt number where store.toml says it is"))?,
            time: self
                .time
                .as_ref()
                .and_then(|at| at.one(document))
                .map_or(Time::Receipt, moment),
            store: text(&self.store),
            customer: text(&self.customer),
            void: flagged(self.void.as_ref(), document)?,
            refund,
            returned_from: text(&self.returned_from),
            coupons: self.coupons(document)?,
            total_minor: gross.and_then(|gross| self.minor(gross)),
            gross,
            lines: self.lines(document, refund)?,
        })
    }

    fn coupons<'a>(&'a self, document: &'a Json) -> Result<Vec<Cow<'a, str>>, Unreadable> {
        let found = self.coupons.iter().flat_map(|at| at.all(document));
        let coupons: Vec<_> = found
            .filter_map(|found| text(found.value))
            .take(MAX_COUPONS + 1)
            .collect();
        if coupons.len() > MAX_COUPONS {
            return Err(Unreadable("more than 16 coupons"));
        }
        Ok(coupons)
    }

    fn lines<'a>(&'a self, document: &'a Json, refund: bool) -> Result<Vec<Line<'a>>, Unreadable> {
        let Some(lines) = &self.lines else {
            return Ok(Vec::new());
        };
        let mut read = Vec::new();
        for found in lines.sku.all(document) {
            if read.len() == MAX_LINES {
                return Err(Unreadable("more than 500 lines"));
            }
            let beside = |at: &Option<Place>, missing: f64| match at {
                None => Ok(missing),
                Some(at) => at
                    .beside(&found, document)
                    .and_then(number)
                    .ok_or(Unreadable("a line without its quantity or amount")),
            };
            let sku = text(found.value).ok_or(Unreadable("a line without its product"))?;
            let (qty, amount) = (beside(&lines.qty, 1.0)?, beside(&lines.amount, 0.0)?);
            // Goods that come back count against what was sold, whichever of
            // the two signs the till writes.
            let back = |value: f64| if refund { -value.abs() } else { value };
            let amount = back(amount);
            read.push(Line {
                sku,
                qty: back(qty),
                amount,
                amount_minor: self
                    .minor(amount)
                    .ok_or(Unreadable("an amount beyond reason"))?,
            });
        }
        Ok(read)
    }

    /// In the currency's smallest unit.
    fn minor(&self, amount: f64) -> Option<i64> {
        /// Above every price in any currency, and exact in a double.
        const MOST: f64 = 9_007_199_254_740_992.0;
        let minor = (amount * 10_f64.powi(i32::from(self.decimals))).round();
        (minor.abs() < MOST).then_some(minor as i64)
    }
}

/// Whether a flag that must be readable, if it is there, is set.
fn flagged(flag: Option<&Flagged>, document: &Json) -> Result<bool, Unreadable> {
    let Some(flag) = flag else {
        return Ok(false);
    };
    match flag.at.one(document) {
        None | Some(Json::Null) => Ok(false),
        Some(value) if flag.when.is_empty() => {
            plain_flag(value).ok_or(Unreadable("a flag that is neither yes nor no"))
        }
        Some(value) => Ok(text(value).is_some_and(|t| flag.when.iter().any(|w| *w == t))),
    }
}

/// A text, or a number as it would be written; nothing that is empty.
fn text(value: &Json) -> Option<Cow<'_, str>> {
    let text: Cow<'_, str> = match value {
        Json::String(text) => text.trim().into(),
        Json::Number(number) => number.to_string().into(),
        Json::Bool(flag) => flag.to_string().into(),
        Json::Null | Json::Array(_) | Json::Object(_) => return None,
    };
    (1..=MAX_TEXT).contains(&text.len()).then_some(text)
}
