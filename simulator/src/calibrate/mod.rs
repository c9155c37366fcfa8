//! `aislecast-sim calibrate`: what a walk of so many minutes is worth. Somebody
//! carries a tag through the busy shop and says where they are, as well as
//! people can; the engine makes a survey of it; then the same hour is lived
//! without and with the survey, and judged by the ground truth. Beside it stands
//! what the shop says of itself, by scanners that hear each other.

mod report;
mod walk;

use crate::{
    args,
    faults::Allowed,
    run::{Options, Stage, run, score::Scorecard},
};
use anyhow::{Context as _, Result};
use engine::{
    calibration::{self, Quality, SelfTest, self_test},
    plan::{StorePlan, SurveyPoint},
};
use serde::Serialize;
use std::{fs, io::Write, sync::Arc};

/// The hour that is lived twice: so long, ms, with so many people.
const JUDGED_MS: u64 = 30 * 60_000;
const JUDGED_PEOPLE: u32 = 120;

/// What a walk was worth.
#[derive(Debug, Serialize)]
pub struct Worth {
    /// Places stood at, or ways walked.
    pub ways: usize,
    /// How long it took, minutes.
    pub minutes: f64,
    /// Entries of the survey.
    pub entries: usize,
    /// What is expected of it, by leaving ways out.
    pub expected: Option<Quality>,
    /// How well the shop finds the tag on the same walk without it.
    pub now: Option<Quality>,
    /// Without the survey.
    pub before: Judged,
    /// With it.
    pub after: Judged,
    /// The survey.
    #[serde(skip)]
    pub survey: Vec<SurveyPoint>,
}

/// One shop, judged by the truth and by itself.
#[derive(Debug, Serialize)]
pub struct Judged {
    /// By the ground truth.
    pub truth: Scorecard,
    /// By scanners that hear each other.
    pub itself: SelfTest,
}

/// Walks, judges and prints.
pub fn execute(args: &args::Calibrate, out: &mut dyn Write) -> Result<bool> {
    let shop = crate::load_shop(args.config.as_deref())?;
    let stage = Stage::new(&shop)?;
    let worth = worth(&stage, args.seed, args.minutes, args.walking)?;
    if let Some(path) = &args.out {
        fs::write(path, config::write_survey(&worth.survey, &shop.plan))
            .with_context(|| format!("failed to write {}", path.display()))?;
    }
    if args.json {
        writeln!(out, "{}", serde_json::to_string_pretty(&worth)?)?;
    } else {
        write!(out, "{}", report::words(&worth))?;
    }
    Ok(true)
}

/// What a walk of so many minutes is worth in this shop.
pub fn worth(stage: &Stage, seed: u64, minutes: f64, walking: bool) -> Result<Worth> {
    let plan = &stage.ground.plan;
    let heard = walk::walk(stage, seed, minutes, walking);
    let survey = calibration::survey(&heard.legs, &heard.tag);
    let surveyed = StorePlan {
        survey: survey.clone(),
        ..StorePlan::clone(plan)
    };
    let judged = |plan: StorePlan| -> Result<Judged> {
        let itself = self_test(&plan, &heard.scanners);
        let plan = Arc::new(plan);
        let mut stage = stage.clone();
        stage.ground.plan = plan;
        let options = Options {
            seed,
            shoppers: JUDGED_PEOPLE,
            customers: None,
            for_ms: JUDGED_MS,
            faults: Allowed::None,
            record_every_ms: None,
            planted: None,
        };
        let truth = run(&stage, &options, None).score;
        Ok(Judged { truth, itself })
    };
    Ok(Worth {
        ways: heard.legs.len(),
        minutes: heard.for_ms as f64 / 60_000.0,
        entries: survey.len(),
        now: calibration::find_tag(plan, &heard.legs, &heard.tag),
        expected: calibration::cross_validate(plan, &heard.legs, &heard.tag),
        before: judged(StorePlan::clone(plan))?,
        after: judged(surveyed)?,
        survey,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn a_walk_is_surveyed_judged_and_expected_as_it_is() {
        let stage = Stage::new(&config::demo()).unwrap();
        let worth = worth(&stage, 3, 6.0, false).unwrap();
        assert!(worth.minutes < 6.5 && worth.ways >= 5, "{}", worth.minutes);
        let places = worth.survey.iter().map(|point| point.scanner);
        assert_eq!(places.collect::<BTreeSet<_>>().len(), 12);
        assert!(worth.expected.is_some() && worth.now.is_some());
        let (before, after) = (&worth.before, &worth.after);
        // What the shop says of itself without any truth is true within a third.
        let said = before.itself.zones.iter().filter_map(|zone| zone.error_m);
        let said: Vec<f64> = said.map(f64::from).collect();
        let mean = said.iter().sum::<f64>() / said.len() as f64;
        assert_eq!(said.len(), 12);
        assert!((mean / before.truth.error_m - 1.0).abs() < 0.34, "{mean}");
        // A few minutes are few: they need not help, but must do no great harm.
        let share = after.truth.error_m / before.truth.error_m;
        assert!(share < 1.25, "{share}");
        assert!(report::words(&worth).contains("dairy"));
    }
}
