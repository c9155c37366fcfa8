//! The MQTT session of one node, held in its place.

use super::House;
use link::{Delivery, Filter, Inbox, Link, Message, StartError, Status};
use protocol::{id::ScannerId, topic::Topic};
use std::time::Duration;

/// Batches that may be on their way to the broker. One that answers takes each
/// at once; while it does not, they stay with the node.
const UNDER_WAY_MAX: usize = 8;

/// A question for the time that waits longer is answered too late to be of use.
const ASK_OF_USE: Duration = Duration::from_secs(2);

/// The session of one node.
#[derive(Debug)]
pub(super) struct Session {
    pub(super) node: ScannerId,
    link: Link,
    inbox: Inbox,
    ask: String,
    frame: String,
    health: String,
}

impl Session {
    /// Begins one, as the node itself would: under its name, and with its will.
    pub(super) fn begin(house: &House, node: ScannerId) -> Result<Self, StartError> {
        let text = |topic: Topic| topic.text(&house.store).to_string();
        let mut settings = house.broker.clone();
        settings.client_id = node.to_string();
        settings.status_topic = Some(text(Topic::NodeStatus(node.clone())));
        let time = Filter::fleeting(text(Topic::NodeTime(node.clone())));
        let (link, inbox) = Link::start(settings, vec![time])?;
        Ok(Self {
            link,
            inbox,
            ask: text(Topic::NodeAsk(node.clone())),
            frame: text(Topic::NodeFrame(node.clone())),
            health: text(Topic::NodeHealth(node.clone())),
            node,
        })
    }

    /// Publishes a batch, if the broker takes it now. A batch once taken arrives
    /// also when the session breaks at this very moment.
    pub(super) fn takes_frame(&self, payload: &[u8]) -> bool {
        let is_up = *self.link.status().borrow() == Status::Up;
        let has_room = self.link.counters().outbox < UNDER_WAY_MAX;
        is_up && has_room && self.publish(&self.frame, payload, None)
    }

    /// Publishes the node's health, now or when the broker is back: then the
    /// newest.
    pub(super) fn tell_health(&self, payload: &[u8]) {
        let health = Delivery {
            topic: self.health.clone(),
            payload: payload.to_vec(),
            retain: true,
            expires_after: None,
        };
        // The next one comes soon, and says all that this one does.
        let _ = self.link.deliver_newest(health);
    }

    /// Asks what time it is.
    pub(super) fn ask(&self, payload: &[u8]) {
        self.publish(&self.ask, payload, Some(ASK_OF_USE));
    }

    /// Waits for what the node is told: what time it is.
    pub(super) async fn told(&mut self) -> Option<Vec<Message>> {
        self.inbox.batch().await
    }

    /// Says that the node is gone.
    pub(super) async fn end(self) {
        self.link.stop().await;
    }

    fn publish(&self, topic: &str, payload: &[u8], of_use: Option<Duration>) -> bool {
        let delivery = Delivery {
            topic: topic.to_owned(),
            payload: payload.to_vec(),
            retain: false,
            expires_after: of_use,
        };
        self.link.deliver(delivery).is_ok()
    }
}
