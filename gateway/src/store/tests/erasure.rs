//! Nobody who was forgotten comes back, whatever old copies are put in place.

use super::*;
use crate::uplink::Lane;
use engine::shopper::{ConsentAct, ConsentNote, IdentityKey};

const MAI: ShopperId = ShopperId(7);
const LAN: ShopperId = ShopperId(8);
const IRK: [u8; 16] = *b"canary-of-an-irk";

fn with_irk(shopper: ShopperId, version: u64) -> LedgerEntry {
    LedgerEntry::Enrolled(Enrolment {
        keys: vec![IdentityKey::Irk(IRK)],
        ..Enrolment::consenting(shopper, version, Purposes::ALL)
    })
}

fn forgotten(shopper: ShopperId, version: u64) -> LedgerEntry {
    LedgerEntry::Forgotten { shopper, version }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// Puts the copies of these folders and files in place.
fn put_back(copies: &Path, dir: &Path, names: &[&str]) {
    for name in names {
        let (from, to) = (copies.join(name), dir.join(name));
        if from.is_dir() {
            fs::remove_dir_all(&to).unwrap();
            copy(&from, &to);
        } else {
            fs::copy(from, to).unwrap();
        }
    }
}

#[test]
fn no_profile_and_no_key_ever_lies_in_the_clear() {
    let dir = tempfile::tempdir().unwrap();
    let (mut writer, ..) = start(dir.path());
    commit(&mut writer, vec![with_irk(MAI, 1)]);
    writer.perform(vec![keep(7, &profile("canary-segment"))]);
    writer.write_behind();
    let clear = |needle: &[u8]| occurs(dir.path(), needle);
    assert!(!clear(&IRK) && !clear(b"canary-segment"));
    let cache = writer.cache.as_ref().unwrap();
    assert_eq!(cache.profile(MAI).unwrap(), Some(profile("canary-segment")));
    drop(writer);
    let enrolment = look(dir.path()).enrolled.remove(&MAI).unwrap();
    assert_eq!(enrolment.keys, [IdentityKey::Irk(IRK)]);
}

#[test]
fn old_copies_of_ledger_and_cache_bring_nobody_back() {
    for names in [
        &["ledger", "cache"][..],
        &["ledger"],
        &["cache"],
        &["ledger", "cache", "keyring.copy"],
        &["ledger", "cache", "keyring"],
    ] {
        let (dir, copies) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let (mut writer, ..) = start(dir.path());
        commit(&mut writer, vec![with_irk(MAI, 3), with_irk(LAN, 1)]);
        writer.perform(vec![keep(7, &profile("a")), keep(8, &profile("a"))]);
        writer.write_behind();
        copy(dir.path(), copies.path());
        commit(&mut writer, vec![forgotten(MAI, 3)]);
        drop(writer);
        put_back(copies.path(), dir.path(), names);
        let (writer, snapshot, _) = start(dir.path());
        assert!(!snapshot.enrolled.contains_key(&MAI), "{names:?}");
        assert_eq!(snapshot.forgotten.get(&MAI), Some(&3), "{names:?}");
        assert!(snapshot.enrolled.contains_key(&LAN), "{names:?}");
        let cache = writer.cache.as_ref().unwrap();
        assert_eq!(cache.profile(MAI).unwrap(), None, "{names:?}");
        drop(writer);
        // And so it stays.
        assert_eq!(look(dir.path()).forgotten.get(&MAI), Some(&3), "{names:?}");
    }
}

#[test]
fn an_erasure_that_the_power_cut_is_finished_at_the_next_start() {
    let dir = tempfile::tempdir().unwrap();
    let (mut writer, ..) = start(dir.path());
    commit(&mut writer, vec![with_irk(MAI, 3)]);
    writer.perform(vec![keep(7, &profile("a"))]);
    let keys = fs::read(dir.path().join("keyring")).unwrap();
    commit(&mut writer, vec![forgotten(MAI, 3)]);
    drop(writer);
    for name in ["keyring", "keyring.copy"] {
        fs::write(dir.path().join(name), &keys).unwrap();
    }
    let (writer, ..) = start(dir.path());
    let erasure = writer.keyring.erasure(MAI).unwrap();
    assert_eq!((erasure.serial, erasure.version), (1, 3));
    assert_ne!(fs::read(dir.path().join("keyring")).unwrap(), keys);
}

#[test]
fn whoever_comes_back_after_being_forgotten_is_known_again_and_over_restarts() {
    let dir = tempfile::tempdir().unwrap();
    let (mut writer, ..) = start(dir.path());
    // All in one group, as a busy disk makes it.
    let entries = vec![with_irk(MAI, 3), forgotten(MAI, 3), with_irk(MAI, 4)];
    commit(&mut writer, entries);
    writer.perform(vec![keep(7, &profile("anew"))]);
    drop(writer);
    let (writer, snapshot, _) = start(dir.path());
    let known = &snapshot.enrolled[&MAI];
    assert_eq!((known.version, known.keys.len()), (4, 1));
    assert_eq!(known.consent.purposes, Purposes::ALL);
    let cache = writer.cache.as_ref().unwrap();
    assert_eq!(cache.profile(MAI).unwrap(), Some(profile("anew")));
}

#[test]
fn a_lost_keyring_takes_consents_and_no_start_and_a_newer_version_mends_it() {
    let dir = tempfile::tempdir().unwrap();
    let (mut writer, ..) = start(dir.path());
    commit(&mut writer, vec![with_irk(MAI, 3)]);
    writer.perform(vec![keep(7, &profile("a"))]);
    drop(writer);
    for name in ["keyring", "keyring.copy"] {
        fs::remove_file(dir.path().join(name)).unwrap();
    }
    let (mut writer, snapshot, _) = start(dir.path());
    let known = &snapshot.enrolled[&MAI];
    assert_eq!((known.version, known.consent.purposes), (3, Purposes::NONE));
    assert!(writer.gauge.note().unwrap().contains("keyring lost"));
    commit(&mut writer, vec![with_irk(MAI, 4)]);
    drop(writer);
    assert_eq!(
        look(dir.path()).enrolled[&MAI].consent.purposes,
        Purposes::ALL
    );
}

#[test]
fn a_data_folder_of_the_time_before_keyrings_is_sealed_at_its_first_start() {
    let dir = tempfile::tempdir().unwrap();
    let (mut writer, ..) = start(dir.path());
    for entry in [with_irk(MAI, 3), with_irk(LAN, 1)] {
        writer.ledger.append(&entry);
        let LedgerEntry::Enrolled(enrolment) = entry else {
            panic!("it is an enrolment");
        };
        let cache = writer.cache.as_ref().unwrap();
        cache.keep_plain(&enrolment, &profile("canary-segment"));
    }
    writer.ledger.sync().unwrap();
    writer.write_behind();
    drop(writer);
    for name in ["keyring", "keyring.copy"] {
        fs::remove_file(dir.path().join(name)).unwrap();
    }
    let clear = |needle: &[u8]| occurs(dir.path(), needle);
    assert!(clear(&IRK) && clear(b"canary-segment"));
    let before = look(dir.path());
    let (mut writer, ..) = start(dir.path());
    writer.tidy_from = Instant::now();
    writer.tidy();
    while writer.rewrite.is_some() {
        writer.tidy();
    }
    assert!(!clear(&IRK) && !clear(b"canary-segment"));
    let kept = writer.cache.as_ref().unwrap().profile(MAI).unwrap();
    assert_eq!(kept, Some(profile("canary-segment")));
    drop(writer);
    let after = look(dir.path());
    assert_eq!(after.enrolled, before.enrolled);
    assert!(!clear(&IRK) && !clear(b"canary-segment"));
}

fn note(shopper: ShopperId, version: u64) -> Job {
    let LedgerEntry::Enrolled(enrolment) = with_irk(shopper, version) else {
        panic!("it is an enrolment");
    };
    Job::Note(Box::new(ConsentNote {
        shopper,
        at: Some(UnixMs(1_000)),
        act: ConsentAct::Given {
            version,
            consent: enrolment.consent,
        },
        how: b"canary-evidence".to_vec(),
    }))
}

fn notes(writer: &mut Writer, shopper: ShopperId) -> Vec<Vec<u8>> {
    let (reply, mut answer) = tokio::sync::oneshot::channel();
    writer.look(Look::Person(shopper, reply));
    let person = answer.try_recv().unwrap();
    person.notes.into_iter().map(|note| note.how).collect()
}

#[test]
fn proof_of_a_consent_outlives_cache_and_checkpoint_and_goes_with_its_shopper() {
    let dir = tempfile::tempdir().unwrap();
    let (mut writer, ..) = start(dir.path());
    for (shopper, version) in [(MAI, 1), (MAI, 2), (LAN, 1)] {
        let commit = Job::Commit(CommitId(version), with_irk(shopper, version));
        writer.perform(vec![note(shopper, version), commit]);
    }
    assert!(!occurs(dir.path(), "canary-evidence"));
    assert_eq!(
        notes(&mut writer, MAI),
        [b"canary-evidence", b"canary-evidence"]
    );
    drop(writer);
    fs::remove_dir_all(dir.path().join("cache")).unwrap();
    let (mut writer, ..) = start(dir.path());
    assert_eq!(notes(&mut writer, MAI).len(), 2, "from the ledger");
    writer.ledger.pretend_length(ledger::BYTES_MAX + 1);
    writer.tidy_from = Instant::now();
    writer.tidy();
    drop(writer);
    fs::remove_dir_all(dir.path().join("cache")).unwrap();
    let (mut writer, ..) = start(dir.path());
    assert_eq!(notes(&mut writer, MAI).len(), 2, "from the checkpoint");
    commit(&mut writer, vec![forgotten(MAI, 2)]);
    assert_eq!(notes(&mut writer, MAI).len(), 0);
    assert_eq!(notes(&mut writer, LAN).len(), 1);
}

/// What the hub is still to be told of consents.
fn told(writer: &Writer) -> Vec<String> {
    let tail = writer.ledger.tail().clone();
    let mut reader = Reader::new(tail, Lane::First, receipts());
    reader.read(0).unwrap().events
}

#[test]
fn a_hub_that_was_away_is_told_of_the_consent_of_somebody_forgotten_since() {
    let dir = tempfile::tempdir().unwrap();
    let (mut writer, ..) = start(dir.path());
    writer.ledger.tail().follow(Told::default());
    writer.ledger.tail().begin_epoch();
    writer.tidy();
    commit(&mut writer, vec![with_irk(MAI, 1), with_irk(LAN, 1)]);
    writer.perform(vec![keep(7, &profile("a"))]);
    commit(&mut writer, vec![forgotten(MAI, 1)]);
    let before = told(&writer);
    assert_eq!(before.len(), 3, "{before:?}");
    writer.tidy_from = Instant::now();
    writer.tidy();
    assert!(writer.rewrite.is_some());
    assert_eq!(told(&writer), before);
    commit(&mut writer, vec![with_irk(LAN, 2)]);
    let after = told(&writer);
    assert_eq!((after.len(), &after[..3]), (4, &before[..]));
}

#[test]
fn a_profile_not_agreed_to_any_more_leaves_the_files() {
    let dir = tempfile::tempdir().unwrap();
    let (mut writer, ..) = start(dir.path());
    commit(&mut writer, vec![with_irk(MAI, 1)]);
    writer.perform(vec![keep(7, &profile("a"))]);
    writer.write_behind();
    let row = writer.cache.as_ref().unwrap().sealed_row(MAI);
    assert!(occurs(dir.path(), &row));
    let purposes = Purposes::NONE.with(Purpose::Personalisation);
    commit(
        &mut writer,
        vec![LedgerEntry::Withdrawn {
            shopper: MAI,
            purposes,
        }],
    );
    writer.tidy_from = Instant::now();
    writer.tidy();
    while writer.rewrite.is_some() {
        writer.tidy();
    }
    assert!(!occurs(dir.path(), &row));
    // Whoever had none leaves nothing behind that would be worth it.
    commit(
        &mut writer,
        vec![LedgerEntry::Withdrawn {
            shopper: MAI,
            purposes: Purposes::ALL,
        }],
    );
    assert!(!writer.cache.as_ref().unwrap().has_residue().unwrap());
}

#[test]
fn a_profile_that_nobody_agrees_to_is_not_written_at_all() {
    let dir = tempfile::tempdir().unwrap();
    let opened = open(&storage(dir.path()), RETENTION, &Check::Here).unwrap();
    let mut answers = opened.answers;
    let without = |shopper| {
        let purposes = Purposes::ALL.without(Purposes::NONE.with(Purpose::Personalisation));
        let enrolment = Enrolment::consenting(ShopperId(shopper), 1, purposes);
        Job::Commit(CommitId(shopper), LedgerEntry::Enrolled(enrolment))
    };
    let mut jobs = VecDeque::from([
        keep(7, &profile("a")),
        note(MAI, 1),
        without(7),
        // Of somebody else: it says nothing about the next.
        keep(8, &profile("b")),
        without(9),
    ]);
    opened.store.hand_over(&mut jobs);
    assert!(jobs.is_empty());
    while answers.blocking_recv().expect("the store works") != Answer::Durable(CommitId(9)) {}
    drop(opened.store);
    let (writer, ..) = start(dir.path());
    let cache = writer.cache.as_ref().unwrap();
    assert!(!cache.has_residue().unwrap());
    assert_eq!(cache.counts(), [1, 2, 0]);
    assert_eq!(cache.profile(LAN).unwrap(), Some(profile("b")));
}

#[test]
fn what_is_not_agreed_to_any_more_is_not_kept() {
    let dir = tempfile::tempdir().unwrap();
    let (mut writer, ..) = start(dir.path());
    commit(&mut writer, vec![with_irk(MAI, 1)]);
    writer.perform(vec![keep(7, &profile("a"))]);
    let withdrawn = |purposes| LedgerEntry::Withdrawn {
        shopper: MAI,
        purposes,
    };
    let measurement = Purposes::NONE.with(Purpose::Measurement);
    commit(&mut writer, vec![withdrawn(measurement)]);
    let kept = |writer: &Writer| writer.cache.as_ref().unwrap().profile(MAI).unwrap();
    assert_eq!(kept(&writer), Some(profile("a")));
    commit(&mut writer, vec![withdrawn(Purposes::ALL)]);
    assert_eq!(kept(&writer), None);
    // Whoever agrees again is kept again, over a crash too.
    commit(&mut writer, vec![with_irk(MAI, 2)]);
    writer.perform(vec![keep(7, &profile("anew"))]);
    drop(writer);
    let (writer, ..) = start(dir.path());
    assert_eq!(kept(&writer), Some(profile("anew")));
}
