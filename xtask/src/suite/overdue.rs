//! What `deny.toml` lets pass for a time, and no longer.

use std::{fs, process::Command};

/// Says which of it was to be looked at again by now. That a day has come breaks nothing
/// that worked the day before, so it is no failure.
pub(super) fn tell() {
    let (Ok(text), Some(today)) = (fs::read_to_string("deny.toml"), today()) else {
        return;
    };
    for (id, until) in overdue(&text, &today) {
        println!("!! deny.toml ignores {id} only until {until}: look whether it still has to");
    }
}

fn today() -> Option<String> {
    let said = Command::new("date").args(["-u", "+%F"]).output().ok()?;
    let said = String::from_utf8(said.stdout).ok()?;
    Some(said.trim().to_owned())
}

/// Advisories and the days until which they are ignored, of those that have passed.
fn overdue<'t>(text: &'t str, today: &str) -> Vec<(&'t str, &'t str)> {
    let ignored = text.lines().filter_map(|line| {
        let (_, rest) = line.split_once("id = \"")?;
        let (id, rest) = rest.split_once('"')?;
        let (_, rest) = rest.rsplit_once("until ")?;
        Some((id, rest.get(..10)?))
    });
    // Days written like this sort like text.
    ignored.filter(|(_, until)| *until < today).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_passed_is_named_and_what_has_not_is_not() {
        let text = "ignore = [\n  { id = \"RUSTSEC-1\", reason = \"unmaintained until dropped; \
                    until 2026-11-23\" },\n  { id = \"RUSTSEC-2\", reason = \"x; until 2027-01-01\" },\n]";
        assert_eq!(overdue(text, "2026-11-23"), []);
        assert_eq!(overdue(text, "2026-11-24"), [("RUSTSEC-1", "2026-11-23")]);
        assert_eq!(overdue(text, "2028-01-01").len(), 2);
    }

    #[test]
    fn today_is_a_day() {
        assert_eq!(today().map(|day| day.len()), Some(10));
    }
}
