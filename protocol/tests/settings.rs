//! Settings come back as they were written, or not at all.

use proptest::prelude::*;
use protocol::settings::{Allowed, BadSettings, MAX_BYTES, NotAllowed, Settings, Wifi};

fn settings() -> Settings {
    let mut allowed = Allowed::NOTHING;
    allowed.ibeacon.push([7; 16]).expect("it fits and is valid");
    Settings {
        store: "quan-1".parse().expect("it fits and is valid"),
        node: "s-entrance".parse().expect("it fits and is valid"),
        broker: [192, 168, 1, 10],
        port: 1883,
        user: "node".try_into().expect("it fits and is valid"),
        password: "correct horse battery"
            .try_into()
            .expect("it fits and is valid"),
        allowed,
    }
}

fn written() -> Vec<u8> {
    let mut room = [0; MAX_BYTES];
    settings()
        .write(&mut room)
        .expect("it fits and is valid")
        .to_vec()
}

#[test]
fn what_is_written_is_read_again_whatever_comes_after() {
    let mut bytes = written();
    assert_eq!(Settings::read(&bytes), Ok(settings()));
    bytes.resize(MAX_BYTES, 0xFF);
    assert_eq!(Settings::read(&bytes), Ok(settings()));
}

#[test]
fn blank_memory_and_other_versions_are_told_apart() {
    assert_eq!(Settings::read(&[0xFF; 64]), Err(BadSettings::Blank));
    assert_eq!(Settings::read(&[]), Err(BadSettings::Blank));
    let mut newer = written();
    newer[3] = 2;
    assert_eq!(Settings::read(&newer), Err(BadSettings::Version(2)));
}

#[test]
fn the_fullest_settings_fit() {
    let name: String = "n".repeat(32);
    let word: String = "w".repeat(64);
    let mut allowed = Allowed::NOTHING;
    while allowed.ibeacon.push([1; 16]).is_ok() {}
    while allowed.eddystone_uid.push([2; 10]).is_ok() {}
    while allowed.altbeacon.push([3; 16]).is_ok() {}
    let full = Settings {
        store: name.parse().unwrap(),
        node: name.parse().unwrap(),
        user: word.as_str().try_into().unwrap(),
        password: word.as_str().try_into().unwrap(),
        allowed,
        ..settings()
    };
    let mut room = [0; MAX_BYTES];
    assert_eq!(Settings::read(full.write(&mut room).unwrap()), Ok(full));
}

#[test]
fn what_may_leave_is_read_as_people_write_it() {
    let mut allowed = Allowed::NOTHING;
    for text in [
        "ibeacon:a15eca57-0000-4000-8000-000000000001",
        "eddystone-uid:00112233445566778899",
        "altbeacon:00112233445566778899aabbccddeeff",
        "eddystone-eid",
        "private-address",
    ] {
        assert_eq!(allowed.allow(text), Ok(()), "{text}");
    }
    assert_eq!(allowed.ibeacon[0][..4], [0xA1, 0x5E, 0xCA, 0x57]);
    assert!(allowed.eddystone_eid && allowed.private_address);
    for wrong in ["", "ibeacon", "ibeacon:a15e", "phone", "eddystone-uid:"] {
        assert_eq!(allowed.allow(wrong), Err(NotAllowed::Unknown), "{wrong}");
    }
    while allowed.ibeacon.push([1; 16]).is_ok() {}
    let fifth = "ibeacon:a15eca57-0000-4000-8000-000000000002";
    assert_eq!(allowed.allow(fifth), Err(NotAllowed::Full));
}

#[test]
fn a_wireless_network_is_kept_beside_them_and_is_not_taken_for_them() {
    let wifi = Wifi {
        ssid: "Floor".try_into().unwrap(),
        password: "horse battery".try_into().unwrap(),
    };
    let mut room = [0; MAX_BYTES];
    let bytes = wifi.write(&mut room).unwrap().to_vec();
    // By hand: postcard's lengths, and CRC-32 over all but the head.
    assert_eq!(bytes[..6], *b"ALW\x01\x05F");
    assert_eq!(bytes[bytes.len() - 4..], 0x0393_2A7D_u32.to_le_bytes());
    assert_eq!(Wifi::read(&bytes), Ok(wifi.clone()));
    assert_eq!(Settings::read(&bytes), Err(BadSettings::Blank));
    assert_eq!(Wifi::read(&written()), Err(BadSettings::Blank));
    assert!(!format!("{wifi:?}").contains("horse"));
}

#[test]
fn a_password_is_in_no_message() {
    assert!(!format!("{:?}", settings()).contains("horse"));
}

proptest! {
    #[test]
    fn one_changed_bit_is_noticed(at in 0..written().len(), bit in 0_u8..8) {
        let mut bytes = written();
        bytes[at] ^= 1_u8 << bit;
        prop_assert!(Settings::read(&bytes).is_err());
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = Settings::read(&bytes);
    }
}
