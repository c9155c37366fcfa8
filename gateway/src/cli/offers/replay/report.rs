//! What came of a replay, for machines and to be put into words.

use super::{
    Compared,
    day::{Ended, Recorded},
    vouchers::{Live, VoucherChange, changes},
};
use engine::{
    plan::StorePlan,
    recording::Moment,
    replay::{CannotTell, Draw, Estimate, OfferSum, Replay, Sums, estimate},
    time::Now,
};
use protocol::id::{OfferId, ScreenId};
use serde::Serialize;
use std::collections::BTreeSet;

/// Everything.
#[derive(Debug, Serialize)]
pub(super) struct Report {
    /// Day or file.
    pub(super) day: String,
    pub(super) runs: Vec<RunReport>,
    /// How long it took, s.
    pub(super) took_s: f64,
    /// With other offers.
    pub(super) difference: Option<Different>,
}

/// One run of the engine.
#[derive(Debug, Serialize)]
pub(super) struct RunReport {
    /// When it began, by the shop's clock: `09:00`.
    pub(super) began: Option<String>,
    pub(super) signals: u64,
    pub(super) decisions: u64,
    /// Hash over all decisions, hexadecimal.
    pub(super) hash: String,
    /// The first decision that came out otherwise than live.
    pub(super) otherwise: Option<Elsewise>,
    /// Whether the run ended in order.
    pub(super) ended_in_order: bool,
    /// People taken out since, because they took a consent back.
    pub(super) taken_out: u16,
    /// What cannot be read.
    pub(super) damage: Option<String>,
}

/// A decision that came out otherwise.
#[derive(Debug, Serialize)]
pub(super) struct Elsewise {
    pub(super) decision: u64,
    pub(super) at: Option<String>,
    pub(super) screen: Option<ScreenId>,
}

/// What other offers change.
#[derive(Debug, Serialize)]
pub(super) struct Different {
    pub(super) screens: Vec<ScreenChange>,
    pub(super) offers: Vec<OfferChange>,
    /// What vouchers took out of budgets.
    pub(super) vouchers: Vec<VoucherChange>,
    /// Person-seconds of attention a draw brought, and would have.
    pub(super) attention: Attention,
    /// Offers for segments of whom nobody knows how many enrolled there are.
    pub(super) uncounted: Vec<OfferId>,
}

/// One screen.
#[derive(Debug, Serialize)]
pub(super) struct ScreenChange {
    pub(super) screen: ScreenId,
    /// Time with an offer on it, s.
    pub(super) seconds: (f64, f64),
}

/// One offer, before and after.
#[derive(Debug, Serialize)]
pub(super) struct OfferChange {
    pub(super) offer: OfferId,
    pub(super) status: Status,
    pub(super) showings: (i64, i64),
    pub(super) seconds: (f64, f64),
    pub(super) person_seconds: (f64, f64),
    /// Shoppers who agreed to be measured.
    pub(super) people: (usize, usize),
    /// Decisions in which the guard stopped it.
    pub(super) guard_blocks: (u64, u64),
    /// Decisions in which everybody had seen it often enough.
    pub(super) cap_hits: (u64, u64),
    /// Decisions in which its budget was used up.
    pub(super) budget_ends: (u64, u64),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Status {
    New,
    Gone,
    Kept,
}

/// An estimate, or why there is none.
#[derive(Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Attention {
    Estimated(Estimate),
    CannotTell(CannotTell),
}

impl Report {
    pub(super) fn new(recorded: &Recorded) -> Self {
        Self {
            day: recorded.name.clone(),
            runs: Vec::new(),
            took_s: 0.0,
            difference: None,
        }
    }

    /// Whether everything came out as it did live, as far as it must.
    pub(super) fn is_as_live(&self) -> bool {
        let must_not = |run: &RunReport| {
            run.damage.is_some() || (run.otherwise.is_some() && run.taken_out == 0)
        };
        !self.runs.iter().any(must_not)
    }
}

impl RunReport {
    pub(super) fn new(first: &Moment, replay: &Replay, ended: Ended) -> Self {
        let plan = replay.plan();
        let elsewise = replay.otherwise().map(|otherwise| Elsewise {
            decision: otherwise.decision,
            at: clock(plan, otherwise.now, true),
            screen: otherwise.screen.map(|s| plan.screens[s.at()].id.clone()),
        });
        Self {
            began: clock(plan, first.now, false),
            signals: replay.signals(),
            decisions: replay.chain().decisions,
            hash: format!("{:016x}", replay.chain().value),
            otherwise: elsewise,
            ended_in_order: replay.has_ended(),
            taken_out: ended.taken_out,
            damage: ended.damage,
        }
    }
}

/// A moment by the shop's clock.
pub(super) fn clock(plan: &StorePlan, now: Now, with_seconds: bool) -> Option<String> {
    let wall = now.wall.known()?;
    let minute = plan.local_time.at(wall).minute;
    let (hours, minutes) = (minute / 60, minute % 60);
    let seconds = wall.seconds().rem_euclid(60);
    Some(if with_seconds {
        format!("{hours:02}:{minutes:02}:{seconds:02}")
    } else {
        format!("{hours:02}:{minutes:02}")
    })
}

/// Adds runs up.
#[derive(Debug, Default)]
pub(super) struct Difference {
    before: Sums,
    after: Sums,
    draws: Vec<Draw>,
    live: Live,
    runs: u32,
}

impl Difference {
    pub(super) fn add(&mut self, compared: Option<Compared>) {
        let Some(compared) = compared else {
            return;
        };
        self.live.add(&compared.books.0, &compared.books.1);
        self.before.add(compared.before);
        self.after.add(compared.after);
        // Hours of another run are other blocks.
        let run = self.runs << 20;
        let draws = compared.draws.into_iter();
        self.draws.extend(draws.map(|draw| Draw {
            block: draw.block ^ run,
            ..draw
        }));
        self.runs += 1;
    }

    pub(super) fn finish(self, plan: &StorePlan) -> Different {
        let (before, after) = (&self.before, &self.after);
        let screens = plan.screens.iter().map(|screen| {
            let seconds = |sums: &Sums| sums.painted_ms_on(&screen.id) as f64 / 1_000.0;
            ScreenChange {
                screen: screen.id.clone(),
                seconds: (seconds(before), seconds(after)),
            }
        });
        let known = before.offers.keys().chain(after.offers.keys());
        let names: BTreeSet<&OfferId> = known.collect();
        let mut offers: Vec<OfferChange> = names
            .into_iter()
            .map(|id| change(id, before.offers.get(id), after.offers.get(id)))
            .collect();
        let gain = |o: &OfferChange| o.person_seconds.1 - o.person_seconds.0;
        offers.sort_by(|a, b| gain(b).total_cmp(&gain(a)));
        let uncounted = plan
            .offers
            .iter()
            .filter(|offer| offer.is_personal() && !before.offers.contains_key(&offer.id));
        Different {
            screens: screens.collect(),
            uncounted: uncounted.map(|offer| offer.id.clone()).collect(),
            offers,
            vouchers: changes(plan, &before.burns, &after.burns, &self.live),
            attention: match estimate(&self.draws) {
                Ok(estimate) => Attention::Estimated(estimate),
                Err(why) => Attention::CannotTell(why),
            },
        }
    }
}

fn change(id: &OfferId, before: Option<&OfferSum>, after: Option<&OfferSum>) -> OfferChange {
    let status = match (before, after) {
        (None, _) => Status::New,
        (_, None) => Status::Gone,
        (Some(_), Some(_)) => Status::Kept,
    };
    let none = OfferSum::default();
    let (before, after) = (before.unwrap_or(&none), after.unwrap_or(&none));
    let seconds = |ms: u64| ms as f64 / 1_000.0;
    OfferChange {
        offer: id.clone(),
        status,
        showings: (before.showings, after.showings),
        seconds: (seconds(before.painted_ms()), seconds(after.painted_ms())),
        person_seconds: (seconds(before.seen_ms), seconds(after.seen_ms)),
        people: (before.reached(), after.reached()),
        guard_blocks: (before.guarded, after.guarded),
        cap_hits: (before.capped, after.capped),
        budget_ends: (before.spent, after.spent),
    }
}
