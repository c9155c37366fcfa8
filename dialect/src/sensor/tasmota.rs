//! Tasmota: JSON at `tele/<topic>/SENSOR` and `.../STATE`, actions at
//! `stat/<topic>/RESULT`, `Online` or `Offline` at `tele/<topic>/LWT`. The order
//! of the levels is the operator's; the last one says what the message is.
//!
//! Facts from the peripherals' pages of tasmota/docs. A sensor is a group of
//! values by its chip's name (`DS18B20-2`); units are those of the group or
//! stand beside it (`TempUnit`). Times are local unless `SetOption52` adds
//! their zone.

mod beacon;
mod group;

use crate::{
    Fact, Unreadable,
    fact::{Device, Says, Sink, Source, Value},
    field::online,
    quantity::Quantity as Q,
    scalar::{Scalar, flag, object, plain},
    time,
    walk::walk,
};
use group::Groups;
use serde::Deserialize;

#[derive(Deserialize)]
struct Head<'a> {
    #[serde(borrow, default, rename = "Time")]
    time: Scalar<'a>,
    #[serde(borrow, default, rename = "TempUnit")]
    temperature_unit: Scalar<'a>,
    #[serde(borrow, default, rename = "PressureUnit")]
    pressure_unit: Scalar<'a>,
}

/// Levels at the end of a topic of Tasmota.
pub const LEVELS: [&str; 5] = ["SENSOR", "STATE", "RESULT", "LWT", "EVENT"];

/// The device that a topic names: what remains without `tele`, `stat` and what
/// the message is.
fn device(topic: &str) -> &str {
    let head = topic.rsplit_once('/').map_or(topic, |(head, _)| head);
    let head = head.strip_prefix("tele/").unwrap_or(head);
    let head = head.strip_prefix("stat/").unwrap_or(head);
    let head = head.strip_suffix("/tele").unwrap_or(head);
    head.strip_suffix("/stat").unwrap_or(head)
}

/// Reads one message.
pub fn read(topic: &str, payload: &[u8], sink: &mut Sink<'_>) -> Result<(), Unreadable> {
    let name = device(topic);
    let source = Source {
        device: Some(Device::Named(name)),
        ..Source::default()
    };
    if topic.ends_with("LWT") {
        let there = plain(payload).and_then(flag);
        sink(online(
            source,
            there.ok_or(Unreadable("not Online or Offline"))?,
        ));
        return Ok(());
    }
    let last = topic.rsplit('/').next().unwrap_or_default();
    if let (Some(nth), Some(on)) = (numbered(last, "POWER"), plain(payload).and_then(flag)) {
        sink(Fact {
            source,
            says: said(Q::PowerOn, nth, Value::Flag(on)),
        });
        return Ok(());
    }
    let head: Head<'_> = object(payload)?;
    let source = Source {
        time: time::read(&head.time),
        ..source
    };
    let units = group::Units {
        fahrenheit: head.temperature_unit.text() == Some("F"),
        pressure: head.pressure_unit.text(),
    };
    beacon::read(name, payload, source.time, sink)?;
    let mut groups = Groups::new(name, source);
    walk(payload, &mut |path, value| {
        let (names, depth) = path.names::<3>();
        match names.get(..depth).unwrap_or_default() {
            ["IBEACON", ..] => {}
            [key] => groups.alone(top(key, value), sink),
            [key, "Action"] => groups.alone(action(key, value), sink),
            [group, key] => groups.value(group, key, None, value, units, sink),
            [group, key, ""] => groups.value(group, key, Some(path.index), value, units, sink),
            _ => {}
        }
    })
}

/// What stands in no group: switches, relays, the device itself.
fn top(key: &str, value: &Scalar<'_>) -> Option<Says<'static>> {
    let (quantity, nth) = if let Some(nth) = numbered(key, "Switch") {
        (Q::Input, nth)
    } else if let Some(nth) = numbered(key, "POWER") {
        (Q::PowerOn, nth)
    } else {
        let quantity = match key {
            "Dimmer" => Q::Brightness,
            "UptimeSec" => Q::Uptime,
            _ => return None,
        };
        return Some(said(quantity, 0, Value::Number(value.number()?)));
    };
    Some(said(quantity, nth, Value::Flag(value.flag()?)))
}

const fn said(quantity: Q, nth: u8, value: Value<'static>) -> Says<'static> {
    Says::Measured {
        quantity,
        nth,
        value,
    }
}

/// `{"Button1": {"Action": "SINGLE"}}`; the device counts from 1.
fn action<'v>(key: &str, value: &'v Scalar<'_>) -> Option<Says<'v>> {
    let (what, nth) = match numbered(key, "Button") {
        Some(nth) => ("button", nth),
        None => ("switch", numbered(key, "Switch")?),
    };
    Some(Says::Happened {
        what,
        nth: nth.saturating_sub(1),
        action: value.text().filter(|action| !action.is_empty())?,
        amount: None,
    })
}

/// `POWER` is 0, `POWER1` is 1.
fn numbered(key: &str, name: &str) -> Option<u8> {
    match key.strip_prefix(name)? {
        "" => Some(0),
        number => number.parse().ok(),
    }
}

#[cfg(test)]
mod tests;
