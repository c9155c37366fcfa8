//! A shop with two floors.

use std::{fs, path::Path};

const UPPER: &str = "
[[floor.upper]]
outline = [[0, 0], [30, 0], [30, 17], [0, 17]]

[[zones]]
id = \"toys\"
label = \"Đồ chơi\"
area = [[10, 2], [20, 2], [20, 15], [10, 15]]
level = 1

[[scanners]]
id = \"s-toys\"
at = [15, 8]
level = 1
source = \"node\"
";
const STAIRS: &str = "
[[floor.stairs]]
lower = 0
area = [[25, 1], [29, 1], [29, 2], [25, 2]]
";

fn shop(extra: &str) -> Result<config::Shop, config::Problems> {
    let folder = copy(extra).expect("the file system does as it is told");
    config::load(folder.path())
}

fn copy(extra: &str) -> std::io::Result<tempfile::TempDir> {
    let folder = tempfile::tempdir()?;
    let shipped = Path::new(env!("CARGO_MANIFEST_DIR"));
    let text = fs::read_to_string(shipped.join("store.toml"))?;
    fs::write(folder.path().join("store.toml"), text + extra)?;
    fs::create_dir(folder.path().join("creatives"))?;
    for picture in fs::read_dir(shipped.join("creatives"))? {
        let picture = picture?;
        let to = folder.path().join("creatives").join(picture.file_name());
        fs::copy(picture.path(), to)?;
    }
    Ok(folder)
}

#[test]
fn zones_of_different_storeys_may_lie_above_each_other() {
    let shop = shop(&format!("{UPPER}{STAIRS}")).unwrap();
    assert_eq!(shop.warnings.to_string(), "0 errors, 0 warnings");
    let toys = shop.plan.zone(&"toys".parse().unwrap()).unwrap();
    let above = engine::plan::Point { x: 14.0, y: 9.0 };
    assert_eq!(shop.plan.zone_on(1, above), Some(toys));
    assert_ne!(shop.plan.zone_on(0, above), Some(toys));
    assert_eq!(shop.plan.levels().count(), 2);
}

#[test]
fn without_stairs_nobody_gets_up() {
    let told = shop(UPPER).unwrap().warnings.to_string();
    assert!(told.contains("nobody can walk to zone \"toys\""), "{told}");
}

#[test]
fn a_storey_that_is_not_described_is_told() {
    for (wrong, what) in [
        (
            UPPER.replace("level = 1", "level = 2"),
            "there is no storey 2",
        ),
        (STAIRS.to_owned(), "there is no storey 1"),
        (
            format!("{UPPER}{}", STAIRS.replace("29", "33")),
            "these stairs lie partly outside",
        ),
    ] {
        let told = shop(&wrong).unwrap_err().to_string();
        assert!(told.contains(what), "{told}");
    }
}
