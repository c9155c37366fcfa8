//! Operators keep the register.

use super::{by_nobody, get, post, send, shop::TestShop};
use axum::{body::Body, http::StatusCode};
use serde_json::{Value, json};

async fn change(shop: &TestShop, path: &str, body: Value) -> super::Got {
    post(
        &shop.router,
        &format!("/api/v1/access{path}"),
        body.to_string(),
    )
    .await
}

/// Lets somebody in as an operator does; gives the cookie that they end up with.
async fn let_in(shop: &TestShop, name: &str, role: &str) -> String {
    let got = change(shop, "/accounts", json!({"name": name, "role": role})).await;
    let code = got.json()["code"].clone();
    choose(shop, &code).await
}

async fn choose(shop: &TestShop, code: &Value) -> String {
    let body = json!({"code": code, "password": "green tram rain"});
    let request = by_nobody("POST", "/enter").body(Body::from(body.to_string()));
    let got = send(&shop.router, request.unwrap()).await;
    assert_eq!(got.status, StatusCode::OK, "{}", got.body);
    got.header("set-cookie")
        .split(';')
        .next()
        .unwrap()
        .to_owned()
}

async fn status(shop: &TestShop, header: (&str, &str), path: &str) -> u16 {
    let request = by_nobody("GET", path).header(header.0, header.1);
    let request = request.body(Body::empty()).unwrap();
    send(&shop.router, request).await.status.as_u16()
}

#[tokio::test]
async fn a_colleague_chooses_a_password_and_is_out_when_anything_changes() {
    let shop = TestShop::open();
    let_in(&shop, "Mai", "operator").await;
    let lan = let_in(&shop, "Lan", "staff").await;
    let card = "/api/v1/staff-card?visit=12";
    assert_eq!(status(&shop, ("cookie", &lan), card).await, 200);
    let got = change(
        &shop,
        "/accounts/role",
        json!({"name": "Lan", "role": "viewer"}),
    )
    .await;
    assert_eq!(got.status, StatusCode::NO_CONTENT);
    assert_eq!(
        status(&shop, ("cookie", &lan), "/api/live").await,
        401,
        "out"
    );
    let got = change(&shop, "/accounts/code", json!({"name": "lan"})).await;
    let lan = choose(&shop, &got.json()["code"]).await;
    assert_eq!(status(&shop, ("cookie", &lan), "/api/live").await, 200);
    assert_eq!(
        status(&shop, ("cookie", &lan), card).await,
        403,
        "a viewer now"
    );
    let got = change(&shop, "/accounts/code", json!({"name": "Lan"})).await;
    choose(&shop, &got.json()["code"]).await;
    assert_eq!(
        status(&shop, ("cookie", &lan), "/api/live").await,
        401,
        "another password"
    );
    change(&shop, "/accounts/remove", json!({"name": "Lan"})).await;
    let last = change(&shop, "/accounts/remove", json!({"name": "Mai"})).await;
    assert_eq!(last.status, StatusCode::BAD_REQUEST);
    assert!(last.body.contains("only operator"), "{}", last.body);
}

#[tokio::test]
async fn a_token_is_shown_once_opens_its_errand_and_is_revoked_at_once() {
    let shop = TestShop::open();
    let wanted = json!({"name": "prometheus", "scopes": ["metrics"]});
    let got = change(&shop, "/tokens", wanted.clone()).await;
    let token = format!("Bearer {}", got.json()["token"].as_str().unwrap());
    let header = ("authorization", token.as_str());
    assert_eq!(status(&shop, header, "/metrics").await, 200);
    assert_eq!(status(&shop, header, "/api/live").await, 403);
    assert_eq!(
        change(&shop, "/tokens", wanted).await.status,
        StatusCode::BAD_REQUEST
    );
    let listed = get(&shop.router, "/api/v1/access").await;
    assert!(!listed.body.contains(&token["Bearer ".len()..]));
    assert!(listed.json()["tokens"][0]["last_used"].is_string());
    change(&shop, "/tokens/remove", json!({"name": "prometheus"})).await;
    assert_eq!(status(&shop, header, "/metrics").await, 401);
}

#[tokio::test]
async fn who_did_what_is_written_down_and_nothing_about_shoppers() {
    let shop = TestShop::open();
    let mai = let_in(&shop, "Mai", "staff").await;
    let withdraw = by_nobody("POST", "/api/withdraw").header("cookie", &mai);
    let body = Body::from(r#"{"customer":"CANARY-7"}"#);
    send(&shop.router, withdraw.body(body).unwrap()).await;
    let pause = by_nobody("POST", "/api/v1/offers/pause").header("cookie", &mai);
    send(&shop.router, pause.body(Body::from("{}")).unwrap()).await;
    let listed = get(&shop.router, "/api/v1/access").await;
    let deeds = listed.json()["deeds"].clone();
    let said = |n: usize| {
        format!(
            "{} {} {}",
            deeds[n]["who"], deeds[n]["what"], deeds[n]["how"]
        )
    };
    assert_eq!(said(0), "\"Mai\" \"POST /api/v1/offers/pause\" \"refused\"");
    assert_eq!(said(1), "\"Mai\" \"POST /api/withdraw\" \"200\"");
    assert!(!listed.body.contains("CANARY"));
}
