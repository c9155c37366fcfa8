//! GS1 Digital Link URIs (GS1 Digital Link Standard: URI Syntax 1.6): a key
//! and its qualifiers in the path, further identifiers in the query.
//!
//! Convenience alphas (`/gtin/` for `/01/`) were taken out of the standard
//! with version 1.3 and are not read. GTINs without leading zeros were taken
//! out too, but stand on packages: they are filled up to 14 digits.

use super::{
    Element, Fault, MAX_ELEMENTS, Wrong,
    dictionary::{Dictionary, Entry, dictionary},
    element::push,
};

/// Characters of RFC 3986 besides letters and digits.
const URI_MARKS: &[u8] = b"-._~:/?#[]@!$&'()*+,;=%";
/// Those of them that no domain has.
const NOT_IN_DOMAIN: &[u8] = b"_~?#@!$&'()*+,;=%";

/// Reads a link.
pub(super) fn parse(text: &str) -> Result<Vec<Element>, Wrong> {
    let legal = |b: u8| b.is_ascii_alphanumeric() || URI_MARKS.contains(&b);
    if !text.bytes().all(legal) {
        return Err(Fault("URI_CONTAINS_ILLEGAL_CHARACTERS").into());
    }
    let schemes = ["https://", "HTTPS://", "http://", "HTTP://"];
    let rest = schemes
        .iter()
        .find_map(|scheme| text.strip_prefix(scheme))
        .ok_or(Fault("URI_CONTAINS_ILLEGAL_SCHEME"))?;
    let (domain, rest) = rest
        .split_once('/')
        .filter(|(domain, _)| !domain.is_empty())
        .ok_or(Fault("URI_MISSING_DOMAIN_AND_PATH_INFO"))?;
    if domain.bytes().any(|b| NOT_IN_DOMAIN.contains(&b)) {
        return Err(Fault("DOMAIN_CONTAINS_ILLEGAL_CHARACTERS").into());
    }
    let rest = rest.split('#').next().unwrap_or_default();
    let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
    let mut elements = Vec::new();
    path_elements(path, &mut elements)?;
    let of_path = elements.len();
    query_elements(query, &mut elements)?;
    check_order(&elements, of_path)?;
    Ok(elements)
}

/// The pairs at the end of the path, from the last one that is a key.
fn path_elements(path: &str, elements: &mut Vec<Element>) -> Result<(), Wrong> {
    let segments: Vec<&str> = path.split('/').collect();
    let mut pairs = segments.rchunks_exact(2).take(MAX_ELEMENTS);
    let mut count = 0;
    let found = pairs.any(|pair| {
        count += 1;
        dictionary().exact(pair[0]).is_none_or(Entry::is_key)
    });
    let begins = segments.len().saturating_sub(2 * count);
    let key = segments.get(begins).and_then(|ai| dictionary().exact(ai));
    if !found || key.is_none() {
        return Err(Fault("NO_GS1_DL_KEYS_FOUND_IN_PATH_INFO").into());
    }
    for pair in segments[begins..].chunks_exact(2) {
        let empty = || Wrong {
            fault: Fault("AI_VALUE_PATH_ELEMENT_IS_EMPTY"),
            ai: Some(pair[0].to_owned()),
        };
        let value = decoded(pair[1], false).ok_or_else(empty)?;
        push(elements, pair[0], filled_up(pair[0], value))?;
    }
    Ok(())
}

/// What follows the question mark. Parameters that are not identifiers belong
/// to whoever runs the domain.
fn query_elements(query: &str, elements: &mut Vec<Element>) -> Result<(), Wrong> {
    let pairs = query.split('&').filter_map(|p| p.split_once('='));
    let numbered = pairs.filter(|(ai, _)| !ai.is_empty() && super::check::is_digits(ai));
    for (ai, value) in numbered {
        let wrong = |fault| Wrong {
            fault: Fault(fault),
            ai: Some(ai.chars().take(4).collect()),
        };
        if dictionary().exact(ai).is_none() {
            return Err(wrong("UNKNOWN_AI_IN_QUERY_PARAMS"));
        }
        let value = decoded(value, true).ok_or_else(|| wrong("AI_VALUE_QUERY_ELEMENT_IS_EMPTY"))?;
        push(elements, ai, filled_up(ai, value))?;
    }
    Ok(())
}

/// The path is a key with qualifiers in their order; the query holds no
/// identifier twice, none that is not for it, and none that is a qualifier.
fn check_order(elements: &[Element], of_path: usize) -> Result<(), Wrong> {
    let dictionary: &Dictionary = dictionary();
    let path: Vec<&str> = elements[..of_path].iter().map(|e| e.ai.as_str()).collect();
    if !dictionary.is_path(&path) {
        return Err(Fault("INVALID_KEY_QUALIFIER_SEQUENCE").into());
    }
    for (n, element) in elements.iter().enumerate().skip(of_path) {
        let wrong = |fault| {
            Err(Wrong {
                fault: Fault(fault),
                ai: Some(element.ai.clone()),
            })
        };
        if elements[..n].iter().any(|e| e.ai == element.ai) {
            return wrong("DUPLICATE_AI");
        }
        if !element.entry.is_attribute {
            return wrong("AI_IS_NOT_VALID_DATA_ATTRIBUTE");
        }
        let belongs_in_path = (1..=path.len()).any(|at| {
            let mut longer = path.clone();
            longer.insert(at, &element.ai);
            dictionary.is_path(&longer)
        });
        if belongs_in_path {
            return wrong("AI_SHOULD_BE_IN_PATH_INFO");
        }
    }
    Ok(())
}

/// A GTIN of 8, 12 or 13 digits with the zeros it was printed without.
fn filled_up(ai: &str, value: String) -> String {
    if ai == "01" && matches!(value.len(), 8 | 12 | 13) {
        format!("{value:0>14}")
    } else {
        value
    }
}

/// Percent decoding; in a query `+` is a space. `None` when nothing is left,
/// or a NUL. Bytes that are no text stand in no value and become `\u{fffd}`.
fn decoded(text: &str, in_query: bool) -> Option<String> {
    let bytes = text.as_bytes();
    let hex = |at: usize| bytes.get(at).and_then(|b| (*b as char).to_digit(16));
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(byte) = bytes.get(at).copied() {
        let escaped = hex(at + 1).zip(hex(at + 2)).filter(|_| byte == b'%');
        at += if escaped.is_some() { 3 } else { 1 };
        out.push(match (byte, escaped) {
            (_, Some((high, low))) => (high << 4 | low) as u8,
            (b'+', None) if in_query => b' ',
            (byte, None) => byte,
        });
    }
    if out.is_empty() || out.contains(&0) {
        return None;
    }
    Some(String::from_utf8_lossy(&out).into_owned())
}
