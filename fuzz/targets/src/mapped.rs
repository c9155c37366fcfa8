//! What `store.toml` describes: mappers and tills.

use crate::{facts::promised, messages::parts};
use dialect::{
    Quantity,
    mapper::{Conversion, Mapper, Pattern, Payload, Place, Rule, Template, What, Word},
    till::{Flagged, Lines, Shape},
};
use std::{collections::BTreeMap, sync::LazyLock};

fn place(text: &str) -> Place {
    Place::parse(text).expect("a pointer, written above")
}

fn pattern(text: &str) -> Pattern {
    Pattern::parse(text).expect("a pattern, written above")
}

/// One of each kind of rule.
static MAPPERS: LazyLock<[Mapper; 2]> = LazyLock::new(|| {
    let topic = pattern("shop/{device}/{room}/#");
    [
        Mapper {
            id: "any".to_owned(),
            payload: Payload::Json,
            time: Some(place("/at")),
            rules: rules(&topic),
            topic,
        },
        Mapper {
            id: "bare".to_owned(),
            topic: pattern("bare/{device}"),
            payload: Payload::Text,
            time: None,
            rules: vec![measured(Quantity::Temperature, "", Conversion::NONE)],
        },
    ]
});

fn measured(quantity: Quantity, at: &str, conversion: Conversion) -> Rule {
    Rule {
        what: What::Measured(quantity),
        at: place(at),
        device: None,
        nth: 0,
        conversion,
    }
}

fn rules(topic: &Pattern) -> Vec<Rule> {
    let fahrenheit = Conversion::new(Quantity::Temperature, Some("°F"), 0.1, -4.0);
    let words = ["off", "on"].map(|word| (word.to_owned(), Word::Flag(word == "on")));
    let named = |rule: Rule, name: &str| Rule {
        device: Some(Template::parse(name, topic, &rule.at).expect("a template, written above")),
        ..rule
    };
    let happened = |at: &str| Rule {
        what: What::Happened("button".to_owned()),
        ..measured(Quantity::Temperature, at, Conversion::NONE)
    };
    vec![
        measured(
            Quantity::Temperature,
            "/env/temp",
            fahrenheit.expect("degrees of a temperature"),
        ),
        named(
            measured(Quantity::Humidity, "/lines/*/h", Conversion::NONE),
            "{device}-{/lines/*/id}",
        ),
        named(
            measured(Quantity::Battery, "/by/*", Conversion::NONE),
            "{room}-{*}",
        ),
        happened("/click"),
        Rule {
            what: What::Online,
            conversion: Conversion::NONE.with_words(BTreeMap::from(words)),
            ..happened("/state")
        },
    ]
}

/// The first line is the topic, what follows is the payload.
pub(crate) fn mapper(data: &[u8]) {
    if let Some((topic, payload)) = parts(data) {
        for mapper in &*MAPPERS {
            promised(|sink| {
                // Whether it is refused is the mapper's affair.
                let _ = mapper.read(topic, payload, sink);
            });
        }
    }
}

/// Three lines as they stand in `store.toml` (pattern, pointer, template), then
/// a topic, then JSON: what is accepted is used.
pub(crate) fn setup(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    let mut lines = text.splitn(5, '\n');
    let mut line = || lines.next().unwrap_or_default();
    let (topic, at, device) = (line(), line(), line());
    let (Ok(topic), Ok(at)) = (Pattern::parse(topic), Place::parse(at)) else {
        return;
    };
    let rule = Rule {
        device: Template::parse(device, &topic, &at).ok(),
        at,
        ..measured(Quantity::Temperature, "", Conversion::NONE)
    };
    let mapper = Mapper {
        id: "fuzzed".to_owned(),
        payload: Payload::Json,
        time: None,
        rules: vec![rule],
        topic,
    };
    let (topic, payload) = (line(), line());
    assert_eq!(
        mapper.topic.fits(topic),
        mapper.topic.captures(topic).is_some(),
        "a topic fits when it is captured"
    );
    promised(|sink| {
        let _ = mapper.read(topic, payload.as_bytes(), sink);
    });
}

/// A till of which everything is asked.
static TILL: LazyLock<Shape> = LazyLock::new(|| {
    let flag = |at: &str, when: &[&str]| {
        let when = when.iter().map(|word| (*word).to_owned()).collect();
        Some(Flagged {
            at: place(at),
            when,
        })
    };
    Shape {
        receipt: place("/Number"),
        time: Some(place("/Created")),
        store: Some(place("/Outlet")),
        store_is: Some("Offline".to_owned()),
        customer: Some(place("/Customer/ID")),
        void: flag("/Void", &["Yes"]),
        refund: flag("/Refund", &[]),
        coupons: vec![place("/Coupon"), place("/Coupons/*")],
        returned_from: Some(place("/Original")),
        total: Some(place("/Gross")),
        lines: Some(Lines {
            sku: place("/Variants/*/SKU"),
            qty: Some(place("/Variants/*/Qty")),
            amount: Some(place("/Variants/*/Amount")),
        }),
        decimals: 2,
    }
});

/// The body of the webhook.
pub(crate) fn till(data: &[u8]) {
    promised(|sink| {
        let _ = TILL.read(data, sink);
    });
}
