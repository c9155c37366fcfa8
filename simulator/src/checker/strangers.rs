//! Promise 5. Knows every identifier strangers have sent and looks for their
//! bytes in everything that leaves the engine, however they are written.

use super::{Call, Complaints};
use protocol::beacon::{Beacon, hex_digit};
use std::collections::{BTreeSet, VecDeque};

/// Most identifiers remembered; the oldest is forgotten first.
const REMEMBERED_MAX: usize = 200_000;
/// Shorter runs of bytes could be anything.
const RUN_MIN: usize = 6;

/// Identifiers of people who never signed up.
#[derive(Debug, Default)]
pub struct Strangers {
    known: BTreeSet<Box<[u8]>>,
    order: VecDeque<Box<[u8]>>,
}

impl Strangers {
    /// A stranger sends this.
    pub fn sends(&mut self, beacon: &Beacon) {
        match beacon {
            Beacon::IBeacon { uuid, .. } => self.remember(uuid),
            Beacon::EddystoneUid {
                namespace,
                instance,
            } => {
                self.remember(namespace);
                self.remember(instance);
            }
            Beacon::EddystoneEid(id) => self.remember(id),
            Beacon::PrivateAddress(address) => self.remember(&address.0),
            Beacon::AltBeacon(id) => self.remember(id),
        }
    }

    fn remember(&mut self, bytes: &[u8]) {
        if self.known.contains(bytes) {
            return;
        }
        if self.order.len() == REMEMBERED_MAX
            && let Some(oldest) = self.order.pop_front()
        {
            self.known.remove(&oldest);
        }
        self.order.push_back(bytes.into());
        self.known.insert(bytes.into());
    }

    /// Looks through everything one call asked for.
    pub fn called(&self, call: &Call<'_>, texts: &[String], complaints: &mut Complaints) {
        for text in texts {
            if self.found_in(text) {
                complaints.add(5, call.at_ms, "a stranger's identifier leaves the engine");
            }
        }
    }

    /// Whether a text holds an identifier, as numbers or as hexadecimal digits.
    pub fn found_in(&self, text: &str) -> bool {
        !self.known.is_empty() && (self.in_numbers(text) || self.in_digits(text))
    }

    fn in_numbers(&self, text: &str) -> bool {
        text.split('[').skip(1).any(|rest| {
            let list = rest.split(']').next().unwrap_or_default();
            let bytes: Option<Vec<u8>> = list.split(',').map(|n| n.trim().parse().ok()).collect();
            bytes.is_some_and(|bytes| self.holds(&bytes))
        })
    }

    fn in_digits(&self, text: &str) -> bool {
        let is_digit = |c: u8| hex_digit(c).is_some() || matches!(c, b':' | b'-');
        text.as_bytes()
            .split(|c| !is_digit(*c))
            .filter(|run| run.len() >= 2 * RUN_MIN)
            .any(|run| {
                let digits: Vec<u8> = run.iter().filter_map(|c| hex_digit(*c)).collect();
                let pair = |offset: usize| -> Vec<u8> {
                    let pairs = digits[offset..].chunks_exact(2);
                    pairs.map(|p| p[0] << 4 | p[1]).collect()
                };
                digits.len() >= 2 * RUN_MIN && (self.holds(&pair(0)) || self.holds(&pair(1)))
            })
    }

    fn holds(&self, bytes: &[u8]) -> bool {
        [6, 8, 10, 16]
            .iter()
            .any(|n| bytes.windows(*n).any(|run| self.known.contains(run)))
    }
}

#[cfg(test)]
mod tests {
    use super::super::trace::Trace;
    use super::*;
    use engine::{
        Effect, Event,
        shopper::{Enrolment, IdentityKey, Purposes, ShopperId},
    };
    use protocol::beacon::Address;

    #[test]
    fn a_strangers_identifier_is_found_however_it_is_written() {
        let mut strangers = Strangers::default();
        strangers.sends(&Beacon::PrivateAddress(Address([
            0x4a, 0x0b, 0xcc, 0x0d, 0x0e, 0x0f,
        ])));
        for (text, found) in [
            ("{\"x\":[74,11,204,13,14,15]}", true),
            ("Address([74, 11, 204, 13, 14, 15])", true),
            ("4a:0b:cc:0d:0e:0f", true),
            ("id 4A0BCC0D0E0F heard", true),
            ("x-4a-0b-cc-0d-0e-0f", true),
            ("1[4a0bcc0d0e0f01]", true),
            ("{\"x\":[74,11,204,13,14,16]}", false),
            ("revision 4294967297", false),
            ("", false),
        ] {
            assert_eq!(strangers.found_in(text), found, "{text}");
        }
    }

    #[test]
    fn a_strangers_beacon_in_a_ledger_entry_is_found() {
        let theirs = Beacon::EddystoneEid([1, 2, 3, 4, 5, 6, 7, 8]);
        let mut trace = Trace::new();
        trace.checker.strangers().sends(&theirs);
        let mut enrolment = Enrolment::consenting(ShopperId(1), 1, Purposes::ALL);
        enrolment.keys.push(IdentityKey::Fixed(theirs));
        let entry = engine::effect::LedgerEntry::Enrolled(enrolment);
        let id = engine::effect::CommitId(1);
        trace.call(&Event::Woke, &[Effect::Commit { id, entry }]);
        assert_eq!(trace.broken(), [5]);
    }
}
