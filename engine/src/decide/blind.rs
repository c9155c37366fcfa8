//! What would be shown if nobody were held out, waiting or in an arm: the
//! predicted ghost (Johnson, Lewis and Nubbemeyer, "Ghost Ads", Journal of
//! Marketing Research 54, 2017). Whom the offer reaches is then found by the
//! same rule for those who get it and those who do not, before chance parts
//! them, so that the two can be compared.
//!
//! Caps and what somebody saw before are left out of it: only those who get the
//! offer use them up. So is what is drawn to learn.

use super::Score;
use crate::{plan::OfferIx, shopper::ShopperId};

/// Whom an offer would have gone to.
#[derive(Debug, Clone, PartialEq)]
pub struct Reached {
    /// Which offer.
    pub offer: OfferIx,
    /// What it scores if fresh and shown to all of them.
    pub score: f32,
    /// To whom; nobody when only sensors tell that somebody is there.
    pub shoppers: Vec<ShopperId>,
}

/// The best offer so far, and its score.
#[derive(Debug, Default)]
pub(super) struct Blind {
    best: Option<(f32, OfferIx)>,
    /// Whether more than one may be shown at once.
    wants_all: bool,
    all: Vec<(f32, OfferIx)>,
}

impl Blind {
    /// For somebody's own phone, or a card, on which several offers find place.
    pub(super) fn of_several() -> Self {
        Self {
            wants_all: true,
            ..Self::default()
        }
    }

    /// An offer that nothing but its trial stops, with what it scores if fresh.
    pub(super) fn consider(&mut self, offer: OfferIx, score: Score) {
        let total = score.total();
        if self.best.is_none_or(|(top, _)| total > top) {
            self.best = Some((total, offer));
        }
        if self.wants_all {
            self.all.push((total, offer));
        }
    }

    /// With what it scores.
    pub(super) fn best(&self) -> Option<(f32, OfferIx)> {
        self.best
    }

    /// All of them where several find place, best first; else none.
    pub(super) fn ranked(&self) -> Vec<OfferIx> {
        let mut ranked = self.all.clone();
        // In the order of the plan where scores are the same, as offers are chosen.
        ranked.sort_by(|a, b| b.0.total_cmp(&a.0));
        ranked.into_iter().map(|(_, offer)| offer).collect()
    }
}
