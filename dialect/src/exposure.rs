//! Identifiers that rotate with a day's key (Google and Apple, Exposure
//! Notification Cryptography Specification 1.2): whoever has the key recognises
//! the identifiers of its day, and nobody else does.

use hkdf::Hkdf;
use protocol::keys::encrypt;
use sha2::Sha256;

/// The identifier of a day's key in one interval of ten minutes, counted from
/// 1970.
pub fn identifier(day_key: &[u8; 16], interval: u32) -> [u8; 16] {
    let mut block = *b"EN-RPI\0\0\0\0\0\0\0\0\0\0";
    block[12..].copy_from_slice(&interval.to_le_bytes());
    encrypt(&derived(day_key, b"EN-RPIK"), block)
}

/// The metadata sent beside an identifier, encrypted or, since it is the same,
/// decrypted.
pub fn metadata(day_key: &[u8; 16], identifier: [u8; 16], metadata: [u8; 4]) -> [u8; 4] {
    let stream = encrypt(&derived(day_key, b"EN-AEMK"), identifier);
    core::array::from_fn(|at| metadata[at] ^ stream[at])
}

fn derived(day_key: &[u8; 16], purpose: &[u8]) -> [u8; 16] {
    let mut key = [0; 16];
    Hkdf::<Sha256>::new(None, day_key)
        .expand(purpose, &mut key)
        .expect("16 bytes are fewer than 255 hashes");
    key
}
