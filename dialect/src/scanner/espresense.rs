//! ESPresense: JSON at `espresense/devices/<id>/<room>`.
//!
//! The id says how the device was recognised (`setId` in
//! `src/BleFingerprint.cpp` of ESPresense/ESPresense):
//!
//! | id | who |
//! |---|---|
//! | `iBeacon:<uuid>-<major>-<minor>` | the beacon |
//! | `eddy:<namespace>-<instance>` | the beacon; the firmware prints the fifth byte of the namespace twice |
//! | `irk:<key>`, `apple:...` | a phone whose address, beside it in `mac`, is random: the engine resolves it with its own keys |
//! | anything else | nobody: `mac` may be a fixed address, and the message does not say |
//!
//! ESPresense puts keys on the broker: in the id above, in a field `irk`, and
//! retained at `espresense/rooms/<room>/known_irks`. They are not read here
//! and that topic is not subscribed; the broker's access list must deny it to
//! others.

use crate::{
    Sink, Unreadable,
    scalar::{Scalar, hex, object, uuid},
    scanner::sighting,
};
use protocol::{
    advert,
    beacon::{Address, Beacon},
};
use serde::Deserialize;

/// Below which every scanner of this make reports.
pub const BRANCH: &str = "espresense/devices";

#[derive(Deserialize)]
struct Message<'a> {
    #[serde(borrow, default)]
    id: Scalar<'a>,
    #[serde(borrow, default)]
    mac: Scalar<'a>,
    #[serde(borrow, default)]
    rssi: Scalar<'a>,
    #[serde(borrow, default, rename = "rssi@1m")]
    rssi_at_1m: Scalar<'a>,
}

/// Reads one message of `espresense/devices/<id>/<room>`. Nothing when it names
/// nobody.
pub fn read(topic: &str, payload: &[u8], sink: &mut Sink<'_>) -> Result<(), Unreadable> {
    let message: Message<'_> = object(payload)?;
    let rssi = message.rssi.number();
    let rssi = rssi.ok_or(Unreadable("no signal strength"))?;
    let address = message.mac.text().and_then(Address::parse);
    let below = topic.strip_prefix(BRANCH).unwrap_or("");
    let id = below.trim_matches('/').rsplit_once('/');
    let id = message.id.text().or(id.map(|(id, _)| id));
    let Some(beacon) = who(id.unwrap_or_default(), address) else {
        return Ok(());
    };
    let states_power = !matches!(beacon, Beacon::PrivateAddress(_));
    let heard = advert::Heard {
        beacon,
        // For a phone it is the scanner's own guess, not the phone's word.
        reference_dbm: message.rssi_at_1m.reference_dbm().filter(|_| states_power),
    };
    sink(sighting(&heard, rssi as f32));
    Ok(())
}

fn who(id: &str, address: Option<Address>) -> Option<Beacon> {
    let (kind, rest) = id.split_once(':')?;
    match kind {
        "iBeacon" => ibeacon(rest),
        "eddy" => eddystone_uid(rest),
        "irk" | "apple" => advert::beacon(Some((address?, true)), &[]).map(|heard| heard.beacon),
        _ => None,
    }
}

fn ibeacon(text: &str) -> Option<Beacon> {
    let mut levels = text.rsplitn(3, '-');
    let (minor, major) = (levels.next()?, levels.next()?);
    Some(Beacon::IBeacon {
        uuid: uuid(levels.next()?)?,
        major: major.parse().ok()?,
        minor: minor.parse().ok()?,
    })
}

fn eddystone_uid(text: &str) -> Option<Beacon> {
    let (namespace, instance) = text.split_once('-')?;
    let mut buffer = [0; 11];
    hex(namespace, &mut buffer)?;
    if namespace.len() == 22 && buffer[4] == buffer[5] {
        buffer.copy_within(6.., 5);
    } else if namespace.len() != 20 {
        return None;
    }
    let (namespace, _) = buffer.split_first_chunk()?;
    let mut buffer = [0; 6];
    Some(Beacon::EddystoneUid {
        namespace: *namespace,
        instance: hex(instance, &mut buffer)?.try_into().ok()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scanner::testing;

    const CAPTURED: &str =
        "espresense/devices/iBeacon:426c7565-4368-6172-6d42-6561636f6e73-3838-4949/office";

    fn heard(payload: &str) -> Option<(Beacon, f32, Option<i8>)> {
        let mut heard = None;
        let result = read(CAPTURED, payload.as_bytes(), &mut |fact| {
            heard = testing::heard(&fact);
        });
        result.unwrap();
        heard
    }

    fn who_is(id: &str, mac: &str) -> Option<Beacon> {
        let heard = heard(&format!(r#"{{"mac":"{mac}","id":"{id}","rssi":-60}}"#));
        heard.map(|(beacon, ..)| beacon)
    }

    /// A capture (`allie-raw.log`), taken as facts; the shape is that of
    /// `fill()` in src/BleFingerprint.cpp at a6f1105e.
    #[test]
    fn a_captured_message_is_read() {
        let payload = r#"{"mac":"dd8800003777","id":"iBeacon:426c7565-4368-6172-6d42-6561636f6e73-3838-4949","rssi@1m":-59,"rssi":-81.10,"rxAdj":0,"rssiVar":7.42,"distance":6.58,"var":4.00,"int":2028}"#;
        let beacon = Beacon::IBeacon {
            uuid: *b"BlueCharmBeacons",
            major: 3838,
            minor: 4949,
        };
        assert_eq!(heard(payload), Some((beacon, -81.1, Some(-59))));
        // From the same test: no signal strength is no sighting.
        assert!(read(CAPTURED, br#"{"id":"x"}"#, &mut |_| {}).is_err());
    }

    #[test]
    fn the_id_of_the_topic_serves_when_the_message_has_none() {
        let (beacon, rssi, reference) = heard(r#"{"rssi":"-60"}"#).unwrap();
        assert_eq!((rssi, reference), (-60.0, None));
        assert_eq!(beacon.kind(), "ibeacon");
    }

    #[test]
    fn ids_say_who_it_is_or_that_nobody_is() {
        let uid = Beacon::EddystoneUid {
            namespace: [0x00, 0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88, 0x99],
            instance: [1, 2, 3, 4, 5, 6],
        };
        let phone = Address::parse("7081940dfbaa").map(Beacon::PrivateAddress);
        for (id, mac, expected) in [
            ("eddy:0011223344445566778899-010203040506", "", Some(uid)),
            ("eddy:00112233445566778899-010203040506", "", Some(uid)),
            ("eddy:0011223344555566778899-010203040506", "", None),
            ("eddy:00112233445566778899-0102030405", "", None),
            (
                "irk:ec0234a357c8ad05341010a60a397d9b",
                "7081940dfbaa",
                phone,
            ),
            ("apple:1006:10-7", "7081940dfbaa", phone),
            ("apple:findmy", "f081940dfbaa", None),
            ("name:tv", "7081940dfbaa", None),
            ("known:7081940dfbaa", "7081940dfbaa", None),
            ("7081940dfbaa", "7081940dfbaa", None),
            ("phone:anna", "7081940dfbaa", None),
            (
                "iBeacon:426c7565-4368-6172-6d42-6561636f6e73-3838-65536",
                "",
                None,
            ),
            ("iBeacon:426c7565-4368-6172-6d42-6561636f6e73", "", None),
            ("", "", None),
        ] {
            assert_eq!(who_is(id, mac), expected, "{id}");
        }
    }
}
