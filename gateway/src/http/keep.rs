//! Keeping the register: who has an account, which programs have a token, and
//! who did what. For operators.

use super::{App, enter::refused, reply::Refusal};
use crate::access::{
    AccessError, Deed, Denied, Hashed, Key, KeyHash, Opens, Register, RegisterError, Role, Scope,
    today,
};
use axum::{
    Json,
    body::Bytes,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use std::sync::Arc;

/// Lines of the log that are shown.
const DEEDS_SHOWN: usize = 100;

#[derive(Serialize)]
struct Listed {
    accounts: Vec<ListedAccount>,
    tokens: Vec<ListedToken>,
    screens: Vec<ListedScreen>,
    deeds: Vec<Deed>,
    signed_in: usize,
    slowed_down: u64,
}

#[derive(Serialize)]
struct ListedAccount {
    name: String,
    role: Role,
    since: String,
}

#[derive(Serialize)]
struct ListedToken {
    name: String,
    scopes: Vec<Scope>,
    since: String,
    last_used: Option<String>,
}

#[derive(Serialize)]
struct ListedScreen {
    screen: String,
    label: String,
    paired: Option<String>,
}

/// Everything but secrets.
pub(super) async fn list(State(app): State<Arc<App>>) -> Result<Response, Refusal> {
    let register = app.gate.folder().register().map_err(failed)?;
    let deeds = app.gate.audit().newest(DEEDS_SHOWN).map_err(|error| {
        let sentence = format!("failed to read the log of who did what: {error}");
        Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, sentence)
    })?;
    let (signed_in, slowed_down) = app.gate.figures();
    let accounts = register.accounts().iter().map(|account| ListedAccount {
        name: account.name.clone(),
        role: account.role,
        since: account.since.clone(),
    });
    let tokens = register.tokens().iter().map(|token| ListedToken {
        name: token.name.clone(),
        scopes: token.scopes.clone(),
        since: token.since.clone(),
        last_used: token.last_used.clone(),
    });
    let plan = app.shop.plan();
    let screens = plan.screens.iter().map(|screen| ListedScreen {
        screen: screen.id.to_string(),
        label: screen.label.clone(),
        paired: register.screen(screen.id.as_str()).paired,
    });
    let listed = Listed {
        accounts: accounts.collect(),
        tokens: tokens.collect(),
        screens: screens.collect(),
        deeds,
        signed_in,
        slowed_down,
    };
    Ok(Json(listed).into_response())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewAccount {
    name: String,
    role: Role,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Named {
    name: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewToken {
    name: String,
    scopes: Vec<Scope>,
}

/// A secret, shown this once.
#[derive(Serialize)]
struct Once<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    token: Option<&'a str>,
}

/// Makes an account. Its password is chosen by whoever it is for, with the code
/// that is the answer.
pub(super) async fn add_account(
    State(app): State<Arc<App>>,
    body: Bytes,
) -> Result<Response, Refusal> {
    let wanted: NewAccount = read(&body, "{\"name\": \"Mai\", \"role\": \"staff\"}")?;
    change(&app, |register| {
        let nobody = Hashed::of_nobody();
        register.add(&wanted.name, wanted.role, nobody, &today())?;
        Ok(())
    })?;
    code_for(&app, &wanted.name)
}

/// A code with which somebody chooses another password.
pub(super) async fn new_code(
    State(app): State<Arc<App>>,
    body: Bytes,
) -> Result<Response, Refusal> {
    let Named { name } = read(&body, "{\"name\": \"Mai\"}")?;
    code_for(&app, &name)
}

fn code_for(app: &App, name: &str) -> Result<Response, Refusal> {
    let folder = app.gate.folder();
    let register = folder.register().map_err(failed)?;
    let account = register.account(name);
    let account = account.ok_or_else(|| refused(&RegisterError::Nobody(name.to_owned()).into()))?;
    let code = folder.draw_code(Opens::Password(account.name.clone()));
    let code = code.map_err(failed)?;
    let once = Once {
        code: Some(code.reveal()),
        token: None,
    };
    Ok(Json(once).into_response())
}

/// Makes somebody something else.
pub(super) async fn set_role(
    State(app): State<Arc<App>>,
    body: Bytes,
) -> Result<Response, Refusal> {
    let wanted: NewAccount = read(&body, "{\"name\": \"Mai\", \"role\": \"staff\"}")?;
    change(&app, |register| {
        register.set_role(&wanted.name, wanted.role)
    })
}

/// Lets somebody in no more.
pub(super) async fn remove_account(
    State(app): State<Arc<App>>,
    body: Bytes,
) -> Result<Response, Refusal> {
    let Named { name } = read(&body, "{\"name\": \"Mai\"}")?;
    change(&app, |register| register.remove(&name))
}

/// Lets a program in.
pub(super) async fn add_token(
    State(app): State<Arc<App>>,
    body: Bytes,
) -> Result<Response, Refusal> {
    let wanted: NewToken = read(&body, "{\"name\": \"crm\", \"scopes\": [\"customers\"]}")?;
    let key = Key::draw().map_err(|error| failed(error.into()))?;
    let hash = KeyHash::of(key.reveal());
    change(&app, |register| {
        register.add_token(&wanted.name, &wanted.scopes, hash, &today())
    })?;
    let once = Once {
        code: None,
        token: Some(key.reveal()),
    };
    Ok(Json(once).into_response())
}

/// Lets a program in no more.
pub(super) async fn remove_token(
    State(app): State<Arc<App>>,
    body: Bytes,
) -> Result<Response, Refusal> {
    let Named { name } = read(&body, "{\"name\": \"crm\"}")?;
    change(&app, |register| register.remove_token(&name))
}

pub(super) fn change(
    app: &App,
    change: impl FnOnce(&mut Register) -> Result<(), RegisterError>,
) -> Result<Response, Refusal> {
    let changed = app
        .gate
        .folder()
        .change::<_, AccessError>(|register| Ok(change(register)?));
    changed.map_err(failed)?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

pub(super) fn read<T: DeserializeOwned>(body: &[u8], wanted: &str) -> Result<T, Refusal> {
    serde_json::from_slice(body).map_err(|why| Refusal::bad(format!("send {wanted}: {why}")))
}

fn failed(error: AccessError) -> Refusal {
    refused(&Denied::from(error))
}
