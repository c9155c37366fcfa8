//! What offers brought, and letting one loose again that was taken back.

use super::{
    App,
    reply::{self, Answer, Refusal},
};
use crate::shop::Ask;
use axum::{
    Json,
    extract::{Path, State, rejection::PathRejection},
    response::Response,
};
use engine::trial::Lift;
use protocol::id::OfferId;
use std::sync::Arc;

/// Every offer's effect, as far as can be told.
pub(super) async fn results(State(app): State<Arc<App>>) -> Result<Json<Vec<Lift>>, Refusal> {
    Ok(Json(app.shop.lifts().await?))
}

/// Lets an offer loose again.
pub(super) async fn let_loose(
    State(app): State<Arc<App>>,
    offer: Result<Path<String>, PathRejection>,
) -> Result<Response, Refusal> {
    let offer = offer.ok().and_then(|Path(id)| id.parse::<OfferId>().ok());
    let Some(offer) = offer else {
        return Err(Refusal::missing("there is no such offer"));
    };
    let outcome = app.shop.ask(Ask::ResumeRamp(offer)).await?;
    Ok(reply::answer(None, Answer::Outcome(outcome)))
}
