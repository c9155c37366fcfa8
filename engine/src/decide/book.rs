//! The offers' rules about people, compiled once per plan: every distinct
//! question once, with the offers that ask it. Five hundred offers ask the same
//! few dozen questions; so a decision answers each of them once per shopper in
//! view, and a no takes the shopper from all who ask by a few ands of bits.

use super::{
    Guarding, Reason, Viewer, card::Card, guard::GuardSlot, kinds::Kinds, lots::Lots,
    offer_set::OfferSet,
};
use crate::{
    Now, Seed,
    plan::{AudienceRule, Bits, Bound, Offer, OfferIx, SegmentRule, StorePlan},
    presence::Visit,
};
use std::collections::{BTreeMap, BTreeSet};

/// One question about one shopper in view. They are asked in this order.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Predicate {
    /// Taken to be in one of these zones; none for those seen from the screen.
    In(Bits),
    /// In these zones with at least this probability, as the bits of an `f32`.
    Surely(Bits, u32),
    /// Agreed to offers chosen by profile, and the profile is here.
    Known,
    /// Of age and in these segments.
    Segments(SegmentRule),
    /// So many visits so far.
    Visits(Bound),
    /// So many days since the visit before this one.
    Away(Bound),
    /// Speaks one of these languages.
    Speaks(Vec<String>),
    /// Likes a department at least so much, percent.
    Likes(String, u8),
    /// In the present zone for so long, ms.
    Dwell(u64),
}

/// What a predicate looks at besides the shopper.
#[derive(Debug, Clone, Copy)]
pub(super) struct Look {
    /// Zones from which the screen is seen.
    pub(super) seen_from: Bits,
    /// Now.
    pub(super) mono: crate::time::Mono,
    /// The local day, days since 1970-01-01.
    pub(super) day: i32,
}

impl Predicate {
    /// What is said when nobody is left.
    pub(super) const fn reason(&self) -> Reason {
        match self {
            Self::In(_) => Reason::NobodyInZone,
            Self::Surely(..) => Reason::ZoneUnsure,
            Self::Known => Reason::NoConsent,
            Self::Segments(_) => Reason::NoSegment,
            Self::Visits(_) => Reason::Visits,
            Self::Away(_) => Reason::DaysAway,
            Self::Speaks(_) => Reason::Language,
            Self::Likes(..) => Reason::Affinity,
            Self::Dwell(_) => Reason::Dwell,
        }
    }

    /// Whether it holds for this shopper.
    pub(super) fn holds(&self, viewer: &Viewer<'_>, look: Look) -> bool {
        let or_seen = |zones: Bits| {
            if zones.is_empty() {
                look.seen_from
            } else {
                zones
            }
        };
        match self {
            Self::In(zones) => {
                let zone = viewer.visit.zone();
                zone.is_some_and(|zone| or_seen(*zones).has(zone.0))
            }
            Self::Surely(zones, least) => {
                viewer.visit.within(or_seen(*zones)) >= f32::from_bits(*least)
            }
            Self::Known => viewer.traits.is_some(),
            Self::Dwell(least_ms) => viewer.visit.dwell_ms(look.mono) >= *least_ms,
            Self::Segments(rule) => viewer.traits.is_some_and(|t| t.in_segments(rule)),
            Self::Visits(bound) => viewer.traits.is_some_and(|t| t.came_so_often(bound)),
            Self::Away(bound) => viewer.traits.is_some_and(|t| t.was_away(bound, look.day)),
            Self::Speaks(tags) => viewer.traits.is_some_and(|t| t.speaks(tags)),
            Self::Likes(department, least) => viewer
                .traits
                .is_some_and(|t| t.liking_of(department) >= *least),
        }
    }
}

/// A question, and the offers that ask it.
pub(super) type Question = (Predicate, OfferSet);

/// The rules about people of all offers of a plan.
#[derive(Debug, Clone, Default)]
pub struct RuleBook {
    questions: Vec<Question>,
    /// Departments of offers; each once.
    departments: Vec<String>,
    /// How many distinct sets of zones offers want people in.
    places: usize,
    cards: Vec<Card>,
    kinds: Kinds,
    lots: Lots,
}

impl RuleBook {
    /// Of all offers of a plan.
    pub fn new(plan: &StorePlan) -> Self {
        Self::of(plan, |_| true)
    }

    /// Of one offer; the others ask nothing and must not be decided by it.
    pub fn only(plan: &StorePlan, offer: OfferIx) -> Self {
        Self::of(plan, |index| index == offer)
    }

    fn of(plan: &StorePlan, wanted: impl Fn(OfferIx) -> bool) -> Self {
        let (departments, places) = (departments(plan), places(plan));
        let offers = plan.offers.len();
        let mut questions = BTreeMap::new();
        let mut cards = Vec::with_capacity(offers);
        for (index, offer) in (0..).map(OfferIx).zip(&plan.offers) {
            if wanted(index) {
                for predicate in asked_by(offer) {
                    let askers = questions.entry(predicate);
                    askers.or_insert_with(|| OfferSet::none(offers)).add(index);
                }
            }
            let department = offer.department.as_ref();
            let department = department.and_then(|name| departments.binary_search(name).ok());
            let department = department.unwrap_or(departments.len()) as u16;
            let place = places.binary_search(&offer.zones);
            let place = place.expect("the places of all offers were collected") as u16;
            cards.push(Card::new(offer, place, department));
        }
        Self {
            questions: questions.into_iter().collect(),
            departments,
            places: places.len(),
            kinds: Kinds::new(plan, &cards),
            cards,
            lots: Lots::default(),
        }
    }

    /// What is asked of an offer first, in one place.
    pub(super) fn card(&self, offer: OfferIx) -> &Card {
        &self.cards[offer.at()]
    }

    /// The offers by what is to be asked of them.
    pub(super) const fn kinds(&self) -> &Kinds {
        &self.kinds
    }

    /// Draws by key, once for all decisions of a visit or of a slot of the guard,
    /// what each of them would draw again. Decisions without it are the same,
    /// and take longer.
    pub fn draw(
        &mut self,
        plan: &StorePlan,
        guarding: Guarding,
        moment: (Seed, Now),
        visits: &[Visit],
    ) {
        let (seed, now) = moment;
        let settings = guarding.settings(&plan.guard).zip(now.wall.known());
        let slot = settings.map(|(settings, wall)| GuardSlot::new(seed, &settings, wall));
        self.lots.draw(plan, slot, visits);
    }

    /// What was drawn.
    pub(super) fn lots(&self) -> &Lots {
        &self.lots
    }

    /// Every distinct question, in the order of asking.
    pub(super) fn questions(&self) -> &[Question] {
        &self.questions
    }

    /// Departments of offers, each once.
    pub(super) fn departments(&self) -> &[String] {
        &self.departments
    }

    /// How many distinct sets of zones offers want people in.
    pub(super) const fn places(&self) -> usize {
        self.places
    }
}

/// The departments of offers, each once, rising.
fn departments(plan: &StorePlan) -> Vec<String> {
    let named = plan.offers.iter().filter_map(|o| o.department.clone());
    named.collect::<BTreeSet<_>>().into_iter().collect()
}

/// The sets of zones that offers want people in, each once, rising.
fn places(plan: &StorePlan) -> Vec<Bits> {
    let zones = plan.offers.iter().map(|offer| offer.zones);
    zones.collect::<BTreeSet<_>>().into_iter().collect()
}

/// What an offer asks about each person, in the order of asking.
fn asked_by(offer: &Offer) -> Vec<Predicate> {
    let mut asked = vec![Predicate::In(offer.zones)];
    if offer.zone_confidence > 0.0 {
        let least = offer.zone_confidence.to_bits();
        asked.push(Predicate::Surely(offer.zones, least));
    }
    if offer.is_personal() {
        asked.push(Predicate::Known);
        asked.push(Predicate::Segments(offer.segments));
    }
    asked.extend(of_profile(&offer.audience));
    if offer.dwell_ms_min > 0 {
        asked.push(Predicate::Dwell(offer.dwell_ms_min));
    }
    asked
}

fn of_profile(rule: &AudienceRule) -> Vec<Predicate> {
    let mut asked = Vec::new();
    asked.extend(rule.visits.map(Predicate::Visits));
    asked.extend(rule.days_away.map(Predicate::Away));
    if !rule.languages.is_empty() {
        asked.push(Predicate::Speaks(rule.languages.clone()));
    }
    let likes = rule.affinities.iter();
    asked.extend(likes.map(|a| Predicate::Likes(a.department.clone(), a.percent_min)));
    asked
}
