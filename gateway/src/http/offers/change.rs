//! Stopping offers, and changing them.

use crate::{
    bundle::{Declined, Done, Wish},
    http::{App, reply::Refusal},
    shop::Ask,
};
use axum::{
    Json,
    body::Bytes,
    extract::{
        State,
        rejection::{BytesRejection, JsonRejection},
    },
    http::StatusCode,
    response::{IntoResponse, Response},
};
use config::{Problems, bundle::BadBundle};
use engine::{control::Pause, event::Outcome};
use serde::Deserialize;
use serde_json::json;
use std::sync::Arc;

type Posted = Result<Bytes, BytesRejection>;

/// What is to be stopped or to go on.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct Stopping {
    offer: Option<String>,
    campaign: Option<String>,
    #[serde(default)]
    all: bool,
}

/// Whether the house loop begins or ends.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct Safe {
    #[serde(default)]
    end: bool,
}

/// Back to which version.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct Back {
    to: u32,
}

/// Stops something by hand.
pub(in crate::http) async fn pause(
    State(app): State<Arc<App>>,
    body: Result<Json<Stopping>, JsonRejection>,
) -> Result<Response, Refusal> {
    let what = what(body)?;
    settle(&app, Ask::Pause(what)).await
}

/// Lets it go on.
pub(in crate::http) async fn resume(
    State(app): State<Arc<App>>,
    body: Result<Json<Stopping>, JsonRejection>,
) -> Result<Response, Refusal> {
    let what = what(body)?;
    settle(&app, Ask::Resume(what)).await
}

/// The house loop on every screen, or its end.
pub(in crate::http) async fn safe_now(
    State(app): State<Arc<App>>,
    body: Result<Json<Safe>, JsonRejection>,
) -> Result<Response, Refusal> {
    let Json(safe) = body.map_err(|_| Refusal::bad("send {} or {\"end\": true}"))?;
    let ask = if safe.end {
        Ask::Resume(Pause::SafeNow)
    } else {
        Ask::Pause(Pause::SafeNow)
    };
    settle(&app, ask).await
}

/// What a bundle would change.
pub(in crate::http) async fn plan(
    state: State<Arc<App>>,
    body: Posted,
) -> Result<Response, Refusal> {
    wish(state, body.map(|body| Wish::Plan(body.into()))).await
}

/// Puts a bundle into force.
pub(in crate::http) async fn apply(
    state: State<Arc<App>>,
    body: Posted,
) -> Result<Response, Refusal> {
    wish(state, body.map(|body| Wish::Apply(body.into()))).await
}

/// Goes back to an earlier version.
pub(in crate::http) async fn roll_back(
    state: State<Arc<App>>,
    body: Result<Json<Back>, JsonRejection>,
) -> Result<Response, Refusal> {
    let Json(back) = body.map_err(|_| Refusal::bad("send {\"to\": VERSION}"))?;
    wish(state, Ok(Wish::RollBack(back.to))).await
}

/// What was in force when.
pub(in crate::http) async fn history(state: State<Arc<App>>) -> Result<Response, Refusal> {
    wish(state, Ok(Wish::History)).await
}

async fn wish(
    State(app): State<Arc<App>>,
    wish: Result<Wish, BytesRejection>,
) -> Result<Response, Refusal> {
    let answer: Result<Done, Declined> = app.offers.ask(wish?).await;
    match answer {
        Ok(done) => Ok(Json(done).into_response()),
        Err(declined) => Ok(refused(&declined)),
    }
}

fn refused(declined: &Declined) -> Response {
    let status = match declined {
        Declined::Bad(BadBundle::TooLarge(_)) => StatusCode::PAYLOAD_TOO_LARGE,
        Declined::Bad(_) => StatusCode::BAD_REQUEST,
        Declined::Refused(_) => StatusCode::FORBIDDEN,
        Declined::Replayed { .. } | Declined::Overtaken => StatusCode::CONFLICT,
        Declined::Wrong(_) | Declined::Failing(_) => StatusCode::UNPROCESSABLE_ENTITY,
        Declined::NoVersion(_) => StatusCode::NOT_FOUND,
        Declined::Disk(_) => StatusCode::INSUFFICIENT_STORAGE,
        Declined::Busy | Declined::Closed => StatusCode::SERVICE_UNAVAILABLE,
    };
    let problems = match declined {
        Declined::Wrong(problems) | Declined::Failing(problems) => Some(problems),
        _ => None::<&Problems>,
    };
    let error = declined.to_string();
    (status, Json(json!({"error": error, "problems": problems}))).into_response()
}

async fn settle(app: &App, ask: Ask) -> Result<Response, Refusal> {
    match app.shop.ask(ask).await? {
        Outcome::Done => Ok(Json(json!({"outcome": "done"})).into_response()),
        Outcome::Unknown => Err(Refusal::missing("no such offer or campaign is in force")),
        Outcome::Full => Err(Refusal::new(
            StatusCode::INSUFFICIENT_STORAGE,
            "too many pauses are kept: resume some, or pause all",
        )),
        outcome @ (Outcome::Stale
        | Outcome::Forgotten
        | Outcome::KeyTaken
        | Outcome::Offered(_)
        | Outcome::Code(_)
        | Outcome::NoRoom) => {
            unreachable!("a pause is never answered {outcome:?}")
        }
    }
}

fn what(body: Result<Json<Stopping>, JsonRejection>) -> Result<Pause, Refusal> {
    let refusal =
        || Refusal::bad("send one of {\"offer\": NAME}, {\"campaign\": NAME}, {\"all\": true}");
    let Json(stopping) = body.map_err(|_| refusal())?;
    match stopping {
        Stopping {
            offer: Some(name),
            campaign: None,
            all: false,
        } => Ok(Pause::Offer(name.parse().map_err(|_| refusal())?)),
        Stopping {
            offer: None,
            campaign: Some(name),
            all: false,
        } => Ok(Pause::Campaign(name.parse().map_err(|_| refusal())?)),
        Stopping {
            offer: None,
            campaign: None,
            all: true,
        } => Ok(Pause::All),
        _ => Err(refusal()),
    }
}
