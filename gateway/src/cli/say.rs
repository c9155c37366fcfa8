//! What commands say, to readers who may go away: `aislecast status | head -1`.
//!
//! The standard library's macros panic then. These do not: what a command does, it does
//! to its end, and its exit code says how that went. A full disk behind `>` is told of.

use anyhow::{Context as _, anyhow};
use std::{
    fmt::Arguments,
    io::{self, ErrorKind, Write as _},
    sync::OnceLock,
};

/// A line to standard output.
macro_rules! println {
    () => { $crate::cli::say::aloud(format_args!("\n")) };
    ($($text:tt)*) => { $crate::cli::say::line(format_args!($($text)*)) };
}

/// A text to standard output.
macro_rules! print {
    ($($text:tt)*) => { $crate::cli::say::aloud(format_args!($($text)*)) };
}

/// A line to standard error.
macro_rules! eprintln {
    ($($text:tt)*) => { $crate::cli::say::aside(format_args!($($text)*)) };
}

/// Why standard output takes no more.
static LOST: OnceLock<io::Error> = OnceLock::new();

/// Says a line.
pub(super) fn line(text: Arguments<'_>) {
    aloud(format_args!("{text}\n"));
}

/// Says a text. After the first that is lost all are.
pub(super) fn aloud(text: Arguments<'_>) {
    if LOST.get().is_none() {
        note(io::stdout().write_fmt(text));
    }
}

/// Says a line to whoever reads errors. Nobody is left to be told if that fails.
pub(super) fn aside(text: Arguments<'_>) {
    let _ = writeln!(io::stderr(), "{text}");
}

/// Asks whoever sits before it, and reads the answer. A question that nobody can have
/// read has none.
pub(super) fn ask(question: Arguments<'_>) -> anyhow::Result<String> {
    aloud(question);
    note(io::stdout().flush());
    if LOST.get().is_some() {
        return Err(anyhow!("nobody reads what is asked"));
    }
    let mut answer = String::new();
    io::stdin()
        .read_line(&mut answer)
        .context("failed to read the answer")?;
    Ok(answer.trim().to_owned())
}

/// How it went to write something long to standard output: a reader who has gone away
/// has seen enough.
pub(super) fn unless_gone(written: anyhow::Result<()>) -> anyhow::Result<()> {
    written.or_else(|error| {
        let mut causes = error.chain().filter_map(|cause| cause.downcast_ref());
        if causes.any(is_closed) {
            return Ok(());
        }
        Err(error)
    })
}

/// Whether all that was said is written, as far as somebody wanted to read it.
pub(super) fn end() -> anyhow::Result<()> {
    if LOST.get().is_none() {
        note(io::stdout().flush());
    }
    match LOST.get() {
        Some(error) if !is_closed(error) => {
            Err(anyhow!("failed to write to standard output: {error}"))
        }
        _ => Ok(()),
    }
}

fn note(written: io::Result<()>) {
    if let Err(error) = written {
        // The first says why.
        let _ = LOST.set(error);
    }
}

fn is_closed(error: &io::Error) -> bool {
    error.kind() == ErrorKind::BrokenPipe
}
