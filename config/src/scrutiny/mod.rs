//! What is wrong between offers although each is right by itself: one that
//! never gets its turn, and two that play together although they are meant to
//! exclude each other.
//!
//! What is said here is what was found, not more: an offer is called shadowed
//! for the situations that its own tests describe, or when another admits all
//! that it admits and is worth more; a pair overlapping for the values that both
//! admit.

mod dominated;
mod opposites;
mod shadow;
#[cfg(test)]
mod tests;

use crate::Shop;
use engine::plan::OfferIx;
use serde::Serialize;

/// Something between offers that is probably not intended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// `shadowed`, `untested` or `overlapping`.
    pub kind: &'static str,
    /// The offer that it is about.
    pub offer: String,
    /// The other one, if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub other: Option<String>,
    /// In words, with what to do.
    pub what: String,
}

impl Shop {
    /// Looks for offers that never get their turn and for pairs that were meant
    /// to exclude each other.
    pub fn scrutinise(&self) -> Vec<Finding> {
        let mut findings = shadow::find(self);
        for beaten in dominated::find(&self.plan) {
            let is_told = |f: &Finding| f.kind == beaten.kind && f.offer == beaten.offer;
            if !findings.iter().any(is_told) {
                findings.push(beaten);
            }
        }
        findings.extend(opposites::find(&self.plan));
        findings
    }

    fn name(&self, offer: OfferIx) -> String {
        self.plan.offers[offer.at()].id.to_string()
    }
}
