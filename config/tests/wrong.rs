//! Files that are wrong in one way each, and exactly what people are told.
//! `UPDATE_GOLDEN=1` rewrites `tests/wrong.txt`; read the difference aloud.

#[path = "wrong/cases.rs"]
mod cases;
#[path = "wrong/offers.rs"]
mod offers;
#[path = "wrong/rules.rs"]
mod rules;

use cases::{
    CASES,
    Edit::{self, Bytes, Gone, Swap, Whole},
    MILK, STORE, TEA,
};
use offers::OFFERS;
use std::{
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

fn shipped() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A copy of the shipped shop, apart from its pictures' contents.
fn copy() -> tempfile::TempDir {
    let copy = tempfile::tempdir().expect("the file system does as it is told");
    for folder in ["", "offers", "creatives"] {
        fs::create_dir_all(copy.path().join(folder)).expect("the file system does as it is told");
        for entry in
            fs::read_dir(shipped().join(folder)).expect("the file system does as it is told")
        {
            let entry = entry.expect("the file system does as it is told");
            if matches!(entry.path().extension(), Some(e) if e == "toml" || e == "svg") {
                fs::copy(
                    entry.path(),
                    copy.path().join(folder).join(entry.file_name()),
                )
                .expect("the file system does as it is told");
            }
        }
    }
    fs::remove_file(copy.path().join("Cargo.toml")).expect("the file system does as it is told");
    copy
}

fn apply(path: &Path, name: &str, edit: &Edit) {
    match edit {
        Swap(from, to) => {
            let text = fs::read_to_string(path).expect("the file system does as it is told");
            assert!(text.contains(from), "{name}: {from:?} is not in the file");
            fs::write(path, text.replace(from, to)).expect("the file system does as it is told");
        }
        Whole(text) => fs::write(path, text).expect("the file system does as it is told"),
        Bytes(bytes) => fs::write(path, bytes).expect("the file system does as it is told"),
        Gone => fs::remove_file(path).expect("the file system does as it is told"),
    }
}

fn told(folder: &Path) -> String {
    match config::load(folder) {
        Ok(shop) => format!("loads with\n{}\n", shop.warnings),
        Err(problems) => format!("{problems}\n"),
    }
}

#[test]
fn people_are_told_exactly_this() {
    check(CASES.iter().chain(rules::RULES), "tests/wrong.txt");
}

#[test]
fn marketers_are_told_exactly_this() {
    check(OFFERS.iter(), "tests/wrong_offers.txt");
}

type Case = (&'static str, &'static str, Edit);

fn check(cases: impl Iterator<Item = &'static Case>, golden: &str) {
    let mut got = String::new();
    for (name, file, edit) in cases {
        let folder = copy();
        apply(&folder.path().join(file), name, edit);
        write!(got, "#### {name}\n\n{}\n", told(folder.path())).expect("text takes any text");
    }
    let golden = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(golden);
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        fs::write(&golden, &got).expect("the golden text can be written");
    }
    let expected = fs::read_to_string(&golden).unwrap_or_default();
    for (got, expected) in got.split("#### ").zip(expected.split("#### ")) {
        assert_eq!(got, expected);
    }
    assert_eq!(got, expected);
}

#[test]
fn problems_of_all_files_come_at_once_and_in_order() {
    let folder = copy();
    let swap = |file: &str, from, to| apply(&folder.path().join(file), "", &Swap(from, to));
    swap(STORE, "flush_every = \"5s\"", "flush_every = \"500 ms\"");
    swap(STORE, "entrance = true", "entrance = false");
    swap(TEA, "zones = [\"drinks\"]", "zones = [\"drink\"]");
    swap(TEA, "#8a3b12", "#ffd23f");
    swap(MILK, "sensitivity", "sensitivty");
    let problems = config::load(folder.path()).unwrap_err();
    let places: Vec<_> = problems
        .iter()
        .map(|p| (p.file.as_str(), p.key.as_str()))
        .collect();
    assert_eq!(
        places,
        [
            (STORE, "zones"),
            (STORE, "storage.flush_every"),
            (TEA, "zones[0]"),
            (TEA, "creative.colour"),
            (MILK, "sensitivity"),
            (MILK, "sensitivty"),
        ]
    );
}

#[test]
fn machines_are_told_the_same() {
    let folder = copy();
    apply(
        &folder.path().join(TEA),
        "",
        &Swap("\"public\"", "\"pubic\""),
    );
    let problems = config::load(folder.path()).unwrap_err();
    assert_eq!(
        serde_json::to_value(&problems).unwrap(),
        serde_json::json!([{
            "severity": "error",
            "file": "offers/iced-tea-noon.toml",
            "line": 13,
            "column": 15,
            "key": "sensitivity",
            "value": "\"pubic\"",
            "what": "\"pubic\" is not known here",
            "did_you_mean": "public",
            "remedy": "use one of public, segment, personal, sensitive",
        }])
    );
}

#[test]
fn sections_left_out_are_taken_from_the_default() {
    let folder = copy();
    let path = folder.path().join(STORE);
    let text = fs::read_to_string(&path).unwrap();
    let (before, _) = text.split_once("\n[presence]").unwrap();
    fs::write(&path, format!("{before}\n[guard]\nsettle = \"9s\"\n")).unwrap();
    let shop = config::load(folder.path()).unwrap_or_else(|p| panic!("{p}"));
    let demo = config::demo();
    assert_eq!(shop.plan.guard.settle_ms, 9_000);
    assert_eq!(shop.plan.guard.enrolled_min, demo.plan.guard.enrolled_min);
    assert_eq!(shop.plan.presence, demo.plan.presence);
    assert_eq!(shop.shell.broker, demo.shell.broker);
}

#[test]
fn paths_start_from_the_folder_of_the_file() {
    let folder = copy();
    let path = folder.path().join(STORE);
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, text.replace("dir = \"../data\"", "dir = \"here\"")).unwrap();
    let shop = config::load(&path).unwrap();
    assert_eq!(shop.shell.storage.dir, folder.path().join("here"));
    assert_eq!(shop.shell.creatives_dir, folder.path().join("creatives"));
}

#[test]
fn a_test_that_expects_something_else_is_told_with_what_happens() {
    let folder = copy();
    let wrong = Swap("why = \"dwell\"", "why = \"cap\"");
    apply(&folder.path().join(MILK), "", &wrong);
    let shop = config::load(folder.path()).unwrap();
    assert_eq!(
        shop.rehearse().to_string(),
        "error: test \"just walking past\": the offer is stopped: nobody has been there long \
         enough (why = \"dwell\")
  --> offers/young-family-milk.toml:118:1  test
  = expected why = \"cap\"; change the offer, or what is expected

1 error, 0 warnings"
    );
}
