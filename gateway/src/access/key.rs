//! Random texts that open something. Only their hashes are kept: nobody who
//! reads our files can use them. What was drawn at random needs no slow hash.

use data_encoding::{BASE64URL_NOPAD, HEXLOWER};
use ring::digest;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use std::fmt;

/// 256 bits: sessions, tokens and keys of screens.
const KEY_BYTES: usize = 32;
/// Letters that nobody takes for each other, spoken or read (after Crockford's
/// base 32): no I, L, O, U, 0 or 1.
const LETTERS: &[u8; 30] = b"23456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Letters of a one-time code: 30^10 are 49 bits, and guesses are slowed down.
const CODE_LETTERS: usize = 10;

/// A text that opens something, as its bearer holds it.
pub struct Key(String);

impl Key {
    /// Draws one.
    pub fn draw() -> Result<Self, getrandom::Error> {
        let mut bytes = [0; KEY_BYTES];
        getrandom::fill(&mut bytes)?;
        Ok(Self(BASE64URL_NOPAD.encode(&bytes)))
    }

    /// The text itself, for its bearer.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("key(redacted)")
    }
}

/// Draws a code that a person copies from one place to another: `K7MNP-2QRST`.
pub fn one_time_code() -> Result<Key, getrandom::Error> {
    let code = letters(CODE_LETTERS)?;
    let (first, second) = code.split_at(CODE_LETTERS / 2);
    Ok(Key(format!("{first}-{second}")))
}

/// Draws so many letters.
pub(super) fn letters(count: usize) -> Result<String, getrandom::Error> {
    let mut text = String::with_capacity(count);
    while text.len() < count {
        let mut byte = [0];
        getrandom::fill(&mut byte)?;
        // Above the largest multiple of 30 some letters would come more often.
        if byte[0] < 240 {
            text.push(char::from(LETTERS[usize::from(byte[0]) % LETTERS.len()]));
        }
    }
    Ok(text)
}

/// What a person typed as a code, as it was drawn: without blanks and hyphens, in
/// capitals.
fn tidied(code: &str) -> String {
    let letters = code.chars().filter(char::is_ascii_alphanumeric);
    letters.map(|c| c.to_ascii_uppercase()).collect()
}

/// What is kept of a key: its SHA-256. Compared as any bytes are: how far two
/// hashes agree tells nothing about the key that would be needed.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct KeyHash([u8; digest::SHA256_OUTPUT_LEN]);

impl KeyHash {
    /// Of a key.
    pub fn of(text: &str) -> Self {
        let hash = digest::digest(&digest::SHA256, text.as_bytes());
        Self(hash.as_ref().try_into().expect("SHA-256 has 32 bytes"))
    }

    /// Of a code as a person may type it.
    pub fn of_code(text: &str) -> Self {
        Self::of(&tidied(text))
    }
}

impl fmt::Debug for KeyHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("hash(redacted)")
    }
}

impl Serialize for KeyHash {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&HEXLOWER.encode(&self.0))
    }
}

impl<'de> Deserialize<'de> for KeyHash {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let bytes = HEXLOWER.decode(text.as_bytes()).map_err(D::Error::custom)?;
        let bytes = bytes.try_into();
        Ok(Self(bytes.map_err(|_| D::Error::custom("not a SHA-256"))?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_differ_and_are_known_by_their_hashes() {
        let (one, two) = (Key::draw().unwrap(), Key::draw().unwrap());
        assert_eq!(one.reveal().len(), 43);
        assert_eq!(KeyHash::of(one.reveal()), KeyHash::of(one.reveal()));
        assert_ne!(KeyHash::of(one.reveal()), KeyHash::of(two.reveal()));
        let hash = KeyHash::of("abc");
        // SHA-256 of "abc" (FIPS 180-4, example).
        let json = "\"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad\"";
        assert_eq!(serde_json::to_string(&hash).unwrap(), json);
        assert_eq!(serde_json::from_str::<KeyHash>(json).unwrap(), hash);
        let printed = format!("{one:?} {hash:?}");
        assert_eq!(printed, "key(redacted) hash(redacted)");
    }

    #[test]
    fn a_code_may_be_typed_as_people_type() {
        let code = one_time_code().unwrap();
        let text = code.reveal();
        assert_eq!(text.len(), 11);
        let hash = KeyHash::of_code(text);
        for typed in [
            text.to_lowercase(),
            text.replace('-', " "),
            format!(" {} ", text.replace('-', "")),
        ] {
            assert_eq!(KeyHash::of_code(&typed), hash, "{typed}");
        }
        assert_ne!(KeyHash::of_code(&text[1..]), hash);
    }
}
