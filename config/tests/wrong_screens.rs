//! Displays that are described wrongly in one way each, and exactly what
//! people are told. `UPDATE_GOLDEN=1` rewrites `tests/wrong_screens.txt`.

use std::{fmt::Write as _, fs, path::Path};

const PLAIN: &str = "display = \"page\"\n";
const KIOSK: &str =
    "display = \"touchkio\"\ntopic = \"touchkio/rpi_A1B2C3\"\npage = \"http://10.0.0.2:8080\"\n";
const ANTHIAS: &str =
    "display = \"anthias\"\naddress = \"http://10.0.0.31\"\npage = \"http://10.0.0.2:8080\"\n";
const PAPER: &str = "display = \"open-epaper-link\"\naddress = \"http://10.0.0.30\"\n\
                     mac = \"02190123abcd\"\nsize = [296, 128]\nfont = \"store.toml\"\n";

/// What stands instead of `display = "page"`, and what of it is replaced.
const CASES: &[(&str, &str, &str, &str)] = &[
    ("a display nobody makes", PLAIN, "\"page\"", "\"touchkia\""),
    (
        "a kiosk without its topic",
        KIOSK,
        "topic = \"touchkio/rpi_A1B2C3\"\n",
        "",
    ),
    ("a kiosk with wildcards", KIOSK, "rpi_A1B2C3", "+"),
    ("a page with a path", KIOSK, ":8080", ":8080/screen/welcome"),
    ("a page without a scheme", KIOSK, "http://", ""),
    (
        "a tag's address for a kiosk",
        KIOSK,
        "display",
        "mac = \"02190123abcd\"\ndisplay",
    ),
    (
        "a password in an address",
        ANTHIAS,
        "http://10.0.0.31",
        "http://me:secret@10.0.0.31",
    ),
    (
        "a player over TLS",
        ANTHIAS,
        "http://10.0.0.31",
        "https://10.0.0.31",
    ),
    (
        "a user without a password",
        ANTHIAS,
        "display",
        "username = \"me\"\ndisplay",
    ),
    (
        "a password without a user",
        ANTHIAS,
        "display",
        "password_file = \"x\"\ndisplay",
    ),
    ("a tag without its size", PAPER, "size = [296, 128]\n", ""),
    (
        "a tag's address with colons",
        PAPER,
        "02190123abcd",
        "02:19:01:23:ab:cd",
    ),
    (
        "a tag's address cut short",
        PAPER,
        "02190123abcd",
        "02190123ab",
    ),
    ("a tag of one pixel", PAPER, "[296, 128]", "[296, 1]"),
    ("a port nobody has", PAPER, "10.0.0.30", "10.0.0.30:70000"),
    (
        "a label that never rests",
        PAPER,
        "font",
        "hold = \"20s\"\nfont",
    ),
    (
        "a tag asked every ten seconds",
        PAPER,
        "font",
        "silent_after = \"10s\"\nfont",
    ),
    (
        "a font that is not there",
        PAPER,
        "\"store.toml\"",
        "\"none.ttf\"",
    ),
];

const AS_TOLD: &str = "the shipped shop and the file system are as they should be";

/// The shipped shop with this in place of how its first screen is driven.
fn shop(lines: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect(AS_TOLD);
    let shipped = Path::new(env!("CARGO_MANIFEST_DIR"));
    for part in ["offers", "creatives"] {
        fs::create_dir(folder.path().join(part)).expect(AS_TOLD);
        for file in fs::read_dir(shipped.join(part)).expect(AS_TOLD) {
            let file = file.expect(AS_TOLD);
            let to = folder.path().join(part).join(file.file_name());
            fs::copy(file.path(), to).expect(AS_TOLD);
        }
    }
    let text = config::DEFAULT_STORE_TOML;
    assert!(text.contains(&format!("silent_after = \"30s\"\n{}", text_between(text))));
    let text = text.replacen("silent_after = \"30s\"\n", "", 1);
    let text = text.replacen(PLAIN, lines, 1);
    fs::write(folder.path().join("store.toml"), text).expect(AS_TOLD);
    folder
}

/// The comment between the key taken out and the key put in.
fn text_between(text: &str) -> &str {
    let (_, rest) = text.split_once("silent_after = \"30s\"\n").expect(AS_TOLD);
    rest.split_once(PLAIN).expect(AS_TOLD).0
}

#[test]
fn each_mistake_is_told_where_it_is_and_how_to_mend_it() {
    let mut told = String::new();
    for (name, lines, from, to) in CASES {
        assert!(lines.contains(from), "{name}");
        let folder = shop(&lines.replacen(from, to, 1));
        let problems = match config::load(folder.path()) {
            Ok(shop) => shop.warnings,
            Err(problems) => problems,
        };
        // Where the folder is differs from run to run.
        let text = problems.to_string();
        assert!(!text.contains("secret"), "{text}");
        writeln!(told, "## {name}\n{text}\n").unwrap();
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/wrong_screens.txt");
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        fs::write(&path, &told).unwrap();
    }
    let committed = fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(
        committed, told,
        "run with UPDATE_GOLDEN=1 and look at the difference"
    );
}

#[test]
fn each_display_is_taken_as_it_is_meant() {
    for (lines, name) in [
        (PLAIN, "page"),
        (KIOSK, "touchkio"),
        (ANTHIAS, "anthias"),
        (PAPER, "open-epaper-link"),
    ] {
        let shop = config::load(shop(lines).path()).unwrap_or_else(|p| panic!("{name}: {p}"));
        assert!(shop.warnings.is_empty(), "{name}: {}", shop.warnings);
        assert_eq!(shop.shell.screens[0].name(), name);
        assert_eq!(shop.shell.screens.len(), shop.plan.screens.len());
        assert_eq!(
            shop.plan.screens[0].pace.is_slow(),
            name == "open-epaper-link"
        );
    }
    let paper = config::load(shop(PAPER).path()).unwrap();
    let config::Display::OpenEpaperLink(tag) = &paper.shell.screens[0] else {
        panic!("a tag");
    };
    assert_eq!(tag.mac, "000002190123ABCD");
    assert_eq!((tag.width, tag.height), (296, 128));
}

#[test]
fn an_offer_for_a_group_never_reaches_a_display_that_cannot_take_it_back() {
    let folder = shop(PAPER);
    let loaded = config::load(folder.path()).unwrap();
    for offer in &loaded.plan.offers {
        let is_there = offer.screens.is_empty() || offer.screens.has(0);
        assert!(!(is_there && offer.is_personal()), "{}", offer.id);
    }
    assert!(
        loaded
            .plan
            .offers
            .iter()
            .any(|o| o.is_personal() && !o.screens.is_empty())
    );
    let path = folder.path().join("offers/young-family-milk.toml");
    let text = fs::read_to_string(&path).unwrap();
    let text = match text.lines().find(|line| line.starts_with("screens = ")) {
        Some(line) => text.replacen(line, "screens = [\"welcome\"]", 1),
        None => text.replacen("priority", "screens = [\"welcome\"]\npriority", 1),
    };
    fs::write(&path, text).unwrap();
    let problems = config::load(folder.path()).unwrap_err().to_string();
    assert!(
        problems.contains("too slow to take an offer for a group back"),
        "{problems}"
    );
}

#[test]
fn a_voucher_never_reaches_a_label_that_draws_no_code() {
    let folder = shop(PAPER);
    let loaded = config::load(folder.path()).unwrap();
    let vouchers = loaded.plan.offers.iter().filter(|o| o.voucher.is_some());
    let kept_off: Vec<_> = vouchers.map(|o| o.screens.has(0)).collect();
    assert!(kept_off.len() >= 2 && kept_off.iter().all(|on| !on));
    let path = folder.path().join("offers/sunny-sunscreen.toml");
    let text = fs::read_to_string(&path).unwrap();
    let text = text.replace("screens = [\"checkout\"]", "screens = [\"welcome\"]");
    fs::write(&path, text).unwrap();
    let problems = config::load(folder.path()).unwrap_err().to_string();
    assert!(problems.contains("draws no codes"), "{problems}");
}
