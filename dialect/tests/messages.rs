//! Published messages of other makers' scanners and sensors, as tables: what
//! each source expects of a message is looked up in our facts. Sources and
//! licences stand in every line of `vectors/{scanner,sensor}.jsonl`; the values
//! are facts about formats, not code.

mod message;

use message::{DIFFERENCES, check};

fn all_agree(vectors: &str, count: usize) {
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
fn scanners_agree_with_their_vectors() {
    all_agree(include_str!("vectors/scanner.jsonl"), 46);
}

#[test]
fn sensors_agree_with_their_vectors() {
    all_agree(include_str!("vectors/sensor.jsonl"), 31);
}

#[test]
fn every_difference_has_its_reason() {
    for (id, key, reason) in DIFFERENCES {
        assert!(reason.len() > 20, "{id} {key}");
    }
}
