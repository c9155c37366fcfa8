//! Which arm a shopper is in with respect to an offer, and baskets joined to
//! offers by it. The comparison of exposed and holdout is what makes an effect
//! believable.

use crate::{
    Seed,
    effect::Arm,
    event::Basket,
    index::{Index, index},
    plan::{Offer, OfferIx, StorePlan},
    sale::Joined,
    shopper::ShopperId,
    time::Mono,
};
use core::hash::Hasher as _;
use siphasher::sip::SipHasher24;
use std::collections::VecDeque;

/// How long after an exposure a basket is joined to it, ms.
const JOINED_FOR_MS: u64 = 4 * 3_600_000;
/// Most (shopper, offer) pairs remembered.
const REMEMBERED_MAX: usize = 65_536;

/// Exposures and ghost exposures of the last hours.
#[derive(Debug)]
pub struct Arms {
    arms: Index<(ShopperId, OfferIx), Arm>,
    expiries: VecDeque<(Mono, ShopperId, OfferIx)>,
}

impl Arms {
    /// Nothing happened yet.
    pub fn new(seed: Seed) -> Self {
        Self {
            arms: index(seed, 9),
            expiries: VecDeque::new(),
        }
    }

    /// Starts anew with another plan, whose offers have other indices.
    pub fn clear(&mut self) {
        self.arms.clear();
        self.expiries.clear();
    }

    /// Notes that a shopper saw an offer, or would have but for the holdout.
    /// Returns whether an older pair had to be dropped for want of room.
    pub fn note(&mut self, now: Mono, shopper: ShopperId, offer: OfferIx, arm: Arm) -> bool {
        while let Some((until, s, o)) = self.expiries.front().copied() {
            if until > now {
                break;
            }
            self.arms.remove(&(s, o));
            self.expiries.pop_front();
        }
        if self.arms.insert((shopper, offer), arm).is_some() {
            return false;
        }
        self.expiries
            .push_back((now.after_ms(JOINED_FOR_MS), shopper, offer));
        let full = self.expiries.len() > REMEMBERED_MAX;
        if full && let Some((_, s, o)) = self.expiries.pop_front() {
            self.arms.remove(&(s, o));
        }
        full
    }

    /// A shopper is measured no longer.
    pub fn forget(&mut self, shopper: ShopperId) {
        for (_, s, offer) in &self.expiries {
            if *s == shopper {
                self.arms.remove(&(shopper, *offer));
            }
        }
        self.expiries.retain(|(_, s, _)| *s != shopper);
    }

    /// For a recording: who is in which arm, by the time at which that ends.
    pub(crate) fn image(&self) -> Vec<(Mono, ShopperId, OfferIx, Option<Arm>)> {
        let pairs = self.expiries.iter();
        pairs
            .map(|(until, s, o)| (*until, *s, *o, self.arms.get(&(*s, *o)).copied()))
            .collect()
    }

    /// As it was when the image was made.
    pub(crate) fn of_image(
        seed: Seed,
        image: Vec<(Mono, ShopperId, OfferIx, Option<Arm>)>,
    ) -> Self {
        let mut arms = Self::new(seed);
        for (until, shopper, offer, arm) in image {
            arms.expiries.push_back((until, shopper, offer));
            if let Some(arm) = arm {
                arms.arms.insert((shopper, offer), arm);
            }
        }
        arms
    }

    /// What a basket holds of each offer. `measured` is the shopper, if known
    /// and measured.
    pub fn joined(
        &self,
        plan: &StorePlan,
        basket: &Basket,
        measured: Option<ShopperId>,
    ) -> Vec<Joined> {
        let mut found = Vec::new();
        for (at, offer) in plan.offers.iter().enumerate() {
            let of_offer = || basket.lines.iter().filter(|l| offer.skus.contains(&l.sku));
            if of_offer().next().is_none() {
                continue;
            }
            let arm = measured.and_then(|s| self.arms.get(&(s, OfferIx(at as u16))).copied());
            found.push(Joined {
                offer: offer.id.clone(),
                arm: arm.unwrap_or(Arm::Neither),
                pieces: of_offer().map(|l| l.pieces).fold(0, i32::saturating_add),
                amount_minor: of_offer()
                    .map(|l| l.amount_minor)
                    .fold(0, i64::saturating_add),
            });
        }
        found
    }
}

/// Whether this shopper never gets this offer, so that its effect can be
/// measured. A keyed hash of both names: the same after a restart and on every
/// gateway that shares the store's pseudonyms, with nothing stored.
pub fn held_out(offer: &Offer, shopper: ShopperId) -> bool {
    let mut hasher = SipHasher24::new_with_keys(0x6169_736c_6563_6173, 0x686f_6c64_6f75_7431);
    hasher.write(offer.id.as_str().as_bytes());
    hasher.write_u8(0xff);
    hasher.write_u64(shopper.0);
    // Multiply-shift maps the hash evenly onto 0..1000.
    let permille = (u128::from(hasher.finish()) * 1_000) >> 64;
    (permille as u16) < offer.holdout_permille
}
