//! What watchdogs ask.

use super::App;
use axum::{Json, extract::State, http::StatusCode};
use serde::Serialize;
use std::{sync::Arc, time::Duration};
use tokio::time::timeout;

/// The loop renews its picture a few times a second; without one for so long
/// it is stuck.
const PICTURE_DUE: Duration = Duration::from_secs(2);

/// Whether the gateway does its work.
#[derive(Debug, Serialize)]
pub(super) struct Ready {
    ready: bool,
    reasons: Vec<&'static str>,
}

/// The process is there and answers.
pub(super) async fn alive() -> &'static str {
    "alive\n"
}

/// The shop works: its loop turns, its broker is up, its store keeps.
pub(super) async fn ready(State(app): State<Arc<App>>) -> (StatusCode, Json<Ready>) {
    let mut reasons = Vec::new();
    let mut live = app.shop.live();
    live.borrow_and_update();
    if !matches!(timeout(PICTURE_DUE, live.changed()).await, Ok(Ok(()))) {
        reasons.push("the loop of the shop does not turn");
    }
    let health = live.borrow().health.clone();
    if !health.broker {
        reasons.push("the broker is not connected");
    }
    if !health.store {
        reasons.push("the store does not take commits");
    }
    if !health.room {
        reasons.push("the disk is full");
    }
    let ready = reasons.is_empty();
    let status = if ready {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    };
    (status, Json(Ready { ready, reasons }))
}
