//! What the guard keeps off public screens.

use super::{
    by_nobody, get, post, send,
    shop::{TestShop, small_plan},
};
use axum::body::Body;
use engine::{
    event::{Offered, Outcome},
    plan::{OfferIx, StorePlan},
};
use std::sync::Arc;

/// A shop whose loop offers its first offer to whoever asks.
fn shop() -> TestShop {
    let offered = Offered([Some(OfferIx(0)), None, None]);
    let shop = TestShop::open_with(Outcome::Offered(offered));
    shop.plan.send_replace(Arc::new(StorePlan {
        offers: config::demo().plan.offers[..1].to_vec(),
        ..small_plan()
    }));
    shop
}

async fn claim(shop: &TestShop) -> String {
    let got = post(
        &shop.router,
        "/api/v1/tail-claims",
        r#"{"customer":"C-100"}"#,
    )
    .await;
    assert_eq!(got.status.as_u16(), 200, "{}", got.body);
    got.json()["claim"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_claim_opens_the_page_once_and_its_session_again() {
    let shop = shop();
    let shown = format!(r#"{{"claim":"{}"}}"#, claim(&shop).await);
    let first = post(&shop.router, "/tail/dairy/offers", shown.clone()).await;
    assert_eq!(first.status.as_u16(), 200, "{}", first.body);
    assert_eq!(first.json()["offers"].as_array().unwrap().len(), 1);
    let again = post(&shop.router, "/tail/dairy/offers", shown.clone()).await;
    assert_eq!(again.status.as_u16(), 401, "{}", again.body);
    let session = first.json()["session"].as_str().unwrap().to_owned();
    let shown = format!(r#"{{"session":"{session}"}}"#);
    for _ in 0..2 {
        let more = post(&shop.router, "/tail/dairy/offers", shown.clone()).await;
        assert_eq!(more.status.as_u16(), 200, "{}", more.body);
        assert!(more.json().get("session").is_none(), "{}", more.body);
    }
}

#[tokio::test]
async fn what_proves_nothing_gets_nothing() {
    let shop = shop();
    for (path, body, expected) in [
        ("/tail/dairy/offers", r#"{"claim":"AAAA"}"#, 401),
        ("/tail/dairy/offers", r#"{"session":""}"#, 401),
        ("/tail/dairy/offers", r#"{"customer":"C-100"}"#, 400),
        ("/tail/dairy/offers", "", 400),
        ("/api/v1/tail-claims", r#"{"customer":""}"#, 400),
        ("/api/v1/tail-claims", "C-100", 400),
    ] {
        let got = post(&shop.router, path, body).await;
        assert_eq!(got.status.as_u16(), expected, "{path} {body}: {}", got.body);
    }
    assert!(shop.inputs().await.is_empty(), "the engine was not asked");
}

#[tokio::test]
async fn the_page_and_its_code_are_the_same_for_everybody() {
    let shop = shop();
    let page = get(&shop.router, "/tail/dairy").await;
    assert_eq!(page.status.as_u16(), 200);
    assert_eq!(page.body, get(&shop.router, "/tail/dairy").await.body);
    let code = get(&shop.router, "/tail/dairy/code.svg").await;
    assert!(code.body.starts_with("<svg "), "{}", code.body);
    for path in ["/tail/attic", "/tail/attic/code.svg"] {
        assert_eq!(get(&shop.router, path).await.status.as_u16(), 404, "{path}");
    }
}

#[tokio::test]
async fn claims_and_cards_are_for_staff() {
    let shop = shop();
    let card = "/api/v1/staff-card?visit=12";
    for request in [
        by_nobody("GET", card),
        by_nobody("POST", "/api/v1/tail-claims"),
    ] {
        let request = request.body(Body::from(r#"{"customer":"C-1"}"#)).unwrap();
        assert_eq!(send(&shop.router, request).await.status.as_u16(), 401);
    }
    let got = get(&shop.router, card).await;
    assert_eq!(got.status.as_u16(), 200, "{}", got.body);
    assert_eq!(got.json()["offers"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_card_of_no_visit_is_refused_in_words() {
    let shop = TestShop::open_with(Outcome::Unknown);
    let got = get(&shop.router, "/api/v1/staff-card?visit=7").await;
    assert_eq!(got.status.as_u16(), 404);
    let got = get(&shop.router, "/api/v1/staff-card").await;
    assert!(got.body.contains("?visit=12"), "{}", got.body);
}
