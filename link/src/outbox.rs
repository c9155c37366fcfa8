//! What must reach the broker, until the broker says it has it.
//!
//! rumqttc forgets accepted publishes when a session is lost (5,731 of 20,000
//! in a test with cuts), so it is only ever lent a few messages: the outbox
//! keeps each until its acknowledgement and lends it again, in order, to the
//! next session.

use rumqttc::{AsyncClient, QoS};
use std::{
    collections::VecDeque,
    fmt,
    time::{Duration, Instant},
};

/// Most messages kept.
pub(crate) const MAX_MESSAGES: usize = 4_096;
/// Most bytes of topics and payloads kept.
pub(crate) const MAX_BYTES: usize = 16 << 20;
/// Most messages lent to rumqttc and not acknowledged. Far below its own
/// limit, so that its packet ids never collide.
pub(crate) const WINDOW: usize = 50;

/// One message that must arrive. `Debug` shows no payload.
#[derive(Clone)]
pub struct Delivery {
    /// Where to.
    pub topic: String,
    /// What.
    pub payload: Vec<u8>,
    /// Whether the broker shows it to later subscribers: for state only.
    pub retain: bool,
    /// After this long it is of no use and no longer sent.
    pub expires_after: Option<Duration>,
}

impl fmt::Debug for Delivery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "delivery of {} bytes", self.payload.len())
    }
}

/// Counts that only the outbox can know.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) acknowledged: u64,
    pub(crate) resent: u64,
    pub(crate) expired: u64,
    pub(crate) superseded: u64,
}

#[derive(Debug)]
pub(crate) struct Outbox {
    /// The first `lent` of them are with rumqttc or acknowledged out of order.
    entries: VecDeque<Entry>,
    lent: usize,
    /// How many may be lent now. A line that is reset while much is on its way
    /// takes the acknowledgements with it: sessions that bring none lend fewer,
    /// or each would break like the one before.
    window: usize,
    /// What the tally was when the session began.
    acknowledged_before: u64,
    bytes: usize,
    pub(crate) tally: Tally,
}

impl Default for Outbox {
    fn default() -> Self {
        Self {
            entries: VecDeque::new(),
            lent: 0,
            window: WINDOW,
            acknowledged_before: 0,
            bytes: 0,
            tally: Tally::default(),
        }
    }
}

#[derive(Debug)]
struct Entry {
    delivery: Delivery,
    expires: Option<Instant>,
    /// Made by the session for itself: worthless to the next one.
    of_session: bool,
    lent_before: bool,
    state: State,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Waiting,
    /// In rumqttc's queue, not yet numbered.
    Lent,
    /// On the wire under this packet id.
    Sent(u16),
    Done,
}

impl Outbox {
    /// Keeps a message, if there is room.
    pub(crate) fn push(&mut self, delivery: Delivery, now: Instant) -> bool {
        let bytes = delivery.topic.len() + delivery.payload.len();
        if self.entries.len() >= MAX_MESSAGES || self.bytes + bytes > MAX_BYTES {
            self.drop_expired(now);
            if self.entries.len() >= MAX_MESSAGES || self.bytes + bytes > MAX_BYTES {
                return false;
            }
        }
        self.bytes += bytes;
        self.entries.push_back(Entry::new(delivery, now, false));
        true
    }

    /// Forgets what waits for a topic, because something newer comes.
    pub(crate) fn drop_older(&mut self, topic: &str) {
        let before = self.entries.len();
        self.entries
            .retain(|e| e.state != State::Waiting || e.of_session || e.delivery.topic != topic);
        self.tally.superseded += (before - self.entries.len()) as u64;
        self.bytes = self.entries.iter().map(Entry::bytes).sum();
    }

    /// Puts a message of this session before all others, when none is lent yet.
    pub(crate) fn push_first(&mut self, delivery: Delivery, now: Instant) {
        debug_assert_eq!(self.lent, 0, "only at the start of a session");
        self.bytes += delivery.topic.len() + delivery.payload.len();
        self.entries.push_front(Entry::new(delivery, now, true));
    }

    /// Puts a message of this session after all others.
    pub(crate) fn push_last(&mut self, delivery: Delivery, now: Instant) {
        self.bytes += delivery.topic.len() + delivery.payload.len();
        self.entries.push_back(Entry::new(delivery, now, true));
    }

    /// Lends messages in order, as far as the window and rumqttc's queue allow.
    pub(crate) fn pump(&mut self, client: &AsyncClient, now: Instant) {
        while self.lent < self.window {
            let Some(entry) = self.entries.get_mut(self.lent) else {
                return;
            };
            if entry.expires.is_some_and(|expires| expires <= now) {
                self.tally.expired += 1;
                self.remove(self.lent);
                continue;
            }
            let Delivery {
                topic,
                payload,
                retain,
                expires_after: _,
            } = &entry.delivery;
            let lent = client.try_publish(
                topic.as_str(),
                QoS::AtLeastOnce,
                *retain,
                payload.as_slice(),
            );
            if lent.is_err() {
                return;
            }
            self.tally.resent += u64::from(entry.lent_before);
            entry.lent_before = true;
            entry.state = State::Lent;
            self.lent += 1;
        }
    }

    /// rumqttc has put the oldest lent message on the wire under this id.
    pub(crate) fn sent(&mut self, pkid: u16) {
        let oldest = self.entries.iter_mut().take(self.lent);
        if let Some(entry) = oldest.into_iter().find(|e| e.state == State::Lent) {
            entry.state = State::Sent(pkid);
        }
    }

    /// The broker has the message of this id.
    pub(crate) fn acknowledged(&mut self, pkid: u16) {
        let mut lent = self.entries.iter_mut().take(self.lent);
        if let Some(entry) = lent.find(|e| e.state == State::Sent(pkid)) {
            entry.state = State::Done;
            self.window = (self.window + 1).min(WINDOW);
            self.tally.acknowledged += u64::from(!entry.of_session);
        }
        while self.entries.front().is_some_and(|e| e.state == State::Done) {
            self.remove(0);
            self.lent -= 1;
        }
    }

    /// The session is over: what was not acknowledged waits again, in order.
    pub(crate) fn rewind(&mut self) {
        let brought_none = self.tally.acknowledged == self.acknowledged_before;
        if brought_none && self.lent > 0 {
            self.window = (self.window.min(self.lent) / 2).max(1);
        }
        self.acknowledged_before = self.tally.acknowledged;
        self.entries
            .retain(|e| e.state != State::Done && !e.of_session);
        for entry in &mut self.entries {
            entry.state = State::Waiting;
        }
        self.lent = 0;
        self.bytes = self.entries.iter().map(Entry::bytes).sum();
    }

    /// Forgets what is of no use any more. Called now and then, so that a
    /// broker that stays away does not fill memory with the past.
    pub(crate) fn drop_expired(&mut self, now: Instant) {
        let before = self.entries.len();
        let mut index = 0;
        let lent = self.lent;
        self.entries.retain(|e| {
            index += 1;
            index <= lent || e.expires.is_none_or(|expires| expires > now)
        });
        self.tally.expired += (before - self.entries.len()) as u64;
        self.bytes = self.entries.iter().map(Entry::bytes).sum();
    }

    /// Messages kept.
    pub(crate) fn depth(&self) -> usize {
        self.entries.len()
    }

    /// Messages lent and not acknowledged.
    pub(crate) fn lent(&self) -> usize {
        self.lent
    }

    /// Whether messages wait that are not lent yet.
    pub(crate) fn has_waiting(&self) -> bool {
        self.lent < self.entries.len()
    }

    fn remove(&mut self, index: usize) {
        if let Some(entry) = self.entries.remove(index) {
            self.bytes -= entry.bytes();
        }
    }
}

impl Entry {
    fn new(delivery: Delivery, now: Instant, of_session: bool) -> Self {
        Self {
            expires: delivery.expires_after.map(|after| now + after),
            delivery,
            of_session,
            lent_before: false,
            state: State::Waiting,
        }
    }

    fn bytes(&self) -> usize {
        self.delivery.topic.len() + self.delivery.payload.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rumqttc::{EventLoop, MqttOptions};

    fn delivery(n: usize, expires_after: Option<Duration>) -> Delivery {
        Delivery {
            topic: format!("t/{n}"),
            payload: vec![0; 8],
            retain: false,
            expires_after,
        }
    }

    /// A client whose queue takes `room` requests and is never drained.
    fn client(room: usize) -> (AsyncClient, EventLoop) {
        AsyncClient::new(MqttOptions::new("t", "h", 1), room)
    }

    fn waiting(outbox: &Outbox) -> Vec<&str> {
        let topics = outbox.entries.iter().skip(outbox.lent);
        topics.map(|e| e.delivery.topic.as_str()).collect()
    }

    #[test]
    fn what_was_not_acknowledged_is_lent_again_in_order() {
        let now = Instant::now();
        let mut outbox = Outbox::default();
        for n in 0..5 {
            assert!(outbox.push(delivery(n, None), now));
        }
        let (first, _keep) = client(100);
        outbox.pump(&first, now);
        for pkid in 1..=4 {
            outbox.sent(pkid);
        }
        outbox.acknowledged(3);
        assert_eq!(outbox.depth(), 5, "the window slides from the front only");
        outbox.acknowledged(1);
        assert_eq!((outbox.depth(), outbox.lent()), (4, 4));
        outbox.rewind();
        assert_eq!(waiting(&outbox), ["t/1", "t/3", "t/4"]);
        let (second, _keep) = client(100);
        outbox.pump(&second, now);
        assert_eq!(outbox.tally.resent, 3);
        assert_eq!(outbox.tally.acknowledged, 2);
    }

    #[test]
    fn the_window_and_a_full_queue_hold_messages_back() {
        let now = Instant::now();
        let mut outbox = Outbox::default();
        for n in 0..WINDOW * 2 {
            outbox.push(delivery(n, None), now);
        }
        let (narrow, _keep) = client(7);
        outbox.pump(&narrow, now);
        assert_eq!(outbox.lent(), 7);
        let mut outbox = Outbox::default();
        for n in 0..WINDOW * 2 {
            outbox.push(delivery(n, None), now);
        }
        let (wide, _keep) = client(1_000);
        outbox.pump(&wide, now);
        assert_eq!(outbox.lent(), WINDOW);
        assert!(outbox.has_waiting());
    }

    #[test]
    fn sessions_that_bring_no_acknowledgement_lend_fewer_until_one_comes() {
        let now = Instant::now();
        let mut outbox = Outbox::default();
        for n in 0..8 {
            outbox.push(delivery(n, None), now);
        }
        let (client, _keep) = client(100);
        for lent in [8, 4, 2, 1] {
            outbox.rewind();
            outbox.pump(&client, now);
            assert_eq!(outbox.lent(), lent);
        }
        outbox.sent(1);
        outbox.acknowledged(1);
        outbox.pump(&client, now);
        assert_eq!(outbox.lent(), 2, "and more with each that comes");
    }

    #[test]
    fn what_is_past_its_use_is_not_sent() {
        let now = Instant::now();
        let soon = Some(Duration::from_secs(1));
        let mut outbox = Outbox::default();
        outbox.push(delivery(0, soon), now);
        outbox.push(delivery(1, None), now);
        outbox.push(delivery(2, soon), now);
        let (client, _keep) = client(10);
        outbox.pump(&client, now + Duration::from_secs(2));
        assert_eq!((outbox.lent(), outbox.tally.expired), (1, 2));
        assert_eq!(outbox.depth(), 1);
    }

    #[test]
    fn what_something_newer_replaces_is_dropped_unless_it_is_on_its_way() {
        let now = Instant::now();
        let mut outbox = Outbox::default();
        outbox.push(delivery(7, None), now);
        let (client, _keep) = client(10);
        outbox.pump(&client, now);
        for n in [7, 8, 7] {
            outbox.push(delivery(n, None), now);
        }
        outbox.drop_older("t/7");
        outbox.push(delivery(7, None), now);
        assert_eq!(waiting(&outbox), ["t/8", "t/7"]);
        assert_eq!((outbox.lent(), outbox.tally.superseded), (1, 2));
        outbox.rewind();
        outbox.drop_older("t/7");
        assert_eq!(waiting(&outbox), ["t/8"]);
    }

    #[test]
    fn a_full_outbox_refuses_and_takes_again_once_the_past_is_dropped() {
        let now = Instant::now();
        let mut outbox = Outbox::default();
        for n in 0..MAX_MESSAGES {
            assert!(outbox.push(delivery(n, Some(Duration::from_secs(9))), now));
        }
        assert!(!outbox.push(delivery(0, None), now));
        assert!(outbox.push(delivery(0, None), now + Duration::from_secs(10)));
        assert_eq!((outbox.depth(), outbox.bytes), (1, 11));
    }

    #[test]
    fn messages_of_a_session_end_with_it() {
        let now = Instant::now();
        let mut outbox = Outbox::default();
        outbox.push(delivery(1, None), now);
        outbox.push_first(delivery(0, None), now);
        outbox.push_last(delivery(2, None), now);
        assert_eq!(waiting(&outbox), ["t/0", "t/1", "t/2"]);
        outbox.rewind();
        assert_eq!(waiting(&outbox), ["t/1"]);
        assert_eq!(outbox.bytes, 11);
    }
}
