//! What we say of a vector's message.

use dialect::{Record, advert::no_keys, detect, fact::Time, scanner::aprbrother};
use protocol::beacon::hex_digit;
use serde_json::Value;

/// One fact.
#[derive(Debug)]
pub struct Said {
    pub fact: Value,
    /// The sender's time, ms, or its local text.
    at: Result<i64, String>,
}

/// Reads a vector's message in the dialect that it is found to be in.
pub fn read(vector: &Value) -> Vec<Said> {
    let format = vector["format"]
        .as_str()
        .expect("every vector has a format");
    let mut all = Vec::new();
    let mut sink = |fact: dialect::Fact<'_>| {
        let at = match fact.source.time {
            Time::Sender(ms) => Ok(ms),
            Time::Zoneless(text) => Err(text.to_owned()),
            Time::Receipt => Err(String::new()),
        };
        let fact = serde_json::to_value(Record::from(fact)).expect("facts are plain data");
        all.push(Said { fact, at });
    };
    let payload = match &vector["input"] {
        Value::String(digits) if matches!(format, "minew-binary-long" | "sparkplug-b") => {
            bytes(digits)
        }
        Value::String(digits) if format == "aprbrother-device" => {
            aprbrother::device(&bytes(digits), None, &no_keys, &mut sink);
            return all;
        }
        Value::String(text) => text.clone().into_bytes(),
        object => serde_json::to_vec(object).expect("it was JSON"),
    };
    let topic = vector["topic"].as_str().unwrap_or_default();
    let _ = detect::read(topic, &payload, &no_keys, &mut sink);
    all
}

fn bytes(digits: &str) -> Vec<u8> {
    let digits: Vec<u8> = digits.bytes().filter_map(hex_digit).collect();
    digits
        .chunks_exact(2)
        .map(|pair| pair[0] << 4 | pair[1])
        .collect()
}

impl Said {
    /// Whether a shop could take it for something that happened or is.
    pub fn is_news(&self) -> bool {
        self.fact["kind"] != "about"
    }

    pub fn is_of(&self, device: &str) -> bool {
        super::same(&device.into(), &self.fact["device"])
    }

    pub fn is_at(&self, expected: &Value, per_ms: f64) -> bool {
        match (&self.at, expected) {
            (Ok(ms), Value::Number(number)) => {
                let number = number.as_f64().unwrap_or_default() * per_ms;
                (*ms as f64 - number).abs() < 1.0
            }
            (Ok(_), Value::String(text)) => self.fact["time"]["at"] == **text || text.contains('&'),
            (Err(local), expected) => expected == local.as_str(),
            (Ok(_), _) => false,
        }
    }

    pub fn measures(&self, quantity: &str, nth: usize) -> Option<&Value> {
        let matches = self.fact["quantity"] == quantity;
        let here = nth == 0 && quantity != "target_distance" || self.fact["nth"] == nth;
        (matches && here).then(|| &self.fact["value"])
    }

    pub fn about(&self, what: &str, expected: &Value) -> bool {
        self.fact["what"] == what && super::same(expected, &self.fact["value"])
    }

    /// Whether a text or number stands in it, whatever its separators.
    pub fn mentions(&self, expected: &Value) -> bool {
        let bare = |text: &str| text.replace([':', '-'], "").to_lowercase();
        let wanted = expected
            .as_str()
            .map_or_else(|| expected.to_string(), str::to_owned);
        let wanted = bare(&wanted);
        let object = self.fact.as_object().expect("facts are objects");
        object.values().any(|value| match value {
            Value::String(text) => {
                let text = bare(text);
                // The whole advertisement is in no fact; its parts are.
                text.contains(&wanted) || text.len() > 8 && wanted.contains(&text)
            }
            value => super::same(expected, value),
        })
    }
}
