//! Does a file have the shape its schema says? Every unknown key, missing key,
//! wrong type and unreadable value, all at once.

use crate::{
    doc::{At, Doc, Finding, quoted, real, short, whole},
    problem::Problem,
    raw::check_format,
    report::Report,
    schema::{as_toml, resolve},
    suggest::{listed, nearest},
};
use serde_json::Value;
use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

/// Everything about the file that is not as the schema says.
pub(crate) fn check<'a>(doc: &'a Doc<'a>, schema: &'a Value) -> Vec<Problem> {
    let mut walk = Walk {
        root: schema,
        report: Report::new(doc),
    };
    walk.table(schema, doc.root().get_ref(), "");
    walk.report.finish()
}

struct Walk<'a> {
    root: &'a Value,
    report: Report<'a>,
}

impl<'a> Walk<'a> {
    fn value(&mut self, schema: &'a Value, value: &Spanned<DeValue<'_>>, key: &str) {
        let outer = schema;
        let schema = resolve(self.root, schema);
        let choices = choices(schema);
        let found = value.get_ref();
        match (schema["type"].as_str().unwrap_or_default(), found) {
            ("object", DeValue::Table(table)) => self.table(schema, table, key),
            ("array", DeValue::Array(items)) => self.array(schema, items, key),
            ("number" | "integer", DeValue::Integer(_) | DeValue::Float(_)) => {
                self.number(schema, found, key);
            }
            ("boolean", DeValue::Boolean(_)) => {}
            (_, DeValue::String(text)) if !choices.is_empty() => self.choice(&choices, text, key),
            ("string", DeValue::String(text)) => self.text(schema, text, key),
            ("string", DeValue::Datetime(at)) if is_date(schema) => {
                self.text(schema, &at.to_string(), key);
            }
            (wanted, _) => self.wrong_type(wanted, outer, schema, found, key),
        }
    }

    fn table(&mut self, schema: &'a Value, table: &DeTable<'_>, key: &str) {
        let properties = schema["properties"].as_object();
        let any_name = Some(&schema["additionalProperties"]).filter(|s| s.is_object());
        for (name, value) in table {
            let below = joined(key, name.get_ref());
            let known = properties.and_then(|p| p.get(name.get_ref().as_ref()));
            match known.or(any_name) {
                Some(schema) => self.value(schema, value, &below),
                None => self.unknown_key(schema, table, name, &below),
            }
        }
        for name in schema["required"].as_array().into_iter().flatten() {
            let name = name.as_str().unwrap_or_default();
            if !table.contains_key(name) {
                self.missing_key(&schema["properties"][name], name, key);
            }
        }
    }

    fn array(&mut self, schema: &'a Value, items: &[Spanned<DeValue<'_>>], key: &str) {
        let (least, most) = (schema["minItems"].as_u64(), schema["maxItems"].as_u64());
        let n = items.len() as u64;
        if least.is_some_and(|least| n < least) || most.is_some_and(|most| n > most) {
            let few = n < least.unwrap_or(0);
            let what = format!(
                "this list is too {}: {n}",
                if few { "short" } else { "long" }
            );
            let remedy = format!("give {} entries", range(least, most));
            self.report.add(key, Finding::error(what, remedy));
        }
        for (i, item) in items.iter().enumerate() {
            self.value(&schema["items"], item, &format!("{key}[{i}]"));
        }
    }

    fn number(&mut self, schema: &Value, found: &DeValue<'_>, key: &str) {
        let is_whole = schema["type"] == "integer";
        let number = if is_whole {
            whole(found).map(|n| n as f64)
        } else {
            real(found)
        };
        let (least, most) = (schema["minimum"].as_f64(), schema["maximum"].as_f64());
        let finding = match number {
            None if is_whole => {
                Finding::error("this is not a whole number", "write it without a point")
            }
            None => Finding::error(
                "this is not a number one can measure",
                "write an ordinary number",
            ),
            Some(n) if least.is_some_and(|l| n < l) || most.is_some_and(|m| n > m) => {
                let small = least.is_some_and(|l| n < l);
                let what = format!("{n} is too {}", if small { "small" } else { "large" });
                Finding::error(what, format!("write a number {}", range(least, most)))
            }
            Some(_) => return,
        };
        self.report.add(key, finding);
    }

    fn text(&mut self, schema: &Value, text: &str, key: &str) {
        let (least, most) = (schema["minLength"].as_u64(), schema["maxLength"].as_u64());
        let n = text.chars().count() as u64;
        if least.is_some_and(|least| n < least) {
            let finding = Finding::error(
                "this text is empty",
                "write something, or leave the key out",
            );
            self.report.add(key, finding);
        }
        if let Some(most) = most.filter(|most| n > *most) {
            let what = format!("this text has {n} characters, {most} fit");
            let remedy = format!("shorten it by {}", n - most);
            self.report.add(key, Finding::error(what, remedy));
        }
        if text.chars().any(char::is_control) {
            let finding = Finding::error(
                "this text holds a line break or a control character",
                "write it on one line; screens break lines themselves",
            );
            self.report.add(key, finding);
        }
        if let Err(bad) = check_format(schema["format"].as_str().unwrap_or_default(), text) {
            let what = format!("{} {}", quoted(text), bad.what);
            self.report.add(key, Finding::error(what, bad.remedy));
        }
    }

    fn choice(&mut self, choices: &[&str], text: &str, key: &str) {
        if !choices.contains(&text) {
            let remedy = format!("use one of {}", listed(choices.iter().copied()));
            let finding = Finding::error(format!("{} is not known here", quoted(text)), remedy)
                .meaning(nearest(text, choices.iter().copied()));
            self.report.add(key, finding);
        }
    }

    fn wrong_type(
        &mut self,
        wanted: &str,
        outer: &Value,
        schema: &Value,
        found: &DeValue<'_>,
        key: &str,
    ) {
        let wanted = match wanted {
            "object" => "a table",
            "array" => "a list in [ ]",
            "boolean" => "true or false",
            "integer" => "a whole number",
            "number" => "a number",
            _ => "a text in quotes",
        };
        let what = format!("expected {wanted}, found {}", type_name(found));
        let remedy = match example(outer, schema) {
            Some(example) => format!("such as {} = {example}", last_name(key)),
            None => format!("write {wanted}"),
        };
        self.report.add(key, Finding::error(what, remedy));
    }

    fn unknown_key(
        &mut self,
        schema: &Value,
        table: &DeTable<'_>,
        name: &Spanned<std::borrow::Cow<'_, str>>,
        key: &str,
    ) {
        let properties = schema["properties"].as_object();
        let known = || {
            properties
                .into_iter()
                .flatten()
                .map(|(name, _)| name.as_str())
        };
        let unused = known().filter(|known| !table.contains_key(*known));
        let finding = Finding::error(
            format!("unknown key {}", quoted(name.get_ref())),
            format!("known here: {}", listed(known())),
        )
        .meaning(nearest(name.get_ref(), unused));
        self.report.add_in(name.span(), key, finding);
    }

    fn missing_key(&mut self, property: &Value, name: &str, table_key: &str) {
        let schema = resolve(self.root, property);
        let words = property["description"]
            .as_str()
            .or(schema["description"].as_str());
        let sentence = words
            .unwrap_or_default()
            .split('\n')
            .next()
            .unwrap_or_default();
        let line = match schema["type"].as_str() {
            Some("object") => format!("a section [{}]", joined(table_key, name)),
            Some("array") if schema["items"]["$ref"].is_string() => {
                format!("a section [[{}]]", joined(table_key, name))
            }
            _ => match example(property, schema) {
                Some(example) => format!("{name} = {example}"),
                None => format!("{name} = ..."),
            },
        };
        let remedy = format!("add {line}: {}", sentence.trim_end_matches('.'));
        let finding = Finding::error(format!("missing key {name:?}"), remedy);
        let table = self.report.doc.span(At::Value, table_key);
        self.report.add_in(table, &joined(table_key, name), finding);
    }
}

/// The words a value may be, if it is one of few: documented ones stand in
/// `oneOf`, undocumented ones in `enum`.
fn choices(schema: &Value) -> Vec<&str> {
    let documented = schema["oneOf"].as_array().into_iter().flatten();
    let consts = documented.flat_map(|branch| {
        let several = branch["enum"].as_array().into_iter().flatten();
        branch["const"]
            .as_str()
            .into_iter()
            .chain(several.filter_map(Value::as_str))
    });
    let plain = schema["enum"].as_array().into_iter().flatten();
    consts.chain(plain.filter_map(Value::as_str)).collect()
}

fn is_date(schema: &Value) -> bool {
    schema["format"] == "aislecast-date"
}

fn example(outer: &Value, schema: &Value) -> Option<String> {
    let places = [
        &outer["default"],
        &outer["examples"][0],
        &schema["examples"][0],
    ];
    let first = places.into_iter().find(|v| !v.is_null() && !v.is_object());
    let choice = || choices(schema).first().map(|c| Value::from(*c));
    first.cloned().or_else(choice).map(|v| as_toml(&v))
}

/// A key below another. A name that needs quotes gets them.
fn joined(key: &str, name: &str) -> String {
    let bare = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_');
    let name = if !name.is_empty() && name.bytes().all(bare) {
        short(name).into_owned()
    } else {
        quoted(name)
    };
    if key.is_empty() {
        name
    } else {
        format!("{key}.{name}")
    }
}

fn last_name(key: &str) -> &str {
    let name = key.rsplit('.').next().unwrap_or(key);
    name.split('[').next().unwrap_or(name)
}

fn type_name(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a text",
        DeValue::Integer(_) => "a whole number",
        DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}

fn range<N: std::fmt::Display + PartialEq>(least: Option<N>, most: Option<N>) -> String {
    match (least, most) {
        (Some(least), Some(most)) if least == most => format!("exactly {most}"),
        (Some(least), Some(most)) => format!("from {least} to {most}"),
        (Some(least), None) => format!("from {least} up"),
        (None, Some(most)) => format!("up to {most}"),
        (None, None) => "of any size".to_owned(),
    }
}
