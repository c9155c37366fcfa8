//! The examples of `docs/mapper.md`, `docs/tills.md`, `docs/lift.md` and
//! `docs/offers.md` do what
//! they say.

use config::Shop;
use dialect::fact::{Device, Says, Value};
use serde_json::Value as Json;
use std::fs;

/// Pairs of a block of TOML and the block behind it.
fn examples(page: &str) -> Vec<(String, String)> {
    let path = format!("{}/../docs/{page}", env!("CARGO_MANIFEST_DIR"));
    let text = fs::read_to_string(path).expect("the page is shipped");
    let blocks: Vec<&str> = text.split("```").skip(1).step_by(2).collect();
    let pairs = blocks.chunks_exact(2);
    pairs
        .map(|pair| {
            let toml = pair[0].strip_prefix("toml\n").expect("TOML comes first");
            let (_, message) = pair[1].split_once('\n').expect("a message follows");
            (toml.to_owned(), message.to_owned())
        })
        .collect()
}

fn shop_with(toml: &str) -> Shop {
    let store = format!("{}\n{toml}", config::DEFAULT_STORE_TOML);
    let here = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let tea = fs::read_to_string(here.join("offers/iced-tea-noon.toml")).expect("it is shipped");
    shop_of(&store, "iced-tea-noon", &tea)
}

fn shop_with_offer(name: &str, offer: &str) -> Shop {
    shop_of(config::DEFAULT_STORE_TOML, name, offer)
}

fn shop_of(store: &str, name: &str, offer: &str) -> Shop {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let here = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    fs::create_dir(folder.path().join("creatives")).expect("it is empty");
    for entry in fs::read_dir(here.join("creatives")).expect("it is shipped") {
        let path = entry.expect("it is shipped").path();
        let name = path.file_name().expect("files have names");
        fs::copy(&path, folder.path().join("creatives").join(name)).expect("there is room");
    }
    fs::write(folder.path().join("store.toml"), store).expect("there is room");
    fs::create_dir(folder.path().join("offers")).expect("it is empty");
    let path = folder.path().join(format!("offers/{name}.toml"));
    fs::write(path, offer).expect("there is room");
    config::load(folder.path()).unwrap_or_else(|problems| panic!("{problems}"))
}

#[test]
fn every_mapper_reads_its_message_as_the_page_says() {
    let examples = examples("mapper.md");
    assert!(examples.len() >= 4);
    for (toml, text) in examples {
        let shop = shop_with(&toml);
        let mapper = shop.shell.mappers.last().expect("the page adds one");
        let (sent, expected): (Vec<_>, Vec<_>) = text.lines().partition(|l| !l.starts_with("=>"));
        let mut told = Vec::new();
        let read = mapper.read(sent[0], sent[1].as_bytes(), &mut |fact| {
            let Some(Device::Named(device)) = fact.source.device else {
                panic!("a mapper names its devices");
            };
            told.push(format!("=> {device} {}", in_words(&fact.says)));
        });
        assert_eq!(read, Ok(()), "{toml}");
        assert_eq!(told, expected, "{toml}");
    }
}

fn in_words(says: &Says<'_>) -> String {
    match says {
        Says::Measured {
            quantity, value, ..
        } => match value {
            Value::Number(number) => format!("{} {number}", quantity.name()),
            Value::Flag(flag) => format!("{} {flag}", quantity.name()),
            Value::Text(_) | Value::Bytes(_) => panic!("no mapper tells these"),
        },
        Says::Happened { what, action, .. } => format!("{what} {action}"),
        other => panic!("{other:?}"),
    }
}

#[test]
fn every_till_is_read_as_the_page_says() {
    let examples = examples("tills.md");
    assert_eq!(examples.len(), 3);
    for (toml, text) in examples {
        let shop = shop_with(&toml);
        let till = shop.shell.tills.last().expect("the page adds one");
        let (sent, expected): (Vec<_>, Vec<_>) = text.lines().partition(|l| !l.starts_with("=>"));
        let mut told = Json::Null;
        let read = till.shape.with(sent.concat().as_bytes(), |receipt| {
            told = serde_json::to_value(receipt).expect("a receipt is plain data");
        });
        assert_eq!(read, Ok(()), "{toml}");
        assert!(!expected.is_empty());
        for line in expected {
            let fields: Json = serde_json::from_str(&line[2..]).expect("the page holds JSON");
            for (name, value) in fields.as_object().expect("an object") {
                assert_eq!(&told[name], value, "{name} of {toml}");
            }
        }
    }
}

/// Keys go above the tables of an offer, tables below.
const OFFER: &str = r##"
[schedule]
last_day = 2030-12-31
[budget]
showings = 1000
[creative]
colour = "#1f5f2c"
[[creative.texts]]
language = "vi"
headline = "Cá hồi tối nay"
"##;

#[test]
fn every_offer_of_the_page_about_trials_is_one() {
    let path = format!("{}/../docs/lift.md", env!("CARGO_MANIFEST_DIR"));
    let text = fs::read_to_string(path).expect("the page is shipped");
    let blocks = text.split("```toml offer\n").skip(1);
    let blocks: Vec<&str> = blocks.filter_map(|b| b.split("```").next()).collect();
    assert_eq!(blocks.len(), 3);
    let mut tried = Vec::new();
    for block in blocks {
        let tables = block.find('[').unwrap_or(block.len());
        let (keys, tables) = block.split_at(tables);
        let head = "id = \"salmon\"\ntitle = \"Salmon\"\nsensitivity = \"public\"\n";
        let shop = shop_with_offer("salmon", &format!("{head}{keys}{OFFER}{tables}"));
        tried.push(shop.plan.offers[0].trial.clone());
    }
    assert_eq!(tried[0].arms.len(), 2);
    assert_eq!(tried[0].arms[1].share, 2);
    assert_eq!(tried[1].switchback_ms, Some(1_800_000));
    let ramp = tried[2].ramp.as_ref().expect("the page has one");
    assert_eq!(ramp.steps, [50, 250, 1_000]);
    assert_eq!((ramp.every_ms, ramp.showings_min), (43_200_000, 20));
    assert_eq!((ramp.guard.complaints, ramp.guard.screen_errors), (3, 0));
    assert_eq!((ramp.guard.help, ramp.guard.opt_outs), (2, 2));
}

/// Every offer of the page is loaded into the shipped shop, and its tests are
/// tried there.
#[test]
fn every_offer_of_the_page_does_what_it_says() {
    let path = format!("{}/../docs/offers.md", env!("CARGO_MANIFEST_DIR"));
    let text = fs::read_to_string(path).expect("the page is shipped");
    let blocks = text.split("```").skip(1).step_by(2);
    let mut offers = 0;
    for toml in blocks.filter_map(|block| block.strip_prefix("toml\n")) {
        let (first, _) = toml.split_once('\n').expect("a file has lines");
        let file = first.strip_prefix("# offers/").expect("it says its name");
        let name = file.strip_suffix(".toml").expect("it is TOML");
        let shop = shop_with_offer(name, toml);
        assert!(shop.warnings.is_empty(), "{file}: {}", shop.warnings);
        let failed = shop.rehearse();
        assert!(failed.is_empty(), "{file}: {failed}");
        offers += 1;
    }
    assert_eq!(offers, 4);
}

/// What the page quotes is what people are told.
#[test]
fn every_message_of_the_page_is_one_that_check_gives() {
    let here = env!("CARGO_MANIFEST_DIR");
    let page = fs::read_to_string(format!("{here}/../docs/offers.md")).expect("it is shipped");
    let told = fs::read_to_string(format!("{here}/tests/wrong_offers.txt")).expect("a snapshot");
    let quoted: Vec<&str> = page.lines().filter(|l| l.starts_with("error: ")).collect();
    assert!(!quoted.is_empty());
    for line in quoted {
        assert!(told.contains(line), "{line}");
    }
}
