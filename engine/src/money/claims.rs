//! What a till may do with a code, asked before anything is written.

use super::{Claim, Code, Issued, Money, MoneyEntry, State, book::RELEASES_MAX};
use crate::time::UnixMs;
use serde::{Deserialize, Serialize};

/// After its last moment a code is kept this long, ms: a receipt that was
/// begun in time is closed, and a till that had lost its gateway has found it
/// again. What comes later is told apart ([`super::Sums::late`]).
pub const GRACE_MS: i64 = 30 * 60_000;
/// A till that holds a code and is silent for this long has let it go, ms:
/// nobody pays for as long as that.
pub const HOLD_MS: i64 = 5 * 60_000;

/// What a till wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// Keep it for this receipt: the customer is about to pay.
    Reserve,
    /// The customer has paid.
    Commit,
    /// The receipt is given up, or the code is taken off it.
    Release,
}

/// A till's question about one code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// Which: the revision of its showing.
    pub code: u64,
    /// What the till wants.
    pub action: Action,
    /// For which receipt.
    pub by: Claim,
    /// When, if the date is known.
    pub at: Option<UnixMs>,
}

/// What a till is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CodeOutcome {
    /// Kept for this receipt.
    Reserved,
    /// Redeemed by this receipt.
    Committed,
    /// This receipt has nothing to do with it any more.
    Released,
    /// Refused: this receipt let it go; a higher attempt begins anew.
    LetGo,
    /// Refused: another receipt redeemed it.
    Used,
    /// Refused: another till holds it.
    Held,
    /// Refused: too old.
    Expired,
    /// Refused: another voucher of its group is on the receipt.
    NotTogether,
    /// Refused: not on the books of this shop.
    NotKnown,
}

impl CodeOutcome {
    /// Every outcome, in the order of [`crate::view::Counts::vouchers`].
    pub const ALL: [Self; 9] = [
        Self::Reserved,
        Self::Committed,
        Self::Released,
        Self::LetGo,
        Self::Used,
        Self::Held,
        Self::Expired,
        Self::NotTogether,
        Self::NotKnown,
    ];

    /// The outcome, as a bounded label.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Reserved => "reserved",
            Self::Committed => "committed",
            Self::Released => "released",
            Self::LetGo => "let_go",
            Self::Used => "used",
            Self::Held => "held",
            Self::Expired => "expired",
            Self::NotTogether => "not_together",
            Self::NotKnown => "not_known",
        }
    }
}

type Answered = (CodeOutcome, Option<MoneyEntry>);

impl Money {
    /// What is answered, and what must be on the disk before.
    pub fn ask(&self, asked: &Asked) -> Answered {
        let Some(code) = self.codes.get(&asked.code) else {
            return (CodeOutcome::NotKnown, None);
        };
        match asked.action {
            Action::Release => release(code, asked),
            Action::Reserve | Action::Commit => match self.claim(code, asked) {
                Err(refused) => (refused, None),
                Ok(true) => taken(asked),
                Ok(false) => (outcome(asked.action), None),
            },
        }
    }

    /// Whether another receipt has redeemed a code, or its till holds it at this moment, so
    /// that one that is closed with it does not redeem it.
    pub fn is_anothers(&self, code: u64, receipt: &str, at: Option<UnixMs>) -> bool {
        match self.codes.get(&code).map(|code| &code.state) {
            Some(State::Held { by, at: since }) => {
                by.receipt != receipt && !is_forgotten(*since, at)
            }
            Some(State::Spent { by, .. }) => by.receipt != receipt,
            Some(State::Open | State::Gone) | None => false,
        }
    }

    /// Codes that can be redeemed no longer at this moment, a few at a time.
    pub fn lapsing(&self, at: UnixMs, most: usize) -> Vec<u64> {
        if self.live() == 0 {
            return Vec::new();
        }
        let over = |code: &&Code| {
            code.state.is_live() && at.0 > code.issued.until.0.saturating_add(GRACE_MS)
        };
        let codes = self.codes.values().filter(over);
        codes
            .map(|code| code.issued.showing.revision)
            .take(most)
            .collect()
    }

    /// Whether it may have the code, and whether that is news.
    fn claim(&self, code: &Code, asked: &Asked) -> Result<bool, CodeOutcome> {
        fenced(code, &asked.by)?;
        let is_new = match &code.state {
            State::Gone => return Err(CodeOutcome::Expired),
            State::Spent { by, .. } if by.receipt == asked.by.receipt => return Ok(false),
            State::Spent { .. } => return Err(CodeOutcome::Used),
            State::Held { by, .. } if by.receipt == asked.by.receipt => {
                return Ok(asked.action == Action::Commit || by.attempt < asked.by.attempt);
            }
            State::Held { at, .. } if !is_forgotten(*at, asked.at) => {
                return Err(CodeOutcome::Held);
            }
            State::Held { .. } | State::Open => true,
        };
        if asked.at.is_some_and(|at| at > code.issued.until) {
            return Err(CodeOutcome::Expired);
        }
        if self.is_barred(&code.issued, &asked.by.receipt) {
            return Err(CodeOutcome::NotTogether);
        }
        Ok(is_new)
    }

    /// Whether the receipt has a voucher that this one is not taken with.
    fn is_barred(&self, issued: &Issued, receipt: &str) -> bool {
        let others = self
            .codes
            .values()
            .filter(|code| code.state.is_of(receipt) && code.issued.showing != issued.showing);
        others.map(|code| &code.issued).any(|other| {
            let same_group = issued.group.is_some() && issued.group == other.group;
            (same_group || issued.offer == other.offer) && !(issued.stacks && other.stacks)
        })
    }
}

/// What was sent for an attempt that was given up comes too late. Once as many
/// receipts have let go as are remembered, no other gets it.
fn fenced(code: &Code, by: &Claim) -> Result<(), CodeOutcome> {
    let mut released = code.released.iter();
    let before = released.find(|claim| claim.receipt == by.receipt);
    let is_full = code.released.len() >= RELEASES_MAX && !code.state.is_of(&by.receipt);
    match before {
        Some(claim) if claim.attempt >= by.attempt => Err(CodeOutcome::LetGo),
        None if is_full => Err(CodeOutcome::LetGo),
        Some(_) | None => Ok(()),
    }
}

fn is_forgotten(since: Option<UnixMs>, at: Option<UnixMs>) -> bool {
    let (Some(since), Some(at)) = (since, at) else {
        return false;
    };
    at.0.saturating_sub(since.0) >= HOLD_MS
}

fn outcome(action: Action) -> CodeOutcome {
    match action {
        Action::Reserve => CodeOutcome::Reserved,
        Action::Commit => CodeOutcome::Committed,
        Action::Release => CodeOutcome::Released,
    }
}

fn taken(asked: &Asked) -> Answered {
    let (code, by) = (asked.code, asked.by.clone());
    let entry = if asked.action == Action::Commit {
        MoneyEntry::Committed { code, by }
    } else {
        let at = asked.at;
        MoneyEntry::Held { code, by, at }
    };
    (outcome(asked.action), Some(entry))
}

fn release(code: &Code, asked: &Asked) -> Answered {
    let mut released = code.released.iter();
    let known = released
        .any(|claim| claim.receipt == asked.by.receipt && claim.attempt >= asked.by.attempt);
    let is_of = code.state.is_of(&asked.by.receipt);
    let newer = code
        .state
        .by()
        .is_some_and(|by| is_of && by.attempt > asked.by.attempt);
    // A closed receipt is taken back by its void, a newer attempt by itself.
    if known || newer || (!is_of && code.released.len() >= RELEASES_MAX) {
        return (CodeOutcome::Released, None);
    }
    let (code, by) = (asked.code, asked.by.clone());
    (
        CodeOutcome::Released,
        Some(MoneyEntry::Released { code, by }),
    )
}
