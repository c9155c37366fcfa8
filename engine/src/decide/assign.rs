//! To whom of those who qualify an offer may be shown once more: caps, campaigns,
//! groups, and what chance by key assigned them to.

use super::{Audience, Reason, Scene, Verdict, limits, rules::ramp};
use crate::{measure::held_out, trial};

/// Leaves to every offer those to whom it may be shown; the first rule that leaves
/// nobody is noted as the reason.
pub(super) fn assign(scene: &Scene<'_>, audience: &mut Audience<'_>, waterfall: &mut [Verdict]) {
    caps(scene, audience, waterfall);
    let (plan, kinds) = (scene.plan, scene.book.kinds());
    if audience.meets(&kinds.in_company) {
        audience.narrow(Reason::CampaignCap, waterfall, |seat, left| {
            left.sift(&kinds.in_company, |index| {
                limits::below_campaign_cap(plan, &plan.offers[index.at()], seat)
            });
        });
        audience.narrow(Reason::Group, waterfall, |seat, left| {
            left.sift(&kinds.in_company, |index| {
                limits::is_first_of_group(plan, index, &plan.offers[index.at()], seat)
            });
        });
    }
    audience.narrow(Reason::Holdout, waterfall, |seat, left| {
        match scene.book.lots().held_out(seat.shopper()) {
            Some(held_out) => left.drop_all(held_out),
            None => left.sift(&kinds.tried, |index| {
                !held_out(&plan.offers[index.at()], seat.shopper())
            }),
        }
    });
    if audience.meets(&kinds.ramped) {
        for reason in [Reason::Reverted, Reason::Ramp] {
            audience.narrow(reason, waterfall, |seat, left| {
                left.sift(&kinds.ramped, |index| {
                    let offer = &plan.offers[index.at()];
                    trial::admits(offer, ramp(scene, index), seat.shopper()) != Err(reason)
                });
            });
        }
    }
}

fn caps(scene: &Scene<'_>, audience: &mut Audience<'_>, waterfall: &mut [Verdict]) {
    let book = scene.book;
    audience.narrow(Reason::Cap, waterfall, |seat, left| {
        if !seat.is_willing() {
            left.clear();
            return;
        }
        left.drop_all(&book.kinds().never);
        for index in seat.shown_any() {
            let (visit, today) = seat.shown(index);
            let spent = scene
                .plan
                .offers
                .get(index.at())
                .is_none_or(|offer| visit >= offer.cap.per_visit || today >= offer.cap.per_day);
            if spent {
                left.remove(index);
            }
        }
    });
}
