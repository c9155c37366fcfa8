//! Vouchers' codes as they are printed and scanned: sixteen bytes of the
//! engine's ticket and their Ed25519 signature (RFC 8032), as capital letters
//! and digits of base 32 (RFC 4648) behind `AC1-`.
//!
//! The engine says what a code says; this is where it becomes one that nobody
//! else can make. It is signed here and not there because keys belong to the
//! store, and the engine has neither. 132 characters of QR's alphanumeric set
//! make a code of version 6, 41 modules a side, that mends 15 % of itself.

use base64::{Engine as _, prelude::BASE64_STANDARD};
use data_encoding::BASE32_NOPAD;
use engine::money::Ticket;
use protocol::screen::{ScreenAction, ScreenCommand};
use ring::signature::{ED25519, Ed25519KeyPair, KeyPair as _, UnparsedPublicKey};
use std::{
    fmt,
    sync::{Arc, OnceLock},
};

/// Begins every code; the digit is the version of the whole.
const PREFIX: &str = "AC1-";
const SIGNATURE: usize = 64;
/// A multiple of five: base 32 needs no padding.
const BYTES: usize = Ticket::BYTES + SIGNATURE;
/// What stands before the key in its file (RFC 8410, 4): a sequence of the
/// algorithm's name and a bit string.
const SPKI: [u8; 12] = [
    0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00,
];

/// Signs the codes of one store.
pub struct Signer(Ed25519KeyPair);

/// Tells codes of one store from all others.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct PublicKey([u8; 32]);

/// The key of the store that is open; none before it is.
#[derive(Debug, Clone, Default)]
pub struct Codes(Arc<OnceLock<PublicKey>>);

impl Signer {
    /// With the key that the store derives for codes.
    pub fn new(seed: &[u8; 32]) -> Self {
        let pair = Ed25519KeyPair::from_seed_unchecked(seed);
        Self(pair.expect("a seed of 32 bytes is a key"))
    }

    /// What others check codes with.
    pub fn public(&self) -> PublicKey {
        let key = self.0.public_key().as_ref();
        PublicKey(key.try_into().expect("a public key has 32 bytes"))
    }

    /// The code of a ticket.
    pub fn sign(&self, ticket: Ticket) -> String {
        let said = ticket.to_bytes();
        let mut bytes = said.to_vec();
        bytes.extend_from_slice(self.0.sign(&said).as_ref());
        PREFIX.to_owned() + &BASE32_NOPAD.encode(&bytes)
    }

    /// The signature of a text.
    pub fn sign_text(&self, text: &str) -> Vec<u8> {
        self.0.sign(text.as_bytes()).as_ref().to_vec()
    }

    /// Puts the signed code where the engine left a ticket.
    pub fn sign_command(&self, command: &mut ScreenCommand) {
        if let ScreenAction::Show {
            code: Some(code), ..
        } = &mut command.action
            && let Some(ticket) = Ticket::from_text(code)
        {
            *code = self.sign(ticket);
        }
    }
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("signer(redacted)")
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&BASE32_NOPAD.encode(&self.0))
    }
}

impl PublicKey {
    /// What a code says, if this store signed it.
    pub fn verify(&self, code: &str) -> Option<Ticket> {
        let bytes = unbase32(behind_prefix(code)?)?;
        let (said, signature) = bytes.split_at_checked(Ticket::BYTES)?;
        let key = UnparsedPublicKey::new(&ED25519, self.0);
        key.verify(said, signature).ok()?;
        Ticket::from_bytes(said.try_into().ok()?)
    }

    /// Whether a text was signed with this store's key.
    pub fn has_signed(&self, text: &str, signature: &[u8]) -> bool {
        let key = UnparsedPublicKey::new(&ED25519, self.0);
        key.verify(text.as_bytes(), signature).is_ok()
    }

    /// As a PEM file that every library of tills reads.
    pub fn to_pem(self) -> String {
        let der = [&SPKI[..], &self.0].concat();
        format!(
            "-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n",
            BASE64_STANDARD.encode(der)
        )
    }

    /// Read from such a file.
    pub fn from_pem(pem: &str) -> Option<Self> {
        let body = pem.trim().strip_prefix("-----BEGIN PUBLIC KEY-----")?;
        let body = body.strip_suffix("-----END PUBLIC KEY-----")?;
        let body: String = body.split_whitespace().collect();
        let der = BASE64_STANDARD.decode(body).ok()?;
        Some(Self(der.strip_prefix(&SPKI)?.try_into().ok()?))
    }
}

impl Codes {
    /// The store is open.
    pub fn open(&self, key: PublicKey) {
        // A store is opened once; its key never changes.
        let _ = self.0.set(key);
    }

    /// What a code says, if this store signed it.
    pub fn verify(&self, code: &str) -> Option<Ticket> {
        self.0.get()?.verify(code)
    }
}

/// Whether a text begins as a code of some store does.
pub fn is_code(text: &str) -> bool {
    behind_prefix(text).is_some()
}

/// What follows the beginning of a code. Letters may be small: scanners that type
/// can be set so. Each code has one spelling otherwise.
fn behind_prefix(code: &str) -> Option<&str> {
    let (prefix, rest) = code.split_at_checked(PREFIX.len())?;
    prefix.eq_ignore_ascii_case(PREFIX).then_some(rest)
}

/// The bytes of a code.
fn unbase32(text: &str) -> Option<[u8; BYTES]> {
    let bytes = BASE32_NOPAD.decode(text.to_ascii_uppercase().as_bytes());
    bytes.ok()?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TICKET: Ticket = Ticket {
        number: 17,
        serial: 123_456_789_012,
        until_s: 1_795_226_400,
        worth_minor: 5_000,
    };

    fn signer() -> Signer {
        Signer::new(&[7; 32])
    }

    #[test]
    fn a_code_says_what_was_signed_and_nothing_else_passes() {
        let code = signer().sign(TICKET);
        assert_eq!(code.len(), 132);
        assert!(
            code.bytes()
                .all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'-')
        );
        let key = signer().public();
        assert_eq!(key.verify(&code), Some(TICKET));
        assert_eq!(key.verify(&code.to_ascii_lowercase()), Some(TICKET));
        assert_eq!(key.verify(&code.replacen("AC1-", "aC1-", 1)), Some(TICKET));
        assert_eq!(key.verify(&code.replacen("AC1-", "AC2-", 1)), None);
        assert_eq!(Signer::new(&[8; 32]).public().verify(&code), None);
        for at in 4..code.len() {
            let mut other = code.clone().into_bytes();
            other[at] = if other[at] == b'A' { b'B' } else { b'A' };
            let other = String::from_utf8(other).unwrap();
            assert_eq!(key.verify(&other), None, "letter {at}");
        }
        for text in [
            "",
            "AC1-",
            "AC1-A",
            &code[..131],
            &format!("{code}A"),
            "AC1-ü",
            "ac1ü",
        ] {
            assert_eq!(key.verify(text), None, "{text}");
        }
    }

    #[test]
    fn the_public_key_is_a_pem_file_and_back() {
        let key = signer().public();
        let pem = key.to_pem();
        assert!(
            pem.starts_with("-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA"),
            "{pem}"
        );
        assert_eq!(PublicKey::from_pem(&pem), Some(key));
        assert_eq!(PublicKey::from_pem("-----BEGIN PUBLIC KEY-----"), None);
        assert_eq!(PublicKey::from_pem(&pem.replace('M', "N")), None);
    }

    #[test]
    fn a_till_is_told_nothing_before_the_store_is_open() {
        let codes = Codes::default();
        let code = signer().sign(TICKET);
        assert_eq!(codes.verify(&code), None);
        codes.open(signer().public());
        assert_eq!(codes.verify(&code), Some(TICKET));
    }
}
