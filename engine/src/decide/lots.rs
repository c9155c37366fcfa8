//! What chance by key says of shoppers and screens, drawn once: who is held out
//! of which offer stays the same for good, whose turn it is for a quarter of an
//! hour. A decision then looks at bits where it would hash names.
//!
//! Only ever a copy of what the hashes say: a decision without it is the same,
//! and takes longer.

use super::{
    guard::{self, GuardSlot},
    offer_set::OfferSet,
};
use crate::{
    measure::held_out,
    plan::{ScreenIx, StorePlan},
    presence::Visit,
    shopper::ShopperId,
};
use std::collections::{BTreeMap, BTreeSet};

/// What was drawn.
#[derive(Debug, Clone, Default)]
pub(super) struct Lots {
    held_out: BTreeMap<ShopperId, OfferSet>,
    /// For every screen whose turn it is, and when that was drawn.
    turns: Option<(GuardSlot, Vec<OfferSet>)>,
}

impl Lots {
    /// Draws for everybody who is here, and for all screens once a slot; what
    /// was drawn for those who left is dropped.
    pub(super) fn draw(&mut self, plan: &StorePlan, slot: Option<GuardSlot>, visits: &[Visit]) {
        for visit in visits {
            let shopper = visit.shopper;
            let drawn = || {
                OfferSet::of(plan.offers.len(), |at| {
                    let offer = &plan.offers[at];
                    offer.is_tried() && held_out(offer, shopper)
                })
            };
            self.held_out.entry(shopper).or_insert_with(drawn);
        }
        if self.held_out.len() > visits.len() {
            let here: BTreeSet<ShopperId> = visits.iter().map(|visit| visit.shopper).collect();
            self.held_out.retain(|shopper, _| here.contains(shopper));
        }
        let Some(slot) = slot.filter(|slot| self.turns.as_ref().is_none_or(|(s, _)| s != slot))
        else {
            return;
        };
        let screens = (0..plan.screens.len() as u8).map(ScreenIx);
        let on = |screen| {
            OfferSet::of(plan.offers.len(), |at| {
                let offer = &plan.offers[at];
                offer.is_personal() && guard::has_turn(slot, screen, offer)
            })
        };
        self.turns = Some((slot, screens.map(on).collect()));
    }

    /// The offers out of which a shopper is held, if they were drawn.
    pub(super) fn held_out(&self, shopper: ShopperId) -> Option<&OfferSet> {
        self.held_out.get(&shopper)
    }

    /// The offers whose turn it is on a screen, if they were drawn.
    pub(super) fn turns(&self, slot: GuardSlot, screen: ScreenIx) -> Option<&OfferSet> {
        let (drawn, screens) = self.turns.as_ref()?;
        screens.get(screen.at()).filter(|_| *drawn == slot)
    }
}
