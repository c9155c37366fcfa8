//! Ten thousand guesses at everything that somebody could guess, from one address and
//! from as many, with whatever a proxy may say about them.

use super::{
    by_nobody, send,
    shop::{TestShop, screen},
};
use crate::{
    access::{AccessError, Key, KeyHash, Opens, Plain, Role, Scope},
    http::listen::Peer,
};
use axum::{
    body::Body,
    http::{StatusCode, request::Builder},
};
use engine::event::Outcome;
use serde_json::json;
use std::net::{IpAddr, Ipv4Addr};

const GUESSES: u32 = 10_000;
/// What is tried of that at once, where guesses wait: more comes only with time.
const TRIED_MAX: u32 = 120;

/// What somebody guesses at: its name, whether haste is slowed down, and one guess.
type Kind = (&'static str, bool, fn(u32) -> (Builder, String));

const NAMES: &str = "a name and a password";

const KINDS: [Kind; 9] = [
    ("a password", true, |n| {
        form("/login", format!("name=Mai&password=guess+number+{n}"))
    }),
    (NAMES, true, |n| {
        form("/login", format!("name=name+{n}&password=green+tram+rain"))
    }),
    ("the token of a file, signing in", true, |n| {
        form("/login", format!("token=the-token-of-the-operator-{n}"))
    }),
    ("a one-time code", true, |n| {
        (
            by_nobody("POST", "/enter"),
            json!({"code": code(n)}).to_string(),
        )
    }),
    ("a token of a program", false, |n| {
        let token = format!("Bearer {}{n}", "A".repeat(28));
        let request = by_nobody("GET", "/metrics").header("authorization", token);
        (request, String::new())
    }),
    ("a session", false, |n| {
        let cookie = format!("aislecast={}{n}", "A".repeat(28));
        let request = by_nobody("GET", "/api/live").header("cookie", cookie);
        (request, String::new())
    }),
    ("a claim on the phone", false, |n| {
        let shown = json!({"claim": format!("{n:054}")}).to_string();
        (by_nobody("POST", "/tail/dairy/offers"), shown)
    }),
    ("a pairing's secret", false, |n| {
        let asked = json!({"secret": format!("{}{n}", "A".repeat(28))}).to_string();
        (by_nobody("POST", "/api/v1/pair/ask"), asked)
    }),
    ("the key of a screen", false, |n| {
        let path = format!("/screen/dairy/house?key=dairy.{}", code(n));
        (by_nobody("GET", &path), String::new())
    }),
];

fn form(path: &str, body: String) -> (Builder, String) {
    let kind = "application/x-www-form-urlencoded";
    (by_nobody("POST", path).header("content-type", kind), body)
}

/// Letters as codes have them.
fn code(mut n: u32) -> String {
    let letters = b"ABCDEFGHJKMNPQRSTUVWXYZ23456789";
    let mut text = String::new();
    for _ in 0..12 {
        text.push(char::from(letters[n as usize % letters.len()]));
        n = n / 31 + 7;
    }
    text
}

fn account(shop: &TestShop, name: &str, role: Role) {
    let hashed = Plain::new("green tram rain").hash().unwrap();
    let folder = shop.app.gate.folder();
    let made = folder.change::<_, AccessError>(|register| {
        register.add(name, role, hashed, "2026-11-22")?;
        Ok(())
    });
    made.unwrap();
}

/// A shop in which there is something of everything to be guessed.
fn shop() -> TestShop {
    let shop = TestShop::open();
    account(&shop, "Mai", Role::Operator);
    let folder = shop.app.gate.folder();
    let key = Key::draw().unwrap();
    let made = folder.change::<_, AccessError>(|register| {
        let hash = KeyHash::of(key.reveal());
        register.add_token("prometheus", &[Scope::Metrics], hash, "2026-11-22")?;
        Ok(())
    });
    made.unwrap();
    folder.draw_code(Opens::FirstStart).unwrap();
    folder.draw_code(Opens::Enter).unwrap();
    folder.draw_code(Opens::Password("Mai".to_owned())).unwrap();
    let here = IpAddr::V4(Ipv4Addr::LOCALHOST);
    let waits = shop.app.gate.begin_pairing(here).unwrap();
    assert!(shop.app.gate.assign(&waits.code, screen("dairy").as_str()));
    shop
}

#[tokio::test]
async fn of_ten_thousand_guesses_of_each_kind_none_is_right_and_what_can_be_guessed_waits() {
    for from_many in [false, true] {
        for (what, slows, guess) in KINDS {
            if what == NAMES && from_many {
                // Each would be the first of its name from its address: a hash each, two
                // at a time, which is what they take.
                continue;
            }
            let shop = shop();
            let (mut tried, mut slowed) = (0, 0);
            for n in 0..GUESSES {
                let (request, body) = guess(n);
                let spread = if from_many { n } else { 0 };
                let address = IpAddr::from((spread + (10 << 24)).to_be_bytes());
                // Anybody may say this; nobody is believed.
                let said = Ipv4Addr::from(n + (11 << 24)).to_string();
                let request = request
                    .header("x-forwarded-for", &said)
                    .header("x-real-ip", &said)
                    .header("forwarded", format!("for={said}"))
                    .extension(Peer(address));
                let got = send(&shop.router, request.body(Body::from(body)).unwrap()).await;
                assert_eq!(got.header("set-cookie"), "", "{what} {n}");
                match got.status {
                    StatusCode::TOO_MANY_REQUESTS => slowed += 1,
                    StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN | StatusCode::GONE => {
                        tried += 1;
                    }
                    other => panic!("{what} {n}: {other} {}", got.body),
                }
            }
            assert!(!slows || tried <= TRIED_MAX, "{what}: {tried}");
            assert!(slows || slowed == 0, "{what}: {slowed}");
            let from = if from_many { GUESSES } else { 1 };
            println!("{what}, from {from}: {GUESSES} guesses, {slowed} had to wait, 0 right");
        }
    }
}

#[tokio::test]
async fn a_tablet_at_the_door_counts_up_no_cards() {
    let shop = TestShop::open_with(Outcome::Unknown);
    account(&shop, "Door", Role::Door);
    let here = IpAddr::V4(Ipv4Addr::LOCALHOST);
    let session = shop
        .app
        .gate
        .sign_in("Door", Plain::new("green tram rain"), here);
    let cookie = format!("aislecast={}", session.await.unwrap().reveal());
    let (mut tried, mut slowed) = (0, 0);
    for n in 0..GUESSES {
        let path = ["/api/withdraw", "/api/forget", "/api/visits/12/withdraw"][n as usize % 3];
        let body = json!({"customer": format!("C-{n}")}).to_string();
        let request = by_nobody("POST", path).header("cookie", &cookie);
        let got = send(&shop.router, request.body(Body::from(body)).unwrap()).await;
        match got.status {
            StatusCode::NOT_FOUND => tried += 1,
            StatusCode::TOO_MANY_REQUESTS => {
                assert!(!got.header("retry-after").is_empty());
                assert!(got.body.contains("too often"), "{}", got.body);
                slowed += 1;
            }
            other => panic!("{n}: {other} {}", got.body),
        }
    }
    assert!(tried <= TRIED_MAX, "{tried}");
    assert_eq!(shop.app.gate.figures().1, slowed, "each is counted");
    // Staff with the same right, whom nobody gave a tablet, go on.
    let got = super::post(&shop.router, "/api/withdraw", r#"{"customer":"C-1"}"#).await;
    assert_eq!(got.status, StatusCode::NOT_FOUND);
    println!("cards at the door: {GUESSES} guesses, {slowed} had to wait");
}
