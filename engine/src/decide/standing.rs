//! What the rules that ask nothing about people say of every offer: worked out
//! once for all screens and everybody before them, and anew when something was
//! charged.

use super::{Reason, Scene, guard, limits, pacing};
use crate::{
    context::Unmet,
    plan::{Condition, Offer, OfferIx},
};

/// How every offer stands with the shop around.
#[derive(Debug, Clone)]
pub struct Standing {
    /// The local day that is charged; `None` without a date.
    pub(super) day: Option<i32>,
    offers: Vec<Stands>,
}

/// How one offer stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stands {
    /// The first rule about the whole shop that stops it.
    pub(super) stopped: Option<Reason>,
    /// Factor of its score for its budget's pace over the day.
    pub(super) pacing: f32,
}

impl Standing {
    /// Of all offers. The screen of the scene does not matter, nor who is there.
    pub fn new(scene: &Scene<'_>) -> Self {
        let day = scene.day();
        let each = scene.plan.offers.iter().enumerate();
        Self {
            day,
            offers: each
                .map(|(at, offer)| stands(scene, OfferIx(at as u16), offer, day))
                .collect(),
        }
    }

    /// Of one offer.
    pub(super) fn of(&self, offer: OfferIx) -> Stands {
        self.offers[offer.at()]
    }
}

/// How one offer stands, worked out now.
pub(super) fn stands(scene: &Scene<'_>, index: OfferIx, offer: &Offer, day: Option<i32>) -> Stands {
    match about_the_shop(scene, offer).and_then(|()| about_the_offer(scene, index, offer, day)) {
        Ok(pacing) => Stands {
            stopped: None,
            pacing,
        },
        Err(reason) => Stands {
            stopped: Some(reason),
            pacing: 1.0,
        },
    }
}

/// Rules about the shop around. What breaks one of them may not stay on a glass.
pub(super) fn about_the_shop(scene: &Scene<'_>, offer: &Offer) -> Result<(), Reason> {
    if let Some(stopped) = scene.tallies.pauses().reason(scene.plan, offer) {
        return Err(stopped);
    }
    let wall = scene.now.wall.known().ok_or(Reason::NoDate)?;
    let moment = scene.plan.local_time.at(wall);
    if !offer.schedule.in_dates(wall) {
        return Err(Reason::OutOfDates);
    }
    if !offer.schedule.in_week(moment) || !scene.plan.opening.in_week(moment) {
        return Err(Reason::OutOfHours);
    }
    let everywhere = |c: &&Condition| !is_about_the_screen(c);
    offer
        .conditions
        .iter()
        .filter(everywhere)
        .try_for_each(|condition| check(scene, condition))
}

/// Rules about one screen.
pub(super) fn about_the_screen(scene: &Scene<'_>, offer: &Offer) -> Result<(), Reason> {
    if !offer.screens.is_empty() && !offer.screens.has(scene.screen.0) {
        return Err(Reason::OtherScreen);
    }
    offer
        .conditions
        .iter()
        .filter(|c| is_about_the_screen(c))
        .try_for_each(|condition| check(scene, condition))
}

/// Rules about what the offer has used up and what it says.
fn about_the_offer(
    scene: &Scene<'_>,
    index: OfferIx,
    offer: &Offer,
    day: Option<i32>,
) -> Result<f32, Reason> {
    let day = day.ok_or(Reason::NoDate)?;
    if !scene.tallies.in_budget(index, offer, day) {
        return Err(Reason::Budget);
    }
    let pacing = pacing::pace(scene, index, offer, day)?;
    limits::of_shop(scene, offer, day)?;
    guard::class(scene.guarding, offer)?;
    Ok(pacing)
}

/// People in the zones seen from the screen are another number for every screen.
pub(super) const fn is_about_the_screen(condition: &Condition) -> bool {
    matches!(condition, Condition::Crowd { zone: None, .. })
}

pub(super) fn check(scene: &Scene<'_>, condition: &Condition) -> Result<(), Reason> {
    let seen_from = scene.seen_from();
    scene
        .context
        .check(
            scene.now.mono,
            scene.plan,
            condition,
            seen_from,
            scene.visits,
        )
        .map_err(|unmet| match unmet {
            Unmet::Silent => Reason::SensorSilent,
            Unmet::Outside => Reason::Condition,
            Unmet::OutOfStock => Reason::OutOfStock,
            Unmet::OtherPrice => Reason::OtherPrice,
        })
}
