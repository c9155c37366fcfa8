//! What a loyalty programme hands in at the gateway's desks.

use crate::radio::Fob;
use serde_json::{Value, json};

/// Somebody who takes part in the tests.
#[derive(Debug, Clone)]
pub struct Member {
    /// Reference in the loyalty programme. Never to be found where it does not belong.
    pub customer: String,
    /// Loyalty fob.
    pub fob: Fob,
}

impl Member {
    /// The n-th member, with the n-th fob.
    pub fn new(n: u16) -> Self {
        Self {
            customer: format!("canary-customer-{n:05}"),
            fob: Fob::of_the_shop(n),
        }
    }

    /// How an answer names the request that held version `version`.
    pub fn request(&self, version: u64) -> String {
        format!("request-{}-{version}", self.fob.minor)
    }

    /// Profile and consent, all purposes granted.
    pub fn enrolment(&self, version: u64) -> Value {
        json!({
            "id": self.request(version),
            "customer": self.customer,
            "version": version,
            "keys": [{ "ibeacon": {
                "uuid": self.fob.uuid_text(),
                "major": self.fob.major,
                "minor": self.fob.minor,
            }}],
            "consent": {
                "purposes": ["in_store_offers", "personalisation", "measurement"],
                "notice": 1,
            },
            "segments": ["member"],
            "adult": true,
        })
    }
}

/// Takes back every purpose.
pub fn withdrawal(customer: &str) -> Value {
    json!({ "id": format!("withdraw-{}", customer.len()), "customer": customer })
}
