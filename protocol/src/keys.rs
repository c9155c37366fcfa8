//! What keys make: identifiers that rotate, and addresses that only their
//! holders recognise.

use crate::beacon::Address;
use aes::{
    Aes128,
    cipher::{BlockCipherEncrypt, KeyInit},
};

/// The Eddystone-EID identifier of `key` at `unix_s` for a rotation period of
/// 2^`exponent` seconds.
///
/// Eddystone-EID specification, "EID computation": a temporary key is AES of
/// the upper half of the time counter, the identifier is the first eight bytes
/// of AES under it of the counter with its `exponent` low bits cleared.
pub fn rotating_id(key: &[u8; 16], exponent: u8, unix_s: u32) -> [u8; 8] {
    let exponent = exponent.min(15);
    let mut block = [0; 16];
    block[11] = 0xff;
    block[14..].copy_from_slice(&unix_s.to_be_bytes()[..2]);
    let temporary = encrypt(key, block);
    let quantised = unix_s >> exponent << exponent;
    let mut block = [0; 16];
    block[11] = exponent;
    block[12..].copy_from_slice(&quantised.to_be_bytes());
    let whole = encrypt(&temporary, block);
    let mut id = [0; 8];
    id.copy_from_slice(&whole[..8]);
    id
}

/// The hash part of a resolvable private address: `ah(irk, prand)` of Bluetooth
/// Core 5.4, Vol 3, Part H, 2.2.2. Both most significant byte first.
pub fn address_hash(irk: &[u8; 16], prand: [u8; 3]) -> [u8; 3] {
    let mut block = [0; 16];
    block[13..].copy_from_slice(&prand);
    let whole = encrypt(irk, block);
    [whole[13], whole[14], whole[15]]
}

/// Whether this key, read in either byte order, made this address. Phones and
/// tools print keys in both orders, and nothing in a key says which: it is the
/// most common mistake when one is enrolled (ESPresense issues 602, 650, 699).
pub fn resolves(irk: &[u8; 16], address: Address) -> bool {
    if !address.looks_resolvable() {
        return false;
    }
    let (prand, hash) = address.0.split_at(3);
    let prand = [prand[0], prand[1], prand[2]];
    let mut reversed = *irk;
    reversed.reverse();
    address_hash(irk, prand) == hash || address_hash(&reversed, prand) == hash
}

/// One block of AES-128.
pub fn encrypt(key: &[u8; 16], block: [u8; 16]) -> [u8; 16] {
    let mut block = block.into();
    Aes128::new(&(*key).into()).encrypt_block(&mut block);
    block.into()
}
