//! Signing in and out.

use super::{
    Got, asked, by_nobody, get, send,
    shop::{TOKEN, TestShop},
};
use crate::access::Opens;
use axum::{body::Body, http::StatusCode};
use serde_json::json;

async fn sign_in(shop: &TestShop, form: &str) -> Got {
    let request =
        by_nobody("POST", "/login").header("content-type", "application/x-www-form-urlencoded");
    send(
        &shop.router,
        request.body(Body::from(form.to_owned())).unwrap(),
    )
    .await
}

async fn enter(shop: &TestShop, body: serde_json::Value) -> Got {
    let request = by_nobody("POST", "/enter").body(Body::from(body.to_string()));
    send(&shop.router, request.unwrap()).await
}

/// What a browser keeps of an answer.
fn cookie(got: &Got) -> String {
    let cookie = got.header("set-cookie");
    for part in ["HttpOnly", "SameSite=Strict", "Path=/"] {
        assert!(cookie.contains(part), "{part}: {cookie}");
    }
    cookie.split(';').next().unwrap().to_owned()
}

async fn live(shop: &TestShop, cookie: &str) -> StatusCode {
    let request = by_nobody("GET", "/api/live").header("cookie", cookie);
    send(&shop.router, request.body(Body::empty()).unwrap())
        .await
        .status
}

/// Comes in as the first operator.
async fn first_operator(shop: &TestShop) -> String {
    let code = shop.app.gate.folder().draw_code(Opens::FirstStart).unwrap();
    let chosen = json!({"code": code.reveal(), "name": "Mai", "password": "green tram rain"});
    let got = enter(shop, chosen).await;
    assert_eq!(got.status, StatusCode::OK, "{}", got.body);
    cookie(&got)
}

#[tokio::test]
async fn the_first_operator_comes_in_by_the_code_and_then_by_name_and_password() {
    let shop = TestShop::open();
    let code = shop.app.gate.folder().draw_code(Opens::FirstStart).unwrap();
    let code = code.reveal().to_lowercase();
    let got = enter(&shop, json!({"code": code})).await;
    assert_eq!(got.json()["choose"], json!(["name", "password"]));
    let short = json!({"code": code, "name": "Mai", "password": "short"});
    let got = enter(&shop, short).await;
    assert_eq!(got.status, StatusCode::BAD_REQUEST);
    assert!(got.body.contains("at least 10 characters"), "{}", got.body);
    let chosen = json!({"code": code, "name": "Mai", "password": "green tram rain"});
    let got = enter(&shop, chosen.clone()).await;
    assert_eq!(live(&shop, &cookie(&got)).await, StatusCode::OK);
    let got = enter(&shop, chosen).await;
    assert_eq!(got.status, StatusCode::FORBIDDEN, "it works once");

    let got = sign_in(&shop, "name=MAI&password=green+tram+rain").await;
    assert_eq!((got.status.as_u16(), got.header("location")), (303, "/"));
    let session = cookie(&got);
    for (sent, expected) in [
        (session.clone(), StatusCode::OK),
        (format!("theme=dark; {session}"), StatusCode::OK),
        (format!("{session}0"), StatusCode::UNAUTHORIZED),
        ("aislecast=".to_owned(), StatusCode::UNAUTHORIZED),
    ] {
        assert_eq!(live(&shop, &sent).await, expected, "{sent}");
    }
}

#[tokio::test]
async fn a_wrong_password_says_nothing_of_names_and_soon_has_to_wait() {
    let shop = TestShop::open();
    first_operator(&shop).await;
    for name in ["Mai", "Lan"] {
        let mut waited = 0;
        // On a busy machine a hash takes longer than the first waits.
        for n in 0..14 {
            let got = sign_in(&shop, &format!("name={name}&password=something+else")).await;
            assert_eq!(got.header("set-cookie"), "");
            if got.status == StatusCode::FORBIDDEN {
                assert!(got.body.contains("do not belong together"), "{name}");
                continue;
            }
            assert_eq!(got.status, StatusCode::TOO_MANY_REQUESTS);
            assert!(!got.header("retry-after").is_empty());
            assert!(n >= 6, "{name}: the first ones are free");
            waited += 1;
        }
        assert!(waited > 0, "{name}");
    }
}

#[tokio::test]
async fn the_token_of_a_file_still_signs_a_browser_in() {
    let shop = TestShop::open();
    let got = sign_in(&shop, "token=something-else-77").await;
    assert_eq!(got.status, StatusCode::FORBIDDEN);
    let got = sign_in(&shop, &format!("token={TOKEN}")).await;
    let session = cookie(&got);
    assert!(!session.contains(TOKEN));
    assert_eq!(live(&shop, &session).await, StatusCode::OK);
    let out = by_nobody("POST", "/logout").header("cookie", &session);
    let got = send(&shop.router, out.body(Body::empty()).unwrap()).await;
    assert!(got.header("set-cookie").contains("Max-Age=0"));
    assert_eq!(live(&shop, &session).await, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_browser_is_shown_the_way_and_a_program_told_it() {
    let shop = TestShop::open();
    let page = by_nobody("GET", "/").header("accept", "text/html,*/*");
    let got = send(&shop.router, page.body(Body::empty()).unwrap()).await;
    assert_eq!(
        (got.status.as_u16(), got.header("location")),
        (303, "/login")
    );
    for (value, expected) in [
        (format!("Bearer {TOKEN}"), StatusCode::OK),
        (format!("Bearer {TOKEN}x"), StatusCode::UNAUTHORIZED),
        ("Bearer ".to_owned(), StatusCode::UNAUTHORIZED),
        (format!("Basic {TOKEN}"), StatusCode::UNAUTHORIZED),
        (TOKEN.to_owned(), StatusCode::UNAUTHORIZED),
    ] {
        let request = by_nobody("GET", "/api/live").header("authorization", &value);
        let got = send(&shop.router, request.body(Body::empty()).unwrap()).await;
        assert_eq!(got.status, expected, "{value}");
        assert!(expected == StatusCode::OK || got.header("www-authenticate").starts_with("Bearer"));
    }
}

#[tokio::test]
async fn a_session_begun_over_tls_never_travels_without() {
    let shop = TestShop::open();
    for (origin, secure) in [
        ("https://127.0.0.1:8080", true),
        ("http://127.0.0.1:8080", false),
    ] {
        let request = by_nobody("POST", "/login")
            .header("origin", origin)
            .header("content-type", "application/x-www-form-urlencoded")
            .body(Body::from(format!("token={TOKEN}")));
        let got = send(&shop.router, request.unwrap()).await;
        assert_eq!(
            got.header("set-cookie").contains("; Secure"),
            secure,
            "{origin}"
        );
    }
}

#[tokio::test]
async fn who_is_signed_in_is_told_what_they_may() {
    let shop = TestShop::open();
    let me = get(&shop.router, "/api/v1/me").await.json();
    assert_eq!(me["may"], json!(["offers", "serve", "keep"]));
    let session = first_operator(&shop).await;
    let request = asked("GET", "/api/v1/me").header("cookie", session);
    let both = send(&shop.router, request.body(Body::empty()).unwrap()).await;
    assert_eq!(
        both.json()["name"],
        "operator's token",
        "a token comes first"
    );
}
