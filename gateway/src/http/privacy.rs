//! What is kept of people, for whoever is responsible for it, and for each of
//! them about themselves. References come in bodies, never in addresses: those
//! are written into logs on the way.

use super::{App, reply::Refusal};
use crate::{
    access::Pass,
    privacy::{looks::LookedAt, person::Kept, receipt::Receipt, report::Report},
};
use axum::{Extension, Json, body::Bytes, extract::State, http::StatusCode};
use engine::shopper::ShopperId;
use serde::Deserialize;
use serde_json::Value;
use std::{fmt::Display, sync::Arc};

/// Whom a question is about.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct About {
    customer: String,
}

/// The data map, and what is there now.
pub(super) async fn report(State(app): State<Arc<App>>) -> Result<Json<Report>, Refusal> {
    let holdings = app.shop.holdings().await?;
    let office = app.office.clone();
    read(move || office.report(holdings)).await.map(Json)
}

/// Everything that is kept of one shopper.
pub(super) async fn person(
    State(app): State<Arc<App>>,
    Extension(pass): Extension<Pass>,
    body: Bytes,
) -> Result<Json<Kept>, Refusal> {
    let shopper = shopper(&app, &body)?;
    let person = app.shop.person(shopper).await?;
    let office = app.office.clone();
    let kept = read(move || office.show(&pass.who, shopper, &person)).await?;
    if kept.is_nothing() {
        return Err(Refusal::missing("nothing is kept of such a customer"));
    }
    Ok(Json(kept))
}

/// The record of a shopper's consents.
pub(super) async fn consents(
    State(app): State<Arc<App>>,
    Extension(pass): Extension<Pass>,
    body: Bytes,
) -> Result<Json<Value>, Refusal> {
    let shopper = shopper(&app, &body)?;
    let person = app.shop.person(shopper).await?;
    let office = app.office.clone();
    let record = read(move || office.consents(&pass.who, shopper, &person)).await?;
    record
        .map(Json)
        .ok_or_else(|| Refusal::missing("no consent of such a customer is known"))
}

/// The receipt of somebody who was forgotten, again.
pub(super) async fn receipt(
    State(app): State<Arc<App>>,
    body: Bytes,
) -> Result<Json<Receipt>, Refusal> {
    let shopper = shopper(&app, &body)?;
    let person = app.shop.person(shopper).await?;
    let receipt = app.office.receipt(shopper, &person);
    receipt
        .map(Json)
        .ok_or_else(|| Refusal::missing("no such customer was forgotten here"))
}

/// Who looked: at one shopper, or at anybody.
pub(super) async fn looks(
    State(app): State<Arc<App>>,
    body: Bytes,
) -> Result<Json<Vec<LookedAt>>, Refusal> {
    let at = if body.is_empty() {
        None
    } else {
        Some(shopper(&app, &body)?)
    };
    let office = app.office.clone();
    read(move || office.looks(at)).await.map(Json)
}

fn shopper(app: &App, body: &[u8]) -> Result<ShopperId, Refusal> {
    let about: Result<About, _> = serde_json::from_slice(body);
    // The parser's words may quote the reference.
    let about = about.map_err(|_| Refusal::bad(r#"send {"customer": ".."}"#))?;
    Ok(app.pseudonym.shopper(&about.customer))
}

/// Reads files on a thread that may wait for the disk.
async fn read<T: Send + 'static, E: Display + Send + 'static>(
    work: impl FnOnce() -> Result<T, E> + Send + 'static,
) -> Result<T, Refusal> {
    match tokio::task::spawn_blocking(work).await {
        Ok(Ok(done)) => Ok(done),
        Ok(Err(error)) => Err(unread(&error)),
        Err(error) => Err(unread(&error)),
    }
}

fn unread(error: &dyn Display) -> Refusal {
    let sentence = format!("failed to read the data folder: {error}; ask again");
    Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, sentence)
}
