//! People whom somebody describes, by flags or in a file.

use super::usage;
use crate::cli::{Failure, installed::usual_shop, offers::source};
use anyhow::{Context as _, anyhow};
use clap::Args;
use engine::{
    decide::{Decision, Remedy, rehearse_audience},
    plan::StorePlan,
};
use jiff::{Timestamp, ToSpan as _, Zoned, civil::Weekday};
use std::{
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

/// What errors call the flags.
const FLAGS: &str = "the command line";
/// Longest file that is read, bytes.
const FILE_BYTES_MAX: u64 = 64 << 10;

/// Who stands before the screen.
#[derive(Debug, Args)]
pub(super) struct Described {
    /// Somebody who opted in, such as `zone=drinks,dwell=40s,visits=3,segments=student+office-worker`;
    /// keys as in `audience` of a [[test]]. May be given again.
    #[arg(long, value_name = "WHO")]
    person: Vec<String>,
    /// People nobody knows, such as `drinks=6`. May be given again.
    #[arg(long, value_name = "ZONE=N")]
    crowd: Vec<String>,
    /// What a sensor says, such as 'outside-temperature=28 °C' or
    /// 'stock-mango=0 pieces'. May be given again.
    #[arg(long, value_name = "NAME=VALUE")]
    sensor: Vec<String>,
    /// All of this in a file: screen, at, audience, crowd, sensors.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["person", "crowd", "sensor"])]
    situation: Option<PathBuf>,
    /// The shop whose files are asked: a folder with a store.toml, or that file.
    #[arg(long, value_name = "PATH", default_value_os_t = usual_shop())]
    shop: PathBuf,
    /// Offers to ask instead of the shop's own: a folder with `offers` and
    /// `creatives` in it.
    #[arg(long, value_name = "DIR")]
    offers: Option<PathBuf>,
}

/// What came of it.
pub(super) struct Asked {
    pub(super) plan: Arc<StorePlan>,
    pub(super) decision: Decision,
    pub(super) needed: Vec<Option<Remedy>>,
}

impl Described {
    /// Whether anybody or anything is described.
    pub(super) fn is_asked(&self) -> bool {
        let flags = [&self.person, &self.crowd, &self.sensor];
        self.situation.is_some() || flags.iter().any(|flag| !flag.is_empty())
    }

    /// The shop's files.
    pub(super) fn shop(&self) -> &Path {
        &self.shop
    }

    /// Asks every offer.
    pub(super) fn ask(&self, screen: Option<&str>, at: Option<&str>) -> Result<Asked, Failure> {
        let (file, text) = match &self.situation {
            Some(file) if screen.is_none() && at.is_none() => {
                (file.display().to_string(), read(file)?)
            }
            Some(_) => return Err(usage("a file says screen and time itself: `screen`, `at`")),
            None => (FLAGS.to_owned(), self.as_text(screen, at)?),
        };
        let loaded = source::shop(&self.shop, self.offers.as_deref())?;
        let plan = loaded.map_err(Failure::Files)?.plan;
        let found = config::describe(&self.shop, &plan, (&file, &text), Timestamp::now());
        let situation = found.map_err(Failure::Files)?;
        let (decision, needed) = rehearse_audience(&plan, &situation);
        Ok(Asked {
            plan,
            decision,
            needed,
        })
    }

    /// What the flags say, as a file would.
    fn as_text(&self, screen: Option<&str>, at: Option<&str>) -> Result<String, Failure> {
        let screen = screen.ok_or_else(|| usage("name the screen: --screen NAME"))?;
        let mut text = format!("screen = {screen:?}\n");
        if let Some(at) = at {
            writeln!(text, "at = {:?}", moment(at, &Zoned::now())?)
                .expect("writing to a String cannot fail");
        }
        let people: Result<Vec<String>, Failure> = self.person.iter().map(|w| person(w)).collect();
        for (key, entries, brackets) in [
            ("audience", people?, ["[", "]"]),
            ("crowd", pairs(&self.crowd)?, ["{ ", " }"]),
            ("sensors", pairs(&self.sensor)?, ["{ ", " }"]),
        ] {
            let ([open, close], entries) = (brackets, entries.join(", "));
            writeln!(text, "{key} = {open}{entries}{close}")
                .expect("writing to a String cannot fail");
        }
        Ok(text)
    }
}

fn read(file: &Path) -> Result<String, Failure> {
    let about = || format!("failed to read {}", file.display());
    let bytes = fs::metadata(file).with_context(about)?.len();
    if bytes > FILE_BYTES_MAX {
        return Err(Failure::Usage(anyhow!("{} is too long", file.display())));
    }
    Ok(fs::read_to_string(file).with_context(about)?)
}

/// `zone=drinks,dwell=40s` as an entry of a list.
fn person(text: &str) -> Result<String, Failure> {
    let fields: Vec<String> = text
        .split(',')
        .map(|field| field.trim().to_owned())
        .collect();
    Ok(format!("{{ {} }}", pairs(&fields)?.join(", ")))
}

/// Each `key=value` as a line of a file would say it.
fn pairs(fields: &[String]) -> Result<Vec<String>, Failure> {
    let pair = |field: &String| {
        let (key, value) = field.split_once('=').ok_or_else(|| {
            Failure::Usage(anyhow!("{field:?}: write KEY=VALUE, such as zone=drinks"))
        })?;
        let (key, value) = (key.trim(), value.trim());
        let is_plain = value == "true" || value == "false" || value.parse::<u32>().is_ok();
        Ok(match key {
            "segments" => {
                let names: Vec<&str> = value.split('+').map(str::trim).collect();
                format!("{key:?} = {names:?}")
            }
            _ if is_plain => format!("{key:?} = {value}"),
            _ => format!("{key:?} = {value:?}"),
        })
    };
    fields.iter().map(pair).collect()
}

/// A date as it is, a day of the week as the next such day, today included.
fn moment(text: &str, now: &Zoned) -> Result<String, Failure> {
    let Some((day, time)) = text.split_once(' ') else {
        return Ok(format!("{} {text}", now.date()));
    };
    let Some(weekday) = weekday(day) else {
        return Ok(text.to_owned());
    };
    let ahead = now.date().weekday().until(weekday);
    let date = now.date().checked_add(i64::from(ahead).days());
    let date = date.map_err(|why| Failure::Usage(anyhow!("--at {text}: {why}")))?;
    Ok(format!("{date} {time}"))
}

fn weekday(text: &str) -> Option<Weekday> {
    let text = text.to_lowercase();
    let names = [
        ("monday", Weekday::Monday),
        ("tuesday", Weekday::Tuesday),
        ("wednesday", Weekday::Wednesday),
        ("thursday", Weekday::Thursday),
        ("friday", Weekday::Friday),
        ("saturday", Weekday::Saturday),
        ("sunday", Weekday::Sunday),
    ];
    let is_meant = |name: &str| name == text || name[..3] == text;
    names
        .into_iter()
        .find_map(|(name, day)| is_meant(name).then_some(day))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_are_what_a_file_would_say() {
        let described = Described {
            person: vec![
                "zone=drinks, segments=student+office-worker, visits=3, dwell=40s".to_owned(),
                "zone=drinks".to_owned(),
            ],
            crowd: vec!["drinks=6".to_owned()],
            sensor: vec!["outside-temperature=28 \u{b0}C".to_owned()],
            situation: None,
            shop: PathBuf::from("config"),
            offers: None,
        };
        assert!(described.is_asked());
        let text = described.as_text(Some("drinks"), Some("2026-11-28 14:30"));
        let Ok(text) = text else { panic!("{text:?}") };
        assert_eq!(
            text,
            "screen = \"drinks\"\nat = \"2026-11-28 14:30\"\n\
             audience = [{ \"zone\" = \"drinks\", \"segments\" = [\"student\", \"office-worker\"], \
             \"visits\" = 3, \"dwell\" = \"40s\" }, { \"zone\" = \"drinks\" }]\n\
             crowd = { \"drinks\" = 6 }\nsensors = { \"outside-temperature\" = \"28 \u{b0}C\" }\n"
        );
    }

    #[test]
    fn a_day_of_the_week_is_the_next_one() {
        // A Sunday.
        let now: Zoned = "2026-11-22T10:00[UTC]".parse().unwrap();
        for (said, meant) in [
            ("saturday 14:30", "2026-11-28 14:30"),
            ("Sun 09:00", "2026-11-22 09:00"),
            ("2026-12-24 18:00", "2026-12-24 18:00"),
            ("18:00", "2026-11-22 18:00"),
        ] {
            let Ok(moment) = moment(said, &now) else {
                panic!("{said}")
            };
            assert_eq!(moment, meant);
        }
    }
}
