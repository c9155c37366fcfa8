//! Frames written over zeros, and a power that fails while a disk writes their
//! sectors in whatever order it likes.

use super::{fold, segment, story};
use crate::store::ledger::{Findings, Ledger, ROOM, ROOM_MIN, SEGMENT_BYTES_MAX, segment::HEAD};
use engine::effect::LedgerEntry;
use std::{fs, ops::Range, path::Path};

const SECTOR: usize = 512;

fn started(boots: Range<u32>) -> Vec<LedgerEntry> {
    boots.map(|boot| LedgerEntry::Started { boot }).collect()
}

/// The file after each of these groups was made durable, and where each ends in it.
fn written(dir: &Path, groups: &[Vec<LedgerEntry>]) -> (Vec<u8>, Vec<usize>) {
    let (mut ledger, _) = Ledger::open(dir, 0, |_, _| {}).unwrap();
    let mut ends = vec![HEAD];
    for group in groups {
        group.iter().for_each(|entry| ledger.append(entry));
        ledger.sync().unwrap();
        ends.push(ledger.synced as usize);
    }
    // As it is while the gateway runs: with what was set aside.
    (fs::read(segment(dir)).unwrap(), ends)
}

fn opened(bytes: &[u8]) -> (tempfile::TempDir, Vec<LedgerEntry>, Findings) {
    let dir = tempfile::tempdir().unwrap();
    fs::write(segment(dir.path()), bytes).unwrap();
    let mut found = Vec::new();
    let (_, findings) = Ledger::open(dir.path(), 0, |_, entry| found.push(entry)).unwrap();
    (dir, found, findings)
}

#[test]
fn a_file_has_room_while_it_is_written_and_none_when_it_is_closed() {
    let dir = tempfile::tempdir().unwrap();
    let (bytes, ends) = written(dir.path(), &[story()]);
    assert_eq!(bytes.len() as u64, ROOM);
    assert!(bytes[ends[1]..].iter().all(|byte| *byte == 0));
    assert_eq!(fs::read(segment(dir.path())).unwrap(), bytes[..ends[1]]);
}

#[test]
fn a_killed_gateway_goes_on_in_the_room_that_it_had() {
    let dir = tempfile::tempdir().unwrap();
    let (bytes, ends) = written(dir.path(), &[story()]);
    fs::write(segment(dir.path()), bytes).unwrap();
    let (mut ledger, findings) = Ledger::open(dir.path(), 0, |_, _| {}).unwrap();
    assert!(!findings.torn && findings.doubted == 0, "{findings:?}");
    assert_eq!((ledger.synced, ledger.room), (ends[1] as u64, ROOM));
    assert_eq!(
        ledger.bytes(),
        ends[1] as u64,
        "room is nothing that is kept"
    );
    while ledger.number == 1 {
        ledger.append(&LedgerEntry::Started { boot: 7 });
        for _ in 0..2_000 {
            ledger.append(&LedgerEntry::Started { boot: 7 });
        }
        ledger.sync().unwrap();
        assert!(ledger.number > 1 || ledger.room >= ledger.synced + ROOM_MIN);
    }
    let closed = fs::metadata(segment(dir.path())).unwrap().len();
    let beyond = SEGMENT_BYTES_MAX..SEGMENT_BYTES_MAX + ROOM;
    assert!(beyond.contains(&closed), "{closed}");
}

#[test]
fn a_write_of_which_any_sectors_are_missing_is_no_loss_and_casts_no_doubt() {
    let dir = tempfile::tempdir().unwrap();
    let (before, last) = (story(), started(100..220));
    let (whole, ends) = written(dir.path(), &[before.clone(), last.clone()]);
    let sectors = ends[1] / SECTOR..ends[2].div_ceil(SECTOR);
    assert!(sectors.len() >= 5, "{sectors:?}");
    for missing in 1_u32..1 << sectors.len() {
        let mut bytes = whole.clone();
        for sector in sectors.clone() {
            if missing >> (sector - sectors.start) & 1 == 1 {
                let from = (sector * SECTOR).max(ends[1]);
                bytes[from..(sector + 1) * SECTOR].fill(0);
            }
        }
        let (dir, found, findings) = opened(&bytes);
        let doubts = (findings.damaged, findings.doubted);
        assert_eq!(doubts, (0, 0), "missing {missing:b}");
        assert_eq!(found[..before.len()], before, "missing {missing:b}");
        let more = &found[before.len()..];
        assert_eq!(more, &last[..more.len()], "missing {missing:b}");
        goes_on(dir.path(), found);
    }
}

/// What is written after a cut is read after the next.
fn goes_on(dir: &Path, mut found: Vec<LedgerEntry>) {
    let (mut ledger, _) = Ledger::open(dir, 0, |_, _| {}).unwrap();
    ledger.append(&LedgerEntry::Started { boot: 77 });
    ledger.sync().unwrap();
    drop(ledger);
    found.push(LedgerEntry::Started { boot: 77 });
    let (read, findings) = super::read(dir, 0);
    assert_eq!(read, fold(&found));
    assert!(!findings.torn && findings.doubted == 0, "{findings:?}");
}

#[test]
fn a_sector_that_a_card_lost_of_what_was_finished_is_doubted() {
    let alone = |boot| vec![LedgerEntry::Started { boot }];
    let mut groups = vec![story(), started(100..220)];
    // However few follow, and each by itself.
    for more in 1..=3 {
        groups.push(alone(more));
        let (whole, ends) = written(tempfile::tempdir().unwrap().path(), &groups);
        for sector in ends[1].div_ceil(SECTOR)..ends[2] / SECTOR {
            let mut bytes = whole.clone();
            bytes[sector * SECTOR..(sector + 1) * SECTOR].fill(0);
            let (_, found, findings) = opened(&bytes);
            let at = format!("sector {sector}, {more} more");
            assert_eq!(findings.doubted, 1, "{at}");
            let last = found.last();
            assert_eq!(last, Some(&LedgerEntry::Started { boot: more }), "{at}");
        }
    }
}

#[test]
fn a_bit_that_flips_in_the_room_is_no_loss() {
    let dir = tempfile::tempdir().unwrap();
    let (whole, ends) = written(dir.path(), &[story()]);
    for at in [ends[1] + SECTOR, ends[1] + 9_000, whole.len() - 1] {
        let mut bytes = whole.clone();
        bytes[at] ^= 4;
        let (_, found, findings) = opened(&bytes);
        assert_eq!(found, story(), "byte {at}");
        assert_eq!((findings.damaged, findings.doubted), (0, 0), "byte {at}");
    }
}
