//! Numbers of encrypted frames: they must rise, or the frame is one of before.

use super::News;
use protocol::beacon::Address;
use std::{collections::HashMap, fmt};

/// Most devices whose numbers are kept. Only those whose key the shop holds
/// come this far.
const DEVICES_MAX: usize = 4096;
/// How close to its end a number must be to begin again, and how close to its
/// beginning it must be then.
const TURN: u32 = 100;

/// The last number of every device.
#[derive(Default)]
pub(super) struct Counters {
    last: HashMap<Address, u32>,
    refused: u64,
}

impl Counters {
    /// Compares with the last number, and remembers the higher. An equal one is
    /// the same frame over another scanner, not an attack.
    pub(super) fn accept(&mut self, address: Address, counter: u32) -> News {
        let full = self.last.len() >= DEVICES_MAX;
        let Some(last) = self.last.get_mut(&address) else {
            if full {
                self.refused += 1;
            } else {
                self.last.insert(address, counter);
            }
            return News::First;
        };
        let turned = *last > u32::MAX - TURN && counter < TURN;
        if counter > *last || turned {
            *last = counter;
            News::Changed
        } else if counter == *last {
            News::Duplicate
        } else {
            News::Replayed
        }
    }

    /// The higher of what was kept and what was heard since.
    pub(super) fn restore(&mut self, address: Address, counter: u32) {
        if self.last.len() < DEVICES_MAX {
            let last = self.last.entry(address).or_default();
            *last = counter.max(*last);
        }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (Address, u32)> {
        self.last
            .iter()
            .map(|(address, counter)| (*address, *counter))
    }

    pub(super) const fn forgotten(&self) -> u64 {
        self.refused
    }
}

impl fmt::Debug for Counters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "counters of {} devices", self.last.len())
    }
}
