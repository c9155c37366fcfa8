//! A receipt for an erasure: signed by the store, and without a name. Whoever
//! was forgotten can keep it; whoever must answer for the store can check it
//! years later, without the store.
//!
//! What is signed is the text of [`Said::text`], with Ed25519 (RFC 8032) by a
//! key derived from the store's secret for receipts alone.

use crate::{
    store::{Erasure, Secret},
    voucher::{PublicKey, Signer},
};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use data_encoding::HEXLOWER;
use engine::shopper::ShopperId;
use jiff::civil::{Date, date};
use protocol::id::StoreId;
use ring::hmac;
use serde::{Deserialize, Serialize};
use std::fmt;

/// What a receipt calls itself; the number is that of its form.
const KIND: &str = "aislecast-erasure-1";
/// Bytes of the hash of a pseudonym: nobody finds another with the same.
const SUBJECT: usize = 16;

/// A receipt as it is handed over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// Always `aislecast-erasure-1`.
    pub kind: String,
    /// Which shop.
    pub store: StoreId,
    /// Counts the erasures of this shop, from 1.
    pub serial: u32,
    /// A keyed hash of the shopper's pseudonym: the shop can tell whose receipt
    /// it is as long as it has its secret, and nobody else.
    pub subject: String,
    /// The version of the enrolment that ended: it and older ones cannot come back.
    pub version: u64,
    /// The day in UTC; absent if the shop's clock was not known to be right.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub day: Option<String>,
    /// Where the key lay that was written over.
    pub slot: u32,
    /// Ed25519, base 64.
    pub signature: String,
}

/// Why a receipt proves nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// Another kind of document.
    #[error("this is no receipt for an erasure, or one of another version")]
    Foreign,
    /// Changed, or signed by somebody else.
    #[error(
        "the signature is not of this store's key: the receipt was changed, or another store gave it"
    )]
    Forged,
}

/// Gives receipts of one store. Cheap to clone.
#[derive(Clone)]
pub struct Notary {
    store: StoreId,
    seed: [u8; 32],
    subjects: hmac::Key,
}

impl fmt::Debug for Notary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("notary(redacted)")
    }
}

impl Notary {
    /// Of the store with this secret.
    pub fn new(store: StoreId, secret: &Secret) -> Self {
        Self {
            store,
            seed: seed(secret),
            subjects: hmac::Key::new(hmac::HMAC_SHA256, &secret.derive("subjects")),
        }
    }

    /// Which store.
    pub fn store(&self) -> &StoreId {
        &self.store
    }

    /// A name for a shopper that tells nobody who it is.
    pub fn subject(&self, shopper: ShopperId) -> String {
        let tag = hmac::sign(&self.subjects, &shopper.0.to_le_bytes());
        HEXLOWER.encode(&tag.as_ref()[..SUBJECT])
    }

    /// The receipt for an erasure: the same one however often it is asked for.
    pub fn receipt(&self, shopper: ShopperId, erasure: Erasure) -> Receipt {
        let mut receipt = Receipt {
            kind: KIND.to_owned(),
            store: self.store.clone(),
            serial: erasure.serial,
            subject: self.subject(shopper),
            version: erasure.version,
            day: day(erasure.day),
            slot: erasure.slot,
            signature: String::new(),
        };
        let signature = self.signer().sign_text(&receipt.text());
        receipt.signature = BASE64_STANDARD.encode(signature);
        receipt
    }

    fn signer(&self) -> Signer {
        Signer::new(&self.seed)
    }
}

/// What receipts of the store with this secret are checked with.
pub fn public_key(secret: &Secret) -> PublicKey {
    Signer::new(&seed(secret)).public()
}

fn seed(secret: &Secret) -> [u8; 32] {
    secret.derive("receipts")
}

impl Receipt {
    /// Whether the store with this key gave it, and exactly so.
    pub fn verify(&self, key: &PublicKey) -> Result<(), Refused> {
        if self.kind != KIND {
            return Err(Refused::Foreign);
        }
        let signature = BASE64_STANDARD.decode(&self.signature);
        let signature = signature.map_err(|_| Refused::Forged)?;
        if key.has_signed(&self.text(), &signature) {
            Ok(())
        } else {
            Err(Refused::Forged)
        }
    }

    /// Everything but the signature, field by field; none holds a line's end.
    fn text(&self) -> String {
        format!(
            "{}\n{}\n{}\n{}\n{}\n{}\n{}",
            self.kind,
            self.store,
            self.serial,
            self.subject,
            self.version,
            self.day.as_deref().unwrap_or(""),
            self.slot
        )
    }
}

/// A day as people write it; nothing where it was not known.
pub fn day(days: i32) -> Option<String> {
    const EPOCH: Date = date(1970, 1, 1);
    let span = jiff::Span::new().try_days(days).ok()?;
    let known = EPOCH.checked_add(span).ok().filter(|_| days != 0);
    known.map(|day| day.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn notary(secret: u8) -> Notary {
        Notary::new("quan-1".parse().unwrap(), &Secret::of([secret; 16]))
    }

    fn key(secret: u8) -> PublicKey {
        public_key(&Secret::of([secret; 16]))
    }

    fn receipt() -> Receipt {
        let erasure = Erasure {
            serial: 12,
            version: 7,
            day: 20_779,
            slot: 3,
        };
        notary(1).receipt(ShopperId(5), erasure)
    }

    #[test]
    fn a_receipt_verifies_by_its_own_store_and_after_no_change() {
        let own = key(1);
        assert_eq!(receipt().verify(&own), Ok(()));
        assert_eq!(receipt().verify(&key(2)), Err(Refused::Forged));
        let changes: [fn(&mut Receipt); 8] = [
            |r| r.kind = "aislecast-erasure-2".to_owned(),
            |r| r.store = "quan-2".parse().unwrap(),
            |r| r.serial += 1,
            |r| r.subject = "00".repeat(16),
            |r| r.version += 1,
            |r| r.day = None,
            |r| r.slot += 1,
            |r| r.signature.clear(),
        ];
        for (n, change) in changes.into_iter().enumerate() {
            let mut changed = receipt();
            change(&mut changed);
            assert!(changed.verify(&own).is_err(), "change {n}");
        }
    }

    #[test]
    fn a_receipt_is_the_same_after_a_journey_as_json_and_names_nobody() {
        let text = serde_json::to_string(&receipt()).unwrap();
        let again: Receipt = serde_json::from_str(&text).unwrap();
        assert_eq!(again, receipt());
        assert_eq!(again.day.as_deref(), Some("2026-11-22"));
        let pseudonyms = ["5", "0000000000000005", "0500000000000000"];
        assert!(!pseudonyms.contains(&again.subject.as_str()));
        // Without the secret a pseudonym cannot be tried.
        assert_ne!(notary(2).subject(ShopperId(5)), again.subject);
    }
}
