use super::*;
use crate::fact::AddressKind;
use crate::{
    Quantity,
    fact::{Device, Fact, Says, Source, Value},
};

const BUTTON: Source<'static> = Source {
    device: Some(Device::Radio(Address([1; 6]), AddressKind::Public)),
    scanner: None,
    rssi_dbm: None,
    time: crate::fact::Time::Receipt,
};
const COUNTER: Source<'static> = Source {
    device: Some(Device::Named("door")),
    ..BUTTON
};

fn number(source: Source<'static>, quantity: Quantity, number: f64) -> Fact<'static> {
    let value = if quantity.is_flag() {
        Value::Flag(number != 0.0)
    } else {
        Value::Number(number)
    };
    let says = Says::Measured {
        quantity,
        nth: 0,
        value,
    };
    Fact { source, says }
}

fn press(source: Source<'static>, action: &'static str) -> Fact<'static> {
    let says = Says::Happened {
        what: "button",
        nth: 0,
        action,
        amount: None,
    };
    Fact { source, says }
}

impl Changes {
    /// What the last fact of a live message is worth.
    fn live(&mut self, now_ms: u64, facts: &[Fact<'_>]) -> News {
        let mut message = self.message(now_ms, "topic", false);
        let news = facts.iter().map(|fact| message.accept(fact));
        news.last().expect("there is a fact")
    }

    fn kept(&mut self, fact: &Fact<'_>) -> News {
        self.message(0, "topic", true).accept(fact)
    }
}

#[test]
fn values_are_news_only_when_they_change() {
    let mut changes = Changes::default();
    let mut say = |value| changes.live(0, &[number(COUNTER, Quantity::Temperature, value)]);
    assert_eq!(say(21.0), News::First);
    assert_eq!(say(21.0), News::Repeated);
    assert_eq!(say(21.5), News::Changed);
    assert_eq!(say(21.5), News::Repeated);
}

#[test]
fn what_the_broker_kept_is_no_event_but_is_remembered() {
    let mut changes = Changes::default();
    let motion = |on| number(COUNTER, Quantity::Occupancy, on);
    assert_eq!(changes.kept(&motion(1.0)), News::Kept);
    assert_eq!(changes.live(0, &[motion(1.0)]), News::Repeated);
    assert_eq!(changes.live(0, &[motion(0.0)]), News::Changed);
    assert_eq!(changes.kept(&press(COUNTER, "single")), News::Kept);
}

#[test]
fn counters_give_what_they_counted() {
    let mut changes = Changes::default();
    let mut count = |value| changes.live(0, &[number(COUNTER, Quantity::Passages, value)]);
    for (value, expected) in [
        (41.0, News::First),
        (41.0, News::Repeated),
        (44.0, News::Rose(3.0)),
        (2.0, News::Restarted(2.0)),
        (5.0, News::Rose(3.0)),
        // One that overtook another is no crowd.
        (4.0, News::Restarted(0.0)),
        (4.0, News::Repeated),
    ] {
        assert_eq!(count(value), expected, "{value}");
    }
}

#[test]
fn a_press_counts_once_however_often_it_is_told() {
    let mut changes = Changes::default();
    let packet = |id| number(BUTTON, Quantity::PacketId, id);
    let mut told = |at, id, action| changes.live(at, &[packet(id), press(BUTTON, action)]);
    assert_eq!(told(0, 7.0, "press"), News::Happened);
    assert_eq!(told(40_000, 7.0, "press"), News::Duplicate);
    assert_eq!(told(41_000, 8.0, "press"), News::Happened);
    assert_eq!(told(42_000, 8.0, "double_press"), News::Happened);
    assert_eq!(told(PRESS_MS * 2, 7.0, "press"), News::Happened);
}

#[test]
fn the_first_message_after_connecting_is_no_event_without_a_packet_id() {
    let mut changes = Changes::default();
    let single = [press(COUNTER, "single")];
    assert_eq!(changes.live(0, &single), News::First);
    assert_eq!(changes.live(1, &single), News::Happened);
    changes.connected();
    assert_eq!(changes.live(2, &single), News::First);
    assert_eq!(changes.live(3, &single), News::Happened);
}

#[test]
fn frames_that_are_numbered_under_encryption_are_believed_once() {
    let mut changes = Changes::default();
    let mut frame = |counter| {
        changes.live(
            0,
            &[
                number(BUTTON, Quantity::Counter, counter),
                press(BUTTON, "press"),
            ],
        )
    };
    assert_eq!(frame(100.0), News::First);
    assert_eq!(frame(100.0), News::Duplicate);
    assert_eq!(frame(101.0), News::Happened);
    assert_eq!(frame(99.0), News::Replayed);
    let mut after_restart = Changes::default();
    after_restart.restore(changes.counters());
    let recorded = number(BUTTON, Quantity::Counter, 101.0);
    assert_eq!(after_restart.live(0, &[recorded]), News::Duplicate);
}

#[test]
fn a_number_may_begin_again_only_at_its_end() {
    let mut counters = Counters::default();
    let address = Address([2; 6]);
    counters.restore(address, u32::MAX - 1);
    assert_eq!(counters.accept(address, 3), News::Changed);
    assert_eq!(counters.accept(address, u32::MAX), News::Changed);
    assert_eq!(counters.accept(address, 1000), News::Replayed);
}

#[test]
fn somebody_whom_nobody_saw_go_is_gone_after_a_while() {
    let mut changes = Changes::default();
    let motion = |on| number(COUNTER, Quantity::Occupancy, on);
    assert_eq!(changes.live(0, &[motion(1.0)]), News::First);
    let key = changes.message(0, "topic", false).key(&motion(1.0));
    assert_eq!(changes.live(60_000, &[motion(1.0)]), News::Repeated);
    assert_eq!(changes.expire(OCCUPANCY_MS - 1), None);
    assert_eq!(changes.expire(OCCUPANCY_MS), Some(key));
    assert_eq!(changes.expire(OCCUPANCY_MS), None);
    // It still says so, which is no news; going and coming is.
    assert_eq!(changes.live(OCCUPANCY_MS, &[motion(1.0)]), News::Repeated);
    changes.live(OCCUPANCY_MS, &[motion(0.0)]);
    changes.live(OCCUPANCY_MS, &[motion(1.0)]);
    changes.live(OCCUPANCY_MS + 1, &[motion(0.0)]);
    assert_eq!(changes.expire(u64::MAX), None);
}

#[test]
fn strangers_fill_no_memory_and_what_was_forgotten_is_counted() {
    let mut changes = Changes::default();
    for n in 0..(VALUES_MAX as u32 * 3) {
        let [_, bytes @ ..] = n.to_be_bytes();
        let address = Address([0, 0, 0, bytes[0], bytes[1], bytes[2]]);
        let source = Source {
            device: Some(Device::Radio(address, AddressKind::Unknown)),
            ..BUTTON
        };
        changes.live(u64::from(n), &[number(source, Quantity::Motion, 1.0)]);
    }
    assert!(changes.forgotten() > 0);
    assert!(changes.occupied.len() <= VALUES_MAX);
}
