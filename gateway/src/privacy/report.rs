//! The map of [`super::map`] with what is there now.

use super::map::{Form, Ground, Kind, Limits, ROWS, Row};
use crate::store::Holdings;
use engine::{effect::LedgerEntry, shopper::Purpose};
use jiff::Timestamp;
use serde::Serialize;
use std::collections::BTreeMap;

/// What is kept of people, where, why and how much of it.
#[derive(Debug, Serialize)]
pub struct Report {
    /// One line for each kind of thing.
    pub map: Vec<Line>,
    /// Shoppers, their consents, and profiles by age.
    pub holdings: Holdings,
}

/// One kind of thing.
#[derive(Debug, Serialize)]
pub struct Line {
    /// Which.
    pub kind: Kind,
    /// In words.
    pub what: &'static str,
    /// Where.
    pub place: &'static str,
    /// How it is written down.
    pub form: Form,
    /// For what.
    pub purposes: &'static [Purpose],
    /// On which ground.
    pub ground: Ground,
    /// For how long, in words.
    pub kept: String,
    /// Entries of it in the ledger.
    pub entries: u64,
    /// The oldest date among them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub oldest: Option<String>,
    /// The newest date among them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub newest: Option<String>,
}

/// What the ledger holds of one kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Held {
    /// Entries.
    pub entries: u64,
    /// The oldest date among them.
    pub oldest: Option<Timestamp>,
    /// The newest date among them.
    pub newest: Option<Timestamp>,
}

impl Held {
    /// Counts an entry.
    pub fn note(&mut self, entry: &LedgerEntry) {
        self.entries += 1;
        let LedgerEntry::Exposed(exposure) = entry else {
            return;
        };
        let ended = exposure.ended.map(|at| Timestamp::from_millisecond(at.0));
        let ended = ended.and_then(Result::ok);
        self.oldest = [self.oldest, ended].into_iter().flatten().min();
        self.newest = self.newest.max(ended);
    }
}

impl Report {
    /// Puts it together.
    pub fn new(limits: &Limits, held: &BTreeMap<Kind, Held>, holdings: Holdings) -> Self {
        let of = |row: &Row| held.get(&row.kind).copied().unwrap_or_default();
        let date = |at: Option<Timestamp>| at.map(|at| at.to_string());
        let line = |row: &Row| Line {
            kind: row.kind,
            what: row.what,
            place: row.place,
            form: row.form,
            purposes: row.purposes,
            ground: row.ground,
            kept: row.term.told(limits),
            entries: of(row).entries,
            oldest: date(of(row).oldest),
            newest: date(of(row).newest),
        };
        Self {
            map: ROWS.iter().map(line).collect(),
            holdings,
        }
    }
}
