//! ESPresense: JSON at `espresense/devices/<id>/<room>`, and plain values that
//! the room's own sensors keep at `espresense/rooms/<room>/...`.
//!
//! The id says how the device was recognised (`setId` in
//! `src/BleFingerprint.cpp` of ESPresense/ESPresense):
//!
//! | id | who |
//! |---|---|
//! | `iBeacon:<uuid>-<major>-<minor>`, `altBeacon:...` | the beacon |
//! | `eddy:<namespace>-<instance>` | the beacon; the firmware prints the fifth byte of the namespace twice |
//! | `irk:<key>`, `apple:...` | a phone whose address, beside it in `mac`, is random: the engine resolves it with its own keys |
//! | the address | nobody: it may be fixed or not, the message does not say |
//! | anything else | whoever the operator or the device calls so |
//!
//! ESPresense puts keys on the broker: in the id above, in a field `irk`, and
//! retained at `espresense/rooms/<room>/known_irks`. They are not read here
//! and that topic is refused; the broker's access list must deny it to others.

mod room;
mod who;

use super::{kind, sighting};
use crate::{
    Fact, Unreadable,
    advert::Keys,
    fact::{Device, Identity, Sink, Source},
    field::{Field, Scale, about, find, same, scaled},
    quantity::Quantity as Q,
    scalar::{Scalar, object},
    walk::walk,
};
use protocol::beacon::Address;
use serde::Deserialize;
use who::Who;

/// Below which every scanner of this make reports.
pub const BRANCH: &str = "espresense/devices";
/// Below which every room keeps what it measures and whether it is there.
pub const ROOMS: &str = "espresense/rooms";

#[derive(Deserialize)]
struct Message<'a> {
    #[serde(borrow, default)]
    id: Scalar<'a>,
    #[serde(borrow, default)]
    mac: Scalar<'a>,
    #[serde(borrow, default)]
    name: Scalar<'a>,
    #[serde(borrow, default)]
    rssi: Scalar<'a>,
    #[serde(borrow, default, rename = "rssi@1m")]
    rssi_at_1m: Scalar<'a>,
}

/// What `fill()` in `src/BleFingerprint.cpp` writes beside them. Sorted.
const FIELDS: &[Field] = &[
    same("batt", Q::Battery),
    same("distance", Q::Distance),
    scaled("int", Q::Interval, Scale::Per(1000.0)),
    scaled("mV", Q::BatteryVoltage, Scale::Per(1000.0)),
    same("rh", Q::Humidity),
    same("rssiVar", Q::SignalVariance),
    same("temp", Q::Temperature),
];

/// Reads one message below `espresense/`.
pub fn read(
    topic: &str,
    payload: &[u8],
    _: &Keys<'_>,
    sink: &mut Sink<'_>,
) -> Result<(), Unreadable> {
    let below = |branch| topic.strip_prefix(branch)?.strip_prefix('/');
    if let Some((id, room)) = below(BRANCH).and_then(|below: &str| below.rsplit_once('/')) {
        return device(id, room, payload, sink);
    }
    match below(ROOMS).and_then(|below: &str| below.split_once('/')) {
        Some((room, what)) => room::read(room, what, payload, sink),
        None => Ok(()),
    }
}

fn device(id: &str, room: &str, payload: &[u8], sink: &mut Sink<'_>) -> Result<(), Unreadable> {
    let message: Message<'_> = object(payload)?;
    let rssi = message.rssi.number();
    let rssi = rssi.ok_or(Unreadable("no signal strength"))?;
    let id = message.id.text().unwrap_or(id);
    let address = message.mac.text().and_then(Address::parse);
    let who = who::who(id, address);
    let random = matches!(who, Some(Who::Phone)).then_some(true);
    let address = address.map(|address| (address, kind(address, random)));
    let source = Source {
        scanner: Some(room),
        device: address.map(|(address, kind)| Device::Radio(address, kind)),
        rssi_dbm: crate::scalar::dbm(rssi),
        ..Source::default()
    };
    let identity = match who {
        Some(Who::Beacon(beacon)) => Some(Identity::Beacon(beacon)),
        Some(Who::Called) => Some(Identity::Named(id)),
        Some(Who::Phone) | None => address.map(|(address, kind)| Identity::Address(address, kind)),
    };
    if let Some(identity) = identity {
        // For a phone it is the scanner's own guess, not the phone's word.
        let states_power = matches!(identity, Identity::Beacon(_));
        let reference = message.rssi_at_1m.reference_dbm();
        sink(sighting(
            source,
            identity,
            reference.filter(|_| states_power),
        ));
    }
    if let Some(name) = about(source, "name", message.name.text()) {
        sink(name);
    }
    fields(FIELDS, source, payload, sink)
}

/// Says what stands under names of a table.
fn fields(
    table: &'static [Field],
    source: Source<'_>,
    payload: &[u8],
    sink: &mut Sink<'_>,
) -> Result<(), Unreadable> {
    walk(payload, &mut |path, value| {
        let (_, depth) = path.names::<1>();
        let field = find(table, path.key).filter(|_| depth == 1);
        if let Some(says) = field.and_then(|field| field.read(value)) {
            sink(Fact { source, says });
        }
    })
}

#[cfg(test)]
mod tests;
