//! Lines as integrators write them.

use super::*;

fn said(line: &str) -> Value {
    serde_json::from_str(&answer(7, line.as_bytes())).unwrap()
}

#[test]
fn every_kind_of_line_has_its_facts() {
    for (line, pointer, expected) in [
        (
            r#"{"id":1,"ad":"0201061aff4c000215f7826da64fa24e988024bc5b71e0893e01020304b3","address":"A4:C1:38:8D:18:B2","rssi":-61}"#,
            "/facts/2/identity",
            "f7826da6-4fa2-4e98-8024-bc5b71e0893e-258-772",
        ),
        (
            r#"{"id":1,"service_data":{"0xFCD2":"40 02 CA 09"},"address":"a4c1388d18b2"}"#,
            "/facts/2/quantity",
            "temperature",
        ),
        (
            r#"{"id":1,"service_data":{"0000fcd2-0000-1000-8000-00805f9b34fb":"40:02:ca:09"}}"#,
            "/facts/2/unit",
            "Cel",
        ),
        (
            r#"{"id":1,"manufacturer_data":{"0499":"0x0512fc5394c37cac364200cdcbb8334c884f"}}"#,
            "/facts/8/value",
            "CB:B8:33:4C:88:4F",
        ),
        (
            r#"{"id":1,"gs1":"(255)9520123456788000042"}"#,
            "/facts/0/kind",
            "code",
        ),
    ] {
        let said = said(line);
        assert_eq!(said["id"], 1);
        assert_eq!(said.pointer(pointer), Some(&expected.into()), "{said:#}");
    }
}

/// The published test `test_bindkey_correct` of bthome-ble, MIT.
#[test]
fn a_key_opens_what_is_sealed_and_a_wrong_one_says_so() {
    let line = |key: &str| {
        said(&format!(
            r#"{{"id":"x","service_data":{{"fcd2":"41a47266c95f730011223378237214"}},
                "address":"54:48:E6:8F:80:A5"{key}}}"#
        ))
    };
    let open = line(r#","key":"231d39c1d7cc1ab1aee224cd096db932""#);
    assert!(open.to_string().contains(r#""value":25.06"#), "{open:#}");
    let counter = &open["facts"][2];
    assert_eq!(counter["quantity"], "counter");
    assert_eq!(counter["value"], 0x3322_1100);
    for key in [r#","key":"00000000000000000000000000000000""#, ""] {
        let said = line(key);
        assert!(said.to_string().contains(r#""kind":"sealed""#), "{said:#}");
        assert!(!said.to_string().contains("temperature"), "{said:#}");
    }
}

/// From `CBeaconTest` of `AltBeacon/android-beacon-library`, Apache-2.0.
#[test]
fn a_phone_with_an_exposure_identifier_is_still_heard_by_its_address() {
    let said = said(
        r#"{"id":1,"ad":"02010603036ffd15166ffd0102030405060708090a0b0c0d0e0f100000",
            "address":"70:81:94:0D:FB:AA","address_kind":"random"}"#,
    );
    let facts = said["facts"].as_array().unwrap().iter();
    let sighted = facts.filter(|fact| fact["kind"] == "sighting");
    let kinds: Vec<_> = sighted.map(|fact| &fact["identity_kind"]).collect();
    assert_eq!(kinds, ["exposure", "address"]);
}

#[test]
fn a_line_that_cannot_be_read_has_an_error_and_keeps_its_id() {
    for (line, id, error) in [
        ("{", Value::Null, "not JSON"),
        ("[]", Value::Null, "not a JSON object"),
        (r#"{"id":"a"}"#, "a".into(), "holds none of"),
        (
            r#"{"id":"a","ad":"xyz"}"#,
            "a".into(),
            "ad: must be hexadecimal",
        ),
        (
            r#"{"id":"a","ad":"020"}"#,
            "a".into(),
            "ad: must be hexadecimal",
        ),
        (
            r#"{"id":"a","ad":"","address":"mine"}"#,
            "a".into(),
            "address",
        ),
        (r#"{"id":"a","ad":"","key":"00"}"#, "a".into(), "key"),
        (
            r#"{"id":"a","service_data":"00"}"#,
            "a".into(),
            "service_data",
        ),
        (r#"{"id":"a","gs1":7}"#, "a".into(), "gs1"),
    ] {
        let said = said(line);
        assert_eq!(said["id"], id);
        let why = said["error"].as_str().unwrap_or_default();
        assert!(why.starts_with(error), "{line}: {why}");
    }
    assert_eq!(said("{")["line"], 7);
}

#[test]
fn parts_of_one_advertisement_are_put_together() {
    let said = said(r#"{"id":1,"ad":["02010603ff","0101"]}"#);
    let data = said["facts"].as_array().unwrap().last().unwrap();
    assert_eq!(
        (&data["company"], &data["data"]),
        (&"0101".into(), &"".into())
    );
}
