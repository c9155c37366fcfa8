//! What the shop keeps of people, told to whoever is responsible for it.
//!
//! | module | what it does |
//! |---|---|
//! | [`map`] | the data map: every kind of thing that is kept, by the code's own kinds |
//! | [`report`] | the map with what is there now, and what went last |
//! | [`given`], [`consent`] | how consents came to be, and the record that proves them |
//! | [`person`] | everything that is kept of one shopper |
//! | [`receipt`] | proof that somebody was forgotten, signed and without a name |
//! | [`looks`] | who looked at whom |

pub mod consent;
pub mod given;
pub mod looks;
pub mod map;
pub mod person;
pub mod receipt;
pub mod report;

use crate::store::{self, Holdings, LedgerError, Person, Secret};
use consent::Keeper;
use engine::{effect::LedgerEntry, shopper::ShopperId, time::UnixMs};
use jiff::Timestamp;
use looks::{LookedAt, Looks};
use person::Kept;
use protocol::id::StoreId;
use receipt::{Notary, Receipt};
use report::{Held, Report};
use serde_json::Value;
use std::{collections::BTreeMap, io, path::PathBuf};

/// Most looks that are told at once.
const LOOKS_MAX: usize = 500;

/// Answers questions about what is kept. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Office {
    data: PathBuf,
    /// The shop as people read it.
    name: String,
    controller: Option<config::Controller>,
    limits: map::Limits,
    notary: Notary,
    looks: Looks,
}

impl Office {
    /// For the store of a shop, and the shop's name.
    pub fn new(shell: &config::Shell, (store, name): (StoreId, String), secret: &Secret) -> Self {
        Self {
            name,
            controller: shell.controller.clone(),
            data: shell.storage.dir.clone(),
            limits: map::Limits {
                exposures: shell.retention.exposures,
                unused_profiles: shell.retention.unused_profiles,
                recording_days: shell.recording.map_or(0, |kept| kept.keep_days),
            },
            notary: Notary::new(store, secret),
            looks: Looks::new(&shell.storage.dir),
        }
    }

    /// The receipt of a shopper who was forgotten, if this one was.
    pub fn receipt(&self, shopper: ShopperId, person: &Person) -> Option<Receipt> {
        let erasure = person.erasure?;
        Some(self.notary.receipt(shopper, erasure))
    }

    /// Everything that is kept of one shopper. Whoever looks is noted first.
    /// Reads the whole ledger: not for the loop's thread.
    pub fn show(
        &self,
        who: &str,
        shopper: ShopperId,
        person: &Person,
    ) -> Result<Kept, LedgerError> {
        let subject = self.notary.subject(shopper);
        self.looks.note(who, "person", &subject)?;
        let mut kept = Kept::new(subject, person, self.receipt(shopper, person));
        kept.consents = self.record(&kept.subject, person);
        store::read_ledger(&self.data, &mut |entry| kept.note(shopper, entry))?;
        Ok(kept)
    }

    /// The record of a shopper's consents. Whoever looks is noted first.
    pub fn consents(
        &self,
        who: &str,
        shopper: ShopperId,
        person: &Person,
    ) -> io::Result<Option<Value>> {
        let subject = self.notary.subject(shopper);
        self.looks.note(who, "consents", &subject)?;
        Ok(self.record(&subject, person))
    }

    fn record(&self, subject: &str, person: &Person) -> Option<Value> {
        let keeper = Keeper {
            store: self.notary.store(),
            name: &self.name,
            controller: self.controller.as_ref(),
            limits: &self.limits,
        };
        let now = UnixMs(Timestamp::now().as_millisecond());
        consent::record(keeper, subject, person, now)
    }

    /// The newest looks at what is kept of people; those at one, or all.
    pub fn looks(&self, at: Option<ShopperId>) -> io::Result<Vec<LookedAt>> {
        let subject = at.map(|shopper| self.notary.subject(shopper));
        self.looks.newest(LOOKS_MAX, subject.as_deref())
    }

    /// The report, from what the store counted. Reads the whole ledger: not for
    /// the loop's thread.
    pub fn report(&self, holdings: Holdings) -> Result<Report, LedgerError> {
        let mut held: BTreeMap<map::Kind, Held> = BTreeMap::new();
        store::read_ledger(&self.data, &mut |entry: &LedgerEntry| {
            if let Some(kind) = map::kind_of(entry) {
                held.entry(kind).or_default().note(entry);
            }
        })?;
        Ok(Report::new(&self.limits, &held, holdings))
    }

    /// Of the shipped shop, in a folder that is not there.
    #[cfg(test)]
    pub(crate) fn in_tests() -> Self {
        let shop = config::demo();
        let store = (shop.plan.store.clone(), shop.plan.name.clone());
        Self::new(&shop.shell, store, &Secret::of([7; 16]))
    }
}
