//! Who signs a bundle, and whose signatures a shop asks for. Ed25519.

use super::{Bundle, Signature, hex};
use ring::{
    rand::{SecureRandom as _, SystemRandom},
    signature::{ED25519, Ed25519KeyPair, KeyPair as _, UnparsedPublicKey},
};
use std::{fmt, str::FromStr};

/// What an author's signature is made over, before the manifest.
const AS_AUTHOR: &[u8] = b"aislecast offers bundle 1\n";
/// What a second signature is made over, before the manifest: the one cannot
/// be taken for the other.
const AS_SECOND: &[u8] = b"aislecast offers countersignature 1\n";
/// Longest list of signatures that is looked through.
const SIGNATURES_MAX: usize = 8;

/// Whoever may make bundles for a shop.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Author {
    /// Name in bundles and in the history.
    pub name: String,
    /// The key that tells their signatures.
    pub key: PublicKey,
    /// What they may do.
    pub role: Role,
}

/// What an author may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Make bundles.
    Marketer,
    /// Make bundles, and countersign those of others.
    Operator,
}

/// An Ed25519 public key, written as 64 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct PublicKey([u8; 32]);

impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex(&self.0))
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

/// Why a text is no key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// Not 32 bytes in hexadecimal.
    #[error("a key has 64 hexadecimal digits: make one with `aislecast offers keygen`")]
    Digits,
    /// The system has no randomness to give.
    #[error("failed to draw a random number from the system")]
    Entropy,
}

impl FromStr for PublicKey {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Self, KeyError> {
        bytes(text).map(Self)
    }
}

/// An Ed25519 private key, written as 64 hexadecimal digits.
pub struct Key {
    pair: Ed25519KeyPair,
    seed: [u8; 32],
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("key(redacted)")
    }
}

impl Key {
    /// Draws a new one.
    pub fn draw() -> Result<Self, KeyError> {
        let mut seed = [0; 32];
        let drawn = SystemRandom::new().fill(&mut seed);
        drawn.map_err(|_| KeyError::Entropy)?;
        Self::of(seed)
    }

    /// Reads one that was written down.
    pub fn read(text: &str) -> Result<Self, KeyError> {
        Self::of(bytes(text.trim())?)
    }

    fn of(seed: [u8; 32]) -> Result<Self, KeyError> {
        let pair = Ed25519KeyPair::from_seed_unchecked(&seed).map_err(|_| KeyError::Digits)?;
        Ok(Self { pair, seed })
    }

    /// To be written down where nobody else reads it.
    pub fn secret_text(&self) -> String {
        hex(&self.seed)
    }

    /// For `[[authors]]`.
    pub fn public(&self) -> PublicKey {
        let public = self.pair.public_key().as_ref();
        PublicKey(public.try_into().expect("an Ed25519 key has 32 bytes"))
    }
}

/// A bundle that a shop takes, as far as signatures go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// Its author's key: replays are told by it.
    pub key: PublicKey,
    /// Who countersigned it, if anybody who may.
    pub countersigned_by: Option<String>,
}

/// Why a shop does not take a bundle.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// Nobody may.
    #[error(
        "no author is known here: add [[authors]] to store.toml, with the key that `aislecast offers keygen` prints"
    )]
    NoAuthors,
    /// Somebody unknown.
    #[error("its author is none of [[authors]] in store.toml")]
    UnknownAuthor,
    /// No signature, or one that does not fit.
    #[error(
        "it is not signed with its author's key: sign it again with `aislecast offers pack --key`"
    )]
    BadSignature,
    /// A second one is asked for.
    #[error(
        "it needs the signature of an operator, too ([offers] countersign): `aislecast offers countersign`"
    )]
    NotCountersigned,
    /// For others.
    #[error("it is meant for other shops")]
    OtherStore,
}

impl Bundle {
    /// Signs as its author.
    pub fn sign(&mut self, key: &Key) {
        let by = self.manifest.author.clone();
        self.add_signature(by, AS_AUTHOR, key);
    }

    /// Signs as an operator who has read it.
    pub fn countersign(&mut self, by: &str, key: &Key) {
        self.add_signature(by.to_owned(), AS_SECOND, key);
    }

    /// Asks whose it is, and whether `store` takes it from them.
    pub fn verify(
        &self,
        store: &str,
        authors: &[Author],
        needs_countersignature: bool,
    ) -> Result<Verified, Refused> {
        if authors.is_empty() {
            return Err(Refused::NoAuthors);
        }
        let mut known = authors.iter();
        let author = known.find(|a| a.name == self.manifest.author);
        let author = author.ok_or(Refused::UnknownAuthor)?;
        if !self.is_signed(AS_AUTHOR, author) {
            return Err(Refused::BadSignature);
        }
        let stores = &self.manifest.stores;
        if !stores.is_empty() && !stores.iter().any(|s| s == store) {
            return Err(Refused::OtherStore);
        }
        let second = authors.iter().find(|second| {
            second.role == Role::Operator
                && second.key != author.key
                && self.is_signed(AS_SECOND, second)
        });
        // Whoever may countersign need not ask another.
        if needs_countersignature && second.is_none() && author.role != Role::Operator {
            return Err(Refused::NotCountersigned);
        }
        Ok(Verified {
            key: author.key,
            countersigned_by: second.map(|second| second.name.clone()),
        })
    }

    fn add_signature(&mut self, by: String, purpose: &[u8], key: &Key) {
        let signature = key.pair.sign(&[purpose, &self.text].concat());
        let signature = hex(signature.as_ref());
        self.signatures.push(Signature { by, signature });
    }

    fn is_signed(&self, purpose: &[u8], author: &Author) -> bool {
        let message = [purpose, &self.text].concat();
        let key = UnparsedPublicKey::new(&ED25519, author.key.0);
        let mut of_author = self.signatures.iter().take(SIGNATURES_MAX);
        of_author.any(|given| {
            let signature = digits(&given.signature);
            given.by == author.name && signature.is_some_and(|s| key.verify(&message, &s).is_ok())
        })
    }
}

fn bytes(text: &str) -> Result<[u8; 32], KeyError> {
    let bytes = digits(text).ok_or(KeyError::Digits)?;
    bytes.try_into().map_err(|_| KeyError::Digits)
}

fn digits(text: &str) -> Option<Vec<u8>> {
    if !text.is_ascii() || !text.len().is_multiple_of(2) {
        return None;
    }
    let pairs = (0..text.len()).step_by(2);
    pairs
        .map(|at| u8::from_str_radix(&text[at..at + 2], 16).ok())
        .collect()
}
