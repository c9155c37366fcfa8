//! Shelly devices of the second generation on: `NotifyStatus`,
//! `NotifyFullStatus` and `NotifyEvent` at `<prefix>/events/rpc`, single
//! components at `<prefix>/status/<component>`, and `<prefix>/online`.
//!
//! Facts from the Gen2 device API (shelly-api-docs.shelly.cloud: "Notifications",
//! "MQTT", and the page of every component) and from captures. The prefix is
//! the operator's, so a device is called what `src` says, where there is one.

mod component;
mod event;

use crate::{
    Fact, Unreadable,
    fact::{Device, Sink, Source, Time},
    field::online,
    scalar::{Scalar, flag, object, plain},
    time,
    walk::walk,
};
use component::{Component, says};
use serde::Deserialize;

#[derive(Deserialize)]
struct Message<'a> {
    #[serde(borrow, default)]
    src: Scalar<'a>,
    #[serde(borrow, default)]
    method: Scalar<'a>,
    #[serde(borrow, default)]
    params: Option<Params<'a>>,
}

#[derive(Deserialize)]
struct Params<'a> {
    #[serde(borrow, default)]
    ts: Scalar<'a>,
}

/// What a topic of a Shelly device holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holds<'t> {
    /// Notifications.
    Rpc,
    /// The state of one component.
    Status(&'t str),
    /// Whether the device is there.
    Online,
}

/// The prefix of a topic, and what it holds.
pub fn topic(topic: &str) -> Option<(&str, Holds<'_>)> {
    if let Some(prefix) = topic.strip_suffix("/events/rpc") {
        return Some((prefix, Holds::Rpc));
    }
    if let Some(prefix) = topic.strip_suffix("/online") {
        return Some((prefix, Holds::Online));
    }
    let (head, component) = topic.rsplit_once('/')?;
    let prefix = head.strip_suffix("/status")?;
    Some((prefix, Holds::Status(component)))
}

/// Reads one message.
pub fn read(name: &str, payload: &[u8], sink: &mut Sink<'_>) -> Result<(), Unreadable> {
    let (prefix, holds) = topic(name).unwrap_or((name, Holds::Rpc));
    let of = |device, time| Source {
        device: Some(Device::Named(device)),
        time,
        ..Source::default()
    };
    match holds {
        Holds::Rpc => {
            let message: Message<'_> = object(payload)?;
            let params = message.params.ok_or(Unreadable("no params"))?;
            let source = of(message.src.text().unwrap_or(prefix), time::read(&params.ts));
            match message.method.text() {
                Some("NotifyStatus" | "NotifyFullStatus") => status(payload, source, sink),
                Some("NotifyEvent") => event::read(payload, source, sink),
                _ => Ok(()),
            }
        }
        Holds::Online => {
            let there = plain(payload).and_then(flag);
            let there = there.ok_or(Unreadable("not true or false"))?;
            sink(online(of(prefix, Time::Receipt), there));
            Ok(())
        }
        Holds::Status(component) => {
            let source = of(prefix, Time::Receipt);
            let component = Component::named(component);
            walk(payload, &mut |path, value| {
                let (names, depth) = path.names::<2>();
                let names = names.get(..depth).unwrap_or_default();
                said(component, names, value, source, sink);
            })
        }
    }
}

fn status(payload: &[u8], source: Source<'_>, sink: &mut Sink<'_>) -> Result<(), Unreadable> {
    walk(payload, &mut |path, value| {
        let (names, depth) = path.names::<4>();
        if let Some(["params", component, rest @ ..]) = names.get(..depth) {
            said(Component::named(component), rest, value, source, sink);
        }
    })
}

fn said(
    component: Component<'_>,
    names: &[&str],
    value: &Scalar<'_>,
    source: Source<'_>,
    sink: &mut Sink<'_>,
) {
    if let Some(says) = says(component, names, value) {
        sink(Fact { source, says });
    }
}

#[cfg(test)]
mod tests;
