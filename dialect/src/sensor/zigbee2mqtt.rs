//! `Zigbee2MQTT`: JSON at `<base>/<friendly name>`, where the name may contain
//! `/`; `<name>/availability` and `bridge/state` say what is there.
//!
//! Facts from `docs/guide/usage/mqtt_topics_and_messages.md` and the devices'
//! pages of Koenkk/zigbee2mqtt.io, which give every property's unit. With
//! `output: attribute` each property has a topic of its own, below the name.

mod action;
mod property;

use crate::{
    Fact, Unreadable,
    fact::{Device, Says, Sink, Source},
    field::online,
    scalar::{Scalar, flag, object, plain},
    time,
    walk::{looks_like_json, walk},
};
use property::says;
use serde::Deserialize;
use std::borrow::Cow;

/// What a base is called unless the operator calls it otherwise.
pub const BASE: &str = "zigbee2mqtt";

#[derive(Deserialize)]
struct Head<'a> {
    #[serde(borrow, default)]
    last_seen: Scalar<'a>,
    #[serde(borrow, default)]
    action_step_size: Scalar<'a>,
    #[serde(borrow, default)]
    state: Scalar<'a>,
}

/// Reads one message; `below` is its topic below the base.
pub fn read(below: &str, payload: &[u8], sink: &mut Sink<'_>) -> Result<(), Unreadable> {
    if let Some(what) = below.strip_prefix("bridge/") {
        return bridge(what, payload, sink);
    }
    let (name, last) = below.rsplit_once('/').unwrap_or((below, ""));
    match last {
        // What somebody asks of a device is no word of the device.
        "set" | "get" => return Ok(()),
        "availability" => {
            sink(online(of(name), state(payload)?));
            return Ok(());
        }
        _ => {}
    }
    if looks_like_json(payload) {
        return device(below, payload, sink);
    }
    let Some(value) = plain(payload).filter(|_| !last.is_empty()) else {
        return Err(Unreadable("not a JSON object"));
    };
    if let Some(says) = says(last, &Scalar::Text(Cow::Borrowed(value)), None) {
        sink(Fact {
            source: of(name),
            says,
        });
    }
    Ok(())
}

fn of(name: &str) -> Source<'_> {
    Source {
        device: Some(Device::Named(name)),
        ..Source::default()
    }
}

fn device(name: &str, payload: &[u8], sink: &mut Sink<'_>) -> Result<(), Unreadable> {
    let head: Head<'_> = object(payload)?;
    let source = Source {
        time: time::read(&head.last_seen),
        ..of(name)
    };
    let amount = head.action_step_size.number();
    walk(payload, &mut |path, value| {
        let (_, depth) = path.names::<1>();
        if depth != 1 {
            return;
        }
        if let Some(says) = says(path.key, value, amount) {
            sink(Fact { source, says });
        }
    })
}

/// Of the bridge only its state is a fact; the rest is its own affairs.
fn bridge(what: &str, payload: &[u8], sink: &mut Sink<'_>) -> Result<(), Unreadable> {
    if what == "state" {
        let source = Source {
            scanner: Some("bridge"),
            device: Some(Device::Named("bridge")),
            ..Source::default()
        };
        sink(Fact {
            source,
            says: Says::Online(state(payload)?),
        });
    }
    Ok(())
}

/// `online` or `offline`, plain or as `{"state": ...}`.
fn state(payload: &[u8]) -> Result<bool, Unreadable> {
    let there = if looks_like_json(payload) {
        object::<Head<'_>>(payload)?.state.flag()
    } else {
        plain(payload).and_then(flag)
    };
    there.ok_or(Unreadable("not online or offline"))
}

#[cfg(test)]
mod tests;
