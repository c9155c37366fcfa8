use super::*;
use crate::store::state::Changed;
use engine::{
    shopper::{Profile, ShopperId},
    snapshot::Tally,
};
use protocol::id::OfferId;

fn open(dir: &Path) -> Cache {
    Cache::open(dir, 1 << 20).unwrap()
}

#[test]
fn a_value_longer_than_sled_keeps_safely_is_refused_at_the_door() {
    let dir = tempfile::tempdir().unwrap();
    let cache = open(dir.path());
    let with_segment = |bytes| Profile {
        segments: vec!["x".repeat(bytes)],
        ..Profile::default()
    };
    // Schema, day, count, two bytes of length, and five empty fields.
    for (bytes, fits) in [
        (1, true),
        (VALUE_MAX - 12, true),
        (VALUE_MAX - 11, false),
        (60_000, false),
    ] {
        for today in [None, Some(20_000)] {
            let kept = cache.keep(ShopperId(1), &with_segment(bytes), today);
            assert_eq!(kept.is_ok(), fits, "{bytes}: {kept:?}");
        }
    }
}

#[test]
fn a_tally_of_any_length_is_kept_in_pieces_and_shrinks_again() {
    let dir = tempfile::tempdir().unwrap();
    let cache = open(dir.path());
    let milk: OfferId = "milk".parse().unwrap();
    let changed = Changed {
        offers: [milk.clone()].into(),
        ..Changed::default()
    };
    for shoppers in [0, 5_000, 3, 20_000, 1_000] {
        let mut tally = Tally::default();
        tally.charge(20_000, &(0..shoppers).map(ShopperId).collect::<Vec<_>>());
        let mut state = Snapshot::default();
        state.tallies.insert(milk.clone(), tally);
        cache.write_state(&state, &changed, shoppers).unwrap();
        let mut loaded = Snapshot::default();
        cache.load_state(&mut loaded).unwrap();
        assert_eq!(loaded, state, "{shoppers}");
        assert_eq!(cache.meta().unwrap().applied_seq, shoppers);
        for value in cache.state.iter().values() {
            assert!(value.unwrap().len() <= VALUE_MAX);
        }
    }
}

#[test]
fn a_value_of_another_schema_is_not_misread() {
    let dir = tempfile::tempdir().unwrap();
    let cache = open(dir.path());
    cache.keep(ShopperId(1), &Profile::default(), None).unwrap();
    let mut value = cache
        .profiles
        .get(key(ShopperId(1)))
        .unwrap()
        .unwrap()
        .to_vec();
    value[0] = SCHEMA + 1;
    cache.profiles.insert(key(ShopperId(1)), value).unwrap();
    assert!(matches!(
        cache.profile(ShopperId(1)),
        Err(CacheError::Value)
    ));
    assert!(cache.scan().is_err());
}
