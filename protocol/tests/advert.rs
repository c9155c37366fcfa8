//! Advertisements as real beacons send them. Each published vector names its
//! source and licence.

use proptest::prelude::*;
use protocol::{
    advert::{self, EDDYSTONE, Heard, structures},
    beacon::{Address, Beacon, hex_digit},
};

fn hex(text: &str) -> Vec<u8> {
    let digits: Vec<u8> = text.bytes().filter_map(hex_digit).collect();
    assert_eq!(digits.len(), text.len(), "not hexadecimal: {text}");
    digits
        .chunks(2)
        .map(|pair| pair[0] << 4 | pair[1])
        .collect()
}

fn bytes<const N: usize>(text: &str) -> [u8; N] {
    hex(text)
        .try_into()
        .expect("the table gives as many bytes as the field has")
}

fn ibeacon(uuid: &str, major: u16, minor: u16, reference_dbm: Option<i8>) -> Heard {
    let uuid = bytes(uuid);
    Heard {
        beacon: Beacon::IBeacon { uuid, major, minor },
        reference_dbm,
    }
}

fn altbeacon(id: &str) -> Heard {
    Heard {
        beacon: Beacon::AltBeacon(bytes(id)),
        reference_dbm: Some(-59),
    }
}

fn uid(namespace: &str, instance: &str, reference_dbm: i8) -> Heard {
    Heard {
        beacon: Beacon::EddystoneUid {
            namespace: bytes(namespace),
            instance: bytes(instance),
        },
        reference_dbm: Some(reference_dbm),
    }
}

#[test]
fn published_advertisements_name_their_beacon() {
    for (source, ad, expected) in [
        (
            "sz33psz/kontakt-beacon-parser@7be96098 parser_test.go, MIT; major and minor read big-endian",
            "1aff4c000215f7826da64fa24e988024bc5b71e0893e01020304b3",
            Some(ibeacon(
                "f7826da64fa24e988024bc5b71e0893e",
                258,
                772,
                Some(-77),
            )),
        ),
        (
            "citruz/beacontools@513e1c7f tests/test_parser.py::test_ibeacon, MIT",
            "0201061aff4c0002154142434445464748494041424344454600010002f8",
            Some(ibeacon("41424344454647484940414243444546", 1, 2, Some(-8))),
        ),
        (
            "sz33psz/kontakt-beacon-parser@7be96098 parser_test.go, MIT: cut short",
            "1aff4c000215f7826da64fa24e988024bc5b71e0893e01020304",
            None,
        ),
        (
            "AltBeacon/android-beacon-library@42e672e9 GattBeaconTest, Apache-2.0: 18-byte UID, zero padded",
            "0201060303aafe1516aafe00e70001020304050607080901020304050600000000000000",
            Some(uid("00010203040506070809", "010203040506", -25 - 41)),
        ),
        (
            "sz33psz/kontakt-beacon-parser@7be96098 parser_test.go, MIT: 20-byte UID",
            "1716aafe0004010203040506070809000102030405060000",
            Some(uid("01020304050607080900", "010203040506", 4 - 41)),
        ),
        (
            "citruz/beacontools@513e1c7f test_bad_packets, MIT: no such frame",
            "0201060303aafe1716aafe01e312345678901234678901000000000001000000",
            None,
        ),
        (
            "citruz/beacontools@513e1c7f test_eddystone_url, MIT: a place, not a beacon",
            "0303aafe1316aafe10f8036769746875620063697472757a",
            None,
        ),
        (
            "sz33psz/kontakt-beacon-parser@7be96098 parser_test.go, MIT",
            "ffffffffffffffffffffff",
            None,
        ),
        (
            "AltBeacon/android-beacon-library@42e672e9 AltBeaconParserTest, Apache-2.0",
            "02011a1bff1801beac2f234454cf6d4a0fadf2f4911ba9ffa600010002c50900",
            Some(altbeacon("2f234454cf6d4a0fadf2f4911ba9ffa600010002")),
        ),
        (
            "AltBeacon/android-beacon-library@42e672e9 BeaconParserTest issue 323, Apache-2.0",
            "02010604ffe000be",
            None,
        ),
    ] {
        assert_eq!(advert::beacon(None, &hex(ad)), expected, "{source}");
    }
}

#[test]
fn service_and_manufacturer_data_read_alike_when_a_scanner_splits_them_off() {
    let eid = Beacon::EddystoneEid(bytes("0011223344556677"));
    for (source, body, expected) in [
        (
            "reelyactive/advlib-ble-services@1351ff0 Eddystone-EID, MIT",
            "30fc0011223344556677",
            Some(Heard {
                beacon: eid,
                reference_dbm: Some(-45),
            }),
        ),
        (
            "reelyactive/advlib-ble-services@1351ff0 Find Hub, MIT",
            "411b0d83b421ea92034602c6b21119d5b626a3ce4bb0",
            None,
        ),
        ("reelyactive/advlib-ble-services@1351ff0, MIT", "ff", None),
        (
            "reelyactive/advlib-ble-services@1351ff0 Eddystone-URL, MIT",
            "10000367657470617265746f07",
            None,
        ),
    ] {
        let body = hex(body);
        assert_eq!(
            advert::from_service_data(EDDYSTONE, &body),
            expected,
            "{source}"
        );
        assert_eq!(advert::from_service_data(0xFD6F, &body), None, "{source}");
    }
    // reelyactive/advlib-ble-manufacturers@74b0e77, MIT, behind its company id.
    let data = hex("4c00021500112233445566778899aabbccddeeff01234567fc");
    assert_eq!(
        advert::from_manufacturer_data(&data),
        Some(ibeacon(
            "00112233445566778899aabbccddeeff",
            0x0123,
            0x4567,
            Some(-4)
        ))
    );
}

#[test]
fn an_impossible_strength_is_no_strength() {
    let mut data = hex("4c00021500112233445566778899aabbccddeeff012345671a");
    assert_eq!(
        advert::from_manufacturer_data(&data),
        Some(ibeacon(
            "00112233445566778899aabbccddeeff",
            0x0123,
            0x4567,
            None
        ))
    );
    data.truncate(24);
    assert_eq!(advert::from_manufacturer_data(&data), None);
    for (power, expected) in [
        ("9b", None), // -101 dBm, below what the specification allows
        ("9c", Some(-128)),
        ("14", Some(-21)),
        ("15", None),
    ] {
        let body = hex(&format!("30{power}0011223344556677"));
        let heard = advert::from_service_data(EDDYSTONE, &body).unwrap();
        assert_eq!(heard.reference_dbm, expected, "{power}");
    }
}

#[test]
fn only_a_random_resolvable_address_names_a_sender_without_a_beacon() {
    let heard = |text: &str, random| {
        let address = Address::parse(text).unwrap();
        advert::beacon(Some((address, random)), &hex("020106")).map(|h| h.beacon)
    };
    // Bluetooth Core 5.4, Vol 6, Part B, 1.3.2: the two top bits tell the kinds apart.
    let resolvable = Address::parse("70:81:94:0D:FB:AA").unwrap();
    assert_eq!(
        heard("70:81:94:0D:FB:AA", true),
        Some(Beacon::PrivateAddress(resolvable))
    );
    for (text, random) in [
        ("70:81:94:0D:FB:AA", false),
        ("3f:00:00:00:00:00", true), // not resolvable
        ("c0:01:02:b2:12:da", true), // static
        ("80:01:02:b2:12:da", true), // reserved
    ] {
        assert_eq!(heard(text, random), None, "{text}");
    }
}

#[test]
fn a_beacon_wins_over_the_address_it_came_from() {
    let ad = hex("020106020a040c16aafe30fc0011223344556677");
    // The structure claims 12 bytes where the frame has 13: nothing is read past it.
    let address = Address::parse("70:81:94:0D:FB:AA").unwrap();
    assert_eq!(
        advert::beacon(Some((address, true)), &ad).map(|h| h.beacon),
        Some(Beacon::PrivateAddress(address))
    );
    let ad = hex("020106020a040d16aafe30fc0011223344556677");
    assert_eq!(
        advert::beacon(Some((address, true)), &ad).map(|h| h.beacon),
        Some(Beacon::EddystoneEid(bytes("0011223344556677")))
    );
}

#[test]
fn structures_pass_over_padding_and_end_at_a_truncated_one() {
    let kinds = |ad: &str| -> Vec<(u8, usize)> {
        structures(&hex(ad))
            .map(|s| (s.kind, s.data.len()))
            .collect()
    };
    // Bluetooth-Devices/bluetooth-data-tools@0f03ff4e tests/test_gap.py, Apache-2.0,
    // and reelyactive/advlib-ble@b23768d, MIT.
    for (ad, expected) in [
        ("", vec![]),
        ("00", vec![]),
        ("010106", vec![(1, 0)]),
        ("020ace", vec![(0x0a, 1)]),
        ("162101", vec![]),
        ("002101", vec![]),
        ("0108", vec![(8, 0)]),
        ("ff0000", vec![]),
        ("0516aafe12340516edfeabcd", vec![(0x16, 4), (0x16, 4)]),
        ("020106020a0400", vec![(1, 1), (0x0a, 1)]),
        // Padded before the scan response; an element of type 0.
        ("020106000000020a04", vec![(1, 1), (0x0a, 1)]),
        ("03000050020106", vec![(1, 1)]),
        ("0201060416aa", vec![(1, 1)]),
    ] {
        assert_eq!(kinds(ad), expected, "{ad}");
    }
}

fn any_beacon() -> impl Strategy<Value = Beacon> {
    prop_oneof![
        (any::<[u8; 16]>(), any::<u16>(), any::<u16>())
            .prop_map(|(uuid, major, minor)| { Beacon::IBeacon { uuid, major, minor } }),
        (any::<[u8; 10]>(), any::<[u8; 6]>()).prop_map(|(namespace, instance)| {
            Beacon::EddystoneUid {
                namespace,
                instance,
            }
        }),
        any::<[u8; 8]>().prop_map(Beacon::EddystoneEid),
        any::<[u8; 20]>().prop_map(Beacon::AltBeacon),
    ]
}

/// As a beacon would put itself on the air, between flags and a name.
fn on_air(beacon: Beacon, power: i8, reserved: bool) -> Vec<u8> {
    let power = power.cast_unsigned();
    let mut body = match beacon {
        Beacon::IBeacon { uuid, major, minor } => {
            let mut body = vec![0xFF, 0x4C, 0x00, 0x02, 0x15];
            body.extend(uuid);
            body.extend(major.to_be_bytes());
            body.extend(minor.to_be_bytes());
            body.push(power);
            body
        }
        Beacon::EddystoneUid {
            namespace,
            instance,
        } => {
            let mut body = vec![0x16, 0xAA, 0xFE, 0x00, power];
            body.extend(namespace);
            body.extend(instance);
            body.extend([0, 0].iter().filter(|_| reserved));
            body
        }
        Beacon::EddystoneEid(eid) => {
            let mut body = vec![0x16, 0xAA, 0xFE, 0x30, power];
            body.extend(eid);
            body
        }
        Beacon::PrivateAddress(_) => vec![0x0A, power],
        Beacon::AltBeacon(id) => {
            let mut body = vec![0xFF, 0x18, 0x01, 0xBE, 0xAC];
            body.extend(id);
            body.push(power);
            body.extend([0].iter().filter(|_| reserved));
            body
        }
    };
    body.insert(0, body.len() as u8);
    [&[2, 1, 6], &body[..], &[3, 9, b'h', b'i']].concat()
}

proptest! {
    #[test]
    fn what_a_beacon_sends_is_heard_as_that_beacon(
        beacon in any_beacon(),
        power in -100_i8..=-1,
        reserved in any::<bool>(),
        address in any::<[u8; 6]>(),
        random in any::<bool>(),
    ) {
        let heard = advert::beacon(Some((Address(address), random)), &on_air(beacon, power, reserved))
            .unwrap();
        prop_assert_eq!(heard.beacon, beacon);
        let loss = match beacon {
            Beacon::IBeacon { .. } | Beacon::AltBeacon(_) => 0,
            _ => 41,
        };
        prop_assert_eq!(heard.reference_dbm, Some(power.saturating_sub(loss)));
    }

    #[test]
    fn any_bytes_are_read_without_panic_and_never_past_their_structure(
        ad in prop::collection::vec(any::<u8>(), 0..80),
    ) {
        let mut used = 0;
        for structure in structures(&ad) {
            used += 2 + structure.data.len();
        }
        prop_assert!(used <= ad.len());
        let _ = advert::beacon(None, &ad);
        let _ = advert::from_manufacturer_data(&ad);
        let _ = advert::from_service_data(EDDYSTONE, &ad);
    }
}
