//! What offers and their vouchers used up and brought.

use super::Page;
use engine::view::{CampaignStatus, OfferStatus, Status};
use std::fmt;

pub(super) fn offers(page: &mut Page<'_>, status: &Status) -> fmt::Result {
    let offers = status.offers.iter();
    page.counters(
        "offer_painted",
        "Showings painted",
        "offer",
        offers
            .clone()
            .map(|o| (o.id.as_str(), u64::from(o.painted))),
    )?;
    page.gauges(
        "offer_showings_left",
        "Showings left in the budget",
        offers.clone().map(|o| (["offer"], [o.id.as_str()], o.left)),
    )?;
    let ramps = offers.clone().filter_map(|o| Some((o, o.ramp.as_ref()?)));
    page.gauges(
        "offer_let_loose_ratio",
        "Share of shoppers on whom an offer with a ramp is let loose",
        ramps.map(|(o, ramp)| {
            let ratio = f64::from(ramp.permille) / 1_000.0;
            (["offer"], [o.id.as_str()], ratio)
        }),
    )?;
    page.gauges(
        "offer_seen_seconds",
        "Person-seconds of measured shoppers",
        offers.map(|o| (["offer"], [o.id.as_str()], o.seen_s)),
    )?;
    vouchers(page, &status.offers)?;
    campaigns(page, &status.campaigns)
}

/// Amounts are in the currency's smallest unit.
fn vouchers(page: &mut Page<'_>, offers: &[OfferStatus]) -> fmt::Result {
    let with = || {
        offers
            .iter()
            .filter_map(|o| Some((o.id.as_str(), o.vouchers?)))
    };
    let counts = with().flat_map(|(id, v)| {
        [
            ("reserved", v.reserved),
            ("committed", v.committed),
            ("released", v.released),
            ("left", v.left),
            ("late", v.late),
            ("again", v.again),
        ]
        .map(|(state, value)| (["offer", "state"], [id, state], value))
    });
    page.gauges("offer_vouchers", "Codes of vouchers", counts)?;
    let money = with().flat_map(|(id, v)| {
        [
            ("reserved", v.reserved_minor),
            ("committed", v.committed_minor),
            ("left", v.left_minor),
        ]
        .map(|(state, value)| (["offer", "state"], [id, state], value))
    });
    page.gauges(
        "offer_voucher_money",
        "What they are worth, in the smallest unit of the currency",
        money,
    )
}

/// Amounts are in the currency's smallest unit.
fn campaigns(page: &mut Page<'_>, campaigns: &[CampaignStatus]) -> fmt::Result {
    let showings = campaigns
        .iter()
        .map(|c| (["campaign"], [c.id.as_str()], c.showings));
    page.gauges("campaign_showings", "Showings of a campaign", showings)?;
    let money = campaigns.iter().flat_map(|c| {
        let states = [
            ("reserved", Some(c.reserved_minor)),
            ("committed", Some(c.committed_minor)),
            ("left", c.left_minor),
        ];
        let known = states.into_iter().filter_map(|(s, v)| Some((s, v?)));
        known.map(|(state, value)| (["campaign", "state"], [c.id.as_str(), state], value))
    });
    page.gauges(
        "campaign_money",
        "What the vouchers of a campaign cost, in the smallest unit of the currency",
        money,
    )
}
