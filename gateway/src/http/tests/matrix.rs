//! Every route, asked by everybody there is.

use super::{by_nobody, shop::TestShop};
use crate::{
    access::{AccessError, Key, KeyHash, Plain, Role, Scope},
    http::routes::table,
};
use axum::{
    body::Body,
    http::{StatusCode, request::Builder},
};
use std::net::{IpAddr, Ipv4Addr};
use tower::ServiceExt as _;

/// Who asks, column by column below: nobody, the screen `dairy`; the tablet
/// at the door, viewer, staff, marketer, operator;
/// tokens for metrics, look, offers, customers, tills, readings.
const WHO: usize = 13;

/// `x` for whoever is let in, by method and route.
const MATRIX: &[(&str, &str, &str)] = &[
    ("get", "/healthz", "xxxxxxx xxxxxx"),
    ("get", "/readyz", "xxxxxxx xxxxxx"),
    ("get", "/login", "xxxxxxx xxxxxx"),
    ("post", "/login", "------- ------"),
    ("post", "/logout", "xxxxxxx xxxxxx"),
    ("get", "/enter", "xxxxxxx xxxxxx"),
    ("post", "/enter", "xxxxxxx xxxxxx"),
    ("get", "/assets/{name}", "xxxxxxx xxxxxx"),
    ("get", "/metrics", "---xxxx x-----"),
    // The tablet at the door is led to its own page.
    ("get", "/", "--xxxxx -xx---"),
    ("get", "/api/v1/me", "---xxxx -xx---"),
    ("get", "/api/openapi.json", "---xxxx -xx---"),
    ("get", "/api/asyncapi.json", "---xxxx -xx---"),
    ("get", "/api/plan", "---xxxx -xx---"),
    ("get", "/api/live", "---xxxx -xx---"),
    ("get", "/api/live/events", "---xxxx -xx---"),
    ("get", "/api/heat", "---xxxx -xx---"),
    ("get", "/api/problems", "---xxxx -xx---"),
    ("get", "/calibrate", "------x ------"),
    ("get", "/api/calibration", "------x ------"),
    ("post", "/api/calibration", "------x ------"),
    ("get", "/api/calibration/survey", "------x ------"),
    ("post", "/api/calibration/survey", "------x ------"),
    ("get", "/api/selftest", "------x ------"),
    ("post", "/api/profiles", "------x ---x--"),
    ("post", "/api/withdraw", "--x-x-x ---x--"),
    ("post", "/api/forget", "--x-x-x ---x--"),
    ("post", "/api/visits/{visit}/withdraw", "--x-x-x ---x--"),
    ("get", "/door", "--x-x-x ---x--"),
    ("post", "/api/baskets", "------x ----x-"),
    ("post", "/api/readings", "------x -----x"),
    ("post", "/api/complaints", "----x-x ------"),
    ("post", "/api/v1/till/{id}", "------x ----x-"),
    (
        "post",
        "/api/v1/till/{id}/codes/{code}/{action}",
        "------x ----x-",
    ),
    ("get", "/screen", "xxxxxxx xxxxxx"),
    ("post", "/api/v1/pair", "xxxxxxx xxxxxx"),
    ("post", "/api/v1/pair/ask", "xxxxxxx xxxxxx"),
    ("get", "/screen/{id}", "-x----x ------"),
    ("get", "/screen/worker.js", "xxxxxxx xxxxxx"),
    ("get", "/screen/{id}/house", "-x----x ------"),
    ("get", "/screen/{id}/events", "-x----x ------"),
    ("post", "/screen/{id}/report", "-x----x ------"),
    ("get", "/creatives/{name}", "-x-xxxx -xx---"),
    ("get", "/code/{number}/{serial}", "-x-xxxx -xx---"),
    ("get", "/voucher/{code}", "-x-xxxx -xx---"),
    ("get", "/offers", "---xxxx -xx---"),
    ("get", "/api/v1/offers", "---xxxx -xx---"),
    ("get", "/api/v1/offers/explain", "---xxxx -xx---"),
    ("post", "/api/v1/offers/explain", "---xxxx -xx---"),
    ("get", "/api/v1/offers/{offer}/why", "---xxxx -xx---"),
    ("get", "/api/v1/offers/history", "---xxxx -xx---"),
    ("get", "/api/v1/offers/results", "---xxxx -xx---"),
    ("post", "/api/v1/offers/{offer}/let-loose", "-----xx --x---"),
    ("post", "/api/v1/offers/plan", "-----xx --x---"),
    ("post", "/api/v1/offers/apply", "-----xx --x---"),
    ("post", "/api/v1/offers/rollback", "------x ------"),
    ("post", "/api/v1/offers/pause", "-----xx --x---"),
    ("post", "/api/v1/offers/resume", "-----xx --x---"),
    ("post", "/api/v1/offers/safe-now", "-----xx --x---"),
    ("get", "/access", "------x ------"),
    ("get", "/api/v1/access", "------x ------"),
    ("post", "/api/v1/access/accounts", "------x ------"),
    ("post", "/api/v1/access/accounts/code", "------x ------"),
    ("post", "/api/v1/access/accounts/role", "------x ------"),
    ("post", "/api/v1/access/accounts/remove", "------x ------"),
    ("post", "/api/v1/access/tokens", "------x ------"),
    ("post", "/api/v1/access/tokens/remove", "------x ------"),
    ("post", "/api/v1/access/screens", "------x ------"),
    ("post", "/api/v1/access/screens/revoke", "------x ------"),
    ("get", "/api/v1/privacy/report", "------x ------"),
    ("post", "/api/v1/privacy/person", "------x ------"),
    ("post", "/api/v1/privacy/consents", "------x ------"),
    ("post", "/api/v1/privacy/receipt", "------x ------"),
    ("post", "/api/v1/privacy/looks", "------x ------"),
    ("get", "/tail/{id}", "xxxxxxx xxxxxx"),
    ("get", "/tail/{id}/code.svg", "xxxxxxx xxxxxx"),
    // What a phone must show is a claim, whoever holds it.
    ("post", "/tail/{id}/offers", "xxxxxxx xxxxxx"),
    ("post", "/api/v1/tail-claims", "----x-x ---x--"),
    ("get", "/api/v1/staff-card", "----x-x ------"),
];

/// What somebody shows.
enum Shows {
    Nothing,
    Screen(String),
    Session(Key),
    Token(Key),
}

impl Shows {
    fn on(&self, request: Builder) -> Builder {
        match self {
            Self::Nothing | Self::Screen(_) => request,
            Self::Session(key) => request.header("cookie", format!("aislecast={}", key.reveal())),
            Self::Token(key) => request.header("authorization", format!("Bearer {}", key.reveal())),
        }
    }
}

/// One of each, in the order of the columns.
async fn everybody(shop: &TestShop) -> Vec<Shows> {
    let gate = &shop.app.gate;
    let from = IpAddr::V4(Ipv4Addr::LOCALHOST);
    let key = gate.address("", "dairy");
    let key = key.split_once('?').unwrap().1.to_owned();
    let mut all = vec![Shows::Nothing, Shows::Screen(key)];
    for role in Role::ALL {
        let password = || Plain::new("green tram rain");
        let hashed = password().hash().unwrap();
        let added = gate.folder().change::<_, AccessError>(|register| {
            register.add(role.name(), role, hashed, "2026-11-22")?;
            Ok(())
        });
        added.unwrap();
        let session = gate.sign_in(role.name(), password(), from).await.unwrap();
        all.push(Shows::Session(session));
    }
    for scope in Scope::ALL {
        let key = Key::draw().unwrap();
        let hash = KeyHash::of(key.reveal());
        let added = gate.folder().change::<_, AccessError>(|register| {
            Ok(register.add_token(scope.name(), &[scope], hash, "2026-11-22")?)
        });
        added.unwrap();
        all.push(Shows::Token(key));
    }
    assert_eq!(all.len(), WHO);
    all
}

#[tokio::test]
async fn everybody_gets_where_the_matrix_says_and_nowhere_else() {
    let shop = TestShop::open();
    let everybody = everybody(&shop).await;
    let mut cells = 0;
    for route in table() {
        let row = MATRIX
            .iter()
            .find(|(method, path, _)| (*method, *path) == (route.method, route.path));
        let (_, _, row) =
            row.unwrap_or_else(|| panic!("{} {} has no row", route.method, route.path));
        let row: Vec<_> = row.chars().filter(|c| *c != ' ').collect();
        assert_eq!(row.len(), WHO, "{}", route.path);
        for (column, shows) in everybody.iter().enumerate() {
            let status = ask(&shop, (route.method, route.path), shows).await;
            let refused = [StatusCode::UNAUTHORIZED, StatusCode::FORBIDDEN].contains(&status);
            let (method, path) = (route.method, route.path);
            assert_eq!(
                !refused,
                row[column] == 'x',
                "{method} {path} {column}: {status}"
            );
            cells += 1;
        }
    }
    assert_eq!(cells, MATRIX.len() * WHO, "every row is a route");
    assert!(cells >= 120);
}

async fn ask(shop: &TestShop, (method, path): (&str, &str), shows: &Shows) -> StatusCode {
    let path = path
        .replace(
            "{id}",
            if path.contains("till") {
                "pos"
            } else {
                "dairy"
            },
        )
        .replace("{offer}", "milk")
        .replace("{name}", "base.css")
        .replace("{visit}", "1");
    let path = match shows {
        Shows::Screen(key) => format!("{path}?{key}"),
        _ => path,
    };
    // Whoever signs out is out.
    let shows = if path == "/logout" {
        &Shows::Nothing
    } else {
        shows
    };
    let request = shows
        .on(by_nobody(&method.to_uppercase(), &path))
        .header("content-type", "application/x-www-form-urlencoded")
        .body(Body::from("{}"))
        .unwrap();
    shop.router.clone().oneshot(request).await.unwrap().status()
}
