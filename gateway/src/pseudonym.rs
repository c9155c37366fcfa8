//! The pseudonym of a customer within this store. The customer reference
//! itself goes no further than this: it is neither kept nor logged.

use engine::{Seed, shopper::ShopperId};
use siphasher::sip::SipHasher24;
use std::{convert::Infallible, fmt, hash::Hasher, str::FromStr};

/// A customer's reference in the loyalty programme. Shown only to whoever asks for
/// the text.
#[derive(Clone, PartialEq, Eq)]
pub struct Reference(String);

impl Reference {
    /// The text.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl FromStr for Reference {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Debug for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("customer(redacted)")
    }
}

/// Turns customer references into pseudonyms. Holds the store's secret: without
/// it a list of references cannot be tried against the pseudonyms on the disk.
#[derive(Clone)]
pub struct Pseudonymiser(SipHasher24);

impl Pseudonymiser {
    /// With the secret of this store.
    pub fn new(secret: [u8; 16]) -> Self {
        Self(SipHasher24::new_with_key(&secret))
    }

    /// The pseudonym of this customer: always the same one in this store, and
    /// another one in every other.
    pub fn shopper(&self, customer: &str) -> ShopperId {
        let mut hasher = self.0;
        hasher.write(customer.as_bytes());
        ShopperId(hasher.finish())
    }

    /// The engine's seed: the same over restarts, so that whoever is held out of
    /// an offer stays so, and another in every store.
    pub fn seed(&self) -> Seed {
        let mut hasher = self.0;
        // Longer than any customer reference may be, so none has this hash.
        hasher.write(&[0xff; 512]);
        Seed(hasher.finish())
    }
}

impl fmt::Debug for Pseudonymiser {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("pseudonymiser(redacted)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_is_shown_only_when_asked() {
        let reference: Reference = "C-100".parse().unwrap();
        assert_eq!(reference.reveal(), "C-100");
        assert_eq!(format!("{reference:?}"), "customer(redacted)");
    }

    /// First rows of `vectors_sip64` in the reference implementation of
    /// SipHash-2-4 (veorq/SipHash, vectors.h): key 00..0f, message 00, 01, ...
    #[test]
    fn it_is_siphash_2_4_of_the_reference() {
        let secret = std::array::from_fn(|i| i as u8);
        let pseudonymiser = Pseudonymiser::new(secret);
        for (message, expected) in [
            ("", 0x726f_db47_dd0e_0e31),
            ("\0", 0x74f8_39c5_93dc_67fd),
            ("\0\x01", 0x0d6c_8009_d9a9_4f5a),
        ] {
            let ShopperId(hash) = pseudonymiser.shopper(message);
            assert_eq!(hash, expected, "{message:?}");
        }
    }

    #[test]
    fn two_stores_know_the_same_customer_by_different_names() {
        let here = Pseudonymiser::new([1; 16]).shopper("C-100");
        let there = Pseudonymiser::new([2; 16]).shopper("C-100");
        assert_ne!(here, there);
    }
}
