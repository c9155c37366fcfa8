//! `aislecast-sim evaluate`: from recordings to one table of figures, with what
//! other rules make of the same sightings beside.
//!
//! Figures of one row are pooled over its cases: flat and vestibule leave one
//! walk or tag out at a time, random faults are drawn three times.

mod bounds;
mod copies;
mod cross;
mod faults;
mod four_nodes;
mod nearest;
mod others;
mod plots;
mod report;
mod rivals;
mod sureness;
mod svg;

pub(crate) use svg::Drawing;

pub use copies::{Copies, Share};
pub use cross::{Compared, CrossValidated};
pub use faults::Fault;
pub use rivals::Rival;

use crate::{
    args::{self, Recording},
    locate::{estimates::Estimate, follow, sightings::Sightings},
    recorded::{self, Case, Folder, Site},
    scorecard::{Moment, Scorecard, matched, truth::Truths},
};
use anyhow::{Context as _, Result, bail};
use engine::plan::StorePlan;
use serde::Serialize;
use std::{io::Write, path::Path};

/// How often the other walks are heard before one, where a shop has learnt for long.
const AGAIN: usize = 12;
/// How often estimates are noted, ms.
const EVERY_MS: u64 = 1_000;

/// One row of the table.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Row {
    /// What was followed.
    pub case: String,
    /// By whom; nothing for ourselves.
    pub rival: Option<&'static str>,
    /// How well.
    pub card: Scorecard,
}

/// One figure that was aimed at.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Aim {
    /// Which figure of which row.
    pub figure: String,
    /// What it is.
    pub is: f64,
    /// What it was to be.
    pub aim: f64,
    /// Whether more is better.
    pub at_least: bool,
}

impl Aim {
    /// Whether it was reached.
    pub fn reached(&self) -> bool {
        if self.at_least {
            self.is >= self.aim
        } else {
            self.is <= self.aim
        }
    }
}

/// Everything that was found.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Evaluation {
    /// Figures.
    pub rows: Vec<Row>,
    /// What was aimed at.
    pub aims: Vec<Aim>,
    /// Copied identities.
    pub copies: Vec<Copies>,
    /// Recordings that are not in the folder.
    pub absent: Vec<&'static str>,
    /// What was left out of those that are, or put together.
    pub said: Vec<String>,
}

/// Evaluates and prints.
pub fn execute(args: &args::Evaluate, out: &mut dyn Write) -> Result<bool> {
    let folder = Folder::open(&args.data)?;
    if args.cross_validate {
        return cross_validate(&folder, args.json, out);
    }
    if args.bounds {
        return bounds(&folder, args.json, out);
    }
    let found = evaluate(&folder)?;
    if let Some(into) = &args.plots {
        plot(&folder, into)?;
    }
    if args.json {
        writeln!(out, "{}", serde_json::to_string_pretty(&found)?)?;
    } else {
        write!(out, "{}", report::words(&found))?;
    }
    Ok(true)
}

/// Draws the hall.
fn plot(folder: &Folder, into: &Path) -> Result<()> {
    plots::draw(&hall(folder)?, into)
}

fn cross_validate(folder: &Folder, json: bool, out: &mut dyn Write) -> Result<bool> {
    let found = cross::validate(&hall(folder)?)?;
    if json {
        writeln!(out, "{}", serde_json::to_string_pretty(&found)?)?;
    } else {
        write!(out, "{}", cross::words(&found))?;
    }
    Ok(true)
}

fn bounds(folder: &Folder, json: bool, out: &mut dyn Write) -> Result<bool> {
    let rows = bounds::find(folder)?;
    if json {
        writeln!(out, "{}", serde_json::to_string_pretty(&rows)?)?;
    } else {
        write!(out, "{}", report::table(&rows))?;
    }
    Ok(true)
}

/// Where there are several walks with a survey.
fn hall(folder: &Folder) -> Result<Site> {
    let recorded = recorded::cases(Recording::Tetam, folder)?.unwrap_or_default();
    let case = recorded.cases.first();
    case.context("the folder does not hold tetam, which this is done with")?
        .open()
}

/// Evaluates everything that is in the folder, and the scenario that is not.
pub fn evaluate(folder: &Folder) -> Result<Evaluation> {
    let mut found = Evaluation::default();
    let recorded = [
        (Recording::Tetam, "tetam"),
        (Recording::Flat, "flat"),
        (Recording::Vestibule, "vestibule"),
        (Recording::Uji, "uji"),
    ];
    for (recording, name) in recorded {
        let Some(recorded) = recorded::cases(recording, folder)? else {
            found.absent.push(name);
            continue;
        };
        found.said.extend(recorded.said);
        let cases = recorded.cases;
        let sites = cases
            .iter()
            .map(Case::open)
            .collect::<Result<Vec<Site>>>()?;
        match recording {
            Recording::Tetam => found.tetam(&cases, &sites)?,
            Recording::Flat => found.flat(&cases, &sites)?,
            Recording::Uji => {
                for (case, site) in cases.iter().zip(&sites) {
                    let site = std::slice::from_ref(site);
                    found.copies.push(copies::find(&case.name, site));
                }
                found.with_rivals(name, &sites)?;
                found.one_by_one(cases.iter().zip(&sites))?;
                let bare: Vec<Site> = sites.iter().map(without_survey).collect();
                found.row("uji, no survey", None, &bare)?;
            }
            Recording::Vestibule => found.vestibule(&cases, &sites)?,
        }
    }
    if let Some(standing) = recorded::standing(folder)? {
        let sites = [standing.open()?];
        found.find_copies("tetam, standing", &sites);
    }
    for walk in [four_nodes::BOUNDARY, four_nodes::DIAGONAL] {
        let site = four_nodes::case(walk).open()?;
        found.with_rivals(&format!("4 nodes, {}", walk.0), &[site])?;
    }
    found.aims = report::aims(&found.rows);
    Ok(found)
}

impl Evaluation {
    fn tetam(&mut self, cases: &[Case], sites: &[Site]) -> Result<()> {
        self.find_copies("tetam, walking", sites);
        self.with_rivals("tetam, survey", sites)?;
        self.told_in_frames("tetam, survey", sites)?;
        if cases.len() > 1 {
            self.one_by_one(cases.iter().zip(sites))?;
        }
        let bare: Vec<Site> = sites.iter().map(without_survey).collect();
        self.with_rivals("tetam, no survey", &bare)?;
        self.told_in_frames("tetam, no survey", &bare)?;
        self.after_others(&bare)?;
        for fault in Fault::ALL {
            let faulty: Vec<Site> = sites
                .iter()
                .flat_map(|site| (1..=fault.draws()).map(|draw| with_fault(site, fault, draw)))
                .collect();
            self.row(&format!("tetam, {}", fault.name()), None, &faulty)?;
        }
        Ok(())
    }

    /// Whole walks, whose rooms no other walk may have surveyed, and parts of
    /// walks, whose rooms were surveyed at another time.
    fn flat(&mut self, cases: &[Case], sites: &[Site]) -> Result<()> {
        let named = || cases.iter().zip(sites);
        let is_part = |case: &Case| case.name.contains("-part-");
        let sites = |parts: bool| -> Vec<Site> {
            let chosen = named().filter(|(case, _)| is_part(case) == parts);
            chosen.map(|(_, site)| site.clone()).collect()
        };
        let whole = sites(false);
        self.with_rivals("flat, other walks surveyed", &whole)?;
        self.one_by_one(named().filter(|(case, _)| !is_part(case)))?;
        self.with_rivals("flat, all rooms surveyed", &sites(true))?;
        for (whole, _) in named().filter(|(case, _)| !is_part(case)) {
            let walk = whole.name.trim_start_matches("flat-");
            let of_walk = format!("flat-part-{walk}-");
            let parts = named().filter(|(case, _)| case.name.starts_with(&of_walk));
            let parts: Vec<Site> = parts.map(|(_, site)| site.clone()).collect();
            self.of_which(&format!("parts of {walk}"), &parts)?;
        }
        self.copies.push(copies::find("flat", &whole));
        let bare: Vec<Site> = whole.iter().map(without_survey).collect();
        self.row("flat, no survey", None, &bare)?;
        self.after_others(&bare)
    }

    /// What a shop without a survey has learnt when all other walks were heard, and when
    /// they were heard again and again.
    fn after_others(&mut self, bare: &[Site]) -> Result<()> {
        let name = |times: usize| format!("  others heard {times} times before");
        self.row(
            "  others heard before",
            None,
            &others::heard_before(bare, 1),
        )?;
        self.row(&name(AGAIN), None, &others::heard_before(bare, AGAIN))
    }

    fn vestibule(&mut self, cases: &[Case], sites: &[Site]) -> Result<()> {
        for window in ["5s", "15s"] {
            let of_window = cases.iter().zip(sites);
            let of_window =
                of_window.filter(|(case, _)| case.name.contains(&format!("-{window}-")));
            let sites: Vec<Site> = of_window.map(|(_, site)| site.clone()).collect();
            self.with_rivals(&format!("vestibule, {window} windows"), &sites)?;
        }
        Ok(())
    }

    /// Walks that go where no other was surveyed must not hide among the rest.
    fn one_by_one<'c>(&mut self, each: impl Iterator<Item = (&'c Case, &'c Site)>) -> Result<()> {
        for (case, site) in each {
            self.of_which(&case.name, std::slice::from_ref(site))?;
        }
        Ok(())
    }

    /// A part of the row above, beside the one rival that goes by the survey, too.
    fn of_which(&mut self, part: &str, sites: &[Site]) -> Result<()> {
        let case = format!("  of which {part}");
        self.row(&case, None, sites)?;
        self.row(&case, Some(Rival::Neighbours), sites)
    }

    fn with_rivals(&mut self, case: &str, sites: &[Site]) -> Result<()> {
        self.row(case, None, sites)?;
        for rival in Rival::ALL {
            if sites.iter().all(|site| rival.can(&site.plan)) {
                self.row(case, Some(rival), sites)?;
            }
        }
        Ok(())
    }

    fn find_copies(&mut self, case: &str, sites: &[Site]) {
        self.copies.push(copies::find(case, sites));
        self.copies.push(copies::find_in_frames(case, sites));
    }

    /// What comes of the same when sensor nodes of ours tell it.
    fn told_in_frames(&mut self, case: &str, sites: &[Site]) -> Result<()> {
        let followed = |site: &Site| {
            let followed = follow::follow_frames(&site.plan, &site.sightings, EVERY_MS);
            matched(&site.plan, &followed.estimates, &site.truths)
        };
        let walks = sites.iter().flat_map(followed).collect();
        self.score(&format!("{case}, by our nodes"), None, walks)
    }

    fn row(&mut self, case: &str, rival: Option<Rival>, sites: &[Site]) -> Result<()> {
        let followed = |site: &Site| walks(&site.plan, &site.sightings, &site.truths, rival);
        let walks = sites.iter().flat_map(followed).collect();
        self.score(case, rival, walks)
    }

    fn score(&mut self, case: &str, rival: Option<Rival>, walks: Vec<Vec<Moment>>) -> Result<()> {
        let Some(card) = Scorecard::of(&walks) else {
            bail!("{case}: there is no true moment to compare with");
        };
        self.rows.push(Row {
            case: case.to_owned(),
            rival: rival.map(Rival::name),
            card,
        });
        Ok(())
    }
}

fn walks(
    plan: &StorePlan,
    sightings: &Sightings,
    truths: &Truths,
    rival: Option<Rival>,
) -> Vec<Vec<Moment>> {
    let estimates: Vec<Estimate> = match rival {
        None => follow::follow(plan, sightings, EVERY_MS).estimates,
        Some(rival) => rival.follow(plan, sightings),
    };
    matched(plan, &estimates, truths)
}

fn without_survey(site: &Site) -> Site {
    let mut site = site.clone();
    site.plan.survey.clear();
    site
}

fn with_fault(site: &Site, fault: Fault, draw: u64) -> Site {
    Site {
        sightings: fault.done_to(&site.plan, &site.sightings, draw),
        ..site.clone()
    }
}
