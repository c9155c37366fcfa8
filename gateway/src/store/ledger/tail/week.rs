//! A week without a hub, at two events a second: what it takes on the disk, and
//! how fast it can be read when the hub is back.

use super::{super::Ledger, *};
use crate::store::ledger::BYTES_MAX;
use engine::{
    effect::{Exposure, ShowingId},
    sale::Sale,
    shopper::ShopperId,
    time::UnixMs,
};
use std::{fs, path::PathBuf, time::Instant};

const EVENTS: u64 = 7 * 86_400 * 2;
/// One in so many is a receipt.
const SALES: u64 = 20;
/// Committed together, which changes nothing but how long this takes.
const GROUP: u64 = 4_096;
/// What a data folder may take, of which cache and ballast take their part.
const DISK_MAX: u64 = (256 - 48) << 20;

fn event(number: u64) -> LedgerEntry {
    if number.is_multiple_of(SALES) {
        return LedgerEntry::Sold(Sale {
            receipt: format!("till-1/{number}"),
            is_known: true,
            joined: Vec::new(),
            codes: Vec::new(),
        });
    }
    LedgerEntry::Exposed(Exposure {
        showing: ShowingId {
            screen: "dairy-left".parse().unwrap(),
            revision: 4_294_967_296 + number,
        },
        offer: "fresh-milk-morning".parse().unwrap(),
        painted_ms: 12_000,
        seen_by: vec![(ShopperId(!number), 9_000), (ShopperId(u64::MAX / 3), 800)],
        anonymous_ms: 3_000,
        ended: Some(UnixMs(1_790_000_000_000 + number as i64 * 500)),
    })
}

fn bytes(dir: &Path) -> u64 {
    let entries = fs::read_dir(dir).unwrap().flatten();
    let each = entries.map(|entry| {
        let path = entry.path();
        let metadata = entry.metadata().unwrap();
        if metadata.is_dir() {
            bytes(&path)
        } else {
            metadata.len()
        }
    });
    each.sum()
}

/// Reads a lane to its end: how many events.
fn drain(ledger: &Ledger, lane: Lane, receipts: &Receipts) -> u64 {
    let mut reader = Reader::new(ledger.tail().clone(), lane, receipts.clone());
    let (mut after, mut last, mut count) = (0, 0, 0);
    loop {
        let batch = reader.read(after).unwrap();
        for text in &batch.events {
            let number = text.strip_prefix(r#"{"seq":"#).unwrap();
            let number: u64 = number.split(',').next().unwrap().parse().unwrap();
            assert!(number > last, "{number} after {last}");
            last = number;
            count += 1;
        }
        if batch.upto == after {
            return count;
        }
        after = batch.upto;
    }
}

#[test]
#[ignore = "by `cargo suite faults`: a million entries"]
fn a_week_without_a_hub_loses_nothing_and_stays_within_its_room() {
    let temporary = tempfile::tempdir().unwrap();
    // Where a gateway is to go on with it: `tests/faults/drain.rs`.
    let kept = std::env::var_os("AISLECAST_WEEK").map(PathBuf::from);
    let data = kept.unwrap_or_else(|| temporary.path().join("data"));
    let _ = fs::remove_dir_all(&data);
    fs::create_dir_all(&data).unwrap();
    crate::store::secret::read_or_draw(&data).unwrap();
    // That there was a hub all the while: its absence would begin another epoch.
    crate::uplink::write_told(&data, Told::default()).unwrap();
    let dir = data.join("ledger");
    let receipts = Receipts::new([3; 32]);
    let (mut ledger, _) = Ledger::open(&dir, 0, |_, _| {}).unwrap();
    ledger.tail().follow(Told::default());
    ledger.tail().begin_epoch();
    ledger.begin_epoch_if_wanted();
    let mut most = 0;
    for first in (1..=EVENTS).step_by(GROUP as usize) {
        let numbers = first..(first + GROUP).min(EVENTS + 1);
        numbers.for_each(|number| ledger.append(&event(number)));
        ledger.sync().unwrap();
        if ledger.bytes() > BYTES_MAX {
            ledger.set_aside(&receipts).unwrap();
            most = most.max(bytes(&data));
            let epochs = ledger.epochs().into_iter();
            ledger.checkpoint(epochs.map(Ok::<_, LedgerError>)).unwrap();
        }
    }
    most = most.max(bytes(&data));
    let begun = Instant::now();
    let sales = drain(&ledger, Lane::First, &receipts);
    let pictures = drain(&ledger, Lane::Rest, &receipts);
    let took = begun.elapsed();
    assert_eq!((sales, pictures), (EVENTS / SALES, EVENTS - EVENTS / SALES));
    assert_eq!(ledger.tail().shed(), (0, 0));
    assert!(most <= DISK_MAX, "{} MiB", most >> 20);
    eprintln!(
        "a week: {EVENTS} events kept for a hub that is away, 0 lost, {} MiB on the disk at most; \
         read again in {:.0} s",
        most >> 20,
        took.as_secs_f64()
    );
}
