use super::{asked, post, send, shop::TestShop};
use crate::http::{import::LINE_MAX, routes::BODY_MAX};
use axum::{body::Body, http::StatusCode};
use engine::event::Outcome;

const BASKET: &str =
    r#"{"receipt":"t1-77","lines":[{"sku":"milk-1l","pieces":1,"amount_minor":29000}]}"#;

#[tokio::test]
async fn desks_take_what_is_right_and_name_what_is_wrong() {
    let shop = TestShop::open();
    for (path, body, expected, part) in [
        (
            "/api/withdraw",
            r#"{"customer":"C-100","id":"m-1"}"#,
            200,
            r#""id":"m-1","outcome":"done""#,
        ),
        (
            "/api/forget",
            r#"{"customer":"C-100"}"#,
            200,
            r#""outcome":"done""#,
        ),
        ("/api/baskets", BASKET, 202, "{}"),
        (
            "/api/readings",
            r#"{"sensor":"air","value":31.5}"#,
            202,
            "{}",
        ),
        (
            "/api/readings",
            r#"{"sensor":"attic","value":31.5}"#,
            404,
            "error",
        ),
        (
            "/api/complaints",
            r#"{"screen":"dairy","kind":"help"}"#,
            200,
            r#""outcome":"done""#,
        ),
        ("/api/complaints", r#"{"screen":"attic"}"#, 404, "screen"),
        (
            "/api/complaints",
            r#"{"screen":"dairy","kind":"noise"}"#,
            400,
            "complaint or help",
        ),
        (
            "/api/v1/offers/milk/let-loose",
            "",
            200,
            r#""outcome":"done""#,
        ),
        ("/api/v1/offers/No_Such/let-loose", "", 404, "no such offer"),
        ("/api/visits/12/withdraw", "", 200, r#""outcome":"done""#),
        ("/api/visits/x/withdraw", "", 404, "a visit is a number"),
        ("/api/visits/-1/withdraw", "", 404, "a visit is a number"),
        ("/api/withdraw", "", 400, "not JSON"),
        ("/api/withdraw", "{}", 400, "customer"),
        ("/api/forget", r#"{"customer":7}"#, 400, "customer"),
        ("/api/baskets", "\u{1}\u{2}garbage", 400, "not JSON"),
        ("/api/baskets", r#"{"receipt":"t1-77"}"#, 400, "lines"),
    ] {
        let got = post(&shop.router, path, body).await;
        assert_eq!(got.status.as_u16(), expected, "{path} {body}");
        assert!(got.body.contains(part), "{path} {body}: {}", got.body);
    }
    let malformed = shop
        .inputs()
        .await
        .iter()
        .filter(|i| i.contains("Malformed"))
        .count();
    assert_eq!(malformed, 8);
}

#[tokio::test]
async fn deep_and_large_bodies_are_refused_and_counted() {
    let shop = TestShop::open();
    let deep = "[".repeat(50_000);
    let got = post(&shop.router, "/api/baskets", deep).await;
    assert_eq!(got.status, StatusCode::BAD_REQUEST);
    let large = " ".repeat(BODY_MAX + 1);
    let got = post(&shop.router, "/api/baskets", large).await;
    assert_eq!(got.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(got.json()["error"], "the body is too large");
    assert_eq!(shop.inputs().await.len(), 2);
}

#[tokio::test]
async fn every_outcome_has_a_status_that_machines_know() {
    for (outcome, expected) in [
        (Outcome::Done, 200),
        (Outcome::Stale, 200),
        (Outcome::Unknown, 404),
        (Outcome::Forgotten, 409),
        (Outcome::KeyTaken, 409),
        (Outcome::Full, 507),
        (Outcome::NoRoom, 507),
    ] {
        let shop = TestShop::open_with(outcome);
        let got = post(&shop.router, "/api/visits/1/withdraw", "").await;
        assert_eq!(got.status.as_u16(), expected, "{outcome:?}");
    }
}

fn profile(customer: &str) -> String {
    format!(
        r#"{{"customer":"{customer}","version":1,"consent":{{"purposes":["in_store_offers"],"notice":3}}}}"#
    )
}

#[tokio::test]
async fn profiles_are_answered_line_by_line_and_in_order() {
    let shop = TestShop::open();
    let body = [
        profile("C-1"),
        "nonsense".to_owned(),
        String::new(),
        profile("C-2"),
        "x".repeat(LINE_MAX + 1),
        profile("C-3"),
    ]
    .join("\n");
    let got = post(&shop.router, "/api/profiles", body).await;
    assert_eq!(got.status, StatusCode::OK);
    let answers: Vec<_> = got.body.lines().collect();
    assert_eq!(answers[0], r#"{"line":1,"outcome":"done"}"#);
    assert!(answers[1].starts_with(r#"{"line":2,"error":"the message is not JSON"#));
    assert_eq!(answers[2], r#"{"line":4,"outcome":"done"}"#);
    assert_eq!(
        answers[3],
        r#"{"line":5,"error":"the line is longer than 16 KiB"}"#
    );
    assert_eq!(answers[4], r#"{"line":6,"outcome":"done"}"#);
    assert_eq!(answers.len(), 5);
}

#[tokio::test]
async fn a_full_disk_ends_an_import_where_it_says() {
    let shop = TestShop::open_with(Outcome::NoRoom);
    let body: Vec<String> = (1..=9).map(|i| profile(&format!("C-{i}"))).collect();
    let got = post(&shop.router, "/api/profiles", body.join("\n")).await;
    assert_eq!(got.status, StatusCode::INSUFFICIENT_STORAGE);
    let answers: Vec<_> = got.body.lines().collect();
    assert_eq!(answers[0], r#"{"line":1,"outcome":"no_room"}"#);
    assert!(answers[1].contains("free space on it"), "{}", answers[1]);
    assert_eq!(answers.len(), 2);
}

#[tokio::test]
async fn lines_cut_anywhere_by_the_network_are_put_together_again() {
    let shop = TestShop::open();
    let text = format!("{}\r\n{}", profile("C-1"), profile("C-2"));
    for size in [1, 7, 64] {
        let chunks: Vec<Result<Vec<u8>, std::io::Error>> = text
            .as_bytes()
            .chunks(size)
            .map(|c| Ok(c.to_vec()))
            .collect();
        let body = Body::from_stream(tokio_stream::iter(chunks));
        let got = post(&shop.router, "/api/profiles", body).await;
        let expected = "{\"line\":1,\"outcome\":\"done\"}\n{\"line\":2,\"outcome\":\"done\"}\n";
        assert_eq!(got.body, expected, "chunks of {size}");
    }
}

#[tokio::test]
async fn many_profiles_are_asked_without_waiting_for_each_other() {
    let shop = TestShop::open();
    let body: String = (0..5_000)
        .map(|i| profile(&format!("C-{i}")) + "\n")
        .collect();
    let got = post(&shop.router, "/api/profiles", body).await;
    assert_eq!(got.body.lines().count(), 5_000);
    assert!(got.body.ends_with("{\"line\":5000,\"outcome\":\"done\"}\n"));
}

#[tokio::test]
async fn a_file_of_another_kind_is_given_up() {
    let shop = TestShop::open();
    let got = post(&shop.router, "/api/profiles", "a,b,c\n".repeat(3_000)).await;
    assert_eq!(got.status, StatusCode::BAD_REQUEST);
    assert_eq!(got.body.lines().count(), 1_001);
    assert!(got.body.contains("given up after 1000 lines"));
}

#[tokio::test]
async fn a_customer_reference_goes_no_further_than_the_desk() {
    let shop = TestShop::open();
    let reference = "C-100-canary";
    for path in ["/api/withdraw", "/api/forget"] {
        let body = format!(r#"{{"customer":"{reference}"}}"#);
        let got = post(&shop.router, path, body).await;
        assert!(!got.body.contains(reference));
    }
    let refused = format!(r#"{{"customer":"{reference}","lines":[]}}"#);
    let got = post(&shop.router, "/api/baskets", refused).await;
    assert!(!got.body.contains(reference));
    // Two requests, a look for the receipt, and a refusal that is counted.
    assert_eq!(shop.inputs().await.len(), 4);
    assert!(
        shop.inputs()
            .await
            .iter()
            .all(|input| !input.contains(reference))
    );
}

#[tokio::test]
async fn a_gateway_that_stops_says_so() {
    let shop = TestShop::open();
    shop.hang();
    tokio::task::yield_now().await;
    let request = asked("POST", "/api/visits/12/withdraw");
    let got = send(&shop.router, request.body(Body::empty()).unwrap()).await;
    assert_eq!(got.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(got.json()["error"], "the gateway is stopping");
}
