//! From a published message to a judgement.

mod rule;
mod said;

use rule::{Rule, rule};
use said::{Said, read};
use serde_json::Value;

/// Vector, its field, why we say something else.
pub const DIFFERENCES: &[(&str, &str, &str)] = &[
    (
        "B1012",
        "advertisement.manufacturerData.eventFlag",
        "the source's default: the thermometer of that age has no events to flag",
    ),
    (
        "B1146",
        "readings.raw",
        "its last structure is cut off: no fact holds half of one",
    ),
    (
        "B1240",
        "metrics.value",
        "a command says what somebody asks, which is no value of the device",
    ),
];

/// Looks every expected value up, and says what is wrong.
pub fn check(vector: &Value, wrong: &mut Vec<String>) {
    let said = read(vector);
    let expect = &vector["expect"];
    let id = vector["id"].as_str().expect("every vector has an id");
    let mut disagree = |what: String| {
        if !DIFFERENCES
            .iter()
            .any(|(of, at, _)| *of == id && what.starts_with(at))
        {
            wrong.push(format!("{id} {what}"));
        }
    };
    if expect.is_null() || expect["ignore"] == true {
        if said.iter().any(Said::is_news) {
            disagree("ignore".to_owned());
        }
        return;
    }
    let mut leaves = Vec::new();
    flatten(expect, &Vec::new(), None, &mut leaves);
    for leaf in leaves {
        let of_device = |said: &&Said| leaf.device.is_none_or(|device| said.is_of(device));
        let facts: Vec<&Said> = said.iter().filter(of_device).collect();
        if !agrees(&leaf, &facts) {
            disagree(format!("{}: {}", leaf.path.join("."), leaf.value));
        }
    }
}

/// One expected value.
struct Leaf<'v> {
    path: Vec<String>,
    /// Its place in the list it stands in.
    nth: usize,
    value: &'v Value,
    /// Whose it is, in a list of devices.
    device: Option<&'v str>,
}

fn flatten<'v>(
    value: &'v Value,
    path: &[String],
    device: Option<&'v str>,
    leaves: &mut Vec<Leaf<'v>>,
) {
    match value {
        Value::Object(object) => {
            let own = ["device", "beacon", "mac"]
                .iter()
                .find_map(|key| object.get(*key));
            let device = own.and_then(Value::as_str).or(device);
            for (key, value) in object {
                let mut path = path.to_vec();
                path.push(key.clone());
                flatten(value, &path, device, leaves);
            }
        }
        Value::Array(list) => {
            for (nth, value) in list.iter().enumerate() {
                let before = leaves.len();
                flatten(value, path, device, leaves);
                // Devices and metrics in a list are told apart by their names.
                let named = value.as_object().is_some_and(|object| {
                    ["device", "beacon", "mac", "name", "ad"]
                        .iter()
                        .any(|key| object.contains_key(*key))
                });
                for leaf in leaves.iter_mut().skip(before).filter(|_| !named) {
                    leaf.nth = nth;
                }
            }
        }
        value => leaves.push(Leaf {
            path: path.to_vec(),
            nth: 0,
            value,
            device: device.filter(|_| path.len() > 1 || path.is_empty()),
        }),
    }
}

fn agrees(leaf: &Leaf<'_>, facts: &[&Said]) -> bool {
    let name = leaf.path.last().map_or("", String::as_str);
    let expected = leaf.value;
    if expected.is_null() {
        return true;
    }
    match rule(name) {
        Some(Rule::Skip(_)) => true,
        Some(Rule::Source(get)) => facts.iter().any(|said| same(expected, &get(said))),
        Some(Rule::Time(per_ms)) => facts.iter().any(|said| said.is_at(expected, per_ms)),
        Some(Rule::Measured(quantities, factor)) => quantities.iter().any(|quantity| {
            facts.iter().any(|said| {
                said.measures(quantity, leaf.nth)
                    .is_some_and(|value| same(expected, &times(value, factor)))
            })
        }),
        Some(Rule::Axis(nth_in, factor)) => {
            let (quantity, nth) = nth_in(name, leaf.nth);
            let value = facts.iter().find_map(|said| said.measures(quantity, nth));
            value.is_some_and(|value| same(expected, &times(value, factor)))
        }
        Some(Rule::About(what)) => facts.iter().any(|said| said.about(what, expected)),
        Some(Rule::Somewhere) => facts.iter().any(|said| said.mentions(expected)),
        None => panic!("no rule for {name}"),
    }
}

fn times(value: &Value, factor: f64) -> Value {
    match value.as_f64() {
        Some(number) => (number * factor).into(),
        None => value.clone(),
    }
}

/// Numbers as far as a source rounds them, texts whatever their case and
/// separators.
fn same(expected: &Value, said: &Value) -> bool {
    let text = expected.to_string();
    let decimals = text
        .split_once('.')
        .map_or(0, |(_, decimals)| decimals.len());
    let half = 0.500_001 * 10_f64.powi(-(decimals as i32));
    if let (Some(expected), Some(said)) = (expected.as_f64(), said.as_f64()) {
        return (expected - said).abs() <= half + 2e-6 * expected.abs();
    }
    let text = |value: &Value| {
        let text = value
            .as_str()
            .map_or_else(|| value.to_string(), str::to_owned);
        text.replace([':', '-'], "").to_lowercase()
    };
    text(expected) == text(said)
}
