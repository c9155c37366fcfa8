//! What the rules that ask nothing about people say of every offer: worked out
//! once for all screens and everybody before them, and anew when something was
//! charged.

use super::{Reason, Scene, Score, Verdict, guard, limits, offer_set::OfferSet, pacing};
use crate::{
    context::Unmet,
    plan::{Condition, Offer, OfferIx},
};

/// How every offer stands with the shop around.
#[derive(Debug, Clone)]
pub struct Standing {
    /// The local day that is charged; `None` without a date.
    pub(super) day: Option<i32>,
    /// What stops each offer, or what it scores before anybody is counted.
    pub(super) waterfall: Vec<Verdict>,
    /// Those which nothing about the shop stops.
    pub(super) open: OfferSet,
}

impl Standing {
    /// Of all offers. The screen of the scene does not matter, nor who is there.
    pub fn new(scene: &Scene<'_>) -> Self {
        Self::of(scene, |_| true)
    }

    /// Of one offer; what is said of the others means nothing.
    pub(super) fn only(scene: &Scene<'_>, index: OfferIx) -> Self {
        Self::of(scene, |other| other == index)
    }

    fn of(scene: &Scene<'_>, wanted: impl Fn(OfferIx) -> bool) -> Self {
        let (day, offers) = (scene.day(), &scene.plan.offers);
        let mut standing = Self {
            day,
            waterfall: vec![Verdict::Stopped(Reason::SafeNow); offers.len()],
            open: OfferSet::none(offers.len()),
        };
        for (index, offer) in (0..).map(OfferIx).zip(offers) {
            if wanted(index) {
                standing.note(index, offer, stands(scene, index, offer, day));
            }
        }
        standing
    }

    /// What an offer that nothing stopped scores before anybody is counted.
    pub(super) fn fresh(&self, offer: OfferIx) -> Option<Score> {
        match self.waterfall[offer.at()] {
            Verdict::Scored(score) => Some(score),
            Verdict::Stopped(_) => None,
        }
    }

    fn note(&mut self, index: OfferIx, offer: &Offer, pacing: Result<f32, Reason>) {
        self.waterfall[index.at()] = match pacing {
            Ok(pacing) => {
                self.open.add(index);
                Verdict::Scored(Score::fresh(offer, pacing))
            }
            Err(reason) => Verdict::Stopped(reason),
        };
    }
}

/// The first rule about the whole shop that stops an offer, or the factor of its
/// score for its pace.
fn stands(
    scene: &Scene<'_>,
    index: OfferIx,
    offer: &Offer,
    day: Option<i32>,
) -> Result<f32, Reason> {
    about_the_shop(scene, offer)?;
    about_the_offer(scene, index, offer, day)
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
