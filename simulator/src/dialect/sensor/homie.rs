//! A device of the Homie convention 5 (homieiot/convention): each property at
//! a topic of its own, everything kept by the broker.

use super::Told;
use crate::dialect::Message;

pub(super) fn hello(topic: &str) -> Vec<Message> {
    ["init", "ready"]
        .map(|state| Message::new(format!("{topic}/$state"), state.as_bytes()).retained())
        .into()
}

pub(super) fn messages(topic: &str, told: Told) -> Vec<Message> {
    let (name, value) = match told {
        Told::Number(name, number) => (name, number.to_string()),
        Told::Flag(name, yes) => (name, yes.to_string()),
        Told::Passages(..) | Told::Press => return Vec::new(),
    };
    let property = name.name().replace('_', "-");
    vec![Message::new(format!("{topic}/sensor/{property}"), value.into_bytes()).retained()]
}
