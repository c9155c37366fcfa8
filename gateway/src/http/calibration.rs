//! A walk with a tag, step by step, and how well places are found.

use super::{App, reply::Refusal};
use crate::calibration::{self, Progress, Refused, SelfTest, Step};
use axum::{
    Json,
    extract::{State, rejection::JsonRejection},
    http::StatusCode,
};
use engine::calibration::Quality;
use serde::Serialize;
use std::sync::Arc;
use tokio::task;

/// A finished walk.
#[derive(Debug, Serialize)]
pub(super) struct Survey {
    /// The text of `survey.csv`.
    csv: String,
    /// Entries in it.
    points: usize,
    /// What it is worth, found by leaving parts out; nothing for a single leg.
    quality: Option<Quality>,
}

/// How the walk stands.
pub(super) async fn progress(State(app): State<Arc<App>>) -> Result<Json<Progress>, Refusal> {
    Ok(Json(app.shop.calibrate(None).await??))
}

/// Takes a step.
pub(super) async fn step(
    State(app): State<Arc<App>>,
    step: Result<Json<Step>, JsonRejection>,
) -> Result<Json<Progress>, Refusal> {
    let Json(step) = step.map_err(|why| Refusal::bad(why.body_text()))?;
    Ok(Json(app.shop.calibrate(Some(step)).await??))
}

/// Makes a survey of the walk so far.
pub(super) async fn survey(State(app): State<Arc<App>>) -> Result<Json<Survey>, Refusal> {
    let walk = app.shop.walk().await??;
    let plan = app.shop.plan();
    let made = task::spawn_blocking(move || {
        let (points, quality) = walk.survey(&plan);
        Survey {
            csv: config::write_survey(&points, &plan),
            points: points.len(),
            quality,
        }
    });
    Ok(Json(made.await.map_err(|_| failed())?))
}

/// Lets the scanners that send be found by the others.
pub(super) async fn self_test(State(app): State<Arc<App>>) -> Result<Json<SelfTest>, Refusal> {
    let heard = app.shop.neighbours().await?;
    let plan = app.shop.plan();
    let tested = task::spawn_blocking(move || calibration::self_test(&plan, &heard));
    Ok(Json(tested.await.map_err(|_| failed())?))
}

fn failed() -> Refusal {
    Refusal::new(
        StatusCode::INTERNAL_SERVER_ERROR,
        "the positions could not be worked out; the gateway's log says why",
    )
}

impl From<Refused> for Refusal {
    fn from(refused: Refused) -> Self {
        Self::new(StatusCode::CONFLICT, refused.to_string())
    }
}
