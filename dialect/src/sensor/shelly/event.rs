//! `NotifyEvent` of Shelly devices: presses of inputs and buttons, and what
//! scripts pass on from Bluetooth sensors. Settings that changed, updates,
//! sleep and the like are told the same way and are passed over.

use super::component::Component;
use crate::{
    Fact, Unreadable,
    fact::{Device, Says, Sink, Source},
    scalar::{Scalar, object},
    scanner::shelly_ble,
    time,
    walk::walk,
};
use protocol::beacon::Address;
use serde::Deserialize;

#[derive(Deserialize)]
struct Message<'a> {
    #[serde(borrow)]
    params: Params<'a>,
}

#[derive(Deserialize)]
struct Params<'a> {
    #[serde(borrow, default)]
    events: Vec<Event<'a>>,
}

#[derive(Deserialize)]
struct Event<'a> {
    #[serde(borrow, default)]
    component: Scalar<'a>,
    #[serde(borrow, default, rename = "event")]
    action: Scalar<'a>,
    #[serde(borrow, default)]
    ts: Scalar<'a>,
    #[serde(borrow, default)]
    data: Option<Data<'a>>,
}

/// Of a script's event.
#[derive(Deserialize)]
struct Data<'a> {
    #[serde(borrow, default, alias = "addr")]
    address: Scalar<'a>,
    #[serde(borrow, default)]
    rssi: Scalar<'a>,
}

pub(super) fn read(
    payload: &[u8],
    source: Source<'_>,
    sink: &mut Sink<'_>,
) -> Result<(), Unreadable> {
    let message: Message<'_> = object(payload)?;
    for (n, event) in message.params.events.iter().enumerate() {
        let source = Source {
            time: match time::read(&event.ts) {
                crate::fact::Time::Receipt => source.time,
                time => time,
            },
            ..source
        };
        let component = Component::named(event.component.text().unwrap_or_default());
        if let Some(data) = &event.data {
            if component.kind == "script" {
                scripted(payload, n, data, source, sink)?;
            }
        } else if let Some(fact) = pressed(component, event.action.text(), source) {
            sink(fact);
        }
    }
    Ok(())
}

fn pressed<'a>(
    component: Component<'_>,
    event: Option<&'a str>,
    source: Source<'a>,
) -> Option<Fact<'a>> {
    let event = event?;
    let is_press = event.ends_with("_push") || matches!(event, "btn_down" | "btn_up" | "toggle");
    let what = match component.kind {
        "input" => "input",
        "button" | "bthomedevice" | "bthomesensor" => "button",
        _ => return None,
    };
    is_press.then_some(Fact {
        source,
        says: Says::Happened {
            what,
            nth: component.id,
            action: event,
            amount: None,
        },
    })
}

/// `data` holds what the script decoded; the device is the scanner of it.
fn scripted(
    payload: &[u8],
    nth: usize,
    data: &Data<'_>,
    source: Source<'_>,
    sink: &mut Sink<'_>,
) -> Result<(), Unreadable> {
    let Some(address) = data.address.text().and_then(Address::parse) else {
        return Ok(());
    };
    let scanner = match source.device {
        Some(Device::Named(name)) => Some(name),
        Some(Device::Radio(..)) | None => None,
    };
    let source = Source {
        scanner,
        device: Some(Device::Radio(address, crate::fact::AddressKind::Unknown)),
        rssi_dbm: data.rssi.number().and_then(crate::scalar::dbm),
        ..source
    };
    walk(payload, &mut |path, value| {
        // params, events, the event, data, and then what is decoded.
        let (names, depth) = path.names::<4>();
        let mut at = Some(path);
        let mut event = None;
        for level in (1..=depth).rev() {
            if level == 3 {
                event = at.map(|path| path.index);
            }
            at = at.and_then(|path| path.parent);
        }
        if names != ["params", "events", "", "data"] || event != Some(nth) {
            return;
        }
        if let Some(says) = shelly_ble::says(path, value, depth, 5) {
            sink(Fact { source, says });
        }
    })
}
