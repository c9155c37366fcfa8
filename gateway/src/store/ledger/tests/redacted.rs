//! Taking people out of files whose entries are sums.

use super::*;
use engine::snapshot::Tally;

#[test]
fn a_redacted_checkpoint_names_nobody_forgotten_and_adds_up_the_same() {
    let dir = tempfile::tempdir().unwrap();
    let (gone, stays) = (ShopperId(0xA2A2_A2A2_A2A2_A2A2), ShopperId(5));
    let reached = |shopper| {
        LedgerEntry::Reached(Reach {
            offer: "tea".parse().unwrap(),
            shopper,
            cell: Cell::Holdout,
            bucket: 3,
            day: 20_000,
            counts: true,
        })
    };
    let mut before = fold(&[reached(gone), reached(stays)]);
    let tally = Tally {
        per_shopper: [(gone, 2), (stays, 1)].into(),
        ..Tally::default()
    };
    before.tallies.insert("milk".parse().unwrap(), tally);
    let (mut ledger, _) = Ledger::open(dir.path(), 0, |_, _| {}).unwrap();
    let entries = crate::store::state::entries_of(&before).into_iter();
    let last = ledger.checkpoint(entries.map(Ok::<_, LedgerError>));
    last.unwrap();
    let after = [
        // Of the same day: it counts no second time.
        reached(gone),
        LedgerEntry::Forgotten {
            shopper: gone,
            version: 1,
        },
    ];
    after.iter().for_each(|entry| ledger.append(entry));
    ledger.sync().unwrap();
    ledger.redact(&BTreeSet::from([gone])).unwrap();
    drop(ledger);
    let (mut names, name) = (0, postcard::to_stdvec(&gone).unwrap());
    let mut found = Snapshot::default();
    Ledger::open(dir.path(), 0, |_, entry| {
        let is_end = matches!(entry, LedgerEntry::Forgotten { .. });
        let bytes = postcard::to_stdvec(&entry).unwrap();
        let is_named = bytes.windows(name.len()).any(|at| at == name);
        names += usize::from(is_named && !is_end);
        found.apply(&entry);
    })
    .unwrap();
    assert_eq!(names, 0);
    after.iter().for_each(|entry| before.apply(entry));
    assert_eq!(found.tallies, before.tallies);
    let cells = |snapshot: &Snapshot| {
        let trials = snapshot.trials.iter();
        trials
            .map(|(_, tally)| tally.cells.clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(cells(&found), cells(&before));
}
