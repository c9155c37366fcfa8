//! What was found out, in words, as JSON and as CSV.

use super::sweep::Row;
use anyhow::{Context as _, Result};
use engine::plan::GuardSettings;
use std::fmt::Write as _;

/// For people.
pub(super) fn words(rows: &[Row]) -> String {
    let mut out = String::from(
        "guard                                       advantage, points      value    segment\n\
         in view  enrolled  one turn in  settle    over a coin (95 %)       lost      shown  best guess\n",
    );
    for row in rows {
        let advantage = row.advantage;
        let own = if row.is_own {
            "  <- the shop's own"
        } else {
            ""
        };
        let _ = writeln!(
            out,
            "{:<44}{:>5.1} ({:>4.1} .. {:>4.1}) {:>8.1} % {:>7.0} %  {}{own}",
            guard_in_words(row.guard),
            advantage.is,
            advantage.low,
            advantage.high,
            row.lost_percent,
            row.segments_kept_percent,
            row.by
        );
    }
    out
}

fn guard_in_words(guard: Option<GuardSettings>) -> String {
    guard.map_or_else(
        || "off".to_owned(),
        |g| {
            let settle_s = f64::from(g.settle_ms) / 1_000.0;
            format!(
                "{:>7} {:>9} {:>12} {settle_s:>5} s",
                g.people_in_view_min, g.enrolled_min, g.turns
            )
        },
    )
}

/// One object.
pub(super) fn json(rows: &[Row]) -> Result<String> {
    let text = serde_json::to_string(rows).context("failed to write JSON")?;
    Ok(text + "\n")
}

/// One line a guard; a guard's columns are empty where there is none.
pub(super) fn csv(rows: &[Row]) -> String {
    let mut out = String::from(
        "people_in_view_min,enrolled_min,turns,settle_s,is_own,cases,advantage_points,low,high,\
         luckiest_points,value_lost_percent,segments_kept_percent,best_guess\n",
    );
    for row in rows {
        let guard = row.guard.map_or_else(
            || ",,,".to_owned(),
            |g| {
                let settle_s = f64::from(g.settle_ms) / 1_000.0;
                let (people, enrolled) = (g.people_in_view_min, g.enrolled_min);
                format!("{people},{enrolled},{},{settle_s}", g.turns)
            },
        );
        let advantage = row.advantage;
        let _ = writeln!(
            out,
            "{guard},{},{},{:.2},{:.2},{:.2},{:.2},{:.2},{:.1},{}",
            row.is_own,
            row.cases,
            advantage.is,
            advantage.low,
            advantage.high,
            row.luckiest,
            row.lost_percent,
            row.segments_kept_percent,
            row.by
        );
    }
    out
}
