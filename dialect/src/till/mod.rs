//! Receipts of tills, read as `store.toml` says: no two makers name their
//! fields alike, and one of them (Frappe) leaves the names to the operator.
//!
//! A receipt is read whole or not at all: one whose lines cannot all be read
//! would count less than was sold.

mod shape;

pub use shape::{Flagged, Lines, Shape};

use crate::fact::Time;
use serde::{Serialize, Serializer};
use std::{borrow::Cow, fmt};

/// Most lines of a receipt.
pub const MAX_LINES: usize = 500;
/// Most coupons of a receipt.
pub const MAX_COUPONS: usize = 16;
/// Longest number, product, coupon or customer reference, bytes.
pub const MAX_TEXT: usize = 128;

/// One receipt.
#[derive(Clone, PartialEq, Serialize)]
pub struct Receipt<'a> {
    /// Its number, unique for its till.
    pub receipt: Cow<'a, str>,
    /// When, by the till.
    #[serde(skip)]
    pub time: Time<'a>,
    /// The shop it names.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub store: Option<Cow<'a, str>>,
    /// Whose it is. Never told on: only whether there is one.
    #[serde(rename = "customer_given", serialize_with = "is_some")]
    pub customer: Option<Cow<'a, str>>,
    /// It takes a receipt of the same number back.
    pub void: bool,
    /// It takes goods back: its pieces and amounts are negative.
    pub refund: bool,
    /// The receipt that goods which come back were sold with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub returned_from: Option<Cow<'a, str>>,
    /// Codes that were redeemed with it, as typed or scanned.
    #[serde(rename = "coupon", serialize_with = "one_or_many")]
    pub coupons: Vec<Cow<'a, str>>,
    /// What it says it comes to, in the currency's smallest unit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total_minor: Option<i64>,
    /// The same as written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gross: Option<f64>,
    /// What was bought.
    pub lines: Vec<Line<'a>>,
}

/// One line of a receipt.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Line<'a> {
    /// Product.
    pub sku: Cow<'a, str>,
    /// How many or how much; negative for a return.
    pub qty: f64,
    /// What was paid for all of it, as written; negative for a return.
    pub amount: f64,
    /// The same in the currency's smallest unit.
    pub amount_minor: i64,
}

impl Line<'_> {
    /// Whole pieces; what is sold by weight counts as one.
    pub fn pieces(&self) -> i32 {
        if self.qty.fract() == 0.0 {
            // The cast saturates.
            self.qty as i32
        } else {
            self.qty.signum() as i32
        }
    }
}

impl fmt::Debug for Receipt<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Who bought what is nobody's business but the engine's.
        write!(f, "receipt({} lines, redacted)", self.lines.len())
    }
}

#[expect(clippy::ref_option, reason = "serde hands a field over as it is")]
fn is_some<S: Serializer>(value: &Option<Cow<'_, str>>, s: S) -> Result<S::Ok, S::Error> {
    s.serialize_bool(value.is_some())
}

fn one_or_many<S: Serializer>(values: &[Cow<'_, str>], s: S) -> Result<S::Ok, S::Error> {
    match values {
        [] => s.serialize_none(),
        [one] => s.serialize_str(one),
        many => s.collect_seq(many),
    }
}

#[cfg(test)]
mod tests;
