//! `aislecast offers plan`, `apply`, `rollback`, `history`.

use super::source::{Packing, read_bundle};
use crate::cli::{
    Failure,
    api::{Api, Gateway},
    say,
};
use anyhow::anyhow;
use clap::Args;
use serde_json::{Value, json};
use std::{
    io::{self, IsTerminal as _},
    path::PathBuf,
};

const BUNDLE: &str = "application/vnd.aislecast.bundle";

#[derive(Debug, Args)]
#[command(after_help = PLAN_EXAMPLES)]
pub(in crate::cli) struct Plan {
    #[command(flatten)]
    gateway: Gateway,
    /// A folder with `offers` and `creatives` in it, or a bundle.
    #[arg(value_name = "DIR|BUNDLE")]
    source: PathBuf,
    /// Print JSON, for machines.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    packing: Packing,
}

const PLAN_EXAMPLES: &str = "\
Examples:
  aislecast offers plan spring/
  aislecast offers plan spring.bundle --json | jq '.words[]'

Exit codes: 0 nothing is wrong with the offers, 1 something is: they would not be taken.";

#[derive(Debug, Args)]
#[command(after_help = APPLY_EXAMPLES)]
pub(in crate::cli) struct Apply {
    #[command(flatten)]
    gateway: Gateway,
    /// A folder with `offers` and `creatives` in it, or a bundle.
    #[arg(value_name = "DIR|BUNDLE")]
    source: PathBuf,
    /// Do not ask.
    #[arg(long)]
    yes: bool,
    #[command(flatten)]
    packing: Packing,
}

const APPLY_EXAMPLES: &str = "\
Examples:
  aislecast offers apply spring/ --author lan --key lan.key --note 'Spring'
  aislecast offers apply spring.bundle --yes

From then on the applied version is in force, over restarts, too; the shop's own folder `offers` is
version 0. A folder is applied only if what is in force is still what it was planned against.

Exit codes: 0 it is in force and on the disk, 1 nothing was changed.";

#[derive(Debug, Args)]
pub(in crate::cli) struct Rollback {
    #[command(flatten)]
    gateway: Gateway,
    /// To which version; the one before if left out, 0 for the shop's own folder.
    #[arg(value_name = "N")]
    to: Option<u32>,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct History {
    #[command(flatten)]
    gateway: Gateway,
    /// Print JSON, for machines.
    #[arg(long)]
    json: bool,
}

impl Plan {
    pub(super) fn perform(self) -> Result<(), Failure> {
        let api = self.gateway.api()?;
        let bytes = if self.source.is_dir() {
            self.packing.pack(&self.source, None)?.to_bytes()
        } else {
            read_bundle(&self.source)?
        };
        let plan = plan(&api, &bytes)?;
        if self.json {
            println!("{}", serde_json::to_string_pretty(&plan)?);
        } else {
            tell(&plan);
        }
        if is_sound(&plan) {
            Ok(())
        } else {
            Err(Failure::Said)
        }
    }
}

impl Apply {
    pub(super) fn perform(self) -> Result<(), Failure> {
        let is_folder = self.source.is_dir();
        if is_folder {
            self.packing.can_sign()?;
        }
        let api = self.gateway.api()?;
        let mut bytes = if is_folder {
            self.packing.pack(&self.source, None)?.to_bytes()
        } else {
            read_bundle(&self.source)?
        };
        let plan = plan(&api, &bytes)?;
        tell(&plan);
        if !is_sound(&plan) {
            return Err(Failure::Said);
        }
        if !self.yes && !is_confirmed()? {
            println!("nothing was changed");
            return Err(Failure::Said);
        }
        if is_folder {
            let replaces = plan["replaces"].as_str().map(str::to_owned);
            bytes = self.packing.pack(&self.source, replaces)?.to_bytes();
        }
        let answer = api.post("/api/v1/offers/apply", BUNDLE, &bytes)?;
        tell_version(&answer)
    }
}

impl Rollback {
    pub(super) fn perform(self) -> Result<(), Failure> {
        let api = self.gateway.api()?;
        let to = match self.to {
            Some(to) => to,
            None => before(&api)?,
        };
        let body = json!({"to": to}).to_string();
        let answer = api.post(
            "/api/v1/offers/rollback",
            "application/json",
            body.as_bytes(),
        )?;
        tell_version(&answer)
    }
}

impl History {
    pub(super) fn perform(self) -> Result<(), Failure> {
        let text = self.gateway.api()?.get("/api/v1/offers/history")?;
        let history: Value = serde_json::from_str(&text)?;
        if self.json {
            println!("{}", serde_json::to_string_pretty(&history)?);
            return Ok(());
        }
        for version in history["versions"].as_array().into_iter().flatten() {
            let mark = if version["version"] == history["version"] {
                "*"
            } else {
                " "
            };
            let author = version["author"].as_str().unwrap_or("by hand");
            let note = version["note"].as_str().unwrap_or_default();
            let applied = version["applied"].as_str().unwrap_or("?");
            println!(
                "{mark} {:>5}  {applied}  {author:16} {note}",
                version["version"].as_u64().unwrap_or(0)
            );
        }
        let mark = if history["version"] == 0 { "*" } else { " " };
        println!("{mark}     0  the shop's own folder");
        Ok(())
    }
}

fn plan(api: &Api, bytes: &[u8]) -> Result<Value, Failure> {
    let text = api.post("/api/v1/offers/plan", BUNDLE, bytes)?;
    Ok(serde_json::from_str(&text)?)
}

/// Whether the offers would be taken, whoever signs them.
fn is_sound(plan: &Value) -> bool {
    let none = |key: &str| plan[key].as_array().is_none_or(Vec::is_empty);
    none("problems") && none("failing")
}

fn tell(plan: &Value) {
    let list = |key: &str| plan[key].as_array().cloned().unwrap_or_default();
    println!(
        "against version {}; {}",
        plan["version"],
        plan["seal"].as_str().unwrap_or("?")
    );
    let words = list("words");
    if words.is_empty() {
        println!("nothing changes");
    }
    for line in words {
        println!("{}", line.as_str().unwrap_or_default());
    }
    for (key, kind) in [
        ("problems", "error"),
        ("failing", "failing"),
        ("warnings", "warning"),
    ] {
        for problem in list(key) {
            let text = |key: &str| problem[key].as_str().unwrap_or_default().to_owned();
            println!(
                "{kind}: {}\n  --> {}:{}  {}\n  = {}",
                text("what"),
                text("file"),
                problem["line"],
                text("key"),
                text("remedy")
            );
        }
    }
    for finding in list("findings") {
        let text = |key: &str| finding[key].as_str().unwrap_or_default().to_owned();
        println!("note: {} {}: {}", text("offer"), text("kind"), text("what"));
    }
    println!(
        "{} tests, {} of them failing",
        plan["tests"],
        list("failing").len()
    );
}

fn is_confirmed() -> Result<bool, Failure> {
    if !io::stdin().is_terminal() {
        return Err(Failure::Usage(anyhow!(
            "nobody is there to be asked: add --yes"
        )));
    }
    let answer = say::ask(format_args!("put this into force? [y/N] "))?;
    Ok(matches!(answer.as_str(), "y" | "Y" | "yes"))
}

/// The version before the one in force.
fn before(api: &Api) -> Result<u32, Failure> {
    let history: Value = serde_json::from_str(&api.get("/api/v1/offers/history")?)?;
    let versions = history["versions"].as_array();
    let before = versions.and_then(|all| all.get(1)?["version"].as_u64());
    Ok(before.unwrap_or(0) as u32)
}

fn tell_version(answer: &str) -> Result<(), Failure> {
    let answer: Value = serde_json::from_str(answer)?;
    println!("version {} is in force", answer["version"]);
    Ok(())
}
