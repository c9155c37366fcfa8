use super::*;
use crate::{advert::no_keys, testing::lines};

fn on(payload: &[u8]) -> Vec<String> {
    lines(|sink| read("/gw/ac233fc001ea/status", payload, &no_keys, sink))
}

#[test]
fn devices_belong_to_the_gateway_before_them_or_that_of_the_topic() {
    let device = r#"{"timestamp":"2019-08-01T05:54:25Z","type":"S1","mac":"AC233FA018E3","bleName":"S1","rssi":"-54","battery":100,"temperature":26.69,"humidity":65.14}"#;
    let gateway = r#"{"timestamp":"2019-08-01T05:54:25Z","type":"Gateway","mac":"AC233FC001EB","gatewayFree":98}"#;
    let facts = [
        "heard address",
        "name=S1",
        "battery.0 100",
        "temperature.0 26.69",
        "humidity.0 65.14",
    ];
    let alone = on(format!("[{device}]").as_bytes());
    assert_eq!(
        alone[0],
        "from ac233fc001ea AC:23:3F:A0:18:E3 Unknown -54 at 1564638865000"
    );
    assert_eq!(alone[1..], facts);
    let led = on(format!("[{gateway},{device}]").as_bytes());
    assert_eq!(led[1], "online true");
    assert_eq!(
        led[2],
        "from AC233FC001EB AC:23:3F:A0:18:E3 Unknown -54 at 1564638865000"
    );
    assert_eq!(led[3..], facts);
}

#[test]
fn an_ibeacon_has_no_battery_to_tell_of() {
    let payload = r#"[{"timestamp":"2022-06-17T02:03:51Z","type":"iBeacon","mac":"10C005091CD5","bleName":"","ibeaconUuid":"64E2FEFF5AF34D2C97C4643B70CD82EB","ibeaconMajor":4,"ibeaconMinor":1,"rssi":-50,"ibeaconTxPower":-70,"battery":0}]"#;
    assert_eq!(
        on(payload.as_bytes())[1..],
        ["heard ibeacon 64e2feff5af34d2c97c4643b70cd82eb-4-1 @ -70"]
    );
}

/// One device, two reports: one empty, one with flags only, from a random address.
const BINARY: [u8; 30] = [
    0xBB, 0x01, 0, 0, 0, 32, 1, 2, 3, 4, 5, 6, 0, 1, // header
    0x70, 0x81, 0x94, 0x0D, 0xFB, 0xAA, 0, 2, // device
    0, 0, 0xCF, // nothing
    3, 2, 1, 6, 6, // flags, then less than there should be
];

#[test]
fn binary_reports_are_read_one_by_one() {
    let mut whole = BINARY.to_vec();
    whole.extend([0xD3, 0xDD]);
    assert_eq!(
        on(&whole),
        [
            "from 010203040506 70:81:94:0D:FB:AA Public -49",
            "heard address",
            "from 010203040506 70:81:94:0D:FB:AA RandomResolvable -45",
            "flags=6",
            "heard address",
        ]
    );
    assert!(looks_like_binary(&whole));
}

#[test]
fn binary_that_is_cut_off_is_refused() {
    for length in 0..BINARY.len() {
        let lines = on(&BINARY[..length]);
        assert!(lines.last().unwrap().starts_with("refused"), "{length}");
    }
}
