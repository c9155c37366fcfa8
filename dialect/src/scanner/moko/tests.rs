use super::*;
use crate::{advert::no_keys, testing::check};

fn reads(payload: &str, expected: &[&str]) {
    check(
        payload,
        |sink| read("x", payload.as_bytes(), &no_keys, sink),
        expected,
    );
}

#[test]
fn older_and_newer_gateways_are_read() {
    reads(
        r#"{"msg_id":3004,"device_info":{"mac":"112233445566"},"data":[{"type":8,"value":{"timestamp":"2021-01-01&17:10:16+08","mac":"ABDF01FC9E98","rssi":-78,"name":"ABC","raw":"020106"}}]}"#,
        &[
            "from 112233445566 AB:DF:01:FC:9E:98 Unknown -78 at 1609492216000",
            "flags=6",
            "heard address",
            "name=ABC",
        ],
    );
    reads(
        r#"{"msg_id":"3070","device_info":{"mac":"112233445566"},"data":[{"timestamp":1609492216000,"mac":"abdf01fc9e98","rssi":"-78","uuid":"64E2FEFF5AF34D2C97C4643B70CD82EB","major":4,"minor":1,"battery":90}]}"#,
        &[
            "from 112233445566 AB:DF:01:FC:9E:98 Unknown -78 at 1609492216000",
            "heard ibeacon 64e2feff5af34d2c97c4643b70cd82eb-4-1",
            "battery.0 90",
        ],
    );
}

#[test]
fn a_gateway_says_whether_it_is_there_and_what_else_it_says_is_passed_over() {
    reads(
        r#"{"msg_id":3003,"device_info":{"mac":"112233445566"},"data":{"net_state":"online"}}"#,
        &["from 112233445566 112233445566", "online true"],
    );
    reads(r#"{"msg_id":3001,"data":{}}"#, &[]);
    reads(r#"{"data":[]}"#, &["refused: no msg_id"]);
}
