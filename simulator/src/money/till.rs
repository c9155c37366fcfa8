//! A till: one receipt at a time, repeated until it is answered.

use super::shop::{Answer, Shop};
use crate::chance::{Chance, Concern};
use engine::{
    event::Outcome,
    money::{CodeOutcome, Ticket},
};

/// Sent again when nothing was heard for so long, ms.
const PATIENCE_MS: u64 = 3_000;
/// Receipts of one till in one run: each names its codes once.
const RECEIPTS_MAX: u32 = 120;

/// What a till wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wish {
    Reserve,
    Commit,
    Release,
    /// The receipt is closed, with the code on it.
    HandIn,
    /// The receipt is taken back.
    Void,
}

/// A till.
#[derive(Debug)]
pub(super) struct Till {
    number: usize,
    chance: Chance,
    receipts: u32,
    open: Option<Open>,
    closing: bool,
}

/// The receipt that is on it.
#[derive(Debug)]
struct Open {
    ticket: Ticket,
    receipt: String,
    wish: Wish,
    sent_ms: Option<u64>,
}

impl Till {
    pub(super) fn new(number: usize, seed: u64) -> Self {
        Self {
            number,
            chance: Chance::new(
                seed.wrapping_mul(31).wrapping_add(number as u64),
                Concern::Trade,
            ),
            receipts: 0,
            open: None,
            closing: false,
        }
    }

    /// Begins nothing new.
    pub(super) fn close(&mut self) {
        self.closing = true;
    }

    pub(super) fn is_done(&self) -> bool {
        self.open.is_none()
    }

    /// Begins a receipt, or sends what is not answered yet.
    pub(super) fn act(&mut self, shop: &mut Shop) {
        if self.open.is_none() && !self.closing && self.chance.happens(0.15) {
            self.begin(shop);
        }
        let Some(open) = &mut self.open else { return };
        let now = shop.at_ms();
        let waits = open.sent_ms.is_some_and(|at| now < at + PATIENCE_MS);
        if waits {
            return;
        }
        // Not answered: sent again, or the customer has had enough.
        if open.sent_ms.is_some() && open.wish == Wish::Commit && self.chance.happens(0.2) {
            open.wish = Wish::Release;
        }
        open.sent_ms = Some(now);
        shop.send(self.number, open.wish, open.ticket, &open.receipt);
    }

    fn begin(&mut self, shop: &Shop) {
        let codes = shop.codes();
        if codes.is_empty() || self.receipts >= RECEIPTS_MAX {
            return;
        }
        // Mostly what was shown lately; now and then an old photograph.
        let lately = codes.len().saturating_sub(12);
        let at = if self.chance.happens(0.8) {
            lately + self.chance.index(codes.len() - lately)
        } else {
            self.chance.index(codes.len())
        };
        self.receipts += 1;
        self.open = Some(Open {
            ticket: codes[at],
            receipt: format!("t{}/{}", self.number, self.receipts),
            wish: match self.chance.below(10) {
                0 => Wish::HandIn,
                1 => Wish::Commit,
                _ => Wish::Reserve,
            },
            sent_ms: None,
        });
    }

    /// Goes on with what it was told; late answers to earlier questions are
    /// nothing to it.
    pub(super) fn hear(&mut self, answer: &Answer, now_ms: u64) {
        let Some(open) = &mut self.open else { return };
        if open.receipt != answer.receipt || open.wish != answer.wish {
            return;
        }
        let next = match (answer.wish, answer.outcome) {
            // The disk does not keep up: again, later.
            (_, Outcome::Full) => {
                open.sent_ms = Some(now_ms);
                return;
            }
            (Wish::Reserve, Outcome::Code(CodeOutcome::Reserved)) => {
                Some(if self.chance.happens(0.7) {
                    Wish::Commit
                } else {
                    Wish::Release
                })
            }
            (Wish::Commit, Outcome::Code(CodeOutcome::Committed)) => match self.chance.below(6) {
                0 => Some(Wish::Release),
                1 => Some(Wish::Void),
                2 | 3 => Some(Wish::HandIn),
                _ => None,
            },
            // What is still on its way must count nothing.
            (Wish::Commit, Outcome::Code(_)) => Some(Wish::Release),
            (Wish::HandIn, Outcome::Done) if self.chance.happens(0.15) => Some(Wish::Void),
            _ => None,
        };
        match next {
            Some(wish) => {
                open.wish = wish;
                open.sent_ms = None;
            }
            None => self.open = None,
        }
    }
}
