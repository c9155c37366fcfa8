//! Attempts to be a screen without its key.

use super::{Told, by_nobody, get, post, send, shop::TestShop};
use crate::{
    access::{Paired, Register, ScreenKeys},
    http::listen::Peer,
};
use axum::{body::Body, http::StatusCode};
use serde_json::{Value, json};
use std::net::IpAddr;

const PAINTED: &str = r#"{"screen":"dairy","player":"p1","revision":7,"status":"painted"}"#;

/// The key in a screen's address.
fn key_of(shop: &TestShop, screen: &str) -> String {
    let address = shop.app.gate.address("", screen);
    address.split_once("?key=").unwrap().1.to_owned()
}

/// Keys that are none of `dairy`.
fn wrong_keys(shop: &TestShop) -> Vec<String> {
    let (right, other) = (key_of(shop, "dairy"), key_of(shop, "bakery"));
    let (_, code) = right.split_once('.').unwrap();
    let (_, other_code) = other.split_once('.').unwrap();
    let another_shop = ScreenKeys::new(&[8; 32]).of("dairy", &Register::default());
    vec![
        String::new(),
        ".".to_owned(),
        "dairy".to_owned(),
        "dairy.".to_owned(),
        code.to_owned(),
        other.clone(),
        format!("dairy.{other_code}"),
        another_shop,
        right[..right.len() - 1].to_owned(),
        format!("{right}A"),
        right.to_uppercase(),
        format!("&key={right}x"),
    ]
}

#[tokio::test]
async fn of_all_attempts_to_be_a_screen_none_succeeds_and_its_key_does() {
    let shop = TestShop::open();
    let mut attempts = 0;
    for key in wrong_keys(&shop) {
        for (method, tail) in [("GET", "events"), ("GET", "house"), ("POST", "report")] {
            let path = format!("/screen/dairy/{tail}?key={key}");
            let request = by_nobody(method, &path).body(Body::from(PAINTED)).unwrap();
            let got = send(&shop.router, request).await;
            assert_eq!(got.status, StatusCode::UNAUTHORIZED, "{method} {path}");
            attempts += 1;
        }
    }
    let key = key_of(&shop, "dairy");
    for (name, value) in [
        ("authorization", format!("Bearer {key}")),
        ("cookie", format!("aislecast={key}")),
        ("cookie", format!("key={key}")),
    ] {
        let request = by_nobody("POST", "/screen/dairy/report").header(name, value);
        let got = send(&shop.router, request.body(Body::from(PAINTED)).unwrap()).await;
        assert_eq!(got.status, StatusCode::UNAUTHORIZED, "{name}");
        attempts += 1;
    }
    assert!(attempts >= 30, "{attempts}");
    assert!(
        shop.inputs().await.is_empty(),
        "the loop heard of none of them"
    );

    let path = format!("/screen/dairy/report?key={key}");
    let request = by_nobody("POST", &path).body(Body::from(PAINTED)).unwrap();
    assert_eq!(
        send(&shop.router, request).await.status,
        StatusCode::NO_CONTENT
    );
    let pictures = by_nobody("GET", &format!("/creatives/none.svg?key={key}"));
    let got = send(&shop.router, pictures.body(Body::empty()).unwrap()).await;
    assert_eq!(
        got.status,
        StatusCode::NOT_FOUND,
        "let in, and no such picture"
    );
}

#[tokio::test]
async fn a_stream_ends_when_the_key_is_taken_back() {
    let shop = TestShop::open();
    let path = format!("/screen/dairy/events?key={}", key_of(&shop, "dairy"));
    let mut told = Told::open_by(&shop.router, by_nobody("GET", &path)).await;
    told.next_named("hello").await;
    let body = json!({"screen": "dairy"}).to_string();
    let got = post(&shop.router, "/api/v1/access/screens/revoke", body).await;
    assert_eq!(got.status, StatusCode::NO_CONTENT, "{}", got.body);
    // With the next beat at the latest.
    assert_eq!(told.next().await, None);
    let request = by_nobody("GET", &path).body(Body::empty()).unwrap();
    assert_eq!(
        send(&shop.router, request).await.status,
        StatusCode::UNAUTHORIZED
    );
}

#[tokio::test]
async fn a_display_becomes_a_screen_by_its_code_and_by_no_guess() {
    let shop = TestShop::open();
    let ask = async |body: Value| {
        let request = by_nobody("POST", "/api/v1/pair/ask").body(Body::from(body.to_string()));
        send(&shop.router, request.unwrap()).await
    };
    let request = by_nobody("POST", "/api/v1/pair")
        .body(Body::empty())
        .unwrap();
    let begun = send(&shop.router, request).await.json();
    let (code, secret) = (&begun["code"], &begun["secret"]);
    assert_eq!(
        ask(json!({"secret": secret})).await.status,
        StatusCode::ACCEPTED
    );
    for guess in [code.clone(), json!(""), json!("x".repeat(43))] {
        assert_eq!(ask(json!({"secret": guess})).await.status, StatusCode::GONE);
    }
    let assign = |code: &Value, screen: &str| json!({"code": code, "screen": screen}).to_string();
    let path = "/api/v1/access/screens";
    let by_itself = by_nobody("POST", path).body(Body::from(assign(code, "dairy")));
    let got = send(&shop.router, by_itself.unwrap()).await;
    assert_eq!(got.status, StatusCode::UNAUTHORIZED);
    for (code, screen) in [(&json!("222222"), "dairy"), (code, "attic")] {
        let got = post(&shop.router, path, assign(code, screen)).await;
        assert_eq!(got.status, StatusCode::NOT_FOUND);
    }
    let got = post(&shop.router, path, assign(code, "dairy")).await;
    assert_eq!(got.status, StatusCode::NO_CONTENT, "{}", got.body);
    let told = ask(json!({"secret": secret})).await.json();
    assert_eq!(told["screen"], "dairy");
    assert_eq!(told["key"], key_of(&shop, "dairy"));
    assert_eq!(
        ask(json!({"secret": secret})).await.status,
        StatusCode::GONE,
        "once"
    );
    let listed = get(&shop.router, "/api/v1/access").await.json();
    assert!(listed["screens"][0]["paired"].is_string());
    assert_eq!(shop.app.gate.ask_pairing("").unwrap().0, Paired::Over);
}

/// Somebody at this address of the shop's network asks for a code.
async fn begin(shop: &TestShop, last: u8) -> Value {
    let peer = Peer(IpAddr::from([192, 168, 1, last]));
    let request = by_nobody("POST", "/api/v1/pair").extension(peer);
    let got = send(&shop.router, request.body(Body::empty()).unwrap()).await;
    assert_eq!(got.status, StatusCode::OK, "{last}: {}", got.body);
    got.json()
}

#[tokio::test]
async fn a_display_is_paired_while_the_whole_network_asks_for_codes() {
    let shop = TestShop::open();
    let flood = async |rounds: usize| {
        for _ in 0..rounds {
            for last in 2..255 {
                begin(&shop, last).await;
            }
        }
    };
    flood(5).await;
    let real = begin(&shop, 1).await;
    flood(2).await;
    let ask = async || {
        let asked = json!({"secret": real["secret"]}).to_string();
        let request = by_nobody("POST", "/api/v1/pair/ask").body(Body::from(asked));
        send(&shop.router, request.unwrap()).await
    };
    assert_eq!(ask().await.status, StatusCode::ACCEPTED);
    let typed = json!({"code": real["code"], "screen": "dairy"}).to_string();
    let got = post(&shop.router, "/api/v1/access/screens", typed).await;
    assert_eq!(got.status, StatusCode::NO_CONTENT, "{}", got.body);
    flood(1).await;
    assert_eq!(ask().await.json()["key"], key_of(&shop, "dairy"));
}

#[tokio::test]
async fn a_display_without_a_key_learns_nothing_of_the_shop() {
    let shop = TestShop::open();
    for path in [
        "/screen/dairy",
        "/screen/attic",
        "/screen/dairy?key=dairy.x",
    ] {
        let request = by_nobody("GET", path).body(Body::empty()).unwrap();
        let got = send(&shop.router, request).await;
        assert_eq!(got.status, StatusCode::UNAUTHORIZED, "{path}");
        assert!(got.body.contains("Which screen is this?"), "{path}");
        assert!(!got.body.contains("Dairy aisle"), "{path}");
    }
}
