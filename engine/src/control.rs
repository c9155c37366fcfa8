//! What people stop by hand: one offer, a campaign, all offers, or everything at
//! once. It takes effect in the same step, is kept in the ledger, and holds until
//! somebody lifts it: over restarts, and over every change of the shop's files.

use crate::{
    Engine, Now,
    commits::Then,
    decide::Reason,
    effect::{Effect, Effects, LedgerEntry},
    event::{Outcome, RequestId},
    plan::{Offer, ScreenIx, StorePlan},
};
use protocol::id::{CampaignId, OfferId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Most pauses kept at once: twice as many as a plan has offers, so that there
/// is room for all of them and for some that have left the plan.
pub const PAUSES_MAX: usize = 4_096;

/// What is stopped by hand.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Pause {
    /// One offer.
    Offer(OfferId),
    /// Every offer of one campaign.
    Campaign(CampaignId),
    /// Every offer.
    All,
    /// Every offer, because something is wrong: the house loop, now.
    SafeNow,
}

/// Everything that is stopped by hand.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Pauses(BTreeSet<Pause>);

impl Pauses {
    /// Each, in a fixed order.
    pub fn iter(&self) -> impl Iterator<Item = &Pause> {
        self.0.iter()
    }

    /// Whether exactly this is stopped.
    pub fn holds(&self, pause: &Pause) -> bool {
        self.0.contains(pause)
    }

    /// What keeps an offer from every screen.
    pub fn reason(&self, plan: &StorePlan, offer: &Offer) -> Option<Reason> {
        if self.0.is_empty() {
            return None;
        }
        if self.holds(&Pause::SafeNow) {
            return Some(Reason::SafeNow);
        }
        let campaign = offer.limits.campaign.map(|c| &plan.campaigns[c.at()].id);
        let is_paused = self.holds(&Pause::All)
            || self.holds(&Pause::Offer(offer.id.clone()))
            || campaign.is_some_and(|c| self.holds(&Pause::Campaign(c.clone())));
        is_paused.then_some(Reason::Paused)
    }

    /// Whether there is room for one more.
    fn takes(&self, pause: &Pause) -> bool {
        self.0.len() < PAUSES_MAX || self.holds(pause)
    }

    /// Counts an entry of the ledger.
    pub(crate) fn apply(&mut self, entry: &LedgerEntry) {
        match entry {
            LedgerEntry::Paused(pause) => drop(self.0.insert(pause.clone())),
            LedgerEntry::Resumed(pause) => drop(self.0.remove(pause)),
            _ => {}
        }
    }
}

/// Whether there is something to stop.
fn is_known(plan: &StorePlan, pause: &Pause) -> bool {
    match pause {
        Pause::Offer(offer) => plan.offer(offer).is_some(),
        Pause::Campaign(campaign) => plan.campaigns.iter().any(|c| c.id == *campaign),
        Pause::All | Pause::SafeNow => true,
    }
}

impl Engine {
    /// What is stopped by hand now.
    pub fn pauses(&self) -> &Pauses {
        self.tallies.pauses()
    }

    pub(crate) fn pause(
        &mut self,
        now: Now,
        request: RequestId,
        pause: Pause,
        effects: &mut Effects,
    ) {
        let refused = if !is_known(&self.plan, &pause) {
            Some(Outcome::Unknown)
        } else if !self.pauses().takes(&pause) {
            Some(Outcome::Full)
        } else {
            None
        };
        if let Some(outcome) = refused {
            effects.push(Effect::Answer { request, outcome });
            return;
        }
        if self.pauses().holds(&pause) {
            return self.answer_after_all(request, effects);
        }
        let entry = LedgerEntry::Paused(pause);
        self.out(effects).commit(entry, Then::Answer(request));
        for screen in 0..self.plan.screens.len() as u8 {
            self.keep_right(now, ScreenIx(screen), effects);
        }
    }

    /// What left the plan can be resumed, too.
    pub(crate) fn resume(&mut self, request: RequestId, pause: Pause, effects: &mut Effects) {
        if self.pauses().holds(&pause) {
            let entry = LedgerEntry::Resumed(pause);
            self.out(effects).commit(entry, Then::Answer(request));
        } else if is_known(&self.plan, &pause) {
            self.answer_after_all(request, effects);
        } else {
            let outcome = Outcome::Unknown;
            effects.push(Effect::Answer { request, outcome });
        }
    }

    /// Nothing changes; yet what was asked before may still be on its way to
    /// the disk.
    fn answer_after_all(&mut self, request: RequestId, effects: &mut Effects) {
        if self.commits.after_all(Then::Answer(request)).is_some() {
            let outcome = Outcome::Done;
            effects.push(Effect::Answer { request, outcome });
        }
    }
}
