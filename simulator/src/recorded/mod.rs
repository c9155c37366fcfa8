//! `aislecast-sim convert`: published recordings as sites, sightings, surveys
//! and truth.
//!
//! A [`Case`] is one site with what is known of it beforehand and what is then
//! to be found out. What a case's survey was made from is never in its
//! sightings.

mod files;
mod flat;
pub(crate) mod site;
mod tetam;
mod uji;
mod vestibule;

pub use files::Folder;

use crate::{
    args::{self, Recording},
    locate::sightings::Sightings,
    scorecard::truth::{self, Truths},
    table::Table,
};
use anyhow::{Context as _, Result, bail};
use engine::plan::StorePlan;
use std::{fmt::Write as _, fs, io::Write, path::Path};

/// One site and what was recorded there, as the texts of its files.
#[derive(Debug, Clone, Default)]
pub struct Case {
    /// Name of its folder.
    pub name: String,
    /// `store.toml`.
    pub site: String,
    /// `sightings.csv`.
    sightings: String,
    /// `survey.csv`.
    survey: String,
    /// `truth.csv`.
    truth: String,
}

/// What a folder holds of a recording.
#[derive(Debug, Default)]
pub struct Recorded {
    /// At least one.
    pub cases: Vec<Case>,
    /// What was left out of it, or put together.
    pub said: Vec<String>,
}

/// A case that was read.
#[derive(Debug, Clone)]
pub struct Site {
    /// Floor, zones, scanners and survey.
    pub plan: StorePlan,
    /// What was heard.
    pub sightings: Sightings,
    /// Where the tags were.
    pub truths: Truths,
}

impl Case {
    /// Without any rows yet.
    pub(crate) fn new(name: &str, site: String) -> Self {
        Self {
            name: name.to_owned(),
            site,
            sightings: "t_s,scanner,tag,rssi_dbm\n".to_owned(),
            survey: "x_m,y_m,scanner,rssi_dbm,n\n".to_owned(),
            truth: "t_s,tag,x_m,y_m,zone\n".to_owned(),
        }
    }

    pub(crate) fn heard(&mut self, t_s: f64, scanner: &str, tag: &str, rssi_dbm: f64) {
        let _ = writeln!(self.sightings, "{t_s:.4},{scanner},{tag},{rssi_dbm}");
    }

    fn surveyed(&mut self, (x, y): (f64, f64), scanner: &str, rssi_dbm: f64, n: f64) {
        let _ = writeln!(self.survey, "{x:.3},{y:.3},{scanner},{rssi_dbm},{n}");
    }

    pub(crate) fn was_at(&mut self, t_s: f64, tag: &str, (x, y): (f64, f64), zone: &str) {
        let _ = writeln!(self.truth, "{t_s:.3},{tag},{x:.3},{y:.3},{zone}");
    }

    fn was_in(&mut self, t_s: f64, tag: &str, zone: &str) {
        let _ = writeln!(self.truth, "{t_s:.3},{tag},,,{zone}");
    }

    /// The plan of the site, without its survey.
    pub fn plan(&self) -> Result<StorePlan> {
        let place = config::parse_place(&self.site)?;
        Ok(place.plan)
    }

    /// Reads the texts as the commands would read the files.
    pub fn open(&self) -> Result<Site> {
        let mut plan = self.plan()?;
        let text = |name: &str, text: &str| Table::of_text(&format!("{}/{name}", self.name), text);
        let name = format!("{}/{}", self.name, config::SURVEY_FILE);
        plan.survey = config::sift_survey(&name, &self.survey, &plan)?.points;
        Ok(Site {
            sightings: Sightings::read(text("sightings.csv", &self.sightings)?, &plan)?,
            truths: truth::read(text("truth.csv", &self.truth)?, &plan)?,
            plan,
        })
    }

    fn write(&self, into: &Path) -> Result<()> {
        let folder = into.join(&self.name);
        let failed = || format!("failed to write {}", folder.display());
        fs::create_dir_all(&folder).with_context(failed)?;
        for (name, text) in [
            ("store.toml", &self.site),
            ("sightings.csv", &self.sightings),
            ("survey.csv", &self.survey),
            ("truth.csv", &self.truth),
        ] {
            fs::write(folder.join(name), text).with_context(failed)?;
        }
        Ok(())
    }
}

/// All cases of a recording, or nothing when its files are not there.
pub fn cases(recording: Recording, from: &Folder) -> Result<Option<Recorded>> {
    match recording {
        Recording::Tetam => tetam::cases(from),
        Recording::Flat => flat::cases(from),
        Recording::Vestibule => vestibule::cases(from),
        Recording::Uji => uji::cases(from),
    }
}

/// The hall's tag standing at six places for half an hour each, as six tags.
pub fn standing(from: &Folder) -> Result<Option<Case>> {
    tetam::standing(from)
}

/// Converts and says what was made.
pub fn execute(args: &args::Convert, out: &mut dyn Write) -> Result<bool> {
    let folder = Folder::open(&args.from)?;
    let Some(recorded) = cases(args.recording, &folder)? else {
        bail!(
            "{}: this recording's files are not in there",
            args.from.display()
        );
    };
    for said in &recorded.said {
        writeln!(out, "{said}")?;
    }
    for case in recorded.cases {
        case.write(&args.out)?;
        let rows = |text: &str| text.lines().count() - 1;
        writeln!(
            out,
            "{}: {} sightings, {} survey rows, {} true moments",
            args.out.join(&case.name).display(),
            rows(&case.sightings),
            rows(&case.survey),
            rows(&case.truth)
        )?;
    }
    Ok(true)
}
