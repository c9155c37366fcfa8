//! The committed corpus against every target, on any compiler. `cargo suite fuzz`
//! looks for more with libFuzzer.

use fuzz_targets::TARGETS;
use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

/// In so many places each input is also spoiled.
const SPOILED: usize = 64;
/// Inputs above this are whole files of a shop, which take long to read; bytes.
const LONG: usize = 1_024;

fn corpus() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../corpus")
}

/// Names in a folder, sorted.
fn names(folder: &Path) -> BTreeSet<String> {
    let entries = fs::read_dir(folder).unwrap_or_else(|why| panic!("{}: {why}", folder.display()));
    entries
        .map(|entry| entry.expect("a folder can be listed").file_name())
        .map(|name| name.into_string().expect("names are text"))
        .collect()
}

#[test]
fn every_target_has_a_corpus_and_returns_from_all_of_it() {
    for target in TARGETS {
        let folder = corpus().join(target.name);
        let files = names(&folder);
        assert!(files.len() > 2, "{} has no corpus", target.name);
        for name in files {
            let bytes = fs::read(folder.join(&name)).unwrap();
            let path = format!("fuzz/corpus/{}/{name}", target.name);
            let ended = std::panic::catch_unwind(|| (target.run)(&bytes));
            assert!(ended.is_ok(), "{path}");
            // A message breaks off, or says one thing differently.
            let step = (bytes.len() / SPOILED).max(1);
            let places = (0..bytes.len()).step_by(step);
            for at in places.take(if bytes.len() <= LONG { usize::MAX } else { 0 }) {
                let ended = std::panic::catch_unwind(|| {
                    (target.run)(&bytes[..at]);
                    let mut spoiled = bytes.clone();
                    spoiled[at] ^= 1 << (at % 8);
                    (target.run)(&spoiled);
                });
                assert!(ended.is_ok(), "{path} at {at}");
            }
        }
    }
}

#[test]
fn targets_corpora_and_the_fuzzers_programs_are_the_same_ones() {
    let targets: BTreeSet<_> = TARGETS.iter().map(|t| t.name.to_owned()).collect();
    assert_eq!(targets.len(), TARGETS.len(), "no two targets share a name");
    let mut folders = names(&corpus());
    assert!(
        folders.remove("README.md"),
        "the corpus says where it is from"
    );
    assert_eq!(folders, targets);
    let programs: BTreeSet<_> = names(&corpus().join("../fuzz_targets"))
        .iter()
        .map(|name| name.trim_end_matches(".rs").to_owned())
        .collect();
    assert_eq!(programs, targets);
    let manifest = fs::read_to_string(corpus().join("../Cargo.toml")).unwrap();
    for name in targets {
        assert!(manifest.contains(&format!("name = \"{name}\"\n")), "{name}");
        let path = corpus().join("../fuzz_targets").join(format!("{name}.rs"));
        let program = fs::read_to_string(path).unwrap();
        assert!(
            program.contains(&format!("run(\"{name}\", data)")),
            "{name}"
        );
    }
}
