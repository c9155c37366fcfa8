//! Mappers: how messages are read that no dialect knows.

use super::pointer::{pointer, told};
use crate::{
    doc::Finding,
    raw::mapper::{self, Mapped},
    report::Report,
    suggest::nearest,
};
use dialect::{
    Quantity,
    mapper::{Conversion, Mapper, Pattern, Payload, Place, Rule, Template, What, Word},
};
use std::collections::BTreeMap;

/// Mappers. Where something is wrong it is said in the report, and the rest is used.
pub(crate) fn mappers(raw: &[mapper::Mapper], report: &mut Report<'_>) -> Vec<Mapper> {
    let each = || raw.iter().enumerate();
    report.unique(
        each().map(|(i, m)| (format!("mappers[{i}].id"), m.id.0.as_str())),
        "mapper",
    );
    let read = each().filter_map(|(i, raw)| {
        let key = format!("mappers[{i}]");
        let topic = Pattern::parse(&raw.topic);
        let topic = told(topic, &raw.topic, &format!("{key}.topic"), report);
        let time = raw.time.as_deref();
        let time = time.and_then(|text| pointer(text, &format!("{key}.time"), report));
        let topic = topic?;
        let values = raw.values.iter().enumerate();
        let rules = values.filter_map(|(n, value)| {
            let key = format!("{key}.values[{n}]");
            rule(value, raw.payload, &topic, &key, report)
        });
        Some(Mapper {
            id: raw.id.0.clone(),
            payload: match raw.payload {
                None | Some(mapper::Payload::Json) => Payload::Json,
                Some(mapper::Payload::Text) => Payload::Text,
            },
            time,
            rules: rules.collect(),
            topic,
        })
    });
    read.collect()
}

fn rule(
    raw: &Mapped,
    payload: Option<mapper::Payload>,
    topic: &Pattern,
    key: &str,
    report: &mut Report<'_>,
) -> Option<Rule> {
    let at_key = format!("{key}.at");
    if raw.at.is_some() && payload == Some(mapper::Payload::Text) {
        report.error(
            &at_key,
            "a message that is text has no places",
            "remove at: the whole message is the value; or set payload = \"json\"",
        );
    }
    let at = match &raw.at {
        Some(text) => pointer(text, &at_key, report)?,
        None => Place::parse("").expect("the whole document is a place"),
    };
    let device = raw.device.as_ref();
    let device = device.and_then(|text| {
        let template = Template::parse(text, topic, &at);
        told(template, text, &format!("{key}.device"), report)
    });
    let what = what(raw, key, report)?;
    let conversion = conversion(raw, &what, key, report)?;
    Some(Rule {
        what,
        at,
        device,
        nth: raw.nth.unwrap_or(0),
        conversion,
    })
}

fn what(raw: &Mapped, key: &str, report: &mut Report<'_>) -> Option<What> {
    match (&raw.quantity, &raw.event) {
        (Some(name), None) if name == "online" => Some(What::Online),
        (Some(name), None) => {
            quantity(name, &format!("{key}.quantity"), report).map(What::Measured)
        }
        (None, Some(what)) => Some(What::Happened(what.clone())),
        (Some(_), Some(_)) => {
            report.error(
                &format!("{key}.event"),
                "a value is either measured or something that happened",
                "remove quantity or event",
            );
            None
        }
        (None, None) => {
            report.error(
                key,
                "this value does not say what it means",
                "add quantity = what is measured, or event = what it happens to",
            );
            None
        }
    }
}

fn quantity(name: &str, key: &str, report: &mut Report<'_>) -> Option<Quantity> {
    let found = Quantity::named(name);
    if found.is_none() {
        let names = || Quantity::ALL.iter().map(|q| q.name()).chain(["online"]);
        let remedy = "see docs/facts.md for all there are; those of a shop are temperature, \
                      humidity, illuminance, mass, occupants, passages_in, passages_out, count, \
                      occupancy, battery, online";
        let finding = Finding::error(format!("{name:?} is nothing that is measured"), remedy);
        report.add(key, finding.meaning(nearest(name, names())));
    }
    found
}

fn conversion(raw: &Mapped, what: &What, key: &str, report: &mut Report<'_>) -> Option<Conversion> {
    let number = match what {
        What::Measured(quantity) if !quantity.is_flag() => Some(*quantity),
        What::Measured(_) | What::Happened(_) | What::Online => None,
    };
    check_extras(raw, what, number.is_some(), key, report);
    let words = words(raw);
    let Some(quantity) = number else {
        return Some(Conversion::NONE.with_words(words));
    };
    let scale = raw.scale.unwrap_or(1.0);
    let converted = Conversion::new(
        quantity,
        raw.unit.as_deref(),
        scale,
        raw.offset.unwrap_or(0.0),
    );
    let converted = converted.map_err(|bad| {
        report.error(&format!("{key}.unit"), bad.what, bad.remedy);
    });
    converted.ok().map(|c| c.with_words(words))
}

fn words(raw: &Mapped) -> BTreeMap<String, Word> {
    let flag = |words: &[String], flag| {
        let words = words.iter().cloned();
        words
            .map(|word| (word, Word::Flag(flag)))
            .collect::<Vec<_>>()
    };
    let levels = raw
        .levels
        .iter()
        .map(|(word, level)| (word.clone(), Word::Number(*level)));
    let texts = raw
        .words
        .iter()
        .map(|(word, ours)| (word.clone(), Word::Text(ours.clone())));
    let flags = flag(&raw.yes, true).into_iter().chain(flag(&raw.no, false));
    flags.chain(levels).chain(texts).collect()
}

/// Keys that go only with some kinds of value.
fn check_extras(raw: &Mapped, what: &What, is_number: bool, key: &str, report: &mut Report<'_>) {
    let is_event = matches!(what, What::Happened(_));
    let is_flag = !is_number && !is_event;
    for (name, given, fits, whose) in [
        ("unit", raw.unit.is_some(), is_number, "numbers"),
        ("scale", raw.scale.is_some(), is_number, "numbers"),
        ("offset", raw.offset.is_some(), is_number, "numbers"),
        ("levels", !raw.levels.is_empty(), is_number, "numbers"),
        ("yes", !raw.yes.is_empty(), is_flag, "yes or no"),
        ("no", !raw.no.is_empty(), is_flag, "yes or no"),
        ("words", !raw.words.is_empty(), is_event, "events"),
    ] {
        if given && !fits {
            report.error(
                &format!("{key}.{name}"),
                format!("{name:?} means nothing here"),
                format!("remove it: it goes with {whose}"),
            );
        }
    }
    if let Some(both) = raw.yes.iter().find(|word| raw.no.contains(word)) {
        report.error(
            &format!("{key}.no"),
            format!("{both:?} is both yes and no"),
            "name it in one of the two",
        );
    }
    if raw.scale == Some(0.0) {
        report.error(
            &format!("{key}.scale"),
            "every value would be the same",
            "give what one unit of the device is in the unit above, such as 0.1",
        );
    }
}
