//! Profiles, each with the day on which its shopper was last heard of.

use super::{Cache, CacheError, SEALED, decode, key, replace, shopper_of};
use crate::store::{
    KeptProfile,
    keyring::{BOX, Content},
};
use engine::shopper::{Enrolment, Profile, Purpose, ShopperId};
use serde::{Deserialize, Serialize};
use sled::Tree;
use std::ops::Bound;

/// A profile as it lies in its tree. Days are since 1970-01-01, zero if the date
/// was not known; they have one length, so that a profile that fits once fits on
/// every day.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Kept {
    /// The day on which it was last used or written.
    used: [u8; 4],
    /// Without the day of the last visit, which stands in `before`.
    profile: Profile,
    /// The day of the newest visit.
    came: [u8; 4],
    /// The day of the visit before that one.
    before: [u8; 4],
}

/// As it lay there before visits had days.
#[derive(Deserialize)]
struct Older {
    used: [u8; 4],
    segments: Vec<String>,
    language: Option<String>,
    adult: Option<bool>,
    affinities: Vec<(String, u8)>,
    visits: u32,
}

impl Kept {
    /// Reads one of the time before keyrings.
    pub(super) fn read(bytes: &[u8]) -> Result<Self, CacheError> {
        decode(bytes).or_else(|_| decode::<Older>(bytes).map(Self::from))
    }

    /// Whether there can be one in these bytes, for whoever cannot open them.
    pub(super) fn check(bytes: &[u8]) -> Result<(), CacheError> {
        match bytes.split_first() {
            Some((&SEALED, sealed)) if sealed.len() > BOX => Ok(()),
            Some((&SEALED, _)) => Err(CacheError::Value),
            _ => Self::read(bytes).map(drop),
        }
    }

    /// With the day of the last visit put in.
    fn into_profile(self) -> Profile {
        Profile {
            last_visit_day: day(self.before),
            ..self.profile
        }
    }
}

impl From<Older> for Kept {
    fn from(older: Older) -> Self {
        Self {
            used: older.used,
            profile: Profile {
                segments: older.segments,
                language: older.language,
                adult: older.adult,
                affinities: older.affinities,
                visits: older.visits,
                last_visit_day: None,
            },
            came: [0; 4],
            before: [0; 4],
        }
    }
}

fn day(bytes: [u8; 4]) -> Option<i32> {
    Some(i32::from_le_bytes(bytes)).filter(|day| *day != 0)
}

/// What a look at some profiles came to.
#[derive(Debug, Default, PartialEq, Eq)]
pub(in crate::store) struct Expired {
    /// The last key looked at; nothing at the end.
    pub(in crate::store) after: Option<Vec<u8>>,
    /// Profiles removed.
    pub(in crate::store) removed: u64,
}

impl Cache {
    /// The bytes in which a profile lies on the disk.
    #[cfg(test)]
    pub(in crate::store) fn sealed_row(&self, shopper: ShopperId) -> Vec<u8> {
        let row = self.profiles.get(key(shopper)).expect("sled is sound");
        row.expect("the test has kept it").to_vec()
    }

    /// Puts a shopper in as programs did before keyrings.
    #[cfg(test)]
    pub(in crate::store) fn keep_plain(&self, enrolment: &Enrolment, profile: &Profile) {
        let kept = Kept {
            used: [0; 4],
            profile: profile.clone(),
            came: [0; 4],
            before: [0; 4],
        };
        let row = super::encode(&kept);
        let key = key(enrolment.shopper);
        self.profiles.insert(key, row).expect("sled is sound");
        let row = super::encode(enrolment);
        self.enrolled.insert(key, row).expect("sled is sound");
    }

    /// The profile of one shopper.
    #[cfg(test)]
    pub(in crate::store) fn profile(
        &self,
        shopper: ShopperId,
    ) -> Result<Option<Profile>, CacheError> {
        Ok(self.kept(shopper)?.map(Kept::into_profile))
    }

    /// The profile of one shopper, and when it was last of use.
    pub(in crate::store) fn kept_profile(
        &self,
        shopper: ShopperId,
    ) -> Result<Option<KeptProfile>, CacheError> {
        let kept = self.kept(shopper)?;
        Ok(kept.map(|kept| KeptProfile {
            used: day(kept.used),
            profile: kept.into_profile(),
        }))
    }

    /// The profile of a shopper who has come in. It is written again if this is
    /// the first time on this day; says whether it was.
    pub(in crate::store) fn use_profile(
        &self,
        shopper: ShopperId,
        today: Option<i32>,
    ) -> Result<Option<(Profile, bool)>, CacheError> {
        let Some(mut kept) = self.kept(shopper)? else {
            return Ok(None);
        };
        let today = today.map(i32::to_le_bytes);
        let is_first = today.is_some_and(|today| kept.came != today);
        if let Some(today) = today.filter(|_| is_first) {
            kept.before = if kept.came == [0; 4] {
                kept.before
            } else {
                kept.came
            };
            (kept.used, kept.came) = (today, today);
            replace(
                &self.profiles,
                key(shopper),
                Some(self.sealed_kept(shopper, &kept)?),
            )?;
        }
        Ok(Some((kept.into_profile(), is_first)))
    }

    fn kept(&self, shopper: ShopperId) -> Result<Option<Kept>, CacheError> {
        match self.profiles.get(key(shopper))? {
            Some(value) => self.kept_in(shopper, &value),
            None => Ok(None),
        }
    }

    /// What is in a row; nothing when its key was destroyed.
    fn kept_in(&self, shopper: ShopperId, value: &[u8]) -> Result<Option<Kept>, CacheError> {
        let Some((&SEALED, sealed)) = value.split_first() else {
            return Kept::read(value).map(Some);
        };
        let keyring = self.keyring.as_ref().ok_or(CacheError::NoKey)?;
        let opened = keyring.open_box(shopper, Content::Profile, sealed);
        let kept = opened.map(|plain| postcard::from_bytes(&plain));
        kept.transpose().map_err(|_| CacheError::Value)
    }

    /// A row as it is kept.
    pub(super) fn sealed_kept(
        &self,
        shopper: ShopperId,
        kept: &Kept,
    ) -> Result<Vec<u8>, CacheError> {
        let plain = postcard::to_stdvec(kept).expect("a profile can be encoded");
        let keyring = self.keyring.as_ref().ok_or(CacheError::NoKey)?;
        let sealed = keyring.seal(shopper, Content::Profile, &plain);
        let sealed = sealed.ok_or(CacheError::NoKey)?;
        Ok([&[SEALED][..], &sealed].concat())
    }

    /// Keeps a profile, as used today. What is known of visits stays, unless the
    /// profile itself knows of a later one.
    pub(in crate::store) fn keep(
        &self,
        shopper: ShopperId,
        profile: &Profile,
        today: Option<i32>,
    ) -> Result<(), CacheError> {
        let known = self.kept(shopper).ok().flatten();
        let (came, before) = known.map_or(([0; 4], [0; 4]), |kept| (kept.came, kept.before));
        let before = day(before).max(profile.last_visit_day).unwrap_or(0);
        let kept = Kept {
            used: today.unwrap_or(0).to_le_bytes(),
            profile: Profile {
                last_visit_day: None,
                ..profile.clone()
            },
            came,
            before: before.to_le_bytes(),
        };
        replace(
            &self.profiles,
            key(shopper),
            Some(self.sealed_kept(shopper, &kept)?),
        )
    }

    /// Removes a profile. Its bytes stay in sled's files until they are rewritten.
    pub(in crate::store) fn erase(&self, shopper: ShopperId) -> Result<(), CacheError> {
        if self.profiles.remove(key(shopper))?.is_some() {
            self.set_residue()?;
        }
        Ok(())
    }

    /// Removes a profile that its shopper does not agree to any more. Its key
    /// stays, with which it is proven what was agreed to; its bytes go with the
    /// next rewriting.
    pub(super) fn drop_if_unagreed(&self, shopper: ShopperId) -> Result<(), CacheError> {
        let enrolment = self.enrolment(shopper)?;
        if !enrolment.is_some_and(|e| e.consent.purposes.has(Purpose::Personalisation)) {
            self.erase(shopper)?;
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
            expired.after = Some(key.to_vec());
            let Some(kept) = self.kept_in(shopper_of(&key)?, &value)? else {
                // Nobody can read it any more.
                self.erase(shopper_of(&key)?)?;
                continue;
            };
            let used = i32::from_le_bytes(kept.used);
            // Without a date, or with one from a clock that was wrong: the time
            // runs from today.
            if used == 0 || used > today {
                let profile = kept.into_profile();
                self.keep(shopper_of(&key)?, &profile, Some(today))?;
            } else if today - used > days {
                self.erase(shopper_of(&key)?)?;
                expired.removed += 1;
            }
        }
        Ok(expired)
    }

    /// Shows the day on which each of up to `rows` profiles was last used, if it
    /// is known, beginning after a key. Returns the last key, or nothing at the end.
    pub(in crate::store) fn visit_days(
        &self,
        after: Option<Vec<u8>>,
        rows: usize,
        mut each: impl FnMut(Option<i32>),
    ) -> Result<Option<Vec<u8>>, CacheError> {
        walk(&self.profiles, after, rows, |key, value| {
            let kept = self.kept_in(shopper_of(key)?, value)?;
            if let Some(kept) = kept {
                each(day(kept.used));
            }
            Ok(())
        })
    }

    /// The same with the enrolments of shoppers.
    pub(in crate::store) fn visit_enrolled(
        &self,
        after: Option<Vec<u8>>,
        rows: usize,
        mut each: impl FnMut(&Enrolment),
    ) -> Result<Option<Vec<u8>>, CacheError> {
        walk(&self.enrolled, after, rows, |_, value| {
            each(&self.enrolment_in(value)?);
            Ok(())
        })
    }

    /// Shows up to `rows` profiles of shoppers who agreed to be known by them,
    /// beginning after a key. Returns the last key, or nothing at the end.
    pub(in crate::store) fn visit_profiles(
        &self,
        after: Option<Vec<u8>>,
        rows: usize,
        mut each: impl FnMut(Profile),
    ) -> Result<Option<Vec<u8>>, CacheError> {
        walk(&self.profiles, after, rows, |key, value| {
            let enrolment = self.enrolled.get(key)?;
            let enrolment = enrolment.map(|e| self.enrolment_in(&e)).transpose()?;
            let agreed = |e: Enrolment| e.consent.purposes.has(Purpose::Personalisation);
            if enrolment.is_some_and(agreed)
                && let Some(kept) = self.kept_in(shopper_of(key)?, value)?
            {
                each(kept.into_profile());
            }
            Ok(())
        })
    }
}

/// Shows up to `rows` rows, beginning after a key. Returns the last key, or
/// nothing at the end.
fn walk(
    tree: &Tree,
    after: Option<Vec<u8>>,
    rows: usize,
    mut each: impl FnMut(&[u8], &[u8]) -> Result<(), CacheError>,
) -> Result<Option<Vec<u8>>, CacheError> {
    let start = after.map_or(Bound::Unbounded, Bound::Excluded);
    let range = tree.range::<Vec<u8>, _>((start, Bound::Unbounded));
    let mut last = None;
    for item in range.take(rows) {
        let (key, value) = item?;
        each(&key, &value)?;
        last = Some(key.to_vec());
    }
    Ok(last)
}
