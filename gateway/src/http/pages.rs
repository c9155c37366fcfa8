//! What browsers load: pages, styles and scripts, all inside the program.

use super::reply::Refusal;
use crate::outward::asyncapi;
use axum::{
    extract::Path,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use std::fmt::Write as _;

const HTML: &str = "text/html; charset=utf-8";
const CSS: &str = "text/css; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";
const JSON: &str = "application/json";

macro_rules! assets {
    ($($name:literal: $kind:expr,)*) => {
        &[$(($name, $kind, include_str!(concat!("assets/", $name)))),*]
    };
}

/// A page behind the head that all pages for people share.
macro_rules! page {
    ($name:literal) => {
        concat!(
            include_str!("assets/head.html"),
            include_str!(concat!("assets/", $name))
        )
    };
}

/// What pages of displays may do.
const IN_FRAMES: &str =
    "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'none'";

/// What pages refer to. Holds nothing of the shop, so it needs no token.
const ASSETS: &[(&str, &str, &str)] = assets! {
    "access.css": CSS,
    "access.js": SCRIPT,
    "base.css": CSS,
    "console.css": CSS,
    "map.css": CSS,
    "creative.css": CSS,
    "calibrate.css": CSS,
    "pair.css": CSS,
    "pair.js": SCRIPT,
    "player.css": CSS,
    "console.js": SCRIPT,
    "dom.js": SCRIPT,
    "enter.js": SCRIPT,
    "me.js": SCRIPT,
    "map.js": SCRIPT,
    "panels.js": SCRIPT,
    "desk.js": SCRIPT,
    "door.css": CSS,
    "door.js": SCRIPT,
    "found.js": SCRIPT,
    "calibrate.js": SCRIPT,
    "link.js": SCRIPT,
    "offers.js": SCRIPT,
    "offers.css": CSS,
    "situation.js": SCRIPT,
    "creative.js": SCRIPT,
    "player.js": SCRIPT,
    "stage.js": SCRIPT,
    "state.js": SCRIPT,
    "sure.js": SCRIPT,
    "tail.css": CSS,
    "tail.js": SCRIPT,
    "icon.svg": "image/svg+xml",
};

const CONSOLE: &str = page!("console.html");
const CALIBRATE: &str = page!("calibrate.html");
const OFFERS: &str = page!("offers.html");
const LOGIN: &str = page!("login.html");
const ENTER: &str = page!("enter.html");
const ACCESS: &str = page!("access.html");
const DOOR: &str = page!("door.html");
const PLAYER: &str = include_str!("assets/player.html");
const PAIR: &str = page!("pair.html");
const NO_SCREEN: &str = page!("no-screen.html");
const TAIL: &str = page!("tail.html");
const WORKER: &str = include_str!("assets/worker.js");
const OPENAPI: &str = include_str!("openapi.json");

/// The console.
pub(super) async fn console(headers: HeaderMap) -> Response {
    answer(&headers, HTML, CONSOLE.as_bytes())
}

/// The page for a walk with a phone.
pub(super) async fn calibrate(headers: HeaderMap) -> Response {
    answer(&headers, HTML, CALIBRATE.as_bytes())
}

/// The marketer's desk.
pub(super) async fn offers(headers: HeaderMap) -> Response {
    answer(&headers, HTML, OFFERS.as_bytes())
}

/// Where people sign in.
pub(super) async fn login() -> Response {
    ([(header::CONTENT_TYPE, HTML)], login_with("hidden", "")).into_response()
}

/// The same page after somebody was not let in, and why.
pub(super) fn login_refused(why: &str) -> Response {
    ([(header::CONTENT_TYPE, HTML)], login_with("", why)).into_response()
}

fn login_with(hidden: &str, why: &str) -> String {
    LOGIN
        .replace("{{refused}}", hidden)
        .replace("{{why}}", &escape(why))
}

/// Where a one-time code is typed in, or brought by a link.
pub(super) async fn enter(headers: HeaderMap) -> Response {
    answer(&headers, HTML, ENTER.as_bytes())
}

/// Accounts, tokens and who did what.
pub(super) async fn access(headers: HeaderMap) -> Response {
    answer(&headers, HTML, ACCESS.as_bytes())
}

/// Where shoppers take their consent back by themselves.
pub(super) async fn at_door(headers: HeaderMap) -> Response {
    answer(&headers, HTML, DOOR.as_bytes())
}

/// A style, script or icon.
pub(super) async fn asset(Path(name): Path<String>, headers: HeaderMap) -> Response {
    match ASSETS.iter().find(|(known, _, _)| *known == name) {
        Some((_, kind, text)) => answer(&headers, kind, text.as_bytes()),
        None => Refusal::missing("no such file").into_response(),
    }
}

/// Keeps the house loop when the gateway is gone. Lives below `/screen/`
/// because that is all it may look after.
pub(super) async fn worker(headers: HeaderMap) -> Response {
    answer(&headers, SCRIPT, WORKER.as_bytes())
}

/// What the API takes and gives.
pub(super) async fn openapi(headers: HeaderMap) -> Response {
    answer(&headers, JSON, OPENAPI.as_bytes())
}

/// What goes over MQTT.
pub(super) async fn asyncapi(headers: HeaderMap) -> Response {
    answer(&headers, JSON, asyncapi::text().as_bytes())
}

/// The page of a screen. May be put into a frame by other signage players.
pub(super) fn player(headers: &HeaderMap) -> Response {
    let mut response = answer(headers, HTML, PLAYER.as_bytes());
    response.headers_mut().insert(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(IN_FRAMES),
    );
    response
}

/// The page on a shopper's own phone.
pub(super) fn tail(headers: &HeaderMap) -> Response {
    answer(headers, HTML, TAIL.as_bytes())
}

/// The page of a display that is no screen yet. May be put into a frame, as the
/// page of a screen may.
pub(super) fn pair(status: StatusCode) -> Response {
    let headers = [
        (header::CONTENT_TYPE, HTML),
        (header::CONTENT_SECURITY_POLICY, IN_FRAMES),
    ];
    (status, headers, PAIR).into_response()
}

/// There is no such screen, but these.
pub(super) fn no_screen<'s>(screens: impl Iterator<Item = (&'s str, &'s str)>) -> Response {
    let mut items = String::new();
    for (id, label) in screens {
        let label = escape(label);
        write!(items, "<li><a href=\"/screen/{id}\">{label}</a></li>")
            .expect("writing to a String cannot fail");
    }
    let text = NO_SCREEN.replace("{{screens}}", &items);
    let headers = [(header::CONTENT_TYPE, HTML)];
    (StatusCode::NOT_FOUND, headers, text).into_response()
}

/// The bytes, or word that the browser has them already.
pub(super) fn answer(asked: &HeaderMap, kind: &'static str, bytes: &[u8]) -> Response {
    let tag = format!("\"{:08x}\"", crc32c::crc32c(bytes));
    let known = asked.get(header::IF_NONE_MATCH);
    if known.is_some_and(|known| known.as_bytes() == tag.as_bytes()) {
        return (StatusCode::NOT_MODIFIED, [(header::ETAG, tag)]).into_response();
    }
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(kind)),
        (
            header::ETAG,
            HeaderValue::try_from(tag).expect("hexadecimal digits are a header value"),
        ),
    ];
    (headers, bytes.to_vec()).into_response()
}

fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            _ => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_cannot_become_markup() {
        let label = "<img src=x onerror='alert(\"1\")'>&";
        let escaped = "&lt;img src=x onerror=&#39;alert(&quot;1&quot;)&#39;&gt;&amp;";
        assert_eq!(escape(label), escaped);
    }

    #[test]
    fn pages_hold_no_script_no_style_and_no_foreign_address() {
        let pages = [
            CONSOLE, OFFERS, LOGIN, ENTER, ACCESS, DOOR, PAIR, PLAYER, NO_SCREEN, TAIL, WORKER,
        ];
        let assets = ASSETS.iter().map(|(_, _, text)| *text);
        for text in pages.into_iter().chain(assets) {
            for forbidden in [
                "innerHTML",
                "outerHTML",
                "insertAdjacentHTML",
                "eval(",
                " style=\"",
            ] {
                assert!(!text.contains(forbidden), "{forbidden}");
            }
            let foreign = text.replace("http://www.w3.org/", "");
            assert!(!foreign.contains("http://") && !foreign.contains("https://"));
            assert!(!text.contains("<script>") && !text.contains("<style>"));
        }
    }

    #[test]
    fn every_asset_that_a_page_names_exists() {
        let known: Vec<&str> = ASSETS.iter().map(|(name, _, _)| *name).collect();
        let pages = [
            CONSOLE, OFFERS, LOGIN, ENTER, ACCESS, DOOR, PAIR, PLAYER, NO_SCREEN, TAIL, WORKER,
        ];
        let assets = ASSETS.iter().map(|(_, _, text)| *text);
        for text in pages.into_iter().chain(assets) {
            for part in text.split("/assets/").skip(1) {
                let name = part.split(['"', '\'', ' ', '`']).next().unwrap();
                assert!(known.contains(&name), "{name}");
            }
        }
    }
}
