//! A node's time is the gateway's to within what it says, whatever network,
//! crystal and gateway do.

use node::{Event, LONG_WINDOW_MS, Node, Uptime};
use proptest::prelude::*;
use protocol::{
    settings::Allowed,
    time::{SYNCED_WITHIN_MS, Stamp, TimeAnswer, TimeAsk, Trust},
};

const EPOCH: u32 = 7;
/// What the gateway's clock says at the beginning, ms.
const STEADY_MS: u64 = 3_600_000;
/// The same moment as a date, ms.
const DATE_MS: u64 = 1_795_226_400_000;
const HOUR_MS: u64 = 3_600_000;

/// A node whose crystal is wrong, and a gateway whose clock is right.
struct World {
    node: Node,
    /// What passed since the beginning, by the gateway's clock, ms.
    true_ms: u64,
    node_began: u32,
    fast_ppm: i64,
    epoch: u32,
    /// How far the gateway's clock has been moved, which it never does.
    stepped_ms: i64,
    is_dated: bool,
}

impl World {
    fn new(node_began: u32, fast_ppm: i64) -> Self {
        let mut node = Node::new(3, Allowed::NOTHING);
        node.handle(Uptime(node_began), Event::Woke);
        Self {
            node,
            true_ms: 0,
            node_began,
            fast_ppm,
            epoch: EPOCH,
            stepped_ms: 0,
            is_dated: true,
        }
    }

    fn uptime(&self) -> Uptime {
        let passed = self.true_ms.cast_signed();
        let wrong = passed + passed * self.fast_ppm / 1_000_000;
        Uptime(self.node_began.wrapping_add(wrong.cast_unsigned() as u32))
    }

    /// Second by second, as a board does.
    fn pass(&mut self, ms: u64) {
        let end = self.true_ms + ms;
        while self.true_ms < end {
            self.true_ms = end.min(self.true_ms + u64::from(LONG_WINDOW_MS));
            self.node.handle(self.uptime(), Event::Woke);
        }
    }

    fn steady_ms(&self) -> u64 {
        (STEADY_MS + self.true_ms).strict_add_signed(self.stepped_ms)
    }

    fn answer_to(&self, ask: TimeAsk) -> TimeAnswer {
        TimeAnswer {
            ask,
            epoch: self.epoch,
            steady_ms: self.steady_ms(),
            date_ms: self.is_dated.then_some(DATE_MS + self.true_ms),
        }
    }

    fn tell(&mut self, answer: &TimeAnswer) {
        self.node.handle(self.uptime(), Event::Told(answer));
    }

    /// A question and its answer, each under way for so long.
    fn exchange(&mut self, there_ms: u64, back_ms: u64) {
        let ask = self.node.ask(self.uptime());
        self.pass(there_ms);
        let answer = self.answer_to(ask);
        self.pass(back_ms);
        self.tell(&answer);
    }

    /// The stamp of a frame that is made now. All before are sent.
    fn stamp(&mut self) -> Option<Stamp> {
        while self.node.has_outgoing() {
            self.send();
        }
        while !self.node.has_outgoing() {
            self.true_ms += 1;
            self.node.handle(self.uptime(), Event::Woke);
        }
        self.send()
    }

    fn send(&mut self) -> Option<Stamp> {
        let made = self.node.outgoing().and_then(|frame| frame.made);
        self.node.handle(self.uptime(), Event::Sent);
        made
    }

    fn trust(&self) -> Trust {
        self.node.health(self.uptime()).time.trust
    }

    fn refused(&self) -> u32 {
        self.node.health(self.uptime()).time.refused
    }

    /// How far a stamp of now is off, ms; negative when it is late.
    fn error_ms(&self, stamp: &Stamp) -> i64 {
        stamp.steady_ms.cast_signed() - self.steady_ms().cast_signed()
    }
}

fn is_honest(world: &World, stamp: &Stamp) -> bool {
    world.error_ms(stamp).unsigned_abs() <= u64::from(stamp.within_ms)
}

#[test]
fn a_node_that_nobody_told_stamps_nothing() {
    let mut world = World::new(0, 0);
    assert_eq!((world.stamp(), world.trust()), (None, Trust::None));
}

#[test]
fn an_answer_tells_the_time_to_half_of_its_round_trip() {
    for (there_ms, back_ms, error_ms, within_ms, trust) in [
        (0, 0, 0, 2, Trust::Synced),
        (10, 10, 0, 12, Trust::Synced),
        (40, 0, 20, 22, Trust::Synced),
        (0, 40, -20, 22, Trust::Synced),
        (300, 300, 0, 302, Trust::Coarse),
    ] {
        let mut world = World::new(50_000, 0);
        world.exchange(there_ms, back_ms);
        let stamp = world.stamp().expect("the time is known");
        assert_eq!(
            (world.error_ms(&stamp), stamp.within_ms, world.trust()),
            (error_ms, within_ms, trust),
            "{there_ms} there, {back_ms} back"
        );
        let date = DATE_MS + world.true_ms;
        let dated = stamp.date_ms.map(|d| d.cast_signed() - date.cast_signed());
        assert_eq!((stamp.epoch, dated), (EPOCH, Some(error_ms)));
    }
}

#[test]
fn without_answers_doubt_grows_until_the_time_is_not_known_any_more() {
    for fast_ppm in [-400, 0, 400] {
        let mut world = World::new(u32::MAX - 5_000, fast_ppm);
        world.exchange(5, 5);
        let mut trusts = vec![world.trust()];
        for _ in 0..70 {
            world.pass(60_000);
            let stamp = world.stamp();
            assert!(stamp.is_none_or(|s| is_honest(&world, &s)), "{stamp:?}");
            if trusts.last() != Some(&world.trust()) {
                trusts.push(world.trust());
            }
        }
        assert_eq!(trusts, [Trust::Synced, Trust::Coarse, Trust::None]);
        assert_eq!(world.stamp(), None);
    }
}

#[test]
fn a_gateway_without_a_date_tells_its_steady_time_alone() {
    let mut world = World::new(0, 0);
    world.is_dated = false;
    world.exchange(5, 5);
    let stamp = world.stamp().expect("the time is known");
    assert!(is_honest(&world, &stamp));
    assert_eq!((stamp.date_ms, world.trust()), (None, Trust::Synced));
}

#[test]
fn an_answer_that_is_late_or_unasked_or_impossible_is_refused() {
    let mut world = World::new(0, 0);
    let old = world.node.ask(world.uptime());
    let new = world.node.ask(Uptime(world.uptime().0 + 1));
    let mut refused = 0;
    let real = world.answer_to(new);
    for answer in [
        world.answer_to(old),
        world.answer_to(TimeAsk { boot: 4, ..new }),
        TimeAnswer {
            steady_ms: u64::MAX,
            ..real
        },
        // Once is enough: that was the answer to this question.
        real,
    ] {
        world.tell(&answer);
        refused += 1;
        assert_eq!((world.refused(), world.trust()), (refused, Trust::None));
    }
    world.exchange(1_500, 1_500);
    assert_eq!((world.refused(), world.trust()), (5, Trust::None));
    world.exchange(5, 5);
    assert_eq!((world.refused(), world.trust()), (5, Trust::Synced));
}

#[test]
fn one_absurd_answer_changes_nothing_and_three_that_agree_do() {
    for step_ms in [-600_000_i64, 600_000] {
        let mut world = World::new(0, 0);
        world.exchange(5, 5);
        let right = world.stamp().expect("the time is known");
        world.stepped_ms = step_ms;
        for refused in 1..=2 {
            world.exchange(5, 5);
            let kept = world.stamp().expect("the time is known");
            assert_eq!(world.refused(), refused);
            assert!((world.error_ms(&kept) + step_ms).abs() <= 20, "{kept:?}");
            assert!(kept.steady_ms >= right.steady_ms);
        }
        world.exchange(5, 5);
        let moved = world.stamp().expect("the time is known");
        assert!(is_honest(&world, &moved), "{moved:?} at {step_ms}");
        assert!(moved.steady_ms >= right.steady_ms, "never back");
    }
}

#[test]
fn absurd_answers_that_do_not_agree_never_persuade() {
    let mut world = World::new(0, 0);
    world.exchange(5, 5);
    for n in 1..20 {
        world.stepped_ms = n * 60_000;
        world.exchange(5, 5);
        world.stepped_ms = 0;
        let stamp = world.stamp().expect("the time is known");
        assert!(is_honest(&world, &stamp), "{stamp:?} after {n}");
    }
    assert_eq!(world.refused(), 19);
}

#[test]
fn another_start_of_the_gateway_is_believed_at_once() {
    let mut world = World::new(0, 0);
    world.exchange(5, 5);
    assert_eq!(world.stamp().map(|s| s.epoch), Some(EPOCH));
    world.epoch = EPOCH + 1;
    world.stepped_ms = -STEADY_MS.cast_signed();
    world.exchange(5, 5);
    let stamp = world.stamp().expect("the time is known");
    assert_eq!((stamp.epoch, world.refused()), (EPOCH + 1, 0));
    assert!(is_honest(&world, &stamp));
}

#[test]
fn a_worse_answer_does_not_replace_a_better_one() {
    let mut world = World::new(0, 0);
    world.exchange(5, 5);
    world.exchange(400, 0);
    let stamp = world.stamp().expect("the time is known");
    assert!(stamp.within_ms <= SYNCED_WITHIN_MS && is_honest(&world, &stamp));
}

#[test]
fn frames_from_before_the_first_answer_are_stamped_by_it() {
    let mut world = World::new(u32::MAX - 2_500, 0);
    world.pass(4 * u64::from(LONG_WINDOW_MS));
    world.exchange(5, 5);
    let mut stamps = Vec::new();
    while world.node.has_outgoing() {
        let made = world.send().expect("the time is known");
        stamps.push(made.steady_ms - STEADY_MS);
    }
    assert_eq!(stamps, [0, 1_000, 2_000, 3_000, 4_000]);
}

#[derive(Debug, Clone)]
enum Step {
    Exchange(u64, u64),
    Lost,
    Pass(u64),
    Restart,
}

fn any_step() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => (0_u64..900, 0_u64..900).prop_map(|(there, back)| Step::Exchange(there, back)),
        2 => Just(Step::Lost),
        4 => (0_u64..60_000).prop_map(Step::Pass),
        1 => (0..HOUR_MS).prop_map(Step::Pass),
        1 => Just(Step::Restart),
    ]
}

proptest! {
    #[test]
    fn a_stamp_is_as_right_as_it_says_and_never_goes_back(
        node_began in prop_oneof![Just(0_u32), Just(u32::MAX - 30_000), any::<u32>()],
        fast_ppm in -400_i64..=400,
        steps in prop::collection::vec(any_step(), 1..30),
    ) {
        let mut world = World::new(node_began, fast_ppm);
        let mut last: Option<Stamp> = None;
        for step in steps {
            match step {
                Step::Exchange(there, back) => world.exchange(there, back),
                Step::Lost => drop(world.node.ask(world.uptime())),
                Step::Pass(ms) => world.pass(ms),
                Step::Restart => world.epoch += 1,
            }
            let Some(stamp) = world.stamp() else { continue };
            prop_assert!(is_honest(&world, &stamp), "{:?}: {}", stamp, world.error_ms(&stamp));
            let before = last.filter(|last| last.epoch == stamp.epoch);
            prop_assert!(before.is_none_or(|last| last.steady_ms <= stamp.steady_ms));
            last = Some(stamp);
        }
        prop_assert_eq!(world.refused(), 0);
    }
}
