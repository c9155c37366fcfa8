//! An outcome in words and as JSON.

use super::{
    Options, Outcome,
    score::{OfferScore, Scorecard},
};
use serde_json::{Value, json};
use std::fmt::Write as _;

/// Simulated seconds per second.
pub fn times_life(outcome: &Outcome) -> f64 {
    outcome.for_ms as f64 / 1000.0 / outcome.took.as_secs_f64().max(1e-9)
}

/// The command that runs this seed again.
pub fn replay(options: &Options, config: Option<&str>) -> String {
    let config = config.map_or_else(String::new, |path| format!(" --config {path}"));
    format!(
        "aislecast-sim run{config} --seed {} --shoppers {} --hours {} --faults {}",
        options.seed,
        options.shoppers,
        options.for_ms as f64 / 3_600_000.0,
        options.faults
    )
}

/// One line for one of many seeds.
pub fn line(options: &Options, outcome: &Outcome) -> String {
    let faults: Vec<_> = outcome.faults.iter().map(|f| f.name()).collect();
    format!(
        "seed {:>5}  {:032x}  {:>3} shown  {:>2} starts  {:>6.0}x  {}  [{}]",
        options.seed,
        outcome.hash,
        outcome.score.shown,
        outcome.starts,
        times_life(outcome),
        if outcome.violations_count == 0 {
            "ok".to_owned()
        } else {
            format!("{} BROKEN", outcome.violations_count)
        },
        faults.join(" ")
    )
}

/// Everything, for people.
pub fn words(options: &Options, outcome: &Outcome) -> String {
    let mut lines = about_the_run(options, outcome);
    lines.extend(about_the_shop(&outcome.score));
    lines.extend(outcome.score.offers.iter().flat_map(about_an_offer));
    let took_s = outcome.took.as_secs_f64();
    let speed = format!("{took_s:.2} s, {:.0} times life", times_life(outcome));
    lines.push(("speed".to_owned(), speed));
    let broken = outcome.violations_count.to_string();
    lines.push(("promises broken".to_owned(), broken));
    let mut out = String::new();
    for (name, value) in lines {
        let _ = writeln!(out, "{name:<22}{value}");
    }
    for violation in &outcome.violations {
        let _ = writeln!(out, "  {violation}");
    }
    out
}

type Line = (String, String);

fn about_the_run(options: &Options, outcome: &Outcome) -> Vec<Line> {
    let score = &outcome.score;
    let hours = outcome.for_ms as f64 / 3_600_000.0;
    let faults: Vec<_> = outcome.faults.iter().map(|f| f.name()).collect();
    let faults = if faults.is_empty() {
        "none".to_owned()
    } else {
        faults.join(", ")
    };
    let engine = format!(
        "{} calls, {} sightings, {} starts, {} dropped",
        outcome.calls, outcome.sightings, outcome.starts, score.dropped
    );
    let people = format!("{}, of whom {} signed up", score.people.0, score.people.1);
    vec![
        (
            "seed".to_owned(),
            format!("{} ({hours:.2} h)", options.seed),
        ),
        ("faults".to_owned(), faults),
        ("effects hash".to_owned(), format!("{:032x}", outcome.hash)),
        ("people".to_owned(), people),
        ("engine".to_owned(), engine),
    ]
}

fn about_the_shop(score: &Scorecard) -> Vec<Line> {
    let pictures = format!(
        "{} shown, {} confirmed, {} exposures",
        score.shown, score.painted, score.exposures
    );
    let zones = format!(
        "{:.1} % of seconds right, {:.1} m off, {:.2} changes seen per true change of {}",
        100.0 * score.zone_accuracy,
        score.error_m,
        score.flips_per_change,
        score.true_changes
    );
    let latency = format!(
        "half within {:.1} s, nine of ten within {:.1} s",
        score.entry_latency_ms.0 as f64 / 1000.0,
        score.entry_latency_ms.1 as f64 / 1000.0
    );
    let baskets = format!(
        "{}, joined to offers: {} exposed, {} held out, {} neither",
        score.baskets, score.redemptions[0], score.redemptions[1], score.redemptions[2]
    );
    vec![
        ("pictures".to_owned(), pictures),
        ("zones".to_owned(), zones),
        ("entry latency".to_owned(), latency),
        ("baskets".to_owned(), baskets),
    ]
}

/// What was planted in the simulated people, and what the shop's own report
/// makes of it.
fn about_an_offer(offer: &OfferScore) -> Vec<Line> {
    if offer.saw.0 == 0 && offer.report.is_empty() {
        return Vec::new();
    }
    let truth = format!(
        " truth: {} of {} who saw it at its shelf bought, {} of {} who did not see it",
        offer.saw.1, offer.saw.0, offer.unseen.1, offer.unseen.0,
    );
    let mut lines = vec![(format!("  {}", offer.offer), truth)];
    let told = offer.report.iter();
    lines.extend(told.map(|words| (String::new(), format!("report: {words}"))));
    lines
}

/// Everything, for machines.
pub fn json(options: &Options, outcome: &Outcome) -> Value {
    let violations: Vec<Value> = outcome
        .violations
        .iter()
        .map(|v| json!({"promise": v.promise, "at_ms": v.at_ms, "what": v.what}))
        .collect();
    let faults: Vec<_> = outcome.faults.iter().map(|f| f.name()).collect();
    json!({
        "seed": options.seed,
        "for_ms": outcome.for_ms,
        "faults": faults,
        "hash": format!("{:032x}", outcome.hash),
        "starts": outcome.starts,
        "calls": outcome.calls,
        "sightings": outcome.sightings,
        "score": outcome.score,
        "took_s": outcome.took.as_secs_f64(),
        "times_life": times_life(outcome),
        "violations_count": outcome.violations_count,
        "violations": violations,
    })
}
