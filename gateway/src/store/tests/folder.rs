//! Who gets into what the store makes.

use super::*;
use std::os::unix::fs::PermissionsExt as _;

#[test]
fn only_the_gateways_user_gets_into_the_data_folder() {
    let outside = tempfile::tempdir().unwrap();
    let dir = outside.path().join("made/by the store");
    drop(open(&storage(&dir), RETENTION, &Check::Here).unwrap());
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&dir), 0o700);
    // A folder that is there already is whoever's it was; its files are nobody else's.
    fs::set_permissions(&dir, fs::Permissions::from_mode(0o755)).unwrap();
    let (mut writer, ..) = start(&dir);
    writer.ledger.tail().follow(Told::default());
    writer.ledger.tail().begin_epoch();
    writer.tidy();
    commit(&mut writer, story());
    writer.ledger.pretend_length(ledger::BYTES_MAX + 1);
    writer.tidy_from = Instant::now();
    writer.tidy();
    commit(&mut writer, story());
    let everybody = (0..7).map(ShopperId).collect();
    assert!(writer.ledger.redact(&everybody).unwrap() > 0);
    for folder in ["ledger", "ledger/backlog"] {
        for entry in fs::read_dir(dir.join(folder)).unwrap() {
            let path = entry.unwrap().path();
            assert!(path.is_dir() || mode(&path) == 0o600, "{}", path.display());
        }
    }
    assert_eq!(mode(&dir), 0o755);
}
