use super::{
    asked, get, send,
    shop::{TOKEN, TestShop},
};
use axum::{
    body::Body,
    http::{Request, StatusCode},
};

#[tokio::test]
async fn a_foreign_host_is_refused_before_anything_else() {
    let shop = TestShop::open();
    for (host, expected) in [
        (Some("127.0.0.1:8080"), StatusCode::OK),
        (Some("localhost:8080"), StatusCode::OK),
        (Some("[::1]:8080"), StatusCode::OK),
        (Some("evil.example:8080"), StatusCode::MISDIRECTED_REQUEST),
        (
            Some("127.0.0.1.evil.example"),
            StatusCode::MISDIRECTED_REQUEST,
        ),
        (None, StatusCode::MISDIRECTED_REQUEST),
    ] {
        for path in ["/api/live", "/screen/dairy/house", "/healthz"] {
            let token = format!("Bearer {TOKEN}");
            let mut request = Request::builder().uri(path).header("authorization", token);
            if let Some(host) = host {
                request = request.header("host", host);
            }
            let got = send(&shop.router, request.body(Body::empty()).unwrap()).await;
            assert_eq!(got.status, expected, "{path} {host:?}");
        }
    }
}

#[tokio::test]
async fn another_site_cannot_change_anything() {
    let shop = TestShop::open();
    for path in [
        "/api/visits/12/withdraw",
        "/api/withdraw",
        "/api/forget",
        "/api/baskets",
        "/api/readings",
        "/api/profiles",
        "/screen/dairy/report",
        "/login",
        "/logout",
        "/enter",
        "/api/v1/access/accounts",
    ] {
        for (name, value) in [
            ("origin", "http://evil.example"),
            ("origin", "null"),
            ("sec-fetch-site", "cross-site"),
            ("sec-fetch-site", "same-site"),
        ] {
            let request = asked("POST", path).header(name, value);
            let got = send(&shop.router, request.body(Body::from("{}")).unwrap()).await;
            assert_eq!(got.status, StatusCode::FORBIDDEN, "{path} {name}: {value}");
        }
    }
    assert!(shop.inputs().await.is_empty());
    let own = asked("POST", "/api/visits/12/withdraw")
        .header("origin", "http://127.0.0.1:8080")
        .header("sec-fetch-site", "same-origin");
    let got = send(&shop.router, own.body(Body::empty()).unwrap()).await;
    assert_eq!(got.status, StatusCode::OK);
}

#[tokio::test]
async fn every_answer_keeps_browsers_from_guessing_and_framing() {
    let shop = TestShop::open();
    for path in ["/", "/login", "/api/live", "/nothing", "/screen/other"] {
        let got = get(&shop.router, path).await;
        assert_eq!(got.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(got.header("referrer-policy"), "same-origin", "{path}");
        let policy = got.header("content-security-policy");
        assert!(policy.contains("default-src 'self'"), "{path}");
        assert!(policy.contains("frame-ancestors 'none'"), "{path}");
        assert!(!policy.contains("unsafe"), "{path}");
        assert!(
            got.header("permissions-policy").contains("camera=()"),
            "{path}"
        );
    }
}
