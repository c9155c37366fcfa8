//! What a message has already said, where it says the same thing twice: raw
//! and decoded, in °C and in °F.

use crate::{
    fact::{Fact, Says, Sink},
    quantity::Quantity,
};

/// Words of 64 quantities each.
const WORDS: usize = Quantity::ALL.len().div_ceil(64);

/// The quantities that were measured, and whether anybody was heard.
#[derive(Default)]
pub(super) struct Said {
    quantities: [u64; WORDS],
    pub(super) heard: bool,
}

impl Said {
    /// Hands on what is new.
    pub(super) fn say(&mut self, fact: Fact<'_>, sink: &mut Sink<'_>) {
        if self.note(&fact) {
            sink(fact);
        }
    }

    /// Remembers a fact; whether it says something new.
    pub(super) fn note(&mut self, fact: &Fact<'_>) -> bool {
        match fact.says {
            Says::Sighting { .. } => !std::mem::replace(&mut self.heard, true),
            Says::Measured {
                quantity, nth: 0, ..
            } => {
                let bit = quantity as usize;
                let word = &mut self.quantities[bit / 64];
                let new = *word & 1 << (bit % 64) == 0;
                *word |= 1 << (bit % 64);
                new
            }
            _ => true,
        }
    }
}
