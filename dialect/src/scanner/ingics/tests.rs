use super::*;
use crate::{advert::no_keys, testing::lines};

fn on(payload: &str) -> Vec<String> {
    let mut lines = lines(|sink| read("any", payload.as_bytes(), &no_keys, sink));
    lines.retain(|line| !line.starts_with("format=") && !line.starts_with("flags="));
    lines
}

#[test]
fn several_lines_are_read_and_a_bad_one_loses_itself_alone() {
    let payload = "$GPRP,7ABA6F20ACCF,806172C89C09,-2,\r\nnonsense\r\n$HBRP,F008D1798C60,F008D1798C60,-127,00000000,1635322857\r\n";
    assert_eq!(
        on(payload),
        [
            "from 806172C89C09 7A:BA:6F:20:AC:CF Unknown -2",
            "heard address",
            "from F008D1798C60 F0:08:D1:79:8C:60 Unknown -127 at 1635322857000",
            "online true",
        ]
    );
    assert_eq!(on("nonsense"), ["refused: no report of an Ingics gateway"]);
}

#[test]
fn times_are_whole_seconds_or_have_a_fraction() {
    for (line, at) in [
        (
            "$GPRP,7ABA6F20ACCF,806172C89C09,-2,,1575440728",
            " at 1575440728000",
        ),
        (
            "$RSPR,7ABA6F20ACCF,806172C89C09,-2,,1639557006.811",
            " at 1639557006811",
        ),
        ("$1MAD,7aba6f20accf,806172C89C09,-2,", ""),
    ] {
        let from = format!("from 806172C89C09 7A:BA:6F:20:AC:CF Unknown -2{at}");
        assert_eq!(on(line), [&from, "heard address"], "{line}");
    }
}

#[test]
fn a_gateway_says_where_it_is() {
    assert_eq!(
        on(
            "$GPSR,C82B96AE3B04,C82B96AE3B04,-127,200608,073549.00,-24.993477,121.422981,0.0,3.5,1591609841"
        ),
        [
            "from C82B96AE3B04 C8:2B:96:AE:3B:04 Unknown -127 at 1591609841000",
            "latitude.0 -24.993477",
            "longitude.0 121.422981",
        ]
    );
}

#[test]
fn gateways_that_decode_use_long_and_short_names() {
    for report in [
        r#"{"data":[{"ts":1635216015.634,"reader":"F008D178943C","tag":"0081F96B918D","rssi":-54,"type":"iBS03T","battery":3.01,"button":false,"temperature":25.05,"humidity":70}]}"#,
        r#"{"ts":1635216015.634,"gw":"F008D178943C","tag":"0081F96B918D","rssi":-54,"type":"iBS03T","vbatt":3.01,"btn":false,"temp":25.05,"rh":70}"#,
    ] {
        let mut lines = on(report);
        lines[3..].sort();
        assert_eq!(
            lines,
            [
                "from F008D178943C 00:81:F9:6B:91:8D Unknown -54 at 1635216015634",
                "heard address",
                "model=iBS03T",
                "battery_voltage.0 3.01",
                "humidity.0 70",
                "pressed.0 false",
                "temperature.0 25.05",
            ]
        );
    }
}

#[test]
fn lines_may_come_inside_json() {
    assert_eq!(
        on(r#"{"data":["$GPRP,7ABA6F20ACCF,806172C89C09,-2,",7]}"#),
        [
            "from 806172C89C09 7A:BA:6F:20:AC:CF Unknown -2",
            "heard address"
        ]
    );
    assert_eq!(
        on(r#"{"data":[{"ts":1633561383,"reader":"F0","type":"GNSS","lat":22.5,"long":120.25}]}"#),
        [
            "from F0 F0 at 1633561383000",
            "latitude.0 22.5",
            "longitude.0 120.25"
        ]
    );
}

#[test]
fn only_reports_look_like_reports() {
    for (payload, is) in [
        ("$GPRP,", true),
        (" \r\n$1MSR,x", true),
        ("$GPRPS,", false),
        ("$", false),
    ] {
        assert_eq!(looks_like(payload.as_bytes()), is, "{payload}");
    }
}
