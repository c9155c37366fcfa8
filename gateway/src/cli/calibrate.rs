//! `aislecast calibrate`.

use super::{
    Failure,
    api::{Api, Gateway},
};
use crate::calibration::keep;
use anyhow::{Context as _, anyhow};
use clap::Args;
use config::SURVEY_FILE;
use serde_json::{Value, json};
use std::{
    io::{self, BufRead as _, IsTerminal as _, Write as _},
    path::PathBuf,
};

#[derive(Debug, Args)]
#[command(after_help = HELP)]
pub(super) struct Calibrate {
    #[command(flatten)]
    gateway: Gateway,
    /// The tag or phone that is carried: ibeacon:<uuid>-<major>-<minor> or
    /// eddystone-uid:<namespace>-<instance>. It must be nobody's.
    #[arg(long)]
    tag: String,
    /// Where the survey goes: survey.csv beside the shop's store.toml.
    #[arg(long, value_name = "FILE", default_value = SURVEY_FILE)]
    out: PathBuf,
    /// Keep what the file holds already, and add this walk to it.
    #[arg(long)]
    add: bool,
}

const HELP: &str = "\
Walk through the shop with the tag and type where you are, in metres from the
south-west corner, east and north. Walking at an even pace, in straight lines
through every aisle, is worth most; where scanners tell once a second or less
often, stand for twenty seconds every two or three metres.

  3.5 2.0           I stand at 3.5 east, 2.0 north; Enter when it is enough
  3.5 2.0 > 12 2    I walk from here to there at an even pace; Enter on arrival
  storey 1          from now on I am on the first upper storey
  undo              the last place or way was wrong
  done              make the survey, say what it is worth, and save it
  stop              give up; nothing is saved

A shop that reloads its files takes the survey over by itself. An app such as
nRF Connect makes a phone a tag.

Exit codes: 0 saved, 1 nothing was saved.";

impl Calibrate {
    pub(super) fn perform(self) -> Result<(), Failure> {
        let api = self.gateway.api()?;
        step(&api, &json!({"do": "begin", "tag": self.tag}))?;
        if io::stdin().is_terminal() {
            println!("{HELP}\n");
        }
        let mut walk = Walk { api, level: 0 };
        for line in Prompted {
            match walk.line(line?.trim()) {
                Ok(Next::Line) => {}
                Ok(Next::Save) => return self.save(&walk.api),
                Ok(Next::GiveUp) => {
                    println!("nothing was saved");
                    return Err(Failure::Said);
                }
                Err(Failure::Failed(why)) => println!("{why:#}"),
                Err(other) => return Err(other),
            }
        }
        Err(anyhow!("the walk ended without `done`: nothing was saved").into())
    }

    fn save(&self, api: &Api) -> Result<(), Failure> {
        let made: Value = serde_json::from_str(&api.get("/api/calibration/survey")?)?;
        let survey = made["csv"].as_str().unwrap_or_default();
        if made["points"].as_u64().unwrap_or(0) == 0 {
            return Err(anyhow!("no place was surveyed: nothing was saved").into());
        }
        let kept = keep(&self.out, survey, self.add).map_err(anyhow::Error::from)?;
        step(api, &json!({"do": "stop"}))?;
        println!(
            "saved {} entries to {}",
            made["points"],
            kept.file.display()
        );
        if let Some(former) = kept.former {
            println!("what was there before is in {}", former.display());
        }
        tell_quality(&made["quality"], &made["now"]);
        Ok(())
    }
}

/// What a line asks for.
enum Next {
    Line,
    Save,
    GiveUp,
}

struct Walk {
    api: Api,
    level: u8,
}

impl Walk {
    fn line(&mut self, line: &str) -> Result<Next, Failure> {
        match line.split_whitespace().collect::<Vec<_>>()[..] {
            [] => {}
            ["done"] => return Ok(Next::Save),
            ["stop"] => {
                step(&self.api, &json!({"do": "stop"}))?;
                return Ok(Next::GiveUp);
            }
            ["undo"] => tell(&step(&self.api, &json!({"do": "undo"}))?),
            ["storey", level] => {
                self.level = level
                    .parse()
                    .context("a storey is a number, 0 for the ground")?;
            }
            [x, y] => self.leg([x, y], None)?,
            [x, y, ">", to_x, to_y] => self.leg([x, y], Some([to_x, to_y]))?,
            _ => println!("not understood: say where you are, such as 3.5 2.0"),
        }
        Ok(Next::Line)
    }

    fn leg(&self, from: [&str; 2], to: Option<[&str; 2]>) -> Result<(), Failure> {
        let from = place(from)?;
        let mut leg = json!({"do": "leg", "from": from, "level": self.level});
        if let Some(to) = to {
            leg["to"] = json!(place(to)?);
        }
        step(&self.api, &leg)?;
        let what = if to.is_some() {
            "you arrive"
        } else {
            "ten seconds have passed"
        };
        print!("Enter when {what} ");
        let _ = io::stdout().flush();
        io::stdin().lock().read_line(&mut String::new())?;
        tell(&step(&self.api, &json!({"do": "end"}))?);
        Ok(())
    }
}

/// Lines of standard input, asked for where somebody sits before it.
struct Prompted;

impl Iterator for Prompted {
    type Item = io::Result<String>;

    fn next(&mut self) -> Option<io::Result<String>> {
        if io::stdin().is_terminal() {
            print!("where? ");
            let _ = io::stdout().flush();
        }
        let mut line = String::new();
        match io::stdin().lock().read_line(&mut line) {
            Ok(0) => None,
            Ok(_) => Some(Ok(line)),
            Err(why) => Some(Err(why)),
        }
    }
}

fn step(api: &Api, step: &Value) -> Result<Value, Failure> {
    let answer = api.post(
        "/api/calibration",
        "application/json",
        step.to_string().as_bytes(),
    )?;
    Ok(serde_json::from_str(&answer)?)
}

fn place([x, y]: [&str; 2]) -> Result<[f32; 2], Failure> {
    let metres = |text: &str| {
        let text = text.trim_end_matches(',');
        text.parse::<f32>()
            .with_context(|| format!("{text:?} is no number of metres"))
    };
    Ok([metres(x)?, metres(y)?])
}

fn tell(progress: &Value) {
    let heard = progress["scanners"].as_array().into_iter().flatten();
    let heard: Vec<String> = heard
        .map(|pair| format!("{} {}", pair[0].as_str().unwrap_or("?"), pair[1]))
        .collect();
    println!(
        "{} places or ways; heard by {}",
        progress["legs"].as_array().map_or(0, Vec::len),
        heard.join(", ")
    );
}

fn tell_quality(quality: &Value, now: &Value) {
    let told = |quality: &Value| {
        let right = 100.0 * quality["zone_right"].as_f64()?;
        Some((quality["error_m"].as_f64()?, right))
    };
    match (told(quality), told(now)) {
        (Some((error_m, right)), Some((now_m, now_right))) => {
            println!(
                "each left out in turn, places are found to {error_m:.1} m on average, and \
                 {right:.0} % of the time in the right zone; without this survey to {now_m:.1} m \
                 and {now_right:.0} %"
            );
            if error_m > now_m {
                println!("that is no gain: walk more closely, and add to it with --add");
            }
        }
        _ => println!("what it is worth cannot be told from a single place; walk more"),
    }
}
