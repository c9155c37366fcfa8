//! The published JSON Schemas of the files, generated from the types that read
//! them, so that an editor and `aislecast check` can never disagree.

use crate::raw;
use schemars::{JsonSchema, generate::SchemaSettings};
use serde_json::{Map, Value, json};
use std::sync::LazyLock;

/// Sections of `store.toml` that may be left out, wholly or in part: what is
/// missing is taken from the annotated default, so that its text is the only
/// place where a default is written.
pub(crate) const DEFAULTED: [&str; 10] = [
    "presence",
    "guard",
    "decide",
    "broker",
    "http",
    "offers",
    "outward",
    "storage",
    "retention",
    "log",
];

/// The schema of `store.toml`.
pub fn store_schema() -> Value {
    STORE.clone()
}

/// The schema of `offers/*.toml`.
pub fn offer_schema() -> Value {
    OFFER.clone()
}

/// The schema of `store.toml`, made once.
pub(crate) static STORE: LazyLock<Value> = LazyLock::new(|| {
    let mut schema = generate::<raw::store::Store>();
    let defaults = crate::demo::default_values();
    for section in DEFAULTED {
        relax(&mut schema, section, &defaults[section]);
    }
    schema
});

/// What of `store.toml` is not needed to tell where somebody is: where, and
/// which keys.
const NOT_OF_PLACE: [(&str, &[&str]); 4] = [
    ("", &["opening", "screens", "house"]),
    ("/properties/store", &["name", "time_zone"]),
    ("/properties/zones/items", &["label"]),
    ("/properties/scanners/items", &["source"]),
];

/// The schema of a `store.toml` that only tells where things are, made once.
pub(crate) static PLACE: LazyLock<Value> = LazyLock::new(|| {
    let mut schema = STORE.clone();
    for (at, keys) in NOT_OF_PLACE {
        let table = format!("{}/required", definition_of(&schema, at));
        let required = schema.pointer_mut(&table).and_then(Value::as_array_mut);
        let required = required.expect("a test reads a file without these keys");
        required.retain(|name| name.as_str().is_none_or(|name| !keys.contains(&name)));
    }
    schema
});

/// The schema of `offers/*.toml`, made once.
pub(crate) static OFFER: LazyLock<Value> = LazyLock::new(generate::<raw::offer::Offer>);

/// The schema of a described situation, made once.
pub(crate) static SITUATION: LazyLock<Value> = LazyLock::new(generate::<raw::situation::Situation>);

/// Follows references and single-element `allOf`, which `schemars` writes
/// where a field has a description of its own.
pub(crate) fn resolve<'s>(root: &'s Value, mut schema: &'s Value) -> &'s Value {
    loop {
        if let Some(pointer) = schema["$ref"].as_str() {
            let target = root.pointer(pointer.trim_start_matches('#'));
            schema = target.expect("schemars writes only references it defines");
        } else if let Some([only]) = schema["allOf"].as_array().map(Vec::as_slice) {
            schema = only;
        } else {
            return schema;
        }
    }
}

fn generate<T: JsonSchema>() -> Value {
    // Draft 7 is what Taplo, the TOML language server, reads.
    let generator = SchemaSettings::draft07().for_deserialize().into_generator();
    let mut schema = generator.into_root_schema_for::<T>().to_value();
    without_null(&mut schema);
    schema
}

/// TOML has no null: an `Option` is a key that may be left out, nothing more.
fn without_null(schema: &mut Value) {
    match schema {
        Value::Object(object) => {
            drop_null_type(object);
            drop_null_branch(object);
            if object.get("default").is_some_and(Value::is_null) {
                object.remove("default");
            }
            object.values_mut().for_each(without_null);
        }
        Value::Array(items) => items.iter_mut().for_each(without_null),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn drop_null_type(object: &mut Map<String, Value>) {
    if let Some(Value::Array(types)) = object.get_mut("type") {
        types.retain(|t| t != "null");
        if let [only] = types.as_slice() {
            let only = only.clone();
            object.insert("type".to_owned(), only);
        }
    }
}

fn drop_null_branch(object: &mut Map<String, Value>) {
    let Some(Value::Array(mut branches)) = object.remove("anyOf") else {
        return;
    };
    branches.retain(|b| b["type"] != "null");
    let (key, value) = match branches.as_slice() {
        [_] => ("allOf", Value::Array(branches)),
        _ => ("anyOf", Value::Array(branches)),
    };
    object.insert(key.to_owned(), value);
}

/// Makes a section and its keys optional and writes their defaults in.
fn relax(schema: &mut Value, section: &str, defaults: &Value) {
    if let Some(required) = schema["required"].as_array_mut() {
        required.retain(|name| name != section);
    }
    relax_table(schema, &format!("/properties/{section}"), defaults);
}

fn relax_table(schema: &mut Value, at: &str, defaults: &Value) {
    let at = definition_of(schema, at);
    let Some(table) = schema.pointer_mut(&at).and_then(Value::as_object_mut) else {
        return;
    };
    table.remove("required");
    for (key, default) in defaults.as_object().into_iter().flatten() {
        let property = format!("{at}/properties/{key}");
        if default.is_object() {
            relax_table(schema, &property, default);
        } else if let Some(property) = schema.pointer_mut(&property) {
            property["default"] = default.clone();
        }
    }
}

/// Where the schema at this pointer is really written.
fn definition_of(root: &Value, at: &str) -> String {
    let schema = root.pointer(at).unwrap_or(&Value::Null);
    let reference = [&schema["$ref"], &schema["allOf"][0]["$ref"]];
    let pointer = reference.into_iter().find_map(Value::as_str);
    pointer.map_or_else(|| at.to_owned(), |p| p.trim_start_matches('#').to_owned())
}

/// A value as it would be written in TOML, for remedies.
pub(crate) fn as_toml(value: &Value) -> String {
    match value {
        Value::String(text) => format!("{text:?}"),
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(as_toml).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => {
            json!(value).to_string()
        }
    }
}
