//! Who is enrolled and who was forgotten, in trees of their own: keys sealed,
//! the rest beside them.

use super::{
    Cache, CacheError, SCHEMA, SEALED, decode, encode, key, profiles::Kept, replace, shopper_of,
};
use crate::store::keyring::{Content, Keyring};
use engine::{
    Snapshot,
    effect::LedgerEntry,
    shopper::{ConsentNote, Enrolment, SealedEnrolment, ShopperId},
};
use std::ops::Bound;

impl Cache {
    /// Adds everybody enrolled and forgotten to `snapshot`, one at a time.
    pub(in crate::store) fn load_people(&self, snapshot: &mut Snapshot) -> Result<(), CacheError> {
        for entry in self.people() {
            match entry? {
                LedgerEntry::Forgotten { shopper, version } => {
                    snapshot.forgotten.insert(shopper, version);
                }
                LedgerEntry::Sealed(sealed) => {
                    let enrolment = self.opened(*sealed);
                    snapshot.apply(&LedgerEntry::Enrolled(enrolment));
                }
                enrolled => snapshot.apply(&enrolled),
            }
        }
        Ok(())
    }

    /// Everybody enrolled and forgotten, as entries of the ledger that add up to them.
    pub(in crate::store) fn people(
        &self,
    ) -> impl Iterator<Item = Result<LedgerEntry, CacheError>> + '_ {
        let enrolled = self.enrolled.iter().map(|item| self.entry_of(&item?.1));
        let forgotten = self.forgotten.iter().map(|item| {
            let (key, value) = item?;
            Ok(LedgerEntry::Forgotten {
                shopper: shopper_of(&key)?,
                version: decode(&value)?,
            })
        });
        enrolled.chain(forgotten).chain(self.all_notes())
    }

    /// A row as the ledger has it: sealed, unless it is older than keyrings and
    /// nobody can seal it.
    fn entry_of(&self, value: &[u8]) -> Result<LedgerEntry, CacheError> {
        if let Some((&SEALED, body)) = value.split_first() {
            let sealed = postcard::from_bytes(body).map_err(|_| CacheError::Value)?;
            return Ok(LedgerEntry::Sealed(Box::new(sealed)));
        }
        let enrolled = LedgerEntry::Enrolled(decode(value)?);
        let sealed = self.keyring.as_ref().and_then(|k| k.closed(&enrolled));
        Ok(sealed.unwrap_or(enrolled))
    }

    /// Keys and consent of one shopper.
    pub(in crate::store) fn enrolment(
        &self,
        shopper: ShopperId,
    ) -> Result<Option<Enrolment>, CacheError> {
        let value = self.enrolled.get(key(shopper))?;
        value.map(|value| self.enrolment_in(&value)).transpose()
    }

    fn opened(&self, sealed: SealedEnrolment) -> Enrolment {
        match &self.keyring {
            Some(keyring) => keyring.opened(sealed).0,
            None => sealed.locked(),
        }
    }

    /// What is kept of who is enrolled, in the clear.
    pub(super) fn enrolment_in(&self, value: &[u8]) -> Result<Enrolment, CacheError> {
        match value.split_first() {
            Some((&SEALED, body)) => postcard::from_bytes(body)
                .map(|sealed| self.opened(sealed))
                .map_err(|_| CacheError::Value),
            _ => decode(value),
        }
    }

    pub(super) fn fold_one(
        &self,
        shopper: ShopperId,
        entry: &LedgerEntry,
    ) -> Result<(), CacheError> {
        let key = key(shopper);
        let mut one = Snapshot::default();
        if let Some(value) = self.enrolled.get(key)? {
            one.enrolled.insert(shopper, self.enrolment_in(&value)?);
        }
        if let Some(value) = self.forgotten.get(key)? {
            one.forgotten.insert(shopper, decode(&value)?);
        }
        one.apply(entry);
        let enrolled = one.enrolled.remove(&shopper);
        let row = enrolled
            .map(|enrolment| self.row_of(enrolment))
            .transpose()?;
        replace(&self.enrolled, key, row)?;
        replace(
            &self.forgotten,
            key,
            one.forgotten.get(&shopper).map(encode),
        )
    }

    fn row_of(&self, enrolment: Enrolment) -> Result<Vec<u8>, CacheError> {
        let keyring = self.keyring.as_ref().ok_or(CacheError::NoKey)?;
        let sealed = keyring.sealed(&enrolment).unwrap_or(SealedEnrolment {
            shopper: enrolment.shopper,
            version: enrolment.version,
            consent: enrolment.consent,
            // Whose key was destroyed: nobody opens this either.
            keys: Vec::new(),
        });
        let body = postcard::to_stdvec(&sealed).expect("an enrolment can be encoded");
        Ok([&[SEALED][..], &body].concat())
    }

    /// How many trees [`Cache::copy_rows`] knows. The small state is not among
    /// them: it is in memory and written as a whole.
    pub(in crate::store) const COPIED: usize = 4;

    /// Copies up to `rows` rows of one tree to `target`, beginning after a key.
    /// Returns the last key copied, or nothing when there are no more. What is
    /// older than keyrings is sealed on the way.
    pub(in crate::store) fn copy_rows(
        &self,
        target: &Self,
        tree: usize,
        after: Option<Vec<u8>>,
        rows: usize,
    ) -> Result<Option<Vec<u8>>, CacheError> {
        let trees = |cache: &Self| {
            let trees = [
                &cache.profiles,
                &cache.enrolled,
                &cache.forgotten,
                &cache.notes,
            ];
            trees.map(Clone::clone)
        };
        let (from, to) = (&trees(self)[tree], &trees(target)[tree]);
        let start = after.map_or(Bound::Unbounded, Bound::Excluded);
        let mut last = None;
        for item in from
            .range::<Vec<u8>, _>((start, Bound::Unbounded))
            .take(rows)
        {
            let (key, value) = item?;
            let sealed = match (tree, value.first()) {
                (0, Some(&SCHEMA)) => {
                    // Without a key there is no enrolment, and no ground to keep it.
                    self.sealed_kept(shopper_of(&key)?, &Kept::read(&value)?)
                        .ok()
                }
                (1, Some(&SCHEMA)) => Some(self.row_of(decode(&value)?)?),
                _ => Some(value.to_vec()),
            };
            if let Some(sealed) = sealed {
                to.insert(&key, sealed)?;
            }
            last = Some(key.to_vec());
        }
        Ok(last)
    }
}

impl Keyring {
    /// An entry as it is written: enrolments with their keys sealed. Nothing
    /// for what is written as it is, or whose shopper has no key.
    pub(in crate::store) fn closed(&self, entry: &LedgerEntry) -> Option<LedgerEntry> {
        let LedgerEntry::Enrolled(enrolment) = entry else {
            return None;
        };
        let sealed = self.sealed(enrolment)?;
        Some(LedgerEntry::Sealed(Box::new(sealed)))
    }

    fn sealed(&self, enrolment: &Enrolment) -> Option<SealedEnrolment> {
        let keys = postcard::to_stdvec(&enrolment.keys).expect("keys can be encoded");
        let keys = self.seal(enrolment.shopper, Content::Keys, &keys)?;
        Some(SealedEnrolment {
            shopper: enrolment.shopper,
            version: enrolment.version,
            consent: enrolment.consent,
            keys,
        })
    }

    /// How a consent came to be; nothing when the key is gone.
    pub(in crate::store) fn note_opened(&self, note: &ConsentNote) -> Option<Vec<u8>> {
        self.open_box(note.shopper, Content::Consent, &note.how)
    }

    /// Whether it can be read how a consent came to be.
    pub(in crate::store) fn opens_note(&self, note: &ConsentNote) -> bool {
        self.note_opened(note).is_some()
    }

    /// The enrolment, and whether its keys could be opened. Where they cannot,
    /// nothing is consented to: whose keys were destroyed must not come back.
    pub(in crate::store) fn opened(&self, sealed: SealedEnrolment) -> (Enrolment, bool) {
        let keys = self.open_box(sealed.shopper, Content::Keys, &sealed.keys);
        match keys.and_then(|keys| postcard::from_bytes(&keys).ok()) {
            Some(keys) => {
                let enrolment = Enrolment {
                    shopper: sealed.shopper,
                    version: sealed.version,
                    keys,
                    consent: sealed.consent,
                };
                (enrolment, true)
            }
            None => (sealed.locked(), false),
        }
    }
}
