//! `aislecast status`.

use super::{Failure, api::Gateway};
use anyhow::Context as _;
use clap::Args;
use serde_json::Value;

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Status {
    #[command(flatten)]
    gateway: Gateway,
    /// Print all there is to know, as JSON.
    #[arg(long)]
    json: bool,
}

const EXAMPLES: &str = "\
Examples:
  aislecast status
  aislecast status --url http://10.0.0.5:8080 --token-file token --json | jq .health

Exit codes: 0 broker and store work and the disk has room, 1 not so or nobody answers.";

impl Status {
    pub(super) fn perform(self) -> Result<(), Failure> {
        let text = self.gateway.api()?.get("/api/live")?;
        let live: Value =
            serde_json::from_str(&text).context("failed to read the gateway's answer")?;
        if self.json {
            println!("{}", serde_json::to_string_pretty(&live)?);
        } else {
            tell(&live);
        }
        let works = |part| live["health"][part].as_bool() == Some(true);
        if ["broker", "store", "room"].into_iter().all(works) {
            Ok(())
        } else {
            Err(Failure::Said)
        }
    }
}

/// What is proven about a screen's newest order, and what is wrong with it.
fn proof(live: &Value, id: &str) -> String {
    let mut displays = live["displays"].as_array().into_iter().flatten();
    let Some(display) = displays.find(|display| display["screen"] == id) else {
        return String::new();
    };
    let word = |key: &str| display[key].as_str();
    let mut text = format!(
        "; {}, {}",
        word("display").unwrap_or("?"),
        word("evidence").unwrap_or("?")
    );
    for why in [word("dark"), word("trouble")].into_iter().flatten() {
        text.push_str("; ");
        text.push_str(why);
    }
    text
}

/// How far an offer is let loose, and what can be told of its effect.
fn tell_offer(offer: &Value) {
    let id = offer["id"].as_str().unwrap_or("?");
    let ramp = offer["ramp"]["words"].as_str();
    let told = offer["told"].as_array().into_iter().flatten();
    for words in ramp.into_iter().chain(told.filter_map(Value::as_str)) {
        println!("offer     {id}: {words}");
    }
}

/// How a node is doing, in a line.
fn of_node(node: &Value) -> String {
    let id = node["id"].as_str().unwrap_or("?");
    let health = &node["health"];
    let number = |key: &str| health[key].as_u64().unwrap_or(0);
    let time = match health["time"]["trust"].as_str() {
        Some("synced" | "coarse") => format!("within {} ms", health["time"]["within_ms"]),
        _ => "unknown".to_owned(),
    };
    format!(
        "{id}: {}, start {} ({} by its watchdog), {} heard, {} dropped, {} faults, time {time}",
        if node["up"] == true { "up" } else { "gone" },
        number("boot"),
        node["watchdogs"].as_u64().unwrap_or(0),
        number("heard"),
        number("dropped"),
        number("faults"),
    )
}

fn tell(live: &Value) {
    let health = &live["health"];
    let word = |part: &str, good, bad| if health[part] == true { good } else { bad };
    println!("broker    {}", word("broker", "connected", "not reached"));
    println!(
        "store     {}",
        word("store", "durable", "commits do not reach the disk")
    );
    if let Some(note) = health["store_note"].as_str() {
        println!("          {note}");
    }
    println!(
        "disk      {}",
        word(
            "room",
            "has room",
            "full: nobody is enrolled, nothing new is shown"
        )
    );
    println!(
        "clock     {}",
        word("clock", "known", "not known: nothing dated is shown")
    );
    println!(
        "up        {} s",
        health["uptime_ms"].as_u64().unwrap_or(0) / 1_000
    );
    println!(
        "memory    {} MiB",
        health["rss_bytes"].as_u64().unwrap_or(0) >> 20
    );
    println!(
        "shop      {} opted in here, {} enrolled",
        live["status"]["visits"].as_array().map_or(0, Vec::len),
        live["status"]["enrolled"]
    );
    println!(
        "sightings {:.1} a second",
        live["sightings_per_s"].as_f64().unwrap_or(0.0)
    );
    for name in live["unknown_devices"].as_array().into_iter().flatten() {
        let name = name.as_str().unwrap_or("?");
        println!("unknown   {name}: it speaks, and store.toml does not have it");
    }
    for node in live["nodes"].as_array().into_iter().flatten() {
        println!("node      {}", of_node(node));
    }
    for screen in live["status"]["screens"].as_array().into_iter().flatten() {
        let id = screen["id"].as_str().unwrap_or("?");
        let offer = screen["offer"].as_str().unwrap_or("house loop");
        let phase = screen["phase"].as_str().unwrap_or("?");
        println!("screen    {id}: {offer} ({phase}{})", proof(live, id));
    }
    for offer in live["status"]["offers"].as_array().into_iter().flatten() {
        tell_offer(offer);
    }
}
