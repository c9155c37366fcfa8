//! A disk that refuses while the gateway stops.

use super::*;

#[test]
fn what_the_disk_took_too_late_at_a_stop_is_made_good_by_the_next_start() {
    let dir = tempfile::tempdir().unwrap();
    let (mut writer, _, mut answers) = start(dir.path());
    commit(&mut writer, vec![enrolled(7, 1), enrolled(8, 1)]);
    writer.write_behind();
    assert!(answers.try_recv().is_ok());
    writer.gauge.closing.store(true, Ordering::Relaxed);
    let full = fs::OpenOptions::new().write(true).open("/dev/full");
    let good = writer.ledger.swap_file(full.unwrap());
    let withdrawn = LedgerEntry::Withdrawn {
        shopper: ShopperId(7),
        purposes: Purposes::ALL,
    };
    commit(&mut writer, vec![withdrawn]);
    // There is room again, and much to tidy up.
    writer.ledger.swap_file(good);
    writer.ledger.pretend_length(ledger::BYTES_MAX + 1);
    writer.tidy_from = Instant::now();
    writer.tidy();
    commit(&mut writer, vec![enrolled(9, 1)]);
    writer.tidy();
    writer.write_behind();
    drop(writer);
    for _ in 0..2 {
        let found = look(dir.path()).enrolled;
        let agreed = |shopper| found[&ShopperId(shopper)].consent.purposes;
        assert_eq!(agreed(7), Purposes::NONE);
        assert_eq!((agreed(8), agreed(9)), (Purposes::ALL, Purposes::ALL));
        // And so the ledger alone has it.
        fs::remove_dir_all(dir.path().join("cache")).unwrap();
    }
    assert!(answers.try_recv().is_err(), "nobody is told any more");
}
