//! The serial that a code on a screen carries: which showing it is of, as
//! twelve digits that tell nothing to anybody else. No person is in it.
//!
//! A permutation of 0..10^12 keyed by the store's secret, so that serials
//! neither count showings for competitors nor can be made up: of 10^12, at most
//! [`crate::sale::MAX_CODES`] are on record. It is no signature: whoever has
//! seen a code can repeat it, and then it counts once.

use crate::{Seed, index::Keyed};
use core::hash::{BuildHasher as _, Hasher as _};

/// Serials that a Global Coupon Number has room for (GS1 AI (255): N..12).
const SERIALS: u64 = 1_000_000_000_000;
/// The smallest even number of bits that holds them is 40: two halves of 20.
const HALF_BITS: u32 = 20;
const HALF: u64 = (1 << HALF_BITS) - 1;
/// Bits of the showing's number within one start: two years at two a second.
const SEQUENCE_BITS: u32 = 27;
const SEQUENCE: u64 = (1 << SEQUENCE_BITS) - 1;
/// Bits of the start's number. What is on record is newer than 4,096 starts.
const BOOT: u64 = (1 << 12) - 1;
/// Four rounds of a keyed function make a Feistel network a pseudorandom
/// permutation against whoever may try both ways (Luby and Rackoff, 1988).
const ROUNDS: u64 = 4;

/// Turns revisions into serials and back.
#[derive(Debug, Clone, Copy)]
pub struct Serials(Keyed);

impl Serials {
    /// With the store's secret.
    pub fn new(seed: Seed) -> Self {
        Self(Keyed::new(seed, 17))
    }

    /// The serial of a revision, below 10^12.
    pub fn of(self, revision: u64) -> u64 {
        let (boot, sequence) = (revision >> 32, revision & SEQUENCE);
        let mut serial = (boot & BOOT) << SEQUENCE_BITS | sequence;
        // Walks on within the 2^40 until it is back among the 10^12: 1.1 steps.
        loop {
            serial = self.permute(serial);
            if serial < SERIALS {
                return serial;
            }
        }
    }

    /// The revision of a serial, at the latest of start number `boot`.
    pub fn revision(self, serial: u64, boot: u32) -> Option<u64> {
        if serial >= SERIALS {
            return None;
        }
        let mut number = serial;
        loop {
            number = self.permute_back(number);
            if number < SERIALS {
                break;
            }
        }
        let (low, sequence) = (number >> SEQUENCE_BITS, number & SEQUENCE);
        let newest = u64::from(boot);
        let same = (newest & !BOOT) | low;
        let boot = if same > newest {
            same.checked_sub(BOOT + 1)?
        } else {
            same
        };
        (low <= BOOT).then_some(boot << 32 | sequence)
    }

    fn permute(self, number: u64) -> u64 {
        let halves = (number >> HALF_BITS, number & HALF);
        let (left, right) = (0..ROUNDS).fold(halves, |(left, right), round| {
            (right, left ^ self.mix(round, right))
        });
        left << HALF_BITS | right
    }

    fn permute_back(self, number: u64) -> u64 {
        let halves = (number >> HALF_BITS, number & HALF);
        let (left, right) = (0..ROUNDS).rev().fold(halves, |(left, right), round| {
            (right ^ self.mix(round, left), left)
        });
        left << HALF_BITS | right
    }

    fn mix(self, round: u64, half: u64) -> u64 {
        let mut hasher = self.0.build_hasher();
        hasher.write_u64(round << 32 | half);
        hasher.finish() & HALF
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn a_serial_leads_back_to_its_showing_and_to_no_other() {
        let serials = Serials::new(Seed(7));
        let mut seen = BTreeSet::new();
        for boot in [1_u64, 2, 4_095, 4_096, 70_000] {
            for sequence in [1, 2, 3, 1_000, SEQUENCE] {
                let revision = boot << 32 | sequence;
                let serial = serials.of(revision);
                assert!(serial < SERIALS);
                assert!(seen.insert(serial) || boot > BOOT, "{revision:x}");
                let now = u32::try_from(boot + 5).expect("a few starts later");
                assert_eq!(
                    serials.revision(serial, now),
                    Some(revision),
                    "{revision:x}"
                );
            }
        }
    }

    #[test]
    fn another_store_has_other_serials_and_neighbours_are_far_apart() {
        let (here, there) = (Serials::new(Seed(1)), Serials::new(Seed(2)));
        let first = 3 << 32 | 1;
        assert_ne!(here.of(first), there.of(first));
        assert!(here.of(first).abs_diff(here.of(first + 1)) > 1_000);
    }

    #[test]
    fn made_up_serials_hardly_ever_mean_anything() {
        let serials = Serials::new(Seed(3));
        assert_eq!(serials.revision(SERIALS, 1), None);
        let boot_1 = (0..10_000).filter_map(|serial| serials.revision(serial, 1));
        // Of 4,096 starts only two have happened.
        assert!(boot_1.count() < 50);
    }
}
