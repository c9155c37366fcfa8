//! Encrypted frames: AES-CCM with a nonce of address, service and counter, and
//! a tag of four bytes (bthome.io/encryption).

use crate::{Quantity, advert::frame::Frame};
use aes::Aes128;
use ccm::{
    Ccm, KeyInit,
    aead::AeadInOut,
    consts::{U4, U12, U13},
};

/// Longest plain text: an advertisement of Bluetooth 5 in one structure.
const PLAIN_MAX: usize = 255;
const COUNTER: usize = 4;
const TAG: usize = 4;
const NONCE_MAX: usize = 13;

/// The parts of an encrypted frame.
pub(super) struct Sealed<'d> {
    text: &'d [u8],
    counter: [u8; COUNTER],
    tag: [u8; TAG],
    /// Address, service and counter, if the address is known.
    nonce: Option<([u8; NONCE_MAX], usize)>,
}

impl<'d> Sealed<'d> {
    /// Splits a body; `service` is what stands between address and counter in
    /// the nonce.
    pub(super) fn split(body: &'d [u8], address: Option<[u8; 6]>, service: &[u8]) -> Option<Self> {
        let (body, tag) = body.split_last_chunk()?;
        let (text, counter) = body.split_last_chunk()?;
        let nonce = address.map(|address| {
            let mut nonce = [0; NONCE_MAX];
            let parts = address.iter().chain(service).chain(counter);
            let length = address.len() + service.len() + counter.len();
            for (byte, part) in nonce.iter_mut().zip(parts) {
                *byte = *part;
            }
            (nonce, length)
        });
        Some(Self {
            text,
            counter: *counter,
            tag: *tag,
            nonce,
        })
    }

    fn decrypt(&self, key: &[u8; 16], beside: &[u8], plain: &mut [u8]) -> Option<()> {
        let (nonce, length) = self.nonce?;
        let key = key.into();
        let nonce = nonce.get(..length)?;
        let tag = (&self.tag).into();
        plain.copy_from_slice(self.text);
        let plain = plain.into();
        match length {
            12 => Ccm::<Aes128, U4, U12>::new(key).decrypt_inout_detached(
                nonce.try_into().ok()?,
                beside,
                plain,
                tag,
            ),
            _ => Ccm::<Aes128, U4, U13>::new(key).decrypt_inout_detached(
                nonce.try_into().ok()?,
                beside,
                plain,
                tag,
            ),
        }
        .ok()
    }
}

/// Opens a frame if the key is known, and hands on what it held. `beside` is
/// what is authenticated but not encrypted.
pub(super) fn open(
    frame: &mut Frame<'_, '_>,
    format: &'static str,
    sealed: &Sealed<'_>,
    key: Option<[u8; 16]>,
    beside: &[u8],
    then: fn(&mut Frame<'_, '_>, &[u8]),
) {
    frame.number(Quantity::Counter, u32::from_le_bytes(sealed.counter));
    let mut plain = [0; PLAIN_MAX];
    let Some(plain) = plain.get_mut(..sealed.text.len()) else {
        frame.sealed(format, "longer than any advertisement");
        return;
    };
    match key {
        None if sealed.nonce.is_none() => {
            frame.sealed(
                format,
                "encrypted, and the address it came from is not known",
            );
        }
        None => frame.sealed(format, "encrypted: enter the device's bindkey"),
        Some(key) => {
            if sealed.decrypt(&key, beside, plain).is_some() {
                frame.flag(Quantity::Encrypted, true);
                then(frame, plain);
            } else {
                frame.sealed(
                    format,
                    "the bindkey does not fit: check it, and that it is this device's",
                );
            }
        }
    }
}
