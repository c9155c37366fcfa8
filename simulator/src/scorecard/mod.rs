//! `aislecast-sim score`: estimates against the truth.
//!
//! Every true moment is compared with the newest estimate of that moment or
//! before. Errors are distances in the plane. Zone accuracy counts a moment
//! without an answer as wrong. *Forgiven* counts a wrong zone as right when the
//! true place lies within a metre of it. A true change of zone is *found* when
//! the new zone is said before the next true change; its *latency* is the time
//! until then.

mod changes;
mod geometry;
pub mod interval;
mod matched;
mod reliability;
mod report;
pub mod truth;

pub use changes::Changes;
pub use matched::{Moment, Said, matched};
pub use reliability::{Reliability, Row};
pub use report::words;

use crate::{
    args,
    locate::{self, estimates},
    table::Table,
};
use anyhow::{Result, bail};
use engine::plan::StorePlan;
use interval::{Figure, figure};
use serde::Serialize;
use std::io::Write;

/// All figures of one comparison.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Scorecard {
    /// True moments.
    pub moments: u32,
    /// True moments without an estimate that is fresh enough.
    pub unanswered: u32,
    /// Mean error, m.
    pub error_mean_m: Option<Figure>,
    /// Median error, m.
    pub error_median_m: Option<Figure>,
    /// What nine of ten errors do not exceed, m.
    pub error_p90_m: Option<Figure>,
    /// What 19 of 20 errors do not exceed, m.
    pub error_p95_m: Option<Figure>,
    /// Share of moments in the right zone.
    pub zone_accuracy: Figure,
    /// The same with a metre of border forgiven.
    pub zone_accuracy_forgiven: Figure,
    /// Changes said per true change.
    pub changes_per_true_change: Option<f64>,
    /// The same with its range.
    pub changes_range: Option<Figure>,
    /// Median time until a true change was said, s.
    pub change_latency_median_s: Option<f64>,
    /// Changes of zone.
    pub changes: Changes,
    /// How probabilities and outcomes agree.
    pub reliability: Option<Reliability>,
}

impl Scorecard {
    /// Of true moments, tag by tag in the order of time; `None` without any.
    pub fn of(walks: &[Vec<Moment>]) -> Option<Self> {
        let errors = each(walks, |m| m.said?.error_m);
        let share = |yes: fn(&Moment) -> bool| {
            let shares = each(walks, |m| Some(f64::from(u8::from(yes(m)))));
            figure(&shares, interval::mean)
        };
        let mut changes = Changes::default();
        walks.iter().for_each(|walk| changes.add(walk));
        let moments = || walks.iter().flatten();
        Some(Self {
            moments: moments().count() as u32,
            unanswered: moments().filter(|m| m.said.is_none()).count() as u32,
            error_mean_m: figure(&errors, interval::mean),
            error_median_m: figure(&errors, interval::median),
            error_p90_m: figure(&errors, interval::p90),
            error_p95_m: figure(&errors, interval::p95),
            zone_accuracy: share(Moment::right)?,
            zone_accuracy_forgiven: share(Moment::forgiven)?,
            changes_per_true_change: changes.per_true_change(),
            changes_range: changes.range(walks),
            change_latency_median_s: changes.median_latency_s(),
            changes,
            reliability: Reliability::of(moments()),
        })
    }
}

/// Compares and prints.
pub fn execute(args: &args::Score, out: &mut dyn Write) -> Result<bool> {
    let (plan, _) = locate::site(&args.site)?;
    let card = score(&plan, args)?;
    if args.json {
        writeln!(out, "{}", serde_json::to_string_pretty(&card)?)?;
    } else {
        write!(out, "{}", words(&card))?;
    }
    Ok(true)
}

fn score(plan: &StorePlan, args: &args::Score) -> Result<Scorecard> {
    let estimates = estimates::read(Table::open(&args.estimates)?, plan)?;
    let truths = truth::read(Table::open(&args.truth)?, plan)?;
    let walks = matched(plan, &estimates, &truths);
    match Scorecard::of(&walks) {
        Some(card) => Ok(card),
        None => bail!("{}: there is no true moment in it", args.truth.display()),
    }
}

fn each(walks: &[Vec<Moment>], of: impl Fn(&Moment) -> Option<f64>) -> Vec<Vec<f64>> {
    let walk = |walk: &Vec<Moment>| walk.iter().filter_map(&of).collect();
    walks.iter().map(walk).collect()
}
