//! Values as they are remembered, and how counters are compared.

use super::News;
use crate::{Quantity as Q, fact::Value};
use siphasher::sip::SipHasher13;
use std::hash::{Hash, Hasher};

/// A value as it is remembered: a text only by its hash.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Held {
    Number(f64),
    Flag(bool),
    Hash(u64),
}

impl Held {
    pub(super) fn of(value: Value<'_>) -> Self {
        match value {
            Value::Number(number) => Self::Number(number),
            Value::Flag(flag) => Self::Flag(flag),
            Value::Text(text) => Self::hash(text.as_bytes()),
            Value::Bytes(bytes) => Self::hash(bytes),
        }
    }

    fn hash(bytes: &[u8]) -> Self {
        let mut hasher = SipHasher13::new();
        bytes.hash(&mut hasher);
        Self::Hash(hasher.finish())
    }
}

/// What only ever counts up.
pub(super) const fn is_cumulative(quantity: Q) -> bool {
    matches!(
        quantity,
        Q::Passages
            | Q::PassagesIn
            | Q::PassagesOut
            | Q::Vehicles
            | Q::Objects
            | Q::Count
            | Q::Presses
            | Q::Energy
            | Q::EnergyReturned
            | Q::Gas
            | Q::Water
    )
}

/// What says that somebody is there, and sometimes forgets to say that nobody
/// is any more.
pub(super) const fn is_occupancy(quantity: Q) -> bool {
    matches!(quantity, Q::Occupancy | Q::Presence | Q::Motion)
}

/// What a counter counted between two values. One that fell began again from
/// 0; what it has since is believed as long as it is a beginning, for a message
/// that overtook another looks the same.
pub(super) fn counted(before: Held, now: Held) -> News {
    let (Held::Number(before), Held::Number(now)) = (before, now) else {
        return News::Changed;
    };
    if now >= before {
        News::Rose(crate::field::decimal(now - before))
    } else {
        let is_beginning = now >= 0.0 && now <= before / 2.0;
        News::Restarted(if is_beginning { now } else { 0.0 })
    }
}
