//! `sightings.csv`: `t_s,scanner,tag,rssi_dbm`, in any order.

use crate::table::Table;
use anyhow::Result;
use engine::plan::{ScannerIx, StorePlan};
use protocol::id::ScannerId;
use std::collections::{BTreeMap, HashMap};

/// Most tags of a file: as many as can be enrolled in the engine.
const TAGS_MAX: usize = engine::shopper::MAX_ENROLLED;
/// Most names of unknown scanners that are told.
const UNKNOWN_MAX: usize = 16;
/// Times further from zero than the year 5138 are no times.
const TIME_MAX_S: f64 = 1e11;

/// One packet as one scanner heard it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Heard {
    /// When, s.
    pub t_s: f64,
    /// By whom.
    pub scanner: ScannerIx,
    /// Whose: an index into [`Sightings::tags`].
    pub tag: u32,
    /// How strong, dBm; may be no number, as it stands in the file.
    pub rssi_dbm: f32,
}

/// What all scanners heard, in the order of time.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Sightings {
    /// Names of the tags, in the order in which they appear in the file.
    pub tags: Vec<String>,
    /// Packets, rising in time.
    pub heard: Vec<Heard>,
    /// What was not taken in.
    pub facts: Facts,
}

/// What of a file was not as one would wish.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct Facts {
    /// Rows in the file.
    pub rows: u64,
    /// Rows by scanners that are not in `store.toml`, by name; the names are
    /// cut at sixteen.
    pub unknown_scanners: BTreeMap<String, u64>,
    /// All rows by unknown scanners.
    pub of_unknown_scanners: u64,
    /// Rows whose time is no time.
    pub without_time: u64,
    /// Rows that stand after one of a later time.
    pub out_of_order: u64,
}

impl Sightings {
    /// Reads a file.
    pub fn read(mut table: Table, plan: &StorePlan) -> Result<Self> {
        let columns = [
            table.column("t_s")?,
            table.column("scanner")?,
            table.column("tag")?,
            table.column("rssi_dbm")?,
        ];
        let [t_s, scanner, tag, rssi_dbm] = columns;
        let mut sightings = Self::default();
        let mut tags = HashMap::new();
        while table.advance()? {
            sightings.facts.rows += 1;
            let at = table.number(t_s)?;
            let rssi = table.number(rssi_dbm)? as f32;
            let Some(scanner) = sightings.facts.scanner(plan, table.text(scanner)?) else {
                continue;
            };
            if !(-TIME_MAX_S..TIME_MAX_S).contains(&at) {
                sightings.facts.without_time += 1;
                continue;
            }
            let name = table.text(tag)?;
            let tag = if let Some(tag) = tags.get(name) {
                *tag
            } else {
                let tag = tags.len() as u32;
                if tags.len() == TAGS_MAX {
                    anyhow::bail!("{}: more than {TAGS_MAX} tags", table.place());
                }
                tags.insert(name.to_owned(), tag);
                sightings.tags.push(name.to_owned());
                tag
            };
            sightings.take(Heard {
                t_s: at,
                scanner,
                tag,
                rssi_dbm: rssi,
            });
        }
        sightings.sort();
        Ok(sightings)
    }

    /// Adds one packet at the end.
    pub fn take(&mut self, heard: Heard) {
        let late = self.heard.last().is_some_and(|last| last.t_s > heard.t_s);
        self.facts.out_of_order += u64::from(late);
        self.heard.push(heard);
    }

    /// Puts packets into the order of time. Packets of one moment keep theirs.
    pub fn sort(&mut self) {
        self.heard.sort_by(|a, b| a.t_s.total_cmp(&b.t_s));
    }
}

impl Facts {
    /// The scanner of this name, or a count of the unknown.
    fn scanner(&mut self, plan: &StorePlan, name: &str) -> Option<ScannerIx> {
        let known = name.parse::<ScannerId>().ok();
        let known = known.and_then(|id| plan.scanner(&id));
        if known.is_none() {
            self.of_unknown_scanners += 1;
            if let Some(count) = self.unknown_scanners.get_mut(name) {
                *count += 1;
            } else if self.unknown_scanners.len() < UNKNOWN_MAX {
                self.unknown_scanners.insert(name.to_owned(), 1);
            }
        }
        known
    }

    /// The facts in sentences, none when all is well.
    pub fn sentences(&self) -> Vec<String> {
        let mut said = Vec::new();
        if self.of_unknown_scanners > 0 {
            let names = self.unknown_scanners.iter();
            let names: Vec<String> = names.map(|(name, n)| format!("{name} ({n})")).collect();
            said.push(format!(
                "{} rows by scanners that are not in store.toml: {}",
                self.of_unknown_scanners,
                names.join(", ")
            ));
        }
        for (count, what) in [
            (self.without_time, "rows whose time is no time"),
            (self.out_of_order, "rows out of order; sorted by time"),
        ] {
            if count > 0 {
                said.push(format!("{count} {what}"));
            }
        }
        said
    }
}
