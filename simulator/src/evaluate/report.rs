//! The table for people, and what was aimed at.

use super::{Aim, Evaluation, Row, copies, sureness};
use crate::scorecard::{Scorecard, interval::Figure};
use std::fmt::Write as _;

/// A figure of a card.
type Of = fn(&Scorecard) -> Option<f64>;

/// Aims: row, figure, how it is read, bound, whether more is better.
const AIMS: [(&str, &str, Of, f64, bool); 19] = [
    (
        "tetam, survey",
        "mean error, m",
        |c| is(c.error_mean_m),
        1.40,
        false,
    ),
    (
        "tetam, survey",
        "p90 error, m",
        |c| is(c.error_p90_m),
        2.60,
        false,
    ),
    (
        "tetam, survey",
        "zone right",
        |c| Some(c.zone_accuracy.is),
        0.80,
        true,
    ),
    (
        "tetam, survey",
        "with 1 m forgiven",
        |c| Some(c.zone_accuracy_forgiven.is),
        0.92,
        true,
    ),
    (
        "tetam, survey",
        "changes per true change",
        |c| c.changes_per_true_change,
        1.3,
        false,
    ),
    (
        "tetam, survey",
        "median latency, s",
        |c| c.change_latency_median_s,
        2.0,
        false,
    ),
    (
        "tetam, survey",
        "missed changes",
        |c| Some(f64::from(c.changes.missed)),
        1.0,
        false,
    ),
    (
        "tetam, no survey",
        "mean error, m",
        |c| is(c.error_mean_m),
        1.70,
        false,
    ),
    (
        "tetam, no survey",
        "zone right",
        |c| Some(c.zone_accuracy.is),
        0.75,
        true,
    ),
    (
        "flat, other walks surveyed",
        "mean error, m",
        |c| is(c.error_mean_m),
        1.30,
        false,
    ),
    (
        "flat, other walks surveyed",
        "room right",
        |c| Some(c.zone_accuracy.is),
        0.93,
        true,
    ),
    (
        "flat, all rooms surveyed",
        "mean error, m",
        |c| is(c.error_mean_m),
        1.30,
        false,
    ),
    (
        "flat, all rooms surveyed",
        "room right",
        |c| Some(c.zone_accuracy.is),
        0.93,
        true,
    ),
    (
        "vestibule, 5s windows",
        "zone right",
        |c| Some(c.zone_accuracy.is),
        0.84,
        true,
    ),
    (
        "vestibule, 15s windows",
        "zone right",
        |c| Some(c.zone_accuracy.is),
        0.90,
        true,
    ),
    (
        "4 nodes, living-to-bedroom",
        "p95 error, m",
        |c| is(c.error_p95_m),
        0.70,
        false,
    ),
    (
        "4 nodes, living-to-bedroom",
        "room right",
        |c| Some(c.zone_accuracy.is),
        0.90,
        true,
    ),
    (
        "4 nodes, diagonal-walk",
        "p95 error, m",
        |c| is(c.error_p95_m),
        0.70,
        false,
    ),
    (
        "4 nodes, diagonal-walk",
        "room right",
        |c| Some(c.zone_accuracy.is),
        0.90,
        true,
    ),
];
/// The largest mean error that a fault may cause, m.
const WORST_FAULT_M: f64 = 2.1;

/// What was aimed at, where its row is there.
pub(super) fn aims(rows: &[Row]) -> Vec<Aim> {
    let ours = || rows.iter().filter(|row| row.rival.is_none());
    let mut aims: Vec<Aim> = AIMS
        .iter()
        .filter_map(|(case, figure, of, aim, at_least)| {
            let row = ours().find(|row| row.case == *case)?;
            Some(Aim {
                figure: format!("{case}: {figure}"),
                is: of(&row.card)?,
                aim: *aim,
                at_least: *at_least,
            })
        })
        .collect();
    let faults = super::Fault::ALL.map(|fault| format!("tetam, {}", fault.name()));
    let worst = ours()
        .filter(|row| faults.contains(&row.case))
        .filter_map(|row| Some((row, row.card.error_mean_m?.is)))
        .max_by(|a, b| a.1.total_cmp(&b.1));
    aims.extend(worst.map(|(row, is)| Aim {
        figure: format!("worst fault ({}): mean error, m", row.case),
        is,
        aim: WORST_FAULT_M,
        at_least: false,
    }));
    aims
}

fn is(figure: Option<Figure>) -> Option<f64> {
    figure.map(|f| f.is)
}

/// Rows, for people.
pub(super) fn table(rows: &[Row]) -> String {
    let mut out = format!(
        "{:<32}{:>17}{:>7}{:>7}{:>18}{:>7}{:>19}{:>7}{:>9}{:>7}\n",
        "",
        "mean error, m",
        "p90",
        "p95",
        "zone right",
        "+-1 m",
        "changes",
        "late",
        "missed",
        "Brier"
    );
    for row in rows {
        let _ = writeln!(out, "{}", line(row));
    }
    out
}

/// Everything, for people.
pub(super) fn words(found: &Evaluation) -> String {
    let mut out = table(&found.rows);
    out.push_str(&sureness::table(&found.rows));
    out.push_str(&copies::table(&found.copies));
    out.push_str("\naims\n");
    for aim in &found.aims {
        let _ = writeln!(
            out,
            "  {:<58}{:>6.2}  {} {:<5.2}{}",
            aim.figure,
            aim.is,
            if aim.at_least { ">=" } else { "<=" },
            aim.aim,
            if aim.reached() {
                "  reached"
            } else {
                "  NOT reached"
            }
        );
    }
    if !found.said.is_empty() {
        let _ = writeln!(out, "\n{}", found.said.join("\n"));
    }
    if !found.absent.is_empty() {
        let _ = writeln!(out, "\nnot in the folder: {}", found.absent.join(", "));
    }
    out
}

fn line(row: &Row) -> String {
    let card = &row.card;
    let name = match row.rival {
        None => row.case.clone(),
        Some(rival) => format!("  {rival}"),
    };
    let changes = &card.changes;
    format!(
        "{name:<32}{:>17}{:>7}{:>7}{:>18}{:>7.2}{:>19}{:>7}{:>9}{:>7}",
        range(card.error_mean_m),
        number(is(card.error_p90_m), 2),
        number(is(card.error_p95_m), 2),
        range(Some(card.zone_accuracy)),
        card.zone_accuracy_forgiven.is,
        range(card.changes_range),
        card.change_latency_median_s
            .map_or_else(|| "-".to_owned(), |s| format!("{s:.1} s")),
        format!("{} of {}", changes.missed, changes.truly),
        number(card.reliability.as_ref().map(|r| r.brier), 3),
    )
}

pub(super) fn range(figure: Option<Figure>) -> String {
    figure.map_or_else(
        || "-".to_owned(),
        |f| format!("{:.2} ({:.2}-{:.2})", f.is, f.low, f.high),
    )
}

pub(super) fn number(number: Option<f64>, places: usize) -> String {
    number.map_or_else(|| "-".to_owned(), |n| format!("{n:.places$}"))
}
