//! The shop around the engine: screens that show codes, a disk, a network that
//! loses and doubles messages, and power that fails.

use super::till::Wish;
use crate::{
    chance::{Chance, Concern},
    run::ledger::Ledger,
};
use engine::{
    Effect, Effects, Engine, Event, Now, Seed, Snapshot,
    event::{Basket, Outcome, Receipt, RequestId, ScreenSaid, TillAsks},
    money::{Action, GRACE_MS, Ticket},
    plan::{
        self, Budget, Campaign, CampaignIx, Cap, Offer, Schedule, ScreenIx, StorePlan, Voucher,
    },
    time::{Mono, UnixMs, Wall},
};
use protocol::screen::{ScreenAction, ScreenCommand, ScreenStatus};
use std::{collections::BTreeMap, sync::Arc};

/// 2026-11-21 09:00 in Hanoi.
const OPENING: i64 = 1_795_226_400_000;
/// How long a code is good for, ms.
const VALID_MS: u64 = 4 * 60_000;
/// What each offer's budget is: number, redemptions, worth.
const BUDGETS: [(u16, u32, u32); 3] = [(1, 9, 5_000), (2, 14, 3_000), (3, 25, 2_000)];
/// What the campaign of the first two may cost.
const CAMPAIGN_MINOR: u64 = 60_000;

/// What was given for vouchers.
#[derive(Debug)]
pub(super) struct Limits {
    /// Redemptions, by the number of the voucher.
    pub(super) redemptions: [(u16, u32); 3],
    /// Vouchers of the campaign.
    pub(super) of_campaign: [u16; 2],
    /// What they may cost together, in the currency's smallest unit.
    pub(super) campaign_minor: u64,
}

impl Limits {
    pub(super) const GIVEN: Self = Self {
        redemptions: [
            (BUDGETS[0].0, BUDGETS[0].1),
            (BUDGETS[1].0, BUDGETS[1].1),
            (BUDGETS[2].0, BUDGETS[2].1),
        ],
        of_campaign: [BUDGETS[0].0, BUDGETS[1].0],
        campaign_minor: CAMPAIGN_MINOR,
    };
}

/// What a till was told.
#[derive(Debug, Clone)]
pub(super) struct Answer {
    pub(super) till: usize,
    pub(super) wish: Wish,
    pub(super) ticket: Ticket,
    pub(super) receipt: String,
    pub(super) outcome: Outcome,
}

/// The shop.
pub(super) struct Shop {
    plan: Arc<StorePlan>,
    engine: Engine,
    ledger: Ledger,
    chance: Chance,
    at_ms: u64,
    /// Moment of this start.
    started_ms: u64,
    flush_at: Option<u64>,
    /// Messages on their way, by the moment at which they arrive.
    coming: BTreeMap<(u64, u64), Event>,
    sent: u64,
    asked: BTreeMap<RequestId, Answer>,
    answers: Vec<Answer>,
    codes: Vec<Ticket>,
    news: Vec<Ticket>,
    given_up: Vec<String>,
    painted: Vec<u64>,
    crashes: usize,
    healthy: bool,
}

impl Shop {
    pub(super) fn open(seed: u64) -> Self {
        let plan = Arc::new(plan());
        let mut ledger = Ledger::default();
        let engine = start(&plan, &mut ledger, 0);
        let mut shop = Self {
            painted: vec![0; plan.screens.len()],
            plan,
            engine,
            ledger,
            chance: Chance::new(seed, Concern::Faults),
            at_ms: 0,
            started_ms: 0,
            flush_at: None,
            coming: BTreeMap::new(),
            sent: 0,
            asked: BTreeMap::new(),
            answers: Vec::new(),
            codes: Vec::new(),
            news: Vec::new(),
            given_up: Vec::new(),
            crashes: 0,
            healthy: false,
        };
        shop.greet(ScreenStatus::Hello);
        shop
    }

    pub(super) fn at_ms(&self) -> u64 {
        self.at_ms
    }

    pub(super) fn wall(&self) -> UnixMs {
        UnixMs(OPENING + self.at_ms as i64)
    }

    pub(super) fn crashes(&self) -> usize {
        self.crashes
    }

    pub(super) fn codes(&self) -> &[Ticket] {
        &self.codes
    }

    pub(super) fn shown(&mut self) -> Vec<Ticket> {
        std::mem::take(&mut self.news)
    }

    /// Receipts that have asked to let go since.
    pub(super) fn given_up(&mut self) -> Vec<String> {
        std::mem::take(&mut self.given_up)
    }

    pub(super) fn answers(&mut self) -> Vec<Answer> {
        std::mem::take(&mut self.answers)
    }

    pub(super) fn check(&self) -> Result<(), String> {
        self.engine.check()
    }

    /// Nothing goes wrong any more.
    pub(super) fn heal(&mut self) {
        self.healthy = true;
    }

    /// Time passes.
    pub(super) fn pass(&mut self, ms: u64) {
        self.at_ms += ms;
        if self.flush_at.is_some_and(|at| at <= self.at_ms) {
            self.flush_at = None;
            if let Some(last) = self.ledger.flushed(|_| ()) {
                self.event(Event::Durable(last));
            }
        }
        while let Some(entry) = self.coming.first_entry() {
            if entry.key().0 > self.at_ms {
                break;
            }
            let event = entry.remove();
            self.event(event);
        }
        if self.at_ms.is_multiple_of(10_000) {
            self.greet(ScreenStatus::Alive);
        }
        self.event(Event::Woke);
        if !self.healthy && self.chance.happens(0.001) {
            self.crash();
        }
    }

    /// A till sends; the network does with it what it does.
    pub(super) fn send(&mut self, till: usize, wish: Wish, ticket: Ticket, receipt: &str) {
        if matches!(wish, Wish::Release | Wish::Void) {
            self.given_up.push(receipt.to_owned());
        }
        let copies = match self.chance.below(10) {
            _ if self.healthy => 1,
            0 => 0,
            1 => 2,
            _ => 1,
        };
        for _ in 0..copies {
            self.sent += 1;
            let request = RequestId(self.sent);
            let answer = Answer {
                till,
                wish,
                ticket,
                receipt: receipt.to_owned(),
                outcome: Outcome::Done,
            };
            self.asked.insert(request, answer);
            // Some overtake what was sent before, some arrive long after.
            let most = if self.chance.happens(0.1) {
                20_000.0
            } else {
                900.0
            };
            let delay = self.chance.between(0.0, most) as u64;
            let event = event(request, wish, ticket, receipt);
            self.coming.insert((self.at_ms + delay, self.sent), event);
        }
    }

    /// Long after the last code has lapsed and after one more power cut.
    pub(super) fn settle(&mut self) -> Snapshot {
        self.healthy = true;
        let over_ms = VALID_MS + GRACE_MS as u64 + 120_000;
        // No screen says anything more: nothing new is shown.
        self.painted.clear();
        let until = self.at_ms + over_ms;
        while self.at_ms < until {
            self.pass(1_000);
        }
        self.crash();
        self.ledger.start()
    }

    /// The power fails, and the disk is empty afterwards.
    #[cfg(test)]
    pub(super) fn forget(&mut self) {
        self.ledger = Ledger::default();
        self.crash();
    }

    fn crash(&mut self) {
        self.crashes += 1;
        self.ledger.crash(&mut self.chance, |_| ());
        self.flush_at = None;
        // Whoever had connected is cut off; what the network holds still comes.
        self.asked.clear();
        self.coming
            .retain(|_, event| !matches!(event, Event::Screen(_)));
        self.started_ms = self.at_ms;
        self.engine = start(&self.plan, &mut self.ledger, self.at_ms);
        self.greet(ScreenStatus::Hello);
    }

    fn greet(&mut self, status: ScreenStatus) {
        for (screen, painted) in self.painted.clone().into_iter().enumerate() {
            let revision = if status == ScreenStatus::Hello {
                0
            } else {
                painted
            };
            let said = ScreenSaid {
                screen: ScreenIx(screen as u8),
                revision,
                status,
            };
            self.event(Event::Screen(said));
        }
    }

    fn event(&mut self, event: Event) {
        let mono = Mono(self.at_ms - self.started_ms);
        let now = Now {
            mono,
            wall: Wall::Synced(self.wall()),
        };
        let mut effects = Effects::new();
        self.engine.handle(now, event, &mut effects);
        for effect in effects {
            self.perform(effect);
        }
    }

    fn perform(&mut self, effect: Effect) {
        match effect {
            Effect::Commit { id, entry } => {
                let slow = if self.healthy { 0.0 } else { 0.02 };
                let after = self.ledger.append(id, entry, slow, &mut self.chance);
                if let Some(after) = after {
                    self.flush_at = Some(self.at_ms + after);
                }
            }
            Effect::Command(command) => self.obey(&command),
            Effect::Answer { request, outcome } => {
                let answer = self.asked.remove(&request);
                // An answer may be lost on its way back.
                let arrives = self.healthy || !self.chance.happens(0.1);
                let answer = answer.filter(|_| arrives);
                self.answers
                    .extend(answer.map(|answer| Answer { outcome, ..answer }));
            }
            Effect::Fetch { .. }
            | Effect::Keep { .. }
            | Effect::Erase { .. }
            | Effect::KeepRadio(_)
            | Effect::Record(_) => {}
        }
    }

    fn obey(&mut self, command: &ScreenCommand) {
        let Some(screen) = self.plan.screen(&command.screen) else {
            return;
        };
        let refuses = !self.healthy && self.chance.happens(0.05);
        let is_show = matches!(command.action, ScreenAction::Show { .. });
        let status = if refuses && is_show {
            ScreenStatus::Rejected
        } else {
            ScreenStatus::Painted
        };
        if let ScreenAction::Show {
            code: Some(code), ..
        } = &command.action
            && status == ScreenStatus::Painted
        {
            let ticket = Ticket::from_text(code).filter(|t| !self.codes.contains(t));
            self.codes.extend(ticket);
            self.news.extend(ticket);
        }
        if let Some(painted) = self.painted.get_mut(screen.at()) {
            *painted = command.revision;
            let revision = command.revision;
            let said = ScreenSaid {
                screen,
                revision,
                status,
            };
            self.sent += 1;
            let key = (self.at_ms + 100, self.sent);
            self.coming.insert(key, Event::Screen(said));
        }
    }
}

fn start(plan: &Arc<StorePlan>, ledger: &mut Ledger, at_ms: u64) -> Engine {
    let now = Now {
        mono: Mono(0),
        wall: Wall::Synced(UnixMs(OPENING + at_ms as i64)),
    };
    // The store's secret: serials mean the same after a restart.
    Engine::new(plan.clone(), ledger.start(), Seed(7), now)
}

fn event(request: RequestId, wish: Wish, ticket: Ticket, receipt: &str) -> Event {
    let action = match wish {
        Wish::Reserve => Action::Reserve,
        Wish::Commit => Action::Commit,
        Wish::Release => Action::Release,
        Wish::HandIn | Wish::Void => {
            let vouchers = if wish == Wish::HandIn {
                vec![ticket]
            } else {
                Vec::new()
            };
            let receipt = Receipt {
                basket: Basket {
                    receipt: receipt.to_owned(),
                    shopper: None,
                    lines: Vec::new(),
                },
                is_void: wish == Wish::Void,
                returned_from: None,
                codes: Vec::new(),
                vouchers,
            };
            let receipt = Box::new(receipt);
            return Event::Receipt { request, receipt };
        }
    };
    let asks = Box::new(TillAsks {
        ticket,
        action,
        receipt: receipt.to_owned(),
        attempt: 1,
    });
    Event::Code { request, asks }
}

/// The demo's floor and screens, with three offers that carry vouchers.
fn plan() -> StorePlan {
    let demo = config::demo().plan;
    let basket = "fresh-basket".parse().expect("a name");
    let basket = demo.offer(&basket).expect("the demo has it");
    let basket = &demo.offers[basket.at()];
    let offers = BUDGETS.map(|(number, redemptions, worth_minor)| Offer {
        id: format!("voucher-{number}").parse().expect("a name"),
        priority: 10 * number as u8,
        shown_for_ms: 6_000,
        cap: Cap {
            per_visit: 9,
            per_day: 9,
        },
        budget: Budget {
            showings: 100_000,
            showings_per_day: None,
        },
        limits: plan::Limits {
            campaign: Limits::GIVEN
                .of_campaign
                .contains(&number)
                .then_some(CampaignIx(0)),
            ..plan::Limits::NONE
        },
        voucher: Some(Voucher {
            number,
            worth_minor,
            redemptions,
            redemptions_per_day: None,
            valid_for_ms: VALID_MS,
            stacks: number == 3,
        }),
        ..basket.clone()
    });
    StorePlan {
        opening: Schedule::always(),
        offers: offers.into(),
        campaigns: vec![Campaign {
            id: "summer".parse().expect("a name"),
            cap: None,
            showings: None,
            showings_per_day: None,
            money_minor: Some(CAMPAIGN_MINOR),
        }],
        ..(*demo).clone()
    }
}
