//! The offers of a plan by what is to be asked of them, so that a rule is asked
//! only of those which it can stop.

use super::{card::Card, offer_set::OfferSet};
use crate::plan::StorePlan;

/// The offers of a plan by what is to be asked of them.
#[derive(Debug, Clone, Default)]
pub(super) struct Kinds {
    /// By screen: those which are meant for others.
    pub(super) elsewhere: Vec<OfferSet>,
    /// Asks who is before the screen, or how often it was on it.
    pub(super) asks_screen: OfferSet,
    /// Aimed at people with certain properties.
    pub(super) personal: OfferSet,
    /// May not be shown to anybody even once.
    pub(super) never: OfferSet,
    /// Shares limits with other offers.
    pub(super) in_company: OfferSet,
    /// Assigns shoppers.
    pub(super) tried: OfferSet,
    /// Assigns them step by step.
    pub(super) ramped: OfferSet,
    /// May be shown to people nobody knows.
    pub(super) for_strangers: OfferSet,
}

impl Kinds {
    pub(super) fn new(plan: &StorePlan, cards: &[Card]) -> Self {
        let of = |holds: fn(&Card) -> bool| OfferSet::of(cards.len(), |at| holds(&cards[at]));
        let screens = 0..plan.screens.len() as u8;
        let elsewhere = |screen| {
            OfferSet::of(cards.len(), |at| {
                let screens = plan.offers[at].screens;
                !screens.is_empty() && !screens.has(screen)
            })
        };
        Self {
            elsewhere: screens.map(elsewhere).collect(),
            asks_screen: of(|card| card.asks_screen),
            personal: of(|card| card.is_personal),
            never: of(|card| card.cap.per_visit == 0 || card.cap.per_day == 0),
            in_company: of(|card| card.is_in_company),
            tried: of(|card| card.is_tried),
            ramped: of(|card| card.is_tried && card.is_ramped),
            for_strangers: of(|card| card.is_for_strangers),
        }
    }
}
