//! What docs/devices.md tells people to write can be loaded.

use std::{fs, path::Path};

#[test]
fn every_piece_of_the_page_about_devices_can_be_loaded() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let page = fs::read_to_string(root.join("docs/devices.md")).unwrap();
    let shop = fs::read_to_string(root.join("tests/shop/store.toml")).unwrap();
    let filled = shop
        .replace("@mode@", "embedded")
        .replace("@broker_port@", "1883")
        .replace("@http_port@", "8080")
        .replace("@data@", "data");
    let pieces: Vec<&str> = page
        .split("```toml\n")
        .skip(1)
        .map(|rest| rest.split("```").next().unwrap_or_default())
        .collect();
    assert!(pieces.len() >= 15, "{}", pieces.len());
    let together: String = pieces.concat();
    for piece in pieces.into_iter().chain([together.as_str()]) {
        let dir = tempfile::tempdir().unwrap();
        let text = format!("{filled}\n{piece}");
        fs::write(dir.path().join("store.toml"), text).unwrap();
        let loaded = config::load(dir.path());
        assert!(loaded.is_ok(), "{}\n{piece}", loaded.unwrap_err());
    }
}
