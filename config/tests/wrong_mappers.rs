//! Mappers, tills and codes that are described wrongly in one way each, and
//! exactly what people are told. `UPDATE_GOLDEN=1` rewrites
//! `tests/wrong_mappers.txt`.

use std::{fmt::Write as _, fs, path::Path};

const STORE: &str = "store.toml";
const TEA: &str = "offers/iced-tea-noon.toml";

/// In which file what is replaced by what.
const CASES: &[(&str, &str, &str, &str)] = &[
    (
        "a topic that goes on after #",
        STORE,
        "radar/{device}/+/state",
        "radar/#/state",
    ),
    (
        "a topic for everything",
        STORE,
        "radar/{device}/+/state",
        "#",
    ),
    (
        "half a level",
        STORE,
        "radar/{device}/+/state",
        "radar/{device}/+x",
    ),
    (
        "a name captured twice",
        STORE,
        "radar/{device}/+/state",
        "radar/{a}/{a}",
    ),
    (
        "a pointer without its slash",
        STORE,
        "\"/temp_f\"",
        "\"temp_f\"",
    ),
    (
        "a pointer with two stars",
        STORE,
        "\"/lines/*/in\"",
        "\"/lines/*/*\"",
    ),
    (
        "a quantity with a slip",
        STORE,
        "\"temperature\"\nat = \"/temp_f\"",
        "\"temprature\"\nat = \"/temp_f\"",
    ),
    (
        "a unit of something else",
        STORE,
        "unit = \"°F\"",
        "unit = \"kg\"",
    ),
    (
        "a unit for yes or no",
        STORE,
        "yes = [\"open\"]",
        "yes = [\"open\"]\nunit = \"°F\"",
    ),
    (
        "a name that the topic does not have",
        STORE,
        "\"{device}-{/lines/*/id}\"",
        "\"{devise}\"",
    ),
    (
        "a star that is another",
        STORE,
        "\"{device}-{/lines/*/id}\"",
        "\"{/doors/*/id}\"",
    ),
    (
        "a value that means nothing",
        STORE,
        "event = \"button\"\n",
        "",
    ),
    (
        "a value that means two things",
        STORE,
        "event = \"button\"\n",
        "event = \"button\"\nquantity = \"count\"\n",
    ),
    (
        "places in plain text",
        STORE,
        "payload = \"json\"",
        "payload = \"text\"",
    ),
    ("a scale of nothing", STORE, "scale = 1.0", "scale = 0.0"),
    (
        "one word for both",
        STORE,
        "no = [\"shut\"]",
        "no = [\"shut\", \"open\"]",
    ),
    (
        "a till without its number",
        STORE,
        "receipt = \"/number\"\n",
        "",
    ),
    (
        "lines that are one",
        STORE,
        "\"/lines/*/sku\"",
        "\"/lines/0/sku\"",
    ),
    (
        "amounts of other lines",
        STORE,
        "\"/lines/*/amount\"",
        "\"/items/*/amount\"",
    ),
    (
        "lines without products",
        STORE,
        "sku = \"/lines/*/sku\"\n",
        "",
    ),
    (
        "a shop's name without its place",
        STORE,
        "store = \"/outlet\"\n",
        "",
    ),
    (
        "a coupon whose digits do not check",
        TEA,
        "9520123456788",
        "9520123456789",
    ),
    ("a coupon of letters", TEA, "9520123456788", "952012345678X"),
    (
        "a link with a slash at its end",
        TEA,
        "\"https://id.gs1.org\"\n\n",
        "\"https://id.gs1.org/\"\n\n",
    ),
];

fn shop(file: &str, from: &str, to: &str) -> tempfile::TempDir {
    let (folder, from_here) = (
        tempfile::tempdir().expect("a folder can be made"),
        Path::new(env!("CARGO_MANIFEST_DIR")),
    );
    for part in ["offers", "creatives"] {
        fs::create_dir(folder.path().join(part)).expect("it is empty");
        for entry in fs::read_dir(from_here.join(part)).expect("it is shipped") {
            let path = entry.expect("it is shipped").path();
            let name = path.file_name().expect("files have names");
            fs::copy(&path, folder.path().join(part).join(name)).expect("there is room");
        }
    }
    let store = fs::read_to_string(from_here.join(STORE)).expect("it is shipped");
    fs::write(folder.path().join(STORE), store).expect("there is room");
    let path = folder.path().join(file);
    let text = fs::read_to_string(&path).expect("it is copied");
    assert!(text.contains(from), "{file} has no {from:?}");
    fs::write(path, text.replacen(from, to, 1)).expect("there is room");
    folder
}

#[test]
fn each_mistake_is_told_where_it_is_and_how_to_mend_it() {
    let mut told = String::new();
    for (name, file, from, to) in CASES {
        let folder = shop(file, from, to);
        let problems = config::load(folder.path()).expect_err(name);
        writeln!(told, "## {name}\n{problems}\n").expect("a text takes everything");
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/wrong_mappers.txt");
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        fs::write(&path, &told).expect("there is room");
    }
    let committed = fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(
        committed, told,
        "run with UPDATE_GOLDEN=1 and look at the difference"
    );
}

/// The message that stands in the file as an example, read by the mapper below it.
#[test]
fn the_annotated_mapper_reads_its_own_example() {
    let shop = config::demo();
    let [radar] = shop.shell.mappers.as_slice() else {
        panic!("the shipped shop has one mapper");
    };
    let message: String = config::DEFAULT_STORE_TOML
        .lines()
        .skip_while(|line| !line.contains("radar/door-1/live/state"))
        .skip(1)
        .take(2)
        .map(|line| line.trim_start_matches('#'))
        .collect();
    let mut told = Vec::new();
    let read = radar.read("radar/door-1/live/state", message.as_bytes(), &mut |fact| {
        told.push(format!("{:?}", fact.says));
    });
    assert_eq!(read, Ok(()));
    for part in [
        "PassagesIn, nth: 0, value: Number(41.0)",
        "PassagesOut, nth: 0, value: Number(38.0)",
        "Temperature, nth: 0, value: Number(25.5)",
        "Opening, nth: 0, value: Flag(false)",
        "action: \"double_press\"",
    ] {
        assert!(told.iter().any(|t| t.contains(part)), "{part}: {told:#?}");
    }
}
