//! The shoppers before one screen, and which of them an offer is left with.

use super::{
    Reason, Scene, Viewer,
    book::{Look, RuleBook},
    card::Card,
    lots::OfferSet,
};
use crate::{
    measure::{ShownToday, held_out},
    plan::{Bits, Cap, Offer, OfferIx},
    shopper::ShopperId,
};

/// Below this probability of seeing the screen somebody is not its audience.
pub(super) const IN_VIEW_MIN: f32 = 0.3;

/// The shoppers before one screen.
#[derive(Debug)]
pub(super) struct Audience<'v> {
    book: &'v RuleBook,
    seen_from: Bits,
    seats: Vec<Seat<'v>>,
    /// Words of a mask: one for every 64 seats.
    words: usize,
    /// For each predicate of the book a mask of those for whom it holds.
    masks: Vec<u64>,
    /// For each department of the book, and last for none, how surely each seat
    /// sees the screen times how much it likes the department, once it was asked.
    weights: Vec<f32>,
    weighed: Vec<bool>,
    /// Strangers and followed people in each place of the book that was asked.
    crowds: Vec<Option<Crowd>>,
    /// For each offer a mask of those whom it holds out; empty if that was not
    /// drawn before.
    held_out: Vec<u64>,
    /// Offers that somebody here was shown within this visit or today.
    shown: OfferSet,
    /// Everybody.
    whole: Vec<u64>,
    /// Those for whom the frequency that they agreed to is not used up.
    willing: Vec<u64>,
    /// Who is left of the offer that is judged.
    left: Vec<u64>,
    /// Their reach, once it was asked.
    reach: Option<f32>,
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
    fn shown_any(&self) -> impl Iterator<Item = OfferIx> {
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
        let words = seats.len().div_ceil(64).max(1);
        let look = Look {
            seen_from,
            mono: scene.now.mono,
            day: day.unwrap_or_default(),
        };
        let departments = scene.book.departments().len() + 1;
        let mut shown = OfferSet::none(scene.plan.offers.len());
        let all_shown = seats.iter().flat_map(Seat::shown_any);
        all_shown.for_each(|offer| shown.add(offer));
        Self {
            book: scene.book,
            seen_from,
            words,
            masks: answers(scene.book, &seats, words, look),
            weights: vec![0.0; departments * seats.len()],
            weighed: vec![false; departments],
            crowds: vec![None; scene.book.places()],
            held_out: held_out_of(scene, &seats, words),
            shown,
            whole: mask(&seats, words, |_| true),
            willing: mask(&seats, words, Seat::is_willing),
            left: vec![0; words],
            reach: None,
            seats,
        }
    }

    /// How many.
    pub(super) fn len(&self) -> usize {
        self.seats.len()
    }

    /// Asks an offer's questions in their order; the first that leaves nobody
    /// is the reason.
    pub(super) fn ask(&mut self, offer: OfferIx) -> Result<(), Reason> {
        let book = self.book;
        let asked = book.asked(offer);
        self.reach = None;
        let mut last = self.ask_word(asked, 0).err();
        for word in 1..self.words {
            let left = self.ask_word(asked, word);
            // Nobody is left when the last of them went.
            last = last.zip(left.err()).map(|(one, other)| one.max(other));
        }
        match last.and_then(|last| asked.get(last)) {
            Some(number) => Err(book.predicates()[usize::from(*number)].reason()),
            None => Ok(()),
        }
    }

    /// Asks 64 of them; the place of the question that leaves none of those.
    fn ask_word(&mut self, asked: &[u16], word: usize) -> Result<(), usize> {
        let mut left = self.whole[word];
        for (place, number) in asked.iter().enumerate() {
            left &= self.masks[usize::from(*number) * self.words + word];
            if left == 0 {
                self.left[word] = 0;
                return Err(place);
            }
        }
        self.left[word] = left;
        Ok(())
    }

    /// Keeps those to whom an offer may be shown once more, as far as caps go.
    pub(super) fn keep_below(&mut self, offer: OfferIx, cap: Cap) -> Result<(), Reason> {
        let may_ever = cap.per_visit > 0 && cap.per_day > 0;
        if may_ever && !self.was_shown(offer) {
            let willing = &self.willing;
            let kept = narrow(&mut self.left, &mut self.reach, |word| willing[word]);
            return kept.ok_or(Reason::Cap);
        }
        self.keep(Reason::Cap, |seat| {
            let (visit, today) = seat.shown(offer);
            visit < cap.per_visit && today < cap.per_day && seat.is_willing()
        })
    }

    /// Keeps those who are not held out of an offer.
    pub(super) fn keep_tried(&mut self, offers: &[Offer], offer: OfferIx) -> Result<(), Reason> {
        let at = offer.at() * self.words;
        let Some(held_out) = self.held_out.get(at..at + self.words) else {
            let offer = &offers[offer.at()];
            return self.keep(Reason::Holdout, |seat| !held_out(offer, seat.shopper()));
        };
        let kept = narrow(&mut self.left, &mut self.reach, |word| !held_out[word]);
        kept.ok_or(Reason::Holdout)
    }

    /// Whether somebody here was shown an offer before.
    pub(super) fn was_shown(&self, offer: OfferIx) -> bool {
        self.shown.has(offer)
    }

    /// Keeps those for whom a test holds; leaving nobody is the reason.
    pub(super) fn keep(
        &mut self,
        reason: Reason,
        mut test: impl FnMut(&Seat<'v>) -> bool,
    ) -> Result<(), Reason> {
        let mut any = 0;
        for (word, left) in self.left.iter_mut().enumerate() {
            for bit in bits(*left) {
                if !test(&self.seats[word * 64 + bit]) {
                    *left &= !(1 << bit);
                    self.reach = None;
                }
            }
            any |= *left;
        }
        if any == 0 { Err(reason) } else { Ok(()) }
    }

    /// Who is left.
    pub(super) fn left(&self) -> impl Iterator<Item = &Seat<'v>> {
        self.places().map(|place| &self.seats[place])
    }

    fn places(&self) -> impl Iterator<Item = usize> {
        let words = self.left.iter().enumerate();
        words.flat_map(|(word, left)| bits(*left).map(move |bit| word * 64 + bit))
    }

    /// How many of those left are expected to see an offer, those who like its
    /// department counting more.
    pub(super) fn reach(&mut self, card: &Card) -> f32 {
        if let Some(reach) = self.reach {
            return reach;
        }
        let weights = self.weigh(card);
        let mut reach = 0.0;
        for (word, left) in self.left.iter().enumerate() {
            for bit in bits(*left) {
                reach += self.weights[weights + word * 64 + bit];
            }
        }
        self.reach = Some(reach);
        reach
    }

    /// The share of the reach of those left that is left after what they saw
    /// today.
    pub(super) fn fatigue(&mut self, offer: OfferIx, card: &Card) -> f32 {
        if !self.was_shown(offer) {
            return 1.0;
        }
        let weights = self.weigh(card);
        let (mut reach, mut fresh) = (0.0, 0.0);
        for place in self.places() {
            let sees = self.weights[weights + place];
            let (_, today) = self.seats[place].shown(offer);
            reach += sees;
            fresh += sees / (1.0 + f32::from(today));
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
        let seen_from = self.seen_from;
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

/// Leaves only those of a mask; nothing when that is nobody.
fn narrow(left: &mut [u64], reach: &mut Option<f32>, keep: impl Fn(usize) -> u64) -> Option<()> {
    let mut any = 0;
    for (word, left) in left.iter_mut().enumerate() {
        let kept = *left & keep(word);
        if kept != *left {
            *left = kept;
            *reach = None;
        }
        any |= kept;
    }
    (any != 0).then_some(())
}

/// For each predicate of the book a mask of those for whom it holds.
fn answers(book: &RuleBook, seats: &[Seat<'_>], words: usize, look: Look) -> Vec<u64> {
    let mut masks = vec![0; book.predicates().len() * words];
    for (predicate, mask) in book.predicates().iter().zip(masks.chunks_mut(words)) {
        for (place, seat) in seats.iter().enumerate() {
            let holds = u64::from(predicate.holds(seat.viewer, look));
            mask[place / 64] |= holds << (place % 64);
        }
    }
    masks
}

/// A bit for each seat for which a test holds.
fn mask<'v>(seats: &[Seat<'v>], words: usize, holds: impl Fn(&Seat<'v>) -> bool) -> Vec<u64> {
    let mut mask = vec![0; words];
    for (place, _) in seats.iter().enumerate().filter(|(_, seat)| holds(seat)) {
        mask[place / 64] |= 1 << (place % 64);
    }
    mask
}

/// For each offer a mask of those whom it holds out, if that was drawn for all.
fn held_out_of(scene: &Scene<'_>, seats: &[Seat<'_>], words: usize) -> Vec<u64> {
    let lots = scene.book.lots();
    let drawn = seats.iter().map(|seat| lots.held_out(seat.shopper()));
    let Some(drawn) = drawn.collect::<Option<Vec<_>>>() else {
        return Vec::new();
    };
    let mut masks = vec![0; scene.plan.offers.len() * words];
    for (place, offers) in drawn.into_iter().enumerate() {
        for offer in offers.iter() {
            masks[offer.at() * words + place / 64] |= 1 << (place % 64);
        }
    }
    masks
}

/// Numbers of the bits that are set, rising.
fn bits(mut mask: u64) -> impl Iterator<Item = usize> {
    core::iter::from_fn(move || {
        let next = (mask != 0).then(|| mask.trailing_zeros() as usize);
        mask &= mask.wrapping_sub(1);
        next
    })
}
