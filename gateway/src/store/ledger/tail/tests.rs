use super::{super::Ledger, *};
use engine::{
    effect::{Exposure, ShowingId},
    shopper::{Purposes, ShopperId},
};

fn receipts() -> Receipts {
    Receipts::new([3; 32])
}

fn open(dir: &Path) -> Ledger {
    Ledger::open(dir, 0, |_, _| {}).unwrap().0
}

fn exposed() -> LedgerEntry {
    LedgerEntry::Exposed(Exposure {
        showing: ShowingId {
            screen: "dairy".parse().unwrap(),
            revision: 7,
        },
        offer: "milk".parse().unwrap(),
        painted_ms: 9_000,
        seen_by: vec![(ShopperId(5), 100)],
        anonymous_ms: 0,
        ended: None,
    })
}

fn withdrawn() -> LedgerEntry {
    LedgerEntry::Withdrawn {
        shopper: ShopperId(5),
        purposes: Purposes::ALL,
    }
}

fn append(ledger: &mut Ledger, entries: &[LedgerEntry]) {
    entries.iter().for_each(|entry| ledger.append(entry));
    ledger.sync().unwrap();
}

/// A ledger with an epoch, which began with its first entry.
fn begun(dir: &Path) -> Ledger {
    let mut ledger = open(dir);
    ledger.tail().follow(Told::default());
    begin_epoch(&mut ledger);
    ledger
}

fn begin_epoch(ledger: &mut Ledger) {
    ledger.tail().begin_epoch();
    assert!(ledger.begin_epoch_if_wanted());
    ledger.sync().unwrap();
}

/// Every event of a lane after `after`, by number, read batch by batch.
fn numbers(reader: &mut Reader, mut after: u64) -> Vec<(u64, u64)> {
    let mut found = Vec::new();
    loop {
        let batch = reader.read(after).unwrap();
        for event in &batch.events {
            let event: serde_json::Value = serde_json::from_str(event).unwrap();
            let epoch = batch.epoch.unwrap().since;
            found.push((epoch, event["seq"].as_u64().unwrap()));
        }
        if batch.upto == after {
            return found;
        }
        after = batch.upto;
    }
}

fn reader(ledger: &Ledger, lane: Lane) -> Reader {
    Reader::new(ledger.tail().clone(), lane, receipts())
}

#[test]
fn each_lane_is_read_in_order_and_only_what_is_on_the_disk() {
    let dir = tempfile::tempdir().unwrap();
    let mut ledger = begun(dir.path());
    append(&mut ledger, &[exposed(), withdrawn(), exposed()]);
    ledger.append(&exposed());
    let (mut first, mut rest) = (reader(&ledger, Lane::First), reader(&ledger, Lane::Rest));
    assert_eq!(numbers(&mut first, 0), [(1, 3)]);
    assert_eq!(numbers(&mut rest, 0), [(1, 2), (1, 4)]);
    ledger.sync().unwrap();
    assert_eq!(numbers(&mut rest, 4), [(1, 5)], "it goes on where it was");
    assert_eq!(numbers(&mut rest, 2), [(1, 4), (1, 5)], "or anywhere else");
}

#[test]
fn entries_before_the_first_epoch_are_nobodys_business() {
    let dir = tempfile::tempdir().unwrap();
    let mut ledger = open(dir.path());
    append(&mut ledger, &[exposed(), exposed()]);
    ledger.tail().follow(Told::default());
    begin_epoch(&mut ledger);
    append(&mut ledger, &[exposed()]);
    begin_epoch(&mut ledger);
    append(&mut ledger, &[exposed()]);
    let mut rest = reader(&ledger, Lane::Rest);
    assert_eq!(numbers(&mut rest, 0), [(3, 4), (5, 6)]);
    drop(ledger);
    let again = open(dir.path());
    let mut rest = reader(&again, Lane::Rest);
    assert_eq!(
        numbers(&mut rest, 0),
        [(3, 4), (5, 6)],
        "over a restart, too"
    );
}

#[test]
fn a_batch_ends_at_its_size_and_with_its_epoch() {
    let dir = tempfile::tempdir().unwrap();
    let mut ledger = begun(dir.path());
    append(&mut ledger, &vec![exposed(); 500]);
    begin_epoch(&mut ledger);
    append(&mut ledger, &vec![exposed(); 2]);
    let mut rest = reader(&ledger, Lane::Rest);
    let batch = rest.read(0).unwrap();
    assert!(batch.bytes >= BATCH_BYTES && batch.bytes < BATCH_BYTES + 300);
    let all = numbers(&mut rest, 0);
    let expected = (2..=501).map(|n| (1, n)).chain([(502, 503), (502, 504)]);
    assert_eq!(all, expected.collect::<Vec<_>>());
}

/// Replaces the ledger by nothing, as a checkpoint of an empty shop would.
fn checkpoint(ledger: &mut Ledger) {
    ledger.set_aside(&receipts()).unwrap();
    let entries = ledger.epochs().into_iter();
    let entries = entries.chain([withdrawn()]);
    let last = ledger.checkpoint(entries.map(Ok::<_, LedgerError>));
    last.unwrap();
}

#[test]
fn what_a_checkpoint_replaces_is_told_all_the_same_and_its_sums_are_not() {
    let dir = tempfile::tempdir().unwrap();
    let mut ledger = begun(dir.path());
    append(&mut ledger, &[exposed(), withdrawn(), exposed()]);
    ledger.tail().follow(Told {
        first: 3,
        rest: 2,
        sent: 4,
    });
    let mut rest = reader(&ledger, Lane::Rest);
    assert_eq!(numbers(&mut rest, 2), [(1, 4)]);
    checkpoint(&mut ledger);
    append(&mut ledger, &[exposed(), withdrawn()]);
    let (after, last) = (ledger.last_seq() - 1, ledger.last_seq());
    assert_eq!(numbers(&mut rest, 2), [(1, 4), (1, after)]);
    assert_eq!(numbers(&mut reader(&ledger, Lane::First), 3), [(1, last)]);
    drop(ledger);
    let again = open(dir.path());
    let mut rest = reader(&again, Lane::Rest);
    assert_eq!(numbers(&mut rest, 2), [(1, 4), (1, after)]);
}

#[test]
fn what_was_set_aside_goes_when_the_hub_has_it_and_not_before() {
    let dir = tempfile::tempdir().unwrap();
    let mut ledger = begun(dir.path());
    append(&mut ledger, &[exposed(), withdrawn()]);
    checkpoint(&mut ledger);
    let aside = || backlog::list(dir.path()).unwrap().len();
    for (first, rest, expected) in [(0, 0, 1), (99, 2, 1), (99, 3, 0)] {
        let told = Told {
            first,
            rest,
            sent: 99,
        };
        ledger.trim_backlog(told).unwrap();
        assert_eq!(aside(), expected, "{first} {rest}");
    }
}

#[test]
fn without_a_hub_nothing_is_set_aside() {
    let dir = tempfile::tempdir().unwrap();
    let mut ledger = open(dir.path());
    append(&mut ledger, &[exposed(), withdrawn()]);
    checkpoint(&mut ledger);
    assert!(!dir.path().join("backlog").exists());
}
