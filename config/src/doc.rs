//! One TOML file with the place of every key and value.

use crate::problem::{Excerpt, Problem, Severity};
use serde_json::Value;
use std::{borrow::Cow, ops::Range};
use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

/// One TOML file with the place of every key and value.
#[derive(Debug)]
pub(crate) struct Doc<'t> {
    /// Name, relative to the folder of the shop.
    pub(crate) file: &'t str,
    text: &'t str,
    tree: Spanned<DeTable<'t>>,
}

/// Most errors of syntax said of one file.
const SYNTAX_ERRORS_MOST: usize = 20;

/// Which part of an entry a problem points at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum At {
    /// The name left of the equals sign.
    Key,
    /// What stands right of it.
    Value,
}

/// What is wrong, before it is known where.
#[derive(Debug, Clone)]
pub(crate) struct Finding {
    /// Whether the shop can be run in spite of it.
    pub(crate) severity: Severity,
    /// What is wrong.
    pub(crate) what: String,
    /// The name that was probably meant.
    pub(crate) did_you_mean: Option<String>,
    /// What to do about it.
    pub(crate) remedy: String,
}

impl Finding {
    /// Something that keeps the shop from running.
    pub(crate) fn error(what: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self {
            severity: Severity::Error,
            what: what.into(),
            did_you_mean: None,
            remedy: remedy.into(),
        }
    }

    /// Something that is probably not intended.
    pub(crate) fn warning(what: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self {
            severity: Severity::Warning,
            ..Self::error(what, remedy)
        }
    }

    /// With the name that was probably meant.
    pub(crate) fn meaning(mut self, did_you_mean: Option<String>) -> Self {
        self.did_you_mean = did_you_mean;
        self
    }
}

impl<'t> Doc<'t> {
    /// Reads the text. Only a text without problems has a tree worth checking.
    pub(crate) fn parse(file: &'t str, text: &'t str) -> Result<Self, Vec<Problem>> {
        let (tree, errors) = DeTable::parse_recoverable(text);
        let doc = Self { file, text, tree };
        if errors.is_empty() {
            return Ok(doc);
        }
        let problem = |error: toml::de::Error| {
            let remedy = if error.message().contains("duplicate") {
                "remove one of the two"
            } else {
                "texts stand in quotes, lists in [ ], one key on a line; see toml.io"
            };
            let finding = Finding::error(format!("this is not TOML: {}", error.message()), remedy);
            doc.problem_in(error.span().unwrap_or(0..0), "", finding)
        };
        // What follows the first few is mostly their echo.
        Err(errors
            .into_iter()
            .take(SYNTAX_ERRORS_MOST)
            .map(problem)
            .collect())
    }

    /// The whole tree.
    pub(crate) fn root(&self) -> &Spanned<DeTable<'t>> {
        &self.tree
    }

    /// The tree as plain data. Dates become texts, numbers that no JSON holds become null.
    pub(crate) fn to_json(&self) -> Value {
        table_to_json(self.tree.get_ref())
    }

    /// A problem at a key. When the key is not there, its table is meant.
    pub(crate) fn problem(&self, at: At, key: &str, finding: Finding) -> Problem {
        self.problem_in(self.span(at, key), key, finding)
    }

    /// A problem with a known place.
    pub(crate) fn problem_in(&self, span: Range<usize>, key: &str, finding: Finding) -> Problem {
        let span = self.within_text(span);
        let begin = self.text[..span.start].rfind('\n').map_or(0, |i| i + 1);
        let end = self.text[begin..]
            .find('\n')
            .map_or(self.text.len(), |i| begin + i);
        let line = self.text[begin..end].trim_end_matches('\r');
        let before = self.text[begin..span.start].chars().count();
        let meant = &self.text[span.start..span.end.min(begin + line.len()).max(span.start)];
        Problem {
            severity: finding.severity,
            file: self.file.to_owned(),
            line: self.line(begin),
            column: before + 1,
            key: key.to_owned(),
            value: short(&self.text[span.clone()]).into_owned(),
            what: finding.what,
            did_you_mean: finding.did_you_mean,
            remedy: finding.remedy,
            excerpt: if span.is_empty() && span.start == 0 {
                // Something is missing in the file as a whole: no line is to blame.
                Excerpt::default()
            } else {
                Excerpt::cut(line, before, meant.chars().count())
            },
        }
    }

    /// The line of a place, from 1.
    pub(crate) fn line(&self, at: usize) -> usize {
        let before = self.text.get(..at).unwrap_or(self.text);
        before.matches('\n').count() + 1
    }

    /// The place of a key or its value, or of the innermost table that is there.
    pub(crate) fn span(&self, at: At, key: &str) -> Range<usize> {
        let mut span = self.tree.span();
        let mut table = Some(self.tree.get_ref());
        for part in key.split('.').filter(|part| !part.is_empty()) {
            let (name, indices) = split_indices(part);
            let Some((found_key, found)) = table.and_then(|t| t.get_key_value(name)) else {
                return head(span);
            };
            let mut value = found;
            for index in &indices {
                match value.get_ref().as_array().and_then(|a| a.get(*index)) {
                    Some(item) => value = item,
                    None => return value.span(),
                }
            }
            let at_key = at == At::Key && indices.is_empty();
            span = if at_key {
                found_key.span()
            } else {
                value.span()
            };
            table = value.get_ref().as_table();
        }
        if key.is_empty() { head(span) } else { span }
    }

    fn within_text(&self, span: Range<usize>) -> Range<usize> {
        let floor = |mut at: usize| {
            at = at.min(self.text.len());
            while !self.text.is_char_boundary(at) {
                at -= 1;
            }
            at
        };
        let start = floor(span.start);
        start..floor(span.end).max(start)
    }
}

/// For something missing in a table: where the table begins.
fn head(span: Range<usize>) -> Range<usize> {
    span.start..span.start
}

fn split_indices(part: &str) -> (&str, Vec<usize>) {
    let mut pieces = part.split('[');
    let name = pieces.next().unwrap_or_default();
    let index = |piece: &str| piece.trim_end_matches(']').parse().ok();
    (name, pieces.filter_map(index).collect())
}

/// A text of the file in quotes, cut, with nothing that could break a line.
pub(crate) fn quoted(text: &str) -> String {
    format!("{:?}", short(text))
}

/// The first line of a value, cut.
pub(crate) fn short(value: &str) -> Cow<'_, str> {
    const MOST: usize = 60;
    let line = value.lines().next().unwrap_or_default();
    if line.chars().count() <= MOST && line.len() == value.len() {
        return Cow::Borrowed(line);
    }
    let cut: String = line.chars().take(MOST).collect();
    Cow::Owned(format!("{cut}..."))
}

fn table_to_json(table: &DeTable<'_>) -> Value {
    let entry = |(key, value): (&Spanned<Cow<'_, str>>, &Spanned<DeValue<'_>>)| {
        (key.get_ref().to_string(), value_to_json(value.get_ref()))
    };
    Value::Object(table.iter().map(entry).collect())
}

fn value_to_json(value: &DeValue<'_>) -> Value {
    match value {
        DeValue::String(text) => Value::from(text.as_ref()),
        DeValue::Integer(_) => whole(value).map_or(Value::Null, Value::from),
        DeValue::Float(_) => real(value).map_or(Value::Null, Value::from),
        DeValue::Boolean(b) => Value::from(*b),
        DeValue::Datetime(at) => Value::from(at.to_string()),
        DeValue::Array(items) => items.iter().map(|v| value_to_json(v.get_ref())).collect(),
        DeValue::Table(table) => table_to_json(table),
    }
}

/// The whole number, if it is one and fits 64 bits.
pub(crate) fn whole(value: &DeValue<'_>) -> Option<i64> {
    let integer = value.as_integer()?;
    i64::from_str_radix(integer.as_str(), integer.radix()).ok()
}

/// The number, if it is one and finite.
pub(crate) fn real(value: &DeValue<'_>) -> Option<f64> {
    let parsed = match value {
        DeValue::Float(float) => float.as_str().parse().ok()?,
        other => whole(other)? as f64,
    };
    Some(parsed).filter(|f: &f64| f.is_finite())
}
