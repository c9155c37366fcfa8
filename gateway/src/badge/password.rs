//! Passwords of devices, and their hashes as mosquitto keeps them.

use base64::{Engine as _, engine::general_purpose::STANDARD, prelude::BASE64_URL_SAFE_NO_PAD};
use ring::pbkdf2;
use serde::{Deserialize, Serialize};
use std::{fmt, num::NonZeroU32};

/// 192 bits: 32 characters, which the settings of a node have room for.
const PASSWORD_BYTES: usize = 24;
/// As long as `mosquitto_passwd` 2.0 makes them; its broker takes no other.
const SALT_BYTES: usize = 12;
/// The whole of a SHA-512.
const HASH_BYTES: usize = 64;
/// What `mosquitto_passwd` 2.0 uses. Against guessing it would be little; of
/// passwords with 192 random bits there is nothing to guess, and a broker that
/// comes back is called on by every device at once.
const ROUNDS: NonZeroU32 = NonZeroU32::new(101).expect("it is not zero");

/// A password that nobody thought up.
pub struct Password(String);

impl Password {
    /// Draws one.
    pub fn draw() -> Result<Self, getrandom::Error> {
        let mut bytes = [0; PASSWORD_BYTES];
        getrandom::fill(&mut bytes)?;
        Ok(Self(BASE64_URL_SAFE_NO_PAD.encode(bytes)))
    }

    /// The password itself, to be written where its bearer reads it.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// What the broker needs to check it.
    pub fn hash(&self) -> Result<Hashed, getrandom::Error> {
        let mut salt = [0; SALT_BYTES];
        getrandom::fill(&mut salt)?;
        Ok(self.salted(&salt))
    }

    fn salted(&self, salt: &[u8]) -> Hashed {
        let mut hash = [0; HASH_BYTES];
        let how = pbkdf2::PBKDF2_HMAC_SHA512;
        pbkdf2::derive(how, ROUNDS, salt, self.0.as_bytes(), &mut hash);
        let (salt, hash) = (STANDARD.encode(salt), STANDARD.encode(hash));
        Hashed(format!("$7${ROUNDS}${salt}${hash}"))
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("password(redacted)")
    }
}

/// A password's hash as a line of mosquitto's password file has it:
/// `$7$rounds$salt$hash`, PBKDF2 with HMAC-SHA-512 (`mosquitto_passwd(1)`).
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Hashed(String);

impl Hashed {
    /// As it stands in the file.
    pub fn text(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Hashed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("hash(redacted)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_is_the_one_that_mosquitto_passwd_makes() {
        // Made by `mosquitto_passwd -b` of mosquitto 2.0.11 for "canary-password".
        let made = "$7$101$+hg2bBx420KiRZ5A$bCHDPMlesjfxL2L5bSb+uOlIzUv1QUC4QGtIfu5FKjeAf5BU\
                    KdL1HM0nV9hrRA1sjpSsWyN59MH4K/4euxK4fg==";
        let salt = made.split('$').nth(3).unwrap();
        let salt = STANDARD.decode(salt).unwrap();
        let ours = Password("canary-password".to_owned()).salted(&salt);
        assert_eq!(ours.text(), made);
    }

    #[test]
    fn two_passwords_differ_and_neither_is_printed() {
        let (one, two) = (Password::draw().unwrap(), Password::draw().unwrap());
        assert_ne!(one.reveal(), two.reveal());
        assert_eq!(one.reveal().len(), 32);
        assert_ne!(one.hash().unwrap(), one.hash().unwrap());
        let printed = format!("{one:?} {:?}", one.hash().unwrap());
        assert_eq!(printed, "password(redacted) hash(redacted)");
    }
}
