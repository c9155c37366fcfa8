//! Sets of a plan's offers, 64 to a word: a rule that is asked of all offers at
//! once is a few ands.

use crate::plan::{Bits, OfferIx};

/// A set of offers of one plan.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct OfferSet(Box<[u64]>);

impl OfferSet {
    /// None of so many.
    pub(super) fn none(offers: usize) -> Self {
        Self(vec![0; offers.div_ceil(64)].into())
    }

    /// Those of so many for which a test holds.
    pub(super) fn of(offers: usize, holds: impl Fn(usize) -> bool) -> Self {
        let mut set = Self::none(offers);
        for at in (0..offers).filter(|at| holds(*at)) {
            set.0[at / 64] |= 1 << (at % 64);
        }
        set
    }

    /// Adds one, if the plan has it.
    pub(super) fn add(&mut self, offer: OfferIx) {
        if let Some(word) = self.0.get_mut(offer.at() / 64) {
            *word |= 1 << (offer.at() % 64);
        }
    }

    /// Takes one out.
    pub(super) fn remove(&mut self, offer: OfferIx) {
        if let Some(word) = self.0.get_mut(offer.at() / 64) {
            *word &= !(1 << (offer.at() % 64));
        }
    }

    /// Whether one is in.
    pub(super) fn has(&self, offer: OfferIx) -> bool {
        self.0[offer.at() / 64] >> (offer.at() % 64) & 1 == 1
    }

    /// The members, rising.
    pub(super) fn iter(&self) -> impl Iterator<Item = OfferIx> {
        self.0.iter().zip(0..).flat_map(|(word, at)| of(*word, at))
    }

    /// Whether some are in both.
    pub(super) fn meets(&self, other: &Self) -> bool {
        let mut words = self.0.iter().zip(&other.0);
        words.any(|(word, other)| word & other != 0)
    }

    /// Takes in the others as well.
    pub(super) fn join(&mut self, others: &Self) {
        for (word, other) in self.0.iter_mut().zip(&others.0) {
            *word |= other;
        }
    }

    /// Takes all others out.
    pub(super) fn keep(&mut self, these: &Self) {
        for (word, these) in self.0.iter_mut().zip(&these.0) {
            *word &= these;
        }
    }

    /// Takes these out.
    pub(super) fn drop_all(&mut self, these: &Self) {
        for (word, these) in self.0.iter_mut().zip(&these.0) {
            *word &= !these;
        }
    }

    /// Takes everything out.
    pub(super) fn clear(&mut self) {
        self.0.fill(0);
    }

    /// Takes those out that are among these and for which the test does not hold.
    pub(super) fn sift(&mut self, among: &Self, mut holds: impl FnMut(OfferIx) -> bool) {
        for ((word, among), at) in self.0.iter_mut().zip(&among.0).zip(0..) {
            for offer in of(*word & among, at) {
                if !holds(offer) {
                    *word &= !(1 << (offer.at() % 64));
                }
            }
        }
    }
}

/// The offers of the `at`th word.
fn of(word: u64, at: u16) -> impl Iterator<Item = OfferIx> {
    let members = Bits(word).iter();
    members.map(move |bit| OfferIx(at * 64 + u16::from(bit)))
}
