//! What an engine can do that only follows: take other offers over, be charged
//! for what another showed, and say what it would draw.

use crate::{
    Effects, Engine, Now,
    decide::{self, RuleBook, Scene, Settle, Standing},
    effect::LedgerEntry,
    plan::{OfferIx, ScreenIx, StorePlan},
};
use protocol::id::OfferId;
use std::sync::Arc;

impl Engine {
    /// For each offer how many enrolled shoppers qualify, by name.
    pub(super) fn census_by_name(&self) -> Vec<(OfferId, u32)> {
        let names = self.plan.offers.iter().map(|offer| offer.id.clone());
        names.zip(self.census.iter().copied()).collect()
    }

    /// Takes other offers over for the same floor; nothing is shown of them.
    pub(super) fn reoffer(&mut self, plan: Arc<StorePlan>) {
        let census = self.census_by_name();
        let before = std::mem::replace(&mut self.plan, plan);
        let plan = self.plan.clone();
        let renamed = |offer: OfferIx| plan.offer(&before.offers[offer.at()].id);
        self.presence.rename_offers(renamed);
        self.tallies.replan(&plan);
        self.census = vec![0; plan.offers.len()];
        self.take_census(&census);
        self.book = RuleBook::new(&plan);
        self.settle = vec![Settle::default(); plan.screens.len()];
        self.traits.clear();
    }

    /// The second's work but for the screens.
    pub(super) fn follow_only(&mut self, now: Now, effects: &mut Effects) {
        if now.mono < self.presence.next_wake() {
            return;
        }
        self.tallies.tick(now.mono);
        self.follow(now, effects);
        for screen in (0..self.plan.screens.len() as u8).map(ScreenIx) {
            self.note_in_view(now, screen);
        }
    }

    /// Charges what another engine charged.
    pub(super) fn mirror(&mut self, entry: &LedgerEntry) {
        self.tallies.apply(entry);
        let LedgerEntry::Reserved(reservation) = entry else {
            return;
        };
        let Some(offer) = self.plan.offer(&reservation.offer) else {
            return;
        };
        for shopper in &reservation.shoppers {
            if let Some(visit) = self.presence.visit_mut(*shopper) {
                visit.charge(offer);
            }
        }
    }

    /// What would be drawn for a screen now, each with its probability.
    pub(super) fn chances(
        &self,
        now: Now,
        screen: ScreenIx,
        explores: bool,
    ) -> Vec<(OfferId, f32)> {
        let choice = self.with_scene(now, screen, |scene, _| {
            let scene = Scene {
                explore_permille: 0,
                ..*scene
            };
            decide::decide(&scene, &Standing::new(&scene))
        });
        let explore_permille = if explores {
            self.plan.explore_permille
        } else {
            0
        };
        let chances = choice.decision.chances(explore_permille).into_iter();
        chances
            .map(|(offer, chance)| (self.plan.offers[offer.at()].id.clone(), chance))
            .collect()
    }
}
