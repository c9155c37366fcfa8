//! Whether an offer says more about people than its class admits: by products
//! and departments that the shop marked, and by words on its picture.

use super::Site;
use crate::{
    lexicon::{About, MAYBE, SURE, found},
    raw::{
        offer::{Offer, Sensitivity},
        store,
    },
    report::Report,
};
use std::collections::BTreeSet;

/// What a shop marked as saying something about health, belief or children.
#[derive(Debug, Default)]
pub(crate) struct Sensitive {
    departments: Vec<String>,
    skus: Vec<String>,
    words: Vec<String>,
}

/// What the shop marked; its departments are those of its zones.
pub(crate) fn marked(
    raw: &store::Sensitive,
    departments: &BTreeSet<String>,
    report: &mut Report<'_>,
) -> Sensitive {
    for (i, name) in raw.departments.iter().enumerate() {
        let known = departments.iter().map(String::as_str);
        let key = format!("sensitive.departments[{i}]");
        report.find(&key, "department", &name.0, known);
    }
    Sensitive {
        departments: raw.departments.iter().map(|d| d.0.clone()).collect(),
        skus: raw.skus.iter().map(|s| s.0.clone()).collect(),
        words: raw.words.clone(),
    }
}

/// Checks all of it.
pub(crate) fn check(raw: &Offer, site: &Site, report: &mut Report<'_>) {
    check_marks(raw, &site.sensitive, report);
    for (key, text) in texts(raw) {
        check_placeholders(&key, text, report);
        if raw.sensitivity != Sensitivity::Sensitive {
            check_words(raw.sensitivity, &key, text, &site.sensitive, report);
        }
    }
}

fn check_marks(raw: &Offer, marked: &Sensitive, report: &mut Report<'_>) {
    if raw.sensitivity == Sensitivity::Sensitive {
        return;
    }
    let what = |kind: &str, name: &str| {
        format!("the shop keeps {kind} {name:?} off its public screens ([sensitive] of store.toml)")
    };
    let remedy = "set sensitivity = \"sensitive\": such an offer goes to the shopper's own phone";
    let department = raw.department.as_ref().map(|d| d.0.as_str());
    if let Some(name) = department.filter(|name| marked.departments.iter().any(|m| m == name)) {
        report.error("department", what("department", name), remedy);
    }
    for (i, sku) in raw.skus.iter().enumerate() {
        if marked.skus.contains(&sku.0) {
            report.error(&format!("skus[{i}]"), what("product", &sku.0), remedy);
        }
    }
}

/// Everything on the picture that is read, with its key.
fn texts(raw: &Offer) -> Vec<(String, &str)> {
    let mut texts = Vec::new();
    for (i, text) in raw.creative.texts.iter().enumerate() {
        texts.push((
            format!("creative.texts[{i}].headline"),
            text.headline.as_str(),
        ));
        let body = text.body.as_deref();
        texts.extend(body.map(|body| (format!("creative.texts[{i}].body"), body)));
    }
    let badge = raw.creative.badge.as_deref();
    texts.extend(badge.map(|badge| ("creative.badge".to_owned(), badge)));
    texts
}

/// Nothing is ever filled in: whoever writes `{name}` expects a name.
fn check_placeholders(key: &str, text: &str, report: &mut Report<'_>) {
    let Some(mark) = placeholder(text) else {
        return;
    };
    report.error(
        key,
        format!("{mark:?} looks like a gap to be filled in; the screen would show it as it stands"),
        "write the words themselves: a picture never holds a name, points or anything of one person",
    );
}

fn placeholder(text: &str) -> Option<&str> {
    for (open, close) in [
        ("{", "}"),
        ("[[", "]]"),
        ("<", ">"),
        ("%", "%"),
        ("${", "}"),
    ] {
        let Some((before, rest)) = text.split_once(open) else {
            continue;
        };
        let Some((inside, _)) = rest.split_once(close) else {
            continue;
        };
        let name = inside.trim_matches(['{', ' ']);
        let is_name = name.starts_with(char::is_alphabetic)
            && name
                .chars()
                .all(|c| c.is_alphanumeric() || "_.-".contains(c));
        if is_name {
            let end = before.len() + open.len() + inside.len() + close.len();
            return text.get(before.len()..end);
        }
    }
    None
}

fn check_words(
    class: Sensitivity,
    key: &str,
    text: &str,
    marked: &Sensitive,
    report: &mut Report<'_>,
) {
    if let Some(word) = found(text, marked.words.iter().map(String::as_str)) {
        let what =
            format!("the shop keeps {word:?} off its public screens ([sensitive] of store.toml)");
        report.error(
            key,
            what,
            "say it without, or set sensitivity = \"sensitive\"",
        );
        return;
    }
    // On somebody's own phone their account may be spoken of.
    let admits = |about: About| class == Sensitivity::Personal && about == About::Account;
    let listed = |list: &'static [(About, &'static [&'static str])]| {
        let mut list = list.iter().filter(|(about, _)| !admits(*about));
        list.find_map(|(about, words)| Some((*about, found(text, words.iter().copied())?)))
    };
    if let Some((about, word)) = listed(SURE) {
        let remedy = format!("say it without, or set sensitivity = {:?}", about.class());
        report.error(key, format!("{word:?} speaks of {}", about.words()), remedy);
    } else if let Some((about, word)) = listed(MAYBE) {
        report.warn(
            key,
            format!("{word:?} may speak of {}", about.words()),
            format!(
                "if it does, set sensitivity = {:?}; if not, leave it as it is",
                about.class()
            ),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gaps_are_told_from_prices_and_discounts() {
        for (text, mark) in [
            ("Hello {name}!", Some("{name}")),
            ("Xin chào {{ ten_khach }}", Some("{{ ten_khach }")),
            ("You have %points% left", Some("%points%")),
            ("For <first-name>", Some("<first-name>")),
            ("Dear ${customer.name}", Some("{customer.name}")),
            ("-20 % today, -30 % tomorrow", None),
            ("50% off, 2% fat", None),
            ("now < 30.000 ₫ > before", None),
            ("{}", None),
        ] {
            assert_eq!(placeholder(text), mark, "{text}");
        }
    }
}
