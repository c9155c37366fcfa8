use super::*;
use config::bundle::{Author, Key, Manifest, Role};

fn bundle(number: u64, offer: &str, key: &Key) -> (Bundle, Verified) {
    let mut files = OfferFiles::default();
    let name = format!("{offer}.toml");
    files.offers.insert(name, format!("id = \"{offer}\"\n"));
    files
        .pictures
        .insert(format!("{offer}.svg"), b"<svg/>".to_vec());
    let manifest = Manifest {
        author: "lan".to_owned(),
        number,
        made: String::new(),
        note: format!("bundle {number}"),
        stores: Vec::new(),
        replaces: None,
        files: Vec::new(),
    };
    let mut bundle = Bundle::pack(manifest, files).unwrap();
    bundle.sign(key);
    let lan = Author {
        name: "lan".to_owned(),
        key: key.public(),
        role: Role::Marketer,
    };
    let verified = bundle.verify("quan-1", &[lan], false).unwrap();
    (bundle, verified)
}

fn apply(versions: &mut Versions, number: u64, offer: &str, key: &Key) {
    let (bundle, verified) = bundle(number, offer, key);
    versions
        .apply(&bundle, &verified, "now".to_owned())
        .unwrap();
}

fn offers(versions: &Versions) -> Option<String> {
    let files = versions.files()?;
    Some(files.offers.into_keys().collect::<Vec<_>>().join(" "))
}

#[test]
fn a_version_is_there_after_a_restart_and_can_be_gone_back_to() {
    let dir = tempfile::tempdir().unwrap();
    let open = || Versions::open(dir.path().join("offers")).unwrap();
    let key = Key::draw().unwrap();
    assert_eq!((open().number(), offers(&open())), (0, None));
    apply(&mut open(), 10, "milk", &key);
    apply(&mut open(), 11, "tea", &key);
    assert_eq!(offers(&open()).as_deref(), Some("tea.toml"));
    assert!(open().roll_back(1, String::new()).unwrap());
    assert_eq!(offers(&open()).as_deref(), Some("milk.toml"));
    assert_eq!(open().number(), 3);
    // Going back takes no number back: the old bundle stays refused.
    assert_eq!(open().last_number(key.public()), Some(11));
    assert!(!open().roll_back(9, String::new()).unwrap());
    assert!(open().roll_back(0, String::new()).unwrap());
    assert_eq!((open().number(), offers(&open())), (4, None));
    assert!(open().roll_back(3, String::new()).unwrap());
    assert_eq!(offers(&open()).as_deref(), Some("milk.toml"));
}

#[test]
fn what_a_power_cut_leaves_behind_is_swept_and_changes_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let offers_dir = dir.path().join("offers");
    let key = Key::draw().unwrap();
    apply(
        &mut Versions::open(offers_dir.clone()).unwrap(),
        1,
        "milk",
        &key,
    );
    // Cut while the files were written, and cut before the pointer was replaced.
    for name in ["v2.new", "v2"] {
        fs::create_dir_all(offers_dir.join(name).join("offers")).unwrap();
    }
    fs::write(offers_dir.join("state.json.new"), "{").unwrap();
    let mut versions = Versions::open(offers_dir.clone()).unwrap();
    assert_eq!(offers(&versions).as_deref(), Some("milk.toml"));
    assert!(!offers_dir.join("v2").exists() && !offers_dir.join("v2.new").exists());
    apply(&mut versions, 2, "tea", &key);
    assert_eq!(offers(&versions).as_deref(), Some("tea.toml"));
}

/// What lies in the way of a file while it is written.
fn in_the_way(dir: &Path, name: &str) -> PathBuf {
    let path = dir.join(name);
    fs::create_dir(&path).unwrap();
    path
}

#[test]
fn a_version_whose_record_was_not_written_is_in_force_at_no_time_and_blocks_none() {
    let dir = tempfile::tempdir().unwrap();
    let open = || Versions::open(dir.path().to_owned()).unwrap();
    let key = Key::draw().unwrap();
    let mut versions = open();
    apply(&mut versions, 1, "milk", &key);
    let way = in_the_way(dir.path(), "state.tmp");
    for number in [2, 3] {
        let (bundle, verified) = bundle(number, "tea", &key);
        let failed = versions.apply(&bundle, &verified, String::new());
        let kind = failed.unwrap_err().kind();
        assert_eq!(kind, io::ErrorKind::IsADirectory, "{number}");
        assert_eq!(offers(&versions).as_deref(), Some("milk.toml"));
    }
    fs::remove_dir(way).unwrap();
    apply(&mut versions, 4, "bread", &key);
    assert_eq!(offers(&versions).as_deref(), Some("bread.toml"));
    assert_eq!((open().number(), open().history().count()), (2, 2));
}

#[test]
fn a_version_whose_record_has_no_copy_yet_is_in_force_now_and_after_a_restart() {
    let dir = tempfile::tempdir().unwrap();
    let open = || Versions::open(dir.path().to_owned()).unwrap();
    let key = Key::draw().unwrap();
    let mut versions = open();
    apply(&mut versions, 1, "milk", &key);
    let way = in_the_way(dir.path(), "state.copy.tmp");
    apply(&mut versions, 2, "tea", &key);
    assert_eq!(offers(&versions).as_deref(), Some("tea.toml"));
    assert_eq!(offers(&open()).as_deref(), Some("tea.toml"));
    fs::remove_dir(way).unwrap();
    open();
    let [first, copy] = FILES.map(|name| fs::read(dir.path().join(name)).unwrap());
    assert_eq!(first, copy, "the next start makes it good");
}

#[test]
fn a_version_that_the_disk_altered_gives_way_to_the_one_before_it() {
    let dir = tempfile::tempdir().unwrap();
    let key = Key::draw().unwrap();
    let mut versions = Versions::open(dir.path().to_owned()).unwrap();
    apply(&mut versions, 1, "milk", &key);
    apply(&mut versions, 2, "tea", &key);
    let file = dir.path().join("v2/offers/tea.toml");
    fs::write(&file, "id = \"tee\"\n").unwrap();
    assert_eq!(offers(&versions).as_deref(), Some("milk.toml"));
    fs::remove_dir_all(dir.path().join("v1")).unwrap();
    assert_eq!(offers(&versions), None);
}

#[test]
fn only_so_many_versions_are_kept() {
    let dir = tempfile::tempdir().unwrap();
    let key = Key::draw().unwrap();
    let mut versions = Versions::open(dir.path().to_owned()).unwrap();
    for number in 1..=VERSIONS_MAX as u64 + 5 {
        apply(&mut versions, number, "milk", &key);
    }
    let folders = fs::read_dir(dir.path()).unwrap();
    let folders = folders.filter(|e| e.as_ref().unwrap().path().is_dir());
    assert_eq!(folders.count(), VERSIONS_MAX);
    assert_eq!(versions.history().count(), VERSIONS_MAX);
}

#[test]
fn a_damaged_record_gives_way_to_its_copy_and_a_lost_one_to_the_house_loop() {
    let dir = tempfile::tempdir().unwrap();
    let offers_dir = dir.path().join("offers");
    let open = || Versions::open(offers_dir.clone()).unwrap();
    let key = Key::draw().unwrap();
    apply(&mut open(), 10, "milk", &key);
    apply(&mut open(), 11, "tea", &key);
    let path = offers_dir.join("state.json");
    let whole = fs::read(&path).unwrap();
    let other_version = String::from_utf8(whole.clone())
        .unwrap()
        .replace("\"content\": 2", "\"content\": 1");
    for spoilt in [
        &b""[..],
        b"{}",
        &whole[..40],
        &[0; 300],
        other_version.as_bytes(),
    ] {
        fs::write(&path, spoilt).unwrap();
        let versions = open();
        assert_eq!(offers(&versions).as_deref(), Some("tea.toml"));
        assert_eq!(versions.last_number(key.public()), Some(11));
        assert!(!versions.is_doubted());
        assert_eq!(fs::read(&path).unwrap(), whole, "it is mended at once");
    }
    fs::write(&path, "?").unwrap();
    fs::write(offers_dir.join("state.copy.json"), "?").unwrap();
    let mut versions = open();
    assert!(versions.is_doubted() && versions.current().is_none());
    assert!(offers_dir.join("v2").exists(), "nothing is thrown away");
    apply(&mut versions, 12, "bread", &key);
    let versions = open();
    assert_eq!((versions.number(), versions.is_doubted()), (3, false));
    assert_eq!(offers(&versions).as_deref(), Some("bread.toml"));
}

#[test]
fn a_record_of_before_there_was_a_checksum_is_read() {
    let dir = tempfile::tempdir().unwrap();
    let key = Key::draw().unwrap();
    apply(
        &mut Versions::open(dir.path().to_owned()).unwrap(),
        1,
        "milk",
        &key,
    );
    let path = dir.path().join("state.json");
    let mut state: serde_json::Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    state.as_object_mut().unwrap().remove("crc32c").unwrap();
    fs::write(&path, state.to_string()).unwrap();
    fs::remove_file(dir.path().join("state.copy.json")).unwrap();
    let versions = Versions::open(dir.path().to_owned()).unwrap();
    assert_eq!(offers(&versions).as_deref(), Some("milk.toml"));
}
