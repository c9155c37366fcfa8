//! The MQTT session of one node, held in its place.

use super::House;
use link::{Delivery, Link, StartError, Status};
use protocol::{id::ScannerId, topic::Topic};

/// Batches that may be on their way to the broker. One that answers takes each
/// at once; while it does not, they stay with the node.
const UNDER_WAY_MAX: usize = 8;

/// The session of one node.
#[derive(Debug)]
pub(super) struct Session {
    pub(super) node: ScannerId,
    link: Link,
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
        let (link, _) = Link::start(settings, Vec::new())?;
        Ok(Self {
            link,
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
        is_up && has_room && self.deliver(&self.frame, payload, false)
    }

    /// Publishes the node's health, now or when the broker is back: then the
    /// newest.
    pub(super) fn tell_health(&self, payload: &[u8]) {
        self.deliver(&self.health, payload, true);
    }

    /// Says that the node is gone.
    pub(super) async fn end(self) {
        self.link.stop().await;
    }

    fn deliver(&self, topic: &str, payload: &[u8], is_state: bool) -> bool {
        let delivery = Delivery {
            topic: topic.to_owned(),
            payload: payload.to_vec(),
            retain: is_state,
            expires_after: None,
        };
        let taken = if is_state {
            self.link.deliver_newest(delivery)
        } else {
            self.link.deliver(delivery)
        };
        taken.is_ok()
    }
}
