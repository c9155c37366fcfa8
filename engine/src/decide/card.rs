//! What is asked of every offer at every decision, in few bytes side by side:
//! an offer with its names, pictures and conditions is spread over the heap.

use super::standing::is_about_the_screen;
use crate::plan::{Bits, Cap, Offer, Sensitivity};

/// What is asked of an offer first.
#[derive(Debug, Clone, Copy)]
pub(super) struct Card {
    /// Where it wants people; empty for anywhere in view.
    pub(super) zones: Bits,
    /// Which of the distinct sets of zones of all offers that is.
    pub(super) place: u16,
    /// Which of the offers' departments it belongs to; one more than there are
    /// for none.
    pub(super) department: u16,
    /// How often for one shopper.
    pub(super) cap: Cap,
    /// Whether it asks who is before the screen, or how often it was on it.
    pub(super) asks_screen: bool,
    /// Whether it shares limits with other offers.
    pub(super) is_in_company: bool,
    /// Whether it is aimed at people with certain properties.
    pub(super) is_personal: bool,
    /// Whether shoppers are assigned.
    pub(super) is_tried: bool,
    /// Whether blocks of time are.
    pub(super) is_switched: bool,
    /// Whether it is let loose step by step.
    pub(super) is_ramped: bool,
    /// Whether it may be shown to people nobody knows.
    pub(super) is_for_strangers: bool,
}

impl Card {
    /// Of an offer in this place and department.
    pub(super) fn new(offer: &Offer, place: u16, department: u16) -> Self {
        let is_personal = offer.is_personal();
        Self {
            zones: offer.zones,
            place,
            department,
            cap: offer.cap,
            asks_screen: offer.limits.per_screen_hour.is_some()
                || offer.conditions.iter().any(is_about_the_screen),
            is_in_company: offer.limits.campaign.is_some() || offer.limits.group.is_some(),
            is_personal,
            is_tried: offer.is_tried(),
            is_switched: offer.trial.switchback_ms.is_some(),
            is_ramped: offer.trial.ramp.is_some(),
            // How long and how surely somebody is somewhere is not known of
            // strangers.
            is_for_strangers: !is_personal
                && offer.sensitivity == Sensitivity::Public
                && offer.dwell_ms_min == 0
                && offer.zone_confidence <= 0.0,
        }
    }
}
