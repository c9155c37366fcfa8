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
