//! A walk with a tag, step by step, and how well places are found.

use super::{App, reply::Refusal};
use crate::calibration::{self, KeepError, Progress, Refused, Step, Surveyed};
use axum::{
    Json,
    extract::{State, rejection::JsonRejection},
    http::StatusCode,
};
use engine::{
    calibration::{Quality, SelfTest, self_test as self_test_of},
    plan::StorePlan,
    presence::Radio,
};
use serde::{Deserialize, Serialize};
use std::{sync::Arc, time::Duration};
use tokio::{sync::Mutex, task, time::Instant};

/// So long a self-test counts as new: scanners do not move.
const TESTED_FOR: Duration = Duration::from_secs(15);

/// The last self-test and the plan it is of. It takes up to a second, and every
/// console asks.
#[derive(Debug, Default)]
pub(super) struct Tested(Mutex<Option<(Instant, Arc<StorePlan>, SelfTest)>>);

/// What a shop knows of its own radio.
#[derive(Debug, Serialize)]
pub(super) struct Knows {
    #[serde(flatten)]
    test: SelfTest,
    /// What was learnt from who walked about; nothing where a survey says it.
    radio: Option<Radio>,
}

/// A finished walk.
#[derive(Debug, Serialize)]
pub(super) struct Survey {
    /// The text of `survey.csv`.
    csv: String,
    /// Entries in it.
    points: usize,
    /// What it is worth, found by leaving parts out; nothing for a single leg.
    quality: Option<Quality>,
    /// How well the shop as it is finds the tag on the same walk.
    now: Option<Quality>,
}

/// How a survey is saved.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct How {
    /// Behind what was surveyed before, instead of in its place.
    #[serde(default)]
    add: bool,
}

/// A saved survey.
#[derive(Debug, Serialize)]
pub(super) struct Saved {
    /// Entries of this walk.
    points: usize,
    /// What it is worth.
    quality: Option<Quality>,
    /// Where it is.
    file: String,
    /// Where the former survey is, if there was one.
    former: Option<String>,
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
    Ok(Json(made(&app).await?))
}

/// Makes a survey of the walk so far and saves it where the shop is read from;
/// the walk is over then.
pub(super) async fn save(
    State(app): State<Arc<App>>,
    how: Result<Json<How>, JsonRejection>,
) -> Result<Json<Saved>, Refusal> {
    let Json(How { add }) = how.map_err(|why| Refusal::bad(why.body_text()))?;
    let Survey {
        csv,
        points,
        quality,
        ..
    } = made(&app).await?;
    if points == 0 {
        return Err(Refused("no place was surveyed yet: nothing was saved".to_owned()).into());
    }
    let file = app.files.survey();
    let kept = task::spawn_blocking(move || calibration::keep(&file, &csv, add));
    let kept = kept.await.map_err(|_| failed())??;
    app.shop.calibrate(Some(Step::Stop)).await??;
    Ok(Json(Saved {
        points,
        quality,
        file: kept.file.display().to_string(),
        former: kept.former.map(|former| former.display().to_string()),
    }))
}

async fn made(app: &App) -> Result<Survey, Refusal> {
    let walk = app.shop.walk().await??;
    let plan = app.shop.plan();
    let made = task::spawn_blocking(move || {
        let Surveyed {
            points,
            quality,
            now,
        } = walk.survey(&plan);
        Survey {
            csv: config::write_survey(&points, &plan),
            points: points.len(),
            quality,
            now,
        }
    });
    made.await.map_err(|_| failed())
}

/// Lets the scanners that send be found by the others.
pub(super) async fn self_test(State(app): State<Arc<App>>) -> Result<Json<Knows>, Refusal> {
    let plan = app.shop.plan();
    let radio = app.shop.radio().await?;
    let mut last = app.tested.0.lock().await;
    if let Some((when, by, test)) = &*last
        && when.elapsed() < TESTED_FOR
        && Arc::ptr_eq(by, &plan)
    {
        let test = test.clone();
        return Ok(Json(Knows { test, radio }));
    }
    let heard = app.shop.neighbours().await?;
    let by = plan.clone();
    let test = task::spawn_blocking(move || self_test_of(&plan, &heard));
    let test = test.await.map_err(|_| failed())?;
    *last = Some((Instant::now(), by, test.clone()));
    Ok(Json(Knows { test, radio }))
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

impl From<KeepError> for Refusal {
    fn from(error: KeepError) -> Self {
        let status = match error {
            KeepError::File { .. } => StatusCode::INTERNAL_SERVER_ERROR,
            KeepError::OtherColumns(_) => StatusCode::CONFLICT,
        };
        Self::new(status, error.to_string())
    }
}
