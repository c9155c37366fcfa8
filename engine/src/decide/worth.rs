//! What showing an offer is worth to those before the screen.

use super::{Audience, Scene, audience::IN_VIEW_MIN, card::Card};

/// What a picture is worth when only sensors say that somebody is there.
const ANONYMOUS_WORTH: f32 = 0.5;
/// What a picture is worth to an empty aisle.
const EMPTY_AISLE_WORTH: f32 = 0.1;

/// What showing it to people nobody knows is worth; nothing when the offer
/// needs to know them.
pub(super) fn of_strangers(
    scene: &Scene<'_>,
    audience: &mut Audience<'_>,
    card: &Card,
) -> Option<f32> {
    if !card.is_for_strangers {
        return None;
    }
    // Shoppers who did not agree to be shown offers, were capped or held out
    // are no anonymous crowd: only people nobody follows count here.
    let crowd = audience.crowd(scene, card);
    if crowd.strangers >= 0.5 {
        return Some(ANONYMOUS_WORTH * crowd.strangers.min(1.0));
    }
    let nobody_followed = crowd.followed < IN_VIEW_MIN;
    (card.zones.is_empty() && nobody_followed).then_some(EMPTY_AISLE_WORTH)
}
