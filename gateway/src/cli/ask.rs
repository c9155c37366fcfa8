//! What a command still has to know.

use super::{Failure, say};
use anyhow::anyhow;
use std::io::{self, IsTerminal as _};

/// What was given, or is answered now, or is usual.
pub(super) fn asked(
    given: Option<String>,
    what: &str,
    usual: Option<&str>,
) -> Result<String, Failure> {
    if let Some(given) = given {
        return Ok(given);
    }
    let none = || Failure::Usage(anyhow!("name the {what} on the command line"));
    if !io::stdin().is_terminal() {
        return usual.map(str::to_owned).ok_or_else(none);
    }
    let hint = usual.map_or_else(String::new, |usual| format!(" [{usual}]"));
    let answer = say::ask(format_args!("{what}{hint}: "))?;
    match (answer.as_str(), usual) {
        ("", Some(usual)) => Ok(usual.to_owned()),
        ("", None) => Err(none()),
        _ => Ok(answer),
    }
}

/// As TOML writes text: JSON's way is one of its ways.
pub(super) fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// What was given, or what is answered now, again until it can be read, or what is
/// usual.
pub(super) fn asked_for<T>(
    given: Option<T>,
    what: &str,
    usual: &str,
    read: impl Fn(&str) -> Result<T, String>,
) -> Result<T, Failure> {
    if let Some(given) = given {
        return Ok(given);
    }
    loop {
        let answer = asked(None, what, Some(usual))?;
        match read(&answer) {
            Ok(read) => return Ok(read),
            Err(why) if io::stdin().is_terminal() => println!("{why}"),
            Err(why) => return Err(Failure::Usage(anyhow!("{what}: {why}"))),
        }
    }
}
