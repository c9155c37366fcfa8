//! The shoppers before one screen, and which of them an offer is left with.

use super::{
    Reason, Scene, Verdict, Viewer,
    book::{Look, RuleBook},
    card::Card,
    offer_set::OfferSet,
};
use crate::{
    measure::ShownToday,
    plan::{Bits, OfferIx},
    shopper::ShopperId,
};

/// Below this probability of seeing the screen somebody is not its audience.
pub(super) const IN_VIEW_MIN: f32 = 0.3;

/// The shoppers before one screen.
#[derive(Debug)]
pub(super) struct Audience<'v> {
    book: &'v RuleBook,
    look: Look,
    seats: Vec<Seat<'v>>,
    /// For each seat the offers for which it qualifies.
    asked: Vec<OfferSet>,
    /// For each seat the offers that may be shown to it, as far as was asked.
    left: Vec<OfferSet>,
    /// Offers for which somebody is left.
    open: OfferSet,
    /// For each department of the book, and last for none, how surely each seat
    /// sees the screen times how much it likes the department, once it was asked.
    weights: Vec<f32>,
    weighed: Vec<bool>,
    /// Strangers and followed people in each place of the book that was asked.
    crowds: Vec<Option<Crowd>>,
    /// Offers that somebody here was shown within this visit or today.
    shown: OfferSet,
}

/// How many are expected to see an offer, those who like its department counting
/// more; nothing when that is nobody.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reach {
    /// Of those for whom it is.
    pub(super) asked: Option<f32>,
    /// Of those of them to whom it may be shown.
    pub(super) left: Option<f32>,
}

/// People in a set of zones, as far as sensors and presence tell.
#[derive(Debug, Clone, Copy)]
pub(super) struct Crowd {
    /// Expected shoppers who are followed.
    pub(super) followed: f32,
    /// Expected people nobody follows.
    pub(super) strangers: f32,
}

/// One of them.
#[derive(Debug)]
pub(super) struct Seat<'v> {
    pub(super) viewer: &'v Viewer<'v>,
    /// Probability of seeing the screen.
    pub(super) sees: f32,
    /// What was charged today.
    pub(super) today: Option<&'v ShownToday>,
}

impl Seat<'_> {
    pub(super) const fn shopper(&self) -> ShopperId {
        self.viewer.permit.shopper()
    }

    /// Showings of this offer within this visit and today.
    pub(super) fn shown(&self, offer: OfferIx) -> (u16, u16) {
        let visit = &self.viewer.visit;
        (
            visit.shown_of(offer),
            self.today.map_or(0, |today| today.of(offer)),
        )
    }

    /// Whether the frequency that the shopper agreed to is not used up.
    pub(super) fn is_willing(&self) -> bool {
        let most = self.viewer.permit.showings_per_day();
        most.is_none_or(|most| self.today.map_or(0, ShownToday::all) < most)
    }

    /// Offers that were shown within this visit or today.
    pub(super) fn shown_any(&self) -> impl Iterator<Item = OfferIx> {
        let today = self.today.map_or(&[][..], ShownToday::each);
        let all = self.viewer.visit.shown.iter().chain(today);
        all.map(|(offer, _)| *offer)
    }
}

impl<'v> Audience<'v> {
    /// Those in view of the scene's screen on this local day.
    pub(super) fn new(scene: &Scene<'v>, day: Option<i32>) -> Self {
        let seen_from = scene.seen_from();
        let seat = |viewer: &'v Viewer<'v>| {
            let sees = viewer.visit.within(seen_from);
            let today = || scene.tallies.today_of(viewer.permit.shopper(), day?);
            (sees >= IN_VIEW_MIN).then(|| Seat {
                viewer,
                sees,
                today: today(),
            })
        };
        let seats: Vec<Seat<'v>> = scene.viewers.iter().filter_map(seat).collect();
        let departments = scene.book.departments().len() + 1;
        let offers = scene.plan.offers.len();
        let mut shown = OfferSet::none(offers);
        let all_shown = seats.iter().flat_map(Seat::shown_any);
        all_shown.for_each(|offer| shown.add(offer));
        Self {
            book: scene.book,
            look: Look {
                seen_from,
                mono: scene.now.mono,
                day: day.unwrap_or_default(),
            },
            asked: Vec::new(),
            left: Vec::new(),
            open: OfferSet::none(offers),
            weights: vec![0.0; departments * seats.len()],
            weighed: vec![false; departments],
            crowds: vec![None; scene.book.places()],
            shown,
            seats,
        }
    }

    /// How many.
    pub(super) fn len(&self) -> usize {
        self.seats.len()
    }

    /// Asks all questions of these offers in their order; the first that leaves
    /// an offer nobody is noted as the reason.
    pub(super) fn ask(&mut self, offers: &OfferSet, waterfall: &mut [Verdict]) {
        let look = self.look;
        self.left = vec![offers.clone(); self.seats.len()];
        self.open = offers.clone();
        let questions = self.book.questions();
        for alike in questions.chunk_by(|(one, _), (other, _)| one.reason() == other.reason()) {
            self.narrow(alike[0].0.reason(), waterfall, |seat, left| {
                for (predicate, askers) in alike {
                    if askers.meets(left) && !predicate.holds(seat.viewer, look) {
                        left.drop_all(askers);
                    }
                }
            });
        }
        self.asked = self.left.clone();
    }

    /// Asks one rule of everybody; it takes from a shopper the offers that it
    /// stops. Those that are left with nobody are stopped for this reason.
    pub(super) fn narrow(
        &mut self,
        reason: Reason,
        waterfall: &mut [Verdict],
        rule: impl Fn(&Seat<'v>, &mut OfferSet),
    ) {
        let mut lost = self.open.clone();
        for (seat, left) in self.seats.iter().zip(&mut self.left) {
            rule(seat, left);
            lost.drop_all(left);
        }
        self.open.drop_all(&lost);
        for offer in lost.iter() {
            waterfall[offer.at()] = Verdict::Stopped(reason);
        }
    }

    /// Whether somebody is left for one of these offers.
    pub(super) fn meets(&self, offers: &OfferSet) -> bool {
        self.open.meets(offers)
    }

    /// Adds the offers for which somebody here qualifies.
    pub(super) fn add_asked(&self, offers: &mut OfferSet) {
        self.asked.iter().for_each(|asked| offers.join(asked));
    }

    /// For whom an offer is.
    pub(super) fn asked_of(&self, offer: OfferIx) -> impl Iterator<Item = &Seat<'v>> {
        of(&self.seats, &self.asked, offer)
    }

    /// To whom of them it may be shown.
    pub(super) fn left_of(&self, offer: OfferIx) -> impl Iterator<Item = &Seat<'v>> {
        of(&self.seats, &self.left, offer)
    }

    /// How many are expected to see an offer.
    pub(super) fn reach(&mut self, offer: OfferIx, card: &Card) -> Reach {
        let weights = self.weigh(card);
        let (mut asked, mut left) = (0.0, 0.0);
        let sets = self.asked.iter().zip(&self.left);
        for (weight, (is_asked, is_left)) in self.weights[weights..].iter().zip(sets) {
            if is_asked.has(offer) {
                asked += weight;
                if is_left.has(offer) {
                    left += weight;
                }
            }
        }
        // Whoever is in view at all has a weight.
        let some = |reach: f32| (reach > 0.0).then_some(reach);
        Reach {
            asked: some(asked),
            left: some(left),
        }
    }

    /// The share of the reach of those left that is left after what they saw
    /// today: half for one showing just now, and more the longer ago it was.
    pub(super) fn fatigue(&mut self, offer: OfferIx, card: &Card) -> f32 {
        if !self.shown.has(offer) {
            return 1.0;
        }
        let weights = self.weigh(card);
        let (mut reach, mut fresh) = (0.0, 0.0);
        let sees = self.weights[weights..].iter().zip(&self.seats);
        for ((sees, seat), left) in sees.zip(&self.left) {
            if left.has(offer) {
                let weary = seat.today.map(|today| today.weary_of(offer));
                let weighs = weary.map_or(0.0, |weary| weary.showings(self.look.mono));
                reach += sees;
                fresh += sees / (1.0 + weighs);
            }
        }
        if reach > 0.0 { fresh / reach } else { 1.0 }
    }

    /// Where the weights of an offer's department begin.
    fn weigh(&mut self, card: &Card) -> usize {
        let number = usize::from(card.department);
        let at = number * self.seats.len();
        if !self.weighed[number] {
            self.weighed[number] = true;
            let name = self.book.departments().get(number);
            for (weight, seat) in self.weights[at..].iter_mut().zip(&self.seats) {
                let traits = seat.viewer.traits.zip(name);
                let percent = traits.map_or(0, |(traits, name)| traits.liking_of(name));
                *weight = seat.sees * (1.0 + f32::from(percent) / 100.0);
            }
        }
        at
    }

    /// People in view where an offer wants them, counted when they are first
    /// asked for.
    pub(super) fn crowd(&mut self, scene: &Scene<'_>, card: &Card) -> Crowd {
        let place = usize::from(card.place);
        if let Some(crowd) = self.crowds[place] {
            return crowd;
        }
        let seen_from = self.look.seen_from;
        let zones = match card.zones {
            Bits::NONE => seen_from,
            zones => Bits(zones.0 & seen_from.0),
        };
        let followed = scene.visits.iter().map(|v| v.within(zones)).sum();
        let people = scene
            .context
            .crowd(scene.now.mono, scene.plan, zones, scene.visits);
        let crowd = Crowd {
            followed,
            strangers: people - followed,
        };
        self.crowds[place] = Some(crowd);
        crowd
    }
}

/// The seats in whose sets an offer is.
fn of<'a, 'v>(
    seats: &'a [Seat<'v>],
    sets: &'a [OfferSet],
    offer: OfferIx,
) -> impl Iterator<Item = &'a Seat<'v>> {
    let each = seats.iter().zip(sets);
    each.filter_map(move |(seat, offers)| offers.has(offer).then_some(seat))
}
