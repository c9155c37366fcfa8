//! Whatever stands in the files, the answer is a list of problems or a shop.

use proptest::prelude::*;
use std::{fs, path::Path};

fn shipped() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Loads a folder with this `store.toml` and this one offer.
fn load(store: &[u8], offer: &[u8]) {
    let folder = tempfile::tempdir().expect("the file system does as it is told");
    for sub in ["offers", "creatives"] {
        fs::create_dir(folder.path().join(sub)).expect("the file system does as it is told");
    }
    fs::write(folder.path().join("store.toml"), store).expect("the file system does as it is told");
    fs::write(folder.path().join("offers/young-family-milk.toml"), offer)
        .expect("the file system does as it is told");
    if let Err(problems) = config::load(folder.path()) {
        let told = problems.to_string();
        // Every problem has a place; and what the schema lets through, serde reads.
        assert!(
            problems.iter().all(|p| p.line > 0 && p.column > 0),
            "{told}"
        );
        assert!(
            !told.contains("print-config"),
            "the schema admits what serde does not:\n{told}"
        );
    }
}

fn milk() -> String {
    fs::read_to_string(shipped().join("offers/young-family-milk.toml"))
        .expect("the file system does as it is told")
}

/// What people and editors do to files: a token becomes another, a piece goes
/// missing or comes twice.
#[derive(Debug, Clone)]
enum Slip {
    Token(prop::sample::Index, String),
    Cut(prop::sample::Index, usize),
    Repeat(prop::sample::Index, usize),
}

fn slip() -> impl Strategy<Value = Slip> {
    let token = prop_oneof![
        "[ -~]{0,12}",
        Just("\"\"".to_owned()),
        Just("-1".to_owned()),
        Just("1e400".to_owned()),
        Just("nan".to_owned()),
        Just("9223372036854775807".to_owned()),
        Just("0xffffffffffffffff".to_owned()),
        Just("1979-05-27T07:32:00Z".to_owned()),
        Just("[]".to_owned()),
        Just("[[]]".to_owned()),
        Just("{}".to_owned()),
        Just("true".to_owned()),
        Just("\"\\u0000\"".to_owned()),
        Just("\"ữ\"".to_owned()),
        Just("\"5s\"".to_owned()),
        Just("\"99999999999999 days\"".to_owned()),
        Just("\"-9223372036854775808 °C\"".to_owned()),
    ];
    prop_oneof![
        4 => (any::<prop::sample::Index>(), token).prop_map(|(at, text)| Slip::Token(at, text)),
        1 => (any::<prop::sample::Index>(), 1usize..200).prop_map(|(at, n)| Slip::Cut(at, n)),
        1 => (any::<prop::sample::Index>(), 1usize..200).prop_map(|(at, n)| Slip::Repeat(at, n)),
    ]
}

fn slipped(text: &str, slips: &[Slip]) -> Vec<u8> {
    let mut bytes = text.as_bytes().to_vec();
    for slip in slips {
        match slip {
            Slip::Token(at, token) => {
                // The value right of one of the equals signs.
                let text = String::from_utf8_lossy(&bytes).into_owned();
                let signs: Vec<usize> = text.match_indices(" = ").map(|(i, _)| i + 3).collect();
                if signs.is_empty() {
                    continue;
                }
                let from = *at.get(&signs);
                let until = text[from..].find('\n').map_or(text.len(), |i| from + i);
                bytes = format!("{}{token}{}", &text[..from], &text[until..]).into_bytes();
            }
            Slip::Cut(at, n) if !bytes.is_empty() => {
                let from = at.index(bytes.len());
                bytes.drain(from..(from + n).min(bytes.len()));
            }
            Slip::Repeat(at, n) if !bytes.is_empty() => {
                let from = at.index(bytes.len());
                let piece = bytes[from..(from + n).min(bytes.len())].to_vec();
                bytes.splice(from..from, piece);
            }
            Slip::Cut(..) | Slip::Repeat(..) => {}
        }
    }
    bytes
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(80))]

    #[test]
    fn any_bytes_at_all(store in prop::collection::vec(any::<u8>(), 0..400), offer in prop::collection::vec(any::<u8>(), 0..400)) {
        load(&store, &offer);
    }

    #[test]
    fn any_text_at_all(store in "\\PC{0,200}", offer in "(\\[{0,2}[a-z.\"]{1,6}\\]{0,2}|[a-z]{1,5} = [0-9\"a-z\\[\\]{},-]{0,9}|\n){0,20}") {
        load(store.as_bytes(), offer.as_bytes());
    }

    #[test]
    fn slips_in_the_shipped_store(slips in prop::collection::vec(slip(), 1..6)) {
        load(&slipped(config::DEFAULT_STORE_TOML, &slips), milk().as_bytes());
    }

    #[test]
    fn slips_in_a_shipped_offer(slips in prop::collection::vec(slip(), 1..6)) {
        load(config::DEFAULT_STORE_TOML.as_bytes(), &slipped(&milk(), &slips));
    }
}

#[test]
fn nesting_and_repetition_end_in_an_answer() {
    let deep = format!("x = {}{}", "[".repeat(5_000), "]".repeat(5_000));
    load(deep.as_bytes(), deep.as_bytes());
    let inline = format!("x = {}1{}", "{ a = ".repeat(2_000), " }".repeat(2_000));
    load(inline.as_bytes(), inline.as_bytes());
    let zones =
        "[[zones]]\nid = \"z\"\nlabel = \"z\"\narea = [[0, 0], [1, 0], [1, 1]]\n".repeat(4_000);
    load(zones.as_bytes(), "[[test]]\n".repeat(6_000).as_bytes());
}
