//! Nothing vanishes uncounted, in whatever order things happen, also where
//! numbers begin anew. Here, since only here can a node be put close to that.

use super::*;
use crate::outbox::{MAX_FRAMES, load};
use proptest::prelude::*;
use protocol::{
    beacon::{Address, Beacon},
    frame::{MAX_BYTES, MAX_SIGHTINGS},
};

#[derive(Debug, Clone)]
enum Step {
    /// This phone is heard so often, so strongly.
    Hear(u8, u16, i8),
    /// Something is heard that may not leave.
    Stranger,
    Read(u8, bool),
    Wait(u32),
    /// The link takes a frame, and keeps it for as long as it needs.
    Begin,
    /// What it took has left.
    Finish,
    /// The connection broke; nobody knows whether it has.
    Break,
}

fn any_step() -> impl Strategy<Value = Step> {
    let hear = (
        0_u8..60,
        prop_oneof![9 => 1_u16..20, 1 => 200_u16..300],
        -100_i8..-30,
    );
    prop_oneof![
        12 => hear.prop_map(|(who, times, rssi)| Step::Hear(who, times, rssi)),
        2 => Just(Step::Stranger),
        3 => (0_u8..4, any::<bool>()).prop_map(|(port, fault)| Step::Read(port, fault)),
        6 => prop_oneof![4 => 0_u32..1_500, 1 => 0_u32..100_000].prop_map(Step::Wait),
        4 => Just(Step::Begin),
        4 => Just(Step::Finish),
        1 => Just(Step::Break),
    ]
}

/// Zero, close to the end, or anywhere.
fn number() -> impl Strategy<Value = u32> {
    prop_oneof![Just(0), u32::MAX - 3_000..=u32::MAX, any::<u32>()]
}

/// A node and its link, and what must be true of them.
struct Bench {
    node: Node,
    now: Uptime,
    /// What the counters were at first.
    began: Counters,
    next_sequence: u32,
    under_way: Option<NodeFrame>,
    sent: u32,
}

impl Bench {
    fn new(now: u32, counts: u32, sequence: u32) -> Self {
        let allowed = Allowed {
            private_address: true,
            ..Allowed::NOTHING
        };
        let mut node = Node::new(1, allowed);
        node.window_began = Uptime(now);
        node.sequence = sequence;
        node.counters = Counters {
            heard: counts,
            refused: counts,
            read: counts,
            faults: counts,
            dropped: counts,
        };
        Self {
            began: node.counters,
            node,
            now: Uptime(now),
            next_sequence: sequence,
            under_way: None,
            sent: 0,
        }
    }

    fn happen(&mut self, step: &Step) {
        match *step {
            Step::Hear(who, times, rssi) => (0..times).for_each(|_| self.hear(Some(who), rssi)),
            Step::Stranger => self.hear(None, -40),
            Step::Read(port, fault) => {
                let value = if fault {
                    Quantity::Fault
                } else {
                    Quantity::QueueLength(3)
                };
                self.handle(Event::Read { port, value });
            }
            Step::Wait(ms) => {
                self.now = Uptime(self.now.0.wrapping_add(ms));
                self.handle(Event::Woke);
            }
            Step::Begin => self.under_way = self.node.outgoing().cloned(),
            Step::Finish => self.finish(),
            Step::Break => self.under_way = None,
        }
    }

    fn handle(&mut self, event: Event<'_>) {
        self.node.handle(self.now, event);
    }

    fn hear(&mut self, who: Option<u8>, rssi_dbm: i8) {
        // A resolvable private address says nothing but who it is.
        let address = who.map(|who| (Address([0x40, 0, 0, 0, 0, who]), true));
        self.handle(Event::Heard(Advert {
            address,
            data: &[],
            rssi_dbm,
        }));
    }

    fn finish(&mut self) {
        let Some(frame) = self.under_way.take() else {
            return;
        };
        self.handle(Event::Sent);
        let ahead = frame.sequence.wrapping_sub(self.next_sequence);
        assert!(ahead < u32::MAX / 2, "{} again", frame.sequence);
        self.next_sequence = frame.sequence.wrapping_add(1);
        self.sent += load(&frame);
        self.examine(&frame);
    }

    fn examine(&self, frame: &NodeFrame) {
        let mut buffer = [0; MAX_BYTES];
        let bytes = frame.encode(&mut buffer);
        assert_eq!(bytes.and_then(NodeFrame::decode), Ok(frame.clone()));
        for sighting in &frame.sightings {
            assert!(matches!(sighting.beacon, Beacon::PrivateAddress(_)));
            assert!(sighting.count > 0 && sighting.rssi_mean_dbm <= sighting.rssi_max_dbm);
        }
        let said = frame.dropped.wrapping_sub(self.began.dropped);
        assert!(said <= since(self.node.counters.dropped, self.began.dropped));
    }

    /// What came in was refused, or left, or was dropped, or is still here.
    fn is_balanced(&self) {
        let (now, began) = (self.node.counters(), self.began);
        let came = since(now.heard, began.heard) + since(now.read, began.read);
        let refused = since(now.refused, began.refused);
        let dropped = since(now.dropped, began.dropped);
        let waiting = self.node.health(self.now).waiting;
        assert_eq!(came, refused + self.sent + dropped + waiting);
        assert!(since(now.faults, began.faults) <= since(now.read, began.read));
        let most = (MAX_FRAMES + 1) * (MAX_SIGHTINGS * usize::from(u8::MAX) + MAX_READINGS);
        assert!(waiting as usize <= most, "{waiting} wait");
    }
}

fn since(now: u32, began: u32) -> u32 {
    now.wrapping_sub(began)
}

proptest! {
    #[test]
    fn what_came_in_was_refused_or_sent_or_dropped_or_waits(
        (now, counts, sequence) in (number(), number(), number()),
        steps in prop::collection::vec(any_step(), 0..150),
    ) {
        let mut bench = Bench::new(now, counts, sequence);
        for step in &steps {
            bench.happen(step);
            bench.is_balanced();
        }
    }

    #[test]
    fn an_age_is_right_or_the_largest_there_is(now in number(), passed in 0_u32..140_000) {
        let mut bench = Bench::new(now, 0, 0);
        bench.hear(Some(1), -60);
        bench.handle(Event::Read { port: 0, value: Quantity::Fault });
        bench.node.window_began = Uptime(now.wrapping_add(passed).wrapping_sub(LONG_WINDOW_MS));
        bench.node.close_window(Uptime(now.wrapping_add(passed)));
        let frame = bench.node.outgoing().expect("it has just been made");
        let age_ms = u16::try_from(passed).unwrap_or(u16::MAX);
        prop_assert_eq!(frame.sightings[0].age_ms, age_ms);
        prop_assert_eq!(frame.readings[0].age_ms, age_ms);
    }
}
