//! What staff and other systems hand in.

use super::{
    App, import,
    reply::{self, Answer, Refusal},
};
use crate::{
    dialect::desk::{self, Request},
    shop::{Ask, Input},
};
use axum::{
    body::{Body, Bytes},
    extract::{
        Path, State,
        rejection::{BytesRejection, PathRejection},
    },
    http::StatusCode,
    response::Response,
};
use engine::{
    Event,
    event::{Malformed, Outcome},
    shopper::ShopperId,
};
use protocol::topic::Desk;
use std::sync::Arc;

type Posted = Result<Bytes, BytesRejection>;

/// Profiles and consents, one JSON message a line.
pub(super) async fn profiles(State(app): State<Arc<App>>, body: Body) -> Response {
    import::run(&app, body).await
}

/// Takes consent back.
pub(super) async fn withdraw(state: State<Arc<App>>, body: Posted) -> Result<Response, Refusal> {
    hand_in(state, Desk::Withdraw, body).await
}

/// Forgets a shopper.
pub(super) async fn forget(state: State<Arc<App>>, body: Posted) -> Result<Response, Refusal> {
    hand_in(state, Desk::Forget, body).await
}

/// A till's basket.
pub(super) async fn basket(state: State<Arc<App>>, body: Posted) -> Result<Response, Refusal> {
    hand_in(state, Desk::Basket, body).await
}

/// A sensor's value.
pub(super) async fn reading(state: State<Arc<App>>, body: Posted) -> Result<Response, Refusal> {
    hand_in(state, Desk::Reading, body).await
}

/// A complaint about a screen, or a call for help near it.
pub(super) async fn complaint(state: State<Arc<App>>, body: Posted) -> Result<Response, Refusal> {
    hand_in(state, Desk::Complaint, body).await
}

/// Takes all consent of the shopper behind a visit back.
pub(super) async fn withdraw_visit(
    State(app): State<Arc<App>>,
    visit: Result<Path<u32>, PathRejection>,
) -> Result<Response, Refusal> {
    let Ok(Path(visit)) = visit else {
        return Err(Refusal::missing("a visit is a number"));
    };
    let outcome = app.shop.ask(Ask::WithdrawVisit(visit)).await?;
    Ok(reply::answer(None, Answer::Outcome(outcome)))
}

async fn hand_in(
    State(app): State<Arc<App>>,
    desk: Desk,
    body: Posted,
) -> Result<Response, Refusal> {
    let body = match body {
        Ok(body) => body,
        Err(rejection) => {
            count(&app, Malformed::Desk).await?;
            return Err(rejection.into());
        }
    };
    let message = desk::read(desk, &body, &app.pseudonym, &app.shop.plan());
    let answer = match message.request {
        Ok(request) => carry_out(&app, request).await?,
        Err(refusal) => {
            let malformed = refusal.malformed();
            count(&app, malformed).await?;
            let status = match malformed {
                Malformed::UnknownDevice => StatusCode::NOT_FOUND,
                _ => StatusCode::BAD_REQUEST,
            };
            return Err(Refusal::new(status, refusal.to_string()).to(message.id));
        }
    };
    Ok(reply::answer(message.id, answer))
}

async fn carry_out(app: &App, request: Request) -> Result<Answer, Refusal> {
    let event = match request {
        Request::Basket(basket) => Event::Basket(basket),
        Request::Reading(reading) => Event::Reading(reading),
        Request::Upsert(enrolment, profile, given) => {
            return ask(app, Ask::Upsert(enrolment, profile, given)).await;
        }
        Request::Withdraw(shopper, purposes, given) => {
            return ask(app, Ask::Withdraw(shopper, purposes, given)).await;
        }
        Request::Forget(shopper) => return forgotten(app, shopper).await,
        Request::Incident(screen, what) => return ask(app, Ask::Incident(screen, what)).await,
    };
    app.shop.put(Input::Event(event)).await?;
    Ok(Answer::Taken)
}

/// Forgets, and gives the receipt with the answer.
async fn forgotten(app: &App, shopper: ShopperId) -> Result<Answer, Refusal> {
    let outcome = app.shop.ask(Ask::Forget(shopper)).await?;
    if outcome != Outcome::Done {
        return Ok(Answer::Outcome(outcome));
    }
    let person = app.shop.person(shopper).await?;
    let receipt = app.office.receipt(shopper, &person);
    Ok(receipt.map_or(Answer::Outcome(outcome), |receipt| {
        Answer::Erased(Box::new(receipt))
    }))
}

async fn ask(app: &App, ask: Ask) -> Result<Answer, Refusal> {
    let outcome: Outcome = app.shop.ask(ask).await?;
    Ok(Answer::Outcome(outcome))
}

/// Counts something that could not be read.
pub(super) async fn count(app: &App, malformed: Malformed) -> Result<(), Refusal> {
    let event = Event::Malformed(malformed);
    Ok(app.shop.put(Input::Event(event)).await?)
}
