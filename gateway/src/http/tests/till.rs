//! Tills, as they really send.

use super::{
    by_nobody, send,
    shop::{TILL_TOKEN, TOKEN, TestShop},
};
use axum::{
    Router,
    body::Body,
    http::{StatusCode, header},
};
use engine::event::Outcome;

const SALE: &str = r#"{"number": "R-1", "outlet": "Quận 7",
    "lines": [{"sku": "tra-dao-loc-6", "qty": 2, "amount": 78000}]}"#;

async fn till(router: &Router, path: &str, token: Option<&str>, body: &str) -> super::Got {
    let mut request = by_nobody("POST", path);
    if let Some(token) = token {
        request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
    }
    send(router, request.body(Body::from(body.to_owned())).unwrap()).await
}

#[tokio::test]
async fn a_till_shows_its_own_token_or_is_sent_away() {
    let shop = TestShop::open();
    let by_query = format!("/api/v1/till/pos?token={TILL_TOKEN}");
    for (path, token, status) in [
        ("/api/v1/till/pos", Some(TILL_TOKEN), 200),
        (by_query.as_str(), None, 200),
        ("/api/v1/till/pos", None, 401),
        ("/api/v1/till/pos", Some("another-token-0000"), 401),
        ("/api/v1/till/pos?token=no", None, 401),
        ("/api/v1/till/nobody", None, 401),
        // Whoever may sell may do so for any till.
        ("/api/v1/till/nobody", Some(TOKEN), 404),
    ] {
        let got = till(&shop.router, path, token, SALE).await;
        assert_eq!(got.status.as_u16(), status, "{path}: {}", got.body);
    }
    let seen = shop.inputs().await;
    assert_eq!(seen.len(), 2, "{seen:?}");
    assert!(seen[0].contains("Receipt"), "{seen:?}");
}

#[tokio::test]
async fn a_receipt_that_cannot_be_read_is_refused_and_counted() {
    let shop = TestShop::open();
    for (body, status, word) in [
        ("", 400, "not JSON"),
        ("{}", 400, "receipt number"),
        (
            r#"{"number": "1", "outlet": "Quận 7", "lines": [{"sku": "a"}]}"#,
            400,
            "line",
        ),
        (r#"{"number": "1", "outlet": "elsewhere"}"#, 202, ""),
        (&"x".repeat(70_000), 413, "too large"),
    ] {
        let got = till(&shop.router, "/api/v1/till/pos", Some(TILL_TOKEN), body).await;
        assert_eq!(got.status.as_u16(), status, "{}", got.body);
        assert!(got.body.contains(word), "{}", got.body);
    }
    let malformed = shop.inputs().await;
    assert_eq!(
        malformed
            .iter()
            .filter(|i| i.contains("Malformed(Till)"))
            .count(),
        4
    );
}

#[tokio::test]
async fn a_till_is_told_to_come_again_when_the_disk_does_not_keep_up() {
    let shop = TestShop::open_with(Outcome::Full);
    let got = till(&shop.router, "/api/v1/till/pos", Some(TILL_TOKEN), SALE).await;
    assert_eq!(got.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(got.header("retry-after"), "2");
}
