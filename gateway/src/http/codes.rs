//! Tills ask about vouchers' codes: keep it for this receipt, it is redeemed,
//! let it go. An answer rests on the disk; the same question again is answered
//! the same, so a till that is not sure asks again.

use super::{
    App,
    desk::count,
    reply::Refusal,
    till::{self, Asked},
};
use crate::{
    shop::{Ask, Crowded},
    till::codes::{self, BadQuestion, Question},
};
use axum::{
    Json,
    body::Bytes,
    extract::{
        Path, Query, State,
        rejection::{BytesRejection, QueryRejection},
    },
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use engine::{
    event::{Malformed, Outcome, TillAsks},
    money::{Action, CodeOutcome, Ticket},
};
use serde::Serialize;
use std::sync::{Arc, atomic::Ordering};

#[derive(Serialize)]
struct Told {
    outcome: CodeOutcome,
    /// The number that the till knows the discount by.
    number: u16,
    worth_minor: u32,
    /// Last second at which it can be redeemed, Unix time.
    until_s: u32,
}

/// One question about one code.
pub(super) async fn ask(
    State(app): State<Arc<App>>,
    Path((id, code, action)): Path<(String, String, String)>,
    query: Result<Query<Asked>, QueryRejection>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Refusal> {
    let till = till::admitted(&app, &id, query, &headers)?;
    let action = match action.as_str() {
        "reserve" => Action::Reserve,
        "commit" => Action::Commit,
        "release" => Action::Release,
        _ => return Err(Refusal::missing("ask to reserve, commit or release")),
    };
    let asks = match question(&body?) {
        Ok(question) => codes::asks(&till.config.id, &code, action, &question, app.shop.codes()),
        Err(why) => {
            count(&app, Malformed::Till).await?;
            return Err(Refusal::bad(why));
        }
    };
    match asks {
        Ok(asks) => told(&app, asks).await,
        Err(why @ BadQuestion::Code) => Err(Refusal::missing(why.to_string())),
        Err(why @ (BadQuestion::Receipt | BadQuestion::Attempt | BadQuestion::Keys)) => {
            count(&app, Malformed::Till).await?;
            Err(Refusal::bad(why.to_string()))
        }
    }
}

fn question(body: &[u8]) -> Result<Question, String> {
    serde_json::from_slice(body).map_err(|why| format!("send {{\"receipt\": \"number\"}}; {why}"))
}

async fn told(app: &App, asks: Box<TillAsks>) -> Result<Response, Refusal> {
    let ticket = asks.ticket;
    match app.shop.try_ask(Ask::Code(asks)).await {
        Ok(Outcome::Code(outcome)) => Ok(answer(outcome, ticket)),
        // The engine answers a code with nothing else.
        Ok(_) => Ok(till::full()),
        Err(Crowded::Full) => {
            app.tills_refused.fetch_add(1, Ordering::Relaxed);
            Ok(till::full())
        }
        Err(Crowded::Closed(closed)) => Err(closed.into()),
    }
}

fn answer(outcome: CodeOutcome, ticket: Ticket) -> Response {
    let status = match outcome {
        CodeOutcome::Reserved | CodeOutcome::Committed | CodeOutcome::Released => StatusCode::OK,
        CodeOutcome::LetGo | CodeOutcome::Used | CodeOutcome::Held | CodeOutcome::NotTogether => {
            StatusCode::CONFLICT
        }
        CodeOutcome::Expired => StatusCode::GONE,
        CodeOutcome::NotKnown => StatusCode::NOT_FOUND,
    };
    let told = Told {
        outcome,
        number: ticket.number,
        worth_minor: ticket.worth_minor,
        until_s: ticket.until_s,
    };
    (status, Json(told)).into_response()
}
