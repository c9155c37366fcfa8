use super::{asked, get, send, shop::TestShop};
use crate::{
    access::Right,
    http::routes::{Door, table},
};
use axum::{body::Body, http::StatusCode};
use serde_json::Value;
use std::collections::BTreeSet;

fn document() -> Value {
    serde_json::from_str(include_str!("../openapi.json")).unwrap()
}

fn operations(document: &Value) -> impl Iterator<Item = (&str, &str, &Value)> {
    let paths = document["paths"].as_object().unwrap().iter();
    paths.flat_map(|(path, item)| {
        let methods = item.as_object().unwrap().iter();
        methods.map(move |(method, operation)| (path.as_str(), method.as_str(), operation))
    })
}

#[test]
fn openapi_lists_exactly_the_routes_and_their_doors() {
    let document = document();
    let listed: BTreeSet<_> = operations(&document)
        .map(|(path, method, operation)| {
            let is_open = operation.get("security").is_some();
            (path, method, is_open, operation["x-right"].as_str())
        })
        .collect();
    let table = table();
    let routes: BTreeSet<_> = table
        .iter()
        .map(|route| {
            let right = match route.door {
                Door::Everybody => None,
                Door::Screens => Some("screens"),
                Door::To(right) => Some(name(right)),
            };
            (route.path, route.method, right.is_none(), right)
        })
        .collect();
    assert_eq!(listed, routes);
}

/// A right as the document calls it.
fn name(right: Right) -> &'static str {
    match right {
        Right::Look => "look",
        Right::Scrape => "scrape",
        Right::Offers => "offers",
        Right::Withdraw => "withdraw",
        Right::Claim => "claim",
        Right::Serve => "serve",
        Right::Import => "import",
        Right::Sell => "sell",
        Right::Sense => "sense",
        Right::Keep => "keep",
    }
}

#[test]
fn openapi_refers_only_to_what_it_holds() {
    let document = document();
    let mut references = Vec::new();
    collect(&document, &mut references);
    assert!(references.len() > 30);
    for reference in references {
        let pointer = reference.strip_prefix('#').unwrap();
        assert!(document.pointer(pointer).is_some(), "{reference}");
    }
}

fn collect<'v>(value: &'v Value, found: &mut Vec<&'v str>) {
    match value {
        Value::Object(fields) => {
            found.extend(fields.get("$ref").and_then(Value::as_str));
            fields.values().for_each(|v| collect(v, found));
        }
        Value::Array(items) => items.iter().for_each(|v| collect(v, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[tokio::test]
async fn openapi_names_the_fields_that_are_really_sent() {
    let shop = TestShop::open();
    let document = document();
    for (path, schema) in [
        ("/api/plan", "Floor"),
        ("/api/live", "Live"),
        ("/screen/dairy/house", "House"),
        ("/readyz", "Ready"),
    ] {
        let sent = get(&shop.router, path).await.json();
        let sent: BTreeSet<_> = sent.as_object().unwrap().keys().cloned().collect();
        let named = &document["components"]["schemas"][schema]["properties"];
        let named: BTreeSet<_> = named.as_object().unwrap().keys().cloned().collect();
        assert_eq!(sent, named, "{path}");
    }
}

#[tokio::test]
async fn a_wrong_method_or_address_is_told_in_json() {
    let shop = TestShop::open();
    for route in table() {
        let path = route.path.replace("{id}", "dairy");
        let path = path
            .replace("{offer}", "milk")
            .replace("{name}", "base.css")
            .replace("{visit}", "1");
        let request = asked("DELETE", &path).body(Body::empty()).unwrap();
        let got = send(&shop.router, request).await;
        assert_eq!(got.status, StatusCode::METHOD_NOT_ALLOWED, "{path}");
        assert!(got.json()["error"].is_string());
    }
    for path in [
        "/nothing",
        "/api",
        "/api/live/",
        "/assets/../http.rs",
        "/assets/x.js",
    ] {
        let got = get(&shop.router, path).await;
        assert_eq!(got.status, StatusCode::NOT_FOUND, "{path}");
        assert!(got.json()["error"].is_string());
    }
}
