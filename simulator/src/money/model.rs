//! The reference: what tills were told, and nothing of how the engine works.

use super::{
    shop::{Answer, Limits},
    till::Wish,
};
use engine::{
    event::Outcome,
    money::{CodeOutcome, Money, State, Ticket},
    time::UnixMs,
};
use std::collections::{BTreeMap, BTreeSet};

/// What tills were told.
#[derive(Debug, Default)]
pub(super) struct Model {
    shown: BTreeMap<u64, Ticket>,
    /// Which receipt redeemed which code, by the gateway's own word.
    owner: BTreeMap<u64, String>,
    /// Codes on receipts that were closed without asking before.
    handed_in: BTreeSet<(u64, String)>,
    /// Receipts that have asked to let go: whether they were heard yet, only the
    /// gateway knows, and another may have the code from then on.
    given_up: BTreeSet<String>,
    /// Receipts that were taken back: a copy of theirs that comes later is
    /// answered, and counts nothing.
    void: BTreeSet<String>,
    pub(super) answered: usize,
    pub(super) broken: Vec<String>,
}

impl Model {
    pub(super) fn shown(&self) -> usize {
        self.shown.len()
    }

    pub(super) fn uses(&self) -> usize {
        self.owner.len() + self.handed_in.len()
    }

    pub(super) fn show(&mut self, ticket: Ticket) {
        self.shown.insert(ticket.serial, ticket);
    }

    /// A till was told something.
    pub(super) fn answer(&mut self, answer: &Answer, at: UnixMs) {
        self.answered += 1;
        let serial = answer.ticket.serial;
        let receipt = &answer.receipt;
        match (answer.wish, answer.outcome) {
            (Wish::HandIn, Outcome::Done) => {
                if !self.void.contains(receipt) {
                    self.handed_in.insert((serial, receipt.clone()));
                }
            }
            (Wish::Void, Outcome::Done) => {
                self.void.insert(receipt.clone());
                self.handed_in.remove(&(serial, receipt.clone()));
                self.let_go(serial, receipt);
            }
            (_, Outcome::Code(CodeOutcome::Committed)) => self.redeemed(serial, receipt),
            (_, Outcome::Code(CodeOutcome::Released)) => self.let_go(serial, receipt),
            (_, Outcome::Code(CodeOutcome::NotKnown)) => {
                self.broken
                    .push(format!("code {serial} of a screen is not known"));
            }
            (_, Outcome::Code(CodeOutcome::Expired)) => {
                if at.seconds() < i64::from(answer.ticket.until_s) {
                    self.broken.push(format!("code {serial} expired too early"));
                }
            }
            (_, Outcome::Code(_) | Outcome::Full) => {}
            (wish, outcome) => {
                self.broken
                    .push(format!("{wish:?} was answered {outcome:?}"));
            }
        }
    }

    /// A till asks to let go.
    pub(super) fn give_up(&mut self, receipt: String) {
        self.owner.retain(|_, owner| *owner != receipt);
        self.given_up.insert(receipt);
    }

    fn redeemed(&mut self, serial: u64, receipt: &str) {
        if self.given_up.contains(receipt) {
            return;
        }
        let before = self.owner.insert(serial, receipt.to_owned());
        if let Some(before) = before.filter(|before| before != receipt) {
            self.broken.push(format!(
                "double: code {serial} by {before} and by {receipt}"
            ));
        }
    }

    fn let_go(&mut self, serial: u64, receipt: &str) {
        if self
            .owner
            .get(&serial)
            .is_some_and(|owner| owner == receipt)
        {
            self.owner.remove(&serial);
        }
    }

    /// Whether the ledger says at last what the tills were told.
    pub(super) fn compare(&mut self, ledger: &Money, limits: &Limits) {
        let told = self.told();
        self.nothing_is_lost(ledger, &told);
        self.nothing_is_counted_twice(ledger, &told);
        self.nothing_is_over(limits);
    }

    /// Uses that tills were told of. A till that hands in what it had redeemed
    /// before tells of one use; each receipt names one code.
    fn told(&self) -> BTreeSet<String> {
        let handed_in = self.handed_in.iter().map(|(_, receipt)| receipt);
        self.owner.values().chain(handed_in).cloned().collect()
    }

    fn nothing_is_lost(&mut self, ledger: &Money, told: &BTreeSet<String>) {
        let spent = ledger.codes.values().filter_map(|code| match &code.state {
            State::Spent { by, .. } => Some(by.receipt.as_str()),
            State::Open | State::Held { .. } | State::Gone => None,
        });
        let spent: BTreeSet<&str> = spent.collect();
        for receipt in self.owner.values() {
            if !spent.contains(receipt.as_str()) {
                let said = format!("lost: {receipt} was told that it redeemed its code");
                self.broken.push(said);
            }
        }
        for receipt in spent.iter().filter(|receipt| !told.contains(**receipt)) {
            let said = format!("made up: {receipt} redeemed a code that it let go");
            self.broken.push(said);
        }
    }

    fn nothing_is_counted_twice(&mut self, ledger: &Money, told: &BTreeSet<String>) {
        let (mut committed, mut beside) = (0, 0);
        for (offer, sums) in &ledger.offers {
            committed += sums.committed as usize;
            beside += (sums.late + sums.again) as usize;
            if sums.reserved > 0 {
                let said = format!("{offer}: {} reserved for ever", sums.reserved);
                self.broken.push(said);
            }
        }
        if committed + beside != told.len() {
            self.broken.push(format!(
                "the ledger has {committed} uses and {beside} beside the budget, tills were told of {}",
                told.len()
            ));
        }
    }

    /// By what tills were told, not by the engine's sums.
    fn nothing_is_over(&mut self, limits: &Limits) {
        let redeemed = self
            .owner
            .keys()
            .filter_map(|serial| self.shown.get(serial));
        let mut pieces: BTreeMap<u16, u32> = BTreeMap::new();
        let mut campaign_minor = 0;
        for ticket in redeemed {
            *pieces.entry(ticket.number).or_default() += 1;
            if limits.of_campaign.contains(&ticket.number) {
                campaign_minor += u64::from(ticket.worth_minor);
            }
        }
        for (number, most) in &limits.redemptions {
            let redeemed = pieces.get(number).copied().unwrap_or(0);
            if redeemed > *most {
                self.broken.push(format!(
                    "over: {redeemed} of {most} redeemed of number {number}"
                ));
            }
        }
        if campaign_minor > limits.campaign_minor {
            self.broken.push(format!(
                "over: the campaign cost {campaign_minor} of {}",
                limits.campaign_minor
            ));
        }
    }
}
