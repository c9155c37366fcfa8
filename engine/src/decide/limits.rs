//! Limits besides an offer's own cap and budget: its vouchers, its campaign,
//! hours of a screen, and groups of offers that stand for each other.

use super::{Reason, Scene, audience::Seat};
use crate::{
    money::{self, Wanted},
    plan::{Campaign, Offer, OfferIx, StorePlan},
};

/// The limits of the whole shop.
pub(super) fn of_shop(scene: &Scene<'_>, offer: &Offer, day: i32) -> Result<(), Reason> {
    let money = scene.tallies.money();
    let wanted = Wanted {
        offer: &offer.id,
        voucher: offer.voucher.as_ref(),
        campaign: campaign(scene.plan, offer),
        day,
    };
    if !money.has_room(&wanted) {
        return Err(Reason::VoucherBudget);
    }
    if !money.has_room_in_campaign(&wanted) {
        return Err(Reason::CampaignBudget);
    }
    Ok(())
}

/// The limits of one screen.
pub(super) fn of_screen(scene: &Scene<'_>, offer: &Offer) -> Result<(), Reason> {
    let Some(most) = offer.limits.per_screen_hour else {
        return Ok(());
    };
    let at = scene.now.wall.known().ok_or(Reason::NoDate)?;
    let screen = &scene.plan.screens[scene.screen.at()].id;
    let money = scene.tallies.money();
    if money.shown_in_hour(&offer.id, screen, money::hour(at)) >= most {
        return Err(Reason::ScreenHour);
    }
    Ok(())
}

/// Whether a shopper may be shown one more of the campaign.
pub(super) fn below_campaign_cap(plan: &StorePlan, offer: &Offer, seat: &Seat<'_>) -> bool {
    let Some(cap) = campaign(plan, offer).and_then(|campaign| campaign.cap) else {
        return true;
    };
    let of_campaign = |shown: &[(OfferIx, u16)]| {
        let same = shown
            .iter()
            .filter(|(other, _)| plan.offers[other.at()].limits.campaign == offer.limits.campaign);
        same.fold(0, |sum: u16, (_, count)| sum.saturating_add(*count))
    };
    let today = seat.today.map_or(&[][..], |today| today.each());
    of_campaign(&seat.viewer.visit.shown) < cap.per_visit && of_campaign(today) < cap.per_day
}

/// Whether a shopper has been shown no other offer of the group in this visit.
pub(super) fn is_first_of_group(
    plan: &StorePlan,
    index: OfferIx,
    offer: &Offer,
    seat: &Seat<'_>,
) -> bool {
    let Some(group) = &offer.limits.group else {
        return true;
    };
    let mut shown = seat.viewer.visit.shown.iter();
    shown.all(|(other, count)| {
        let of = &plan.offers[other.at()].limits.group;
        *other == index || *count == 0 || of.as_ref() != Some(group)
    })
}

fn campaign<'p>(plan: &'p StorePlan, offer: &Offer) -> Option<&'p Campaign> {
    offer.limits.campaign.map(|c| &plan.campaigns[c.at()])
}
