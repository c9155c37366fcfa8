//! `aislecast selftest`.

use super::{Failure, api::Gateway};
use anyhow::Context as _;
use clap::Args;
use serde_json::Value;

#[derive(Debug, Args)]
#[command(after_help = HELP)]
pub(super) struct SelfTest {
    #[command(flatten)]
    gateway: Gateway,
    /// Print all there is to know, as JSON.
    #[arg(long)]
    json: bool,
}

const HELP: &str = "\
What error to expect in each zone, without anybody's truth. In a surveyed shop each
surveyed place is found by the others. Elsewhere scanners that send a beacon of
their own are heard by the others, which tells how radio fades in this shop, and so
how far off the filter will be. The others also find each scanner: one that they
find far from where store.toml has it hangs elsewhere. Say what a scanner sends by
`beacon` in its part of store.toml.

Exit codes: 0 every place is credible, 1 a scanner seems to hang elsewhere than
store.toml says, or none could be judged.";

impl SelfTest {
    pub(super) fn perform(self) -> Result<(), Failure> {
        let text = self.gateway.api()?.get("/api/selftest")?;
        let test: Value =
            serde_json::from_str(&text).context("failed to read the gateway's answer")?;
        if self.json {
            println!("{}", serde_json::to_string_pretty(&test)?);
        } else {
            tell(&test);
        }
        let scanners = || test["scanners"].as_array().into_iter().flatten();
        let suspect = scanners().any(|s| s["is_suspect"] == true);
        let judged = scanners().any(|s| s["quality"].is_object());
        if judged && !suspect {
            Ok(())
        } else {
            Err(Failure::Said)
        }
    }
}

fn tell(test: &Value) {
    let list = |name: &str| test[name].as_array().cloned().unwrap_or_default();
    println!("{:<24} {:>9} {:>12}", "zone", "error", "zone right");
    for zone in list("zones") {
        let name = zone["zone"].as_str().unwrap_or("?");
        match (zone["error_m"].as_f64(), zone["zone_right"].as_f64()) {
            (Some(error), Some(right)) => {
                println!("{name:<24} {error:>7.1} m {:>10.0} %", right * 100.0);
            }
            _ => println!("{name:<24} nothing to go by yet: calibrate it"),
        }
    }
    println!("\n{:<24} {:>9} {:>12}", "scanner", "error", "packets");
    for scanner in list("scanners") {
        let name = scanner["scanner"].as_str().unwrap_or("?");
        let packets = &scanner["packets"];
        let Some(error) = scanner["quality"]["error_m"].as_f64() else {
            println!("{name:<24} heard too little {packets:>4}");
            continue;
        };
        let doubt = if scanner["is_suspect"] == true {
            "  does it hang where store.toml says?"
        } else {
            ""
        };
        println!("{name:<24} {error:>7.1} m {packets:>12}{doubt}");
    }
    if list("scanners").is_empty() {
        println!("no scanner sends; say what they send by `beacon` in store.toml");
    }
    tell_radio(&test["radio"]);
}

/// What was learnt from who walked about, where no survey says it.
fn tell_radio(radio: &Value) {
    let (Some(exponent), Some(dbm)) = (radio["exponent"].as_f64(), radio["power_dbm"].as_f64())
    else {
        return;
    };
    println!("\nlearnt from who walked about: exponent {exponent:.2}, beacons {dbm:.0} dBm at 1 m");
    for level in radio["scanners"].as_array().into_iter().flatten() {
        let name = level["scanner"].as_str().unwrap_or("?");
        let more_db = level["more_db"].as_f64().unwrap_or_default();
        println!("{name:<24} hears {more_db:>+5.1} dB beside the others");
    }
}
