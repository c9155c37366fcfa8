//! Identifiers that rotate: Eddystone-EID, and our app tokens which use the
//! same arithmetic with the Unix time as the beacon's counter.
//!
//! Resolving is a look-up in a table computed per time slot: a stranger's
//! identifier costs one hash, whatever the number of keys.

use super::Whose;
use crate::{
    Seed,
    index::{Index, index},
    ingest::LATE_MS,
    shopper::ShopperId,
    time::{Mono, Now},
};
use protocol::keys::rotating_id;
use std::collections::{BTreeMap, VecDeque};

/// Keys worked on at one call: two AES blocks and key schedules each, so about
/// half a millisecond with AES instructions and a few without.
const KEYS_PER_CALL: usize = 2_048;
/// Pause between calls while a table is being computed, ms: what is heard in
/// between is not held up.
const PAUSE_MS: u64 = 10;
/// Slots either side of the present one whose identifiers are accepted: clocks
/// of phones and beacons differ.
const SLOTS_EITHER_SIDE: i64 = 1;

/// How long an identifier that was heard is known again, ms, and how many are: a
/// recording of yesterday is a stranger's.
const WORN_MS: u64 = 24 * 3_600_000;
const WORN_MAX: usize = 16_384;

/// All rotating keys and the tables of the present slots.
#[derive(Debug)]
pub(super) struct RotatingIds {
    /// Keys by exponent; the index of a key within its group is stable.
    groups: BTreeMap<u8, Group>,
    owners: Index<([u8; 16], u8), (ShopperId, usize)>,
    by_id: Index<[u8; 8], Id>,
    /// Identifiers that were heard, whose time may be over: whoever sends one then
    /// has recorded it. In RAM only, as all of this.
    worn: Index<[u8; 8], Place>,
    /// The same in the order in which they are forgotten.
    worn_until: VecDeque<(Mono, [u8; 8])>,
    next_wake: Option<Mono>,
}

/// Which key: its exponent, and its number in that group.
type Place = (u8, usize);

/// One identifier in the tables.
#[derive(Debug, Clone, Copy)]
struct Id {
    shopper: ShopperId,
    slot: i64,
    of: Place,
}

/// Keys that change at the same moments.
#[derive(Debug, Default)]
struct Group {
    keys: Vec<Option<Key>>,
    free: Vec<usize>,
    /// For each slot in use, how many of `keys` are already in the table.
    slots: BTreeMap<i64, usize>,
}

/// One key.
#[derive(Debug)]
struct Key {
    bytes: [u8; 16],
    shopper: ShopperId,
    /// The newest slot that was heard of it, and since when: nobody goes back.
    newest: Option<(i64, Mono)>,
}

impl Key {
    /// An identifier of this slot was heard. A packet of the slot before may still
    /// be on its way.
    fn hear(&mut self, slot: i64, now: Mono) -> Heard {
        match self.newest {
            Some((newest, since)) if slot < newest => {
                if now.since_ms(since) > LATE_MS {
                    Heard::Over
                } else {
                    Heard::Again
                }
            }
            Some((newest, _)) if slot == newest => Heard::Again,
            Some(_) | None => {
                self.newest = Some((slot, now));
                Heard::First
            }
        }
    }
}

/// What an identifier is when it is heard.
enum Heard {
    /// The first of its slot.
    First,
    /// One more of a slot that goes on.
    Again,
    /// Its time is over.
    Over,
}

impl RotatingIds {
    pub(super) fn new(seed: Seed) -> Self {
        Self {
            groups: BTreeMap::new(),
            owners: index(seed, 2),
            by_id: index(seed, 3),
            worn: index(seed, 24),
            worn_until: VecDeque::new(),
            next_wake: None,
        }
    }

    pub(super) fn reserve(&mut self, keys: usize) {
        self.owners.reserve(keys);
        self.by_id
            .reserve(keys * (2 * SLOTS_EITHER_SIDE + 1) as usize);
    }

    pub(super) fn owner(&self, key: &[u8; 16], exponent: u8) -> Option<ShopperId> {
        self.owners.get(&(*key, exponent)).map(|(owner, _)| *owner)
    }

    pub(super) fn add(&mut self, shopper: ShopperId, key: [u8; 16], exponent: u8) {
        self.remove(&key, exponent);
        let group = self.groups.entry(exponent).or_default();
        let entry = Key {
            bytes: key,
            shopper,
            newest: None,
        };
        let at = if let Some(at) = group.free.pop() {
            group.keys[at] = Some(entry);
            at
        } else {
            group.keys.push(Some(entry));
            group.keys.len() - 1
        };
        // A key put into a freed place is behind the tables' progress: enter it now.
        for (slot, done) in &group.slots {
            if at < *done {
                let known = Id {
                    shopper,
                    slot: *slot,
                    of: (exponent, at),
                };
                self.by_id.insert(id_in_slot(&key, exponent, *slot), known);
            }
        }
        self.owners.insert((key, exponent), (shopper, at));
        self.next_wake.get_or_insert(Mono(0));
    }

    pub(super) fn remove(&mut self, key: &[u8; 16], exponent: u8) {
        let Some((_, at)) = self.owners.remove(&(*key, exponent)) else {
            return;
        };
        let group = self
            .groups
            .get_mut(&exponent)
            .expect("an owner has a group");
        group.keys[at] = None;
        group.free.push(at);
        for slot in group.slots.keys() {
            self.by_id.remove(&id_in_slot(key, exponent, *slot));
        }
        // A queue that names what is gone is harmless.
        self.worn.retain(|_, of| *of != (exponent, at));
    }

    pub(super) fn whose(&mut self, now: Now, id: [u8; 8]) -> Whose {
        let Some(known) = self.by_id.get(&id).copied() else {
            let was_heard = self.worn.contains_key(&id);
            return if was_heard {
                Whose::Replayed
            } else {
                Whose::Stranger
            };
        };
        let (exponent, at) = known.of;
        let group = self.groups.get_mut(&exponent);
        let key = group.and_then(|group| group.keys[at].as_mut());
        match key.map(|key| key.hear(known.slot, now.mono)) {
            None => Whose::Stranger,
            Some(Heard::Over) => Whose::Replayed,
            Some(Heard::Again) => Whose::Shopper(known.shopper),
            Some(Heard::First) => {
                self.wear(now.mono, id, known.of);
                Whose::Shopper(known.shopper)
            }
        }
    }

    /// Remembers that an identifier was heard.
    fn wear(&mut self, now: Mono, id: [u8; 8], of: Place) {
        self.forget_worn(now);
        self.worn.insert(id, of);
        self.worn_until.push_back((now.after_ms(WORN_MS), id));
    }

    fn forget_worn(&mut self, now: Mono) {
        while let Some((until, id)) = self.worn_until.front() {
            if *until > now && self.worn_until.len() < WORN_MAX {
                break;
            }
            self.worn.remove(id);
            self.worn_until.pop_front();
        }
    }

    pub(super) const fn next_wake(&self) -> Option<Mono> {
        self.next_wake
    }

    /// Moves every group to its present slots and computes up to
    /// [`KEYS_PER_CALL`] identifiers. Without a date nothing can be resolved.
    pub(super) fn prepare(&mut self, now: Now) {
        let Some(wall) = now.wall.known() else {
            self.groups.values_mut().for_each(|g| g.slots.clear());
            self.by_id.clear();
            self.worn.clear();
            self.worn_until.clear();
            self.next_wake = (!self.groups.is_empty()).then_some(now.mono.after_ms(1_000));
            return;
        };
        self.forget_worn(now.mono);
        let mut budget = KEYS_PER_CALL;
        let mut next_turn_ms = u64::MAX;
        for (exponent, group) in &mut self.groups {
            let slot = wall.seconds() >> exponent;
            let wanted = slot - SLOTS_EITHER_SIDE..=slot + SLOTS_EITHER_SIDE;
            if group.slots.keys().any(|s| !wanted.contains(s)) {
                group.slots.retain(|s, _| wanted.contains(s));
                let kept = &group.slots;
                self.by_id
                    .retain(|_, id| kept.contains_key(&id.slot) || !near(id.slot, slot));
                group.forget_after(slot + SLOTS_EITHER_SIDE);
            }
            for slot in wanted {
                group.slots.entry(slot).or_insert(0);
            }
            budget = group.compute(*exponent, budget, &mut self.by_id);
            let turn_ms = ((slot + 1) << exponent) * 1000 - wall.0;
            next_turn_ms = next_turn_ms.min(turn_ms.max(1) as u64);
        }
        self.next_wake = if self.groups.is_empty() {
            None
        } else if budget == 0 {
            Some(now.mono.after_ms(PAUSE_MS))
        } else {
            // A wall clock may be stepped: look at least once a second.
            Some(now.mono.after_ms(next_turn_ms.min(1_000)))
        };
    }
}

/// Whether a slot number belongs to the neighbourhood of `slot`: slots of
/// groups with other exponents are orders of magnitude away.
fn near(candidate: i64, slot: i64) -> bool {
    (candidate - slot).abs() <= slot / 4
}

impl Group {
    /// A clock that was set back: what was heard of slots yet to come is no word
    /// against those of now.
    fn forget_after(&mut self, last: i64) {
        for key in self.keys.iter_mut().flatten() {
            key.newest = key.newest.filter(|(slot, _)| *slot <= last);
        }
    }

    fn compute(
        &mut self,
        exponent: u8,
        mut budget: usize,
        by_id: &mut Index<[u8; 8], Id>,
    ) -> usize {
        for (slot, done) in &mut self.slots {
            while *done < self.keys.len() && budget > 0 {
                if let Some(entry) = &self.keys[*done] {
                    let known = Id {
                        shopper: entry.shopper,
                        slot: *slot,
                        of: (exponent, *done),
                    };
                    by_id.insert(id_in_slot(&entry.bytes, exponent, *slot), known);
                    budget -= 1;
                }
                *done += 1;
            }
        }
        budget
    }
}

fn id_in_slot(key: &[u8; 16], exponent: u8, slot: i64) -> [u8; 8] {
    rotating_id(key, exponent, (slot << exponent) as u32)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::{UnixMs, Wall};

    #[test]
    fn identifiers_equal_the_published_ones() {
        // RadiusNetworks/ephemeral_calc, spec/encryptor_spec.rb.
        let key = 0x0102_0304_0506_0708_090a_1112_1314_1516_u128.to_be_bytes();
        for (unix_s, expected) in [
            (0, 0xa9b7_6a71_c5f8_9290_u64),
            (2000, 0x4144_413e_45fe_fa58),
        ] {
            assert_eq!(rotating_id(&key, 10, unix_s), expected.to_be_bytes());
        }
    }

    fn at(mono: u64, unix_s: i64) -> Now {
        Now {
            mono: Mono(mono),
            wall: Wall::Synced(UnixMs(unix_s * 1000)),
        }
    }

    #[test]
    fn many_keys_are_computed_in_bounded_steps_and_follow_the_clock() {
        let mut ids = RotatingIds::new(Seed(4));
        let key_of = |i: u32| u128::from(i).to_be_bytes();
        for i in 0..5_000 {
            ids.add(ShopperId(u64::from(i)), key_of(i), 9 + (i % 2) as u8);
        }
        let found = |ids: &mut RotatingIds, unix_s: u32| {
            let now = at(0, i64::from(unix_s));
            (0..5_000)
                .filter(|i| {
                    let id = rotating_id(&key_of(*i), 9 + (i % 2) as u8, unix_s);
                    ids.whose(now, id) == Whose::Shopper(ShopperId(u64::from(*i)))
                })
                .count()
        };
        let t = 1_800_000_000;
        ids.prepare(at(0, t));
        assert!(
            found(&mut ids, t as u32) < 5_000,
            "the first step is bounded"
        );
        for _ in 0..10 {
            ids.prepare(at(0, t));
        }
        assert_eq!(found(&mut ids, t as u32), 5_000);
        let later = t + 100_000;
        for _ in 0..10 {
            ids.prepare(at(1, later));
        }
        assert_eq!(found(&mut ids, later as u32), 5_000);
        assert_eq!(found(&mut ids, t as u32), 0);
        assert!(ids.by_id.len() <= 15_000, "{}", ids.by_id.len());
    }

    #[test]
    fn without_a_date_no_token_resolves() {
        let mut ids = RotatingIds::new(Seed(4));
        ids.add(ShopperId(1), [1; 16], 9);
        let t = 1_800_000_000;
        ids.prepare(at(0, t));
        let id = rotating_id(&[1; 16], 9, t as u32);
        let hers = Whose::Shopper(ShopperId(1));
        assert_eq!(ids.whose(at(0, t), id), hers);
        ids.prepare(Now {
            mono: Mono(1),
            wall: Wall::Unsynced,
        });
        assert_eq!(ids.whose(at(1, t), id), Whose::Stranger);
    }

    const T: i64 = 1_800_000_000;
    /// Length of a slot with the exponent of these tests, s.
    const SLOT_S: i64 = 512;

    /// One key at these moments, in milliseconds and slots; each time an identifier
    /// of so many slots from the first is heard.
    fn heard(steps: &[(u64, i64, i64)]) -> Vec<Whose> {
        let mut ids = RotatingIds::new(Seed(4));
        ids.add(ShopperId(1), [1; 16], 9);
        let each = steps.iter().map(|(mono, slot_now, slot)| {
            let now = at(*mono, T + slot_now * SLOT_S);
            ids.prepare(now);
            let id = rotating_id(&[1; 16], 9, (T + slot * SLOT_S) as u32);
            ids.whose(now, id)
        });
        each.collect()
    }

    #[test]
    fn what_was_heard_is_not_believed_when_its_time_is_over() {
        let hers = Whose::Shopper(ShopperId(1));
        let (over, nobody) = (Whose::Replayed, Whose::Stranger);
        for (steps, expected) in [
            // The next slot's was heard: the one before is over after ten seconds.
            (
                &[(0, 0, 0), (1_000, 1, 1), (11_000, 1, 0), (11_001, 1, 0)][..],
                &[hers, hers, hers, over][..],
            ),
            // Nobody heard the next: a beacon's clock may be behind.
            (
                &[(0, 0, 0), (60_000, 1, 0), (90_000, 2, 0)],
                &[hers, hers, over],
            ),
            // What nobody heard here nobody can know again.
            (&[(0, 2, 0), (1, 2, 2), (2, 2, 1)], &[nobody, hers, hers]),
            // A day later it is a stranger's.
            (&[(0, 0, 0), (WORN_MS + 1, 2, 0)], &[hers, nobody]),
            // The date was wrong, and is set right.
            (
                &[(0, 9, 9), (60_000, 0, 0), (80_000, 0, 0)],
                &[hers, hers, hers],
            ),
        ] {
            assert_eq!(heard(steps), expected, "{steps:?}");
        }
    }

    #[test]
    fn what_is_remembered_of_a_key_goes_with_it_and_is_bounded() {
        let mut ids = RotatingIds::new(Seed(4));
        ids.add(ShopperId(1), [1; 16], 9);
        for n in 0..2 * WORN_MAX as u64 {
            ids.wear(Mono(n), n.to_be_bytes(), (9, 0));
            assert!(ids.worn.len() <= WORN_MAX);
        }
        ids.remove(&[1; 16], 9);
        assert_eq!(ids.worn.len(), 0);
    }
}
