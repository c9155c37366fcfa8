//! What would become of an offer in a described situation: the decision that
//! the live shop takes, over a scene put together from words.

use super::{
    Decision, Guarding, Learned, Reason, Remedy, RuleBook, Scene, Standing, Traits, Verdict,
    Viewer, decide, remedy,
    used::{Used, shown_others},
    verdict,
};
use crate::{
    Now, Seed,
    consent::Consents,
    context::Context,
    event::{Heard, Reading},
    measure::Tallies,
    plan::{Bits, OfferIx, ScreenIx, SensorIx, StorePlan, ZoneIx},
    presence::Visit,
    shopper::{Enrolment, Profile, Purpose, Purposes, ShopperId},
    snapshot::{Snapshot, Tally},
    time::{Mono, Wall},
    trial::{TrialSituation, is_assigned},
    view::Counts,
};
use protocol::frame::Quantity;
use std::collections::BTreeMap;

/// A described moment lies this long after the beginning of time, so that any
/// dwell fits before it, ms.
const MOMENT: Mono = Mono(1_000_000_000);
/// Pseudonyms tried to find one that is held out, or one that is not.
const PSEUDONYMS_TRIED: u64 = 100_000;

/// Everything a decision about one offer on one screen depends on, besides the plan.
#[derive(Debug, Clone, PartialEq)]
pub struct Situation {
    /// The date.
    pub at: Wall,
    /// Which screen. It shows the house loop and has done so for long.
    pub screen: ScreenIx,
    /// Shoppers who opted in, certainly in their zones.
    pub audience: Vec<Person>,
    /// What sensors said just now; the others are silent. A door counts from
    /// nothing: `inward` people are in the shop.
    pub readings: Vec<(SensorIx, Quantity)>,
    /// People whom nobody knows, by the zone they stand in, besides those whom
    /// sensors count.
    pub crowd: Vec<(ZoneIx, u32)>,
    /// Enrolled shoppers who qualify.
    pub enrolled: u32,
    /// Whether a single shopper came into view just now.
    pub settling: bool,
    /// Whether it is the offer's turn, for an offer that takes turns.
    pub turn: bool,
    /// Showings already charged to the budget.
    pub showings: u32,
    /// Those of them charged today.
    pub showings_today: u32,
    /// Its trial.
    pub trial: TrialSituation,
    /// What of its limits is used up.
    pub used: Used,
}

/// A shopper who opted in.
#[derive(Debug, Clone, PartialEq)]
pub struct Person {
    /// Where.
    pub zone: ZoneIx,
    /// Since when, ms.
    pub dwell_ms: u64,
    /// How sure it is that the shopper is there, thousandths.
    pub zone_permille: u16,
    /// In which of the plan's segments.
    pub segments: Bits,
    /// What the profile says besides.
    pub profile: Profile,
    /// Whether consent to being shown offers holds.
    pub consent: bool,
    /// Whether consent to choosing them by profile holds.
    pub personalisation: bool,
    /// Whether held out from this offer.
    pub held_out: bool,
    /// Whether the offer's ramp has not come to this shopper yet.
    pub waiting: bool,
    /// Showings of this offer charged within this visit.
    pub seen_this_visit: u16,
    /// Showings of this offer charged today.
    pub seen_today: u16,
    /// Whether another offer of its group was shown within this visit.
    pub seen_group: bool,
    /// Showings of other offers of its campaign within this visit.
    pub seen_campaign: u16,
}

/// What would become of this offer. Its verdict only: another offer may still
/// score higher.
pub fn rehearse(plan: &StorePlan, offer: OfferIx, situation: &Situation) -> Verdict {
    let book = RuleBook::only(plan, offer);
    let stage = Stage {
        plan,
        book: &book,
        about: Some(offer),
        enrolled: 0,
    };
    let verdict = stage.ask(situation, |scene| verdict(scene, offer));
    // A holdout of 0 or of everybody has no such person: the rule decides by
    // itself.
    let verdict = verdict.unwrap_or(Verdict::Stopped(Reason::Holdout));
    situation.trial.verdict(&plan.offers[offer.at()], verdict)
}

/// What the screen would show in a situation that is described for one offer:
/// every other one is fresh, and enough people are enrolled for it. Nothing
/// where nobody is held out as described.
pub fn rehearse_shop(plan: &StorePlan, offer: OfferIx, situation: &Situation) -> Option<Decision> {
    let stage = Stage {
        plan,
        book: &RuleBook::new(plan),
        about: Some(offer),
        enrolled: u32::MAX,
    };
    stage.ask(situation, |scene| {
        decide(scene, &Standing::new(scene)).decision
    })
}

/// What the screen would show before a described audience, and for every offer
/// that a rule stops what would have to change. Nobody is held out from
/// anything, no offer has been shown yet, and ramps are at their end: what the
/// situation says of one offer only is not looked at.
pub fn rehearse_audience(
    plan: &StorePlan,
    situation: &Situation,
) -> (Decision, Vec<Option<Remedy>>) {
    let mut plan = plan.clone();
    for offer in &mut plan.offers {
        offer.holdout_permille = 0;
    }
    let stage = Stage {
        plan: &plan,
        book: &RuleBook::new(&plan),
        about: None,
        enrolled: situation.enrolled,
    };
    let asked = stage.ask(situation, |scene| {
        let decision = decide(scene, &Standing::new(scene)).decision;
        let needed = |(at, verdict): (u16, &Verdict)| match verdict {
            Verdict::Stopped(reason) => Some(remedy(scene, OfferIx(at), *reason)),
            Verdict::Scored(_) => None,
        };
        let needed = (0..).zip(&decision.waterfall).map(needed).collect();
        (decision, needed)
    });
    asked.expect("any pseudonym will do where nobody is held out")
}

/// Where a situation is played.
struct Stage<'p> {
    plan: &'p StorePlan,
    book: &'p RuleBook,
    /// The offer that the situation is described for, if it is for one.
    about: Option<OfferIx>,
    /// How many enrolled shoppers qualify for the others.
    enrolled: u32,
}

impl Stage<'_> {
    /// Puts the scene together. Nothing where nobody is assigned as described.
    fn ask<T>(&self, situation: &Situation, ask: impl FnOnce(&Scene<'_>) -> T) -> Option<T> {
        let now = Now {
            mono: MOMENT,
            wall: situation.at,
        };
        let Self {
            plan, book, about, ..
        } = *self;
        let ids = pseudonyms(plan, about, &situation.audience)?;
        let people = || ids.iter().copied().zip(&situation.audience);
        let mut consents = Consents::new(Seed(0));
        people().for_each(|(id, person)| consents.restore(enrolment(id, person)));
        let visits: Vec<Visit> = people()
            .map(|(id, person)| visit(plan, about, id, person))
            .collect();
        let traits: BTreeMap<ShopperId, Traits> = people()
            .map(|(id, person)| {
                (
                    id,
                    Traits::described(person.segments, person.profile.clone()),
                )
            })
            .collect();
        let viewers: Vec<Viewer<'_>> = visits
            .iter()
            .filter_map(|visit| {
                let permit = consents.permit(visit.shopper, Purpose::InStoreOffers, now)?;
                let known = consents.permit(visit.shopper, Purpose::Personalisation, now);
                let traits = known.and_then(|_| traits.get(&visit.shopper));
                Some(Viewer {
                    permit,
                    visit,
                    traits,
                })
            })
            .collect();
        let mut census = vec![self.enrolled; plan.offers.len()];
        if let Some(offer) = about {
            census[offer.at()] = situation.enrolled;
        }
        let scene = Scene {
            plan,
            book,
            now,
            screen: situation.screen,
            viewers: &viewers,
            visits: &visits,
            context: &context(plan, now, situation),
            tallies: &tallies(plan, about, now, situation, &ids),
            census: &census,
            settling: situation.settling,
            learned: &Learned::default(),
            tosses: false,
            explore_permille: 0,
            seed: Seed(0),
            guarding: Guarding::Rehearsed {
                turn: situation.turn,
            },
            consents: &consents,
        };
        Some(ask(&scene))
    }
}

/// One pseudonym per person, in or out of the offer's holdout as described.
fn pseudonyms(
    plan: &StorePlan,
    about: Option<OfferIx>,
    audience: &[Person],
) -> Option<Vec<ShopperId>> {
    let offer = about.map(|offer| &plan.offers[offer.at()]);
    let mut from = 1;
    let mut next = |person: &Person| {
        let mut candidates = (from..from + PSEUDONYMS_TRIED).map(ShopperId);
        let fits = |id: &ShopperId| {
            offer.is_none_or(|offer| is_assigned(offer, *id, person.held_out, person.waiting))
        };
        let found = candidates.find(fits)?;
        from = found.0 + 1;
        Some(found)
    };
    audience.iter().map(&mut next).collect()
}

fn enrolment(id: ShopperId, person: &Person) -> Enrolment {
    let mut purposes = Purposes::NONE.with(Purpose::Measurement);
    if person.consent {
        purposes = purposes.with(Purpose::InStoreOffers);
    }
    if person.personalisation {
        purposes = purposes.with(Purpose::Personalisation);
    }
    Enrolment::consenting(id, 1, purposes)
}

fn visit(plan: &StorePlan, about: Option<OfferIx>, id: ShopperId, person: &Person) -> Visit {
    let since = Mono(MOMENT.0 - person.dwell_ms.min(MOMENT.0));
    let mut visit = Visit::certain(plan, id, person.zone, since);
    visit.probabilities[person.zone.at()] = f32::from(person.zone_permille) / 1000.0;
    if let Some(offer) = about {
        (0..person.seen_this_visit).for_each(|_| visit.charge(offer));
        let others = (person.seen_group, person.seen_campaign);
        shown_others(plan, offer, &mut visit, others);
    }
    visit
}

fn context(plan: &StorePlan, now: Now, situation: &Situation) -> Context {
    let mut context = Context::new(plan);
    for (zone, people) in &situation.crowd {
        context.describe(*zone, *people);
    }
    let mut counts = Counts::default();
    let mut say = |sensor, value| {
        let heard = Heard::OnReceipt;
        let reading = Reading {
            sensor,
            value,
            heard,
            retained: false,
        };
        context.reading(now, plan, &reading, &mut counts);
    };
    for (sensor, value) in &situation.readings {
        if matches!(value, Quantity::Passages { .. }) {
            say(
                *sensor,
                Quantity::Passages {
                    inward: 0,
                    outward: 0,
                },
            );
        }
        say(*sensor, *value);
    }
    context
}

fn tallies(
    plan: &StorePlan,
    about: Option<OfferIx>,
    now: Now,
    situation: &Situation,
    ids: &[ShopperId],
) -> Tallies {
    let day = now
        .wall
        .known()
        .map_or(0, |wall| plan.local_time.at(wall).day);
    let trials = |waits: bool| situation.trial.trials(plan, about, waits);
    let Some(offer) = about else {
        let restored = Snapshot {
            trials: trials(false),
            ..Snapshot::default()
        };
        return Tallies::new(plan, restored);
    };
    let seen = ids.iter().zip(&situation.audience);
    let tally = Tally {
        showings: situation.showings,
        day,
        showings_today: situation.showings_today,
        per_shopper: seen.map(|(id, person)| (*id, person.seen_today)).collect(),
        ..Tally::default()
    };
    let name = plan.offers[offer.at()].id.clone();
    let waits = situation.audience.iter().any(|person| person.waiting);
    let used = &situation.used;
    let restored = Snapshot {
        tallies: BTreeMap::from([(name, tally)]),
        trials: trials(waits),
        money: used.money(plan, offer, situation.screen, now.wall.known(), day),
        ..Snapshot::default()
    };
    Tallies::new(plan, restored)
}
