//! Proof of consents: the newest notes of each shopper, in a tree of their own
//! so that a checkpoint of the ledger does not lose them.

use super::{Cache, CacheError, decode, encode, key};
use engine::{
    effect::LedgerEntry,
    shopper::{ConsentNote, ShopperId},
};

/// Most notes kept of one shopper; older ones go. A consent that changes every
/// month is proven for more than five years.
const NOTES_MAX: usize = 64;

impl Cache {
    /// Adds a note. Doing it twice does no harm: what is sealed is never twice
    /// the same by chance.
    pub(super) fn note(&self, note: &ConsentNote) -> Result<(), CacheError> {
        let value = encode(note);
        let mut newest = 0;
        let mut count = 0;
        for item in self.notes.scan_prefix(key(note.shopper)) {
            let (place, there) = item?;
            if there == value {
                return Ok(());
            }
            newest = number(&place)?;
            count += 1;
        }
        let place = |number: u32| [&key(note.shopper)[..], &number.to_be_bytes()].concat();
        self.notes.insert(place(newest + 1), value)?;
        if count >= NOTES_MAX
            && let Some(oldest) = self.notes.scan_prefix(key(note.shopper)).keys().next()
        {
            self.notes.remove(oldest?)?;
        }
        Ok(())
    }

    /// The notes of one shopper, oldest first.
    pub(in crate::store) fn notes_of(
        &self,
        shopper: ShopperId,
    ) -> Result<Vec<ConsentNote>, CacheError> {
        let rows = self.notes.scan_prefix(key(shopper)).values();
        rows.map(|value| decode(&value?)).collect()
    }

    pub(super) fn all_notes(&self) -> impl Iterator<Item = Result<LedgerEntry, CacheError>> + '_ {
        let rows = self.notes.iter().values();
        rows.map(|value| Ok(LedgerEntry::Noted(decode(&value?)?)))
    }

    pub(super) fn forget_notes(&self, shopper: ShopperId) -> Result<(), CacheError> {
        for place in self.notes.scan_prefix(key(shopper)).keys() {
            self.notes.remove(place?)?;
        }
        Ok(())
    }
}

fn number(place: &[u8]) -> Result<u32, CacheError> {
    let number = place.get(8..).and_then(|bytes| bytes.try_into().ok());
    number.map(u32::from_be_bytes).ok_or(CacheError::Value)
}
