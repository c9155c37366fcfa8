use super::*;
use crate::{advert::no_keys, testing::lines};

fn on(topic: &str, payload: &str) -> Vec<String> {
    lines(|sink| read(topic, payload.as_bytes(), &no_keys, sink))
}

#[test]
fn times_are_texts_and_may_be_absent() {
    let topic = "ruuvi/C8:25:2D:8E:9C:2C/F4:1F:0C:28:CB:D6";
    for (time, from) in [
        (
            r#""ts":"1653668027","gwts":"1653668028""#,
            " at 1653668027000",
        ),
        (r#""gwts":1653668028"#, " at 1653668028000"),
        (r#""cnt":"338""#, ""),
    ] {
        let payload = format!(
            r#"{{"gw_mac":"C8:25:2D:8E:9C:2C","rssi":"-26",{time},"aoa":[],"data":"020106","coords":""}}"#
        );
        assert_eq!(
            on(topic, &payload),
            [
                &format!("from C8:25:2D:8E:9C:2C F4:1F:0C:28:CB:D6 Unknown -26{from}"),
                "flags=6",
                "heard address"
            ]
        );
    }
}

#[test]
fn a_gateway_says_whether_it_is_there() {
    assert_eq!(
        on(
            "ruuvi/C8:25:2D:8E:9C:2C/gw_status",
            r#"{"state":"offline"}"#
        ),
        ["from C8:25:2D:8E:9C:2C -", "online false"]
    );
    assert_eq!(
        on("ruuvi/x", "{}"),
        ["refused: neither an advertisement nor a state"]
    );
}

#[test]
fn an_advertisement_that_is_none_is_a_sighting_still() {
    assert_eq!(
        on("a/F41F0C28CBD6", r#"{"rssi":-26,"data":"zz"}"#),
        ["from a F4:1F:0C:28:CB:D6 Unknown -26", "heard address"]
    );
}
