use super::*;
use std::fs;

const MAI: ShopperId = ShopperId(7);
const LAN: ShopperId = ShopperId(8);

fn open(dir: &Path) -> Keyring {
    Keyring::open(dir, &[5; 32]).unwrap()
}

/// A keyring with a key for each of them, and a box of Mai's.
fn with_two(dir: &Path) -> (Keyring, Vec<u8>) {
    let keyring = open(dir);
    keyring.make(MAI).unwrap();
    keyring.make(LAN).unwrap();
    keyring.sync().unwrap();
    let sealed = keyring.seal(MAI, Content::Profile, b"families").unwrap();
    (keyring, sealed)
}

fn opens(keyring: &Keyring, sealed: &[u8]) -> bool {
    let opened = keyring.open_box(MAI, Content::Profile, sealed);
    opened.is_some_and(|plain| plain == b"families")
}

#[test]
fn a_box_opens_for_its_shopper_and_its_content_alone() {
    let dir = tempfile::tempdir().unwrap();
    let (keyring, sealed) = with_two(dir.path());
    assert!(opens(&keyring, &sealed));
    assert_eq!(sealed.len(), b"families".len() + BOX);
    assert_eq!(keyring.open_box(LAN, Content::Profile, &sealed), None);
    assert_eq!(keyring.open_box(MAI, Content::Keys, &sealed), None);
    for bit in 0..sealed.len() * 8 {
        let mut changed = sealed.clone();
        changed[bit / 8] ^= 1 << (bit % 8);
        assert!(!opens(&keyring, &changed), "bit {bit}");
    }
    assert!(!opens(&keyring, &sealed[..11]));
    let other = Keyring::open(dir.path(), &[6; 32]).unwrap();
    assert!(!opens(&other, &sealed), "another store's secret");
}

#[test]
fn keys_are_kept_over_a_restart_and_are_drawn_once() {
    let dir = tempfile::tempdir().unwrap();
    let (keyring, sealed) = with_two(dir.path());
    keyring.make(MAI).unwrap();
    drop(keyring);
    assert!(opens(&open(dir.path()), &sealed));
}

#[test]
fn a_destroyed_key_is_nowhere_in_the_files_and_opens_nothing_even_from_an_old_copy() {
    let dir = tempfile::tempdir().unwrap();
    let (keyring, sealed) = with_two(dir.path());
    let salt = keyring.slot(MAI).unwrap().1.salt;
    let holds = |name: &str| {
        let bytes = fs::read(dir.path().join(name)).unwrap();
        bytes.windows(32).any(|window| window == salt)
    };
    assert!(FILES.iter().all(|name| holds(name)));
    keyring.destroy(MAI, 3, 20_000).unwrap();
    assert!(!FILES.iter().any(|name| holds(name)));
    assert!(!opens(&keyring, &sealed));
    assert_eq!(keyring.seal(MAI, Content::Profile, b"x"), None);
    let expected = Erasure {
        serial: 1,
        version: 3,
        day: 20_000,
        slot: 0,
    };
    let again = open(dir.path());
    assert_eq!(again.erasure(MAI), Some(expected));
    assert_eq!(again.erasure(LAN), None);
    assert_eq!(again.tombstones(), [(MAI, 3)]);
    // Forgetting twice is forgetting once.
    again.destroy(MAI, 3, 20_001).unwrap();
    assert_eq!(again.erasure(MAI), Some(expected));
}

#[test]
fn whoever_comes_back_gets_another_key_and_stays_remembered_as_forgotten_before() {
    let dir = tempfile::tempdir().unwrap();
    let (keyring, sealed) = with_two(dir.path());
    keyring.destroy(MAI, 3, 0).unwrap();
    keyring.make(MAI).unwrap();
    assert!(!opens(&keyring, &sealed));
    let anew = keyring.seal(MAI, Content::Profile, b"families").unwrap();
    assert!(opens(&open(dir.path()), &anew));
    assert_eq!(keyring.tombstones(), [(MAI, 3)]);
    keyring.destroy(MAI, 5, 0).unwrap();
    let erasure = keyring.erasure(MAI).unwrap();
    assert_eq!((erasure.serial, erasure.version), (2, 5));
}

#[test]
fn one_of_two_files_is_enough_and_mends_the_other() {
    let spoil: [fn(&Path); 5] = [
        |file| fs::write(file, []).unwrap(),
        |file| fs::remove_file(file).unwrap(),
        |file| fs::write(file, [0x55; 300]).unwrap(),
        |file| fs::write(file, &fs::read(file).unwrap()[..70]).unwrap(),
        |file| {
            let mut bytes = fs::read(file).unwrap();
            bytes[20] ^= 1;
            fs::write(file, bytes).unwrap();
        },
    ];
    for name in FILES {
        for spoil in spoil {
            let dir = tempfile::tempdir().unwrap();
            let (keyring, sealed) = with_two(dir.path());
            drop(keyring);
            let whole = fs::read(dir.path().join(name)).unwrap();
            spoil(&dir.path().join(name));
            assert!(opens(&open(dir.path()), &sealed), "{name}");
            let mended = fs::read(dir.path().join(name)).unwrap();
            assert_eq!(mended[..whole.len()], whole, "{name}");
        }
    }
}

#[test]
fn a_copy_that_missed_an_erasure_brings_nobody_back() {
    for late in FILES {
        let dir = tempfile::tempdir().unwrap();
        let (keyring, sealed) = with_two(dir.path());
        let before = fs::read(dir.path().join(late)).unwrap();
        keyring.destroy(MAI, 3, 0).unwrap();
        drop(keyring);
        fs::write(dir.path().join(late), before).unwrap();
        let again = open(dir.path());
        assert!(!opens(&again, &sealed), "{late}");
        assert_eq!(again.tombstones(), [(MAI, 3)]);
    }
}

#[test]
fn nothing_of_it_is_told_by_debug() {
    let dir = tempfile::tempdir().unwrap();
    let (keyring, _) = with_two(dir.path());
    assert_eq!(format!("{keyring:?}"), "keyring(redacted)");
    let (_, slot) = keyring.slot(MAI).unwrap();
    assert_eq!(format!("{slot:?}"), "slot(redacted)");
}
