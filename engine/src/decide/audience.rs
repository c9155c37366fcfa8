//! The shoppers before one screen, and which of them an offer is left with.

use super::{
    Reason, Scene, Viewer,
    book::{Look, RuleBook},
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
    /// Words of a mask: one for every 64 seats.
    words: usize,
    /// For each predicate of the book a mask of those for whom it holds, once
    /// it was asked.
    masks: Vec<u64>,
    answered: Vec<bool>,
    /// For each department of the book how much each seat likes it, 1 to 2, once
    /// it was asked.
    likings: Vec<Option<Vec<f32>>>,
    /// Strangers and followed people in each set of zones that was asked.
    crowds: Vec<(Bits, Crowd)>,
    /// Who is left of the offer that is judged.
    left: Vec<u64>,
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

    /// Showings of all offers today.
    pub(super) fn shown_at_all(&self) -> u16 {
        self.today.map_or(0, ShownToday::all)
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
        let predicates = scene.book.predicates().len();
        Self {
            book: scene.book,
            look: Look {
                seen_from,
                mono: scene.now.mono,
                day: day.unwrap_or_default(),
            },
            words,
            masks: vec![0; predicates * words],
            answered: vec![false; predicates],
            likings: vec![None; scene.book.departments().len()],
            crowds: Vec::new(),
            left: vec![0; words],
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
        self.everybody();
        for number in book.asked(offer) {
            let at = self.answer(usize::from(*number));
            let mask = &self.masks[at..at + self.words];
            let mut any = 0;
            for (left, mask) in self.left.iter_mut().zip(mask) {
                *left &= mask;
                any |= *left;
            }
            if any == 0 {
                return Err(book.predicates()[usize::from(*number)].reason());
            }
        }
        Ok(())
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

    /// Those left with how much each likes the offer's department, 1 to 2.
    pub(super) fn left_with_liking(
        &mut self,
        offer: OfferIx,
    ) -> impl Iterator<Item = (&Seat<'v>, f32)> {
        let department = self.book.department_of(offer);
        if let Some(at) = department.filter(|at| self.likings[*at].is_none()) {
            let name = &self.book.departments()[at];
            let liking = |seat: &Seat<'_>| {
                let percent = seat.viewer.traits.map_or(0, |t| t.liking_of(name));
                1.0 + f32::from(percent) / 100.0
            };
            self.likings[at] = Some(self.seats.iter().map(liking).collect());
        }
        let this: &Self = self;
        let likings = department.and_then(|at| this.likings[at].as_ref());
        this.places()
            .map(move |place| (&this.seats[place], likings.map_or(1.0, |l| l[place])))
    }

    /// People in these zones, counted when they are first asked for.
    pub(super) fn crowd(&mut self, scene: &Scene<'_>, zones: Bits) -> Crowd {
        if let Some((_, crowd)) = self.crowds.iter().find(|(asked, _)| *asked == zones) {
            return *crowd;
        }
        let followed = scene.visits.iter().map(|v| v.within(zones)).sum();
        let people = scene
            .context
            .crowd(scene.now.mono, scene.plan, zones, scene.visits);
        let crowd = Crowd {
            followed,
            strangers: people - followed,
        };
        self.crowds.push((zones, crowd));
        crowd
    }

    fn everybody(&mut self) {
        let count = self.seats.len();
        for (word, left) in self.left.iter_mut().enumerate() {
            *left = match count.saturating_sub(word * 64) {
                0 => 0,
                some @ 1..64 => (1 << some) - 1,
                _ => u64::MAX,
            };
        }
    }

    /// Where the mask of a predicate begins; worked out when it is first asked.
    fn answer(&mut self, number: usize) -> usize {
        let at = number * self.words;
        if !self.answered[number] {
            self.answered[number] = true;
            let predicate = &self.book.predicates()[number];
            for (seat, bit) in self.seats.iter().zip(0..) {
                if predicate.holds(seat.viewer, self.look) {
                    let bit: usize = bit;
                    self.masks[at + bit / 64] |= 1 << (bit % 64);
                }
            }
        }
        at
    }
}

/// Numbers of the bits that are set, rising.
fn bits(mut mask: u64) -> impl Iterator<Item = usize> {
    core::iter::from_fn(move || {
        let next = (mask != 0).then(|| mask.trailing_zeros() as usize);
        mask &= mask.wrapping_sub(1);
        next
    })
}
