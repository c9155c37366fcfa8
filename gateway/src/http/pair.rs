//! How a display becomes a screen: it shows a code, an operator types it and says
//! which screen it is, and the display fetches the key.

use super::{
    App,
    door::From,
    enter::refused,
    keep::{change, read},
    pages,
    reply::Refusal,
};
use crate::access::{PAIRING_LIVES, Paired};
use axum::{
    Json,
    body::Bytes,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use protocol::id::ScreenId;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// The page of a display that has not been told yet which screen it is.
pub(super) async fn page() -> Response {
    pages::pair(StatusCode::OK)
}

#[derive(Serialize)]
struct Begun<'a> {
    code: &'a str,
    secret: &'a str,
    expires_s: u64,
}

/// Lets a display wait.
pub(super) async fn begin(
    State(app): State<Arc<App>>,
    From(from): From,
) -> Result<Response, Refusal> {
    let begun = app.gate.begin_pairing(from);
    let ticket = begun.map_err(|denied| refused(&denied))?;
    Ok(Json(Begun {
        code: &ticket.code,
        secret: ticket.secret.reveal(),
        expires_s: PAIRING_LIVES.as_secs(),
    })
    .into_response())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    secret: String,
}

#[derive(Serialize)]
struct Told<'a> {
    screen: &'a str,
    key: String,
}

/// A display asks whether somebody has typed its code: 202 while nobody has, 410
/// when it is over.
pub(super) async fn ask(State(app): State<Arc<App>>, body: Bytes) -> Result<Response, Refusal> {
    let Asked { secret } = read(&body, "{\"secret\": \"..\"}")?;
    let asked = app.gate.ask_pairing(&secret);
    let told = match asked.map_err(|denied| refused(&denied))? {
        (Paired::Is(screen), Some(key)) => {
            app.gate
                .audit()
                .note(&screen, None, "display paired", "done");
            return Ok(Json(Told {
                screen: &screen,
                key,
            })
            .into_response());
        }
        (Paired::Waiting, _) => StatusCode::ACCEPTED.into_response(),
        (Paired::Over | Paired::Is(_), _) => {
            Refusal::new(StatusCode::GONE, "that code is over; begin again").into_response()
        }
    };
    Ok(told)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Assigned {
    code: String,
    screen: String,
}

/// An operator says which screen shows a code.
pub(super) async fn assign(State(app): State<Arc<App>>, body: Bytes) -> Result<Response, Refusal> {
    let wanted: Assigned = read(&body, "{\"code\": \"K7MNP2\", \"screen\": \"dairy\"}")?;
    let screen = known(&app, &wanted.screen)?;
    if !app.gate.assign(&wanted.code, screen.as_str()) {
        return Err(Refusal::missing(
            "no display shows that code now; look again, it changes every ten minutes",
        ));
    }
    Ok(StatusCode::NO_CONTENT.into_response())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Revoked {
    screen: String,
}

/// Takes the key of a screen back: its display goes dark to us, and shows a code.
pub(super) async fn revoke(State(app): State<Arc<App>>, body: Bytes) -> Result<Response, Refusal> {
    let wanted: Revoked = read(&body, "{\"screen\": \"dairy\"}")?;
    let screen = known(&app, &wanted.screen)?;
    change(&app, |register| {
        register.revoke_screen(screen.as_str());
        Ok(())
    })
}

fn known(app: &App, screen: &str) -> Result<ScreenId, Refusal> {
    let id = screen.parse().ok();
    let id = id.filter(|id| app.shop.plan().screen(id).is_some());
    id.ok_or_else(|| Refusal::missing("store.toml has no such screen"))
}
