//! Signing in and out: by name and password, by a one-time code, by the token of
//! a file.

use super::{
    App,
    door::{self, COOKIE, From},
    pages,
    reply::Refusal,
};
use crate::access::{Denied, Entered, Key, LONGEST, Pass, Plain, Right};
use axum::{
    Extension, Form, Json,
    body::Bytes,
    extract::{State, rejection::FormRejection},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// What the sign-in page sends: name and password, or the token of a file.
#[derive(Deserialize)]
pub(super) struct SignIn {
    #[serde(default)]
    name: String,
    password: Option<Plain>,
    token: Option<String>,
}

/// Signs in.
pub(super) async fn sign_in(
    State(app): State<Arc<App>>,
    From(from): From,
    headers: HeaderMap,
    form: Result<Form<SignIn>, FormRejection>,
) -> Response {
    let key = match form {
        Ok(Form(SignIn {
            token: Some(token), ..
        })) => app.gate.sign_in_by_file(token.trim(), from),
        Ok(Form(SignIn {
            name,
            password: Some(password),
            ..
        })) => app.gate.sign_in(&name, password, from).await,
        _ => Err(Denied::Wrong),
    };
    match key {
        Ok(key) => (signed_in(&headers, &key), Redirect::to("/")).into_response(),
        Err(denied) => {
            let status = status_of(&denied);
            let page = pages::login_refused(&sentence_of(&denied));
            (status, wait_of(&denied), page).into_response()
        }
    }
}

/// Signs out.
pub(super) async fn sign_out(State(app): State<Arc<App>>, headers: HeaderMap) -> Response {
    if let Some(session) = door::cookie(&headers, COOKIE) {
        app.gate.sign_out(session);
    }
    let gone = format!("{COOKIE}=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict");
    ([(header::SET_COOKIE, gone)], Redirect::to("/login")).into_response()
}

/// What the page for a one-time code sends.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ShownCode {
    code: String,
    name: Option<String>,
    password: Option<Plain>,
}

/// What is still to be chosen; nothing once somebody is in.
#[derive(Serialize)]
struct Missing {
    choose: &'static [&'static str],
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
}

/// Comes in by a one-time code.
pub(super) async fn enter(
    State(app): State<Arc<App>>,
    From(from): From,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Refusal> {
    let shown: ShownCode = serde_json::from_slice(&body).map_err(|_| {
        Refusal::bad("send {\"code\": \"..\"}, with a name and a password once they are asked for")
    })?;
    let chosen = (shown.name, shown.password);
    let (choose, name): (&[_], _) = match app.gate.enter(&shown.code, chosen, from).await {
        Ok(Entered::In(key)) => {
            let missing = Missing {
                choose: &[],
                name: None,
            };
            return Ok((signed_in(&headers, &key), Json(missing)).into_response());
        }
        Ok(Entered::ChooseBoth) => (&["name", "password"], None),
        Ok(Entered::ChoosePassword(name)) => (&["password"], Some(name)),
        Err(denied) => return Ok((wait_of(&denied), refused(&denied)).into_response()),
    };
    Ok(Json(Missing { choose, name }).into_response())
}

/// Who asks, for pages that show only what they may.
#[derive(Serialize)]
struct Me<'a> {
    name: &'a str,
    may: Vec<&'static str>,
}

/// Says who is signed in.
pub(super) async fn me(Extension(pass): Extension<Pass>) -> Response {
    let known = [
        ("offers", Right::Offers),
        ("serve", Right::Serve),
        ("keep", Right::Keep),
    ];
    let may = known.iter().filter(|(_, right)| pass.rights.has(*right));
    Json(Me {
        name: &pass.who,
        may: may.map(|(name, _)| *name).collect(),
    })
    .into_response()
}

/// An answer to somebody who did not come in, as JSON.
pub(super) fn refused(denied: &Denied) -> Refusal {
    Refusal::new(status_of(denied), sentence_of(denied))
}

fn status_of(denied: &Denied) -> StatusCode {
    match denied {
        Denied::Wrong | Denied::Code => StatusCode::FORBIDDEN,
        Denied::Wait(_) => StatusCode::TOO_MANY_REQUESTS,
        Denied::Busy => StatusCode::SERVICE_UNAVAILABLE,
        Denied::Weak(_) | Denied::Refused(_) => StatusCode::BAD_REQUEST,
        Denied::Failed(_) => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// As a page shows it: a sentence.
fn sentence_of(denied: &Denied) -> String {
    let text = denied.to_string();
    let mut letters = text.chars();
    let first = letters.next().map(char::to_uppercase);
    first
        .into_iter()
        .flatten()
        .chain(letters)
        .chain(['.'])
        .collect()
}

pub(super) fn wait_of(denied: &Denied) -> HeaderMap {
    let mut headers = HeaderMap::new();
    if let Denied::Wait(wait) = denied {
        let seconds = HeaderValue::from(wait.as_secs().max(1));
        headers.insert(header::RETRY_AFTER, seconds);
    }
    headers
}

/// The cookie of a session. A page that was loaded over TLS says so in the origin
/// of its request; its cookie then never travels without.
fn signed_in(headers: &HeaderMap, key: &Key) -> [(header::HeaderName, String); 1] {
    let origin = headers.get(header::ORIGIN).map(HeaderValue::as_bytes);
    let over_tls = origin.is_some_and(|origin| origin.starts_with(b"https://"));
    let secure = if over_tls { "; Secure" } else { "" };
    let cookie = format!(
        "{COOKIE}={}; Path=/; Max-Age={}; HttpOnly; SameSite=Strict{secure}",
        key.reveal(),
        LONGEST.as_secs()
    );
    [(header::SET_COOKIE, cookie)]
}
