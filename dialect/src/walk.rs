//! JSON of unknown shape, walked without a tree of it in memory.

use crate::{MAX_PAYLOAD, Unreadable, scalar::Scalar};
use serde::{
    Deserialize, Deserializer,
    de::{self, DeserializeSeed, MapAccess, SeqAccess, Visitor},
};
use std::{borrow::Cow, fmt};

/// Where a value stands.
#[derive(Clone, Copy)]
pub(crate) struct Path<'p> {
    /// What it stands in, unless it is the message itself.
    pub(crate) parent: Option<&'p Path<'p>>,
    /// Its name; empty in a list.
    pub(crate) key: &'p str,
    /// Its place in a list; 0 in an object.
    pub(crate) index: usize,
}

/// Takes every scalar of a message, in the order it is written.
pub(crate) type Visit<'v, 'de> = dyn FnMut(&Path<'_>, &Scalar<'de>) + 'v;

impl Path<'_> {
    const ROOT: Self = Self {
        parent: None,
        key: "",
        index: 0,
    };

    /// The names from the outermost in, as far as there are `N`, and how many
    /// there are: `["params", "switch:0", "output"]`. Lists count as a level.
    pub(crate) fn names<const N: usize>(&self) -> ([&str; N], usize) {
        let mut names = [""; N];
        let mut depth = 0;
        let mut at = Some(self);
        while let Some(path) = at.filter(|path| path.parent.is_some()) {
            depth += 1;
            at = path.parent;
        }
        let mut at = Some(self);
        for n in (0..depth).rev() {
            let Some(path) = at else { break };
            if let Some(name) = names.get_mut(n) {
                *name = path.key;
            }
            at = path.parent;
        }
        (names, depth)
    }
}

/// Walks the scalars of a message of at most [`MAX_PAYLOAD`].
pub(crate) fn walk<'de>(payload: &'de [u8], visit: &mut Visit<'_, 'de>) -> Result<(), Unreadable> {
    if payload.len() > MAX_PAYLOAD {
        return Err(Unreadable("larger than 64 KiB"));
    }
    let mut json = serde_json::Deserializer::from_slice(payload);
    let path = Path::ROOT;
    let walked = Node { path: &path, visit }.deserialize(&mut json);
    walked
        .and_then(|()| json.end())
        .map_err(|_| Unreadable("not JSON"))
}

/// Whether a payload is meant to be a JSON object or list.
pub(crate) fn looks_like_json(payload: &[u8]) -> bool {
    matches!(payload.trim_ascii_start().first(), Some(b'{' | b'['))
}

struct Node<'n, 'v, 'de> {
    path: &'n Path<'n>,
    visit: &'n mut Visit<'v, 'de>,
}

#[derive(Deserialize)]
struct Key<'a>(#[serde(borrow)] Cow<'a, str>);

impl<'de> DeserializeSeed<'de> for Node<'_, '_, 'de> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Node<'_, '_, 'de> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_bool<E: de::Error>(self, flag: bool) -> Result<(), E> {
        (self.visit)(self.path, &Scalar::Flag(flag));
        Ok(())
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<(), E> {
        (self.visit)(self.path, &Scalar::Number(number as f64));
        Ok(())
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<(), E> {
        (self.visit)(self.path, &Scalar::Number(number as f64));
        Ok(())
    }

    fn visit_f64<E: de::Error>(self, number: f64) -> Result<(), E> {
        (self.visit)(self.path, &Scalar::Number(number));
        Ok(())
    }

    fn visit_borrowed_str<E: de::Error>(self, text: &'de str) -> Result<(), E> {
        (self.visit)(self.path, &Scalar::Text(Cow::Borrowed(text)));
        Ok(())
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<(), E> {
        (self.visit)(self.path, &Scalar::Text(Cow::Owned(text.to_owned())));
        Ok(())
    }

    fn visit_unit<E: de::Error>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        for index in 0.. {
            let path = Path {
                parent: Some(self.path),
                key: "",
                index,
            };
            let element = Node {
                path: &path,
                visit: self.visit,
            };
            if list.next_element_seed(element)?.is_none() {
                break;
            }
        }
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(Key(key)) = map.next_key()? {
            let path = Path {
                parent: Some(self.path),
                key: &key,
                index: 0,
            };
            map.next_value_seed(Node {
                path: &path,
                visit: self.visit,
            })?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn walked(json: &str) -> Result<Vec<String>, Unreadable> {
        let mut seen = Vec::new();
        walk(json.as_bytes(), &mut |path, value| {
            let (names, depth) = path.names::<3>();
            seen.push(format!(
                "{}@{depth}.{}={:?}",
                names.join("/"),
                path.index,
                value.number()
            ));
        })?;
        Ok(seen)
    }

    #[test]
    fn every_scalar_is_seen_with_its_place() {
        assert_eq!(
            walked(r#"{"a":1,"b":{"c":[2,{"d":"3"}]},"e":null}"#).unwrap(),
            [
                "a//@1.0=Some(1.0)",
                "b/c/@3.0=Some(2.0)",
                "b/c/@4.0=Some(3.0)"
            ]
        );
        assert_eq!(walked("7").unwrap(), ["//@0.0=Some(7.0)"]);
    }

    #[test]
    fn what_is_no_json_is_refused_whatever_stood_before() {
        for json in ["", "{", "{} {}", "{\"a\":}", "nan"] {
            assert!(walked(json).is_err(), "{json}");
        }
        assert!(walked(&"[".repeat(9_000)).is_err());
        assert!(walked(&" ".repeat(MAX_PAYLOAD + 1)).is_err());
    }
}
