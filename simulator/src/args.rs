//! The command line.

use crate::{faults::Allowed, run::planted::Planted};
use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

/// A shop without hardware: people, radio, sensors, tills and screens.
#[derive(Debug, Parser)]
#[command(
    name = "aislecast-sim",
    version,
    after_help = "Exit codes: 0 fine, 1 a promise was broken or something failed, 2 wrong usage."
)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Runs a shop in this process and in virtual time, with the gateway's own
    /// engine, and checks its promises.
    Run(Run),
    /// Plays a shop over a real broker, in the wire formats of real devices.
    Serve(Serve),
    /// Walks through a shop with a tag, in virtual time, and says what that is
    /// worth: places found before and after, and what the shop says of itself.
    Calibrate(Calibrate),
    /// Floods a broker with readings, to measure what they cost the gateway.
    Load(Load),
    /// Says where recorded tags were, by the gateway's own engine.
    Locate(Locate),
    /// Compares estimates with the truth.
    Score(Score),
    /// Turns a published recording into sites, sightings, surveys and truth.
    Convert(Convert),
    /// Goes from published recordings to one table of figures.
    Evaluate(Evaluate),
    /// Stands in the shop, watches the screens, and guesses who is in which
    /// segment: how much better than a coin, with the guard and without.
    Bystander(Bystander),
    /// Tills and screens fight over vouchers while the network and the power
    /// fail, and every budget is held against a reference.
    Money(Money),
}

/// `run`.
#[derive(Debug, Args)]
pub struct Run {
    /// Folder with a store.toml, or that file; the demo shop otherwise.
    #[arg(long, value_name = "PATH")]
    pub config: Option<PathBuf>,
    /// The only source of chance.
    #[arg(long, default_value_t = 1, conflicts_with = "seeds")]
    pub seed: u64,
    /// Runs every seed of a range, on two threads; the first thousand twice each.
    #[arg(long, value_name = "FROM..TO", value_parser = seed_range)]
    pub seeds: Option<(u64, u64)>,
    /// People who come in over the whole time, strangers included.
    #[arg(long, default_value_t = 200)]
    pub shoppers: u32,
    /// How long, hours of the shop. Under 4 begins at a weekday and an hour
    /// drawn from the seed; otherwise on a Saturday at 9.
    #[arg(long, default_value_t = 1.0, value_parser = positive)]
    pub hours: f64,
    /// all (each seed draws a subset), none, or a list: drop, duplicate, delay,
    /// reorder, broker, crash, store, clock, unsynced, screen, refuse, garbage,
    /// implausible, disk, commit, leap, full.
    #[arg(long, default_value = "none")]
    pub faults: Allowed,
    /// Gives the gateway a bug, to see whether it is found.
    #[arg(long, value_name = "BUG")]
    pub plant: Option<Planted>,
    /// Writes one JSON object a line for everything that happens.
    #[arg(long, value_name = "FILE", conflicts_with = "seeds")]
    pub journal: Option<PathBuf>,
    /// Writes what the engine took in, a run a day, decides it again and says
    /// how long that took. `aislecast offers replay --file` reads it.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["seeds", "journal"])]
    pub record: Option<PathBuf>,
    /// Prints JSON instead of words.
    #[arg(long)]
    pub json: bool,
}

/// `bystander`.
#[derive(Debug, Args)]
pub struct Bystander {
    /// Folder with a store.toml, or that file; the demo shop otherwise.
    #[arg(long, value_name = "PATH")]
    pub config: Option<PathBuf>,
    /// Which runs; what is learnt from even seeds is judged by odd ones, and the
    /// other way round.
    #[arg(long, value_name = "FROM..TO", value_parser = seed_range, default_value = "1..40")]
    pub seeds: (u64, u64),
    /// People who come in over the whole time, strangers included.
    #[arg(long, default_value_t = 200)]
    pub shoppers: u32,
    /// Customers who once signed up.
    #[arg(long, default_value_t = 2_000)]
    pub customers: u32,
    /// How long each run is, hours of the shop.
    #[arg(long, default_value_t = 1.0, value_parser = positive)]
    pub hours: f64,
    /// Other guards as well, for the curve.
    #[arg(long)]
    pub sweep: bool,
    /// Offers as they are written, and not as an attacker would wish them.
    #[arg(long)]
    pub as_written: bool,
    /// Prints JSON instead of words.
    #[arg(long, conflicts_with = "csv")]
    pub json: bool,
    /// Prints CSV instead of words.
    #[arg(long)]
    pub csv: bool,
    /// Draws the curve.
    #[arg(long, value_name = "FILE")]
    pub svg: Option<PathBuf>,
}

/// `money`.
#[derive(Debug, Args)]
pub struct Money {
    /// Which runs.
    #[arg(long, value_name = "FROM..TO", value_parser = seed_range, default_value = "1..40")]
    pub seeds: (u64, u64),
}

/// `serve`.
#[derive(Debug, Args)]
pub struct Serve {
    /// `mqtt://[user[:password]@]host[:port]`, or `mqtts://...[?ca=FILE]` for TLS.
    #[arg(long, value_name = "URL")]
    pub broker: String,
    /// Folder with a store.toml, or that file; the demo shop otherwise.
    #[arg(long, value_name = "PATH")]
    pub config: Option<PathBuf>,
    /// The only source of chance.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// People in the shop at once, whatever the hour.
    #[arg(long, default_value_t = 16)]
    pub shoppers: u32,
    /// Customers who signed up, sent to the gateway first.
    #[arg(long, default_value_t = 2_000)]
    pub profiles: u32,
    /// Times faster than life.
    #[arg(long, default_value_t = 1.0, value_parser = positive)]
    pub speed: f64,
    /// A scanner that is real firmware: it finds a Bluetooth controller at this
    /// TCP address (HCI over H4) and hears what the simulated scanner would.
    #[arg(long, value_name = "SCANNER=HOST:PORT", value_parser = node)]
    pub node: Vec<Node>,
    /// Firmware for emulated boards, an ELF file for QEMU's mps2-an386.
    #[arg(long, value_name = "FILE", requires = "emulate")]
    pub firmware: Option<PathBuf>,
    /// A scanner that is a board with that firmware.
    #[arg(long, value_name = "SCANNER", requires = "firmware")]
    pub emulate: Vec<String>,
    /// Ends by itself after this many minutes.
    #[arg(long, value_parser = positive)]
    pub minutes: Option<f64>,
    /// Ends when standard input does: whoever started it is gone.
    #[arg(long)]
    pub until_stdin_ends: bool,
}

/// A scanner that is real firmware.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// Its name in the shop's files.
    pub name: String,
    /// Where it finds a Bluetooth controller.
    pub address: String,
}

/// `calibrate`.
#[derive(Debug, Args)]
pub struct Calibrate {
    /// Folder with a store.toml, or that file; the demo shop otherwise.
    #[arg(long, value_name = "PATH")]
    pub config: Option<PathBuf>,
    /// The only source of chance.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// How long the walk may take, minutes.
    #[arg(long, default_value_t = 5.0, value_parser = positive)]
    pub minutes: f64,
    /// In straight lines up and down, instead of standing at places.
    #[arg(long)]
    pub walking: bool,
    /// Writes the survey here.
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Prints JSON instead of words.
    #[arg(long)]
    pub json: bool,
}

/// `load`.
#[derive(Debug, Args)]
pub struct Load {
    /// `mqtt://[user[:password]@]host[:port]`, or `mqtts://...[?ca=FILE]` for TLS.
    #[arg(long, value_name = "URL")]
    pub broker: String,
    /// Folder with a store.toml, or that file; the demo shop otherwise.
    #[arg(long, value_name = "PATH")]
    pub config: Option<PathBuf>,
    /// Readings a second.
    #[arg(long, default_value_t = 1_000)]
    pub rate: u32,
    /// For how long, s.
    #[arg(long, default_value_t = 10)]
    pub seconds: u32,
    /// Devices they come from.
    #[arg(long, default_value_t = 200)]
    pub devices: u32,
    /// Share of devices that are strangers'.
    #[arg(long, default_value_t = 0.5, value_parser = share)]
    pub strangers: f64,
}

/// `locate`.
#[derive(Debug, Args)]
pub struct Locate {
    /// A store.toml, or the folder of one: floor, zones and scanners are enough.
    #[arg(long, value_name = "PATH")]
    pub site: PathBuf,
    /// CSV: `t_s,scanner,tag,rssi_dbm`.
    #[arg(long, value_name = "FILE")]
    pub sightings: PathBuf,
    /// CSV: `x_m,y_m,scanner,rssi_dbm,n`. Works without, better with.
    #[arg(long, value_name = "FILE")]
    pub survey: Option<PathBuf>,
    /// How often an estimate is written; the engine thinks once a second.
    #[arg(long, value_name = "TIME", default_value = "1s", value_parser = time_ms)]
    pub every: u64,
    /// CSV: `t_s,tag,x_m,y_m,zone,p_zone,event`. An estimate for a moment
    /// uses nothing heard later.
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
}

/// `score`.
#[derive(Debug, Args)]
pub struct Score {
    /// CSV: `t_s,tag,x_m,y_m,zone,p_zone,event`.
    #[arg(long, value_name = "FILE")]
    pub estimates: PathBuf,
    /// CSV: `t_s,tag,x_m,y_m,zone`.
    #[arg(long, value_name = "FILE")]
    pub truth: PathBuf,
    /// A store.toml, or the folder of one.
    #[arg(long, value_name = "PATH")]
    pub site: PathBuf,
    /// Prints JSON instead of words.
    #[arg(long)]
    pub json: bool,
}

/// `convert`.
#[derive(Debug, Args)]
pub struct Convert {
    /// Which recording.
    #[arg(value_enum)]
    pub recording: Recording,
    /// Folder that holds its files, plain or compressed, however deep, in as many parts
    /// as there are.
    #[arg(long, value_name = "DIR")]
    pub from: PathBuf,
    /// Folder to write into: one below for each case.
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
}

/// `evaluate`.
#[derive(Debug, Args)]
pub struct Evaluate {
    /// Folder that holds recordings, plain or compressed, however deep, in as many
    /// parts as there are; recordings that are not there are left out.
    #[arg(long, value_name = "DIR")]
    pub data: PathBuf,
    /// Draws the floor with its errors, and belief along a walk, into this folder.
    #[arg(long, value_name = "DIR")]
    pub plots: Option<PathBuf>,
    /// Chooses the filter's constants again, for every walk of the hall on the others
    /// only, and says what the choice is worth. Walks that share the first survey.
    #[arg(long, conflicts_with = "plots")]
    pub cross_validate: bool,
    /// Says what would be reached if things were known that no shop can know.
    #[arg(long, conflicts_with_all = ["plots", "cross_validate"])]
    pub bounds: bool,
    /// Prints JSON instead of words.
    #[arg(long)]
    pub json: bool,
}

/// Published recordings of radio and places.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Recording {
    /// A hall, twelve scanners, five walks (CC0 1.0).
    Tetam,
    /// A flat of six rooms, three walks (CC BY 4.0).
    Flat,
    /// Inside, vestibule or outside, by two receivers (UCI 586).
    Vestibule,
    /// Between library shelves (CC BY 4.0).
    Uji,
}

fn time_ms(text: &str) -> Result<u64, String> {
    const WANTED: &str = "must be a time from 100ms to 10min, such as 1s";
    let split = text.find(|c: char| c.is_ascii_alphabetic()).ok_or(WANTED)?;
    let (number, unit) = text.split_at(split);
    let unit_ms = match unit {
        "ms" => 1.0,
        "s" => 1_000.0,
        "min" => 60_000.0,
        _ => return Err(WANTED.to_owned()),
    };
    let ms = number.trim().parse::<f64>().map_err(|_| WANTED)? * unit_ms;
    let fits = (100.0..=600_000.0).contains(&ms);
    fits.then_some(ms as u64).ok_or_else(|| WANTED.to_owned())
}

fn seed_range(text: &str) -> Result<(u64, u64), String> {
    const WANTED: &str = "must be FROM..TO, such as 1..200";
    let (from, to) = text.split_once("..").ok_or(WANTED)?;
    let number = |n: &str| n.trim_start_matches('=').parse::<u64>().map_err(|_| WANTED);
    let (from, to) = (number(from)?, number(to)?);
    if from > to {
        return Err(WANTED.to_owned());
    }
    Ok((from, to))
}

fn positive(text: &str) -> Result<f64, String> {
    let number = text
        .parse::<f64>()
        .ok()
        .filter(|n| n.is_finite() && *n > 0.0);
    number.ok_or_else(|| "must be a number above 0".to_owned())
}

fn node(text: &str) -> Result<Node, String> {
    let parts = text.split_once('=').map(|(name, address)| Node {
        name: name.to_owned(),
        address: address.to_owned(),
    });
    parts.ok_or_else(|| "must be a scanner's name, '=' and host:port".to_owned())
}

fn share(text: &str) -> Result<f64, String> {
    let number = text.parse::<f64>().ok().filter(|n| (0.0..=1.0).contains(n));
    number.ok_or_else(|| "must be from 0 to 1".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        use clap::CommandFactory as _;
        Cli::command().debug_assert();
    }

    #[test]
    fn times_have_a_unit_and_bounds() {
        for (text, ms) in [
            ("1s", Some(1_000)),
            ("0.5 s", Some(500)),
            ("250ms", Some(250)),
            ("2min", Some(120_000)),
            ("1", None),
            ("1h", None),
            ("0s", None),
            ("s", None),
        ] {
            assert_eq!(time_ms(text).ok(), ms, "{text}");
        }
    }

    #[test]
    fn seed_ranges_include_both_ends() {
        for (text, range) in [
            ("1..200", Some((1, 200))),
            ("1..=200", Some((1, 200))),
            ("7..7", Some((7, 7))),
            ("9..1", None),
            ("9", None),
            ("a..b", None),
        ] {
            assert_eq!(seed_range(text).ok(), range, "{text}");
        }
    }
}
