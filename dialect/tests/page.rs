//! `docs/facts.md` and `docs/facts.schema.json` say what the decoders do.

use dialect::{Quantity, batch, json};
use serde_json::Value;
use std::fmt::Write as _;

const PAGE: &str = include_str!("../../docs/facts.md");
const SCHEMA: &str = include_str!("../../docs/facts.schema.json");

/// Lines of the page's fenced examples.
fn examples() -> Vec<&'static str> {
    let mut lines = Vec::new();
    let mut within = false;
    for line in PAGE.lines() {
        match line {
            "```jsonl" => within = true,
            "```" => within = false,
            line if within => lines.push(line),
            _ => {}
        }
    }
    lines
}

#[test]
fn every_example_decodes_as_the_page_says() {
    let lines = examples();
    assert!(lines.len() >= 20, "{}", lines.len());
    for pair in lines.chunks(2) {
        let [capture, expected] = pair else {
            panic!("a capture without an answer: {pair:?}");
        };
        let said = batch::answer(1, capture.as_bytes());
        let parse = |text: &str| serde_json::from_str::<Value>(text).expect("JSON");
        assert_eq!(parse(&said), parse(expected), "the answer is:\n{said}\n");
    }
}

#[test]
fn every_kind_of_fact_has_its_section() {
    let schema = serde_json::to_value(json::schema()).expect("a schema is JSON");
    let kinds = schema["$defs"]["Kind"]["oneOf"].as_array().expect("kinds");
    assert_eq!(kinds.len(), 9);
    for kind in kinds {
        let name = kind["const"].as_str().expect("a name");
        assert!(PAGE.contains(&format!("\n## {name}\n")), "{name}");
    }
}

#[test]
fn the_page_lists_every_quantity() {
    let mut table = String::from("| quantity | unit | is |\n|---|---|---|\n");
    for quantity in Quantity::ALL {
        let (name, unit) = (quantity.name(), quantity.unit());
        let unit = if unit.is_empty() {
            String::new()
        } else {
            format!("`{unit}`")
        };
        let meaning = quantity.meaning();
        let meaning = if quantity.is_flag() {
            format!("`true`: {meaning}")
        } else {
            meaning.to_owned()
        };
        writeln!(table, "| `{name}` | {unit} | {meaning} |").expect("texts take everything");
    }
    assert!(PAGE.contains(&table), "docs/facts.md must hold:\n{table}");
}

#[test]
fn the_schema_on_file_is_the_present_one() {
    let present = serde_json::to_string_pretty(&json::schema()).expect("a schema is JSON");
    assert_eq!(
        SCHEMA.trim_end(),
        present,
        "docs/facts.schema.json is stale: write `aislecast decode --schema` there"
    );
}
