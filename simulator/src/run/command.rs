//! `aislecast-sim run`.

use super::{Options, Outcome, Stage, again, coverage::Coverage, many, report, run};
use crate::args;
use anyhow::{Context as _, Result};
use std::{
    fmt::Write as _,
    fs::File,
    io::{BufWriter, Write},
    ops::ControlFlow,
    path::Path,
};

/// A run of a recording is a day.
const DAY_MS: u64 = 86_400_000;

/// Runs and prints to `out`. Whether every promise was kept.
pub fn execute(args: &args::Run, out: &mut (dyn Write + Send)) -> Result<bool> {
    let shop = crate::load_shop(args.config.as_deref())?;
    let stage = Stage::new(&shop)?;
    let options = Options {
        seed: args.seed,
        shoppers: args.shoppers,
        customers: None,
        for_ms: (args.hours * 3_600_000.0) as u64,
        faults: args.faults.clone(),
        record_every_ms: args.record.as_ref().map(|_| DAY_MS),
        planted: args.plant,
    };
    match args.seeds {
        Some(range) => seeds(args, &stage, &options, range, out),
        None => one(args, &stage, &options, out),
    }
}

fn one(args: &args::Run, stage: &Stage, options: &Options, out: &mut dyn Write) -> Result<bool> {
    let outcome = match &args.journal {
        None => run(stage, options, None),
        Some(path) => {
            let file = File::create(path)
                .with_context(|| format!("failed to create the journal {}", path.display()))?;
            let mut file = BufWriter::new(file);
            let mut outcome = run(stage, options, Some(&mut file));
            let written = std::mem::replace(&mut outcome.journal, Ok(()));
            written
                .and_then(|()| file.flush())
                .with_context(|| format!("failed to write the journal {}", path.display()))?;
            outcome
        }
    };
    if args.json {
        writeln!(out, "{}", report::json(options, &outcome))?;
    } else {
        write!(out, "{}", report::words(options, &outcome))?;
    }
    if let Some(path) = &args.record {
        again::write_and_decide(path, &outcome.recording, out)?;
    }
    Ok(outcome.violations_count == 0)
}

fn seeds(
    args: &args::Run,
    stage: &Stage,
    options: &Options,
    range: (u64, u64),
    out: &mut (dyn Write + Send),
) -> Result<bool> {
    let mut failed = 0_u64;
    let mut broken_pipe = None;
    let mut coverage = Coverage::default();
    let config = args.config.as_deref().map(Path::display);
    let config = config.map(|path| path.to_string());
    many::run_seeds(stage, options, range, |options, outcome| {
        failed += u64::from(outcome.violations_count > 0);
        coverage.take(&outcome);
        let text = describe(args.json, options, &outcome, config.as_deref());
        match out.write_all(text.as_bytes()) {
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => {
                broken_pipe.get_or_insert(error);
                ControlFlow::Break(())
            }
        }
    });
    if let Some(error) = broken_pipe {
        return Err(error).context("failed to print");
    }
    if !args.json {
        let all = range.1 - range.0 + 1;
        writeln!(out, "{}", coverage.words())?;
        writeln!(out, "{all} seeds, {failed} broke a promise")?;
    }
    Ok(failed == 0)
}

fn describe(json: bool, options: &Options, outcome: &Outcome, config: Option<&str>) -> String {
    if json {
        return format!("{}\n", report::json(options, outcome));
    }
    let mut text = report::line(options, outcome) + "\n";
    if outcome.violations_count > 0 {
        for violation in outcome.violations.iter().take(3) {
            let _ = writeln!(text, "    {violation}");
        }
        let _ = writeln!(text, "    replay: {}", report::replay(options, config));
    }
    text
}
