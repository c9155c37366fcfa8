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
use std::{collections::VecDeque, hash::BuildHasher as _};

/// Keys tried per second at most. Measured: 0.05 to 0.1 us a key with AES
/// instructions, 0.4 to 0.9 us without (a Raspberry Pi 4 has none), so this
/// is at most a third of one core there.
const TRIALS_PER_S: u64 = 400_000;
/// One for each byte order.
const TRIALS_PER_KEY: u64 = 2;
/// How long an answer is remembered, ms. Phones change their address about
/// every 15 minutes; a stranger's is forgotten after a minute.
const KNOWN_FOR_MS: u64 = 60_000;
/// Most answers remembered. In RAM only, keyed by a secret of this start.
const REMEMBERED_MAX: usize = 16_384;

#[derive(Debug)]
pub(super) struct PrivateAddresses {
    keys: Vec<([u8; 16], ShopperId)>,
    owners: Index<[u8; 16], usize>,
    /// By keyed hashes: what is let go of stays in memory until it is written over,
    /// and must name nobody's phone there.
    answers: Index<u64, Option<ShopperId>>,
    /// The answers in the order in which they expire.
    expiries: VecDeque<(Mono, u64)>,
    naming: Keyed,
    trials_left: u64,
    refilled: Mono,
}

impl PrivateAddresses {
    pub(super) fn new(seed: Seed) -> Self {
        Self {
            keys: Vec::new(),
            owners: index(seed, 4),
            answers: index(seed, 5),
            expiries: VecDeque::new(),
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
        self.answers.clear();
        self.expiries.clear();
    }

    pub(super) fn whose(&mut self, now: Mono, address: Address) -> Whose {
        if self.keys.is_empty() || !address.looks_resolvable() {
            return Whose::Stranger;
        }
        self.expire(now);
        let name = self.name(address);
        if let Some(answer) = self.answers.get(&name) {
            return answer.map_or(Whose::Stranger, Whose::Shopper);
        }
        if !self.spend(now) {
            return Whose::NotTried;
        }
        let found = self.keys.iter().find(|(irk, _)| resolves(irk, address));
        let answer = found.map(|(_, shopper)| *shopper);
        self.answers.insert(name, answer);
        self.expiries.push_back((now.after_ms(KNOWN_FOR_MS), name));
        answer.map_or(Whose::Stranger, Whose::Shopper)
    }

    /// What an address is remembered by. Two may share one: once in so many as
    /// there are 64-bit numbers.
    fn name(&self, address: Address) -> u64 {
        self.naming.hash_one(address)
    }

    fn expire(&mut self, now: Mono) {
        while let Some((until, name)) = self.expiries.front() {
            if *until > now && self.expiries.len() < REMEMBERED_MAX {
                break;
            }
            self.answers.remove(name);
            self.expiries.pop_front();
        }
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
    fn what_is_remembered_stays_bounded_and_expires() {
        let mut addresses = PrivateAddresses::new(Seed(1));
        addresses.add(ShopperId(1), [9; 16]);
        for n in 0..100_000 {
            addresses.whose(Mono(u64::from(n)), stranger(n));
            assert!(addresses.answers.len() <= REMEMBERED_MAX);
        }
        addresses.expire(Mono(1_000_000));
        assert_eq!(addresses.answers.len(), 0);
    }
}
