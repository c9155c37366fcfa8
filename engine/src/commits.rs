//! What waits for the disk. An effect that must not happen before an entry is
//! durable is kept here with the entry's id.

use crate::{
    effect::{CommitId, Effect, Effects, LedgerEntry, Record},
    event::RequestId,
    measure::Tallies,
    plan::ScreenIx,
    shopper::{Consent, ShopperId},
    view::Counts,
};
use protocol::screen::ScreenCommand;
use std::collections::VecDeque;

/// Most commits waiting for the disk. A disk that hangs makes the engine
/// decline what would need it.
pub const WAITING_MAX: usize = 16_384;

/// What happens once an entry is durable.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Then {
    /// Nothing.
    Nothing,
    /// A consent holds, and its request is answered.
    Confirm {
        /// Whom to answer.
        request: RequestId,
        /// Whose consent.
        shopper: ShopperId,
        /// Which version.
        version: u64,
        /// What was agreed to.
        consent: Consent,
    },
    /// A request is answered.
    Answer(RequestId),
    /// A reserved showing may be sent.
    Send {
        /// To which screen.
        screen: ScreenIx,
        /// As which revision.
        revision: u64,
    },
}

/// Ids and what waits for them.
#[derive(Debug, Default)]
pub struct Commits {
    last: u64,
    waiting: VecDeque<(CommitId, Then)>,
}

impl Commits {
    /// Whether there is room for more.
    pub fn has_room(&self) -> bool {
        self.waiting.len() < WAITING_MAX
    }

    /// Waits for everything handed over so far; what need not wait is given back.
    pub fn after_all(&mut self, then: Then) -> Option<Then> {
        match self.waiting.back() {
            Some((last, _)) => {
                let last = *last;
                self.waiting.push_back((last, then));
                None
            }
            None => Some(then),
        }
    }

    /// The next thing that may happen now that everything up to `id` is durable.
    pub fn next_durable(&mut self, id: CommitId) -> Option<Then> {
        let (first, _) = self.waiting.front()?;
        (*first <= id).then(|| self.waiting.pop_front().expect("front was there").1)
    }
}

/// Where a stage puts what it wants done. Keeps the running sums in step with
/// the ledger: an entry is counted the moment it is handed over.
#[derive(Debug)]
pub struct Out<'a> {
    /// Effects of this event.
    pub effects: &'a mut Effects,
    /// What waits for the disk.
    pub commits: &'a mut Commits,
    /// Caps and budgets.
    pub tallies: &'a mut Tallies,
    /// Facts.
    pub counts: &'a mut Counts,
}

impl Out<'_> {
    /// Hands an entry to the ledger.
    pub fn commit(&mut self, entry: LedgerEntry, then: Then) {
        self.tallies.apply(&entry);
        self.commits.last += 1;
        let id = CommitId(self.commits.last);
        self.commits.waiting.push_back((id, then));
        self.effects.push(Effect::Commit { id, entry });
    }

    /// Sends a command to a screen.
    pub fn command(&mut self, command: ScreenCommand) {
        self.counts.commands += 1;
        self.effects.push(Effect::Command(command));
    }

    /// Notes something for logs and console.
    pub fn record(&mut self, record: Record) {
        self.effects.push(Effect::Record(record));
    }
}
