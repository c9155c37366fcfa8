//! Facts as short lines, for tables of what is expected.

use crate::{
    Fact, Source, Unreadable,
    fact::{Device, Identity, Says, Sink, Time, Value, Written},
};
use protocol::beacon::Beacon;
use std::fmt::Write as _;

/// What was read: where it comes from, once, and then every fact but raw data,
/// each a line; or that it was refused.
pub(crate) fn lines(read: impl FnOnce(&mut Sink<'_>) -> Result<(), Unreadable>) -> Vec<String> {
    let mut lines = Vec::new();
    let mut last = String::new();
    let result = read(&mut |fact| {
        let from = source(&fact.source);
        if last != from {
            lines.push(format!("from {from}"));
            last = from;
        }
        lines.extend(line(&fact));
    });
    if let Err(Unreadable(why)) = result {
        lines.push(format!("refused: {why}"));
    }
    lines
}

/// A test's table: what is read is what is expected.
pub(crate) fn check(
    story: &str,
    read: impl FnOnce(&mut Sink<'_>) -> Result<(), Unreadable>,
    expected: &[&str],
) {
    assert_eq!(lines(read), expected, "{story}");
}

fn source(source: &Source<'_>) -> String {
    let mut text = source.scanner.unwrap_or("-").to_owned();
    match source.device {
        Some(Device::Radio(address, kind)) => write!(text, " {} {kind:?}", Written(address)),
        Some(Device::Named(name)) => write!(text, " {name}"),
        None => write!(text, " -"),
    }
    .expect("memory is enough");
    if let Some(dbm) = source.rssi_dbm {
        write!(text, " {dbm}").expect("memory is enough");
    }
    match source.time {
        Time::Receipt => {}
        Time::Sender(ms) => write!(text, " at {ms}").expect("memory is enough"),
        Time::Zoneless(local) => write!(text, " at local {local}").expect("memory is enough"),
    }
    text
}

fn line(fact: &Fact<'_>) -> Option<String> {
    Some(match fact.says {
        Says::Sighting {
            identity,
            reference_dbm,
        } => match reference_dbm {
            Some(dbm) => format!("heard {} @ {dbm}", who(identity)),
            None => format!("heard {}", who(identity)),
        },
        Says::Measured {
            quantity,
            nth,
            value,
        } => format!("{}.{nth} {}", quantity.name(), said(value)),
        Says::Happened {
            what,
            nth,
            action,
            amount: None,
        } => format!("{what}.{nth} {action}"),
        Says::Happened {
            what,
            nth,
            action,
            amount: Some(amount),
        } => format!("{what}.{nth} {action} by {amount}"),
        Says::About { what, value } => format!("{what}={}", said(value)),
        Says::Online(online) => format!("online {online}"),
        Says::Sealed { format, .. } => format!("sealed {format}"),
        Says::Data { .. } => return None,
        other => format!("{other:?}"),
    })
}

fn who(identity: Identity<'_>) -> String {
    match identity {
        Identity::Beacon(Beacon::IBeacon { uuid, major, minor }) => {
            format!("ibeacon {:x}-{major}-{minor}", u128::from_be_bytes(uuid))
        }
        Identity::Beacon(Beacon::EddystoneUid {
            namespace,
            instance,
        }) => format!("uid {}-{}", hex(&namespace), hex(&instance)),
        Identity::Beacon(Beacon::EddystoneEid(eid)) => format!("eid {}", hex(&eid)),
        Identity::Beacon(Beacon::AltBeacon(id)) => format!("altbeacon {}", hex(&id)),
        Identity::Beacon(Beacon::PrivateAddress(address)) => {
            format!("private {}", Written(address))
        }
        Identity::Address(..) => "address".to_owned(),
        Identity::Exposure(id) => format!("exposure {}", hex(&id)),
        Identity::Named(name) => format!("named {name}"),
    }
}

fn said(value: Value<'_>) -> String {
    match value {
        Value::Number(number) => number.to_string(),
        Value::Flag(flag) => flag.to_string(),
        Value::Text(text) => text.to_owned(),
        Value::Bytes(bytes) => hex(bytes),
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").expect("memory is enough");
        text
    })
}
