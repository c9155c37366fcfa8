//! What the guard keeps off public screens: a page on the shopper's own phone,
//! and a card for staff. Who holds the phone is proven by a claim ([`claim`]);
//! a phone that cannot prove it gets nothing, and staff can still help.

mod claim;

pub(super) use claim::Claims;

use super::{
    App, code, pages,
    reply::{self, Answer, Refusal},
};
use crate::shop::Ask;
use axum::{
    Json,
    body::Bytes,
    extract::{Path, Query, State, rejection::QueryRejection},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use claim::{CLAIM_LIVES, Kind, SESSION_LIVES};
use engine::{
    event::{Eyes, Offered, Outcome},
    plan::StorePlan,
};
use protocol::screen::Creative;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Longest customer reference, bytes.
const CUSTOMER_MAX: usize = 128;

/// For whom a claim is asked.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    customer: String,
}

/// A claim, to be handed over as a link or a QR code.
#[derive(Serialize)]
struct Handed {
    claim: String,
    expires_s: u64,
}

/// Makes a claim for a customer who stands at the desk or has signed in to the
/// loyalty app. Staff door.
pub(super) async fn hand_over(
    State(app): State<Arc<App>>,
    body: Bytes,
) -> Result<Response, Refusal> {
    let wanted: Wanted = serde_json::from_slice(&body)
        .map_err(|_| Refusal::bad("send {\"customer\": \"the customer's reference\"}"))?;
    if wanted.customer.is_empty() || wanted.customer.len() > CUSTOMER_MAX {
        return Err(Refusal::bad("a customer's reference has 1 to 128 letters"));
    }
    let shopper = app.pseudonym.shopper(&wanted.customer);
    let claim = app.claims.seal(Kind::Claim, shopper).map_err(no_chance)?;
    let handed = Handed {
        claim,
        expires_s: CLAIM_LIVES.as_secs(),
    };
    Ok(Json(handed).into_response())
}

/// The page on the shopper's phone. The same for everybody, and empty until the
/// phone shows a claim.
pub(super) async fn page(
    State(app): State<Arc<App>>,
    Path(screen): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    screen_of(&app.shop.plan(), &screen)?;
    Ok(pages::tail(&headers))
}

/// The code to that page, for the house loop or a sign beside the screen: always
/// the same, whoever stands before it.
pub(super) async fn picture(
    State(app): State<Arc<App>>,
    Path(screen): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    screen_of(&app.shop.plan(), &screen)?;
    let host = headers
        .get(header::HOST)
        .and_then(|host| host.to_str().ok());
    let host = host.ok_or_else(|| Refusal::bad("a browser says which host it asks"))?;
    let drawn = code::draw(&format!("http://{host}/tail/{screen}"));
    let svg = drawn.ok_or_else(|| Refusal::bad("the address is too long for a code"))?;
    Ok(pages::answer(&headers, "image/svg+xml", svg.as_bytes()))
}

/// What a phone shows: a claim the first time, its session from then on.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Shown {
    Claim(String),
    Session(String),
}

/// What the phone is offered.
#[derive(Serialize)]
struct Private {
    #[serde(skip_serializing_if = "Option::is_none")]
    session: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expires_s: Option<u64>,
    offers: Vec<PrivateOffer>,
}

#[derive(Serialize)]
struct PrivateOffer {
    id: String,
    creative: Creative,
}

/// Offers for the one shopper who holds the phone.
pub(super) async fn offers(
    State(app): State<Arc<App>>,
    Path(screen): Path<String>,
    body: Bytes,
) -> Result<Response, Refusal> {
    let shown = serde_json::from_slice(&body)
        .map_err(|_| Refusal::bad("send {\"claim\": \"..\"} or {\"session\": \"..\"}"))?;
    let shopper = match &shown {
        Shown::Claim(text) => app.claims.open(Kind::Claim, text),
        Shown::Session(text) => app.claims.open(Kind::Session, text),
    };
    let shopper = shopper.ok_or_else(|| {
        Refusal::new(
            StatusCode::UNAUTHORIZED,
            "this code was used before or is over; ask for a new one at the desk or in the app",
        )
    })?;
    let session = match shown {
        Shown::Claim(_) => Some(app.claims.seal(Kind::Session, shopper).map_err(no_chance)?),
        Shown::Session(_) => None,
    };
    let plan = app.shop.plan();
    let screen = screen_of(&plan, &screen)?;
    let outcome = app.shop.ask(Ask::Tail(shopper, screen)).await?;
    answered(&app, &plan, outcome, Eyes::Shopper, session)
}

/// Which visit a card is asked about.
#[derive(Deserialize)]
pub(super) struct Asked {
    visit: u32,
}

/// What staff may offer the shopper behind a visit. Staff door; never what is
/// sensitive.
pub(super) async fn staff_card(
    State(app): State<Arc<App>>,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Result<Response, Refusal> {
    let Ok(Query(asked)) = asked else {
        return Err(Refusal::bad("say which visit: ?visit=12"));
    };
    let plan = app.shop.plan();
    let outcome = app.shop.ask(Ask::StaffCard(asked.visit)).await?;
    answered(&app, &plan, outcome, Eyes::Staff, None)
}

fn answered(
    app: &App,
    plan: &Arc<StorePlan>,
    outcome: Outcome,
    eyes: Eyes,
    session: Option<String>,
) -> Result<Response, Refusal> {
    let Outcome::Offered(Offered(offers)) = outcome else {
        return Ok(reply::answer(None, Answer::Outcome(outcome)));
    };
    // Places are those of one plan.
    if !Arc::ptr_eq(plan, &app.shop.plan()) {
        return Err(Refusal::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "the shop's files changed just now; ask again",
        ));
    }
    let offers: Vec<_> = offers
        .into_iter()
        .flatten()
        .filter_map(|ix| plan.offers.get(ix.at()))
        .map(|offer| PrivateOffer {
            id: offer.id.to_string(),
            creative: offer.creative.clone(),
        })
        .collect();
    // Who looked is logged, at whom is not.
    tracing::info!(eyes = ?eyes, offers = offers.len(), "private offers were looked at");
    Ok(Json(Private {
        expires_s: session.as_ref().map(|_| SESSION_LIVES.as_secs()),
        session,
        offers,
    })
    .into_response())
}

fn screen_of(plan: &StorePlan, screen: &str) -> Result<engine::plan::ScreenIx, Refusal> {
    let known = screen.parse().ok().and_then(|id| plan.screen(&id));
    known.ok_or_else(|| Refusal::missing("store.toml has no such screen"))
}

fn no_chance(error: getrandom::Error) -> Refusal {
    let sentence = format!("failed to draw a random number from the system: {error}");
    Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, sentence)
}
