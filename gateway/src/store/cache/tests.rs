use super::*;
use crate::store::{keyring::BOX, state::Changed};
use engine::{
    shopper::{Profile, ShopperId},
    snapshot::Tally,
};
use protocol::id::OfferId;

fn open(dir: &Path) -> Cache {
    let keyring = Arc::new(Keyring::open(dir, &[1; 32]).unwrap());
    keyring.make(ShopperId(1)).unwrap();
    Cache::open(dir, 1 << 20).unwrap().unlocked(&keyring)
}

#[test]
fn a_value_longer_than_sled_keeps_safely_is_refused_at_the_door() {
    let dir = tempfile::tempdir().unwrap();
    let cache = open(dir.path());
    let with_segment = |bytes| Profile {
        segments: vec!["x".repeat(bytes)],
        ..Profile::default()
    };
    // Schema, three days, count, two bytes of length, six empty fields, and what
    // a box is longer than what is in it.
    for (bytes, fits) in [
        (1, true),
        (VALUE_MAX - 21 - BOX, true),
        (VALUE_MAX - 20 - BOX, false),
        (60_000, false),
    ] {
        for today in [None, Some(20_000)] {
            let kept = cache.keep(ShopperId(1), &with_segment(bytes), today);
            assert_eq!(kept.is_ok(), fits, "{bytes}: {kept:?}");
        }
    }
}

#[test]
fn the_last_visit_is_remembered_over_the_day_and_over_a_sync() {
    let dir = tempfile::tempdir().unwrap();
    let cache = open(dir.path());
    let shopper = ShopperId(1);
    let last = |today| {
        let found = cache.use_profile(shopper, Some(today)).unwrap();
        found.unwrap().0.last_visit_day
    };
    cache.keep(shopper, &Profile::default(), Some(100)).unwrap();
    assert_eq!(last(110), None, "the loyalty programme's sync is no visit");
    assert_eq!(last(110), None, "the same day");
    assert_eq!(last(140), Some(110));
    cache.keep(shopper, &Profile::default(), Some(139)).unwrap();
    assert_eq!(last(140), Some(110), "a sync forgets no visit");
    assert_eq!(last(141), Some(140));
}

#[test]
fn a_profile_kept_before_visits_had_days_is_still_read() {
    let dir = tempfile::tempdir().unwrap();
    let cache = open(dir.path());
    let shopper = ShopperId(1);
    // Schema, day 20,000, one segment, a language, of age, one affinity, 12 visits.
    let older = b"\x02\x20\x4e\0\0\x01\x02ab\x01\x02vi\x01\x01\x01\x03tea\x28\x0c";
    assert_eq!(
        older[0], SCHEMA,
        "an older schema needs a reader of its own"
    );
    let key = key(shopper);
    cache.profiles.insert(key, &older[..]).unwrap();
    let profile = cache.profile(shopper).unwrap().unwrap();
    assert_eq!(profile.segments, ["ab"]);
    assert_eq!(profile.language.as_deref(), Some("vi"));
    assert_eq!(profile.adult, Some(true));
    assert_eq!(profile.affinities, [("tea".to_owned(), 40)]);
    assert_eq!((profile.visits, profile.last_visit_day), (12, None));
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
    assert!(cache.scan().is_ok());
    let mut value = cache
        .profiles
        .get(key(ShopperId(1)))
        .unwrap()
        .unwrap()
        .to_vec();
    value[0] = SEALED + 1;
    cache.profiles.insert(key(ShopperId(1)), value).unwrap();
    assert!(matches!(
        cache.profile(ShopperId(1)),
        Err(CacheError::Value)
    ));
    assert!(cache.scan().is_err());
}

#[test]
fn a_cache_that_somebody_still_has_is_not_taken_for_a_damaged_one() {
    let dir = tempfile::tempdir().unwrap();
    let config = sled::Config::new().path(dir.path());
    let first = config.open().unwrap();
    let sled::Error::Io(error) = config.open().unwrap_err() else {
        panic!("another kind of error");
    };
    assert!(is_locked(&error), "{error}");
    drop(first);
    open_when_free(&config).unwrap();
}
