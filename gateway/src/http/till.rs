//! Tills hand in their receipts in their own words, and are answered when what
//! they are told is on the disk: after one group commit, some tens of
//! milliseconds. A repetition is answered the same and counts nothing, so a
//! till that is not sure sends again.

use super::{
    App,
    desk::count,
    door,
    reply::{self, Answer, Refusal},
};
use crate::{
    access::{Right, TokenFile},
    shop::{Ask, Crowded},
    till,
};
use axum::{
    body::Bytes,
    extract::{
        Path, Query, State,
        rejection::{BytesRejection, QueryRejection},
    },
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use engine::event::{Malformed, Outcome};
use serde::Deserialize;
use std::sync::{Arc, atomic::Ordering};

/// When a till that was refused for want of room should come again, seconds:
/// by then a disk that was busy has caught up, or the shop has other worries.
const RETRY_AFTER: HeaderValue = HeaderValue::from_static("2");

/// For tills that can be given an address and nothing else.
#[derive(Deserialize)]
pub(super) struct Asked {
    token: Option<String>,
}

/// One receipt.
pub(super) async fn receipt(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    query: Result<Query<Asked>, QueryRejection>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Refusal> {
    let till = admitted(&app, &id, query, &headers)?;
    let body = match body {
        Ok(body) => body,
        Err(rejection) => {
            count(&app, Malformed::Till).await?;
            return Err(rejection.into());
        }
    };
    match till::read(&till.config, &body, &app.pseudonym, app.shop.codes()) {
        Ok(Some(receipt)) => settle(&app, Ask::Receipt(receipt)).await,
        // Of another shop: taken note of, and of no concern.
        Ok(None) => Ok(reply::answer(None, Answer::Taken)),
        Err(unreadable) => {
            count(&app, Malformed::Till).await?;
            Err(Refusal::bad(unreadable.to_string()))
        }
    }
}

/// The till that asks, if it may.
pub(super) fn admitted<'a>(
    app: &'a App,
    id: &str,
    query: Result<Query<Asked>, QueryRejection>,
    headers: &HeaderMap,
) -> Result<&'a Till, Refusal> {
    let given = query.ok().and_then(|Query(asked)| asked.token);
    let till = app.tills.iter().find(|till| till.config.id == id);
    let own = till.and_then(|till| till.token.as_ref());
    if !admits(app, headers, own, given.as_deref()) {
        return Err(Refusal::new(
            StatusCode::UNAUTHORIZED,
            "send the till's token as: Authorization: Bearer ..., or behind ?token=",
        ));
    }
    till.ok_or_else(|| Refusal::missing("store.toml has no such till"))
}

/// Whether a till may hand something in: by its own token, in a header or given
/// otherwise, or as whoever may sell.
fn admits(app: &App, headers: &HeaderMap, own: Option<&TokenFile>, given: Option<&str>) -> bool {
    let mut shown = [door::bearer(headers), given].into_iter().flatten();
    own.is_some_and(|own| shown.any(|token| own.is(token)))
        || door::pass(app, headers).is_some_and(|pass| pass.rights.has(Right::Sell))
}

async fn settle(app: &App, ask: Ask) -> Result<Response, Refusal> {
    match app.shop.try_ask(ask).await {
        Ok(Outcome::Full) => Ok(full()),
        Ok(outcome) => Ok(reply::answer(None, Answer::Outcome(outcome))),
        Err(Crowded::Full) => {
            app.tills_refused.fetch_add(1, Ordering::Relaxed);
            Ok(full())
        }
        Err(Crowded::Closed(closed)) => Err(closed.into()),
    }
}

pub(super) fn full() -> Response {
    let refusal = Refusal::new(
        StatusCode::SERVICE_UNAVAILABLE,
        "the disk does not keep up; nothing was counted, send it again",
    );
    ([(header::RETRY_AFTER, RETRY_AFTER)], refusal).into_response()
}

/// A till, with the token that it must show.
#[derive(Debug)]
pub(super) struct Till {
    pub(super) config: config::Till,
    pub(super) token: Option<TokenFile>,
}
