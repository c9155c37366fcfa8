//! Profiles, each with the day on which its shopper was last heard of.

use super::{Cache, CacheError, decode, key, replace, shopper_of};
use engine::shopper::{Enrolment, Profile, Purpose, ShopperId};
use std::ops::Bound;

/// A profile as it lies in its tree: the day since 1970-01-01 on which it was
/// last used, zero if the date was not known, then the profile. The day has one
/// length, so that a profile that fits once fits on every day.
pub(super) type Kept = ([u8; 4], Profile);

/// What a look at some profiles came to.
#[derive(Debug, Default, PartialEq, Eq)]
pub(in crate::store) struct Expired {
    /// The last key looked at; nothing at the end.
    pub(in crate::store) after: Option<Vec<u8>>,
    /// Profiles removed.
    pub(in crate::store) removed: u64,
}

impl Cache {
    /// The profile of one shopper.
    #[cfg(test)]
    pub(in crate::store) fn profile(
        &self,
        shopper: ShopperId,
    ) -> Result<Option<Profile>, CacheError> {
        Ok(self.kept(shopper)?.map(|(_, profile)| profile))
    }

    /// The profile of a shopper who has come in. It is written again if this is
    /// the first time on this day; says whether it was.
    pub(in crate::store) fn use_profile(
        &self,
        shopper: ShopperId,
        today: Option<i32>,
    ) -> Result<Option<(Profile, bool)>, CacheError> {
        let Some((used, profile)) = self.kept(shopper)? else {
            return Ok(None);
        };
        let is_first = today.is_some_and(|today| used != today.to_le_bytes());
        if is_first {
            self.keep(shopper, &profile, today)?;
        }
        Ok(Some((profile, is_first)))
    }

    fn kept(&self, shopper: ShopperId) -> Result<Option<Kept>, CacheError> {
        let value = self.profiles.get(key(shopper))?;
        value.map(|value| decode(&value)).transpose()
    }

    /// Keeps a profile, as used today.
    pub(in crate::store) fn keep(
        &self,
        shopper: ShopperId,
        profile: &Profile,
        today: Option<i32>,
    ) -> Result<(), CacheError> {
        let kept = (today.unwrap_or(0).to_le_bytes(), profile);
        replace(&self.profiles, key(shopper), Some(&kept))
    }

    /// Removes a profile. Its bytes stay in sled's files until they are rewritten.
    pub(in crate::store) fn erase(&self, shopper: ShopperId) -> Result<(), CacheError> {
        if self.profiles.remove(key(shopper))?.is_some() {
            self.set_residue()?;
        }
        Ok(())
    }

    /// Removes those of up to `rows` profiles, beginning after a key, that were
    /// last used more than `days` before today.
    pub(in crate::store) fn expire(
        &self,
        after: Option<Vec<u8>>,
        rows: usize,
        today: i32,
        days: i32,
    ) -> Result<Expired, CacheError> {
        let start = after.map_or(Bound::Unbounded, Bound::Excluded);
        let range = self.profiles.range::<Vec<u8>, _>((start, Bound::Unbounded));
        let mut expired = Expired::default();
        for item in range.take(rows).collect::<Vec<_>>() {
            let (key, value) = item?;
            let (used, profile): Kept = decode(&value)?;
            let used = i32::from_le_bytes(used);
            // Without a date, or with one from a clock that was wrong: the time
            // runs from today.
            if used == 0 || used > today {
                self.keep(shopper_of(&key)?, &profile, Some(today))?;
            } else if today - used > days {
                self.erase(shopper_of(&key)?)?;
                expired.removed += 1;
            }
            expired.after = Some(key.to_vec());
        }
        Ok(expired)
    }

    /// Shows up to `rows` profiles of shoppers who agreed to be known by them,
    /// beginning after a key. Returns the last key, or nothing at the end.
    pub(in crate::store) fn visit_profiles(
        &self,
        after: Option<Vec<u8>>,
        rows: usize,
        mut each: impl FnMut(Profile),
    ) -> Result<Option<Vec<u8>>, CacheError> {
        let start = after.map_or(Bound::Unbounded, Bound::Excluded);
        let range = self.profiles.range::<Vec<u8>, _>((start, Bound::Unbounded));
        let mut last = None;
        for item in range.take(rows) {
            let (key, value) = item?;
            let enrolment = self.enrolled.get(&key)?;
            let enrolment: Option<Enrolment> = enrolment.map(|e| decode(&e)).transpose()?;
            if enrolment.is_some_and(|e| e.consent.purposes.has(Purpose::Personalisation)) {
                let (_, profile): Kept = decode(&value)?;
                each(profile);
            }
            last = Some(key.to_vec());
        }
        Ok(last)
    }
}
