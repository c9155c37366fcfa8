//! The files of recordings: names, days, room.

use jiff::civil::Date;
use std::{
    fs, io,
    path::{Path, PathBuf},
};

/// Runs in one day; further ones are not recorded.
pub(super) const PARTS_MAX: u16 = 1_000;
const EXTENSION: &str = "rec";

/// One file: one run of the engine.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Part {
    /// The day, days since 1970-01-01 by the shop's calendar.
    pub day: i32,
    /// Which run of it, from 0.
    pub part: u16,
    /// Where.
    pub path: PathBuf,
    /// How long, bytes.
    pub bytes: u64,
}

/// The files in a folder of recordings, oldest first; none if there is no folder.
pub fn parts_of(folder: &Path) -> io::Result<Vec<Part>> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let mut parts = Vec::new();
    for entry in entries {
        let path = entry?.path();
        if let Some((day, part)) = named(&path) {
            let bytes = fs::metadata(&path)?.len();
            parts.push(Part {
                day,
                part,
                path,
                bytes,
            });
        }
    }
    parts.sort();
    Ok(parts)
}

/// What a run of a day is called.
pub(super) fn name(day: i32, part: u16) -> String {
    format!("{}-{part:03}.{EXTENSION}", date(day))
}

/// A day as a date.
pub fn date(day: i32) -> Date {
    let epoch = Date::constant(1970, 1, 1);
    let span = jiff::Span::new().try_days(day);
    span.and_then(|days| epoch.checked_add(days))
        .unwrap_or(epoch)
}

/// A date as a day.
pub fn day(date: Date) -> i32 {
    let since = date.since(Date::constant(1970, 1, 1));
    since.map_or(0, |span| span.get_days())
}

fn named(path: &Path) -> Option<(i32, u16)> {
    if path.extension()? != EXTENSION {
        return None;
    }
    let (date, part) = path.file_stem()?.to_str()?.rsplit_once('-')?;
    Some((day(date.parse().ok()?), part.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_named_by_its_day_and_nothing_else_is_one() {
        // 2026-11-21, 20,778 days after 1970-01-01.
        assert_eq!(name(20_778, 7), "2026-11-21-007.rec");
        assert_eq!(named(Path::new("x/2026-11-21-007.rec")), Some((20_778, 7)));
        for other in ["2026-11-21-007.tmp", "2026-13-21-007.rec", "x.rec", ".rec"] {
            assert_eq!(named(Path::new(other)), None, "{other}");
        }
    }
}
