use super::*;
use crate::{advert::no_keys, testing::check};

#[test]
fn an_advertisement_that_was_cut_off_is_read_as_far_as_it_goes() {
    for (mac, advert, kind) in [
        ("A4C1387FC1E1", "020106", "Public"),
        ("A4C1387FC1E1/1", "0201060", "RandomNonResolvable"),
    ] {
        let payload =
            format!(r#"{{"DetailsBLE":{{"mac":"{mac}","a":"Anna","RSSI":-60,"p":"{advert}"}}}}"#);
        check(
            mac,
            |sink| read("tele/tasmota/BLE", payload.as_bytes(), &no_keys, sink),
            &[
                &format!("from tasmota A4:C1:38:7F:C1:E1 {kind} -60"),
                "flags=6",
                "heard address",
                "alias=Anna",
            ],
        );
    }
    assert!(read("tele/x/BLE", b"{}", &no_keys, &mut |_| {}).is_err());
}
