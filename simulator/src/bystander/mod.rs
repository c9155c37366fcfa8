//! What somebody finds out who stands in the shop and watches: a *bystander*
//! sees who comes when and where, and what every screen shows, knows the rules
//! and the offers, and guesses of each shopper who passes which segments they
//! are in.
//!
//! ```text
//! run (the very engine) > watch > cases > attack, learnt from other runs > advantage
//! ```
//!
//! The advantage is over a coin: of as many shoppers in a segment as not in it,
//! how many more are guessed right than half, in percentage points. Against
//! base rates (most shoppers are in no given segment) nearly every attack would
//! look harmless; against a coin nothing hides.

mod advantage;
mod attack;
mod cases;
mod curve;
mod report;
mod seeds;
mod strategy;
mod sweep;
pub mod watch;

use crate::{args, run::Stage};
use anyhow::{Context as _, Result, ensure};
use engine::plan::{Schedule, Sensitivity, StorePlan};
use std::{fs, io::Write, sync::Arc};
use sweep::Row;

/// Watches, and prints what was found out. Whether the shop's own guard keeps
/// the advantage and the loss below the aims.
pub fn execute(args: &args::Bystander, out: &mut dyn Write) -> Result<bool> {
    let mut shop = crate::load_shop(args.config.as_deref())?;
    if !args.as_written {
        shop.plan = Arc::new(most_told(&shop.plan));
    }
    let segments = shop.plan.offers.iter();
    let segments = segments.filter(|o| o.sensitivity == Sensitivity::Segment);
    ensure!(
        segments.count() > 0,
        "no offer of this shop is for a segment: there is nothing to find out"
    );
    let stage = Stage::new(&shop)?;
    let own = shop.plan.guard.at_least_floor();
    let settings = if args.sweep {
        sweep::around(own)
    } else {
        sweep::off_and(own)
    };
    let rows = sweep::run(&stage, args, &settings)?;
    let text = match (args.json, args.csv) {
        (true, _) => report::json(&rows)?,
        (false, true) => report::csv(&rows),
        (false, false) => report::words(&rows),
    };
    out.write_all(text.as_bytes()).context("failed to print")?;
    if let Some(path) = &args.svg {
        let written = fs::write(path, curve::draw(&rows));
        written.with_context(|| format!("failed to write {}", path.display()))?;
    }
    Ok(rows.iter().filter(|r| r.is_own).all(Row::meets_aims))
}

/// The shop as an attacker would wish it: offers for segments are never
/// withheld for want of stock, heat or the right hour, come before all others,
/// and are shown to the same shopper three times.
fn most_told(plan: &StorePlan) -> StorePlan {
    let mut plan = plan.clone();
    for offer in &mut plan.offers {
        if offer.sensitivity == Sensitivity::Segment {
            let until = offer.schedule.until;
            offer.schedule = Schedule {
                until,
                ..Schedule::always()
            };
            offer.conditions.clear();
            offer.priority = 100;
            offer.cap.per_visit = 3;
            offer.cap.per_day = 3;
        }
    }
    plan
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Few seeds on two threads: enough to see that the attack works and that
    /// the guard stops most of it; the curve in `docs/guard.md` is of many.
    #[test]
    fn a_bystander_finds_out_much_without_the_guard_and_little_with_it() {
        let mut args = args::Bystander {
            config: None,
            seeds: (1, 8),
            shoppers: 150,
            customers: 2_000,
            hours: 0.5,
            sweep: false,
            as_written: false,
            json: false,
            csv: false,
            svg: None,
        };
        let mut printed = Vec::new();
        args.csv = true;
        execute(&args, &mut printed).unwrap();
        let text = String::from_utf8(printed).unwrap();
        let advantage = |line: &str| line.split(',').nth(6).unwrap().parse::<f64>().unwrap();
        let rows: Vec<f64> = text.lines().skip(1).map(advantage).collect();
        assert_eq!(rows.len(), 2, "{text}");
        assert!(rows[0] > 8.0, "the attack is no straw man: {text}");
        assert!(rows[1] < rows[0] / 2.0, "the guard hides: {text}");
    }
}
