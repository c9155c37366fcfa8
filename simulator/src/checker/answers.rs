//! Promise 3: whoever is told that a consent is given or ended can rely on it, since it is
//! on the disk.

use super::{Call, Complaints};
use engine::{
    Effect, Event,
    effect::{CommitId, LedgerEntry},
    event::{Outcome, RequestId},
};
use std::collections::BTreeMap;

/// What waits for the disk before somebody is told.
#[derive(Debug, Default)]
pub struct Answers {
    /// Entries of this start that are on the disk: commits are numbered from 1 on and
    /// written in this order.
    written: u64,
    waiting: BTreeMap<RequestId, CommitId>,
}

impl Answers {
    /// Commits are numbered anew, and nobody waits any more.
    pub fn started(&mut self) {
        *self = Self::default();
    }

    /// An entry is on the disk.
    pub fn on_disk(&mut self, entry: &LedgerEntry) {
        // A loss of entries is noted by the disk itself.
        self.written += u64::from(*entry != LedgerEntry::Doubted);
    }

    /// One call of the engine.
    pub fn called(&mut self, call: &Call<'_>, complaints: &mut Complaints) {
        if let Event::Upsert { request, .. }
        | Event::Withdraw { request, .. }
        | Event::Forget { request, .. } = call.event
            && let Some(id) = call.effects.iter().rev().find_map(consent)
        {
            // A request that comes twice is answered after the first.
            self.waiting.entry(*request).or_insert(id);
        }
        for effect in call.effects {
            if let Effect::Answer {
                request,
                outcome: Outcome::Done,
            } = effect
                && let Some(id) = self.waiting.remove(request)
                && id.0 > self.written
            {
                complaints.add(3, call.at_ms, "what is said to be done is not on the disk");
            }
        }
    }
}

fn consent(effect: &Effect) -> Option<CommitId> {
    match effect {
        Effect::Commit {
            id,
            entry:
                LedgerEntry::Enrolled(_) | LedgerEntry::Withdrawn { .. } | LedgerEntry::Forgotten { .. },
        } => Some(*id),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checker::trace::{BREAD, MAI, Trace};
    use engine::shopper::Purposes;

    const REQUEST: RequestId = RequestId(2);

    fn withdrawal() -> (Event, LedgerEntry) {
        let (shopper, purposes) = (MAI, Purposes::ALL);
        let event = Event::Withdraw {
            request: REQUEST,
            shopper,
            purposes,
        };
        (event, LedgerEntry::Withdrawn { shopper, purposes })
    }

    fn done(trace: &mut Trace) -> Vec<u8> {
        let answer = Effect::Answer {
            request: REQUEST,
            outcome: Outcome::Done,
        };
        trace.call(&Event::Woke, &[answer]).broken()
    }

    #[test]
    fn an_answer_before_the_disk_is_found_and_one_after_it_is_fine() {
        let (event, entry) = withdrawal();
        let mut trace = Trace::new();
        trace.enrol(MAI, Purposes::ALL).commit(&event, entry);
        assert_eq!(done(&mut trace), [3]);

        let (event, entry) = withdrawal();
        let mut trace = Trace::new();
        trace.enrol(MAI, Purposes::ALL).commit(&event, entry);
        assert!(done(trace.durable()).is_empty());
    }

    #[test]
    fn other_entries_count_and_a_request_that_comes_twice_waits_for_the_first() {
        let mut trace = Trace::new();
        trace.enrol(MAI, Purposes::ALL).reserve(BREAD, 1, &[]);
        let (event, entry) = withdrawal();
        trace.commit(&event, entry).durable();
        let (event, entry) = withdrawal();
        trace.commit(&event, entry);
        assert!(done(&mut trace).is_empty());
    }
}
