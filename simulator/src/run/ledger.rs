//! The virtual disk: appends become durable together, a little later; a crash
//! keeps what is durable and, as disks do, perhaps some of what is not.

use super::planted::Planted;
use crate::chance::Chance;
use engine::{
    Snapshot,
    effect::{CommitId, LedgerEntry},
};
use std::collections::VecDeque;

/// From append to durable, ms: a group commit on a card.
const GROUP_MS: (f64, f64) = (4.0, 50.0);
/// The same when the disk is slow.
const SLOW_MS: (f64, f64) = (500.0, 4_000.0);

/// Between two attempts to write on a disk that takes nothing, ms.
const RETRY_MS: u64 = 250;

/// What is left on the disk.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Room {
    /// Enough.
    #[default]
    There,
    /// What was set aside for what must be written.
    SetAside,
    /// Not even that: what is appended waits.
    Gone,
}

/// The disk.
#[derive(Debug, Default)]
pub struct Ledger {
    /// What all durable entries add up to.
    durable: Snapshot,
    waiting: VecDeque<(CommitId, LedgerEntry)>,
    flushing: bool,
    room: Room,
    /// A flush found no room, and nobody ends it before there is some.
    is_stuck: bool,
    /// What a start overlooks.
    pub overlooks: Option<Planted>,
    /// Entries made durable so far.
    pub entries: u64,
    /// Flushes that took seconds.
    pub slow: u64,
}

impl Ledger {
    /// Appends. Returns after how many ms a flush ends, if one has to begin.
    pub fn append(
        &mut self,
        id: CommitId,
        entry: LedgerEntry,
        slow: f64,
        chance: &mut Chance,
    ) -> Option<u64> {
        self.waiting.push_back((id, entry));
        if std::mem::replace(&mut self.flushing, true) {
            return None;
        }
        let (quick, slowly) = (
            chance.between(GROUP_MS.0, GROUP_MS.1),
            chance.between(SLOW_MS.0, SLOW_MS.1),
        );
        let is_slow = chance.happens(slow);
        self.slow += u64::from(is_slow);
        if self.room == Room::Gone {
            self.is_stuck = true;
            return None;
        }
        Some(if is_slow { slowly } else { quick } as u64)
    }

    /// What is left on it.
    pub fn room(&self) -> Room {
        self.room
    }

    /// So much is left on it from now on. Returns after how many ms a flush ends for
    /// which there was no room.
    pub fn has_left(&mut self, room: Room) -> Option<u64> {
        self.room = room;
        let goes_on = room != Room::Gone && std::mem::take(&mut self.is_stuck);
        goes_on.then_some(RETRY_MS)
    }

    /// A flush ends: everything appended so far is durable, if there is room for it.
    pub fn flushed(&mut self, mut seen: impl FnMut(&LedgerEntry)) -> Option<CommitId> {
        if self.room == Room::Gone {
            self.is_stuck = true;
            return None;
        }
        self.flushing = false;
        let last = self.waiting.back().map(|(id, _)| *id);
        while let Some((_, entry)) = self.waiting.pop_front() {
            self.keep(&entry);
            seen(&entry);
        }
        last
    }

    /// Power fails: some of what was not acknowledged may be on the disk.
    pub fn crash(&mut self, chance: &mut Chance, mut seen: impl FnMut(&LedgerEntry)) {
        let mut kept = chance.below(self.waiting.len() as u64 + 1) as usize;
        if self.room == Room::Gone {
            kept = 0;
        }
        for (_, entry) in std::mem::take(&mut self.waiting).into_iter().take(kept) {
            self.keep(&entry);
            seen(&entry);
        }
        self.flushing = false;
        self.is_stuck = false;
    }

    /// Part of the disk cannot be read any more, and what it held may have been
    /// a withdrawal: no consent given before is relied on.
    pub fn doubt(&mut self, mut seen: impl FnMut(&LedgerEntry)) {
        self.keep(&LedgerEntry::Doubted);
        seen(&LedgerEntry::Doubted);
    }

    /// What a start restores: its own number is already written down.
    pub fn start(&mut self) -> Snapshot {
        let boot = self.durable.boot + 1;
        self.keep(&LedgerEntry::Started { boot });
        self.durable.clone()
    }

    fn keep(&mut self, entry: &LedgerEntry) {
        self.entries += 1;
        let is_overlooked = match self.overlooks {
            Some(Planted::LostEnds) => matches!(
                entry,
                LedgerEntry::Withdrawn { .. }
                    | LedgerEntry::Forgotten { .. }
                    | LedgerEntry::Doubted
            ),
            Some(Planted::LostCharges) => matches!(entry, LedgerEntry::Reserved(_)),
            Some(Planted::EarlyAnswer) | None => false,
        };
        if !is_overlooked {
            self.durable.apply(entry);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chance::Concern;
    use engine::shopper::{Enrolment, Purposes, ShopperId};

    #[test]
    fn a_crash_keeps_a_prefix_and_what_was_flushed() {
        let mut kept = std::collections::BTreeSet::new();
        for seed in 0..50 {
            let mut chance = Chance::new(seed, Concern::Delays);
            let mut ledger = Ledger::default();
            ledger.start();
            let mut append = |ledger: &mut Ledger, n: u64| {
                let enrolment = Enrolment::consenting(ShopperId(n), 1, Purposes::ALL);
                ledger.append(
                    CommitId(n),
                    LedgerEntry::Enrolled(enrolment),
                    0.0,
                    &mut chance,
                )
            };
            assert!(append(&mut ledger, 1).is_some());
            assert_eq!(append(&mut ledger, 2), None);
            assert_eq!(ledger.flushed(|_| ()), Some(CommitId(2)));
            append(&mut ledger, 3);
            append(&mut ledger, 4);
            ledger.crash(&mut chance, |_| ());
            let restored = ledger.start();
            assert_eq!(restored.boot, 2);
            let ids: Vec<u64> = restored.enrolled.keys().map(|s| s.0).collect();
            assert_eq!(ids, (1..=ids.len() as u64).collect::<Vec<_>>());
            kept.insert(ids.len());
        }
        assert_eq!(kept, [2, 3, 4].into());
    }

    #[test]
    fn without_any_room_nothing_becomes_durable_and_all_does_afterwards() {
        let mut chance = Chance::new(1, Concern::Delays);
        let mut ledger = Ledger::default();
        let mut append = |ledger: &mut Ledger, n: u64| {
            let entry = LedgerEntry::Started { boot: n as u32 };
            ledger.append(CommitId(n), entry, 0.0, &mut chance)
        };
        assert_eq!(ledger.has_left(Room::SetAside), None);
        assert!(append(&mut ledger, 1).is_some());
        assert_eq!(ledger.flushed(|_| ()), Some(CommitId(1)));
        // Under way when the last room goes, and begun without any.
        for goes_first in [false, true] {
            let left = if goes_first {
                ledger.has_left(Room::Gone);
                append(&mut ledger, 3)
            } else {
                let begun = append(&mut ledger, 2);
                ledger.has_left(Room::Gone);
                begun
            };
            assert_eq!(left.is_none(), goes_first);
            let flushed = ledger.flushed(|entry| panic!("{entry:?} found room"));
            assert_eq!(flushed, None);
            assert_eq!(ledger.has_left(Room::There), Some(RETRY_MS));
            let last = CommitId(2 + u64::from(goes_first));
            assert_eq!(ledger.flushed(|_| ()), Some(last));
            assert_eq!(ledger.has_left(Room::There), None);
        }
        ledger.has_left(Room::Gone);
        append(&mut ledger, 4);
        ledger.crash(&mut Chance::new(1, Concern::Faults), |entry| {
            panic!("{entry:?} found room")
        });
        assert_eq!(ledger.has_left(Room::There), None);
    }
}
