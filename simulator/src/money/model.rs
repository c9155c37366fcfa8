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

/// What a check is worth that cannot fail: histories in which a promise was
/// broken, each told to the reference alone.
#[cfg(test)]
mod tests {
    use super::*;
    use engine::{
        effect::ShowingId,
        money::{Claim, Issued, MoneyEntry},
    };

    const NOW: UnixMs = UnixMs(1_000_000);
    const NUMBER: u16 = Limits::GIVEN.of_campaign[0];
    const WORTH_MINOR: u32 = 5_000;

    fn ticket(serial: u64) -> Ticket {
        Ticket {
            number: NUMBER,
            serial,
            until_s: 2_000,
            worth_minor: WORTH_MINOR,
        }
    }

    fn answer(wish: Wish, serial: u64, receipt: &str, outcome: Outcome) -> Answer {
        Answer {
            till: 0,
            wish,
            ticket: ticket(serial),
            receipt: receipt.to_owned(),
            outcome,
        }
    }

    fn committed(serial: u64, receipt: &str) -> Answer {
        let outcome = Outcome::Code(CodeOutcome::Committed);
        answer(Wish::Commit, serial, receipt, outcome)
    }

    fn claim(receipt: &str) -> Claim {
        Claim {
            receipt: receipt.to_owned(),
            attempt: 1,
        }
    }

    /// A ledger in which these receipts redeemed codes 1, 2 and so on.
    fn ledger(redeemed_by: &[&str]) -> Money {
        let mut money = Money::default();
        for (code, receipt) in (1..).zip(redeemed_by) {
            money.apply(&MoneyEntry::Issued(Issued {
                showing: ShowingId {
                    screen: "front".parse().unwrap(),
                    revision: code,
                },
                offer: "tea".parse().unwrap(),
                campaign: None,
                group: None,
                stacks: false,
                worth_minor: WORTH_MINOR,
                day: 1,
                until: UnixMs(2_000_000),
            }));
            money.apply(&MoneyEntry::Committed {
                code,
                by: claim(receipt),
            });
        }
        money
    }

    /// What the reference says of answers and the ledger afterwards.
    fn judged(answers: &[Answer], ledger: &Money) -> Vec<String> {
        let mut model = Model::default();
        for serial in 1..=40 {
            model.show(ticket(serial));
        }
        for answer in answers {
            model.answer(answer, NOW);
        }
        model.compare(ledger, &Limits::GIVEN);
        model.broken
    }

    fn assert_says(broken: &[String], expected: &str) {
        let is_said = broken.iter().any(|said| said.contains(expected));
        assert!(is_said, "{expected:?} is not in {broken:?}");
    }

    #[test]
    fn an_honest_history_breaks_nothing() {
        let answers = [committed(1, "r-1"), committed(2, "r-2")];
        assert_eq!(judged(&answers, &ledger(&["r-1", "r-2"])), [""; 0]);
    }

    #[test]
    fn one_redemption_more_than_was_given_is_found_out() {
        let most = Limits::GIVEN.redemptions[0].1;
        for (redeemed, is_over) in [(most, false), (most + 1, true)] {
            let receipts: Vec<String> = (1..=redeemed).map(|n| format!("r-{n}")).collect();
            let receipts: Vec<&str> = receipts.iter().map(String::as_str).collect();
            let answers = (1..)
                .zip(&receipts)
                .map(|(at, receipt)| committed(at, receipt));
            let broken = judged(&answers.collect::<Vec<_>>(), &ledger(&receipts));
            assert_eq!(!broken.is_empty(), is_over, "{broken:?}");
            if is_over {
                assert_says(&broken, &format!("over: {redeemed} of {most} redeemed"));
            }
        }
    }

    #[test]
    fn a_campaign_that_costs_more_than_was_given_is_found_out() {
        let mut model = Model::default();
        let worth_minor = u32::try_from(Limits::GIVEN.campaign_minor).unwrap() + 1;
        model.show(Ticket {
            worth_minor,
            ..ticket(1)
        });
        model.answer(&committed(1, "r-1"), NOW);
        model.compare(&ledger(&["r-1"]), &Limits::GIVEN);
        assert_says(&model.broken, "over: the campaign cost 60001 of 60000");
    }

    #[test]
    fn a_use_that_was_answered_and_is_not_in_the_ledger_is_found_out() {
        let answers = [committed(1, "r-1"), committed(2, "r-2")];
        let broken = judged(&answers, &ledger(&["r-1"]));
        assert_says(&broken, "lost: r-2 was told that it redeemed its code");
    }

    #[test]
    fn a_forged_answer_that_gives_a_code_twice_is_found_out() {
        let answers = [committed(1, "r-1"), committed(1, "r-2")];
        let broken = judged(&answers, &ledger(&["r-1"]));
        assert_says(&broken, "double: code 1 by r-1 and by r-2");
    }

    #[test]
    fn a_use_that_the_ledger_made_up_is_found_out() {
        let broken = judged(&[committed(1, "r-1")], &ledger(&["r-1", "r-2"]));
        assert_says(&broken, "made up: r-2 redeemed a code that it let go");
        assert_says(
            &broken,
            "the ledger has 2 uses and 0 beside the budget, tills were told of 1",
        );
    }

    #[test]
    fn money_that_is_set_aside_for_ever_is_found_out() {
        let mut money = ledger(&["r-1"]);
        let sums = money.offers.values_mut().next().unwrap();
        sums.reserved = 1;
        assert_says(
            &judged(&[committed(1, "r-1")], &money),
            "tea: 1 reserved for ever",
        );
    }

    #[test]
    fn answers_that_no_till_may_be_given_are_found_out() {
        for (outcome, expected) in [
            (CodeOutcome::NotKnown, "code 1 of a screen is not known"),
            (CodeOutcome::Expired, "code 1 expired too early"),
        ] {
            let answers = [answer(Wish::Reserve, 1, "r-1", Outcome::Code(outcome))];
            assert_says(&judged(&answers, &Money::default()), expected);
        }
        let answers = [answer(Wish::Commit, 1, "r-1", Outcome::Done)];
        assert_says(
            &judged(&answers, &Money::default()),
            "Commit was answered Done",
        );
    }
}
