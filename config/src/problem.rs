//! What is wrong with the files of a shop, all of it at once.

use serde::Serialize;
use std::fmt;

/// Everything found, in the order of files and lines.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(transparent)]
pub struct Problems(Vec<Problem>);

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// Whether the shop can be run in spite of it.
    pub severity: Severity,
    /// The file, relative to the folder that holds `store.toml`.
    pub file: String,
    /// From 1.
    pub line: usize,
    /// From 1, in characters.
    pub column: usize,
    /// The key, from the top of the file: `zones[2].area`. Empty for the file as a whole.
    pub key: String,
    /// The value as it is written, cut to one short line.
    pub value: String,
    /// What is wrong.
    pub what: String,
    /// The name that was probably meant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub did_you_mean: Option<String>,
    /// What to do about it.
    pub remedy: String,
    /// The line as it is written, for people.
    #[serde(skip)]
    pub(crate) excerpt: Excerpt,
}

/// A line of the file and the part of it that is meant.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Excerpt {
    /// The line, without its end.
    pub(crate) line: String,
    /// Characters before the part that is meant.
    pub(crate) before: usize,
    /// Characters of the part that is meant.
    pub(crate) length: usize,
}

/// Whether a shop can be run in spite of a problem.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// No: the files are refused, a running shop keeps what it has.
    Error,
    /// Yes, but probably not as intended.
    Warning,
}

impl Excerpt {
    /// Cuts a long line to what fits a terminal, keeping the part that is meant.
    pub(crate) fn cut(line: &str, before: usize, length: usize) -> Self {
        const WIDTH: usize = 90;
        let whole = line.chars().count();
        let start = before
            .saturating_sub(WIDTH / 3)
            .min(whole.saturating_sub(WIDTH));
        let tidy = |c: char| if c.is_control() { ' ' } else { c };
        Self {
            line: line.chars().skip(start).take(WIDTH).map(tidy).collect(),
            before: before - start,
            length: length.clamp(1, (WIDTH + start).saturating_sub(before).max(1)),
        }
    }
}

impl Problems {
    /// In the order of files and lines, `store.toml` first.
    pub(crate) fn sorted(mut problems: Vec<Problem>) -> Self {
        let place = |p: &Problem| (p.file.contains('/'), p.file.clone(), p.line, p.column);
        problems.sort_by(|a, b| (place(a), &a.key, &a.what).cmp(&(place(b), &b.key, &b.what)));
        problems.dedup();
        Self(problems)
    }

    /// Each, in the order of files and lines.
    pub fn iter(&self) -> impl Iterator<Item = &Problem> {
        self.0.iter()
    }

    /// Whether nothing was found at all.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many of this severity.
    pub fn count(&self, severity: Severity) -> usize {
        self.iter().filter(|p| p.severity == severity).count()
    }
}

impl std::error::Error for Problems {}

impl fmt::Display for Problems {
    /// One block per problem and a last line that counts them.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for problem in self.iter() {
            writeln!(f, "{problem}")?;
        }
        let (errors, warnings) = (self.count(Severity::Error), self.count(Severity::Warning));
        write!(
            f,
            "{}, {}",
            counted(errors, "error"),
            counted(warnings, "warning")
        )
    }
}

fn counted(n: usize, what: &str) -> String {
    let plural = if n == 1 { "" } else { "s" };
    format!("{n} {what}{plural}")
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let severity = match self.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        writeln!(f, "{severity}: {}", self.what)?;
        let gap = if self.key.is_empty() { "" } else { "  " };
        let Self {
            file,
            line,
            column,
            key,
            ..
        } = self;
        writeln!(f, "  --> {file}:{line}:{column}{gap}{key}")?;
        if !self.excerpt.line.is_empty() {
            self.write_excerpt(f)?;
        } else if let Some(meant) = &self.did_you_mean {
            writeln!(f, "  = did you mean {meant:?}?")?;
        }
        writeln!(f, "  = {}", self.remedy)
    }
}

impl Problem {
    fn write_excerpt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let number = self.line.to_string();
        let gap = " ".repeat(number.len());
        let Excerpt {
            line,
            before,
            length,
        } = &self.excerpt;
        let marks = "^".repeat(*length);
        writeln!(f, "  {number} | {line}")?;
        write!(f, "  {gap} | {}{marks}", " ".repeat(*before))?;
        if let Some(meant) = &self.did_you_mean {
            write!(f, " did you mean {meant:?}?")?;
        }
        writeln!(f)
    }
}
