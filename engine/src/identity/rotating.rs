//! Identifiers that rotate: Eddystone-EID, and our app tokens which use the
//! same arithmetic with the Unix time as the beacon's counter.
//!
//! Resolving is a look-up in a table computed per time slot: a stranger's
//! identifier costs one hash, whatever the number of keys.

use crate::{
    Seed,
    index::{Index, index},
    shopper::ShopperId,
    time::{Mono, Now},
};
use protocol::keys::rotating_id;
use std::collections::BTreeMap;

/// Keys worked on at one call: two AES blocks and key schedules each, so about
/// half a millisecond with AES instructions and a few without.
const KEYS_PER_CALL: usize = 2_048;
/// Pause between calls while a table is being computed, ms: what is heard in
/// between is not held up.
const PAUSE_MS: u64 = 10;
/// Slots either side of the present one whose identifiers are accepted: clocks
/// of phones and beacons differ.
const SLOTS_EITHER_SIDE: i64 = 1;

/// All rotating keys and the tables of the present slots.
#[derive(Debug)]
pub(super) struct RotatingIds {
    /// Keys by exponent; the index of a key within its group is stable.
    groups: BTreeMap<u8, Group>,
    owners: Index<([u8; 16], u8), (ShopperId, usize)>,
    by_id: Index<[u8; 8], (ShopperId, i64)>,
    next_wake: Option<Mono>,
}

/// Keys that change at the same moments.
#[derive(Debug, Default)]
struct Group {
    keys: Vec<Option<([u8; 16], ShopperId)>>,
    free: Vec<usize>,
    /// For each slot in use, how many of `keys` are already in the table.
    slots: BTreeMap<i64, usize>,
}

impl RotatingIds {
    pub(super) fn new(seed: Seed) -> Self {
        Self {
            groups: BTreeMap::new(),
            owners: index(seed, 2),
            by_id: index(seed, 3),
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
        let at = if let Some(at) = group.free.pop() {
            group.keys[at] = Some((key, shopper));
            at
        } else {
            group.keys.push(Some((key, shopper)));
            group.keys.len() - 1
        };
        // A key put into a freed place is behind the tables' progress: enter it now.
        for (slot, done) in &group.slots {
            if at < *done {
                let id = id_in_slot(&key, exponent, *slot);
                self.by_id.insert(id, (shopper, *slot));
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
    }

    pub(super) fn whose(&self, id: [u8; 8]) -> Option<ShopperId> {
        self.by_id.get(&id).map(|(shopper, _)| *shopper)
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
            self.next_wake = (!self.groups.is_empty()).then_some(now.mono.after_ms(1_000));
            return;
        };
        let mut budget = KEYS_PER_CALL;
        let mut next_turn_ms = u64::MAX;
        for (exponent, group) in &mut self.groups {
            let slot = wall.seconds() >> exponent;
            let wanted = slot - SLOTS_EITHER_SIDE..=slot + SLOTS_EITHER_SIDE;
            if group.slots.keys().any(|s| !wanted.contains(s)) {
                group.slots.retain(|s, _| wanted.contains(s));
                let kept = &group.slots;
                self.by_id
                    .retain(|_, (_, s)| kept.contains_key(s) || !near(*s, slot));
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
    fn compute(
        &mut self,
        exponent: u8,
        mut budget: usize,
        by_id: &mut Index<[u8; 8], (ShopperId, i64)>,
    ) -> usize {
        for (slot, done) in &mut self.slots {
            while *done < self.keys.len() && budget > 0 {
                if let Some((key, shopper)) = &self.keys[*done] {
                    by_id.insert(id_in_slot(key, exponent, *slot), (*shopper, *slot));
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
        let found = |ids: &RotatingIds, unix_s: u32| {
            (0..5_000)
                .filter(|i| {
                    let id = rotating_id(&key_of(*i), 9 + (i % 2) as u8, unix_s);
                    ids.whose(id) == Some(ShopperId(u64::from(*i)))
                })
                .count()
        };
        let t = 1_800_000_000;
        ids.prepare(at(0, t));
        assert!(found(&ids, t as u32) < 5_000, "the first step is bounded");
        for _ in 0..10 {
            ids.prepare(at(0, t));
        }
        assert_eq!(found(&ids, t as u32), 5_000);
        let later = t + 100_000;
        for _ in 0..10 {
            ids.prepare(at(1, later));
        }
        assert_eq!(found(&ids, later as u32), 5_000);
        assert_eq!(found(&ids, t as u32), 0);
        assert!(ids.by_id.len() <= 15_000, "{}", ids.by_id.len());
    }

    #[test]
    fn without_a_date_no_token_resolves() {
        let mut ids = RotatingIds::new(Seed(4));
        ids.add(ShopperId(1), [1; 16], 9);
        let t = 1_800_000_000;
        ids.prepare(at(0, t));
        let id = rotating_id(&[1; 16], 9, t as u32);
        assert!(ids.whose(id).is_some());
        ids.prepare(Now {
            mono: Mono(1),
            wall: Wall::Unsynced,
        });
        assert!(ids.whose(id).is_none());
    }
}
