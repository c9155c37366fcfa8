//! The committed schemas are what editors read: they must be what the parser does.

use serde_json::Value;
use std::{fs, path::PathBuf};

fn check(name: &str, generated: &Value) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("schema")
        .join(name);
    let text =
        serde_json::to_string_pretty(generated).expect("the file system does as it is told") + "\n";
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        fs::write(&path, &text).expect("the file system does as it is told");
    }
    let committed = fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(
        committed, text,
        "run the tests with UPDATE_GOLDEN=1 and look at the difference"
    );
}

#[test]
fn the_committed_schemas_are_what_the_types_generate() {
    check("store.schema.json", &config::schema::store_schema());
    check("offer.schema.json", &config::schema::offer_schema());
}

#[test]
fn every_key_of_the_schemas_is_explained() {
    for schema in [
        config::schema::store_schema(),
        config::schema::offer_schema(),
    ] {
        explained(&schema, "");
    }
}

fn explained(schema: &Value, at: &str) {
    let tables = schema["definitions"].as_object().into_iter().flatten();
    for (name, table) in tables {
        explained(table, name);
    }
    for (key, property) in schema["properties"].as_object().into_iter().flatten() {
        assert!(
            property["description"].is_string(),
            "{at}.{key} has no description"
        );
    }
}

#[test]
fn every_key_of_the_schemas_stands_in_the_annotated_files() {
    let offer = fs::read_to_string(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/offers/iced-tea-noon.toml"
    ));
    let offer = offer.unwrap() + &all_offers();
    for (schema, text) in [
        (
            config::schema::store_schema(),
            config::DEFAULT_STORE_TOML.to_owned(),
        ),
        (config::schema::offer_schema(), offer),
    ] {
        let tables = schema["definitions"].as_object().into_iter().flatten();
        for (name, table) in tables.map(|(n, t)| (n.as_str(), t)).chain([("", &schema)]) {
            for key in table["properties"]
                .as_object()
                .into_iter()
                .flatten()
                .map(|(k, _)| k)
            {
                let written = [
                    format!("\n{key} = "),
                    format!("\n# {key} = "),
                    format!("{{ {key} = "),
                    format!(", {key} = "),
                    format!("[{key}]"),
                    format!("[{key}."),
                    format!(".{key}]"),
                ];
                assert!(
                    written.iter().any(|w| text.contains(w)),
                    "{name}.{key} is nowhere shown"
                );
            }
        }
    }
}

fn all_offers() -> String {
    let folder = fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/offers"))
        .expect("the file system does as it is told");
    folder
        .map(|entry| {
            fs::read_to_string(entry.expect("the file system does as it is told").path())
                .expect("the file system does as it is told")
        })
        .collect()
}
