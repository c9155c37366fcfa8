//! No bytes make a decoder panic, and none are read past their structure.

use allocation_counter::measure;
use dialect::{
    Record,
    advert::{self, captured},
    fact::{AddressKind, Device, Fact, Source, Uuid},
};
use proptest::prelude::*;
use protocol::beacon::{Address, hex_digit};
use std::cell::Cell;

/// Every published input, as seeds to mutate.
const SEEDS: [&str; 8] = [
    include_str!("vectors/beacon.jsonl"),
    include_str!("vectors/bthome.jsonl"),
    include_str!("vectors/element.jsonl"),
    include_str!("vectors/gatt.jsonl"),
    include_str!("vectors/kontakt.jsonl"),
    include_str!("vectors/maker.jsonl"),
    include_str!("vectors/minew.jsonl"),
    include_str!("vectors/ruuvi.jsonl"),
];

fn seeds() -> Vec<Vec<u8>> {
    let lines = SEEDS.iter().flat_map(|file| file.lines());
    let inputs = lines.filter_map(|line| {
        let vector: serde_json::Value = serde_json::from_str(line).ok()?;
        let digits: Vec<u8> = vector["input"]
            .as_str()?
            .bytes()
            .filter_map(hex_digit)
            .collect();
        Some(
            digits
                .chunks_exact(2)
                .map(|pair| pair[0] << 4 | pair[1])
                .collect(),
        )
    });
    inputs.collect()
}

/// Reads bytes as everything they could be, and says how many facts came.
fn read_as_everything(bytes: &[u8], id: u16, random: bool) -> usize {
    let address = Address([0x4A, 1, 2, 3, 4, 5]);
    let kind = if random {
        AddressKind::of_random(address)
    } else {
        AddressKind::Public
    };
    let source = Source {
        device: Some(Device::Radio(address, kind)),
        ..Source::default()
    };
    let facts = Cell::new(0);
    let mut sink = |fact: Fact<'_>| {
        serde_json::to_string(&Record::from(fact)).expect("every fact can be written");
        facts.set(facts.get() + 1);
    };
    let keys = |_| Some([7; 16]);
    advert::read(source, bytes, &keys, &mut sink);
    captured::guess(source, bytes, &keys, &mut sink);
    advert::service_data(source, Uuid::Short(id), bytes, &keys, &mut sink);
    advert::manufacturer_data(source, id, bytes, &mut sink);
    facts.get()
}

/// Those that are understood, beside any others.
fn any_id() -> impl Strategy<Value = u16> {
    let known = vec![
        0x004C, 0x0059, 0x000D, 0x0077, 0x015D, 0x026C, 0x03DA, 0x0472, 0x0499, 0x0500, 0x0583,
        0x0590, 0x0639, 0x0757, 0x075B, 0x082C, 0x0A62, 0xFEAA, 0xFCD2, 0x181C, 0x181E, 0xFE6A,
        0xD00D, 0xFFE1, 0xFD6F, 0xFDAF, 0xFD94, 0xFE9A, 0x2A67, 0x2A37, 0x2A6E, 0x2BD0,
    ];
    prop_oneof![prop::sample::select(known), any::<u16>()]
}

#[test]
fn published_advertisements_are_read_without_touching_the_heap() {
    for bytes in seeds() {
        let spent = measure(|| {
            let mut facts = 0;
            let mut sink = |_: Fact<'_>| facts += 1;
            captured::guess(Source::default(), &bytes, &|_| Some([7; 16]), &mut sink);
        });
        assert_eq!(spent.count_total, 0, "{bytes:02x?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn any_bytes_are_read(
        bytes in prop::collection::vec(any::<u8>(), 0..300),
        id in any_id(),
        random in any::<bool>(),
    ) {
        // Wherever nobody named themselves, the address was sighted.
        prop_assert!(read_as_everything(&bytes, id, random) >= 4);
    }

    #[test]
    fn bytes_nearly_right_are_read(
        mut bytes in prop::sample::select(seeds()),
        id in any_id(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..4),
        cut in any::<prop::sample::Index>(),
    ) {
        for (at, byte) in changes {
            if !bytes.is_empty() {
                let at = at.index(bytes.len());
                bytes[at] = byte;
            }
        }
        bytes.truncate(cut.index(bytes.len() + 1));
        prop_assert!(read_as_everything(&bytes, id, true) >= 4);
    }
}
