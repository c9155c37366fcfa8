//! What one set of offers changes in another, key by key.

use crate::{OfferFiles, bundle::sha256, doc::Doc};
use serde::Serialize;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Longest value that is told, characters.
const VALUE_CHARS_MAX: usize = 120;

/// What becomes of one file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Change {
    /// Its name in a bundle: `offers/milk.toml`.
    pub file: String,
    /// Added, removed or changed.
    pub kind: ChangeKind,
    /// Title of the offer, if it is one; the new one where it changes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// For a changed offer: which keys.
    pub keys: Vec<KeyChange>,
}

/// Added, removed or changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ChangeKind {
    /// It was not there before.
    Added,
    /// It is there no longer.
    Removed,
    /// It says something else.
    Changed,
}

/// One key that says something else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct KeyChange {
    /// The key, from the top of the file: `when.sensor[0].min`.
    pub key: String,
    /// What it said; nothing where it is new.
    pub from: Option<String>,
    /// What it says; nothing where it was left out.
    pub to: Option<String>,
}

/// Everything in which `after` differs from `before`, by file. Comments and
/// blanks are no difference.
pub fn changes(before: &OfferFiles, after: &OfferFiles) -> Vec<Change> {
    let mut changes = Vec::new();
    for name in union(&before.offers, &after.offers) {
        let (old, new) = (before.offers.get(name), after.offers.get(name));
        let title = new.or(old).and_then(|text| title(name, text));
        let keys = match (old, new) {
            (Some(old), Some(new)) => differing(&keys(name, old), &keys(name, new)),
            _ => Vec::new(),
        };
        let kind = kind(old.is_some(), new.is_some(), !keys.is_empty());
        changes.extend(kind.map(|kind| Change {
            file: format!("offers/{name}"),
            kind,
            title,
            keys,
        }));
    }
    for name in union(&before.pictures, &after.pictures) {
        let (old, new) = (before.pictures.get(name), after.pictures.get(name));
        let differs = old.map(|b| sha256(b)) != new.map(|b| sha256(b));
        let kind = kind(old.is_some(), new.is_some(), differs);
        changes.extend(kind.map(|kind| Change {
            file: format!("creatives/{name}"),
            kind,
            title: None,
            keys: Vec::new(),
        }));
    }
    changes
}

impl Change {
    /// In words, one line or one for each key.
    pub fn words(&self) -> Vec<String> {
        let name = match &self.title {
            Some(title) => format!("{} (\u{201c}{title}\u{201d})", self.file),
            None => self.file.clone(),
        };
        let head = match self.kind {
            ChangeKind::Added => format!("+ {name} is new"),
            ChangeKind::Removed => format!("- {name} goes"),
            ChangeKind::Changed => format!("~ {name} changes"),
        };
        let keys = self.keys.iter().map(|change| {
            let key = &change.key;
            match (&change.from, &change.to) {
                (Some(from), Some(to)) => format!("    {key}: {from} -> {to}"),
                (None, Some(to)) => format!("    {key}: {to} is new"),
                (Some(from), None) => format!("    {key}: {from} goes"),
                (None, None) => format!("    {key}"),
            }
        });
        [head].into_iter().chain(keys).collect()
    }
}

fn union<'n, T>(
    before: &'n BTreeMap<String, T>,
    after: &'n BTreeMap<String, T>,
) -> BTreeSet<&'n str> {
    let names = before.keys().chain(after.keys());
    names.map(String::as_str).collect()
}

fn kind(was: bool, is: bool, differs: bool) -> Option<ChangeKind> {
    match (was, is) {
        (false, true) => Some(ChangeKind::Added),
        (true, false) => Some(ChangeKind::Removed),
        _ => differs.then_some(ChangeKind::Changed),
    }
}

fn title(name: &str, text: &str) -> Option<String> {
    let doc = Doc::parse(name, text).ok()?;
    doc.to_json()["title"].as_str().map(str::to_owned)
}

/// Every key with its value as text. A file that is no TOML is one value.
fn keys(name: &str, text: &str) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    match Doc::parse(name, text) {
        Ok(doc) => flatten(String::new(), &doc.to_json(), &mut found),
        Err(_) => drop(found.insert(String::new(), cut(text))),
    }
    found
}

fn flatten(key: String, value: &Value, into: &mut BTreeMap<String, String>) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                let dot = if key.is_empty() { "" } else { "." };
                flatten(format!("{key}{dot}{name}"), value, into);
            }
        }
        // Lists of tables are told entry by entry, lists of values as a whole.
        Value::Array(items) if items.iter().any(Value::is_object) => {
            for (index, value) in items.iter().enumerate() {
                flatten(format!("{key}[{index}]"), value, into);
            }
        }
        value => drop(into.insert(key, cut(&value.to_string()))),
    }
}

fn cut(text: &str) -> String {
    if text.chars().count() <= VALUE_CHARS_MAX {
        return text.to_owned();
    }
    let short: String = text.chars().take(VALUE_CHARS_MAX).collect();
    format!("{short}…")
}

fn differing(
    before: &BTreeMap<String, String>,
    after: &BTreeMap<String, String>,
) -> Vec<KeyChange> {
    let change = |key: &str| KeyChange {
        key: key.to_owned(),
        from: before.get(key).cloned(),
        to: after.get(key).cloned(),
    };
    let all = union(before, after).into_iter().map(change);
    all.filter(|change| change.from != change.to).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(offers: &[(&str, &str)]) -> OfferFiles {
        let offers = offers.iter();
        OfferFiles {
            offers: offers
                .map(|(n, t)| ((*n).to_owned(), (*t).to_owned()))
                .collect(),
            pictures: BTreeMap::new(),
        }
    }

    #[test]
    fn a_plan_tells_every_key_that_says_something_else() {
        let before = files(&[
            (
                "milk.toml",
                "title = \"Milk\"\npriority = 50\n[cap]\nper_day = 2",
            ),
            ("tea.toml", "title = \"Tea\""),
            ("same.toml", "title = \"Same\""),
        ]);
        let mut after = files(&[
            (
                "milk.toml",
                "# dearer\ntitle = \"Milk\"\npriority = 60\n[[test]]\nname = \"x\"",
            ),
            ("bread.toml", "title = \"Bread\""),
            ("same.toml", "# no difference\ntitle = \"Same\""),
        ]);
        after.pictures.insert("milk.svg".into(), b"<svg/>".to_vec());
        let told: Vec<String> = changes(&before, &after)
            .iter()
            .flat_map(Change::words)
            .collect();
        let expected = [
            "+ offers/bread.toml (“Bread”) is new",
            "~ offers/milk.toml (“Milk”) changes",
            "    cap.per_day: 2 goes",
            "    priority: 50 -> 60",
            "    test[0].name: \"x\" is new",
            "- offers/tea.toml (“Tea”) goes",
            "+ creatives/milk.svg is new",
        ];
        assert_eq!(told, expected);
        assert_eq!(changes(&after, &after), []);
    }
}
