//! A scorecard in words.

use super::{Reliability, Scorecard, interval::Figure};
use std::fmt::Write as _;

/// Everything, for people.
pub fn words(card: &Scorecard) -> String {
    let changes = &card.changes;
    let lines = [
        ("moments", moments(card)),
        ("error, mean", metres(card.error_mean_m)),
        ("error, median", metres(card.error_median_m)),
        ("error, 9 of 10 within", metres(card.error_p90_m)),
        ("zone right", share(card.zone_accuracy)),
        (
            "  1 m of border forgiven",
            share(card.zone_accuracy_forgiven),
        ),
        (
            "changes per true change",
            card.changes_per_true_change.map_or_else(none, |n| {
                format!("{n:.2} ({} for {})", changes.said, changes.truly)
            }),
        ),
        (
            "  found after, median",
            card.change_latency_median_s
                .map_or_else(none, |s| format!("{s:.1} s")),
        ),
        (
            "  missed",
            format!("{} of {}", changes.missed, changes.truly),
        ),
    ];
    let mut out = String::new();
    for (name, value) in lines {
        let _ = writeln!(out, "{name:<26}{value}");
    }
    if let Some(reliability) = &card.reliability {
        out.push_str(&reliability_words(reliability));
    }
    out
}

fn reliability_words(reliability: &Reliability) -> String {
    let mut out = format!(
        "{:<26}Brier {:.3}, calibration error {:.3}\n",
        "probability of the zone", reliability.brier, reliability.calibration_error
    );
    let _ = writeln!(out, "    said   right  moments");
    for row in &reliability.table {
        let _ = writeln!(
            out,
            "    {:.2}   {:.2}   {:>6}",
            row.said, row.right, row.moments
        );
    }
    out
}

fn moments(card: &Scorecard) -> String {
    match card.unanswered {
        0 => card.moments.to_string(),
        unanswered => format!("{}, of which {unanswered} without an answer", card.moments),
    }
}

fn metres(figure: Option<Figure>) -> String {
    figure.map_or_else(none, |f| {
        format!("{:.2} m  ({:.2} to {:.2})", f.is, f.low, f.high)
    })
}

fn share(f: Figure) -> String {
    format!("{:.3}   ({:.2} to {:.2})", f.is, f.low, f.high)
}

fn none() -> String {
    "-".to_owned()
}
