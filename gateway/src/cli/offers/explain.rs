//! `aislecast offers explain`, `aislecast offers why-not`.

use crate::cli::{Failure, api::Gateway};
use clap::Args;
use serde_json::Value;
use std::fmt::Write as _;

#[derive(Debug, Args)]
#[command(after_help = EXPLAIN_EXAMPLES)]
pub(in crate::cli) struct Explain {
    #[command(flatten)]
    gateway: Gateway,
    /// Which screen.
    #[arg(long, value_name = "NAME")]
    screen: String,
    /// At another moment, with nobody in view and the sensors as they are now.
    #[arg(long, value_name = "TIME")]
    at: Option<String>,
    /// Print JSON, for machines.
    #[arg(long)]
    json: bool,
}

const EXPLAIN_EXAMPLES: &str = "\
Examples:
  aislecast offers explain --screen dairy
  aislecast offers explain --screen dairy --at 2026-11-23T17:30:00+07:00";

#[derive(Debug, Args)]
#[command(after_help = WHY_EXAMPLES)]
pub(in crate::cli) struct WhyNot {
    #[command(flatten)]
    gateway: Gateway,
    /// Which offer.
    #[arg(value_name = "OFFER")]
    offer: String,
    /// Only on this screen.
    #[arg(long, value_name = "NAME")]
    screen: Option<String>,
    /// Print JSON, for machines.
    #[arg(long)]
    json: bool,
}

const WHY_EXAMPLES: &str = "\
Examples:
  aislecast offers why-not iced-tea-noon
  aislecast offers why-not iced-tea-noon --screen drinks

Rules are asked in a fixed order: what is said is the first that stops the offer, and after
`needed:` the smallest change that would mend it. When that is mended, the next may stop it.

Exit codes: 0 some screen would show it now, 1 none would.";

impl Explain {
    pub(super) fn perform(self) -> Result<(), Failure> {
        let mut path = format!("/api/v1/offers/explain?screen={}", plain(&self.screen));
        if let Some(at) = &self.at {
            path.push_str("&at=");
            path.push_str(&plain(at));
        }
        let text = self.gateway.api()?.get(&path)?;
        let told: Value = serde_json::from_str(&text)?;
        if self.json {
            println!("{}", serde_json::to_string_pretty(&told)?);
            return Ok(());
        }
        println!("{}: {}", word(&told, "screen"), word(&told, "why"));
        if let Some(assumed) = told["assumed"].as_str() {
            println!("assumed: {assumed}");
        }
        for offer in told["offers"].as_array().into_iter().flatten() {
            let mark = if offer["chosen"] == true { "*" } else { " " };
            let score = offer["score"]["total"].as_f64();
            let score = score.map_or_else(|| "   -".to_owned(), |score| format!("{score:4.0}"));
            println!(
                "{mark} {score} {:32} {}{}",
                word(offer, "offer"),
                word(offer, "words"),
                needed(offer)
            );
        }
        Ok(())
    }
}

impl WhyNot {
    pub(super) fn perform(self) -> Result<(), Failure> {
        let path = format!("/api/v1/offers/{}/why", plain(&self.offer));
        let mut told: Value = serde_json::from_str(&self.gateway.api()?.get(&path)?)?;
        if let (Some(only), Some(screens)) = (&self.screen, told["screens"].as_array_mut()) {
            screens.retain(|screen| screen["screen"] == only.as_str());
        }
        let screens = told["screens"].as_array();
        let is_shown = screens.is_some_and(|all| all.iter().any(|s| s["chosen"] == true));
        if self.json {
            println!("{}", serde_json::to_string_pretty(&told)?);
        } else {
            println!("{} (\u{201c}{}\u{201d})", self.offer, word(&told, "title"));
            for screen in screens.into_iter().flatten() {
                let (name, words) = (word(screen, "screen"), word(screen, "words"));
                println!("  {name:24} {words}{}", needed(screen));
            }
        }
        if is_shown { Ok(()) } else { Err(Failure::Said) }
    }
}

fn word<'v>(value: &'v Value, key: &str) -> &'v str {
    value[key].as_str().unwrap_or("?")
}

/// What would have to change, after the words that say what is wrong.
fn needed(told: &Value) -> String {
    let words = told["needed"]["words"].as_str();
    words.map_or_else(String::new, |words| format!("; needed: {words}"))
}

/// As it can stand in an address.
fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._:".contains(&byte) {
            plain.push(char::from(byte));
        } else {
            write!(plain, "%{byte:02X}").expect("writing to a String cannot fail");
        }
    }
    plain
}
