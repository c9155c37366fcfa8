//! The files in this folder are what people copy: they must be without fault.

use std::path::Path;

fn folder() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn the_shipped_shop_loads_without_even_a_warning() {
    let shop = config::load(folder()).unwrap_or_else(|problems| panic!("{problems}"));
    assert!(shop.warnings.is_empty(), "{}", shop.warnings);
    let by_file = config::load(&folder().join("store.toml")).unwrap();
    assert_eq!(shop.plan, by_file.plan);
}

#[test]
fn the_demo_is_the_shipped_shop() {
    let (demo, shipped) = (config::demo(), config::load(folder()).unwrap());
    assert_eq!(demo.plan, shipped.plan);
    assert_eq!(demo.tests, shipped.tests);
    assert!(demo.warnings.is_empty(), "{}", demo.warnings);
    for entry in std::fs::read_dir(folder().join("creatives")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        let built_in =
            config::demo_creative(name).unwrap_or_else(|| panic!("{name} is not built in"));
        assert_eq!(built_in, std::fs::read_to_string(&path).unwrap(), "{name}");
    }
}

#[test]
fn every_shipped_offer_does_what_its_tests_say() {
    let shop = config::demo();
    for offer in &shop.plan.offers {
        let ix = shop.plan.offer(&offer.id);
        let tests = shop.tests.iter().filter(|t| Some(t.offer) == ix);
        assert!(tests.count() >= 1, "{} has no test", offer.id);
    }
    assert!(shop.tests.len() >= 50, "{}", shop.tests.len());
    let failed = shop.rehearse();
    assert!(failed.is_empty(), "{failed}");
}

#[test]
fn everything_in_the_shop_is_used_or_reachable() {
    let plan = config::demo().plan;
    assert_eq!(
        (plan.zones.len(), plan.scanners.len(), plan.screens.len()),
        (12, 12, 6)
    );
    for (i, zone) in plan.zones.iter().enumerate() {
        let seen = plan.screens.iter().any(|s| s.seen_from.has(i as u8));
        assert!(seen, "no screen is seen from {}", zone.id);
    }
    for scanner in &plan.scanners {
        assert!(
            plan.zone_at(scanner.at).is_some(),
            "{} hangs in no zone",
            scanner.id
        );
    }
    for screen in &plan.screens {
        assert!(
            plan.zone_at(screen.at).is_some(),
            "{} stands in no zone",
            screen.id
        );
    }
}

#[test]
fn a_place_needs_no_more_than_floor_zones_and_scanners() {
    let bare = r#"
        [store]
        id = "bare"
        [floor]
        outline = [[0, 0], [8, 0], [8, 4], [0, 4]]
        [[zones]]
        id = "west"
        area = [[0, 0], [4, 0], [4, 4], [0, 4]]
        [[zones]]
        id = "east"
        area = [[4, 0], [8, 0], [8, 4], [4, 4]]
        [[scanners]]
        id = "s-1"
        at = [1, 2]
    "#;
    let file = tempfile::NamedTempFile::with_suffix(".toml").unwrap();
    std::fs::write(file.path(), bare).unwrap();
    let place = config::load_place(file.path()).unwrap_or_else(|problems| panic!("{problems}"));
    assert_eq!((place.plan.zones.len(), place.plan.scanners.len()), (2, 1));
    assert!(place.warnings.is_empty(), "{}", place.warnings);

    std::fs::write(file.path(), bare.replace("at = [1, 2]", "at = [100, 2]")).unwrap();
    let problems = config::load_place(file.path()).unwrap_err().to_string();
    assert!(problems.contains("92 m from the floor"), "{problems}");
}

#[test]
fn the_place_of_the_shipped_shop_is_the_shop_without_its_offers() {
    let place = config::load_place(folder()).unwrap_or_else(|problems| panic!("{problems}"));
    let shop = config::load(folder()).unwrap();
    assert_eq!(place.plan.zones, shop.plan.zones);
    assert_eq!(place.plan.scanners, shop.plan.scanners);
    assert!(place.plan.offers.is_empty());
}
