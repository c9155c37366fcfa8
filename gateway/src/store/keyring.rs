//! A key for every shopper. What the store keeps of somebody, profile and keys,
//! is sealed with it; to destroy the key is to erase all of that at once, in
//! files that nobody rewrites any more and in copies that nobody can reach.
//!
//! ```text
//! slot = shopper u64 | version that ended u64 | salt, 32 bytes | serial u32 | day i32 | change u16 | state u8 | 0 | crc32c of all before u32
//! key  = HMAC-SHA256(key of keyrings, salt | shopper)
//! box  = nonce, 12 bytes | ciphertext | tag, 16 bytes      associated data: what it is u8 | shopper u64
//! ```
//!
//! Little-endian. A slot has 64 bytes, so that none lies in two sectors, and
//! keeps its place: a key is destroyed by writing over it where it lies, and
//! `fdatasync`. (A file system that copies on write, and flash that spreads its
//! wear, may keep the old bytes for a while: `docs/privacy.md`.) Of two equal
//! files one may be damaged or lost; what changed last in either is so.
//! ChaCha20-Poly1305 (RFC 8439), as for recordings. A key seals a few thousand
//! boxes in its life, far from the 2^32 that drawn nonces allow.

use super::disk::{keep_ahead, sync_dir};
use engine::shopper::ShopperId;
use ring::{
    aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey},
    hmac,
};
use slot::{SLOT, Slot, State};
use std::{
    collections::HashMap,
    fmt,
    fs::{File, OpenOptions},
    io,
    os::unix::fs::{FileExt as _, OpenOptionsExt as _},
    path::Path,
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

mod slot;
#[cfg(test)]
mod tests;

/// One may be damaged or lost; the other then says what it held.
const FILES: [&str; 2] = ["keyring", "keyring.copy"];
/// Bytes kept ahead of either: a thousand keys.
const ROOM: u64 = 64 << 10;
/// Bytes that a box is longer than what is in it.
pub(super) const BOX: usize = NONCE_LEN + 16;

/// What a box holds: nothing can be put in another's place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Content {
    /// A profile with its days.
    Profile = 1,
    /// Keys of a phone or fob.
    Keys = 2,
    /// How a consent came to be.
    Consent = 3,
}

/// What remains of somebody forgotten.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Erasure {
    /// Counts erasures in this store, from 1.
    pub serial: u32,
    /// The version of the enrolment that ended.
    pub version: u64,
    /// Days since 1970-01-01 in UTC; zero if the date was not known.
    pub day: i32,
    /// Where the key lay.
    pub slot: u32,
}

/// The keys of all shoppers of a store.
pub(super) struct Keyring {
    files: [File; 2],
    key: hmac::Key,
    index: Mutex<Index>,
    /// Whether slots were written and not yet synced.
    is_dirty: AtomicBool,
}

#[derive(Default)]
struct Index {
    slots: HashMap<ShopperId, u32>,
    /// The first slot that nobody has.
    next: u32,
    /// The newest erasure's.
    serial: u32,
}

impl fmt::Debug for Keyring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("keyring(redacted)")
    }
}

impl Keyring {
    /// Opens or begins the keyring in `dir`, and makes its two files equal.
    pub(super) fn open(dir: &Path, key: &[u8; 32]) -> io::Result<Self> {
        let [first, second] = FILES.map(|name| {
            OpenOptions::new()
                .read(true)
                .write(true)
                .create(true)
                .truncate(false)
                .mode(0o600)
                .open(dir.join(name))
        });
        let keyring = Self {
            files: [first?, second?],
            key: hmac::Key::new(hmac::HMAC_SHA256, key),
            index: Mutex::default(),
            is_dirty: AtomicBool::new(false),
        };
        sync_dir(dir)?;
        keyring.load()?;
        keyring.sync()?;
        Ok(keyring)
    }

    fn load(&self) -> io::Result<()> {
        let mut lengths = [0; 2];
        for (length, file) in lengths.iter_mut().zip(&self.files) {
            *length = file.metadata()?.len();
        }
        let slots = lengths[0].max(lengths[1]) / SLOT as u64;
        let mut index = self.index();
        for number in 0..u32::try_from(slots).unwrap_or(u32::MAX) {
            index.next = number + 1;
            if let Some(slot) = self.mended(number)? {
                index.serial = index.serial.max(slot.serial);
                index.slots.insert(slot.shopper, number);
            }
        }
        Ok(())
    }

    /// What a slot holds by the newer of its two copies, which the other is
    /// made equal to.
    fn mended(&self, number: u32) -> io::Result<Option<Slot>> {
        let copies = [self.read(0, number)?, self.read(1, number)?];
        let newest = copies.iter().flatten().max_by_key(|slot| slot.change);
        let Some(newest) = newest else {
            return Ok(None);
        };
        for (file, copy) in self.files.iter().zip(&copies) {
            if copy.as_ref() != Some(newest) {
                file.write_all_at(&newest.encode(), place(number))?;
                self.is_dirty.store(true, Ordering::Relaxed);
            }
        }
        Ok(Some(newest.clone()))
    }

    fn read(&self, file: usize, number: u32) -> io::Result<Option<Slot>> {
        let mut bytes = [0; SLOT];
        match self.files[file].read_exact_at(&mut bytes, place(number)) {
            Ok(()) => Ok(Slot::decode(&bytes)),
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn slot(&self, shopper: ShopperId) -> Option<(u32, Slot)> {
        let number = *self.index().slots.get(&shopper)?;
        let slot = self.read(0, number).ok().flatten();
        let slot = slot.or_else(|| self.read(1, number).ok().flatten())?;
        (slot.shopper == shopper).then_some((number, slot))
    }

    /// Draws a key for a shopper who has none. It holds over a power cut after
    /// [`Keyring::sync`], and nothing sealed with it may be written before.
    pub(super) fn make(&self, shopper: ShopperId) -> io::Result<()> {
        let known = self.slot(shopper);
        if known
            .as_ref()
            .is_some_and(|(_, slot)| slot.state == State::Live)
        {
            return Ok(());
        }
        let mut salt = [0; 32];
        getrandom::fill(&mut salt).map_err(io::Error::from)?;
        let (number, before) = known.unwrap_or_else(|| {
            let number = self.index().next;
            (number, Slot::free(shopper))
        });
        self.write(number, &before.with_key(salt))?;
        let mut index = self.index();
        index.next = index.next.max(number + 1);
        index.slots.insert(shopper, number);
        Ok(())
    }

    /// Destroys the key of a shopper, for good when this returns, and remembers
    /// that the enrolment of this version, and all before it, are over.
    pub(super) fn destroy(&self, shopper: ShopperId, version: u64, day: i32) -> io::Result<()> {
        let known = self.slot(shopper);
        if let Some((_, slot)) = &known
            && slot.state == State::Erased
            && slot.ended >= version
        {
            return Ok(());
        }
        let serial = self.index().serial + 1;
        let (number, before) = known.unwrap_or_else(|| (self.index().next, Slot::free(shopper)));
        self.write(number, &before.without_key(version, serial, day))?;
        self.sync()?;
        let mut index = self.index();
        index.serial = serial;
        index.next = index.next.max(number + 1);
        index.slots.insert(shopper, number);
        Ok(())
    }

    fn write(&self, number: u32, slot: &Slot) -> io::Result<()> {
        self.is_dirty.store(true, Ordering::Relaxed);
        for file in &self.files {
            file.write_all_at(&slot.encode(), place(number))?;
        }
        Ok(())
    }

    /// Sees to it that keys of the next shoppers find room on a disk that is full by then.
    pub(super) fn keep_ahead(&self) -> io::Result<()> {
        for file in &self.files {
            keep_ahead(file, ROOM)?;
        }
        Ok(())
    }

    /// Makes everything so far survive a power cut.
    pub(super) fn sync(&self) -> io::Result<()> {
        if self.is_dirty.load(Ordering::Relaxed) {
            for file in &self.files {
                file.sync_data()?;
            }
            self.is_dirty.store(false, Ordering::Relaxed);
        }
        Ok(())
    }

    /// What remains of somebody who is forgotten, or was before coming back.
    pub(super) fn erasure(&self, shopper: ShopperId) -> Option<Erasure> {
        let (number, slot) = self.slot(shopper)?;
        (slot.serial > 0).then_some(Erasure {
            serial: slot.serial,
            version: slot.ended,
            day: slot.day,
            slot: number,
        })
    }

    /// Everybody who is forgotten or was before, with the version that ended.
    pub(super) fn tombstones(&self) -> Vec<(ShopperId, u64)> {
        let shoppers: Vec<ShopperId> = self.index().slots.keys().copied().collect();
        let ended = shoppers
            .into_iter()
            .filter_map(|shopper| Some((shopper, self.erasure(shopper)?.version)));
        ended.collect()
    }

    /// Seals something of a shopper who has a key; nothing without one.
    pub(super) fn seal(&self, shopper: ShopperId, what: Content, plain: &[u8]) -> Option<Vec<u8>> {
        let key = self.key_of(shopper)?;
        let mut nonce = [0; NONCE_LEN];
        getrandom::fill(&mut nonce).expect("it gave randomness for the key of this shopper");
        let mut sealed = nonce.to_vec();
        sealed.extend_from_slice(plain);
        let nonce = Nonce::assume_unique_for_key(nonce);
        let tag = key
            .seal_in_place_separate_tag(nonce, about(shopper, what), &mut sealed[NONCE_LEN..])
            .expect("what is kept of a shopper is far shorter than 256 GiB");
        sealed.extend_from_slice(tag.as_ref());
        Some(sealed)
    }

    /// Opens what was sealed; nothing when the key is gone.
    pub(super) fn open_box(
        &self,
        shopper: ShopperId,
        what: Content,
        sealed: &[u8],
    ) -> Option<Vec<u8>> {
        let (nonce, boxed) = sealed.split_first_chunk::<NONCE_LEN>()?;
        let nonce = Nonce::assume_unique_for_key(*nonce);
        let mut opened = boxed.to_vec();
        let key = self.key_of(shopper)?;
        let length = key
            .open_in_place(nonce, about(shopper, what), &mut opened)
            .ok()?
            .len();
        opened.truncate(length);
        Some(opened)
    }

    fn key_of(&self, shopper: ShopperId) -> Option<LessSafeKey> {
        let (_, slot) = self.slot(shopper)?;
        if slot.state != State::Live {
            return None;
        }
        let said = [&slot.salt[..], &shopper.0.to_le_bytes()].concat();
        let key = hmac::sign(&self.key, &said);
        let key = UnboundKey::new(&CHACHA20_POLY1305, key.as_ref());
        Some(LessSafeKey::new(
            key.expect("SHA-256 has 32 bytes, as a key"),
        ))
    }

    fn index(&self) -> MutexGuard<'_, Index> {
        self.index.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn about(shopper: ShopperId, what: Content) -> Aad<[u8; 9]> {
    let mut said = [what as u8; 9];
    said[1..].copy_from_slice(&shopper.0.to_le_bytes());
    Aad::from(said)
}

fn place(number: u32) -> u64 {
    u64::from(number) * SLOT as u64
}
