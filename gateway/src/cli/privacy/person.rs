//! `aislecast privacy show`, `export` and `looks`.

use crate::{
    cli::{Failure, api::Gateway},
    pseudonym::Reference,
};
use clap::Args;
use serde_json::{Value, json};

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(in crate::cli) struct Show {
    /// The customer's reference, as in the file it was imported from.
    #[arg(value_name = "CUSTOMER")]
    customer: Reference,
    #[command(flatten)]
    gateway: Gateway,
}

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(in crate::cli) struct Export {
    /// The customer's reference, as in the file it was imported from.
    #[arg(value_name = "CUSTOMER")]
    customer: Reference,
    #[command(flatten)]
    gateway: Gateway,
}

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(in crate::cli) struct Consents {
    /// The customer's reference, as in the file it was imported from.
    #[arg(value_name = "CUSTOMER")]
    customer: Reference,
    #[command(flatten)]
    gateway: Gateway,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct Looks {
    /// Only looks at this customer.
    #[arg(value_name = "CUSTOMER")]
    customer: Option<Reference>,
    #[command(flatten)]
    gateway: Gateway,
    /// Print JSON, for machines.
    #[arg(long)]
    json: bool,
}

const EXAMPLES: &str = "\
Examples:
  aislecast privacy show C-100
  aislecast privacy export C-100 > C-100.json
  aislecast privacy consents C-100 > C-100.jsonld
  aislecast privacy looks C-100

Whoever looks is noted, with the time and a keyed hash of the customer.";

impl Show {
    pub(in crate::cli) fn perform(self) -> Result<(), Failure> {
        let told = ask(&self.gateway, "person", Some(self.customer.reveal()))?;
        lines(&told).iter().for_each(|line| println!("{line}"));
        Ok(())
    }
}

impl Export {
    pub(in crate::cli) fn perform(self) -> Result<(), Failure> {
        let told = ask(&self.gateway, "person", Some(self.customer.reveal()))?;
        println!("{}", serde_json::to_string_pretty(&told)?);
        Ok(())
    }
}

impl Consents {
    pub(in crate::cli) fn perform(self) -> Result<(), Failure> {
        let told = ask(&self.gateway, "consents", Some(self.customer.reveal()))?;
        println!("{}", serde_json::to_string_pretty(&told)?);
        Ok(())
    }
}

impl Looks {
    pub(in crate::cli) fn perform(self) -> Result<(), Failure> {
        let told = ask(
            &self.gateway,
            "looks",
            self.customer.as_ref().map(Reference::reveal),
        )?;
        if self.json {
            println!("{}", serde_json::to_string_pretty(&told)?);
            return Ok(());
        }
        let looks = told.as_array().map_or(&[][..], Vec::as_slice);
        for look in looks {
            let [at, who, what, subject] =
                ["at", "who", "what", "subject"].map(|name| look[name].as_str().unwrap_or("?"));
            println!("{at}  {who:<10} {what:<8} {subject}");
        }
        if looks.is_empty() {
            println!("nobody looked");
        }
        Ok(())
    }
}

/// Asks a desk about one customer, or about everybody.
pub(super) fn ask(gateway: &Gateway, desk: &str, customer: Option<&str>) -> Result<Value, Failure> {
    let body = customer.map(|customer| json!({ "customer": customer }).to_string());
    let path = format!("/api/v1/privacy/{desk}");
    let body = body.unwrap_or_default();
    let told = gateway
        .api()?
        .post(&path, "application/json", body.as_bytes())?;
    Ok(serde_json::from_str(&told)?)
}

/// What is kept of one shopper, for people.
fn lines(told: &Value) -> Vec<String> {
    let mut lines = Vec::new();
    match told["enrolment"].as_object() {
        Some(enrolment) => {
            lines.push("Enrolled".to_owned());
            lines.extend(fields(enrolment));
        }
        None => lines.push("Not enrolled".to_owned()),
    }
    match told["profile"].as_object() {
        Some(profile) => {
            lines.push("Profile".to_owned());
            lines.extend(fields(profile));
        }
        None => lines.push("No profile".to_owned()),
    }
    if let Some(serial) = told["erasure"]["serial"].as_u64() {
        let day = told["erasure"]["day"].as_str().unwrap_or("a day not known");
        lines.push(format!("Forgotten on {day}, receipt no. {serial}"));
    }
    let ledger = told["ledger"].as_array().map_or(&[][..], Vec::as_slice);
    lines.push(format!("{} entries in the ledger", ledger.len()));
    for entry in ledger.iter().filter_map(Value::as_object) {
        let kind = entry["kind"].as_str().unwrap_or("?");
        let rest = entry.iter().filter(|(name, _)| *name != "kind");
        let rest: Vec<_> = rest
            .map(|(name, value)| format!("{name} {value}"))
            .collect();
        lines.push(format!("  {kind:<10} {}", rest.join(", ")));
    }
    if let Some(left_out @ 1..) = told["left_out"].as_u64() {
        lines.push(format!("  and {left_out} older ones"));
    }
    lines
}

fn fields(of: &serde_json::Map<String, Value>) -> impl Iterator<Item = String> + '_ {
    of.iter()
        .map(|(name, value)| format!("  {name:<16} {value}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_is_told_section_by_section() {
        let told = json!({
            "enrolment": {"version": 7, "purposes": ["measurement"]},
            "profile": null,
            "erasure": {"serial": 2, "day": "2026-11-22"},
            "ledger": [{"kind": "exposure", "offer": "milk", "seen_ms": 4000}],
            "left_out": 3,
        });
        let expected = "Enrolled
  purposes         [\"measurement\"]
  version          7
No profile
Forgotten on 2026-11-22, receipt no. 2
1 entries in the ledger
  exposure   offer \"milk\", seen_ms 4000
  and 3 older ones";
        assert_eq!(lines(&told).join("\n"), expected);
    }
}
