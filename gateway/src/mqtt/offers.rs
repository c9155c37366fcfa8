//! Bundles of offers that come over MQTT, and what came of them.

use super::answers::OF_USE;
use crate::bundle::{Declined, Done, OffersDesk, Wish};
use config::bundle::sha256;
use link::{Delivery, Link, Message};
use protocol::{id::StoreId, topic::Topic};
use serde_json::{Value, json};
use tokio::task::JoinSet;

/// Most bundles on their way at once; what comes above is refused as busy.
const OPEN_MAX: usize = 4;

/// Bundles that wait for their answer.
#[derive(Debug)]
pub(super) struct Pushed {
    link: Link,
    desk: OffersDesk,
    set: String,
    result: String,
    open: JoinSet<(String, Result<Done, Declined>)>,
}

impl Pushed {
    pub(super) fn new(link: Link, desk: OffersDesk, store: &StoreId) -> Self {
        Self {
            link,
            desk,
            set: Topic::OffersSet.text(store).to_string(),
            result: Topic::OffersResult.text(store).to_string(),
            open: JoinSet::new(),
        }
    }

    /// Takes a bundle in, if this is one. A retained one was handed in before,
    /// and its number keeps it from counting again.
    pub(super) fn takes(&mut self, message: &Message) -> bool {
        if message.topic != self.set {
            return false;
        }
        let name = sha256(&message.payload);
        if self.open.len() >= OPEN_MAX {
            self.tell(&name, Err(Declined::Busy));
            return true;
        }
        let (desk, bytes) = (self.desk.clone(), message.payload.to_vec());
        self.open
            .spawn(async move { (name, desk.ask(Wish::Apply(bytes)).await) });
        true
    }

    pub(super) fn is_empty(&self) -> bool {
        self.open.is_empty()
    }

    /// Waits for one answer and tells it.
    pub(super) async fn tell_one(&mut self) {
        // Neither panics nor cancelled tasks are possible.
        if let Some(Ok((name, answer))) = self.open.join_next().await {
            self.tell(&name, answer);
        }
    }

    fn tell(&self, name: &str, answer: Result<Done, Declined>) {
        let delivery = Delivery {
            topic: self.result.clone(),
            payload: result(name, &answer).to_string().into_bytes(),
            retain: false,
            expires_after: Some(OF_USE),
        };
        // The link counts what it drops.
        let _ = self.link.deliver(delivery);
    }
}

/// What is told of a bundle, named by the SHA-256 of its bytes.
fn result(name: &str, answer: &Result<Done, Declined>) -> Value {
    match answer {
        Ok(Done::InForce { version }) => json!({"bundle": name, "version": version}),
        Ok(_) => json!({"bundle": name}),
        Err(why) => json!({"bundle": name, "refused": why.label(), "error": why.to_string()}),
    }
}
