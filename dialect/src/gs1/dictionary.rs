//! The GS1 Barcode Syntax Dictionary, read once from its own text.
//!
//! ```text
//! 255  ?  N13,csum,gcppos1 [N..12]  dlpkey ex=01,02,415,8006,8020,8026  # GCN
//! ```

use super::{
    Fault,
    check::{Check, Set},
};
use std::sync::LazyLock;

static DICTIONARY: LazyLock<Dictionary> =
    LazyLock::new(|| Dictionary::parse(include_str!("../../data/gs1-syntax-dictionary.txt")));

/// One application identifier, or a range of them.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    first: u16,
    last: u16,
    digits: usize,
    /// Of known length: nothing stands between it and the next.
    pub(super) is_fixed: bool,
    /// May stand in the query of a Digital Link.
    pub(super) is_attribute: bool,
    parts: Vec<Part>,
    /// As a key of a Digital Link: the orders in which qualifiers may follow.
    /// Empty when it is no key.
    qualifiers: Vec<Vec<String>>,
}

/// One component of a value.
#[derive(Debug, Clone)]
struct Part {
    set: Set,
    min: usize,
    max: usize,
    is_optional: bool,
    checks: Vec<Check>,
}

/// All identifiers, in their order.
#[derive(Debug)]
pub(super) struct Dictionary {
    pub(super) entries: Vec<Entry>,
    /// Things the text says that this program does not know.
    pub(super) unknown: Vec<String>,
}

/// The dictionary.
pub(super) fn dictionary() -> &'static Dictionary {
    &DICTIONARY
}

impl Dictionary {
    pub(super) fn parse(text: &str) -> Self {
        let mut read = Self {
            entries: Vec::new(),
            unknown: Vec::new(),
        };
        for line in text.lines() {
            let line = line.split('#').next().unwrap_or_default();
            let mut words = line.split_ascii_whitespace();
            if let Some(range) = words.next() {
                let entry = read.entry(range, words);
                read.entries.extend(entry);
            }
        }
        read
    }

    fn entry<'t>(&mut self, range: &str, words: impl Iterator<Item = &'t str>) -> Option<Entry> {
        let (first, last) = range.split_once('-').unwrap_or((range, range));
        let mut entry = Entry {
            first: first.parse().ok()?,
            last: last.parse().ok()?,
            digits: first.len(),
            is_fixed: false,
            is_attribute: false,
            parts: Vec::new(),
            qualifiers: Vec::new(),
        };
        for word in words {
            if word.bytes().all(|b| b.is_ascii_punctuation()) {
                entry.is_fixed |= word.contains('*');
                entry.is_attribute |= word.contains('?');
            } else if let Some(alternatives) = word.strip_prefix("dlpkey") {
                entry.qualifiers = qualifiers(alternatives);
            } else if !word.starts_with("req=") && !word.starts_with("ex=") {
                let part = self.part(word);
                entry.parts.extend(part);
            }
        }
        Some(entry)
    }

    /// `N13,csum,gcppos1`, `X..20`, `[N..12]`.
    fn part(&mut self, word: &str) -> Option<Part> {
        let is_optional = word.starts_with('[');
        let bare: String = word.chars().filter(|c| !"[]".contains(*c)).collect();
        let mut names = bare.split(',');
        let kind = names.next().unwrap_or_default();
        let set = match kind.as_bytes().first() {
            Some(b'N') => Set::Digits,
            Some(b'X') => Set::Set82,
            Some(b'Y') => Set::Set39,
            Some(b'Z') => Set::Set64,
            _ => {
                self.unknown.push(word.to_owned());
                return None;
            }
        };
        let length = &kind[1..];
        let (min, max) = match length.strip_prefix("..") {
            Some(max) => (1, max),
            None => (length.parse().ok()?, length),
        };
        let mut checks = Vec::new();
        for name in names {
            match Check::by_name(name) {
                Some(check) => checks.push(check),
                None => self.unknown.push(name.to_owned()),
            }
        }
        Some(Part {
            set,
            min,
            max: max.parse().ok()?,
            is_optional,
            checks,
        })
    }

    /// The entry of exactly this identifier.
    pub(super) fn exact(&self, ai: &str) -> Option<&Entry> {
        let number: u16 = ai.parse().ok().filter(|_| super::check::is_digits(ai))?;
        let mut entries = self.entries.iter();
        entries.find(|e| e.digits == ai.len() && (e.first..=e.last).contains(&number))
    }

    /// The identifier at the beginning of a text, and its entry. The first two
    /// digits say how long it is.
    pub(super) fn leading<'t>(&self, text: &'t str) -> Option<(&'t str, &Entry)> {
        let beginning = text.get(..2)?;
        let mut entries = self.entries.iter();
        let digits = entries.find(|e| e.begins_with(beginning))?.digits;
        let ai = text.get(..digits)?;
        self.exact(ai).map(|entry| (ai, entry))
    }

    /// Whether these identifiers can stand in the path of a Digital Link in
    /// this order: a key and some of its qualifiers.
    pub(super) fn is_path(&self, ais: &[&str]) -> bool {
        let Some((key, rest)) = ais.split_first() else {
            return false;
        };
        let Some(entry) = self.exact(key) else {
            return false;
        };
        entry.qualifiers.iter().any(|order| {
            let mut order = order.iter();
            rest.iter().all(|ai| order.any(|q| q == ai))
        })
    }
}

fn qualifiers(alternatives: &str) -> Vec<Vec<String>> {
    let list = |order: &str| {
        let names = order.split(',').filter(|ai| !ai.is_empty());
        names.map(str::to_owned).collect()
    };
    let alternatives = alternatives.trim_start_matches('=').split('|');
    alternatives.map(list).collect()
}

impl Entry {
    fn begins_with(&self, two_digits: &str) -> bool {
        let scale = 10_u16.pow(self.digits as u32 - 2);
        let (first, last) = (self.first / scale, self.last / scale);
        two_digits
            .parse()
            .is_ok_and(|n: u16| (first..=last).contains(&n))
    }

    /// Whether a Digital Link may be about it.
    pub(super) const fn is_key(&self) -> bool {
        !self.qualifiers.is_empty()
    }

    /// Shortest and longest value, characters.
    pub(super) fn lengths(&self) -> (usize, usize) {
        let mandatory = self.parts.iter().filter(|p| !p.is_optional);
        let min = mandatory.map(|p| p.min).sum();
        (min, self.parts.iter().map(|p| p.max).sum())
    }

    /// Checks a whole value, component by component.
    pub(super) fn check(&self, value: &str) -> Result<(), Fault> {
        if !value.is_ascii() {
            return Err(Fault("INVALID_CSET82_CHARACTER"));
        }
        let mut rest = value;
        for part in &self.parts {
            let (component, after) = rest.split_at(part.max.min(rest.len()));
            rest = after;
            if part.is_optional && component.is_empty() {
                continue;
            }
            if component.len() < part.min {
                return Err(Fault("AI_DATA_HAS_INCORRECT_LENGTH"));
            }
            part.set.check(component)?;
            part.checks.iter().try_for_each(|c| c.run(component))?;
        }
        if rest.is_empty() {
            Ok(())
        } else {
            Err(Fault("AI_DATA_IS_TOO_LONG"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_whole_dictionary_is_understood() {
        let read = dictionary();
        assert_eq!(read.unknown, [""; 0]);
        assert_eq!(read.entries.len(), 224);
        assert!(read.entries.iter().all(|e| !e.parts.is_empty()));
        let gcn = read.exact("255").expect("coupons are numbered");
        assert_eq!(
            (gcn.lengths(), gcn.is_fixed, gcn.is_key()),
            ((13, 25), false, true)
        );
        assert!(read.is_path(&["01", "22", "21"]));
        assert!(read.is_path(&["01", "235"]));
        assert!(!read.is_path(&["01", "10", "22"]));
        assert!(!read.is_path(&["21"]));
        assert_eq!(read.leading("31030001").map(|(ai, _)| ai), Some("3103"));
        assert!(read.leading("0").is_none());
    }
}
