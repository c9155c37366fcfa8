//! Passwords that people thought up: what is refused, and the slow hash that
//! makes guessing them from a stolen file expensive.

use argon2::{
    Algorithm, Argon2, Params, PasswordHash, PasswordHasher as _, PasswordVerifier as _, Version,
    password_hash::SaltString,
};
use serde::{Deserialize, Serialize};
use std::fmt;

/// OWASP's first choice for Argon2id (Password Storage Cheat Sheet): 19 MiB, two
/// passes, one lane. RFC 9106 would rather have 64 MiB, but two at a time must
/// fit beside a shop on a board with 512 MiB.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
/// Recommended by RFC 9106, section 3.1.
const SALT_BYTES: usize = 16;
/// Shortest password. Guesses over the network are slowed down besides, so that
/// ten letters are enough for ones that are in no list.
pub const LEN_MIN: usize = 10;
/// Longest password, bytes: room for a sentence, and none for a flood.
pub const LEN_MAX: usize = 256;
/// What is in every list of guesses and long enough; compared without case.
const WELL_KNOWN: [&str; 12] = [
    "password",
    "passw0rd",
    "qwerty",
    "aislecast",
    "letmein",
    "iloveyou",
    "welcome",
    "matkhau",
    "administrator",
    "1234567",
    "abcdef",
    "0987654",
];

/// A password as somebody typed it; never printed, never kept.
#[derive(Deserialize)]
#[serde(transparent)]
pub struct Plain(String);

/// Why a password is no good.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Weak {
    /// Too short.
    #[error(
        "the password needs at least {LEN_MIN} characters; three words that do not belong together are easy to remember"
    )]
    Short,
    /// Too long.
    #[error("the password has more than {LEN_MAX} bytes")]
    Long,
    /// In every list of guesses.
    #[error(
        "everybody who guesses tries that password first; take three words that do not belong together"
    )]
    WellKnown,
    /// Says who it is for.
    #[error(
        "the password is the name, or hardly more; take three words that do not belong together"
    )]
    Name,
}

impl Plain {
    /// What was typed.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// Whether it may be a password of this account.
    pub fn check(&self, name: &str) -> Result<(), Weak> {
        let text = self.0.to_lowercase();
        let letters = text.chars().count();
        let mut different: Vec<char> = text.chars().collect();
        different.sort_unstable();
        different.dedup();
        // Whatever is left of it when the word is taken out must stand alone.
        let hides =
            |word: &str| !word.is_empty() && text.replace(word, "").chars().count() < LEN_MIN / 2;
        if letters < LEN_MIN {
            Err(Weak::Short)
        } else if self.0.len() > LEN_MAX {
            Err(Weak::Long)
        } else if different.len() < 4 || WELL_KNOWN.iter().any(|word| hides(word)) {
            Err(Weak::WellKnown)
        } else if hides(&name.to_lowercase()) {
            Err(Weak::Name)
        } else {
            Ok(())
        }
    }

    /// Its hash, with a salt of its own. Takes about a tenth of a second and 19 MiB.
    pub fn hash(&self) -> Result<Hashed, getrandom::Error> {
        let mut salt = [0; SALT_BYTES];
        getrandom::fill(&mut salt)?;
        let salt = SaltString::encode_b64(&salt).expect("sixteen bytes are a salt");
        let hash = argon2().hash_password(self.0.as_bytes(), &salt);
        Ok(Hashed(hash.expect("any bytes can be hashed").to_string()))
    }

    /// Whether this is the one with that hash. Takes as long as hashing it.
    pub fn is(&self, hashed: &Hashed) -> bool {
        let parsed = PasswordHash::new(&hashed.0);
        parsed.is_ok_and(|hash| argon2().verify_password(self.0.as_bytes(), &hash).is_ok())
    }

    /// Too long to be anybody's: not worth the time of a hash.
    pub fn is_absurd(&self) -> bool {
        self.0.len() > LEN_MAX
    }
}

impl fmt::Debug for Plain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("password(redacted)")
    }
}

/// A password's hash as a PHC string: `$argon2id$v=19$m=19456,t=2,p=1$salt$hash`.
/// It names its own parameters, so that others can be chosen later.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Hashed(String);

impl Hashed {
    /// Of no password at all. Checking one against it takes as long as against any
    /// other, so that nobody learns from the clock which names there are.
    pub fn of_nobody() -> Self {
        Self(
            "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA\
             $AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
                .to_owned(),
        )
    }
}

impl fmt::Debug for Hashed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("hash(redacted)")
    }
}

fn argon2() -> Argon2<'static> {
    let params = Params::new(MEMORY_KIB, PASSES, 1, None).expect("OWASP's parameters are valid");
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_known_by_its_hash_and_neither_is_printed() {
        let plain = Plain::new("green tram rain");
        let hashed = plain.hash().unwrap();
        assert!(hashed.0.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        assert!(plain.is(&hashed));
        assert!(!Plain::new("green tram raim").is(&hashed));
        assert!(!plain.is(&Hashed::of_nobody()));
        assert!(!plain.is(&Hashed("damaged".to_owned())));
        assert_ne!(plain.hash().unwrap(), hashed, "each has a salt of its own");
        let printed = format!("{plain:?} {hashed:?}");
        assert_eq!(printed, "password(redacted) hash(redacted)");
        // The answer for a name that nobody has must take a whole hash, too.
        assert!(PasswordHash::new(&Hashed::of_nobody().0).is_ok());
    }

    #[test]
    fn what_everybody_tries_first_is_refused() {
        for (text, expected) in [
            ("green tram rain", Ok(())),
            ("mua trời xanh 7", Ok(())),
            ("short", Err(Weak::Short)),
            ("Password123", Err(Weak::WellKnown)),
            ("aaaaaaaaaaaa", Err(Weak::WellKnown)),
            ("1234567890", Err(Weak::WellKnown)),
            ("nguyenmai1!", Err(Weak::Name)),
            (&"word ".repeat(60), Err(Weak::Long)),
        ] {
            assert_eq!(Plain::new(text).check("NguyenMai"), expected, "{text}");
        }
    }
}
