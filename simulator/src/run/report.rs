//! An outcome in words and as JSON.

use super::{Options, Outcome};
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
    let mut out = String::new();
    let score = &outcome.score;
    let hours = outcome.for_ms as f64 / 3_600_000.0;
    let mut put = |name: &str, value: String| {
        let _ = writeln!(out, "{name:<22}{value}");
    };
    let faults: Vec<_> = outcome.faults.iter().map(|f| f.name()).collect();
    put("seed", format!("{} ({hours:.2} h)", options.seed));
    put(
        "faults",
        if faults.is_empty() {
            "none".to_owned()
        } else {
            faults.join(", ")
        },
    );
    put("effects hash", format!("{:032x}", outcome.hash));
    put(
        "people",
        format!("{}, of whom {} signed up", score.people.0, score.people.1),
    );
    put(
        "engine",
        format!(
            "{} calls, {} sightings, {} starts, {} dropped",
            outcome.calls, outcome.sightings, outcome.starts, score.dropped
        ),
    );
    put(
        "pictures",
        format!(
            "{} shown, {} confirmed, {} exposures",
            score.shown, score.painted, score.exposures
        ),
    );
    put(
        "zones",
        format!(
            "{:.1} % of seconds right, {:.2} changes seen per true change of {}",
            100.0 * score.zone_accuracy,
            score.flips_per_change,
            score.true_changes
        ),
    );
    put(
        "entry latency",
        format!(
            "half within {:.1} s, nine of ten within {:.1} s",
            score.entry_latency_ms.0 as f64 / 1000.0,
            score.entry_latency_ms.1 as f64 / 1000.0
        ),
    );
    put(
        "baskets",
        format!(
            "{}, joined to offers: {} exposed, {} held out, {} neither",
            score.baskets, score.redemptions[0], score.redemptions[1], score.redemptions[2]
        ),
    );
    for offer in score
        .offers
        .iter()
        .filter(|o| o.saw.0 > 0 || o.exposed.0 > 0)
    {
        let lift = |l: Option<f64>| l.map_or("-".to_owned(), |l| format!("{l:.2}"));
        put(
            &format!("  {}", offer.offer),
            format!(
                " truth: {} of {} who saw it bought, {} of {} who did not, lift {}; ledger: {} of {} exposed, lift {}",
                offer.saw.1,
                offer.saw.0,
                offer.unseen.1,
                offer.unseen.0,
                lift(offer.true_lift),
                offer.exposed.1,
                offer.exposed.0,
                lift(offer.measured_lift)
            ),
        );
    }
    put(
        "speed",
        format!(
            "{:.2} s, {:.0} times life",
            outcome.took.as_secs_f64(),
            times_life(outcome)
        ),
    );
    put("promises broken", outcome.violations_count.to_string());
    for violation in &outcome.violations {
        let _ = writeln!(out, "  {violation}");
    }
    out
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
