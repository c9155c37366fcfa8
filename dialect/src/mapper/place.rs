//! Places in a JSON document: JSON pointers (RFC 6901), with `*` for every
//! item of a list or member of an object, once.

use super::Bad;
use serde_json::Value as Json;

/// Longest pointer, bytes.
const POINTER_MAX: usize = 200;

/// A place, or one place in every item of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    steps: Vec<String>,
    /// With `*`: the steps within each item.
    within: Option<Vec<String>>,
}

/// One value found.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Found<'j> {
    pub(crate) value: &'j Json,
    /// The item that `*` stood for.
    pub(crate) item: Option<&'j Json>,
    /// Its name, when it is the member of an object.
    pub(crate) key: Option<&'j str>,
}

impl Place {
    /// Reads a pointer: empty for the whole document, or steps that each begin
    /// with `/`; `~1` is a slash and `~0` a tilde within a step.
    pub fn parse(text: &str) -> Result<Self, Bad> {
        const REMEDY: &str =
            "write /name/name or /list/0/name (RFC 6901); * stands for every item, once";
        if text.len() > POINTER_MAX {
            return Err(Bad::new("is too long for a JSON pointer", REMEDY));
        }
        if !text.is_empty() && !text.starts_with('/') {
            return Err(Bad::new(
                "is no JSON pointer",
                format!("begin with a slash: {REMEDY}"),
            ));
        }
        let mut place = Self {
            steps: Vec::new(),
            within: None,
        };
        for step in text.split('/').skip(1) {
            if step == "*" {
                if place.within.replace(Vec::new()).is_some() {
                    return Err(Bad::new("has * twice", REMEDY));
                }
                continue;
            }
            let step = unescaped(step)
                .ok_or_else(|| Bad::new("has a ~ that is neither ~0 nor ~1", REMEDY))?;
            place.within.as_mut().unwrap_or(&mut place.steps).push(step);
        }
        Ok(place)
    }

    /// Whether it stands for several.
    pub const fn is_many(&self) -> bool {
        self.within.is_some()
    }

    /// Whether `*` stands for the same items in both.
    pub fn goes_with(&self, other: &Self) -> bool {
        !self.is_many() || (other.is_many() && self.steps == other.steps)
    }

    /// The one value, or the first of several.
    pub(crate) fn one<'j>(&self, document: &'j Json) -> Option<&'j Json> {
        self.all(document).next().map(|found| found.value)
    }

    /// Every value.
    pub(crate) fn all<'j>(&self, document: &'j Json) -> impl Iterator<Item = Found<'j>> {
        let base = walk(document, &self.steps);
        let alone = base.filter(|_| !self.is_many()).map(|value| Found {
            value,
            item: None,
            key: None,
        });
        let list = base.filter(|_| self.is_many()).and_then(Json::as_array);
        let items = list.into_iter().flatten().map(|item| (None, item));
        let object = base.filter(|_| self.is_many()).and_then(Json::as_object);
        let members = object.into_iter().flatten();
        let members = members.map(|(key, item)| (Some(key.as_str()), item));
        let each = items.chain(members).filter_map(|(key, item)| {
            let value = walk(item, self.within.as_deref()?)?;
            Some(Found {
                value,
                item: Some(item),
                key,
            })
        });
        alone.into_iter().chain(each)
    }

    /// The value beside one that was found: in the same item, if `*` is in it.
    pub(crate) fn beside<'j>(&self, found: &Found<'j>, document: &'j Json) -> Option<&'j Json> {
        match &self.within {
            Some(within) => walk(found.item?, within),
            None => walk(document, &self.steps),
        }
    }
}

fn walk<'j>(from: &'j Json, steps: &[String]) -> Option<&'j Json> {
    steps.iter().try_fold(from, |at, step| match at {
        Json::Object(members) => members.get(step),
        // A leading zero is no index (RFC 6901, 4).
        Json::Array(items) if step == "0" || !step.starts_with(['0', '+']) => {
            items.get(step.parse::<usize>().ok()?)
        }
        _ => None,
    })
}

fn unescaped(step: &str) -> Option<String> {
    let mut text = String::with_capacity(step.len());
    let mut chars = step.chars();
    while let Some(c) = chars.next() {
        text.push(match c {
            '~' => match chars.next()? {
                '0' => '~',
                '1' => '/',
                _ => return None,
            },
            c => c,
        });
    }
    Some(text)
}
