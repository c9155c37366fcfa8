//! How far one lane is: what was read, what was said, what the hub has.

use super::{event::Lane, words::Mark};
use crate::store::Epoch;
use std::time::{Duration, Instant};

/// Most batches of a lane on their way.
const WINDOW_MAX: usize = 8;
/// A batch that was acknowledged faster than this makes room for one more.
const FAST: Duration = Duration::from_millis(500);
/// One that was slower halves the room: whatever comes first must not wait long.
const SLOW: Duration = Duration::from_secs(2);
/// After this long without a word from the hub, what it does not have is said again:
/// brokers lose what they had acknowledged (six of six power cuts of mosquitto).
const PATIENCE: Duration = Duration::from_secs(20);
/// Batches that were on their way when the hub told of a gap make it tell again.
const DEAF: Duration = Duration::from_secs(2);

/// One lane.
#[derive(Debug)]
pub(super) struct Course {
    pub(super) lane: Lane,
    /// The hub has everything up to here.
    marked: u64,
    /// The last number that was said.
    said: u64,
    /// Nothing above it was ever said, by this run or one before.
    reached: u64,
    /// Everything up to here was read.
    read: u64,
    /// Batches on their way to the broker.
    afloat: usize,
    window: usize,
    /// When something last went forward.
    moved: Instant,
    rewound: Option<Instant>,
}

impl Course {
    /// The hub has everything up to `told`, and what lies above `reached` was never said.
    pub(super) fn new(lane: Lane, told: u64, reached: u64, now: Instant) -> Self {
        Self {
            lane,
            marked: told,
            said: told,
            reached: told.max(reached),
            read: told,
            afloat: 0,
            window: 1,
            moved: now,
            rewound: None,
        }
    }

    /// Whether another batch may go.
    pub(super) fn has_room(&self) -> bool {
        self.afloat < self.window
    }

    /// From where to read on.
    pub(super) fn read_from(&self) -> u64 {
        self.read
    }

    /// After which number the next batch of this epoch begins, in the hub's eyes.
    pub(super) fn after(&self, epoch: Epoch) -> u64 {
        if self.said > epoch.since {
            self.said
        } else {
            0
        }
    }

    /// Up to here there was nothing to say.
    pub(super) fn passed(&mut self, upto: u64) {
        self.read = self.read.max(upto);
    }

    /// A batch is on its way.
    pub(super) fn went(&mut self, upto: u64, now: Instant) {
        if self.said <= self.marked {
            self.moved = now;
        }
        self.said = upto;
        self.reached = self.reached.max(upto);
        self.read = upto;
        self.afloat += 1;
    }

    /// The broker has one of them.
    pub(super) fn landed(&mut self, took: Duration, now: Instant) {
        self.afloat = self.afloat.saturating_sub(1);
        self.moved = now;
        if took < FAST {
            self.window = (self.window + 1).min(WINDOW_MAX);
        } else if took > SLOW {
            self.window = (self.window / 2).max(1);
        }
    }

    /// Whether the hub says that it has what was never said.
    pub(super) fn is_beyond(&self, mark: &Mark) -> bool {
        mark.of(self.lane) > self.reached
    }

    /// The hub says how far it is. The mark is of an epoch that ends at `end`.
    pub(super) fn marked(&mut self, mark: &Mark, epoch: Epoch, end: u64, now: Instant) {
        let has = mark.of(self.lane).min(end).min(self.reached);
        if has > self.marked {
            self.marked = has;
            self.moved = now;
            self.said = self.said.max(has);
            self.read = self.read.max(has);
        }
        let is_deaf = self
            .rewound
            .is_some_and(|at| now.saturating_duration_since(at) < DEAF);
        if mark.gap && !is_deaf && has < self.said {
            self.rewind(has.max(epoch.since), now);
        }
    }

    /// Says everything again that the hub does not have, if it is silent for too long.
    pub(super) fn look(&mut self, now: Instant) -> bool {
        let is_open = self.said > self.marked && self.afloat == 0;
        let is_late = now.saturating_duration_since(self.moved) >= PATIENCE;
        if is_open && is_late {
            self.rewind(self.marked, now);
        }
        is_open && is_late
    }

    fn rewind(&mut self, to: u64, now: Instant) {
        (self.marked, self.said, self.read) = (to, to, to);
        self.rewound = Some(now);
        self.moved = now;
    }

    /// Everything up to here may go.
    pub(super) fn done(&self) -> u64 {
        if self.said <= self.marked {
            self.read
        } else {
            self.marked
        }
    }

    /// The last number that may have left the house.
    pub(super) fn said(&self) -> u64 {
        self.said
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EPOCH: Epoch = Epoch { id: 1, since: 10 };

    fn mark(rest: u64, gap: bool) -> Mark {
        Mark {
            epoch: 1,
            first: 0,
            rest,
            gap,
        }
    }

    fn course(now: Instant) -> Course {
        Course::new(Lane::Rest, 10, 10, now)
    }

    #[test]
    fn the_first_batch_of_an_epoch_begins_at_nothing_and_the_next_where_it_ended() {
        let now = Instant::now();
        let mut course = course(now);
        assert_eq!(course.after(EPOCH), 0);
        course.went(14, now);
        course.passed(19);
        assert_eq!((course.after(EPOCH), course.read_from()), (14, 19));
        let next = Epoch { id: 2, since: 20 };
        assert_eq!(course.after(next), 0);
    }

    #[test]
    fn only_the_hubs_mark_lets_anything_go() {
        let now = Instant::now();
        let mut course = course(now);
        course.went(14, now);
        course.landed(Duration::ZERO, now);
        course.passed(19);
        assert_eq!(course.done(), 10);
        course.marked(&mark(13, false), EPOCH, 99, now);
        assert_eq!(course.done(), 13);
        course.marked(&mark(14, false), EPOCH, 99, now);
        assert_eq!(course.done(), 19, "there was nothing to say after it");
    }

    #[test]
    fn what_was_never_said_is_not_let_go() {
        let now = Instant::now();
        let mut course = Course::new(Lane::Rest, 10, 12, now);
        for (claimed, beyond) in [(11, false), (12, false), (13, true), (u64::MAX, true)] {
            assert_eq!(course.is_beyond(&mark(claimed, false)), beyond, "{claimed}");
        }
        // What a run before may have said is believed, and nothing above it.
        course.marked(&mark(u64::MAX, false), EPOCH, 99, now);
        assert_eq!((course.done(), course.read_from()), (12, 12));
        course.went(18, now);
        assert!(!course.is_beyond(&mark(18, false)));
        assert!(course.is_beyond(&mark(19, false)));
        // Going back brings nothing back into the way, and lets nothing go.
        for gap in [false, true] {
            course.marked(&mark(3, gap), EPOCH, 99, now);
            assert!(course.done() <= 12, "gap {gap}");
        }
        assert_eq!(
            course.read_from(),
            10,
            "it is said again from the epoch's begin on"
        );
    }

    #[test]
    fn a_gap_and_a_silent_hub_make_it_say_everything_again() {
        let now = Instant::now();
        let mut course = course(now);
        for upto in [14, 18] {
            course.went(upto, now);
            course.landed(Duration::ZERO, now);
        }
        course.marked(&mark(12, true), EPOCH, 99, now);
        assert_eq!((course.after(EPOCH), course.read_from()), (12, 12));
        course.went(18, now);
        course.marked(&mark(12, true), EPOCH, 99, now);
        assert_eq!(course.read_from(), 18, "it has heard of that gap");
        course.landed(Duration::ZERO, now);
        assert!(!course.look(now + PATIENCE / 2));
        assert!(course.look(now + PATIENCE));
        assert_eq!(course.read_from(), 12);
    }

    #[test]
    fn a_slow_line_gets_one_batch_at_a_time() {
        let now = Instant::now();
        let mut course = course(now);
        for upto in 11..30 {
            course.went(upto, now);
            course.landed(Duration::from_millis(5), now);
        }
        assert_eq!(course.window, WINDOW_MAX);
        for _ in 0..4 {
            course.landed(Duration::from_secs(3), now);
        }
        assert_eq!(course.window, 1);
    }
}
