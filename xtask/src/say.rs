//! What chores say, until nobody reads it any more: `cargo suite --list | head -1`.

use std::{
    fmt::Arguments,
    io::{self, ErrorKind, Write as _},
    process::exit,
};

/// As a shell says it of `cat` when its reader goes away.
const UNREAD: i32 = 141;

/// A line to standard output; the standard library's would panic.
macro_rules! println {
    ($($text:tt)*) => { $crate::say::aloud(format_args!("{}\n", format_args!($($text)*))) };
}

/// A text to standard output.
macro_rules! print {
    ($($text:tt)*) => { $crate::say::aloud(format_args!($($text)*)) };
}

/// Says it, or ends: what a chore runs could not be read either.
pub(crate) fn aloud(text: Arguments<'_>) {
    match io::stdout().write_fmt(text) {
        Err(why) if why.kind() == ErrorKind::BrokenPipe => exit(UNREAD),
        written => written.expect("what a chore finds can be written down"),
    }
}
