use super::*;
use crate::{advert::no_keys, testing::lines};

/// `{"v": 1, "devices": [<advertising type 0, address, -86 dBm, flags>], "mac": "123B6A1A64CF"}`
fn message() -> Vec<u8> {
    let mut message = vec![0x83, 0xA1, b'v', 0x01, 0xA7];
    message.extend(b"devices");
    message.extend([
        0x91, 0xC4, 11, 0, 0x12, 0x3B, 0x6A, 0x1A, 0x64, 0xCF, 0xAA, 2, 1, 6,
    ]);
    message.extend([0xA3, b'm', b'a', b'c', 0xAC]);
    message.extend(b"123B6A1A64CF");
    message
}

fn on(payload: &[u8]) -> Vec<String> {
    lines(|sink| read("x", payload, &no_keys, sink))
}

#[test]
fn a_message_is_read_whatever_the_order_of_its_keys() {
    assert!(looks_like(&message()));
    assert_eq!(
        on(&message()),
        [
            "from 123B6A1A64CF 12:3B:6A:1A:64:CF Unknown -86",
            "flags=6",
            "heard address",
        ]
    );
}

#[test]
fn what_is_cut_off_or_nested_without_end_is_refused() {
    let whole = message();
    for length in 0..whole.len() {
        assert!(
            on(&whole[..length]).last().unwrap().starts_with("refused"),
            "{length}"
        );
    }
    let mut deep = vec![0x81, 0xA1, b'x'];
    deep.extend([0x91; 100]);
    assert!(on(&deep)[0].starts_with("refused"));
    // Four thousand million entries in five bytes.
    assert!(on(&[0xDF, 0xFF, 0xFF, 0xFF, 0xFF])[0].starts_with("refused"));
}
