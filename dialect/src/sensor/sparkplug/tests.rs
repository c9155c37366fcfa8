use super::*;
use crate::testing::check;

fn reads(topic: &str, payload: &[u8], expected: &[&str]) {
    check(topic, |sink| read(topic, payload, sink), expected);
}

#[test]
fn a_signed_number_is_read_by_its_type() {
    for (datatype, expected) in [(1, "number.0 -1"), (2, "number.0 255"), (3, "number.0 255")] {
        let metric = [0x0A, 1, b'n', 0x20, datatype, 0x50, 0xFF, 0x01];
        let mut payload = vec![0x12, metric.len() as u8];
        payload.extend(metric);
        reads(
            "spBv1.0/g/DDATA/node/door",
            &payload,
            &["from - door", "property=n", expected],
        );
    }
}

#[test]
fn deaths_are_told_and_states_of_hosts_are_not() {
    reads(
        "spBv1.0/g/NDEATH/node",
        b"",
        &["from - node", "online false"],
    );
    reads("spBv1.0/STATE/host", br#"{"online":true}"#, &[]);
    reads(
        "spBv1.0/g/DDATA/n/d",
        b"\x12\xff",
        &["refused: not protobuf"],
    );
}
