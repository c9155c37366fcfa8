//! What the people before a screen would have to be like.

use super::{Remedy, one_of};
use crate::{
    decide::{Reason, Scene, Viewer, audience::IN_VIEW_MIN},
    plan::{Bits, Bound, Offer, OfferIx, SegmentRule, StorePlan},
};

pub(super) fn remedy(scene: &Scene<'_>, index: OfferIx, reason: Reason) -> Remedy {
    let offer = &scene.plan.offers[index.at()];
    let asked = &offer.audience;
    Remedy::words(match reason {
        Reason::NobodyInZone => format!("somebody who opted in, in {}", zones(scene, offer)),
        Reason::ZoneUnsure => unsure(scene, offer),
        Reason::NoConsent => "somebody in view who agreed to offers by profile".to_owned(),
        Reason::NoSegment => format!(
            "somebody in view who is of age and in {}",
            segments(scene.plan, &offer.segments)
        ),
        Reason::Visits => {
            let visits = asked.visits.map(|bound| range(&bound));
            format!(
                "somebody in view with {} visits",
                visits.unwrap_or_default()
            )
        }
        Reason::DaysAway => {
            let days = asked.days_away.map(|bound| range(&bound));
            format!(
                "somebody in view who was away for {} days",
                days.unwrap_or_default()
            )
        }
        Reason::Language => {
            let tags = one_of(asked.languages.iter().map(String::as_str));
            format!("somebody in view who speaks {tags}")
        }
        Reason::Affinity => {
            let liked = asked.affinities.iter();
            let liked: Vec<String> = liked
                .map(|a| format!("{} at {} % or more", a.department, a.percent_min))
                .collect();
            format!("somebody in view who likes {}", liked.join(" and "))
        }
        Reason::Dwell => dwell(scene, offer),
        Reason::Cap => cap(scene, offer),
        Reason::CampaignCap => {
            "another shopper, or a later visit: its campaign's cap is used up by these".to_owned()
        }
        Reason::Group => {
            "another shopper, or a later visit: one offer of its group a visit".to_owned()
        }
        _ => {
            let shown = 100.0 - f32::from(offer.holdout_permille) / 10.0;
            format!("somebody who is not held out: {shown} % of shoppers are not")
        }
    })
}

fn in_view<'s>(scene: &'s Scene<'_>) -> impl Iterator<Item = &'s Viewer<'s>> {
    let seen_from = scene.seen_from();
    let viewers = scene.viewers.iter();
    viewers.filter(move |viewer| viewer.visit.within(seen_from) >= IN_VIEW_MIN)
}

fn wanted(scene: &Scene<'_>, offer: &Offer) -> Bits {
    if offer.zones.is_empty() {
        scene.seen_from()
    } else {
        offer.zones
    }
}

fn zones(scene: &Scene<'_>, offer: &Offer) -> String {
    let zones = wanted(scene, offer);
    let seen = Bits(zones.0 & scene.seen_from().0);
    if seen.is_empty() {
        return "a zone from which this screen is seen: it wants people elsewhere".to_owned();
    }
    let names = seen.iter();
    one_of(names.map(|zone| scene.plan.zones[usize::from(zone)].id.as_str()))
}

fn unsure(scene: &Scene<'_>, offer: &Offer) -> String {
    let zones = wanted(scene, offer);
    let surest = in_view(scene).map(|viewer| viewer.visit.within(zones));
    let surest = surest.fold(0.0, f32::max);
    format!(
        "somebody in {} by {:.0} %, the surest is {:.0} %",
        self::zones(scene, offer),
        offer.zone_confidence * 100.0,
        surest * 100.0
    )
}

fn dwell(scene: &Scene<'_>, offer: &Offer) -> String {
    let zones = wanted(scene, offer);
    let there = in_view(scene).filter(|v| v.visit.zone().is_some_and(|zone| zones.has(zone.0)));
    let longest = there.map(|viewer| viewer.visit.dwell_ms(scene.now.mono));
    let longest = longest.max().unwrap_or_default();
    let missing = offer.dwell_ms_min.saturating_sub(longest).div_ceil(1_000);
    format!(
        "{missing} s more of standing there: it asks for {} s",
        offer.dwell_ms_min / 1_000
    )
}

fn cap(scene: &Scene<'_>, offer: &Offer) -> String {
    let day = scene.day();
    let is_used_up = |viewer: &Viewer<'_>| {
        let today = day.and_then(|day| scene.tallies.today_of(viewer.permit.shopper(), day));
        let most = viewer.permit.showings_per_day();
        most.is_some_and(|most| today.is_some_and(|today| today.all() >= most))
    };
    if in_view(scene).all(is_used_up) {
        return "another shopper, or tomorrow: these have seen as much today as they agreed to"
            .to_owned();
    }
    format!(
        "another shopper, a later visit or day: its cap is {} a visit and {} a day",
        offer.cap.per_visit, offer.cap.per_day
    )
}

fn segments(plan: &StorePlan, rule: &SegmentRule) -> String {
    let names = |set: Bits| {
        let names = set.iter().map(|s| plan.segments[usize::from(s)].as_str());
        names.collect::<Vec<_>>()
    };
    let mut parts = Vec::new();
    if !rule.any.is_empty() {
        parts.push(one_of(names(rule.any).into_iter()));
    }
    if !rule.all.is_empty() {
        parts.push(names(rule.all).join(" and "));
    }
    if !rule.none.is_empty() {
        parts.push(format!("not in {}", names(rule.none).join(", ")));
    }
    if parts.is_empty() {
        parts.push("any segment".to_owned());
    }
    parts.join(", ")
}

/// A range in whole numbers.
pub(super) fn range(bound: &Bound) -> String {
    let whole = |milli: i64| milli as f64 / 1_000.0;
    match (bound.min_milli.map(whole), bound.max_milli.map(whole)) {
        (Some(min), Some(max)) => format!("{min} to {max}"),
        (Some(min), None) => format!("at least {min}"),
        (None, Some(max)) => format!("at most {max}"),
        (None, None) => "any number of".to_owned(),
    }
}
