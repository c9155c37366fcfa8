//! The shop's own data in a form that anything reads, and mending it by hand.

use super::{Check, StoreError, disk::Lock, ledger, open, secret};
use crate::uplink::{self, Receipts};
use engine::{Snapshot, snapshot::Tally};
use protocol::id::OfferId;
use serde::Serialize;
use std::{
    io::{self, Write},
    path::Path,
    time::Duration,
};

/// One line of an export.
#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum Line<'a> {
    Event {
        seq: u64,
        what: &'a uplink::Event,
    },
    Offer {
        offer: &'a OfferId,
        showings: u32,
        painted: u32,
        painted_ms: u64,
        seen_ms: u64,
        anonymous_ms: u64,
    },
    People {
        enrolled: usize,
        forgotten: usize,
    },
}

/// What mending came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mended {
    /// Entries that the ledger holds.
    pub entries: u64,
    /// What had to be mended, in words.
    pub note: Option<String>,
}

/// Writes everything the ledger in `dir` holds, without anybody in it.
pub fn export(dir: &Path, out: &mut dyn Write) -> Result<(), StoreError> {
    if !dir.join("ledger").is_dir() {
        return Err(StoreError::Nothing(dir.to_owned()));
    }
    let _lock = Lock::take(dir)?.ok_or_else(|| StoreError::Busy(dir.to_owned()))?;
    let receipts = Receipts::new(secret::read(dir)?.derive(uplink::RECEIPTS));
    let mut snapshot = Snapshot::default();
    let mut failed = None;
    ledger::survey(&dir.join("ledger"), &mut |seq, entry| {
        snapshot.apply(&entry);
        if let (None, Some((_, what))) = (&failed, uplink::told(&entry, &receipts)) {
            failed = line(out, &Line::Event { seq, what: &what }).err();
        }
    })?;
    if let Some(error) = failed {
        return Err(error.into());
    }
    for (offer, tally) in &snapshot.tallies {
        line(out, &Line::of(offer, tally))?;
    }
    let people = Line::People {
        enrolled: snapshot.enrolled.len(),
        forgotten: snapshot.forgotten.len(),
    };
    Ok(line(out, &people)?)
}

impl<'a> Line<'a> {
    fn of(offer: &'a OfferId, tally: &Tally) -> Self {
        Self::Offer {
            offer,
            showings: tally.showings,
            painted: tally.painted,
            painted_ms: tally.painted_ms,
            seen_ms: tally.seen_ms,
            anonymous_ms: tally.anonymous_ms,
        }
    }
}

fn line(out: &mut dyn Write, what: &Line<'_>) -> io::Result<()> {
    serde_json::to_writer(&mut *out, what)?;
    out.write_all(b"\n")
}

/// Does what a start does to the store in `dir`, and closes it again.
pub fn repair(dir: &Path, check: &Check) -> Result<Mended, StoreError> {
    if !dir.join("ledger").is_dir() {
        return Err(StoreError::Nothing(dir.to_owned()));
    }
    let storage = config::Storage {
        dir: dir.to_owned(),
        cache_bytes: 8 << 20,
        flush_every: Duration::from_secs(5),
        group_commit: Duration::from_millis(1),
        // What was set aside stays as it is.
        ballast_bytes: 0,
    };
    // Nothing goes for its age: nobody tells what day it is.
    let always = config::Retention {
        exposures: Duration::MAX,
        unused_profiles: Duration::MAX,
    };
    let opened = open(&storage, always, check)?;
    let note = opened.store.gauge().note();
    drop(opened);
    let mut entries = 0;
    ledger::survey(&dir.join("ledger"), &mut |_, _| entries += 1)?;
    Ok(Mended { entries, note })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::tests::{commit, enrolled, start};
    use std::fs;

    #[test]
    fn an_export_holds_what_happened_and_nobody() {
        let dir = tempfile::tempdir().unwrap();
        secret::read_or_draw(dir.path()).unwrap();
        let (mut writer, _, _answers) = start(dir.path());
        commit(&mut writer, vec![enrolled(987_654_321, 1)]);
        drop(writer);
        let mut out = Vec::new();
        export(dir.path(), &mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines.len(), 3, "{text}");
        assert!(lines[0].contains("started") && lines[1].contains("consented"));
        assert_eq!(lines[2], r#"{"people":{"enrolled":1,"forgotten":0}}"#);
        assert!(!text.contains("987654321"), "{text}");
    }

    #[test]
    fn a_repair_says_what_it_did_and_is_not_needed_twice() {
        let dir = tempfile::tempdir().unwrap();
        secret::read_or_draw(dir.path()).unwrap();
        let (mut writer, _, _answers) = start(dir.path());
        commit(&mut writer, vec![enrolled(7, 1)]);
        drop(writer);
        fs::write(dir.path().join("cache/current"), "not a number").unwrap();
        let first = repair(dir.path(), &Check::Here).unwrap();
        let again = repair(dir.path(), &Check::Here).unwrap();
        assert_eq!((first.entries, again.entries), (3, 4), "each start is one");
        assert_eq!(again.note, None);
    }
}
