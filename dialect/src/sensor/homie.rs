//! Homie 5: one value to a topic, `homie/5/<device>/<node>/<property>`, and the
//! device's state at `.../<device>/$state`.
//!
//! Facts from `convention.md` of homieiot/convention. What a property measures
//! stands in the device's `$description`, which is another message; here a
//! property is known by its name, and what has no name we know is a number or
//! a text. The empty text is written as one zero byte.

use crate::{
    Fact, Unreadable,
    fact::{Device, Says, Sink, Source, Value},
    field::{decimal, online},
    quantity::Quantity as Q,
    scalar::{flag, number},
    walk::walk,
};

/// Below which version 5 speaks, unless the operator moved it.
pub const BASE: &str = "homie/5";

/// Reads one message; `below` is its topic below the base.
pub fn read(below: &str, payload: &[u8], sink: &mut Sink<'_>) -> Result<(), Unreadable> {
    let text = core::str::from_utf8(payload);
    let text = text.map_err(|_| Unreadable("not text"))?;
    let text = text.strip_prefix('\0').unwrap_or(text);
    let mut levels = below.split('/');
    let (Some(device), Some(second)) = (levels.next(), levels.next()) else {
        return Err(Unreadable("no topic of Homie 5"));
    };
    let source = Source {
        device: Some(Device::Named(device)),
        ..Source::default()
    };
    if device == "$broadcast" {
        let subtopic = below.get(device.len() + 1..).unwrap_or(second);
        told(Source::default(), "broadcast", subtopic, text, sink);
        return Ok(());
    }
    match (second, levels.next(), levels.next()) {
        ("$state", None, _) => {
            state(source, text, sink);
        }
        ("$description", None, _) => return description(source, payload, sink),
        ("$alert", Some(id), None) if !text.is_empty() => told(source, "alert", id, text, sink),
        ("$log", Some(level), None) => told(source, "log", level, text, sink),
        (node, Some(property), last) if !node.starts_with('$') => {
            let end = device.len() + 1 + node.len() + 1 + property.len();
            let place = below.get(device.len() + 1..end).unwrap_or_default();
            of_property(source, place, property, last, text, sink);
        }
        _ => {}
    }
    Ok(())
}

/// Its value, where it is going, or what somebody asks of it.
fn of_property(
    source: Source<'_>,
    place: &str,
    property: &str,
    last: Option<&str>,
    text: &str,
    sink: &mut Sink<'_>,
) {
    let about = |what, value| Fact {
        source,
        says: Says::About { what, value },
    };
    match last {
        None => {
            sink(about("property", Value::Text(place)));
            let says = measured(property, text);
            sink(Fact { source, says });
        }
        Some("$target") => {
            sink(about("property", Value::Text(place)));
            sink(about("target", value(text)));
        }
        Some("set") => {
            sink(about("asked", value(text)));
            sink(happened(source, "command", place));
        }
        Some(_) => {}
    }
}

/// Something that comes with a text to people.
fn told(source: Source<'_>, what: &str, which: &str, text: &str, sink: &mut Sink<'_>) {
    sink(happened(source, what, which));
    crate::field::about(source, "message", Some(text))
        .into_iter()
        .for_each(sink);
}

const fn happened<'a>(source: Source<'a>, what: &'a str, action: &'a str) -> Fact<'a> {
    Fact {
        source,
        says: Says::Happened {
            what,
            nth: 0,
            action,
            amount: None,
        },
    }
}

/// What a device is called; what its properties are is not remembered here.
fn description(source: Source<'_>, payload: &[u8], sink: &mut Sink<'_>) -> Result<(), Unreadable> {
    walk(payload, &mut |path, value| {
        let (names, depth) = path.names::<1>();
        let what = match (names, depth) {
            (["name"], 1) => "name",
            (["homie"], 1) => "protocol_version",
            (["type"], 1) => "device_type",
            _ => return,
        };
        crate::field::about(source, what, value.text())
            .into_iter()
            .for_each(&mut *sink);
    })
}

fn state<'a>(source: Source<'a>, state: &'a str, sink: &mut Sink<'_>) {
    sink(Fact {
        source,
        says: Says::About {
            what: "state",
            value: Value::Text(state),
        },
    });
    // One that starts or sleeps will speak again; neither is news of it.
    match state {
        "ready" => sink(online(source, true)),
        "disconnected" | "lost" => sink(online(source, false)),
        _ => {}
    }
}

fn value(text: &str) -> Value<'_> {
    match (number(text), text) {
        (Some(number), _) => Value::Number(decimal(number)),
        (None, "true") => Value::Flag(true),
        (None, "false") => Value::Flag(false),
        (None, text) => Value::Text(text),
    }
}

fn measured<'a>(property: &str, text: &'a str) -> Says<'a> {
    let named = Q::named(property).and_then(|quantity| {
        let value = if quantity.is_flag() {
            Value::Flag(flag(text)?)
        } else {
            Value::Number(decimal(number(text)?))
        };
        Some((quantity, value))
    });
    let (quantity, value) = named.unwrap_or_else(|| {
        let value = value(text);
        let quantity = match value {
            Value::Number(_) => Q::Number,
            Value::Flag(_) => Q::Generic,
            Value::Text(_) | Value::Bytes(_) => Q::Text,
        };
        (quantity, value)
    });
    Says::Measured {
        quantity,
        nth: 0,
        value,
    }
}

#[cfg(test)]
mod tests;
