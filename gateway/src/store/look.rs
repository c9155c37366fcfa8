//! Looking at what is kept of people while the gateway is at work: counted a
//! few rows at a time, between commits.

use super::{
    cache::{Cache, CacheError},
    keyring::Erasure,
    writer::{Writer, unwound},
};
use engine::shopper::{ConsentNote, Enrolment, Profile, Purpose, ShopperId};
use serde::Serialize;
use std::collections::BTreeMap;
use tokio::sync::oneshot;

/// Rows looked at between two looks at the queue: about a millisecond.
const ROWS: usize = 256;
/// Most who wait for one count; whoever comes then asks again.
const WAITING_MAX: usize = 16;
/// Ages that are told apart: up to so many days.
const AGES: [(i32, &str); 4] = [
    (30, "up to 30 days"),
    (90, "up to 90 days"),
    (365, "up to a year"),
    (730, "up to two years"),
];

/// What somebody wants to see.
#[derive(Debug)]
pub enum Look {
    /// How much there is.
    Holdings(oneshot::Sender<Holdings>),
    /// Everything that is kept of one shopper but for the ledger.
    Person(ShopperId, oneshot::Sender<Person>),
}

/// What is kept of one shopper.
#[derive(Debug, Default)]
pub struct Person {
    /// Keys and consent.
    pub enrolment: Option<Enrolment>,
    /// The profile.
    pub profile: Option<KeptProfile>,
    /// How consents came to be and ended, oldest first, with what was sealed open.
    pub notes: Vec<ConsentNote>,
    /// What remains if the shopper was forgotten.
    pub erasure: Option<Erasure>,
}

/// A profile, and when it was of use.
#[derive(Debug, PartialEq)]
pub struct KeptProfile {
    /// As it was handed in, with the day of the last visit.
    pub profile: Profile,
    /// The day on which it was last used or imported, days since 1970-01-01.
    pub used: Option<i32>,
}

/// How much is kept of people.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Holdings {
    /// Profiles, by the time since their shopper was here or imported.
    pub profiles: BTreeMap<&'static str, u64>,
    /// Shoppers enrolled, also those who took everything back.
    pub enrolled: u64,
    /// Of them, those who agree to each purpose.
    pub agreed: BTreeMap<&'static str, u64>,
    /// Of them, those who took everything back.
    pub withdrawn: u64,
    /// Shoppers forgotten.
    pub forgotten: u64,
    /// Whether bytes of forgotten shoppers still wait to be written over.
    pub is_rewriting: bool,
    /// What went last because it was kept long enough.
    pub last_sweep: Option<Swept>,
}

/// What went because it was kept long enough.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Swept {
    /// On which day, days since 1970-01-01.
    pub day: i32,
    /// Profiles removed.
    pub profiles: u64,
}

/// A walk over everything that is to be counted.
#[derive(Debug, Default)]
pub(super) struct Tour {
    holdings: Holdings,
    /// How far it is: profiles first, then enrolments.
    are_profiles_done: bool,
    after: Option<Vec<u8>>,
    waiting: Vec<oneshot::Sender<Holdings>>,
}

impl Writer {
    /// Begins to look, or joins whoever does.
    pub(super) fn look(&mut self, look: Look) {
        match look {
            Look::Holdings(reply) => {
                let tour = self.tour.get_or_insert_default();
                if tour.waiting.len() < WAITING_MAX {
                    tour.waiting.push(reply);
                }
            }
            Look::Person(shopper, reply) => {
                // Whoever asked may have gone meanwhile; without an answer they
                // are told that there is none.
                if let Ok(person) = self.person(shopper) {
                    let _ = reply.send(person);
                }
            }
        }
    }

    fn person(&self, shopper: ShopperId) -> Result<Person, CacheError> {
        let erasure = self.keyring.erasure(shopper);
        let Some(cache) = &self.cache else {
            return Ok(Person {
                erasure,
                ..Person::default()
            });
        };
        unwound(|| {
            Ok(Person {
                enrolment: cache.enrolment(shopper)?,
                profile: cache.kept_profile(shopper)?,
                notes: self.notes(cache, shopper)?,
                erasure,
            })
        })
    }

    fn notes(&self, cache: &Cache, shopper: ShopperId) -> Result<Vec<ConsentNote>, CacheError> {
        let mut notes = cache.notes_of(shopper)?;
        for note in &mut notes {
            note.how = self.keyring.note_opened(note).unwrap_or_default();
        }
        Ok(notes)
    }

    /// Looks at a few more rows.
    pub(super) fn continue_tour(&mut self) {
        let Some(mut tour) = self.tour.take() else {
            return;
        };
        let today = self.retention.today;
        let went_on = match &self.cache {
            Some(cache) => unwound(|| tour.go_on(cache, today)),
            None => Ok(true),
        };
        match went_on {
            Ok(false) => self.tour = Some(tour),
            Ok(true) => {
                tour.holdings.last_sweep = self.retention.last;
                tour.holdings.is_rewriting = self.rewrite.is_some();
                tour.tell();
            }
            // Whoever waits is told that there is no answer.
            Err(error) => tracing::warn!(%error, "what is kept could not be counted"),
        }
    }
}

impl Tour {
    /// Says whether all is counted.
    fn go_on(&mut self, cache: &Cache, today: Option<i32>) -> Result<bool, CacheError> {
        let (after, holdings) = (self.after.take(), &mut self.holdings);
        if !self.are_profiles_done {
            let each = |used| *holdings.profiles.entry(age(used, today)).or_default() += 1;
            self.after = cache.visit_days(after, ROWS, each)?;
            self.are_profiles_done = self.after.is_none();
            return Ok(false);
        }
        self.after = cache.visit_enrolled(after, ROWS, |enrolment| holdings.note(enrolment))?;
        let [_, _, forgotten] = cache.counts();
        self.holdings.forgotten = forgotten as u64;
        Ok(self.after.is_none())
    }

    fn tell(self) {
        for reply in self.waiting {
            // Whoever asked may have gone meanwhile.
            let _ = reply.send(self.holdings.clone());
        }
    }
}

impl Holdings {
    fn note(&mut self, enrolment: &Enrolment) {
        self.enrolled += 1;
        self.withdrawn += u64::from(enrolment.consent.purposes.is_empty());
        for purpose in Purpose::ALL {
            let agreed = enrolment.consent.purposes.has(purpose);
            *self.agreed.entry(purpose.name()).or_default() += u64::from(agreed);
        }
    }
}

/// How long a profile lay unused.
fn age(used: Option<i32>, today: Option<i32>) -> &'static str {
    let Some((used, today)) = used.zip(today) else {
        return "without a date";
    };
    let ages = AGES.iter().find(|(days, _)| today - used <= *days);
    ages.map_or("older", |(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::tests::{commit, enrolled, keep, profile, start};
    use engine::{effect::LedgerEntry, shopper::Purposes};

    const DAY: i32 = 20_819;

    #[test]
    fn holdings_count_people_by_what_they_agreed_to_and_profiles_by_age() {
        let dir = tempfile::tempdir().unwrap();
        let (mut writer, ..) = start(dir.path());
        commit(&mut writer, (0..600).map(|n| enrolled(n, 1)).collect());
        let withdrawn = |shopper| LedgerEntry::Withdrawn {
            shopper: ShopperId(shopper),
            purposes: Purposes::ALL,
        };
        let forgotten = LedgerEntry::Forgotten {
            shopper: ShopperId(9),
            version: 1,
        };
        commit(&mut writer, vec![withdrawn(1), withdrawn(2), forgotten]);
        writer.perform(vec![keep(3, &profile("undated"))]);
        for (shopper, day) in [(4, DAY), (5, DAY - 30), (6, DAY - 31), (7, DAY - 2_000)] {
            writer.retention.today = Some(day);
            writer.perform(vec![keep(shopper, &profile("dated"))]);
        }
        writer.retention.today = Some(DAY);
        let (reply, mut answer) = oneshot::channel();
        writer.look(Look::Holdings(reply));
        while writer.tour.is_some() {
            writer.continue_tour();
        }
        let told = answer.try_recv().unwrap();
        assert_eq!((told.enrolled, told.withdrawn, told.forgotten), (599, 2, 1));
        assert_eq!(told.agreed["measurement"], 597);
        let ages: Vec<_> = told.profiles.into_iter().collect();
        let expected = [
            ("older", 1),
            ("up to 30 days", 2),
            ("up to 90 days", 1),
            ("without a date", 1),
        ];
        assert_eq!(ages, expected);
    }
}
