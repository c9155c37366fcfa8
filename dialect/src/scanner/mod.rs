//! MQTT messages of scanners, which carry or digest advertisements.
//!
//! Each dialect has a `read(topic, payload, keys, sink)`: it hands facts to the
//! sink in the order of the message and says only when the bytes are not what
//! the dialect sends. A message without facts (settings, logs) is no error.

pub mod aprbrother;
pub mod espresense;
pub mod ingics;
pub mod minew;
pub mod moko;
pub mod ruuvi;
pub mod shelly_ble;
pub mod tasmota_ble;
pub mod theengs;

mod parts;
mod said;

use crate::{
    advert::{self, Keys},
    fact::{AddressKind, Device, Fact, Identity, Says, Sink, Source},
    scalar::hex,
};
use parts::ADVERT_BYTES_MAX;
use protocol::beacon::{Address, Beacon};

/// What is known of an address beside which stands whether it is random.
fn kind(address: Address, random: Option<bool>) -> AddressKind {
    match random {
        None => AddressKind::Unknown,
        Some(false) => AddressKind::Public,
        Some(true) => AddressKind::of_random(address),
    }
}

/// The device of this address, if it is one, or of this name.
fn device(text: Option<&str>, random: Option<bool>) -> Option<Device<'_>> {
    let text = text.filter(|text| !text.is_empty())?;
    Some(match Address::parse(text) {
        Some(address) => Device::Radio(address, kind(address, random)),
        None => Device::Named(text),
    })
}

/// Somebody was heard, known by nothing but where it came from.
fn heard(source: Source<'_>) -> Option<Fact<'_>> {
    let identity = match source.device? {
        Device::Radio(address, kind) => Identity::Address(address, kind),
        Device::Named(name) => Identity::Named(name),
    };
    Some(sighting(source, identity, None))
}

fn sighting<'a>(source: Source<'a>, identity: Identity<'a>, reference_dbm: Option<i8>) -> Fact<'a> {
    Fact {
        source,
        says: Says::Sighting {
            identity,
            reference_dbm,
        },
    }
}

fn beacon(source: Source<'_>, beacon: Beacon, reference_dbm: Option<i8>) -> Fact<'_> {
    sighting(source, Identity::Beacon(beacon), reference_dbm)
}

/// Reads an advertisement that is written as hexadecimal digits.
fn advertised(
    source: Source<'_>,
    digits: &str,
    keys: &Keys<'_>,
    sink: &mut Sink<'_>,
) -> Option<()> {
    let mut buffer = [0; ADVERT_BYTES_MAX];
    advert::read(source, hex(digits, &mut buffer)?, keys, sink);
    Some(())
}
