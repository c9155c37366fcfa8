//! `aislecast-sim locate`: what the gateway would make of recorded sightings.
//!
//! ```text
//! store.toml, survey.csv > StorePlan
//! sightings.csv > Sightings > engine::Engine, in virtual time > estimates.csv
//! ```
//!
//! The engine is the gateway's own: a tag is a shopper who agreed to be
//! followed, a row is an `Event::Sighting`.

pub mod estimates;
pub mod follow;
mod frames;
pub mod sightings;
pub mod survey;

use crate::{args, table::Table};
use anyhow::{Context as _, Result};
use engine::plan::StorePlan;
use follow::Followed;
use sightings::Sightings;
use std::{
    fs::File,
    io::{BufWriter, Write},
    path::Path,
};

/// Time in a zone after which an estimate says `dwell`, ms: a look at a shelf,
/// not a walk past it.
pub const DWELL_MS: u64 = 10_000;

/// Most copied tags that are named.
const TOLD_MAX: usize = 16;

/// Reads, follows, writes.
pub fn execute(args: &args::Locate, out: &mut dyn Write) -> Result<bool> {
    let (mut plan, warnings) = site(&args.site)?;
    let mut facts: Vec<String> = warnings;
    if let Some(path) = &args.survey {
        let survey = survey::read(path, &plan)?;
        facts.extend(survey::sentences(&survey));
        plan.survey = survey.points;
    }
    let sightings = Sightings::read(Table::open(&args.sightings)?, &plan)?;
    facts.extend(sightings.facts.sentences());
    let followed = follow::follow(&plan, &sightings, args.every);
    let file = File::create(&args.out)
        .with_context(|| format!("failed to create {}", args.out.display()))?;
    let mut file = BufWriter::new(file);
    estimates::write(&followed.estimates, &plan, &mut file)
        .and_then(|()| Ok(file.flush()?))
        .with_context(|| format!("failed to write {}", args.out.display()))?;
    let counts = &followed.counts;
    for (count, what) in [
        (counts.implausible, "sightings no receiver can mean"),
        (counts.duplicate, "sightings that came before"),
        (counts.dropped, "sightings for want of room"),
    ] {
        if count > 0 {
            facts.push(format!("{count} {what}; not used"));
        }
    }
    facts.extend(copied(&followed));
    writeln!(
        out,
        "{} sightings of {} tags by {} scanners, survey of {} means: {} estimates",
        sightings.heard.len(),
        sightings.tags.len(),
        plan.scanners.len(),
        plan.survey.len(),
        followed.estimates.len()
    )?;
    for fact in facts {
        writeln!(out, "  {fact}")?;
    }
    Ok(true)
}

/// What is said of tags that were heard in two places at once.
fn copied(followed: &Followed) -> Vec<String> {
    let of_tag = |(tag, times_s): (&String, &Vec<f64>)| {
        format!(
            "{tag} was heard in two places at once, as if somebody had copied it, from {} s on{}: \
             it is in no zone until that ends",
            times_s[0],
            match times_s.len() {
                1 => String::new(),
                times => format!(" and {} times more", times - 1),
            }
        )
    };
    let mut told: Vec<String> = followed.copied.iter().take(TOLD_MAX).map(of_tag).collect();
    let more = followed.copied.len() - told.len();
    if more > 0 {
        told.push(format!("... and so were {more} more"));
    }
    told
}

/// The floor of a `store.toml`, and what is odd about it.
pub fn site(path: &Path) -> Result<(StorePlan, Vec<String>)> {
    let place = config::load_place(path)?;
    let warnings = place.warnings.iter();
    let warnings = warnings.map(|w| format!("{}:{}: {}", w.file, w.line, w.what));
    Ok((place.plan, warnings.collect()))
}

#[cfg(test)]
mod tests;
