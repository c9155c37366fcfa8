//! Proof of who holds a phone, without knowing more about anybody: sealed texts
//! that only this process can make and read.
//!
//! A *claim* is handed to a shopper by somebody who knows them: the consent desk,
//! or the server behind the loyalty app. It works once and for ten minutes. A
//! *session* follows from it and lives on the phone for half an hour. Neither is
//! kept here; what is kept is which claims were used, until they would have ended
//! anyway. The key is drawn at each start, so that a restart ends them all.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use engine::shopper::ShopperId;
use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use std::{
    collections::BTreeMap,
    fmt,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

/// How long a claim waits to be used.
pub(super) const CLAIM_LIVES: Duration = Duration::from_mins(10);
/// How long a phone may ask again: an ordinary visit.
pub(super) const SESSION_LIVES: Duration = Duration::from_mins(30);
/// Most claims used within the life of one: more than 16 a second are no shoppers.
const USED_MAX: usize = 10_000;

/// What a sealed text is for. A session is no claim, nor the other way round.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Handed to the shopper.
    Claim,
    /// Made of a claim.
    Session,
}

impl Kind {
    const fn purpose(self) -> &'static [u8] {
        match self {
            Self::Claim => b"aislecast tail claim",
            Self::Session => b"aislecast tail session",
        }
    }

    const fn lives(self) -> Duration {
        match self {
            Self::Claim => CLAIM_LIVES,
            Self::Session => SESSION_LIVES,
        }
    }
}

/// Makes and reads them.
pub(in crate::http) struct Claims {
    key: LessSafeKey,
    begun: Instant,
    /// Used claims by their nonce, and when they end.
    used: Mutex<BTreeMap<[u8; NONCE_LEN], Duration>>,
}

impl fmt::Debug for Claims {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("claims(redacted)")
    }
}

impl Claims {
    /// With a key drawn now.
    pub(in crate::http) fn new() -> Result<Self, getrandom::Error> {
        let mut key = [0; 32];
        getrandom::fill(&mut key)?;
        let key = UnboundKey::new(&CHACHA20_POLY1305, &key).expect("the key has its length");
        Ok(Self {
            key: LessSafeKey::new(key),
            begun: Instant::now(),
            used: Mutex::default(),
        })
    }

    /// Seals who it is for.
    pub(super) fn seal(&self, kind: Kind, shopper: ShopperId) -> Result<String, getrandom::Error> {
        self.seal_at(self.begun.elapsed(), kind, shopper)
    }

    /// Who a text is for, if it is one of ours and its time is not over; a claim
    /// is used up by this.
    pub(super) fn open(&self, kind: Kind, text: &str) -> Option<ShopperId> {
        self.open_at(self.begun.elapsed(), kind, text)
    }

    fn seal_at(
        &self,
        now: Duration,
        kind: Kind,
        shopper: ShopperId,
    ) -> Result<String, getrandom::Error> {
        let mut nonce = [0; NONCE_LEN];
        getrandom::fill(&mut nonce)?;
        let ends_s = (now + kind.lives()).as_secs();
        let mut inside = [shopper.0.to_le_bytes(), ends_s.to_le_bytes()].concat();
        let sealed = Nonce::assume_unique_for_key(nonce);
        self.key
            .seal_in_place_append_tag(sealed, Aad::from(kind.purpose()), &mut inside)
            .expect("sixteen bytes can be sealed");
        Ok(URL_SAFE_NO_PAD.encode([nonce.as_slice(), &inside].concat()))
    }

    fn open_at(&self, now: Duration, kind: Kind, text: &str) -> Option<ShopperId> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        let (nonce, sealed) = bytes.split_first_chunk::<NONCE_LEN>()?;
        let mut sealed = sealed.to_vec();
        let opened = Nonce::assume_unique_for_key(*nonce);
        let aad = Aad::from(kind.purpose());
        let inside = self.key.open_in_place(opened, aad, &mut sealed).ok()?;
        let (shopper, ends_s) = inside.split_first_chunk::<8>()?;
        let ends = Duration::from_secs(u64::from_le_bytes(ends_s.try_into().ok()?));
        let fresh = now < ends && (kind == Kind::Session || self.use_up(now, *nonce, ends));
        fresh.then(|| ShopperId(u64::from_le_bytes(*shopper)))
    }

    /// Whether a claim is used for the first time.
    fn use_up(&self, now: Duration, nonce: [u8; NONCE_LEN], ends: Duration) -> bool {
        let mut used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        used.retain(|_, ends| now < *ends);
        // Full: better nobody for a while than the same claim twice.
        used.len() < USED_MAX && used.insert(nonce, ends).is_none()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MAI: ShopperId = ShopperId(0x1234_5678_9abc_def0);

    fn at(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    #[test]
    fn a_claim_works_once_and_not_for_long() {
        let claims = Claims::new().unwrap();
        let claim = claims.seal_at(at(5), Kind::Claim, MAI).unwrap();
        assert_eq!(claims.open_at(at(9), Kind::Claim, &claim), Some(MAI));
        assert_eq!(claims.open_at(at(9), Kind::Claim, &claim), None);
        let late = claims.seal_at(at(5), Kind::Claim, MAI).unwrap();
        assert_eq!(claims.open_at(at(605), Kind::Claim, &late), None);
        // What was used is forgotten once it would have ended.
        assert!(claims.use_up(at(700), [1; NONCE_LEN], at(800)));
        assert_eq!(claims.used.lock().unwrap().len(), 1);
    }

    #[test]
    fn a_session_works_until_its_end() {
        let claims = Claims::new().unwrap();
        let session = claims.seal_at(at(0), Kind::Session, MAI).unwrap();
        assert_eq!(claims.open_at(at(1), Kind::Session, &session), Some(MAI));
        assert_eq!(
            claims.open_at(at(1_799), Kind::Session, &session),
            Some(MAI)
        );
        assert_eq!(claims.open_at(at(1_800), Kind::Session, &session), None);
    }

    #[test]
    fn nothing_else_is_taken_for_one() {
        let (claims, other) = (Claims::new().unwrap(), Claims::new().unwrap());
        let claim = claims.seal(Kind::Claim, MAI).unwrap();
        assert_eq!(other.open(Kind::Claim, &claim), None, "after a restart");
        assert_eq!(claims.open(Kind::Session, &claim), None, "as another kind");
        for text in ["", "x", &claim[1..], &claim.to_uppercase(), &"A".repeat(54)] {
            assert_eq!(claims.open(Kind::Claim, text), None, "{text}");
        }
        assert_eq!(claims.open(Kind::Claim, &claim), Some(MAI));
    }

    #[test]
    fn it_says_nothing_about_whom_it_is_for() {
        let claims = Claims::new().unwrap();
        let one = claims.seal(Kind::Claim, MAI).unwrap();
        assert_ne!(one, claims.seal(Kind::Claim, MAI).unwrap());
        assert_eq!(format!("{claims:?}"), "claims(redacted)");
    }

    #[test]
    fn no_more_claims_are_used_than_can_be_remembered() {
        let claims = Claims::new().unwrap();
        for n in 0..USED_MAX as u64 {
            let mut nonce = [0; NONCE_LEN];
            nonce[..8].copy_from_slice(&n.to_le_bytes());
            claims.used.lock().unwrap().insert(nonce, at(60));
        }
        assert!(!claims.use_up(at(1), [9; NONCE_LEN], at(60)));
        assert!(claims.use_up(at(61), [9; NONCE_LEN], at(600)));
    }
}
