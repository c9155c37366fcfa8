//! Names put together from the topic and the message: `{device}-{/lines/*/id}`.

use super::{Bad, Pattern, Place, place::Found};
use serde_json::Value as Json;

/// Longest name that is put together, bytes.
const NAME_MAX: usize = 128;

/// A text with holes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    pieces: Vec<Piece>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Text(String),
    /// A level of the topic.
    Captured(String),
    /// A value of the message.
    At(Place),
    /// `{*}`: the name of the member that `*` stands for.
    Key,
}

impl Template {
    /// Reads a template; its holes must be in the topic or go with `at`.
    pub fn parse(text: &str, topic: &Pattern, at: &Place) -> Result<Self, Bad> {
        let mut pieces = Vec::new();
        let mut rest = text;
        while let Some((before, hole)) = rest.split_once('{') {
            let (hole, after) = hole
                .split_once('}')
                .ok_or_else(|| Bad::new("has { without }", "close it"))?;
            if !before.is_empty() {
                pieces.push(Piece::Text(before.to_owned()));
            }
            pieces.push(Piece::hole(hole, topic, at)?);
            rest = after;
        }
        if !rest.is_empty() {
            pieces.push(Piece::Text(rest.to_owned()));
        }
        if text.is_empty() || text.len() > NAME_MAX {
            let remedy = format!("give 1 to {NAME_MAX} bytes");
            return Err(Bad::new("is no name", remedy));
        }
        Ok(Self { pieces })
    }

    /// The name, if all its holes can be filled.
    pub(super) fn fill(
        &self,
        captures: &[(&str, &str)],
        document: &Json,
        found: &Found<'_>,
    ) -> Option<String> {
        let mut name = String::new();
        for piece in &self.pieces {
            match piece {
                Piece::Text(text) => name.push_str(text),
                Piece::Captured(wanted) => {
                    let (_, level) = captures.iter().find(|(name, _)| name == wanted)?;
                    name.push_str(level);
                }
                Piece::Key => name.push_str(found.key?),
                Piece::At(place) => match place.beside(found, document)? {
                    Json::String(text) => name.push_str(text),
                    Json::Number(number) => name.push_str(&number.to_string()),
                    _ => return None,
                },
            }
            if name.len() > NAME_MAX {
                return None;
            }
        }
        Some(name).filter(|name| !name.is_empty())
    }
}

impl Piece {
    fn hole(hole: &str, topic: &Pattern, at: &Place) -> Result<Self, Bad> {
        if hole == "*" {
            return if at.is_many() {
                Ok(Self::Key)
            } else {
                Err(Bad::new("has {*}", "write * in `at` as well"))
            };
        }
        if hole.starts_with('/') {
            let place = Place::parse(hole)?;
            return if place.goes_with(at) {
                Ok(Self::At(place))
            } else {
                let what = format!("has {{{hole}}}, whose * is another than that of `at`");
                Err(Bad::new(what, "let both begin alike up to the *"))
            };
        }
        if topic.names().any(|name| name == hole) {
            return Ok(Self::Captured(hole.to_owned()));
        }
        let names: Vec<_> = topic.names().map(|n| format!("{{{n}}}")).collect();
        Err(Bad::new(
            format!("has {{{hole}}}, which the topic does not capture"),
            if names.is_empty() {
                format!("write {{{hole}}} for one level of the topic, or a pointer {{/...}}")
            } else {
                format!(
                    "the topic has {}; a value of the message is {{/...}}",
                    names.join(", ")
                )
            },
        ))
    }
}
