//! Offers that another must beat wherever they could be shown, by what both ask
//! for: whoever could be shown the one could be shown the other, and the other
//! is worth more. No test needs to describe the situation.

use super::Finding;
use engine::plan::{Bits, Offer, Pacing, Schedule, Sensitivity, StorePlan};

/// Somebody who likes a department counts up to twice; so an offer of another
/// department is surely worth more only from twice the priority on.
const LIKING_MAX: u16 = 2;

/// Looks at every offer for one that leaves it nothing.
pub(super) fn find(plan: &StorePlan) -> Vec<Finding> {
    let offers = plan.offers.iter();
    let beaten = offers.filter_map(|offer| {
        let mut others = plan.offers.iter();
        let winner = others.find(|other| other.id != offer.id && dominates(other, offer))?;
        Some((offer, winner))
    });
    let told = |(offer, winner): (&Offer, &Offer)| Finding {
        kind: "shadowed",
        offer: offer.id.to_string(),
        other: Some(winner.id.to_string()),
        what: format!(
            "\u{201c}{}\u{201d} ({}) can be shown wherever and whenever it can, to everybody it is for, \
             and is worth more ({} against {}): it is seen only by those who have had the other \
             as often as they may, and when the other is used up. Raise its priority, or narrow \
             the other",
            winner.title, winner.id, winner.priority, offer.priority
        ),
    };
    beaten.map(told).collect()
}

/// Whether one leaves the other nothing, as long as it is not used up.
fn dominates(one: &Offer, other: &Offer) -> bool {
    is_plain(one)
        && other.pacing == Pacing::Free
        && is_worth_more(one, other)
        && admits_all(one, other)
}

/// For everybody, as often as it comes, with nobody kept from it by chance.
fn is_plain(offer: &Offer) -> bool {
    !offer.is_personal()
        && offer.sensitivity == Sensitivity::Public
        && offer.pacing == Pacing::Free
        && offer.holdout_permille == 0
        && offer.trial.switchback_ms.is_none()
        && offer.trial.ramp.is_none()
        && offer.voucher.is_none()
        && offer.limits.per_screen_hour.is_none()
        && offer.limits.group.is_none()
        && offer.limits.campaign.is_none()
}

fn is_worth_more(one: &Offer, other: &Offer) -> bool {
    let (one_is, other_is) = (u16::from(one.priority), u16::from(other.priority));
    if one.department == other.department {
        one_is > other_is
    } else {
        one_is > other_is * LIKING_MAX
    }
}

/// Whether the one asks for nothing that the other does not ask for.
fn admits_all(one: &Offer, other: &Offer) -> bool {
    let holds =
        |set: Bits, part: Bits| set.is_empty() || (!part.is_empty() && part.0 & !set.0 == 0);
    holds(one.screens, other.screens)
        && holds(one.zones, other.zones)
        && one.dwell_ms_min <= other.dwell_ms_min
        && one.zone_confidence <= other.zone_confidence
        && runs_whenever(&one.schedule, &other.schedule)
        && one.conditions.iter().all(|c| other.conditions.contains(c))
}

fn runs_whenever(one: &Schedule, other: &Schedule) -> bool {
    let begins_first = match (one.from, other.from) {
        (None, _) => true,
        (Some(_), None) => false,
        (Some(one), Some(other)) => one <= other,
    };
    let ends_last = match (one.until, other.until) {
        (None, _) => true,
        (Some(_), None) => false,
        (Some(one), Some(other)) => one >= other,
    };
    begins_first
        && ends_last
        && other.weekdays & !one.weekdays == 0
        && (one.hours.is_empty() || (one.hours == other.hours && one.weekdays == other.weekdays))
}
