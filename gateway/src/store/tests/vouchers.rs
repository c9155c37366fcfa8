//! Vouchers, whatever tills and screens do and in whichever order it is written:
//! never more than was given, and a checkpoint is worth its history.

use super::super::state::entries_of;
use engine::{
    Snapshot,
    effect::{LedgerEntry, ShowingId},
    money::{Action, Asked, Claim, Issued, Money, MoneyEntry, State, Wanted},
    plan::Voucher,
    sale::{CodeUse, Sale},
    time::UnixMs,
};
use proptest::prelude::*;
use protocol::id::OfferId;

/// What each of the two offers may give away.
const VOUCHER: Voucher = Voucher {
    number: 1,
    worth_minor: 5_000,
    redemptions: 3,
    redemptions_per_day: Some(2),
    valid_for_ms: 600_000,
    stacks: false,
};

/// One step; codes and receipts by number, so that they meet.
#[derive(Debug, Clone)]
enum Step {
    Show(u8),
    NeverShown(u8),
    Till(Action, u8, u8, u8),
    Sell(u8, u8),
    Void(u8),
    Minutes(u8),
    Restart,
    Doubt,
}

fn step() -> impl Strategy<Value = Step> {
    let action = prop_oneof![
        Just(Action::Reserve),
        Just(Action::Commit),
        Just(Action::Release)
    ];
    prop_oneof![
        4 => (0..2_u8).prop_map(Step::Show),
        1 => (0..9_u8).prop_map(Step::NeverShown),
        12 => (action, 0..9_u8, 0..5_u8, 1..4_u8).prop_map(|(a, c, r, n)| Step::Till(a, c, r, n)),
        2 => (0..9_u8, 0..5_u8).prop_map(|(code, receipt)| Step::Sell(code, receipt)),
        1 => (0..5_u8).prop_map(Step::Void),
        3 => (0..30_u8).prop_map(Step::Minutes),
        1 => Just(Step::Restart),
        1 => proptest::bool::weighted(0.1).prop_map(|d| if d { Step::Doubt } else { Step::Restart }),
    ]
}

/// A shop that writes down what its money says it may.
#[derive(Default)]
struct Shop {
    state: Snapshot,
    entries: Vec<LedgerEntry>,
    at_ms: i64,
    shown: u64,
}

fn offer(number: u8) -> OfferId {
    format!("offer-{number}").parse().expect("a name")
}

fn showing(revision: u64) -> ShowingId {
    let screen = "s-1".parse().expect("a name");
    ShowingId { screen, revision }
}

impl Shop {
    fn write(&mut self, entry: LedgerEntry) {
        self.state.apply(&entry);
        self.entries.push(entry);
    }

    fn money(&mut self, entry: MoneyEntry) {
        self.write(LedgerEntry::Money(Box::new(entry)));
    }

    fn day(&self) -> i32 {
        (self.at_ms / 86_400_000) as i32
    }

    fn go(&mut self, step: &Step) {
        match *step {
            Step::Show(number) => self.show(number),
            Step::NeverShown(code) => {
                let showing = showing(code.into());
                self.write(LedgerEntry::Released { showing });
            }
            Step::Till(action, code, receipt, attempt) => self.till(&Asked {
                code: code.into(),
                action,
                by: Claim {
                    receipt: format!("r-{receipt}"),
                    attempt,
                },
                at: Some(UnixMs(self.at_ms)),
            }),
            Step::Sell(code, receipt) => self.sell(code.into(), format!("r-{receipt}")),
            Step::Void(receipt) => {
                let receipt = format!("r-{receipt}");
                self.write(LedgerEntry::Voided { receipt });
            }
            Step::Minutes(minutes) => self.wait(minutes),
            Step::Restart => {
                let boot = self.state.boot + 1;
                self.write(LedgerEntry::Started { boot });
            }
            Step::Doubt => self.write(LedgerEntry::Doubted),
        }
    }

    fn show(&mut self, number: u8) {
        let (offer, day) = (offer(number), self.day());
        let wanted = Wanted {
            offer: &offer,
            voucher: Some(&VOUCHER),
            campaign: None,
            day,
        };
        if !self.state.money.has_room(&wanted) {
            return;
        }
        let issued = Issued {
            showing: showing(self.shown),
            offer,
            campaign: Some("summer".parse().expect("a name")),
            group: None,
            stacks: false,
            worth_minor: VOUCHER.worth_minor,
            day,
            until: UnixMs(self.at_ms + VOUCHER.valid_for_ms as i64),
        };
        self.shown += 1;
        self.money(MoneyEntry::Issued(issued));
    }

    fn till(&mut self, asked: &Asked) {
        let (_, entry) = self.state.money.ask(asked);
        entry.into_iter().for_each(|entry| self.money(entry));
    }

    fn sell(&mut self, code: u64, receipt: String) {
        let known = self.state.sales.receipt(&receipt).is_some();
        let Some(issued) = self.state.money.codes.get(&code).map(|c| &c.issued) else {
            return;
        };
        if known {
            return;
        }
        let used = CodeUse {
            showing: issued.showing.clone(),
            offer: issued.offer.clone(),
            again: self.state.money.is_anothers(code, &receipt, None),
        };
        self.write(LedgerEntry::Sold(Sale {
            receipt,
            is_known: false,
            joined: Vec::new(),
            codes: vec![used],
        }));
    }

    fn wait(&mut self, minutes: u8) {
        self.at_ms += i64::from(minutes) * 60_000;
        let codes = self.state.money.lapsing(UnixMs(self.at_ms), 64);
        if !codes.is_empty() {
            self.money(MoneyEntry::Lapsed { codes });
        }
    }
}

/// The sums are what the codes say, counted by hand, and within what was given.
fn check(money: &Money) {
    let mut live = 0;
    for (offer, sums) in &money.offers {
        let states = || {
            let of = money.codes.values().filter(|c| c.issued.offer == *offer);
            of.map(|code| &code.state)
        };
        let reserved = states().filter(|state| state.is_live()).count();
        let spent = |is_late: bool| {
            let of = |s: &&State| matches!(s, State::Spent { late, .. } if *late == is_late);
            states().filter(of).count()
        };
        assert_eq!(sums.reserved as usize, reserved, "{offer}: {sums:?}");
        assert_eq!(sums.committed as usize, spent(false), "{offer}: {sums:?}");
        assert_eq!(sums.late as usize, spent(true), "{offer}: {sums:?}");
        let worth = u64::from(VOUCHER.worth_minor);
        assert_eq!(sums.reserved_minor, u64::from(sums.reserved) * worth);
        assert_eq!(sums.committed_minor, u64::from(sums.committed) * worth);
        let taken = sums.reserved + sums.committed;
        assert!(taken <= VOUCHER.redemptions, "over: {offer}: {sums:?}");
        live += reserved;
    }
    assert_eq!(money.live(), live);
    let all = |of: fn(&engine::money::Sums) -> u64| money.offers.values().map(of).sum::<u64>();
    for sums in money.campaigns.values() {
        assert_eq!(sums.reserved_minor, all(|s| s.reserved_minor));
        assert_eq!(sums.committed_minor, all(|s| s.committed_minor));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn vouchers_add_up_whatever_tills_and_screens_do(steps in prop::collection::vec(step(), 1..80)) {
        let mut shop = Shop::default();
        for step in &steps {
            shop.go(step);
            check(&shop.state.money);
        }
        let mut replayed = Snapshot::default();
        shop.entries.iter().for_each(|entry| replayed.apply(entry));
        prop_assert_eq!(&replayed.money, &shop.state.money);
    }

    #[test]
    fn a_checkpoint_is_worth_its_history(
        steps in prop::collection::vec(step(), 1..60),
        after in prop::collection::vec(step(), 1..20),
    ) {
        let mut shop = Shop::default();
        steps.iter().for_each(|step| shop.go(step));
        let mut restored = Snapshot::default();
        entries_of(&shop.state).iter().for_each(|entry| restored.apply(entry));
        prop_assert_eq!(&restored.money, &shop.state.money);
        // And whatever comes next adds up the same on both.
        let begun = shop.entries.len();
        after.iter().for_each(|step| shop.go(step));
        shop.entries[begun..].iter().for_each(|entry| restored.apply(entry));
        prop_assert_eq!(&restored.money, &shop.state.money);
    }

    #[test]
    fn what_a_till_did_counts_once_however_often_it_is_read(
        steps in prop::collection::vec(step(), 1..60),
    ) {
        let mut shop = Shop::default();
        steps.iter().for_each(|step| shop.go(step));
        let (mut once, mut twice) = (Snapshot::default(), Snapshot::default());
        for entry in &shop.entries {
            once.apply(entry);
            twice.apply(entry);
            let is_issue = matches!(entry, LedgerEntry::Money(money) if matches!(**money, MoneyEntry::Issued(_)));
            if matches!(entry, LedgerEntry::Money(_)) && !is_issue {
                twice.apply(entry);
            }
        }
        prop_assert_eq!(&twice.money, &once.money);
    }
}
