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
pub(super) struct Blind(Option<(f32, OfferIx)>);

impl Blind {
    /// An offer that nothing but its trial stops, with what it scores if fresh.
    pub(super) fn consider(&mut self, offer: OfferIx, score: Score) {
        let total = score.total();
        if self.0.is_none_or(|(top, _)| total > top) {
            self.0 = Some((total, offer));
        }
    }

    /// With what it scores.
    pub(super) fn best(&self) -> Option<(f32, OfferIx)> {
        self.0
    }
}
