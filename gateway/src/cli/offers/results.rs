//! `aislecast offers results`, `aislecast offers let-loose`.

use crate::cli::{Failure, api::Gateway};
use clap::Args;
use serde_json::Value;

#[derive(Debug, Args)]
#[command(after_help = RESULTS_EXAMPLES)]
pub(in crate::cli) struct Results {
    #[command(flatten)]
    gateway: Gateway,
    /// Only this offer.
    #[arg(value_name = "OFFER")]
    offer: Option<String>,
    /// Print JSON, for machines.
    #[arg(long)]
    json: bool,
}

const RESULTS_EXAMPLES: &str = "\
Examples:
  aislecast offers results
  aislecast offers results iced-tea-noon
  aislecast offers results --json

Those who were shown an offer are compared with those whom chance kept from it. `cannot tell` means
that too few came so far; the number that it needs stands beside it.";

#[derive(Debug, Args)]
#[command(after_help = LOOSE_EXAMPLES)]
pub(in crate::cli) struct LetLoose {
    #[command(flatten)]
    gateway: Gateway,
    /// Which offer.
    #[arg(value_name = "OFFER")]
    offer: String,
}

const LOOSE_EXAMPLES: &str = "\
Examples:
  aislecast offers let-loose iced-tea-noon

For an offer that was taken back by its ramp's guard: it begins anew at its first step. Read first
what happened: `aislecast offers results iced-tea-noon`.";

impl Results {
    pub(super) fn perform(self) -> Result<(), Failure> {
        let text = self.gateway.api()?.get("/api/v1/offers/results")?;
        let mut told: Value = serde_json::from_str(&text)?;
        if let (Some(only), Some(lifts)) = (&self.offer, told.as_array_mut()) {
            lifts.retain(|lift| lift["offer"] == only.as_str());
        }
        if self.json {
            println!("{}", serde_json::to_string_pretty(&told)?);
            return Ok(());
        }
        let lifts = told.as_array().map_or(&[][..], Vec::as_slice);
        for lift in lifts {
            println!("{}", lift["offer"].as_str().unwrap_or("?"));
            for line in lines(lift) {
                println!("  {line}");
            }
        }
        if lifts.is_empty() {
            println!(
                "nothing to tell yet: no offer with a holdout, arms, a switchback or a ramp has reached anybody"
            );
        }
        Ok(())
    }
}

impl LetLoose {
    pub(super) fn perform(self) -> Result<(), Failure> {
        let path = format!("/api/v1/offers/{}/let-loose", self.offer);
        let told = self.gateway.api()?.post(&path, "application/json", b"{}")?;
        let told: Value = serde_json::from_str(&told)?;
        println!(
            "{}: {}",
            self.offer,
            told["outcome"].as_str().unwrap_or("?")
        );
        Ok(())
    }
}

/// Everything that is known of one offer's effect, a sentence each.
fn lines(lift: &Value) -> Vec<String> {
    let each = |key: &str| lift[key].as_array().cloned().unwrap_or_default();
    let words = |value: &Value| value["words"].as_str().unwrap_or("?").to_owned();
    let mut lines: Vec<String> = each("comparisons").iter().map(words).collect();
    lines.extend(each("switchback").iter().map(|on| {
        let screen = on["screen"].as_str().unwrap_or("?");
        format!("{screen}: {}", words(on))
    }));
    if lift["ramp"].is_object() {
        lines.push(words(&lift["ramp"]));
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn an_offers_effect_is_a_sentence_for_each_thing_that_is_known() {
        let lift = json!({
            "offer": "tea",
            "comparisons": [{"words": "cannot tell yet"}],
            "switchback": [{"screen": "drinks", "words": "more by day"}],
            "ramp": {"words": "let loose on 5 %"},
        });
        let expected = ["cannot tell yet", "drinks: more by day", "let loose on 5 %"];
        assert_eq!(lines(&lift), expected);
        assert_eq!(lines(&json!({"offer": "tea", "ramp": null})), [""; 0]);
    }
}
