//! The bytes of [`NodeFrame`], as nodes in shops send them. A file in
//! `golden/` is never edited: if a test here fails, the code is wrong, or a new
//! version with a new file is due.

mod bytes;

use bytes::{golden, hex};
use proptest::prelude::*;
use protocol::{
    beacon::{Address, Beacon},
    frame::{
        BadFrame, MAX_BYTES, MAX_READINGS, MAX_SIGHTINGS, NodeFrame, NodeReading, NodeSighting,
        Quantity, VERSION,
    },
    time::Stamp,
};

/// One of every kind of beacon and quantity, with values whose bytes differ.
fn version_1() -> NodeFrame {
    let beacons = [
        Beacon::IBeacon {
            uuid: *b"\x00\x11\x22\x33\x44\x55\x66\x77\x88\x99\xaa\xbb\xcc\xdd\xee\xff",
            major: 258,
            minor: 7,
        },
        Beacon::EddystoneUid {
            namespace: *b"\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a",
            instance: *b"\x0b\x0c\x0d\x0e\x0f\x10",
        },
        Beacon::EddystoneEid(*b"\xa9\xb7\x6a\x71\xc5\xf8\x92\x90"),
        Beacon::PrivateAddress(Address(*b"\x70\x81\x94\x0d\xfb\xaa")),
    ];
    let values = [
        Quantity::TemperatureCentiCelsius(-550),
        Quantity::HumidityPermille(465),
        Quantity::IlluminanceLux(70_000),
        Quantity::Occupied(true),
        Quantity::Passages {
            inward: 1_234,
            outward: 1_200,
        },
        Quantity::WeightGrams(-20),
        Quantity::BatteryMillivolts(2_950),
        Quantity::Fault,
    ];
    NodeFrame {
        made: None,
        boot: 0xDEAD_BEEF,
        sequence: 300,
        uptime_ms: 4_000_000,
        dropped: 5,
        sightings: beacons
            .into_iter()
            .zip([-71_i8, -60, -99, -128])
            .map(|(beacon, rssi)| NodeSighting {
                beacon,
                rssi_mean_dbm: rssi,
                rssi_max_dbm: rssi.saturating_add(4),
                count: 9,
                reference_dbm: (rssi > -90).then_some(-59),
                age_ms: 640,
            })
            .collect(),
        readings: values
            .into_iter()
            .zip(0..)
            .map(|(value, port)| NodeReading {
                port,
                value,
                age_ms: 20,
            })
            .collect(),
    }
}

/// The same, of a node that knows the time.
fn version_2() -> NodeFrame {
    NodeFrame {
        made: Some(Stamp {
            epoch: 7,
            steady_ms: 3_600_000,
            within_ms: 12,
            date_ms: Some(1_795_226_400_000),
        }),
        ..version_1()
    }
}

/// What nodes in shops send, and what it means.
fn versions() -> [(Vec<u8>, NodeFrame); 2] {
    [
        (
            golden(include_str!("../golden/node-frame-v1.hex")),
            version_1(),
        ),
        (
            golden(include_str!("../golden/node-frame-v2.hex")),
            version_2(),
        ),
    ]
}

#[test]
fn frames_of_every_version_keep_their_bytes() {
    for (golden, frame) in versions() {
        let mut buffer = [0; MAX_BYTES];
        let made = frame.encode(&mut buffer).unwrap();
        assert_eq!(hex(made), hex(&golden));
    }
}

#[test]
fn frames_of_every_version_are_still_understood() {
    for (golden, frame) in versions() {
        assert_eq!(NodeFrame::decode(&golden), Ok(frame));
    }
}

#[test]
fn the_largest_frame_fits_its_buffer() {
    let sighting = NodeSighting {
        beacon: Beacon::IBeacon {
            uuid: [0xFF; 16],
            major: u16::MAX,
            minor: u16::MAX,
        },
        rssi_mean_dbm: i8::MIN,
        rssi_max_dbm: i8::MIN,
        count: u8::MAX,
        reference_dbm: Some(i8::MIN),
        age_ms: u16::MAX,
    };
    let reading = NodeReading {
        port: u8::MAX,
        value: Quantity::Passages {
            inward: u32::MAX,
            outward: u32::MAX,
        },
        age_ms: u16::MAX,
    };
    let frame = NodeFrame {
        made: Some(Stamp {
            epoch: u32::MAX,
            steady_ms: u64::MAX,
            within_ms: u32::MAX,
            date_ms: Some(u64::MAX),
        }),
        boot: u32::MAX,
        sequence: u32::MAX,
        uptime_ms: u32::MAX,
        dropped: u32::MAX,
        sightings: [sighting; MAX_SIGHTINGS].into_iter().collect(),
        readings: [reading; MAX_READINGS].into_iter().collect(),
    };
    let mut buffer = [0; MAX_BYTES];
    let used = frame.encode(&mut buffer).unwrap().len();
    // 1 + 31 + 4 * 5 + (1 + 32 * 31) + (1 + 8 * 15), by postcard's wire format.
    assert_eq!(used, 1_166);
    assert_eq!(NodeFrame::decode(&buffer[..used]), Ok(frame));
}

#[test]
fn bytes_that_are_no_whole_frame_say_why() {
    for (whole, frame) in versions() {
        let longer = [&whole[..], &[0]].concat();
        for (bytes, expected) in [
            (&[][..], BadFrame::Empty),
            (&whole[..1], BadFrame::Body),
            (&whole[..3], BadFrame::Body),
            (&[0, 1, 2], BadFrame::Version(0)),
            (&[VERSION + 1, 1, 2], BadFrame::Version(VERSION + 1)),
            (&whole[..whole.len() - 1], BadFrame::Body),
            (&longer, BadFrame::Body),
        ] {
            assert_eq!(NodeFrame::decode(bytes), Err(expected), "{}", hex(bytes));
        }
        let mut small = [0; 40];
        for room in [0, 1, 5, 40] {
            assert_eq!(frame.encode(&mut small[..room]), Err(BadFrame::Buffer));
        }
    }
}

proptest! {
    #[test]
    fn any_bytes_decode_to_a_frame_or_to_a_reason(
        mut bytes in prop::collection::vec(any::<u8>(), 0..200),
        ours in prop::option::of(1..=VERSION),
    ) {
        if let (Some(version), Some(first)) = (ours, bytes.first_mut()) {
            *first = version;
        }
        if let Ok(frame) = NodeFrame::decode(&bytes) {
            let mut buffer = [0; MAX_BYTES];
            let again = frame.encode(&mut buffer).unwrap();
            prop_assert_eq!(NodeFrame::decode(again), Ok(frame));
        }
    }

    #[test]
    fn a_flipped_bit_never_panics(n in 0_usize..2, at in 0_usize..1_000, bit in 0_u8..8) {
        let (mut bytes, _) = versions()[n].clone();
        let at = at % bytes.len();
        bytes[at] ^= 1 << bit;
        let _ = NodeFrame::decode(&bytes);
    }
}
