//! `aislecast offers replay`.

pub(super) mod day;
mod report;
mod vouchers;
mod words;

use super::source;
use crate::cli::{Failure, installed::usual_shop};
use anyhow::anyhow;
use clap::Args;
use day::{Recorded, Run};
use engine::{
    Effects,
    money::Money,
    plan::StorePlan,
    replay::{Asked, Draw, Replay as Exact, Sums, WhatIf},
};
use report::{Difference, Report, RunReport};
use std::{collections::BTreeMap, path::PathBuf, sync::Arc, thread, time::Instant};

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(in crate::cli) struct Replay {
    /// The shop: a folder with a store.toml, or that file.
    #[arg(value_name = "SHOP", default_value_os_t = usual_shop())]
    shop: PathBuf,
    /// A date such as 2026-11-21, `yesterday` or `today`; the newest recorded
    /// day if left out.
    #[arg(long, value_name = "DAY")]
    day: Option<String>,
    /// Other offers: a folder with `offers` and `creatives` in it.
    #[arg(long, value_name = "DIR")]
    offers: Option<PathBuf>,
    /// The data folder, if it is not `storage.dir` of the shop.
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// What `aislecast-sim run --record` wrote, instead of a recorded day.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["day", "data"])]
    file: Option<PathBuf>,
    /// Print JSON, for machines.
    #[arg(long)]
    json: bool,
}

const EXAMPLES: &str = "\
Examples:
  aislecast offers replay config/
  aislecast offers replay config/ --day 2026-11-21 --offers spring/
  aislecast offers replay config/ --day yesterday --offers spring/ --json

Works while the gateway runs, and changes nothing. A shop records when [recording] stands in its
store.toml: docs/replay.md.

Exit codes: 0 decided again, 1 something came out otherwise or cannot be read, 2 wrong usage.";

impl Replay {
    pub(super) fn perform(self) -> Result<(), Failure> {
        let plan = self.other_offers()?;
        let recorded = self.recorded()?;
        let begun = Instant::now();
        let mut report = Report::new(&recorded);
        let mut difference = Difference::default();
        for run in &recorded.runs {
            let of_run = decide(run, plan.as_ref())?;
            report.runs.push(of_run.report);
            difference.add(of_run.compared);
        }
        report.took_s = begun.elapsed().as_secs_f64();
        if let Some(plan) = &plan {
            report.difference = Some(difference.finish(plan));
        }
        if self.json {
            println!("{}", serde_json::to_string_pretty(&report)?);
        } else {
            print!("{}", words::of(&report));
        }
        if report.is_as_live() {
            Ok(())
        } else {
            Err(Failure::Said)
        }
    }

    fn recorded(&self) -> Result<Recorded, Failure> {
        match &self.file {
            Some(file) => Ok(Recorded::plain(file)?),
            None => Recorded::sealed(&self.shop, self.data.as_deref(), self.day.as_deref()),
        }
    }

    fn other_offers(&self) -> Result<Option<Arc<StorePlan>>, Failure> {
        let Some(folder) = &self.offers else {
            return Ok(None);
        };
        let shop = source::shop(&self.shop, Some(folder))?;
        Ok(Some(shop.map_err(Failure::Files)?.plan))
    }
}

/// What came of one run.
struct OfRun {
    report: RunReport,
    compared: Option<Compared>,
}

/// One run with the same offers and with others.
pub(super) struct Compared {
    before: Sums,
    after: Sums,
    draws: Vec<Draw>,
    /// Codes issued and redeemed live before the run, and the books after it.
    books: (BTreeMap<String, (u32, u32)>, Money),
}

/// Decides one run again; with other offers on three threads at once.
fn decide(run: &Run, plan: Option<&Arc<StorePlan>>) -> Result<OfRun, Failure> {
    let Some(plan) = plan else {
        return Ok(OfRun {
            report: exactly(run, None)?.report,
            compared: None,
        });
    };
    thread::scope(|scope| {
        let before = scope.spawn(|| what_if(run, None));
        let after = scope.spawn(|| what_if(run, Some(plan)));
        let live = exactly(run, Some(plan))?;
        let joined = |thread: thread::ScopedJoinHandle<'_, Result<Sums, Failure>>| {
            let panicked = |_| Failure::from(anyhow!("a replay panicked: see the message before"));
            thread.join().map_err(panicked)?
        };
        Ok(OfRun {
            report: live.report,
            compared: Some(Compared {
                before: joined(before)?,
                after: joined(after)?,
                draws: live.draws,
                books: live.books,
            }),
        })
    })
}

/// A run as it was.
struct Live {
    report: RunReport,
    draws: Vec<Draw>,
    books: (BTreeMap<String, (u32, u32)>, Money),
}

/// With the same offers; other offers are asked in passing.
fn exactly(run: &Run, plan: Option<&Arc<StorePlan>>) -> Result<Live, Failure> {
    let mut moments = run.moments()?;
    let first = moments.first()?;
    let mut exact = Exact::begin(&first)?;
    let asked = plan.map(|plan| Asked::begin(&first, plan)).transpose()?;
    let mut asked = asked.transpose().map_err(|_| another_floor())?;
    let before = vouchers::totals(exact.money());
    let mut effects = Effects::new();
    while let Some(moment) = moments.next() {
        exact.take(&moment, &mut effects)?;
        if let Some(asked) = &mut asked {
            asked.take(&moment, &effects)?;
        }
        effects.clear();
    }
    let report = RunReport::new(&first, &exact, moments.ended());
    let draws = asked.map(|asked| asked.draws().to_vec());
    Ok(Live {
        report,
        draws: draws.unwrap_or_default(),
        books: (before, exact.money().clone()),
    })
}

fn what_if(run: &Run, plan: Option<&Arc<StorePlan>>) -> Result<Sums, Failure> {
    let mut moments = run.moments()?;
    let first = moments.first()?;
    let mut what_if = WhatIf::begin(&first, plan)?.map_err(|_| another_floor())?;
    while let Some(moment) = moments.next() {
        what_if.take(&moment)?;
    }
    Ok(what_if.finish())
}

fn another_floor() -> Failure {
    Failure::from(anyhow!(
        "zones, scanners, sensors or screens have changed since that day: name a shop with those it \
         had, or a newer day"
    ))
}
