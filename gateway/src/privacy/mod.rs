//! What the shop keeps of people, told to whoever is responsible for it.
//!
//! | module | what it does |
//! |---|---|
//! | [`map`] | the data map: every kind of thing that is kept, by the code's own kinds |
//! | [`report`] | the map with what is there now, and what went last |

pub mod map;
pub mod report;

use crate::store::{self, Holdings, LedgerError};
use engine::effect::LedgerEntry;
use report::{Held, Report};
use std::{collections::BTreeMap, path::PathBuf};

/// Answers questions about what is kept. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Office {
    data: PathBuf,
    limits: map::Limits,
}

impl Office {
    /// For the store of a shop.
    pub fn new(shell: &config::Shell) -> Self {
        Self {
            data: shell.storage.dir.clone(),
            limits: map::Limits {
                exposures: shell.retention.exposures,
                unused_profiles: shell.retention.unused_profiles,
                recording_days: shell.recording.map_or(0, |kept| kept.keep_days),
            },
        }
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
}
