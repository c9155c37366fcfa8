//! Hash maps that are looked up and never walked, with a hash that is the same
//! in every run of the same seed. Anything that is walked is a `BTreeMap`.

use crate::Seed;
use core::hash::BuildHasher;
use siphasher::sip::SipHasher13;

/// Builds keyed hashers from the engine's seed: strangers choose what is looked
/// up, so the key keeps them from choosing collisions.
#[derive(Debug, Clone, Copy)]
pub struct Keyed(u64);

impl Keyed {
    /// A key for one map.
    pub fn new(seed: Seed, map: u64) -> Self {
        Self(seed.0 ^ map.wrapping_mul(0x9e37_79b9_7f4a_7c15))
    }
}

impl BuildHasher for Keyed {
    type Hasher = SipHasher13;
    fn build_hasher(&self) -> SipHasher13 {
        SipHasher13::new_with_keys(self.0, !self.0)
    }
}

/// A map that is looked up and never walked.
pub type Index<K, V> = hashbrown::HashMap<K, V, Keyed>;

/// An empty one.
pub fn index<K, V>(seed: Seed, map: u64) -> Index<K, V> {
    Index::with_hasher(Keyed::new(seed, map))
}
