//! What showing an offer is worth to those before the screen.

use super::{Audience, Scene, audience::IN_VIEW_MIN};
use crate::plan::{Bits, Offer, OfferIx, Sensitivity};

/// What a picture is worth when only sensors say that somebody is there.
const ANONYMOUS_WORTH: f32 = 0.5;
/// What a picture is worth to an empty aisle.
const EMPTY_AISLE_WORTH: f32 = 0.1;

/// How many are expected to see it, those who like the department counting
/// more, and the share of that which is left after what they saw today.
pub(super) fn of_audience(audience: &mut Audience<'_>, offer: OfferIx) -> (f32, f32) {
    let (mut reach, mut fresh) = (0.0, 0.0);
    for (seat, liking) in audience.left_with_liking(offer) {
        let (_, today) = seat.shown(offer);
        let sees = seat.sees * liking;
        reach += sees;
        fresh += sees / (1.0 + f32::from(today));
    }
    (reach, if reach > 0.0 { fresh / reach } else { 1.0 })
}

/// What showing it to people nobody knows is worth; nothing when the offer
/// needs to know them.
pub(super) fn of_strangers(
    scene: &Scene<'_>,
    audience: &mut Audience<'_>,
    offer: &Offer,
) -> Option<f32> {
    // How long and how surely somebody is somewhere is not known of strangers.
    let asks_about_people = offer.is_personal()
        || offer.sensitivity != Sensitivity::Public
        || offer.dwell_ms_min > 0
        || offer.zone_confidence > 0.0;
    if asks_about_people {
        return None;
    }
    let seen_from = scene.seen_from();
    let zones = if offer.zones.is_empty() {
        seen_from
    } else {
        offer.zones
    };
    // Shoppers who did not agree to be shown offers, were capped or held out
    // are no anonymous crowd: only people nobody follows count here.
    let crowd = audience.crowd(scene, Bits(zones.0 & seen_from.0));
    if crowd.strangers >= 0.5 {
        return Some(ANONYMOUS_WORTH * crowd.strangers.min(1.0));
    }
    let nobody_followed = crowd.followed < IN_VIEW_MIN;
    (offer.zones.is_empty() && nobody_followed).then_some(EMPTY_AISLE_WORTH)
}
