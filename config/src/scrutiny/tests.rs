use crate::{DEFAULT_STORE_TOML, Finding, read};

/// What is found among offers of these names, priorities and conditions.
fn find(offers: &[(&str, u8, &str)]) -> Vec<Finding> {
    let texts: Vec<(String, String)> = offers
        .iter()
        .map(|(id, priority, when)| (format!("offers/{id}.toml"), offer(id, *priority, when)))
        .collect();
    let texts: Vec<(&str, &str)> = texts
        .iter()
        .map(|(file, text)| (file.as_str(), text.as_str()))
        .collect();
    // Texts alone have no pictures beside them.
    let lines = DEFAULT_STORE_TOML.lines();
    let store: Vec<&str> = lines.filter(|l| !l.starts_with("image = ")).collect();
    let shop = read(&store.join("\n"), &texts).unwrap_or_else(|wrong| panic!("{wrong}"));
    assert!(shop.rehearse().is_empty(), "{}", shop.rehearse());
    shop.scrutinise()
}

fn offer(id: &str, priority: u8, when: &str) -> String {
    format!(
        r##"id = "{id}"
title = "{id}"
sensitivity = "public"
priority = {priority}
screens = ["drinks"]
holdout = "0 %"
[schedule]
last_day = 2030-12-31
{when}
[budget]
showings = 1000
[creative]
colour = "#0b5d4e"
[[creative.texts]]
language = "en"
headline = "Hello"
[[test]]
name = "somebody is there"
at = "2026-07-14 12:30"
screen = "drinks"
audience = [{{ zone = "drinks" }}]
sensors = {{ outside-temperature = "25 °C" }}
shown = true
"##
    )
}

fn heads(findings: &[Finding]) -> Vec<(&str, &str, Option<&str>)> {
    let heads = findings.iter();
    heads
        .map(|f| (f.kind, f.offer.as_str(), f.other.as_deref()))
        .collect()
}

#[test]
fn an_offer_that_never_wins_is_told_with_the_situation() {
    let found = find(&[("strong", 90, ""), ("weak", 10, "")]);
    assert_eq!(heads(&found), [("shadowed", "weak", Some("strong"))]);
    assert!(
        found[0].what.contains("somebody is there"),
        "{}",
        found[0].what
    );
    assert_eq!(find(&[("alone", 10, "")]), []);
}

#[test]
fn a_pair_that_meets_at_one_value_is_told_and_one_that_does_not_is_not() {
    let sensor = |bound: &str| format!("[[when.sensor]]\nid = \"outside-temperature\"\n{bound}");
    let (cool, warm) = (sensor("max = \"25 °C\""), sensor("min = \"25 °C\""));
    let found = find(&[("cool", 50, &cool), ("warm", 50, &warm)]);
    let overlapping: Vec<_> = found.iter().filter(|f| f.kind == "overlapping").collect();
    assert_eq!(overlapping.len(), 1, "{found:?}");
    assert!(
        overlapping[0].what.contains("25 to 25 °C"),
        "{}",
        overlapping[0].what
    );
}

#[test]
fn an_offer_that_another_leaves_nothing_is_told_without_a_test_that_shows_it() {
    let untested = |id: &str, priority, when: &str| {
        let text = offer(id, priority, when);
        let (rules, _) = text.split_once("[[test]]").unwrap();
        (format!("offers/{id}.toml"), rules.to_owned())
    };
    let shadowed = |strong: (&str, String), weak: (&str, String)| {
        let texts = [strong, weak].map(|(file, text)| (file.to_owned(), text));
        let texts: Vec<_> = texts
            .iter()
            .map(|(f, t)| (f.as_str(), t.as_str()))
            .collect();
        let lines = DEFAULT_STORE_TOML.lines();
        let store: Vec<&str> = lines.filter(|l| !l.starts_with("image = ")).collect();
        let shop = read(&store.join("\n"), &texts).unwrap_or_else(|wrong| panic!("{wrong}"));
        let found = shop.scrutinise();
        found
            .iter()
            .any(|f| (f.kind, f.offer.as_str()) == ("shadowed", "weak"))
    };
    let cool = "[[when.sensor]]\nid = \"outside-temperature\"\nmax = \"20 °C\"";
    for (strong, weak, is_told) in [
        ((90, ""), (10, ""), true),
        ((90, ""), (10, cool), true),
        ((90, cool), (10, ""), false),
        ((10, ""), (90, ""), false),
        ((50, ""), (50, ""), false),
    ] {
        let strong = untested("strong", strong.0, strong.1);
        let weak = untested("weak", weak.0, weak.1);
        let told = shadowed((&strong.0, strong.1.clone()), (&weak.0, weak.1.clone()));
        assert_eq!(told, is_told, "{weak:?}");
    }
}
