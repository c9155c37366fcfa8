//! `aislecast-sim`: a shop without hardware.

use clap::Parser as _;
use simulator::args::{Cli, Command};
use std::{io::Write as _, process::ExitCode};

fn main() -> ExitCode {
    let mut out = std::io::stdout();
    let fine = match Cli::parse().command {
        Command::Run(args) => simulator::run::command::execute(&args, &mut out),
        Command::Serve(args) => simulator::serve::execute(&args, &mut out),
        Command::Calibrate(args) => simulator::calibrate::execute(&args, &mut out),
        Command::Load(args) => simulator::load::execute(&args, &mut out),
        Command::Locate(args) => simulator::locate::execute(&args, &mut out),
        Command::Score(args) => simulator::scorecard::execute(&args, &mut out),
        Command::Evaluate(args) => simulator::evaluate::execute(&args, &mut out),
        Command::Bystander(args) => simulator::bystander::execute(&args, &mut out),
        Command::Money(args) => simulator::money::execute(&args, &mut out),
        Command::Convert(args) => simulator::recorded::execute(&args, &mut out),
    };
    match fine {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            // Nothing is left to be done if even this cannot be said.
            let _ = writeln!(std::io::stderr(), "aislecast-sim: {error:#}");
            ExitCode::FAILURE
        }
    }
}
