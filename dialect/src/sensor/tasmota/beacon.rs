//! `IBEACON` in a message of Tasmota: that one is there, or gone
//! (`xsns_52_ibeacon.ino`; `docs/Bluetooth_ESP32.md` of tasmota/docs). Numbers of
//! an iBeacon are written as four hexadecimal digits.

use crate::{
    Fact, Unreadable,
    fact::{AddressKind, Device, Identity, Says, Sink, Source, Time, Value},
    field::about,
    quantity::Quantity as Q,
    scalar::{Scalar, object, uuid},
};
use protocol::beacon::{Address, Beacon};
use serde::Deserialize;

#[derive(Deserialize)]
struct Message<'a> {
    #[serde(borrow, default, rename = "IBEACON")]
    beacon: Option<Seen<'a>>,
}

#[derive(Deserialize)]
struct Seen<'a> {
    #[serde(borrow, default, rename = "MAC")]
    mac: Scalar<'a>,
    #[serde(borrow, default, rename = "RSSI")]
    rssi: Scalar<'a>,
    #[serde(borrow, default, rename = "STATE")]
    state: Scalar<'a>,
    #[serde(borrow, default, rename = "NAME")]
    name: Scalar<'a>,
    #[serde(borrow, default, rename = "UID")]
    uid: Scalar<'a>,
    #[serde(borrow, default, rename = "MAJOR")]
    major: Scalar<'a>,
    #[serde(borrow, default, rename = "MINOR")]
    minor: Scalar<'a>,
}

pub(super) fn read(
    scanner: &str,
    payload: &[u8],
    time: Time<'_>,
    sink: &mut Sink<'_>,
) -> Result<(), Unreadable> {
    let Some(seen) = object::<Message<'_>>(payload)?.beacon else {
        return Ok(());
    };
    let there = seen.state.flag();
    // What is gone was not heard; the strength beside it is an old one.
    let rssi = seen.rssi.number().filter(|_| there != Some(false));
    let source = Source {
        scanner: Some(scanner),
        device: seen.device(),
        rssi_dbm: rssi.filter(|dbm| *dbm < 0.0).and_then(crate::scalar::dbm),
        time,
    };
    if let (Some(_), Some(identity)) = (source.rssi_dbm, seen.identity()) {
        let says = Says::Sighting {
            identity,
            reference_dbm: None,
        };
        sink(Fact { source, says });
    }
    about(source, "name", seen.name.text())
        .into_iter()
        .for_each(&mut *sink);
    if let Some(there) = there {
        let says = Says::Measured {
            quantity: Q::Presence,
            nth: 0,
            value: Value::Flag(there),
        };
        sink(Fact { source, says });
    }
    Ok(())
}

impl Seen<'_> {
    fn device(&self) -> Option<Device<'_>> {
        let address = Address::parse(self.mac.text()?)?;
        Some(Device::Radio(address, AddressKind::Unknown))
    }

    fn identity(&self) -> Option<Identity<'_>> {
        if let Some(ibeacon) = self.ibeacon() {
            return Some(Identity::Beacon(ibeacon));
        }
        let address = Address::parse(self.mac.text()?)?;
        Some(Identity::Address(address, AddressKind::Unknown))
    }

    fn ibeacon(&self) -> Option<Beacon> {
        let uuid = uuid(self.uid.text()?)?;
        Some(Beacon::IBeacon {
            uuid,
            major: number(&self.major)?,
            minor: number(&self.minor)?,
        })
    }
}

fn number(value: &Scalar<'_>) -> Option<u16> {
    match value.text() {
        Some(digits) if digits.len() == 4 => u16::from_str_radix(digits, 16).ok(),
        _ => value.whole(),
    }
}
