//! Chores of this repository: `cargo demo`, `cargo suite`, `cargo firmware` and others.
#![expect(
    clippy::print_stderr,
    reason = "these commands talk to the person who typed them"
)]

// Before all others: what it says `println!` is, is so in them.
#[macro_use]
mod say;

mod background;
mod demo;
mod firmware;
mod fuzz;
mod package;
mod presence;
mod run;
mod suite;
mod tools;

use std::process::ExitCode;

const HELP: &str = "\
cargo demo [ARGUMENTS]       builds the gateway and the simulator, then starts a whole
                             shop on this machine; ARGUMENTS go to `aislecast demo`
cargo suite [STEP].. [--long] [--list]
                             checks everything, or only the steps named
cargo firmware [--lint] [BOARD]..
                             builds the node's firmware for its boards, and says how big it is
cargo firmware-demo [ARGUMENTS]
                             the demo shop, one scanner of which is that firmware on an
                             emulated board, over a real mosquitto
cargo presence --data DIR [--json] [--plots DIR | --cross-validate]
                             how well shoppers are found, on recordings in DIR";

fn main() -> ExitCode {
    let mut words = std::env::args().skip(1);
    let result = match words.next().as_deref() {
        Some("demo") => demo::run(words),
        Some("firmware") => firmware::run(words),
        Some("firmware-demo") => firmware::demo(words),
        Some("presence") => presence::run(words),
        Some("suite") => suite::run(words),
        _ => Err(HELP.to_owned()),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("{why}");
            ExitCode::FAILURE
        }
    }
}
