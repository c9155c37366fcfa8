//! Resolvable private addresses: a phone that shared its identity resolving key
//! (IRK) can be told from all others, at the price of one AES block per key
//! for every address nobody has tried yet.

use super::Whose;
use crate::{
    Seed,
    index::{Index, Keyed, index},
    shopper::ShopperId,
    time::Mono,
};
use protocol::{beacon::Address, keys::resolves};
use std::hash::BuildHasher as _;

/// Keys tried per second at most. Measured: 0.05 to 0.1 us a key with AES
/// instructions, 0.4 to 0.9 us without (a Raspberry Pi 4 has none), so this
/// is at most a third of one core there.
const TRIALS_PER_S: u64 = 400_000;
/// One for each byte order.
const TRIALS_PER_KEY: u64 = 2;
/// How long answers are gathered, and then kept, ms. Phones change their address about
/// every 15 minutes; a stranger's is forgotten within a minute.
const GATHERED_MS: u64 = 30_000;
/// Most answers gathered, and as many kept. In RAM only, by keyed hashes.
const GATHERED_MAX: usize = 8_192;

type Answers = Index<u64, Option<ShopperId>>;

#[derive(Debug)]
pub(super) struct PrivateAddresses {
    keys: Vec<([u8; 16], ShopperId)>,
    owners: Index<[u8; 16], usize>,
    /// By keyed hashes: nobody's phone is named. They go as a whole, so that their memory
    /// is given back: what is taken out of a map stays in it until it is written over.
    gathered: Answers,
    kept: Answers,
    /// When the former become the latter.
    turns: Mono,
    seed: Seed,
    naming: Keyed,
    trials_left: u64,
    refilled: Mono,
}

impl PrivateAddresses {
    pub(super) fn new(seed: Seed) -> Self {
        Self {
            keys: Vec::new(),
            owners: index(seed, 4),
            gathered: answers(seed),
            kept: answers(seed),
            turns: Mono(0),
            seed,
            naming: Keyed::new(seed, 25),
            trials_left: TRIALS_PER_S,
            refilled: Mono(0),
        }
    }

    pub(super) fn reserve(&mut self, keys: usize) {
        self.keys.reserve(keys);
        self.owners.reserve(keys);
    }

    pub(super) fn owner(&self, irk: &[u8; 16]) -> Option<ShopperId> {
        self.owners.get(irk).map(|at| self.keys[*at].1)
    }

    pub(super) fn add(&mut self, shopper: ShopperId, irk: [u8; 16]) {
        self.remove(&irk);
        self.owners.insert(irk, self.keys.len());
        self.keys.push((irk, shopper));
        self.forget_answers();
    }

    pub(super) fn remove(&mut self, irk: &[u8; 16]) {
        let Some(at) = self.owners.remove(irk) else {
            return;
        };
        self.keys.swap_remove(at);
        if let Some((moved, _)) = self.keys.get(at) {
            self.owners.insert(*moved, at);
        }
        self.forget_answers();
    }

    fn forget_answers(&mut self) {
        (self.gathered, self.kept) = (answers(self.seed), answers(self.seed));
    }

    pub(super) fn whose(&mut self, now: Mono, address: Address) -> Whose {
        if self.keys.is_empty() || !address.looks_resolvable() {
            return Whose::Stranger;
        }
        self.forget(now);
        let name = self.name(address);
        if let Some(answer) = self.gathered.get(&name).or(self.kept.get(&name)) {
            return answer.map_or(Whose::Stranger, Whose::Shopper);
        }
        if !self.spend(now) {
            return Whose::NotTried;
        }
        let found = self.keys.iter().find(|(irk, _)| resolves(irk, address));
        let answer = found.map(|(_, shopper)| *shopper);
        if self.gathered.len() == GATHERED_MAX {
            self.turn(now);
        }
        self.gathered.insert(name, answer);
        answer.map_or(Whose::Stranger, Whose::Shopper)
    }

    /// What an address is remembered by. Two may share one: once in so many as
    /// there are 64-bit numbers.
    fn name(&self, address: Address) -> u64 {
        self.naming.hash_one(address)
    }

    /// Lets go of answers whose time is over.
    pub(super) fn forget(&mut self, now: Mono) {
        if now >= self.turns {
            self.turn(now);
        }
    }

    fn turn(&mut self, now: Mono) {
        self.kept = std::mem::replace(&mut self.gathered, answers(self.seed));
        self.turns = now.after_ms(GATHERED_MS);
    }

    fn spend(&mut self, now: Mono) -> bool {
        let refill = now.since_ms(self.refilled) * TRIALS_PER_S / 1_000;
        if refill > 0 {
            self.trials_left = (self.trials_left + refill).min(TRIALS_PER_S);
            self.refilled = now;
        }
        let cost = TRIALS_PER_KEY * self.keys.len() as u64;
        // More keys than a second's worth: one address at a time, when rested.
        let affordable = self.trials_left >= cost.min(TRIALS_PER_S);
        if affordable {
            self.trials_left = self.trials_left.saturating_sub(cost);
        }
        affordable
    }
}

fn answers(seed: Seed) -> Answers {
    index(seed, 5)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stranger(n: u32) -> Address {
        let [_, b, c, d] = n.to_be_bytes();
        Address([0x40, b, c, d, 0, 0])
    }

    #[test]
    fn a_crowd_of_strangers_cannot_buy_more_than_the_budget() {
        let mut addresses = PrivateAddresses::new(Seed(1));
        for i in 0..500_u128 {
            addresses.add(ShopperId(i as u64), i.to_be_bytes());
        }
        let mut tried = 0;
        for n in 0..10_000 {
            // Ten thousand new addresses within one second.
            if addresses.whose(Mono(u64::from(n) / 10), stranger(n)) != Whose::NotTried {
                tried += 1;
            }
        }
        assert!(
            (700..=800).contains(&tried),
            "{tried} of 400 + 400 affordable"
        );
    }

    #[test]
    fn what_is_remembered_stays_bounded_and_is_gone_within_a_minute() {
        let mut addresses = PrivateAddresses::new(Seed(1));
        addresses.add(ShopperId(1), [9; 16]);
        let remembered = |a: &PrivateAddresses| (a.gathered.len(), a.kept.len());
        for n in 0..100_000 {
            addresses.whose(Mono(u64::from(n)), stranger(n));
            let (gathered, kept) = remembered(&addresses);
            assert!(gathered <= GATHERED_MAX && kept <= GATHERED_MAX);
        }
        assert_ne!(remembered(&addresses), (0, 0));
        for now in [130_000, 160_000] {
            addresses.forget(Mono(now));
        }
        assert_eq!(remembered(&addresses), (0, 0));
        assert_eq!(addresses.gathered.capacity() + addresses.kept.capacity(), 0);
    }

    #[test]
    fn an_answer_holds_for_half_a_minute_without_another_trial() {
        let mut addresses = PrivateAddresses::new(Seed(1));
        addresses.add(ShopperId(1), [9; 16]);
        addresses.whose(Mono(0), stranger(1));
        addresses.trials_left = 0;
        addresses.refilled = Mono(GATHERED_MS);
        for now in [1, GATHERED_MS - 1, GATHERED_MS] {
            assert_eq!(addresses.whose(Mono(now), stranger(1)), Whose::Stranger);
        }
        assert_eq!(
            addresses.whose(Mono(2 * GATHERED_MS), stranger(2)),
            Whose::Stranger,
            "there is time to try others again"
        );
    }
}
