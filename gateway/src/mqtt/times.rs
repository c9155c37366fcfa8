//! Tells nodes of ours what time it is, at once: the time an answer takes is
//! what a node is unsure of.

use crate::{clock::Steady, shop::Shop};
use link::{Link, Message};
use protocol::{
    time::{MAX_BYTES, TimeAnswer, TimeAsk},
    topic::Topic,
};

/// Whoever answers.
#[derive(Debug)]
pub(super) struct Times {
    link: Link,
    steady: Steady,
}

impl Times {
    pub(super) const fn new(link: Link, steady: Steady) -> Self {
        Self { link, steady }
    }

    /// Answers the message, if a node of the plan asks with it what time it is.
    pub(super) fn takes(&self, message: &Message, shop: &Shop) -> bool {
        // Most messages are frames: they are told apart by their last letters.
        if message.retained || !message.topic.ends_with("/ask") {
            return false;
        }
        let plan = shop.plan();
        let Some(Topic::NodeAsk(node)) = Topic::parse(&plan.store, &message.topic) else {
            return false;
        };
        let Ok(ask) = TimeAsk::decode(&message.payload) else {
            return false;
        };
        if plan.scanner(&node).is_none() {
            return false;
        }
        let is_dated = shop.live().borrow().health.clock;
        let topic = Topic::NodeTime(node).text(&plan.store);
        // What finds no place is asked again, and the link counts it.
        let _ = self.link.send(&topic, self.answer(ask, is_dated));
        true
    }

    fn answer(&self, ask: TimeAsk, is_dated: bool) -> Vec<u8> {
        let (steady_ms, date) = self.steady.now();
        let answer = TimeAnswer {
            ask,
            epoch: self.steady.epoch,
            steady_ms,
            date_ms: is_dated.then_some(date).and_then(|d| d.0.try_into().ok()),
        };
        let mut buffer = [0; MAX_BYTES];
        let bytes = answer.encode(&mut buffer);
        bytes.expect("any answer fits this buffer").to_vec()
    }
}
