//! A tape that an earlier build wrote is decided again as that build decided.

use super::{Options, recorded::stage, run};
use crate::faults::Allowed;
use engine::{
    Effects,
    recording::{Reader, VERSION, plain},
    replay::Replay,
};
use std::{fs, path::PathBuf};

/// Hash over all decisions of the committed tape.
const CHAIN: u64 = 0x5811_3e4c_1e7d_6db1;

fn path() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("golden/minutes.tape")
}

fn tape() -> Vec<u8> {
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        let options = Options {
            seed: 7,
            shoppers: 30,
            customers: None,
            for_ms: 5 * 60_000,
            faults: Allowed::None,
            record_every_ms: Some(u64::MAX),
            planted: None,
        };
        let outcome = run(&stage(), &options, None);
        fs::write(path(), plain::write(&outcome.recording)).unwrap();
    }
    fs::read(path()).expect("the tape is committed")
}

/// Yesterday was recorded by yesterday's build.
#[test]
fn a_tape_of_the_build_before_is_decided_again_bit_for_bit() {
    let remedy = format!(
        "days that shops have recorded would not be decided again either. If decisions are meant \
         to change, UPDATE_GOLDEN=1 cargo test -p simulator taped, and pin the hash; if the format \
         or the hash is, raise recording::VERSION (now {VERSION}) first"
    );
    let tape = tape();
    let runs = plain::read(&tape).expect("the container has no version");
    let mut left = runs[0];
    let mut reader = Reader::default();
    let first = reader.next(&mut left).expect(&remedy).expect("a beginning");
    let mut replay = Replay::begin(&first).expect(&remedy);
    let mut effects = Effects::new();
    while let Some(moment) = reader.next(&mut left).expect(&remedy) {
        replay.take(&moment, &mut effects).expect(&remedy);
        effects.clear();
        assert_eq!(replay.otherwise(), None, "{remedy}");
    }
    let chain = replay.chain();
    assert!(replay.has_ended() && chain.decisions > 100, "{chain:?}");
    assert_eq!(chain.value, CHAIN, "{remedy}");
}
