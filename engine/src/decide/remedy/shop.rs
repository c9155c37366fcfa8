//! What the shop around would have to be like.

use super::{Remedy, one_of, people::range};
use crate::{
    decide::{Reason, Scene, standing::check},
    plan::{Bits, Bound, Condition, Offer, OfferIx, Ramp, ZoneIx},
    trial::RampState,
};

pub(super) fn remedy(scene: &Scene<'_>, index: OfferIx, reason: Reason) -> Remedy {
    let offer = &scene.plan.offers[index.at()];
    Remedy::words(match reason {
        Reason::OtherScreen => {
            let screens = offer.screens.iter();
            let names = screens.map(|s| scene.plan.screens[usize::from(s)].id.as_str());
            format!(
                "this screen among its `screens`, which are {}",
                one_of(names)
            )
        }
        Reason::VoucherBudget => {
            "vouchers that expire unredeemed, or more `redemptions`".to_owned()
        }
        Reason::CampaignBudget => "a higher budget of its campaign".to_owned(),
        Reason::GuardSensitivity => {
            "another class; as it is, only the QR page and the staff card show it".to_owned()
        }
        Reason::GuardCrowd => crowd(scene, index),
        Reason::GuardSettle => {
            let settings = scene.guarding.settings(&scene.plan.guard);
            let settle_ms = settings.map_or(0, |settings| settings.settle_ms);
            let seconds = f64::from(settle_ms) * 1.5 / 1_000.0;
            format!("at most {seconds} s in which nobody comes or goes alone")
        }
        Reason::Ramp => ramp(scene, index, offer),
        _ => unmet(scene, offer, reason),
    })
}

/// The condition that is not met, and how far from it the shop is.
fn unmet(scene: &Scene<'_>, offer: &Offer, reason: Reason) -> String {
    let mut conditions = offer.conditions.iter();
    let unmet = conditions.find(|condition| check(scene, condition) == Err(reason));
    let (sensor, wanted) = match unmet {
        Some(Condition::Sensor { sensor, bound }) => (*sensor, range(bound)),
        Some(Condition::Stock { sensor, pieces_min }) => {
            (*sensor, format!("at least {pieces_min}"))
        }
        Some(Condition::Price { sensor, is_minor }) => (*sensor, is_minor.to_string()),
        Some(Condition::Crowd { zone, bound }) => return people(scene, *zone, bound),
        None => return "its conditions hold again".to_owned(),
    };
    let name = &scene.plan.sensors[sensor.at()].id;
    let now = scene.now.mono;
    match scene.context.value_milli(now, scene.plan, sensor) {
        Some(milli) => format!("{name} must say {wanted}, now {}", milli as f64 / 1_000.0),
        None => format!("{name} must be heard again; it must say {wanted}"),
    }
}

fn people(scene: &Scene<'_>, zone: Option<ZoneIx>, bound: &Bound) -> String {
    let zones = zone.map_or(scene.seen_from(), |ZoneIx(z)| Bits::NONE.with(z));
    let now = (scene.now.mono, scene.visits);
    let people = scene.context.crowd(now.0, scene.plan, zones, now.1);
    let place = zone.map_or("view", |zone| scene.plan.zones[zone.at()].id.as_str());
    let milli = (people * 1_000.0) as i64;
    let (missing, more) = match (bound.min_milli, bound.max_milli) {
        (Some(min), _) if milli < min => (min - milli, "more"),
        (_, Some(max)) => (milli - max, "fewer"),
        _ => (0, "more"),
    };
    format!(
        "{} {more} people in {place}: {}, now {people:.1}",
        (missing.max(0) as u64).div_ceil(1_000),
        range(bound)
    )
}

fn crowd(scene: &Scene<'_>, index: OfferIx) -> String {
    let Some(settings) = scene.guarding.settings(&scene.plan.guard) else {
        return "more people".to_owned();
    };
    let (now, seen_from) = (scene.now.mono, scene.seen_from());
    let located = scene
        .context
        .located(now, scene.plan, seen_from, scene.visits);
    let people = f32::from(settings.people_in_view_min) - located;
    let enrolled = scene.census.get(index.at()).copied().unwrap_or(0);
    let mut parts = Vec::new();
    if people > 0.0 {
        parts.push(format!("{:.0} more people surely in view", people.ceil()));
    }
    if enrolled < settings.enrolled_min {
        parts.push(format!(
            "{} more enrolled shoppers who qualify: {enrolled} do",
            settings.enrolled_min - enrolled
        ));
    }
    parts.join(", and ")
}

fn ramp(scene: &Scene<'_>, index: OfferIx, offer: &Offer) -> String {
    let state = scene.tallies.trial(index).map(|trial| &trial.ramp);
    let Some(ramp) = &offer.trial.ramp else {
        return "its next step".to_owned();
    };
    let (permille, missing) = state.map_or_else(
        || (0, String::new()),
        |state| (state.permille, to_go(ramp, state)),
    );
    let share = f32::from(permille) / 10.0;
    match ramp.after(permille) {
        Some(next) => format!(
            "somebody among the {share} % it is let loose on, or its next step to {} %{missing}",
            f32::from(next) / 10.0
        ),
        None => format!("somebody among the {share} % it is let loose on"),
    }
}

fn to_go(ramp: &Ramp, state: &RampState) -> String {
    let showings = ramp.showings_min.saturating_sub(state.showings);
    let minutes = ramp.every_ms.saturating_sub(state.ran_ms).div_ceil(60_000);
    format!(", after {showings} more showings and {minutes} more minutes")
}
