use super::*;
use proptest::prelude::*;

fn key(n: u8) -> Key {
    Key::read(&hex(&[n; 32])).unwrap()
}

fn author(name: &str, n: u8, role: Role) -> Author {
    Author {
        name: name.to_owned(),
        key: key(n).public(),
        role,
    }
}

fn authors() -> Vec<Author> {
    vec![
        author("lan", 1, Role::Marketer),
        author("minh", 2, Role::Operator),
        author("hoa", 3, Role::Marketer),
    ]
}

fn files() -> OfferFiles {
    let mut files = OfferFiles::default();
    let offers = &mut files.offers;
    offers.insert("milk.toml".to_owned(), "id = \"milk\"\n".to_owned());
    offers.insert("bread.toml".to_owned(), "id = \"bread\"\n".to_owned());
    let pictures = &mut files.pictures;
    pictures.insert("milk.svg".to_owned(), b"<svg/>".to_vec());
    files
}

fn by(author: &str, stores: &[&str]) -> Bundle {
    let manifest = Manifest {
        author: author.to_owned(),
        number: 7,
        made: "2026-11-22T04:30:00Z".to_owned(),
        note: "Weekend prices".to_owned(),
        stores: stores.iter().map(|s| (*s).to_owned()).collect(),
        replaces: None,
        files: Vec::new(),
    };
    Bundle::pack(manifest, files()).unwrap()
}

fn signed() -> Bundle {
    let mut bundle = by("lan", &["quan-1"]);
    bundle.sign(&key(1));
    bundle
}

#[test]
fn what_is_packed_and_signed_reads_back() {
    let mut bundle = signed();
    bundle.countersign("minh", &key(2));
    let read = Bundle::read(&bundle.to_bytes()).unwrap();
    assert_eq!(read, bundle);
    assert_eq!(read.files(), &files());
    let verified = read.verify("quan-1", &authors(), true).unwrap();
    assert_eq!(verified.key, key(1).public());
    assert_eq!(verified.countersigned_by.as_deref(), Some("minh"));
}

#[test]
fn only_known_authors_and_the_right_shop_are_believed() {
    let unsigned = by("lan", &[]);
    let mut with_foreign_key = by("lan", &[]);
    with_foreign_key.sign(&key(9));
    let mut of_nobody = by("eve", &[]);
    of_nobody.sign(&key(9));
    let mut for_all = by("lan", &[]);
    for_all.sign(&key(1));
    for (bundle, store, refused) in [
        (&unsigned, "quan-1", Some(Refused::BadSignature)),
        (&with_foreign_key, "quan-1", Some(Refused::BadSignature)),
        (&of_nobody, "quan-1", Some(Refused::UnknownAuthor)),
        (&signed(), "quan-2", Some(Refused::OtherStore)),
        (&signed(), "quan-1", None),
        (&for_all, "quan-2", None),
    ] {
        let found = bundle.verify(store, &authors(), false).err();
        assert_eq!(found, refused, "{:?}", bundle.manifest());
    }
    let nobody = signed().verify("quan-1", &[], false);
    assert_eq!(nobody, Err(Refused::NoAuthors));
}

#[test]
fn a_countersignature_is_an_operators_and_not_the_authors_own() {
    let countersigned = |name: &str, n: u8| {
        let mut bundle = signed();
        bundle.countersign(name, &key(n));
        bundle
    };
    let mut twice = signed();
    twice.sign(&key(1));
    let mut authored = by("minh", &[]);
    authored.sign(&key(2));
    // The author's signature of one is no countersignature of another.
    let mut moved = signed();
    moved.signatures.push(authored.signatures[0].clone());
    for (bundle, taken) in [
        (signed(), false),
        (twice, false),
        (moved, false),
        (countersigned("hoa", 3), false),
        (countersigned("minh", 1), false),
        (countersigned("minh", 2), true),
        (authored, true),
    ] {
        let found = bundle.verify("quan-1", &authors(), true);
        assert_eq!(found.is_ok(), taken, "{found:?}");
    }
}

#[test]
fn files_without_a_place_are_refused() {
    let manifest = signed().manifest().clone();
    for name in ["../milk.toml", "Milk.toml", "milk.sh"] {
        let mut files = OfferFiles::default();
        files.offers.insert(name.to_owned(), String::new());
        let refused = Bundle::pack(manifest.clone(), files).unwrap_err();
        assert_eq!(refused, BadBundle::File(format!("offers/{name}")));
    }
    let long = "x".repeat(BUNDLE_BYTES_MAX + 1);
    let refused = Bundle::read(long.as_bytes()).unwrap_err();
    assert_eq!(refused, BadBundle::TooLarge(long.len()));
}

#[test]
fn every_altered_byte_is_noticed() {
    let bytes = signed().to_bytes();
    for at in 0..bytes.len() {
        for flip in [0x01, 0x20, 0x80] {
            let mut altered = bytes.clone();
            altered[at] ^= flip;
            let Ok(read) = Bundle::read(&altered) else {
                continue;
            };
            // Another spelling of the same signature alters nothing.
            let same = read.verify("quan-1", &authors(), false).is_ok();
            assert!(!same || read.text == signed().text, "byte {at}");
            assert!(!same || read.files == signed().files, "byte {at}");
        }
        assert!(Bundle::read(&bytes[..at]).is_err(), "cut at {at}");
    }
    let longer = [&bytes[..], b"x"].concat();
    assert!(Bundle::read(&longer).is_err());
}

#[test]
fn a_key_shows_its_secret_only_when_asked() {
    let drawn = Key::draw().unwrap();
    let again = Key::read(&drawn.secret_text()).unwrap();
    assert_eq!(again.public(), drawn.public());
    assert_eq!(format!("{drawn:?}"), "key(redacted)");
    for wrong in ["", "00", "zz", &"é".repeat(32)] {
        assert!(Key::read(wrong).is_err() && wrong.parse::<PublicKey>().is_err());
    }
}

proptest! {
    #[test]
    fn any_bytes_are_answered(bytes in prop::collection::vec(any::<u8>(), 0..400), head in any::<bool>()) {
        let bytes = if head { [MAGIC.as_bytes(), b"9 2\n", &bytes].concat() } else { bytes };
        if let Ok(bundle) = Bundle::read(&bytes) {
            prop_assert!(bundle.verify("quan-1", &authors(), false).is_err());
        }
    }
}
