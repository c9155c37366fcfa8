//! The command line.

// Before all others: what it says `println!` is, is so in them.
#[macro_use]
mod say;

mod account;
mod api;
mod ask;
mod audit;
mod bridge;
mod calibrate;
mod check;
mod codes;
mod customers;
mod decode;
mod demo;
mod doctor;
mod enroll;
mod house;
mod installed;
mod new;
mod node;
mod offers;
mod privacy;
mod profiles;
mod run;
mod screen;
mod selftest;
mod status;
mod store;
mod token;

use clap::{Parser, Subcommand};
use std::process::ExitCode;

/// In-store marketing at the edge: from a scanner's message to a picture on a screen.
#[derive(Debug, Parser)]
#[command(name = "aislecast", version, after_help = EXAMPLES, propagate_version = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

const EXAMPLES: &str = "\
Examples:
  aislecast demo                             a whole shop on this machine, without hardware
  aislecast new shop                         a shop of one's own to begin with
  aislecast print-config                     every key of store.toml there is
  aislecast check config/                    everything that is wrong with a shop's files
  aislecast run --config config/store.toml   a real shop
  aislecast profiles import members.csv      loyalty profiles and consents into it
  aislecast privacy report                   what is kept of people, why and how long
  aislecast calibrate --tag ibeacon:...      a better map of the radio, from a short walk
  aislecast offers why-not iced-tea-noon     why an offer is not shown, and more about offers
  aislecast selftest                         how far off places are, by the scanners themselves
  aislecast decode --batch < captures.jsonl  what devices say, as facts
  aislecast codes verify --key codes.pem ..  whether a voucher's code is genuine
  aislecast account add Lan --role staff     somebody may sign in at the console
  aislecast token add till-1 --scope tills   a program may come in
  aislecast screen link dairy                the address of a screen, with its key
  aislecast enroll device s-door             a name and a password for it at the broker
  aislecast node s-door --broker 10.0.0.2    what a node is told before it is put up
  aislecast bridge --port /dev/ttyACM0       the network of a node that has none
  aislecast status                           how a running shop is doing
  aislecast doctor                           what is wrong here, and what to do

Logs go to standard error; RUST_LOG=debug shows more.
Exit codes: 0 fine, 1 something failed or is wrong, 2 wrong usage or a broken shop file.";

#[derive(Debug, Subcommand)]
enum Command {
    /// Begin a shop: writes a store.toml that passes `check`.
    New(new::New),
    /// Run a shop.
    Run(run::Run),
    /// Run a whole simulated shop on this machine, with its own broker.
    Demo(demo::Demo),
    /// Say everything that is wrong with a shop's files.
    Check(check::Check),
    /// Say what a device's message means: as facts, one JSON object a line.
    Decode(decode::Decode),
    /// Print an annotated store.toml with every key there is.
    PrintConfig,
    /// Print the JSON Schema of a kind of file, for editors.
    Schema(check::Schema),
    /// Bring profiles and consents into a running shop, or take them out.
    #[command(subcommand)]
    Profiles(profiles::Profiles),
    /// Say what is kept of people.
    #[command(subcommand)]
    Privacy(privacy::Privacy),
    /// Check vouchers' codes without a gateway.
    #[command(subcommand)]
    Codes(codes::Codes),
    /// Look at a data folder while no gateway works in it.
    #[command(subcommand)]
    Store(store::Store),
    /// Survey a running shop by a walk with a tag.
    Calibrate(calibrate::Calibrate),
    /// Say how well people are found in a running shop, by its own scanners.
    Selftest(selftest::SelfTest),
    /// Make, check, explain, change and stop offers.
    #[command(subcommand)]
    Offers(offers::Offers),
    /// Write the settings of a node, as its memory holds them.
    Node(node::Node),
    /// Let devices in at the broker, and take their badges back.
    Enroll(enroll::Enroll),
    /// Be the network of a node that is plugged in at a serial port.
    Bridge(bridge::BridgeNode),
    /// Let people in at the console, and out again.
    Account(account::Accounts),
    /// Let programs in over HTTP, and out again.
    Token(token::Tokens),
    /// Give a display the address of its screen, and take a screen's key back.
    Screen(screen::Screens),
    /// Say who did what, newest first.
    Audit(audit::AuditLog),
    /// Say how a running shop is doing.
    Status(status::Status),
    /// Say what is wrong with a machine's shop, and what to do.
    Doctor(doctor::Doctor),
}

/// How a command went wrong.
#[derive(Debug)]
enum Failure {
    /// Something failed: exit code 1.
    Failed(anyhow::Error),
    /// Wrong usage or a broken shop file: exit code 2.
    Usage(anyhow::Error),
    /// Files are wrong, each place with its own remedy: exit code 2.
    Files(config::Problems),
    /// What is wrong has been printed already: exit code 1.
    Said,
}

impl<E: Into<anyhow::Error>> From<E> for Failure {
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}

/// Does what the command line says.
pub fn main() -> ExitCode {
    let done = perform(Cli::parse().command);
    match done.and_then(|()| Ok(say::end()?)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure::Said) => ExitCode::FAILURE,
        Err(Failure::Failed(error)) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
        Err(Failure::Files(problems)) => {
            // Each begins with "error" or "warning" itself.
            eprintln!("{problems}");
            ExitCode::from(2)
        }
        Err(Failure::Usage(error)) => {
            eprintln!("error: {error:#}");
            ExitCode::from(2)
        }
    }
}

fn perform(command: Command) -> Result<(), Failure> {
    match command {
        Command::New(new) => new.perform(),
        Command::Run(run) => run.perform(),
        Command::Demo(demo) => demo.perform(),
        Command::Check(check) => check.perform(),
        Command::Decode(decode) => decode.perform(),
        Command::PrintConfig => {
            print!("{}", config::DEFAULT_STORE_TOML);
            Ok(())
        }
        Command::Schema(schema) => schema.perform(),
        Command::Profiles(profiles) => profiles.perform(),
        Command::Privacy(privacy) => privacy.perform(),
        Command::Codes(codes) => codes.perform(),
        Command::Store(store) => store.perform(),
        Command::Calibrate(calibrate) => calibrate.perform(),
        Command::Selftest(test) => test.perform(),
        Command::Offers(offers) => offers.perform(),
        Command::Node(node) => node.perform(),
        Command::Enroll(enroll) => enroll.perform(),
        Command::Bridge(bridge) => bridge.perform(),
        Command::Account(accounts) => accounts.perform(),
        Command::Token(tokens) => tokens.perform(),
        Command::Screen(screens) => screens.perform(),
        Command::Audit(audit) => audit.perform(),
        Command::Status(status) => status.perform(),
        Command::Doctor(doctor) => doctor.perform(),
    }
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
    fn the_manual_knows_every_command_and_the_package_its_version() {
        use clap::CommandFactory as _;
        let manual = include_str!("../debian/aislecast.1");
        let manual = manual.replace("\\-", "-");
        for command in Cli::command().get_subcommands() {
            let name = command.get_name();
            assert!(manual.contains(&format!("\n.B {name}\n")), "{name}");
        }
        let changelog = include_str!("../debian/changelog");
        let newest = concat!("aislecast (", env!("CARGO_PKG_VERSION"), "-");
        assert!(changelog.starts_with(newest), "{changelog}");
    }
}
