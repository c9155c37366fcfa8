//! Addresses of phones that nobody enrolled, in every form in which one could be
//! left behind, and the search for them.

use siphasher::sip::{SipHasher13, SipHasher24};
use std::{collections::HashSet, fmt::Write as _, hash::Hasher as _};

/// What they begin with: as a private address that may be resolved does.
const FIRST: [u8; 2] = [0x5E, 0xC7];

/// The n-th phone's address, most significant byte first. Its last byte says that it
/// is one of these, so that chance bytes are none.
pub fn address(n: u32) -> [u8; 6] {
    let [_, b, c, d] = n.to_be_bytes();
    [FIRST[0], FIRST[1], b, c, d, check([b, c, d])]
}

fn check(digits: [u8; 3]) -> u8 {
    let mixed = digits.iter().fold(0x9E_u8, |sum, d| sum.rotate_left(3) ^ d);
    mixed | 1
}

/// As tools write it: `5e:c7:..`, or without anything between.
pub fn text(address: [u8; 6], between: &str) -> String {
    let mut text = String::new();
    for (n, byte) in address.iter().enumerate() {
        let between = if n == 0 { "" } else { between };
        write!(text, "{between}{byte:02x}").expect("a string takes everything");
    }
    text
}

/// Looks for the first so many addresses and for hashes of them.
#[derive(Debug)]
pub struct Search {
    many: u32,
    hashes: HashSet<u64>,
    /// Which low bits they have: nearly everything is none of them.
    low: Vec<bool>,
}

/// As many as make a false hope rare and still fit a processor's cache.
const LOW_BITS: u64 = (1 << 22) - 1;

impl Search {
    /// For the addresses below `many`, for what `SipHash` makes of each form with the
    /// first bytes of each of these secrets, and with none, and for what a gateway
    /// remembers each by that has one of these secrets.
    pub fn new(many: u32, secrets: &[Vec<u8>]) -> Self {
        let secrets = secrets.iter().filter_map(|s| s.first_chunk::<16>());
        let secrets: Vec<_> = secrets.copied().collect();
        let naming: Vec<_> = secrets.iter().map(naming).collect();
        let mut keys = vec![[0; 16]];
        keys.extend(secrets);
        let mut hashes = HashSet::new();
        for n in 0..many {
            let plain = address(n);
            let mut reversed = plain;
            reversed.reverse();
            let forms = ["", ":", "-"].map(|between| text(plain, between));
            let upper = ["", ":"].map(|between| text(plain, between).to_uppercase());
            let texts = forms.iter().chain(&upper).map(String::as_bytes);
            for form in [&plain[..], &reversed].into_iter().chain(texts) {
                hashes.extend(keys.iter().flat_map(|key| sip(key, form)));
            }
            hashes.extend(naming.iter().map(|key| name(key, plain)));
        }
        let mut low = vec![false; 1 + LOW_BITS as usize];
        for hash in &hashes {
            low[(hash & LOW_BITS) as usize] = true;
        }
        Self { many, hashes, low }
    }

    /// Where any of them is in `bytes`: addresses as such or as text, and hashes.
    pub fn find(&self, bytes: &[u8]) -> [Vec<usize>; 2] {
        let places = |of: usize, is: &dyn Fn(&[u8]) -> bool| {
            let windows = bytes.windows(of).enumerate();
            let found = windows.filter(|(_, window)| is(window));
            found.map(|(at, _)| at).collect::<Vec<_>>()
        };
        let raw = places(6, &|six| self.is_address(six));
        let texts = places(12, &|w| self.is_text(w));
        let spread = places(17, &|w| self.is_spread(w));
        let hashed = places(8, &|eight| self.is_hash(eight));
        [[raw, texts, spread].concat(), hashed]
    }

    /// How often any of them is in `bytes`.
    pub fn count(&self, bytes: &[u8]) -> usize {
        self.find(bytes).iter().map(Vec::len).sum()
    }

    fn is_address(&self, six: &[u8]) -> bool {
        let either = six[0] == FIRST[0] && six[1] == FIRST[1];
        let reversed = six[5] == FIRST[0] && six[4] == FIRST[1];
        (either && self.is_one([six[2], six[3], six[4]], six[5]))
            || (reversed && self.is_one([six[3], six[2], six[1]], six[0]))
    }

    fn is_one(&self, digits: [u8; 3], last: u8) -> bool {
        let [b, c, d] = digits;
        last == check(digits) && u32::from_be_bytes([0, b, c, d]) < self.many
    }

    fn is_text(&self, twelve: &[u8]) -> bool {
        hex(twelve.as_chunks::<2>().0.iter()).is_some_and(|six| self.is_address(&six))
    }

    /// With something between each two digits.
    fn is_spread(&self, seventeen: &[u8]) -> bool {
        let between = seventeen[2];
        if !matches!(between, b':' | b'-' | b' ' | b'_') {
            return false;
        }
        let parts = seventeen.chunks(3).map(|part| part.first_chunk::<2>());
        let parts: Option<Vec<_>> = parts.collect();
        let six = parts.and_then(|parts| hex(parts.into_iter()));
        six.is_some_and(|six| self.is_address(&six))
    }

    fn is_hash(&self, eight: &[u8]) -> bool {
        let number = u64::from_le_bytes(eight.try_into().expect("eight bytes"));
        number != 0
            && [number, number.swap_bytes()]
                .iter()
                .any(|n| self.is_hashed(*n))
    }

    fn is_hashed(&self, number: u64) -> bool {
        self.low[(number & LOW_BITS) as usize] && self.hashes.contains(&number)
    }
}

/// What the usual hash of this kind says with a key.
fn sip(key: &[u8; 16], bytes: &[u8]) -> [u64; 2] {
    let (mut one, mut two) = (
        SipHasher13::new_with_key(key),
        SipHasher24::new_with_key(key),
    );
    one.write(bytes);
    two.write(bytes);
    [one.finish(), two.finish()]
}

/// What an engine hashes addresses with to remember for a while whose they are not, given
/// its store's secret (`gateway/src/pseudonym.rs`, `engine/src/index.rs`).
fn naming(secret: &[u8; 16]) -> [u8; 16] {
    let mut hasher = SipHasher24::new_with_key(secret);
    hasher.write(&[0xff; 512]);
    let key = hasher.finish() ^ 25_u64.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    [key.to_le_bytes(), (!key).to_le_bytes()]
        .concat()
        .try_into()
        .expect("twice eight bytes")
}

/// As Rust hashes an array: how many there are, and then each.
fn name(key: &[u8; 16], address: [u8; 6]) -> u64 {
    let mut hasher = SipHasher13::new_with_key(key);
    hasher.write(&6_u64.to_ne_bytes());
    hasher.write(&address);
    hasher.finish()
}

fn hex<'d>(pairs: impl Iterator<Item = &'d [u8; 2]>) -> Option<[u8; 6]> {
    let digit = |c: u8| char::from(c).to_digit(16);
    let mut six = [0; 6];
    for (byte, [high, low]) in six.iter_mut().zip(pairs) {
        *byte = u8::try_from(digit(*high)? << 4 | digit(*low)?).expect("two digits are a byte");
    }
    Some(six)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_found_in_every_form_and_nothing_else_is() {
        let search = Search::new(1_000, &[b"a secret of a gateway".to_vec()]);
        let plain = address(999);
        let mut reversed = plain;
        reversed.reverse();
        let key = b"a secret of a ga";
        let hash = sip(key, &plain)[0];
        for (bytes, expected) in [
            (plain.to_vec(), 1),
            (reversed.to_vec(), 1),
            (text(plain, "").into_bytes(), 1),
            (text(plain, ":").to_uppercase().into_bytes(), 1),
            (text(reversed, "-").into_bytes(), 1),
            (hash.to_be_bytes().to_vec(), 1),
            (hash.to_le_bytes().to_vec(), 1),
            (address(1_000).to_vec(), 0),
            (vec![0; 64], 0),
            (b"5ec7 and nothing else".to_vec(), 0),
        ] {
            let around = [b"..".as_slice(), &bytes, b".."].concat();
            assert_eq!(search.count(&around), expected, "{bytes:02x?}");
        }
    }
}
