//! Topics with captures: `building/{device}/+/state`.

use super::Bad;

/// Longest topic, bytes.
const TOPIC_MAX: usize = 200;

/// A pattern for topics.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern {
    levels: Vec<Level>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Level {
    Exactly(String),
    /// One level, kept under this name.
    Captured(String),
    /// `+`: any one level.
    Any,
    /// `#`: whatever follows.
    Rest,
}

impl Pattern {
    /// Reads a pattern: levels of text, `+`, `{name}`, and `#` at the end.
    pub fn parse(text: &str) -> Result<Self, Bad> {
        if text.is_empty() || text.len() > TOPIC_MAX || text.contains(char::is_control) {
            return Err(Bad::new(
                "is no topic",
                format!("give 1 to {TOPIC_MAX} bytes without control characters"),
            ));
        }
        let mut levels: Vec<Level> = Vec::new();
        for level in text.split('/') {
            if levels.last() == Some(&Level::Rest) {
                return Err(Bad::new("goes on after #", "let # be the last level"));
            }
            levels.push(Level::parse(level)?);
        }
        let pattern = Self { levels };
        let mut names: Vec<_> = pattern.names().collect();
        names.sort_unstable();
        if names.windows(2).any(|two| two[0] == two[1]) {
            return Err(Bad::new("captures one name twice", "give each its own"));
        }
        if matches!(
            pattern.levels[0],
            Level::Rest | Level::Any | Level::Captured(_)
        ) {
            return Err(Bad::new(
                "listens to the whole broker",
                "begin with the text that all topics of the device begin with",
            ));
        }
        Ok(pattern)
    }

    /// The names it captures, in their order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.levels.iter().filter_map(|level| match level {
            Level::Captured(name) => Some(name.as_str()),
            Level::Exactly(_) | Level::Any | Level::Rest => None,
        })
    }

    /// What to subscribe to.
    pub fn filter(&self) -> String {
        let levels = self.levels.iter().map(|level| match level {
            Level::Exactly(text) => text.as_str(),
            Level::Captured(_) | Level::Any => "+",
            Level::Rest => "#",
        });
        levels.collect::<Vec<_>>().join("/")
    }

    /// Whether a topic fits.
    pub fn fits(&self, topic: &str) -> bool {
        self.captures(topic).is_some()
    }

    /// What a topic that fits holds under each name, in their order.
    pub fn captures<'a>(&'a self, topic: &'a str) -> Option<Vec<(&'a str, &'a str)>> {
        let mut captures = Vec::new();
        let mut rest = Some(topic);
        for level in &self.levels {
            if *level == Level::Rest {
                return Some(captures);
            }
            let (head, tail) = split_level(rest?);
            rest = tail;
            match level {
                Level::Exactly(text) if text == head => {}
                Level::Exactly(_) => return None,
                Level::Captured(name) => captures.push((name.as_str(), head)),
                Level::Any | Level::Rest => {}
            }
        }
        rest.is_none().then_some(captures)
    }
}

fn split_level(topic: &str) -> (&str, Option<&str>) {
    match topic.split_once('/') {
        Some((head, tail)) => (head, Some(tail)),
        None => (topic, None),
    }
}

impl Level {
    fn parse(text: &str) -> Result<Self, Bad> {
        let name = text.strip_prefix('{').and_then(|t| t.strip_suffix('}'));
        match (text, name) {
            ("+", _) => Ok(Self::Any),
            ("#", _) => Ok(Self::Rest),
            (_, Some(name)) if is_name(name) => Ok(Self::Captured(name.to_owned())),
            _ if text.contains(['+', '#', '{', '}']) => Err(Bad::new(
                format!("has the level {text:?}, which is neither text nor a wildcard"),
                "+, # and {name} take a whole level; a name is a-z, 0-9, - and _",
            )),
            _ => Ok(Self::Exactly(text.to_owned())),
        }
    }
}

pub(super) fn is_name(text: &str) -> bool {
    let fits = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'-' | b'_');
    (1..=32).contains(&text.len()) && text.bytes().all(fits)
}
