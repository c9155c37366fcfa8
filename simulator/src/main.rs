//! `aislecast-sim`: a shop without hardware.

use clap::Parser as _;
use simulator::args::{Cli, Command};
use std::{
    io::{self, ErrorKind, Stdout, Write},
    process::ExitCode,
};

/// As a shell says it of `cat` when nobody reads it any more: what was to be found out
/// was not. `aislecast demo` knows it.
const UNREAD: u8 = 141;

/// Standard output, which remembers that its reader has gone away: another pipe or
/// connection that breaks is no such thing.
struct Out {
    stdout: Stdout,
    is_unread: bool,
}

impl Out {
    fn noting<T>(&mut self, written: io::Result<T>) -> io::Result<T> {
        let closed = |error: &io::Error| error.kind() == ErrorKind::BrokenPipe;
        self.is_unread |= written.as_ref().is_err_and(closed);
        written
    }
}

impl Write for Out {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.stdout.write(bytes);
        self.noting(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        let flushed = self.stdout.flush();
        self.noting(flushed)
    }
}

fn main() -> ExitCode {
    let mut out = Out {
        stdout: io::stdout(),
        is_unread: false,
    };
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
        Err(_) if out.is_unread => ExitCode::from(UNREAD),
        Err(error) => {
            // Nothing is left to be done if even this cannot be said.
            let _ = writeln!(io::stderr(), "aislecast-sim: {error:#}");
            ExitCode::FAILURE
        }
    }
}
