//! `aislecast privacy report`.

use crate::cli::{Failure, api::Gateway};
use clap::Args;
use serde_json::Value;

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(in crate::cli) struct Report {
    #[command(flatten)]
    gateway: Gateway,
    /// Print JSON, for machines.
    #[arg(long)]
    json: bool,
}

const EXAMPLES: &str = "\
Examples:
  aislecast privacy report
  aislecast privacy report --json > records/2026-11.json

The map is the record of processing that article 30 of the GDPR asks for; it names nobody.";

impl Report {
    pub(in crate::cli) fn perform(self) -> Result<(), Failure> {
        let text = self.gateway.api()?.get("/api/v1/privacy/report")?;
        let told: Value = serde_json::from_str(&text)?;
        if self.json {
            println!("{}", serde_json::to_string_pretty(&told)?);
        } else {
            lines(&told).iter().for_each(|line| println!("{line}"));
        }
        Ok(())
    }
}

/// The report for people.
fn lines(told: &Value) -> Vec<String> {
    let mut lines = vec!["What is kept of people".to_owned()];
    for line in told["map"].as_array().into_iter().flatten() {
        lines.push(String::new());
        lines.push(format!("{}: {}", text(&line["kind"]), text(&line["what"])));
        lines.push(format!(
            "  where    {} ({})",
            text(&line["place"]),
            text(&line["form"])
        ));
        let purposes = line["purposes"].as_array().map_or(&[][..], Vec::as_slice);
        if !purposes.is_empty() {
            let names: Vec<_> = purposes.iter().map(text).collect();
            lines.push(format!("  for      {}", names.join(", ")));
        }
        lines.push(format!("  ground   {}", text(&line["ground"])));
        lines.push(format!("  kept     {}", text(&line["kept"])));
        let entries = line["entries"].as_u64().unwrap_or(0);
        if entries > 0 {
            let oldest = line["oldest"].as_str();
            let since = oldest.map_or(String::new(), |oldest| format!(", the oldest of {oldest}"));
            lines.push(format!("  now      {entries} entries in the ledger{since}"));
        }
    }
    lines.push(String::new());
    lines.extend(holdings(&told["holdings"]));
    lines
}

fn holdings(told: &Value) -> Vec<String> {
    let mut lines = vec![format!(
        "Enrolled {}, of whom {} took everything back; forgotten {}",
        told["enrolled"], told["withdrawn"], told["forgotten"]
    )];
    for (name, count) in told["agreed"].as_object().into_iter().flatten() {
        lines.push(format!("  {name:<16} {count:>7} agree"));
    }
    lines.push("Profiles by last use".to_owned());
    for (age, count) in told["profiles"].as_object().into_iter().flatten() {
        lines.push(format!("  {age:<16} {count:>7}"));
    }
    if let Some(profiles) = told["last_sweep"]["profiles"].as_u64() {
        lines.push(format!(
            "Last clean-up: {profiles} profiles went, kept for long enough"
        ));
    }
    if told["is_rewriting"] == true {
        lines.push("What is left of forgotten shoppers is being written over".to_owned());
    }
    lines
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or("?")
}
