//! What became of messages to the desks, told at `out/answer`:
//! `{"id": .., "outcome": "done"}` or `{"id": .., "error": "consent: is missing"}`.

use engine::event::Outcome;
use link::{Delivery, Link};
use protocol::{id::StoreId, topic::Topic};
use serde_json::json;
use std::{fmt, time::Duration};
use tokio::{sync::oneshot, task::JoinSet};

/// Most questions open at once. Each waits for the disk, together with the
/// others: 256 per group commit of 50 ms is 5,000 profiles a second.
const OPEN_MAX: usize = 256;
/// How long an answer is of use to whoever asked.
pub(crate) const OF_USE: Duration = Duration::from_mins(5);

/// Questions that wait for their answer.
#[derive(Debug)]
pub(super) struct Answers {
    link: Link,
    topic: String,
    open: JoinSet<(Option<String>, Option<Outcome>)>,
}

impl Answers {
    pub(super) fn new(link: Link, store: &StoreId) -> Self {
        Self {
            link,
            topic: Topic::Answer.text(store).to_string(),
            open: JoinSet::new(),
        }
    }

    /// Will be told when the answer comes.
    pub(super) fn expect(&mut self, id: Option<String>, answer: oneshot::Receiver<Outcome>) {
        self.open.spawn(async move { (id, answer.await.ok()) });
    }

    pub(super) fn is_empty(&self) -> bool {
        self.open.is_empty()
    }

    pub(super) fn are_many(&self) -> bool {
        self.open.len() >= OPEN_MAX
    }

    /// Waits for one answer and tells it.
    pub(super) async fn give_one(&mut self) {
        // Neither panics nor cancelled tasks are possible, and an outcome that
        // never came means that the gateway is stopping: the sender repeats.
        if let Some(Ok((Some(id), Some(outcome)))) = self.open.join_next().await {
            // A code's outcome is one word, too.
            self.tell(match outcome {
                Outcome::Code(outcome) => json!({ "id": id, "outcome": outcome }),
                outcome => json!({ "id": id, "outcome": outcome }),
            });
        }
    }

    /// The message has gone in, and there is nothing to wait for.
    pub(super) fn taken(&self, id: Option<String>) {
        if let Some(id) = id {
            self.tell(json!({ "id": id, "outcome": "taken" }));
        }
    }

    /// The message is refused. Without an id nobody can tell which one: then
    /// the answer is for whoever watches, and may be dropped.
    pub(super) fn refused(&self, id: Option<String>, refusal: &dyn fmt::Display) {
        let error = refusal.to_string();
        if let Some(id) = id {
            self.tell(json!({ "id": id, "error": error }));
        } else {
            let answer = json!({ "error": error }).to_string();
            // The link counts what it drops.
            let _ = self.link.send(&self.topic, answer.into_bytes());
        }
    }

    fn tell(&self, answer: serde_json::Value) {
        let delivery = Delivery {
            topic: self.topic.clone(),
            payload: answer.to_string().into_bytes(),
            retain: false,
            expires_after: Some(OF_USE),
        };
        // The link counts what it drops.
        let _ = self.link.deliver(delivery);
    }
}
