use super::{asked, get, send, shop::TestShop};
use axum::{
    body::Body,
    http::{Request, StatusCode},
};
use engine::event::Outcome;

const TOKEN: &str = "a-token-of-a-shop-77";

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
            let mut request = Request::builder().uri(path);
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
async fn with_a_token_only_screens_and_health_checks_go_without() {
    let shop = TestShop::open_with(Some(TOKEN), Outcome::Done);
    for (method, path, expected) in [
        ("GET", "/healthz", StatusCode::OK),
        ("GET", "/readyz", StatusCode::OK),
        ("GET", "/login", StatusCode::OK),
        ("GET", "/assets/base.css", StatusCode::OK),
        ("GET", "/screen/dairy", StatusCode::OK),
        ("GET", "/screen/worker.js", StatusCode::OK),
        ("GET", "/screen/dairy/house", StatusCode::OK),
        ("POST", "/screen/dairy/report", StatusCode::BAD_REQUEST),
        ("GET", "/creatives/none.svg", StatusCode::NOT_FOUND),
        ("GET", "/", StatusCode::UNAUTHORIZED),
        ("GET", "/metrics", StatusCode::UNAUTHORIZED),
        ("GET", "/api/openapi.json", StatusCode::UNAUTHORIZED),
        ("GET", "/api/plan", StatusCode::UNAUTHORIZED),
        ("GET", "/api/live", StatusCode::UNAUTHORIZED),
        ("GET", "/api/live/events", StatusCode::UNAUTHORIZED),
        ("GET", "/api/problems", StatusCode::UNAUTHORIZED),
        ("POST", "/api/profiles", StatusCode::UNAUTHORIZED),
        ("POST", "/api/withdraw", StatusCode::UNAUTHORIZED),
        ("POST", "/api/forget", StatusCode::UNAUTHORIZED),
        ("POST", "/api/visits/12/withdraw", StatusCode::UNAUTHORIZED),
        ("POST", "/api/baskets", StatusCode::UNAUTHORIZED),
        ("POST", "/api/readings", StatusCode::UNAUTHORIZED),
    ] {
        let request = asked(method, path).body(Body::empty()).unwrap();
        let got = send(&shop.router, request).await;
        assert_eq!(got.status, expected, "{method} {path}");
    }
}

#[tokio::test]
async fn the_token_opens_the_counter_and_a_wrong_one_does_not() {
    let shop = TestShop::open_with(Some(TOKEN), Outcome::Done);
    for (value, expected) in [
        (format!("Bearer {TOKEN}"), StatusCode::OK),
        (format!("Bearer {TOKEN}x"), StatusCode::UNAUTHORIZED),
        ("Bearer ".to_owned(), StatusCode::UNAUTHORIZED),
        (format!("Basic {TOKEN}"), StatusCode::UNAUTHORIZED),
        (TOKEN.to_owned(), StatusCode::UNAUTHORIZED),
    ] {
        let request = asked("GET", "/api/live").header("authorization", &value);
        let got = send(&shop.router, request.body(Body::empty()).unwrap()).await;
        assert_eq!(got.status, expected, "{value}");
        assert!(expected == StatusCode::OK || got.header("www-authenticate").starts_with("Bearer"));
    }
}

#[tokio::test]
async fn a_browser_is_sent_to_the_login_page_and_its_cookie_lasts() {
    let shop = TestShop::open_with(Some(TOKEN), Outcome::Done);
    let page = asked("GET", "/").header("accept", "text/html,*/*");
    let got = send(&shop.router, page.body(Body::empty()).unwrap()).await;
    assert_eq!(
        (got.status.as_u16(), got.header("location")),
        (303, "/login")
    );

    let log_in = |token: &str| {
        asked("POST", "/login")
            .header("content-type", "application/x-www-form-urlencoded")
            .body(Body::from(format!("token={token}")))
            .unwrap()
    };
    let got = send(&shop.router, log_in("something-else-77")).await;
    assert_eq!(got.status, StatusCode::FORBIDDEN);
    assert!(got.body.contains("That was not the token"));
    assert_eq!(got.header("set-cookie"), "");

    let got = send(&shop.router, log_in(TOKEN)).await;
    let cookie = got.header("set-cookie");
    assert!(!cookie.contains(TOKEN));
    for part in ["HttpOnly", "SameSite=Strict", "Path=/"] {
        assert!(cookie.contains(part), "{part}");
    }
    let pair = cookie.split(';').next().unwrap();
    for (sent, expected) in [
        (pair.to_owned(), StatusCode::OK),
        (format!("theme=dark; {pair}"), StatusCode::OK),
        (format!("{pair}0"), StatusCode::UNAUTHORIZED),
        (format!("aislecast={TOKEN}"), StatusCode::UNAUTHORIZED),
    ] {
        let request = asked("GET", "/api/live").header("cookie", &sent);
        let got = send(&shop.router, request.body(Body::empty()).unwrap()).await;
        assert_eq!(got.status, expected, "{sent}");
    }
}

#[tokio::test]
async fn every_answer_keeps_browsers_from_guessing_and_framing() {
    let shop = TestShop::open();
    for path in ["/", "/login", "/api/live", "/nothing", "/screen/other"] {
        let got = get(&shop.router, path).await;
        assert_eq!(got.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(got.header("referrer-policy"), "no-referrer", "{path}");
        let policy = got.header("content-security-policy");
        assert!(policy.contains("default-src 'self'"), "{path}");
        assert!(policy.contains("frame-ancestors 'none'"), "{path}");
        assert!(!policy.contains("unsafe"), "{path}");
    }
}
