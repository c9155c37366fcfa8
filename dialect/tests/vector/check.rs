//! What a vector expects against what our facts say.

use super::{
    differences::DIFFERENCES,
    fields::{Rule, rule},
    input::facts,
};
use serde_json::Value;

/// Looks every expected value up, and says what is wrong.
pub fn check(vector: &Value, wrong: &mut Vec<String>) {
    let facts = facts(vector);
    let mut leaves = Vec::new();
    flatten(&vector["expect"], &mut Vec::new(), &mut leaves);
    let id = vector["id"].as_str().expect("every vector has an id");
    for (path, expected) in leaves {
        let key = path.iter().map(Step::written);
        let key = key.collect::<Vec<_>>().join(".");
        let judged = judge(vector, &path, &expected, &facts);
        let listed = DIFFERENCES
            .iter()
            .any(|(of, at, _)| *of == id && *at == key);
        match (judged, listed) {
            (Ok(()), true) => wrong.push(format!("{id} {key}: agrees, though listed as different")),
            (Err(said), false) => {
                let (name, input) = (&vector["name"], &vector["input"]);
                let said = said.unwrap_or_else(|| format!("{facts:?}"));
                wrong.push(format!("{id} {name} {input} {key}: {expected}, not {said}"));
            }
            (Ok(()), false) | (Err(_), true) => {}
        }
    }
}

/// One step into an object; how manieth, if into a list before it.
#[derive(Debug, Clone)]
struct Step {
    name: String,
    nth: usize,
}

impl Step {
    fn written(&self) -> String {
        match self.nth {
            0 => self.name.clone(),
            nth => format!("{}[{nth}]", self.name),
        }
    }
}

fn flatten(value: &Value, path: &mut Vec<Step>, leaves: &mut Vec<(Vec<Step>, Value)>) {
    match value {
        Value::Object(object) if !object.is_empty() => {
            for (name, value) in object {
                path.push(Step {
                    name: name.clone(),
                    nth: 0,
                });
                flatten(value, path, leaves);
                path.pop();
            }
        }
        Value::Array(list) if !list.is_empty() && !path.is_empty() => {
            for (nth, value) in list.iter().enumerate() {
                path.last_mut().expect("not empty").nth = nth;
                flatten(value, path, leaves);
            }
        }
        leaf => leaves.push((path.clone(), leaf.clone())),
    }
}

type Judged = Result<(), Option<String>>;

fn judge(vector: &Value, path: &[Step], expected: &Value, facts: &[Value]) -> Judged {
    let Some(last) = path.last() else {
        return nothing_read(expected, facts);
    };
    let groups = [
        "device",
        "units",
        "events",
        "manufacturer_data",
        "service_data",
        "relay",
    ];
    if let Some(group) = groups.iter().find(|group| path[0].name == **group) {
        return grouped(group, path, expected, facts, vector);
    }
    if is_empty(expected) {
        return Ok(());
    }
    let format = vector["format"]
        .as_str()
        .expect("every vector has a format");
    let nth_of_list = path.iter().map(|step| step.nth).max().unwrap_or(0);
    let (name, nth) = numbered(&last.name).unwrap_or((&last.name, nth_of_list));
    let in_binary = path[0].name == "binary" && name == "power";
    let name = if in_binary { "binary.power" } else { name };
    match rule(format, name) {
        Some(Rule::Number(of, factor)) => {
            let unit = &vector["expect"]["units"][&last.name];
            let rule = Rule::Number(of, in_unit(unit, factor));
            follow(rule, name, nth, expected, facts)
        }
        Some(rule) => follow(rule, name, nth, expected, facts),
        None => Err(Some("no rule".to_owned())),
    }
}

/// `voltage_2` is the second voltage.
fn numbered(name: &str) -> Option<(&str, usize)> {
    if name == "din2" {
        return Some(("din", 1));
    }
    let (name, number) = name.rsplit_once('_')?;
    let number: usize = number.parse().ok()?;
    Some((name, number.checked_sub(1)?))
}

/// Where a source reads nothing, neither do we: what was sent may be shown.
fn nothing_read(expected: &Value, facts: &[Value]) -> Judged {
    let empty = expected.is_null() || expected.as_object().is_some_and(serde_json::Map::is_empty);
    let read = facts.iter().find(|fact| {
        let of_format = fact["what"] == "format";
        let beacon = fact["kind"] == "sighting" && fact["identity_kind"] != "address";
        of_format || beacon || fact["kind"] == "happened"
    });
    match read {
        Some(fact) if empty && expected.is_null() => Err(Some(fact.to_string())),
        _ => Ok(()),
    }
}

fn grouped(
    group: &str,
    path: &[Step],
    expected: &Value,
    facts: &[Value],
    vector: &Value,
) -> Judged {
    let key = &path.last().expect("not empty").name;
    let found = match group {
        "events" if expected.is_array() => !facts.iter().any(|fact| fact["kind"] == "happened"),
        "events" => event(path, expected, facts, &vector["expect"]["events"]),
        "manufacturer_data" if !expected.is_object() => {
            let company = format!("{:04x}", key.parse::<u16>().expect("companies are numbers"));
            data(facts, "company", &company, expected)
        }
        "service_data" if !expected.is_object() => data(facts, "service", key, expected),
        "manufacturer_data" | "service_data" => !facts
            .iter()
            .any(|fact| fact["kind"] == "data" && !fact[key_of(group)].is_null()),
        "relay" if key == "payload" => somewhere(facts, expected),
        _ => true,
    };
    if found { Ok(()) } else { Err(None) }
}

fn key_of(group: &str) -> &'static str {
    if group == "service_data" {
        "service"
    } else {
        "company"
    }
}

fn data(facts: &[Value], under: &str, name: &str, expected: &Value) -> bool {
    facts
        .iter()
        .any(|fact| fact["kind"] == "data" && fact[under] == name && fact["data"] == *expected)
}

fn event(path: &[Step], expected: &Value, facts: &[Value], events: &Value) -> bool {
    let event = &events[path[0].nth];
    let key = event["key"].as_str().expect("events are of something");
    let (what, nth) = numbered(key).unwrap_or((key, 0));
    facts.iter().any(|fact| {
        let same = fact["kind"] == "happened" && fact["what"] == what && fact["nth"] == nth;
        same && match path.last().expect("not empty").name.as_str() {
            "type" => fact["action"] == *expected,
            "steps" => fact["amount"] == *expected,
            _ => true,
        }
    })
}

fn follow(rule: Rule, name: &str, nth: usize, expected: &Value, facts: &[Value]) -> Judged {
    let said = match rule {
        Rule::Skip(_) => return Ok(()),
        Rule::Somewhere if expected.is_null() || is_empty(expected) => return Ok(()),
        Rule::Somewhere if somewhere(facts, expected) => return Ok(()),
        Rule::Somewhere => None,
        Rule::Number([one], factor) => measured(facts, one, nth).map(|v| times(v, factor)),
        Rule::Number(many, factor) => measured(facts, many[nth], 0).map(|v| times(v, factor)),
        Rule::Axes(prefix, factor) => {
            let quantity = format!("{prefix}_{}", ["x", "y", "z"][nth]);
            measured(facts, &quantity, 0).map(|v| times(v, factor))
        }
        Rule::Flag(any) => any
            .iter()
            .find_map(|one| measured(facts, one, nth).cloned()),
        Rule::Not(any) => any
            .iter()
            .find_map(|one| measured(facts, one, nth)?.as_bool())
            .map(|flag| Value::Bool(!flag)),
        Rule::About("acceleration_steps") => steps(facts, name),
        Rule::About(what) => {
            let fact = facts
                .iter()
                .find(|fact| fact["kind"] == "about" && fact["what"] == what);
            fact.map(|fact| fact["value"].clone())
        }
        Rule::Event(what) => Some(Value::Bool(facts.iter().any(|fact| fact["what"] == what))),
        Rule::Said(property) => facts.iter().find_map(|fact| fact.get(property).cloned()),
    };
    match said {
        Some(said) if same(expected, &said) => Ok(()),
        // What a source always says, we say where there is something to say.
        None if expected.is_null() || *expected == Value::Bool(false) => Ok(()),
        Some(said) => Err(Some(said.to_string())),
        None => Err(None),
    }
}

fn is_empty(expected: &Value) -> bool {
    matches!(expected, Value::Array(list) if list.is_empty())
        || matches!(expected, Value::Object(object) if object.is_empty())
}

/// Their value from ours, where their unit is another.
fn in_unit(unit: &Value, factor: f64) -> f64 {
    match unit.as_str() {
        Some("lb") => 1.0 / 0.453_592_37,
        Some("mm") => 1000.0,
        Some("mbar") => 0.01,
        _ => factor,
    }
}

fn measured<'f>(facts: &'f [Value], quantity: &str, nth: usize) -> Option<&'f Value> {
    facts
        .iter()
        .find(|fact| fact["quantity"] == quantity && fact["nth"] == nth)
        .map(|fact| &fact["value"])
}

fn times(value: &Value, factor: f64) -> Value {
    match value.as_f64() {
        Some(number) => (number * factor).into(),
        None => value.clone(),
    }
}

fn steps(facts: &[Value], axis: &str) -> Option<Value> {
    let fact = facts
        .iter()
        .find(|fact| fact["what"] == "acceleration_steps")?;
    let nth = ["x", "y", "z"].iter().position(|name| *name == axis)?;
    let step = fact["value"].as_str()?.split(' ').nth(nth)?;
    step.parse::<i32>().ok().map(Value::from)
}

/// A number and how far it is rounded: half of its last digit, and what sums of
/// binary fractions lose.
fn rounded(value: &Value) -> Option<(f64, f64)> {
    let number = value.as_f64()?;
    let text = value.to_string();
    let decimals = text
        .split_once('.')
        .map_or(0, |(_, decimals)| decimals.len());
    let half = 0.5 * 10_f64.powi(-(decimals as i32));
    Some((number, half.max(2e-6 * number.abs()) + 1e-9))
}

/// Whether both mean the same: numbers as far as the source rounds them, texts
/// whatever their case.
fn same(expected: &Value, said: &Value) -> bool {
    if let (Some(expected), Some(said)) = (rounded(expected), said.as_f64()) {
        return (expected.0 - said).abs() <= expected.1;
    }
    let text = |value: &Value| match value {
        Value::String(text) => text.to_lowercase().replace("+00:00", "z"),
        other => other.to_string(),
    };
    expected == said || text(expected) == text(said)
}

/// Whether a text stands in any fact, whatever case and separators it has there.
fn somewhere(facts: &[Value], expected: &Value) -> bool {
    let text = match expected {
        Value::String(text) => text.split('/').next().unwrap_or_default().to_lowercase(),
        Value::Number(number) => format!("{:x}", number.as_i64().unwrap_or(-1)),
        other => other.to_string(),
    };
    let bare = |text: &str| text.replace([':', '-'], "").to_lowercase();
    let wanted = bare(&text);
    facts.iter().any(|fact| {
        let values = fact.as_object().expect("facts are objects").values();
        values
            .filter_map(Value::as_str)
            .any(|value| bare(value).contains(&wanted))
    })
}
