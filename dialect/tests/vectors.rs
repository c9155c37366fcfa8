//! Published test vectors of other people's decoders, and published messages of
//! scanners and sensors, as tables: what each expects is looked up in our facts.
//! Sources and licences stand in every line of `vectors/*.jsonl`; the values are
//! facts about formats, not code.

mod message;
mod vector;

use serde_json::Value;
use vector::differences::DIFFERENCES;

/// Advertisements of one file.
fn all_agree(vectors: &str, count: usize) {
    all_pass(vectors, count, vector::check::check);
}

fn all_pass(vectors: &str, count: usize, check: impl Fn(&Value, &mut Vec<String>)) {
    let mut wrong = Vec::new();
    let mut read = 0;
    for line in vectors.lines() {
        let vector = serde_json::from_str(line).expect("every line is an object");
        check(&vector, &mut wrong);
        read += 1;
    }
    assert_eq!(read, count);
    assert!(wrong.is_empty(), "{}\n{wrong:#?}", wrong.len());
}

#[test]
fn beacons_agree_with_their_vectors() {
    all_agree(include_str!("vectors/beacon.jsonl"), 25);
}

#[test]
fn bthome_agrees_with_its_vectors() {
    all_agree(include_str!("vectors/bthome.jsonl"), 101);
}

#[test]
fn plain_elements_agree_with_their_vectors() {
    all_agree(include_str!("vectors/element.jsonl"), 99);
}

#[test]
fn gatt_agrees_with_its_vectors() {
    all_agree(include_str!("vectors/gatt.jsonl"), 18);
}

#[test]
fn kontakt_agrees_with_its_vectors() {
    all_agree(include_str!("vectors/kontakt.jsonl"), 14);
}

#[test]
fn makers_agree_with_their_vectors() {
    all_agree(include_str!("vectors/maker.jsonl"), 34);
}

#[test]
fn minew_agrees_with_its_vectors() {
    all_agree(include_str!("vectors/minew.jsonl"), 17);
}

#[test]
fn ruuvi_agrees_with_its_vectors() {
    all_agree(include_str!("vectors/ruuvi.jsonl"), 22);
}

#[test]
fn scanners_agree_with_their_vectors() {
    all_pass(include_str!("vectors/scanner.jsonl"), 46, message::check);
}

#[test]
fn sensors_agree_with_their_vectors() {
    all_pass(include_str!("vectors/sensor.jsonl"), 31, message::check);
}

#[test]
fn every_difference_has_its_reason() {
    for (id, key, reason) in DIFFERENCES.iter().chain(message::DIFFERENCES) {
        assert!(reason.len() > 20, "{id} {key}");
    }
}
