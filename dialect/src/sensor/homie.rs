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
    let says = |says| Fact { source, says };
    if device == "$broadcast" {
        sink(Fact {
            source: Source::default(),
            says: happened("broadcast", second),
        });
        return Ok(());
    }
    match (second, levels.next(), levels.next()) {
        ("$state", None, _) => {
            state(source, text, sink);
        }
        ("$alert", Some(id), None) if !text.is_empty() => sink(says(happened("alert", id))),
        // Of a property only its value and where it is going.
        (node, Some(property), last @ (None | Some("$target"))) if !node.starts_with('$') => {
            let place = below.get(device.len() + 1..).unwrap_or_default();
            let place = place.strip_suffix("/$target").unwrap_or(place);
            sink(says(Says::About {
                what: "property",
                value: Value::Text(place),
            }));
            sink(says(if last.is_some() {
                Says::About {
                    what: "target",
                    value: value(text),
                }
            } else {
                measured(property, text)
            }));
        }
        _ => {}
    }
    Ok(())
}

const fn happened<'a>(what: &'a str, action: &'a str) -> Says<'a> {
    Says::Happened {
        what,
        nth: 0,
        action,
        amount: None,
    }
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
