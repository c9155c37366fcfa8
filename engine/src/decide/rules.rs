//! The rules in the order in which they are asked, and the choice.

use super::{
    Decision, Learned, Reason, Score, Traits, Verdict,
    draw::{Chance, draw},
    guard,
};
use crate::{
    Seed,
    consent::Permit,
    context::{Context, Unmet},
    measure::{Tallies, held_out},
    plan::{Bits, Offer, OfferIx, ScreenIx, Sensitivity, StorePlan},
    presence::Visit,
    shopper::ShopperId,
    time::Now,
};

/// Below this probability of seeing the screen somebody is not its audience.
const IN_VIEW_MIN: f32 = 0.3;
/// What a picture is worth when only sensors say that somebody is there.
const ANONYMOUS_WORTH: f32 = 0.5;
/// What a picture is worth to an empty aisle.
const EMPTY_AISLE_WORTH: f32 = 0.1;

/// Everything one decision looks at.
#[derive(Debug)]
pub struct Scene<'a> {
    /// The plan in force.
    pub plan: &'a StorePlan,
    /// When.
    pub now: Now,
    /// For which screen.
    pub screen: ScreenIx,
    /// Shoppers who may be shown offers.
    pub viewers: &'a [Viewer<'a>],
    /// Everybody followed, for counting only.
    pub visits: &'a [Visit],
    /// The shop around.
    pub context: &'a Context,
    /// Caps and budgets.
    pub tallies: &'a Tallies,
    /// For each offer how many enrolled shoppers qualify.
    pub census: &'a [u32],
    /// Whether a single arrival was a moment ago.
    pub settling: bool,
    /// What was learned.
    pub learned: &'a Learned,
    /// Thousandths of decisions drawn evenly from all offers with a score: the
    /// plan's, or 0 where only the best may interrupt what is shown.
    pub explore_permille: u16,
    /// The only source of chance.
    pub seed: Seed,
}

/// A shopper who may be shown offers.
#[derive(Debug)]
pub struct Viewer<'a> {
    /// Proof of it.
    pub permit: Permit<'a>,
    /// Where the shopper is.
    pub visit: &'a Visit,
    /// What may be asked of the shopper; only with consent to personalisation.
    pub traits: Option<&'a Traits>,
}

/// What was chosen and what follows from it.
#[derive(Debug, Clone, PartialEq)]
pub struct Choice {
    /// For the console and the records.
    pub decision: Decision,
    /// For whose sake: their caps are charged.
    pub shoppers: Vec<ShopperId>,
    /// Who would have been shown which offer but is held out.
    pub held_out: Vec<(ShopperId, OfferIx)>,
}

/// Decides for one screen.
pub fn decide(scene: &Scene<'_>) -> Choice {
    let seen_from = scene.plan.screens[scene.screen.at()].seen_from;
    let in_view: Vec<&Viewer<'_>> = scene
        .viewers
        .iter()
        .filter(|v| v.visit.within(seen_from) >= IN_VIEW_MIN)
        .collect();
    let people = scene
        .context
        .crowd(scene.now.mono, scene.plan, seen_from, scene.visits);
    let mut held = Vec::new();
    let (mut scored, mut shown_for) = (Vec::new(), Vec::new());
    let mut waterfall = Vec::with_capacity(scene.plan.offers.len());
    for (index, offer) in scene.plan.offers.iter().enumerate() {
        let index = OfferIx(index as u16);
        let judged = judge(scene, index, offer, &in_view, people, &mut held);
        waterfall.push(match judged {
            Err(reason) => Verdict::Stopped(reason),
            Ok((score, shoppers)) => {
                scored.push((index, score.total()));
                shown_for.push(shoppers);
                Verdict::Scored(score)
            }
        });
    }
    let chance = Chance::new(scene.seed, scene.screen, scene.now);
    let drawn = draw(&scored, scene.explore_permille, chance);
    Choice {
        decision: Decision {
            screen: scene.screen,
            at: scene.now.mono,
            chosen: drawn.map(|drawn| scored[drawn.at].0),
            audience: (
                in_view.len() as u32,
                (people - in_view.len() as f32).max(0.0),
            ),
            propensity: drawn.map_or(1.0, |drawn| drawn.propensity),
            explored: drawn.is_some_and(|drawn| drawn.explored),
            waterfall,
        },
        shoppers: drawn.map_or_else(Vec::new, |drawn| shown_for.swap_remove(drawn.at)),
        held_out: held,
    }
}

/// Whether a picture that is on the glass may stay: the rules about the shop
/// around, and for a personal offer at least one of those it was shown for.
pub fn still_right(
    scene: &Scene<'_>,
    index: OfferIx,
    shown_for: &[ShopperId],
) -> Result<(), Reason> {
    let offer = &scene.plan.offers[index.at()];
    about_the_shop(scene, offer)?;
    // With traits: personalisation is agreed to at this moment too.
    let permitted = |s: &ShopperId| {
        let mut viewers = scene.viewers.iter();
        viewers.any(|v| v.permit.shopper() == *s && v.traits.is_some())
    };
    if offer.is_personal() && !shown_for.iter().any(permitted) {
        return Err(Reason::NoConsent);
    }
    Ok(())
}

type Judged = Result<(Score, Vec<ShopperId>), Reason>;

fn judge(
    scene: &Scene<'_>,
    index: OfferIx,
    offer: &Offer,
    in_view: &[&Viewer<'_>],
    people: f32,
    held: &mut Vec<(ShopperId, OfferIx)>,
) -> Judged {
    about_the_shop(scene, offer)?;
    let wall = scene.now.wall.known().ok_or(Reason::NoDate)?;
    let day = scene.tallies.day(scene.plan.local_time.at(wall).day);
    if !scene.tallies.in_budget(index, offer, day) {
        return Err(Reason::Budget);
    }
    guard::class(offer)?;
    let (reach, fatigue, shoppers) = match candidates(scene, index, offer, in_view, day, held) {
        Ok(candidates) => {
            guard::crowd(scene, index, people)?;
            let (reach, fatigue) = worth(scene, index, offer, &candidates, day);
            let shoppers = candidates.iter().map(|v| v.permit.shopper()).collect();
            (reach, fatigue, shoppers)
        }
        Err(reason) => {
            let reach = anonymous_worth(scene, offer).ok_or(reason)?;
            (reach, 1.0, Vec::new())
        }
    };
    let score = Score {
        value: f32::from(offer.priority),
        reach,
        fatigue,
        pacing: 1.0,
        learned: scene.learned.factor(index, scene.screen),
    };
    Ok((score, shoppers))
}

/// The rules that ask nothing about anybody.
fn about_the_shop(scene: &Scene<'_>, offer: &Offer) -> Result<(), Reason> {
    if !offer.screens.is_empty() && !offer.screens.has(scene.screen.0) {
        return Err(Reason::OtherScreen);
    }
    let wall = scene.now.wall.known().ok_or(Reason::NoDate)?;
    let moment = scene.plan.local_time.at(wall);
    if !offer.schedule.in_dates(wall) || !scene.plan.opening.in_dates(wall) {
        return Err(Reason::OutOfDates);
    }
    if !offer.schedule.in_week(moment) || !scene.plan.opening.in_week(moment) {
        return Err(Reason::OutOfHours);
    }
    let seen_from = scene.plan.screens[scene.screen.at()].seen_from;
    for condition in &offer.conditions {
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
            })?;
    }
    Ok(())
}

/// Those for whose sake the offer may be shown; the first rule that leaves
/// nobody is the reason.
fn candidates<'v>(
    scene: &Scene<'_>,
    index: OfferIx,
    offer: &Offer,
    in_view: &[&'v Viewer<'v>],
    day: i32,
    held: &mut Vec<(ShopperId, OfferIx)>,
) -> Result<Vec<&'v Viewer<'v>>, Reason> {
    let zones = target_zones(scene, offer);
    let mut left: Vec<&Viewer<'_>> = in_view.to_vec();
    let mut keep = |reason: Reason, test: &mut dyn FnMut(&Viewer<'_>) -> bool| {
        left.retain(|v| test(v));
        if left.is_empty() { Err(reason) } else { Ok(()) }
    };
    keep(Reason::NobodyInZone, &mut |v| {
        v.visit.zone().is_some_and(|z| zones.has(z.0))
    })?;
    keep(Reason::ZoneUnsure, &mut |v| {
        v.visit.within(zones) >= offer.zone_confidence
    })?;
    if offer.is_personal() {
        keep(Reason::NoConsent, &mut |v| v.traits.is_some())?;
        keep(Reason::NoSegment, &mut |v| {
            v.traits.is_some_and(|t| t.qualifies(offer))
        })?;
    }
    keep(Reason::Dwell, &mut |v| {
        v.visit.dwell_ms(scene.now.mono) >= offer.dwell_ms_min
    })?;
    keep(Reason::Cap, &mut |v| {
        below_cap(scene.tallies, index, offer, v, day)
    })?;
    keep(Reason::Holdout, &mut |v| {
        let out = held_out(offer, v.permit.shopper());
        if out {
            held.push((v.permit.shopper(), index));
        }
        !out
    })?;
    Ok(left)
}

fn target_zones(scene: &Scene<'_>, offer: &Offer) -> Bits {
    if offer.zones.is_empty() {
        scene.plan.screens[scene.screen.at()].seen_from
    } else {
        offer.zones
    }
}

fn below_cap(
    tallies: &Tallies,
    index: OfferIx,
    offer: &Offer,
    viewer: &Viewer<'_>,
    day: i32,
) -> bool {
    let shopper = viewer.permit.shopper();
    let this_visit = viewer.visit.shown_of(index);
    this_visit < offer.cap.per_visit
        && tallies.shown_today(index, shopper, day) < offer.cap.per_day
        && viewer
            .permit
            .showings_per_day()
            .is_none_or(|most| tallies.all_shown_today(shopper, day) < most)
}

/// How many are expected to see it, those who like the department counting
/// more, and the share of that which is left after what they saw today.
fn worth(
    scene: &Scene<'_>,
    index: OfferIx,
    offer: &Offer,
    candidates: &[&Viewer<'_>],
    day: i32,
) -> (f32, f32) {
    let seen_from = scene.plan.screens[scene.screen.at()].seen_from;
    let (mut reach, mut fresh) = (0.0, 0.0);
    for viewer in candidates {
        let liking = viewer.traits.map_or(1.0, |t| t.liking(offer));
        let seen = scene
            .tallies
            .shown_today(index, viewer.permit.shopper(), day);
        let sees = viewer.visit.within(seen_from) * liking;
        reach += sees;
        fresh += sees / (1.0 + f32::from(seen));
    }
    (reach, if reach > 0.0 { fresh / reach } else { 1.0 })
}

/// What showing it to people nobody knows is worth; nothing when the offer
/// needs to know them.
fn anonymous_worth(scene: &Scene<'_>, offer: &Offer) -> Option<f32> {
    // How long and how surely somebody is somewhere is not known of strangers.
    let asks_about_people = offer.is_personal()
        || offer.sensitivity != Sensitivity::Public
        || offer.dwell_ms_min > 0
        || offer.zone_confidence > 0.0;
    if asks_about_people {
        return None;
    }
    let zones = target_zones(scene, offer);
    let seen_from = scene.plan.screens[scene.screen.at()].seen_from;
    let visible = Bits(zones.0 & seen_from.0);
    // Shoppers who did not agree to be shown offers, were capped or held out
    // are no anonymous crowd: only people nobody follows count here.
    let followed: f32 = scene.visits.iter().map(|v| v.within(visible)).sum();
    let strangers = scene
        .context
        .crowd(scene.now.mono, scene.plan, visible, scene.visits)
        - followed;
    if strangers >= 0.5 {
        return Some(ANONYMOUS_WORTH * strangers.min(1.0));
    }
    let nobody_followed = followed < IN_VIEW_MIN;
    (offer.zones.is_empty() && nobody_followed).then_some(EMPTY_AISLE_WORTH)
}
