//! The bytes of packets between a node and its bridge, version 1. The file in
//! `golden/` is never edited: if a test here fails, the code is wrong, or a new
//! version with a new file is due.

use proptest::prelude::*;
use protocol::{
    beacon::hex_digit,
    frame,
    line::{BadPacket, Downward, MAX_BYTES, Reader, Upward, VERSION, write},
};
use serde::Serialize;

fn golden() -> Vec<Vec<u8>> {
    let lines = include_str!("../golden/line-v1.hex").lines();
    let packets = lines.filter(|line| !line.starts_with('#'));
    let bytes = |line: &str| {
        let digits: Vec<u8> = line.bytes().filter_map(hex_digit).collect();
        let pairs = digits.chunks(2).map(|pair| pair[0] << 4 | pair[1]);
        pairs.collect()
    };
    packets.map(bytes).collect()
}

fn upward() -> [Upward<'static>; 5] {
    [
        Upward::Here {
            store: "quan-1".parse().expect("a name"),
            node: "s-01".parse().expect("a name"),
        },
        Upward::Frame {
            number: 300,
            payload: &[1, 0, 0xFF, 0, 0, 0],
        },
        Upward::Frame {
            number: 0,
            payload: &[0xAA; 300],
        },
        Upward::Health { payload: b"{}" },
        Upward::Ask { payload: &[0] },
    ]
}

fn downward() -> [Downward<'static>; 3] {
    [
        Downward::WhoIsThere,
        Downward::Taken { number: u32::MAX },
        Downward::Time {
            payload: &[7, 0, 9],
        },
    ]
}

fn packet<M: Serialize>(message: &M) -> Vec<u8> {
    let mut room = [0; MAX_BYTES];
    write(message, &mut room)
        .expect("any message fits")
        .to_vec()
}

#[test]
fn packets_of_version_1_keep_their_bytes_and_are_understood() {
    let golden = golden();
    let (up, down) = golden.split_at(upward().len());
    let mut reader = Reader::new();
    for (bytes, message) in up.iter().zip(upward()) {
        assert_eq!(packet(&message), *bytes);
        let (zero, body) = bytes.split_last().unwrap();
        assert!(body.iter().all(|b| reader.take::<Upward>(*b).is_none()));
        assert_eq!(reader.take(*zero), Some(Ok(message)));
    }
    assert_eq!(down.len(), downward().len());
    for (bytes, message) in down.iter().zip(downward()) {
        assert_eq!(packet(&message), *bytes);
        let (zero, body) = bytes.split_last().unwrap();
        assert!(body.iter().all(|b| reader.take::<Downward>(*b).is_none()));
        assert_eq!(reader.take(*zero), Some(Ok(message)));
    }
}

#[test]
fn the_largest_frame_fits_its_packet() {
    // Without a zero COBS needs a byte of its own most often.
    let message = Upward::Frame {
        number: u32::MAX,
        payload: &[0xAA; frame::MAX_BYTES],
    };
    let bytes = packet(&message);
    assert_eq!(bytes.len(), MAX_BYTES);
    let mut reader = Reader::new();
    let read = bytes
        .iter()
        .any(|byte| reader.take(*byte) == Some(Ok(message.clone())));
    assert!(read);
    let mut small = [0; 100];
    assert_eq!(write(&message, &mut small), Err(BadPacket::Buffer));
    assert_eq!(write(&message, &mut []), Err(BadPacket::Buffer));
}

#[test]
fn packets_that_say_nothing_say_why() {
    let sum = |body: &[u8]| {
        let crc = crc::Crc::<u32>::new(&crc::CRC_32_ISO_HDLC);
        let whole = [body, &crc.checksum(body).to_le_bytes()].concat();
        let mut packet = vec![0; whole.len() + 2];
        let used = cobs::encode(&whole, &mut packet);
        packet.truncate(used);
        packet
    };
    for (packet, expected) in [
        (sum(&[VERSION + 1, 0]), BadPacket::Version(VERSION + 1)),
        (sum(&[VERSION, 9]), BadPacket::Message),
        (sum(&[VERSION, 0, 7]), BadPacket::Message),
        (sum(&[]), BadPacket::Message),
        (vec![1], BadPacket::Damaged),
        (vec![9, 1, 1], BadPacket::Damaged),
        (vec![5, 1, 2, 3, 4], BadPacket::Damaged),
        (vec![1; MAX_BYTES + 1], BadPacket::TooLong),
    ] {
        let mut reader = Reader::new();
        assert!(packet.iter().all(|b| reader.take::<Downward>(*b).is_none()));
        assert_eq!(reader.take::<Downward>(0), Some(Err(expected)));
        // And the next one is read.
        let next = self::packet(&Downward::WhoIsThere);
        let read = next
            .iter()
            .any(|byte| reader.take(*byte) == Some(Ok(Downward::WhoIsThere)));
        assert!(read);
    }
}

proptest! {
    #[test]
    fn after_any_garbage_the_next_packet_is_read(
        garbage in prop::collection::vec(any::<u8>(), 0..3_000),
        cut in 0_usize..20,
        number in any::<u32>(),
    ) {
        let message = Downward::Taken { number };
        let mut reader = Reader::new();
        for byte in garbage {
            let _ = reader.take::<Downward>(byte);
        }
        // A packet that somebody cut off is garbage, too.
        let bytes = packet(&message);
        for byte in &bytes[..cut.min(bytes.len() - 1)] {
            let _ = reader.take::<Downward>(*byte);
        }
        let read = bytes.iter().any(|byte| reader.take(*byte) == Some(Ok(message.clone())));
        prop_assert!(read);
    }

    #[test]
    fn a_flipped_bit_is_noticed(at in 0_usize..300, bit in 0_u8..8) {
        let whole = packet(&upward()[2]);
        let mut bytes = whole.clone();
        // The zeros around it stay: without them it is another packet.
        let at = 1 + at % (bytes.len() - 2);
        bytes[at] ^= 1 << bit;
        let mut reader = Reader::new();
        let heard: Vec<bool> = bytes
            .iter()
            .filter_map(|byte| Some(reader.take::<Upward>(*byte)?.is_ok()))
            .collect();
        prop_assert!(!heard.is_empty() && !heard.contains(&true));
    }
}
