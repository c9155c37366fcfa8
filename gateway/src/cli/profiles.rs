//! `aislecast profiles`.

use super::{
    Failure,
    api::{Api, Gateway},
    customers::{self, Row},
    privacy::keep_receipt,
};
use crate::pseudonym::Reference;
use anyhow::{Context as _, anyhow};
use clap::{Args, Subcommand};
use serde::Deserialize;
use serde_json::json;
use std::{
    collections::BTreeMap,
    io::{self, IsTerminal as _, Write as _},
    path::PathBuf,
    time::{Duration, Instant},
};

/// Rows in one request: a few commits' worth, and a second at most on a slow card.
const BATCH: usize = 500;
/// Most complaints printed; the rest are counted.
const COMPLAINTS_MAX: u64 = 20;
/// Between two lines of progress on a terminal.
const PROGRESS_EVERY: Duration = Duration::from_millis(200);

#[derive(Debug, Subcommand)]
pub(super) enum Profiles {
    /// Bring profiles and consents in. Versions make it safe to do twice.
    Import(Import),
    /// Forget a customer: profile, keys and consent, on every disk and screen.
    Forget(Forget),
}

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Import {
    /// `.jsonl`: a JSON object a line; `.csv`: a line of column names and a customer a line.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    #[command(flatten)]
    gateway: Gateway,
}

const EXAMPLES: &str = r#"A line of JSON, as over MQTT; customer, version and consent are required:
  {"customer": "C-100", "version": 7, "consent": {"purposes": ["in_store_offers"], "notice": 3},
   "keys": [{"irk": "ec0234a357c8ad05341010a60a397d9b"}], "segments": ["family"], "language": "vi"}

The same as CSV; lists are separated by semicolons:
  customer,version,purposes,notice,segments,language,irk
  C-100,7,in_store_offers;personalisation,3,family,vi,ec0234a357c8ad05341010a60a397d9b

Purposes: in_store_offers, personalisation, measurement, cross_store.
Key columns: ibeacon (UUID/MAJOR/MINOR), eddystone_uid (NAMESPACE/INSTANCE), altbeacon (40 digits), irk, rotating (KEY/EXPONENT).

Exit codes: 0 every row was taken or is already there, 1 some were refused."#;

#[derive(Debug, Args)]
pub(super) struct Forget {
    /// The customer's reference, as in the file it was imported from.
    #[arg(value_name = "CUSTOMER")]
    customer: Reference,
    /// Write the receipt there: signed proof, without a name.
    #[arg(long, value_name = "FILE")]
    receipt: Option<PathBuf>,
    #[command(flatten)]
    gateway: Gateway,
}

/// What became of one row.
#[derive(Debug, Deserialize)]
struct Answer {
    line: usize,
    outcome: Option<String>,
    error: Option<String>,
}

impl Profiles {
    pub(super) fn perform(self) -> Result<(), Failure> {
        match self {
            Self::Import(import) => import.perform(),
            Self::Forget(forget) => forget.perform(),
        }
    }
}

impl Import {
    fn perform(self) -> Result<(), Failure> {
        let api = self.gateway.api()?;
        let mut rows = customers::read(&self.file)
            .map_err(Failure::Usage)?
            .peekable();
        let mut tally = Tally::default();
        while rows.peek().is_some() {
            let batch: Vec<Row> = rows.by_ref().take(BATCH).collect();
            tally.send(&api, batch)?;
            tally.progress(false);
        }
        tally.progress(true);
        if tally.refused() == 0 {
            Ok(())
        } else {
            Err(Failure::Said)
        }
    }
}

/// Outcomes so far.
#[derive(Default)]
struct Tally {
    rows: u64,
    outcomes: BTreeMap<String, u64>,
    complaints: u64,
    told: Option<Instant>,
}

impl Tally {
    fn send(&mut self, api: &Api, batch: Vec<Row>) -> Result<(), Failure> {
        let mut body = String::new();
        let mut places = Vec::with_capacity(batch.len());
        for (place, message) in batch {
            self.rows += 1;
            match message {
                Ok(message) => {
                    body.push_str(&message);
                    body.push('\n');
                    places.push(place);
                }
                Err(error) => self.complain(place, &format!("{error:#}")),
            }
        }
        if places.is_empty() {
            return Ok(());
        }
        let answers = api.post("/api/profiles", "application/x-ndjson", body.as_bytes())?;
        let mut answered = 0;
        for answer in answers.lines() {
            let answer: Answer =
                serde_json::from_str(answer).context("failed to read the gateway's answer")?;
            let place = answer.line.checked_sub(1).and_then(|line| places.get(line));
            let place = place.context("the gateway answers a line that was not sent")?;
            self.note(*place, answer);
            answered += 1;
        }
        if answered < places.len() {
            let missing = places.len() - answered;
            return Err(anyhow!(
                "the gateway left {missing} rows unanswered: import the file again"
            )
            .into());
        }
        Ok(())
    }

    fn note(&mut self, place: u64, answer: Answer) {
        match (answer.outcome, answer.error) {
            (Some(outcome), None) => {
                if let Some(words) = complaint(&outcome) {
                    self.complain(place, words);
                } else {
                    *self.outcomes.entry(outcome).or_default() += 1;
                }
            }
            (_, error) => self.complain(place, &error.unwrap_or_else(|| "no answer".to_owned())),
        }
    }

    /// Names the place, never the customer.
    fn complain(&mut self, place: u64, what: &str) {
        *self.outcomes.entry("refused".to_owned()).or_default() += 1;
        self.complaints += 1;
        if self.complaints <= COMPLAINTS_MAX {
            eprintln!("line {place}: {what}");
        } else if self.complaints == COMPLAINTS_MAX + 1 {
            eprintln!("further lines are only counted");
        }
    }

    fn refused(&self) -> u64 {
        self.outcomes.get("refused").copied().unwrap_or(0)
    }

    fn progress(&mut self, at_end: bool) {
        let is_due = self
            .told
            .is_none_or(|told| told.elapsed() >= PROGRESS_EVERY);
        let on_terminal = io::stdout().is_terminal();
        let is_wanted = at_end || (on_terminal && is_due);
        if !is_wanted {
            return;
        }
        self.told = Some(Instant::now());
        let outcomes = self.outcomes.iter();
        let outcomes: Vec<_> = outcomes
            .map(|(outcome, n)| format!("{n} {outcome}"))
            .collect();
        let line_start = if on_terminal { "\r\x1b[K" } else { "" };
        print!("{line_start}{} rows: {}", self.rows, outcomes.join(", "));
        if at_end {
            println!();
        }
        // A closed terminal is no reason to stop an import.
        let _ = io::stdout().flush();
    }
}

/// Why an outcome is no success, if it is not.
fn complaint(outcome: &str) -> Option<&'static str> {
    match outcome {
        "done" | "stale" => None,
        "forgotten" => {
            Some("the customer was forgotten: only a newer version brings a consent back")
        }
        "full" => Some("a limit is reached: too many shoppers, keys, or waiting requests"),
        "key_taken" => Some("a key of this row belongs to another customer"),
        "no_room" => {
            Some("the gateway's disk is full: free space on it, then import the file again")
        }
        _ => Some("not taken"),
    }
}

impl Forget {
    fn perform(self) -> Result<(), Failure> {
        let body = json!({"customer": self.customer.reveal()}).to_string();
        let answer =
            self.gateway
                .api()?
                .post("/api/forget", "application/json", body.as_bytes())?;
        let answer: Verdict =
            serde_json::from_str(&answer).context("failed to read the gateway's answer")?;
        match answer.outcome.as_str() {
            "done" => {
                let kept = keep_receipt(&answer.receipt, self.receipt.as_ref())?;
                println!("forgotten: {kept}");
                Ok(())
            }
            "unknown" => Err(anyhow!("the shop knows no such customer").into()),
            other => Err(anyhow!("not forgotten: {other}").into()),
        }
    }
}

/// What became of one request.
#[derive(Debug, Deserialize)]
struct Verdict {
    outcome: String,
    #[serde(default)]
    receipt: serde_json::Value,
}
