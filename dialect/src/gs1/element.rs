//! Element strings: identifiers and values, one after the other.

use super::{Element, Fault, MAX_ELEMENTS, Wrong, dictionary::dictionary};

/// The text behind a mark that says it is an element string: FNC1 (as GS or
/// `^`) or the symbology identifier that scanners put in front (`]C1` GS1-128,
/// `]e0` GS1 `DataBar`, `]d2` GS1 `DataMatrix`, `]Q3` GS1 QR).
pub(super) fn marked(text: &str) -> Option<&str> {
    let marks = ["]C1", "]e0", "]d2", "]Q3", "]J1", "^", "\u{1d}"];
    let text = marks.iter().find_map(|mark| text.strip_prefix(mark))?;
    // Some scanners send the first FNC1 as well as the symbology identifier.
    Some(text.strip_prefix(['^', '\u{1d}']).unwrap_or(text))
}

/// Whether a text without a mark is an element string. GS1 asks for the mark,
/// since "10..." may be anybody's number; what begins with a coupon's identifier
/// or with a checked number of known length, or goes on behind FNC1, is taken
/// for one all the same.
pub(super) fn says_so_itself(text: &str) -> bool {
    let begins_with = |ais: &[&str]| ais.iter().any(|ai| text.starts_with(ai));
    let checked = ["00", "01", "02", "03", "41"];
    begins_with(&["255", "8110", "8111", "8112"])
        || (begins_with(&checked) && raw(text).is_ok())
        || (text.contains(['^', '\u{1d}']) && raw(text).is_ok())
}

/// As a scanner sends it: a value of no known length ends at FNC1.
pub(super) fn raw(text: &str) -> Result<Vec<Element>, Wrong> {
    let mut elements = Vec::new();
    let mut rest = text;
    if rest.is_empty() {
        return Err(Fault("AI_DATA_EMPTY").into());
    }
    while !rest.is_empty() {
        let (ai, entry) = dictionary()
            .leading(rest)
            .ok_or(Fault("NO_AI_FOR_PREFIX"))?;
        rest = &rest[ai.len()..];
        let mut end = rest.find(['^', '\u{1d}']).unwrap_or(rest.len());
        if entry.is_fixed {
            end = end.min(entry.lengths().1);
        }
        let value = rest.get(..end).ok_or(Fault("NO_AI_FOR_PREFIX"))?;
        push(&mut elements, ai, value.to_owned())?;
        rest = &rest[end..];
        rest = rest.strip_prefix(['^', '\u{1d}']).unwrap_or(rest);
    }
    distinct(elements)
}

/// As it is printed for people. `\(` is a bracket within a value.
pub(super) fn bracketed(text: &str) -> Result<Vec<Element>, Wrong> {
    const MALFORMED: Fault = Fault("AI_PARSE_FAILED");
    let mut elements = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let (ai, after) = rest
            .strip_prefix('(')
            .and_then(|rest| rest.split_once(')'))
            .ok_or(MALFORMED)?;
        let mut value = String::new();
        rest = after;
        loop {
            let end = rest.find('(').unwrap_or(rest.len());
            let (piece, after) = rest.split_at(end);
            rest = after;
            match piece.strip_suffix('\\') {
                Some(piece) if !rest.is_empty() => {
                    value.extend([piece, "("]);
                    rest = &rest[1..];
                }
                _ => {
                    value.push_str(piece);
                    break;
                }
            }
        }
        push(&mut elements, ai, value)?;
    }
    distinct(elements)
}

/// Checks one identifier with its value and puts it behind the others.
pub(super) fn push(elements: &mut Vec<Element>, ai: &str, value: String) -> Result<(), Wrong> {
    let wrong = |fault| Wrong {
        fault: Fault(fault),
        ai: Some(ai.chars().take(4).collect()),
    };
    let Some(entry) = dictionary().exact(ai) else {
        return Err(wrong("AI_UNRECOGNISED"));
    };
    if elements.len() >= MAX_ELEMENTS {
        return Err(wrong("TOO_MANY_AIS"));
    }
    let (min, max) = entry.lengths();
    // Coupons say themselves where they are cut short.
    if value.is_empty() {
        return Err(wrong("AI_DATA_IS_EMPTY"));
    }
    if value.len() < min {
        return Err(wrong("AI_VALUE_IS_TOO_SHORT"));
    }
    if value.len() > max {
        return Err(wrong("AI_VALUE_IS_TOO_LONG"));
    }
    entry.check(&value).map_err(|fault| wrong(fault.0))?;
    elements.push(Element {
        entry,
        ai: ai.to_owned(),
        value,
    });
    Ok(())
}

/// The same identifier twice must say the same twice.
fn distinct(elements: Vec<Element>) -> Result<Vec<Element>, Wrong> {
    for (n, element) in elements.iter().enumerate() {
        let mut earlier = elements[..n].iter();
        if earlier.any(|e| e.ai == element.ai && e.value != element.value) {
            return Err(Wrong {
                fault: Fault("INSTANCES_OF_AI_HAVE_DIFFERENT_VALUES"),
                ai: Some(element.ai.clone()),
            });
        }
    }
    Ok(elements)
}

/// As one string with `^` for FNC1, where one is needed.
pub(super) fn join(elements: &[Element]) -> String {
    let mut text = String::from("^");
    for (n, element) in elements.iter().enumerate() {
        if n > 0 && !elements[n - 1].entry.is_fixed {
            text.push('^');
        }
        text.extend([&*element.ai, &*element.value]);
    }
    text
}
