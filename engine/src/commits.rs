//! What waits for the disk. An effect that must not happen before an entry is
//! durable is kept here with the entry's id.

use crate::{
    effect::{CommitId, Effect, Effects, LedgerEntry, Record},
    event::{Offered, RequestId},
    measure::Tallies,
    money::CodeOutcome,
    plan::ScreenIx,
    recording::PendingConsent,
    shopper::{Consent, ShopperId},
    view::Counts,
};
use protocol::screen::ScreenCommand;
use serde::{Deserialize, Serialize};
use std::collections::VecDeque;

/// Most commits waiting for the disk. A disk that hangs makes the engine
/// decline what would need it.
pub const WAITING_MAX: usize = 16_384;

/// What happens once an entry is durable.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
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
    /// A request for offers in private is answered.
    Offer {
        /// Whom to answer.
        request: RequestId,
        /// With which offers.
        offered: Offered,
    },
    /// A till is told what became of a code.
    Tell(RequestId, CodeOutcome),
    /// A reserved showing may be sent.
    Send {
        /// To which screen.
        screen: ScreenIx,
        /// As which revision.
        revision: u64,
    },
}

/// Ids and what waits for them.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Commits {
    last: u64,
    waiting: VecDeque<(CommitId, Then)>,
    /// What little room the disk has is for what is taken back and for receipts. A
    /// recording says it by itself.
    #[serde(skip)]
    pub(crate) is_disk_full: bool,
}

impl Commits {
    /// Whether there is room for more.
    pub fn has_room(&self) -> bool {
        self.waiting.len() < WAITING_MAX
    }

    /// Whether something new may be shown, which the ledger is told first.
    pub(crate) fn may_charge(&self) -> bool {
        self.has_room() && !self.is_disk_full
    }

    /// The consent of a shopper that is on its way to the disk.
    pub(crate) fn pending(&self, of: ShopperId) -> Option<PendingConsent> {
        self.waiting.iter().rev().find_map(|(id, then)| match then {
            Then::Confirm {
                shopper,
                version,
                consent,
                ..
            } if *shopper == of => Some(PendingConsent {
                id: *id,
                version: *version,
                consent: *consent,
            }),
            Then::Nothing
            | Then::Confirm { .. }
            | Then::Answer(_)
            | Then::Offer { .. }
            | Then::Tell(..)
            | Then::Send { .. } => None,
        })
    }

    /// In a replay: what waits for an entry was somebody's consent.
    pub(crate) fn attach(&mut self, shopper: ShopperId, pending: &PendingConsent) {
        let known = self.waiting.iter_mut().find(|(id, _)| *id == pending.id);
        if let Some((_, then)) = known {
            *then = Then::Confirm {
                request: RequestId(0),
                shopper,
                version: pending.version,
                consent: pending.consent,
            };
        }
    }

    /// Nobody waits who is not to be kept.
    pub(crate) fn retain(&mut self, keep: &dyn Fn(ShopperId) -> bool) {
        for (_, then) in &mut self.waiting {
            if matches!(then, Then::Confirm { shopper, .. } if !keep(*shopper)) {
                *then = Then::Nothing;
            }
        }
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
