//! What is kept of people, for whoever is responsible for it.

use super::{App, reply::Refusal};
use crate::privacy::report::Report;
use axum::{Json, extract::State, http::StatusCode};
use std::sync::Arc;

/// The data map, and what is there now.
pub(super) async fn report(State(app): State<Arc<App>>) -> Result<Json<Report>, Refusal> {
    let holdings = app.shop.holdings().await?;
    let office = app.office.clone();
    let report = tokio::task::spawn_blocking(move || office.report(holdings)).await;
    match report {
        Ok(Ok(report)) => Ok(Json(report)),
        Ok(Err(error)) => Err(unread(&error)),
        Err(error) => Err(unread(&error)),
    }
}

fn unread(error: &dyn std::fmt::Display) -> Refusal {
    let sentence = format!("failed to read the ledger: {error}; ask again");
    Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, sentence)
}
