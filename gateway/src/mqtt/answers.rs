//! What became of messages to the desks, told at `out/answer`:
//! `{"id": .., "outcome": "done"}` or `{"id": .., "error": "consent: is missing"}`.
//! Whoever had somebody forgotten is given the receipt with it.

use crate::{
    privacy::{Office, receipt::Receipt},
    shop::Shop,
};
use engine::{event::Outcome, shopper::ShopperId};
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
    desk: (Shop, Office),
    open: JoinSet<Answered>,
}

/// A question and what came of it.
#[derive(Debug)]
struct Answered {
    id: Option<String>,
    outcome: Option<Outcome>,
    receipt: Option<Receipt>,
}

impl Answers {
    pub(super) fn new(link: Link, store: &StoreId, desk: (Shop, Office)) -> Self {
        Self {
            link,
            topic: Topic::Answer.text(store).to_string(),
            desk,
            open: JoinSet::new(),
        }
    }

    /// Will be told when the answer comes.
    pub(super) fn expect(&mut self, id: Option<String>, answer: oneshot::Receiver<Outcome>) {
        self.open.spawn(async move {
            Answered {
                id,
                outcome: answer.await.ok(),
                receipt: None,
            }
        });
    }

    /// The same for whoever has a shopper forgotten, who is given the receipt.
    pub(super) fn expect_receipt(
        &mut self,
        id: Option<String>,
        answer: oneshot::Receiver<Outcome>,
        shopper: ShopperId,
    ) {
        let (shop, office) = self.desk.clone();
        self.open.spawn(async move {
            let outcome = answer.await.ok();
            let receipt = match outcome {
                Some(Outcome::Done) => {
                    let person = shop.person(shopper).await.ok();
                    person.and_then(|person| office.receipt(shopper, &person))
                }
                _ => None,
            };
            Answered {
                id,
                outcome,
                receipt,
            }
        });
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
        if let Some(Ok(Answered {
            id: Some(id),
            outcome: Some(outcome),
            receipt,
        })) = self.open.join_next().await
        {
            // A code's outcome is one word, too.
            self.tell(match outcome {
                Outcome::Done if receipt.is_some() => {
                    json!({ "id": id, "outcome": outcome, "receipt": receipt })
                }
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
