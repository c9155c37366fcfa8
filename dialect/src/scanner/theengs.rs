//! Theengs Gateway and OpenMQTTGateway: JSON at `<base>/BTtoMQTT/<address>`,
//! `.../<uuid>` or `.../undecoded`. The topic names only the scanner; who was
//! heard stands in the message.
//!
//! Facts from `docs/use/ble.md` and `main/ZgatewayBT.ino` of
//! 1technophile/OpenMQTTGateway and `ble_gateway.py` of theengs/gateway:
//! `manufacturerdata` begins with the company id as it is on air,
//! `servicedata` has lost its UUID to `servicedatauuid`, and only `mac_type` 1
//! says that an address is random.

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

/// Level below a gateway's base under which its sightings come.
pub const BRANCH: &str = "BTtoMQTT";
/// Largest data of an extended advertisement, bytes (Bluetooth Core 5.4,
/// Vol 4, Part E, 7.8.54).
const ADVERT_BYTES_MAX: usize = 251;

#[derive(Deserialize)]
struct Message<'a> {
    #[serde(borrow, default)]
    id: Scalar<'a>,
    /// Where `id` holds something else than the address.
    #[serde(borrow, default)]
    mac: Scalar<'a>,
    #[serde(borrow, default)]
    mac_type: Scalar<'a>,
    #[serde(borrow, default)]
    rssi: Scalar<'a>,
    #[serde(borrow, default)]
    mfid: Scalar<'a>,
    #[serde(borrow, default)]
    uuid: Scalar<'a>,
    #[serde(borrow, default)]
    major: Scalar<'a>,
    #[serde(borrow, default)]
    minor: Scalar<'a>,
    #[serde(borrow, default)]
    txpower: Scalar<'a>,
    #[serde(borrow, default)]
    manufacturerdata: Scalar<'a>,
    #[serde(borrow, default)]
    servicedata: Scalar<'a>,
    #[serde(borrow, default)]
    servicedatauuid: Scalar<'a>,
}

/// Reads one message. Nothing when it is no sighting (a tracker's absence), or
/// names nobody: an address alone is never an identity.
pub fn read(_topic: &str, payload: &[u8], sink: &mut Sink<'_>) -> Result<(), Unreadable> {
    let message: Message<'_> = object(payload)?;
    let Some(rssi) = message.rssi.number() else {
        return Ok(());
    };
    let heard = message
        .raw()
        .or_else(|| message.decoded())
        .or_else(|| message.private());
    if let Some(heard) = heard {
        sink(sighting(&heard, rssi as f32));
    }
    Ok(())
}

impl Message<'_> {
    /// What the advertisement itself says, when the gateway passes it on.
    fn raw(&self) -> Option<advert::Heard> {
        let mut buffer = [0; ADVERT_BYTES_MAX];
        let manufacturer = self.manufacturerdata.text();
        if let Some(heard) = manufacturer
            .and_then(|text| hex(text, &mut buffer))
            .and_then(advert::from_manufacturer_data)
        {
            return Some(heard);
        }
        let service = service_uuid(self.servicedatauuid.text()?)?;
        advert::from_service_data(service, hex(self.servicedata.text()?, &mut buffer)?)
    }

    /// An iBeacon that the gateway has decoded.
    fn decoded(&self) -> Option<advert::Heard> {
        if self.mfid.text().is_some_and(|id| id != "4c00") {
            return None;
        }
        Some(advert::Heard {
            beacon: Beacon::IBeacon {
                uuid: uuid(self.uuid.text()?)?,
                major: self.major.whole()?,
                minor: self.minor.whole()?,
            },
            reference_dbm: self.txpower.reference_dbm(),
        })
    }

    fn private(&self) -> Option<advert::Heard> {
        let random = self.mac_type.whole::<u8>() == Some(1);
        let address = |field: &Scalar<'_>| field.text().and_then(Address::parse);
        let address = address(&self.mac).or_else(|| address(&self.id))?;
        advert::beacon(Some((address, random)), &[])
    }
}

/// `feaa`, `0xfeaa` or the long form that every short UUID has.
fn service_uuid(text: &str) -> Option<u16> {
    const LONG_TAIL: &str = "-0000-1000-8000-00805f9b34fb";
    let short = text
        .strip_prefix("0x")
        .or_else(|| text.strip_prefix("0000")?.strip_suffix(LONG_TAIL))
        .unwrap_or(text);
    let digits = short.len() == 4 && short.bytes().all(|b| b.is_ascii_hexdigit());
    digits.then(|| u16::from_str_radix(short, 16).ok())?
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scanner::testing;

    const UUID: [u8; 16] = 0x1de4_b189_115e_45f6_b44e_5093_5226_9977_u128.to_be_bytes();

    fn ibeacon(major: u16, minor: u16) -> Beacon {
        Beacon::IBeacon {
            uuid: UUID,
            major,
            minor,
        }
    }

    fn private(text: &str) -> Beacon {
        Beacon::PrivateAddress(Address::parse(text).unwrap())
    }

    fn check(payload: &str, expected: Option<(Beacon, f32, Option<i8>)>) {
        let mut heard = None;
        read("", payload.as_bytes(), &mut |fact| {
            heard = testing::heard(&fact);
        })
        .unwrap();
        assert_eq!(heard, expected, "{payload}");
    }

    /// Documentation examples, taken as facts: docs/use/ble.md of
    /// 1technophile/OpenMQTTGateway at 03025342.
    #[test]
    fn the_examples_of_the_makers_are_read() {
        for (id, rssi) in [
            ("60:87:57:4C:9B:C2", -78.0),
            ("52:10:A8:46:90:AC", -76.0),
            ("52:10:A8:46:90:AC", -77.0),
            ("7B:63:C6:82:DC:57", -83.0),
            ("58:78:20:76:BC:24", -79.0),
        ] {
            check(
                &format!(
                    r#"{{"id":"{id}","mac_type":1,"rssi":{rssi},"distance":7.85288,"brand":"GENERIC","model":"iBeacon","model_id":"IBEACON","mfid":"4c00","uuid":"1de4b189115e45f6b44e509352269977","major":0,"minor":0,"txpower":-66}}"#
                ),
                Some((ibeacon(0, 0), rssi, Some(-66))),
            );
        }
    }

    #[test]
    fn numbers_as_texts_and_batteries_in_place_of_power_are_borne() {
        let decoded = |tail: &str| {
            format!(r#"{{"rssi":"-79","uuid":"1DE4B189-115E-45F6-B44E-509352269977",{tail}}}"#)
        };
        for (tail, expected) in [
            (
                r#""major":"1","minor":"65535","txpower":"-66""#,
                Some((ibeacon(1, 65_535), -79.0, Some(-66))),
            ),
            (
                r#""major":1,"minor":2,"txpower":26"#,
                Some((ibeacon(1, 2), -79.0, None)),
            ),
            (
                r#""major":1,"minor":2,"volt":2.6"#,
                Some((ibeacon(1, 2), -79.0, None)),
            ),
            (r#""major":1,"minor":65536"#, None),
            (r#""major":1.5,"minor":2"#, None),
            (r#""major":1"#, None),
            (r#""major":1,"minor":2,"mfid":"9904""#, None),
        ] {
            check(&decoded(tail), expected);
        }
    }

    #[test]
    fn undecoded_advertisements_are_decoded_here() {
        let uid = Beacon::EddystoneUid {
            namespace: [0x00, 0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88, 0x99],
            instance: [1, 2, 3, 4, 5, 6],
        };
        // Eddystone-EID of K = 10 at t = 0: the ephemeral_calc vector.
        let eid = Beacon::EddystoneEid(0xa9b7_6a71_c5f8_9290_u64.to_be_bytes());
        for (fields, expected) in [
            (
                r#""manufacturerdata":"4c0002151de4b189115e45f6b44e50935226997700010002c5""#,
                Some((ibeacon(1, 2), -70.0, Some(-59))),
            ),
            (
                r#""servicedatauuid":"0xfeaa","servicedata":"00ee001122334455667788990102030405060000""#,
                Some((uid, -70.0, Some(-59))),
            ),
            (
                r#""servicedatauuid":"feaa","servicedata":"30eea9b76a71c5f89290""#,
                Some((eid, -70.0, Some(-59))),
            ),
            (
                r#""servicedatauuid":"0000feaa-0000-1000-8000-00805f9b34fb","servicedata":"30EEA9B76A71C5F89290""#,
                Some((eid, -70.0, Some(-59))),
            ),
            (r#""servicedatauuid":"fcd2","servicedata":"40""#, None),
            (
                r#""servicedatauuid":"+eaa","servicedata":"30eea9b76a71c5f89290""#,
                None,
            ),
            (r#""manufacturerdata":"not hexadecimal""#, None),
        ] {
            check(
                &format!(r#"{{"id":"00:11:22:33:44:55","mac_type":0,"rssi":-70,{fields}}}"#),
                expected,
            );
        }
    }

    #[test]
    fn an_address_counts_only_when_it_is_said_to_be_random_and_looks_resolvable() {
        for (payload, expected) in [
            (
                r#"{"id":"70:81:94:0D:FB:AA","mac_type":1,"rssi":-60}"#,
                Some((private("70:81:94:0D:FB:AA"), -60.0, None)),
            ),
            (
                r#"{"id":"x","mac":"7081940dfbaa","mac_type":"1","rssi":-60}"#,
                Some((private("70:81:94:0D:FB:AA"), -60.0, None)),
            ),
            (
                r#"{"id":"70:81:94:0D:FB:AA","mac_type":0,"rssi":-60}"#,
                None,
            ),
            (r#"{"id":"70:81:94:0D:FB:AA","rssi":-60}"#, None),
            (
                r#"{"id":"F0:81:94:0D:FB:AA","mac_type":1,"rssi":-60}"#,
                None,
            ),
            (r#"{"id":"F0:81:94","mac_type":1,"rssi":-60}"#, None),
        ] {
            check(payload, expected);
        }
    }

    #[test]
    fn what_is_no_sighting_is_passed_over_and_what_is_no_json_is_not() {
        check(r#"{"id":"AA:BB:CC:DD:EE:FF","presence":"absent"}"#, None);
        check(r#"{"rssi":"loud","manufacturerdata":"4c00"}"#, None);
        for payload in ["online", "", "{\"rssi\":-70", "[]"] {
            assert!(
                read("", payload.as_bytes(), &mut |_| {}).is_err(),
                "{payload}"
            );
        }
    }
}
