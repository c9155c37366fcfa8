//! What is asked at every door: the host a page was loaded from, the origin of a
//! change, and who asks.

use super::{
    App,
    enter::{refused, wait_of},
    listen::Peer,
    reply::Refusal,
    seats::Standing,
};
use crate::access::{Pass, Right};
use axum::{
    extract::{FromRequestParts, Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header, request::Parts},
    middleware::Next,
    response::{IntoResponse, Redirect, Response},
};
use std::{
    convert::Infallible,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    sync::Arc,
};

/// The cookie of a signed-in browser.
pub(super) const COOKIE: &str = "aislecast";

/// Where somebody asks from.
#[derive(Debug, Clone, Copy)]
pub(super) struct From(pub(super) IpAddr);

impl<S: Send + Sync> FromRequestParts<S> for From {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self(peer(parts.extensions.get::<Peer>())))
    }
}

fn peer(found: Option<&Peer>) -> IpAddr {
    found.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |peer| peer.0)
}

/// Who asks, by the session of a browser or the token of a program.
pub(super) fn pass(app: &App, headers: &HeaderMap) -> Option<Pass> {
    app.gate.pass(cookie(headers, COOKIE), bearer(headers))
}

/// The key that a display shows behind `?key=`: its page cannot send headers with
/// pictures and streams, and inside the frame of another player no cookies.
pub(super) fn shown_key(uri: &Uri) -> Option<&str> {
    let mut pairs = uri.query()?.split('&');
    pairs.find_map(|pair| pair.strip_prefix("key="))
}

/// Whether a display with this key may be this screen; any of ours where none is
/// named.
pub(super) fn is_screen(app: &App, key: Option<&str>, wanted: Option<&str>) -> bool {
    let known = key.and_then(|key| app.gate.screen(key));
    known.is_some_and(|known| wanted.is_none_or(|wanted| wanted == known))
}

/// Asked of what only displays need: for their own key, or for an operator who
/// looks at the page. Pictures are for everybody who sees the console, too.
pub(super) async fn screens_only(
    State((app, route)): State<(Arc<App>, &'static str)>,
    request: Request,
    next: Next,
) -> Response {
    let is_of_one = route.starts_with("/screen/");
    let path = request.uri().path();
    let wanted = is_of_one.then(|| path.split('/').nth(2).unwrap_or_default());
    let right = if is_of_one { Right::Keep } else { Right::Look };
    let may = is_screen(&app, shown_key(request.uri()), wanted)
        || pass(&app, request.headers()).is_some_and(|pass| pass.rights.has(right));
    if may {
        shown(&request);
        return next.run(request).await;
    }
    Refusal::new(
        StatusCode::UNAUTHORIZED,
        "this display is not paired with that screen; open /screen on it for a code",
    )
    .into_response()
}

/// What is behind `Authorization: Bearer`.
pub(super) fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = text_of(headers, header::AUTHORIZATION.as_str())?;
    value.strip_prefix("Bearer ").map(str::trim)
}

/// The value of a cookie.
pub(super) fn cookie<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    let all = headers.get_all(header::COOKIE).iter();
    all.filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(found, value)| (found == name).then_some(value))
}

/// Asked of every request: loaded from here, and changes only from our own pages.
pub(super) async fn same_house(
    State(app): State<Arc<App>>,
    request: Request,
    next: Next,
) -> Response {
    let host = text_of(request.headers(), "host");
    if app.local_only && !host.is_some_and(names_this_machine) {
        return Refusal::new(
            StatusCode::MISDIRECTED_REQUEST,
            "open this page by http://127.0.0.1 or http://localhost",
        )
        .into_response();
    }
    let changes = !matches!(*request.method(), Method::GET | Method::HEAD);
    if changes && !from_own_page(request.headers(), host) {
        return Refusal::new(
            StatusCode::FORBIDDEN,
            "this request was started by another web site and was refused",
        )
        .into_response();
    }
    next.run(request).await
}

/// Asked of every route behind a door: whether whoever asks has the right. What
/// people change is noted, and what they were refused.
pub(super) async fn guarded(
    State((app, right, route)): State<(Arc<App>, Right, &'static str)>,
    mut request: Request,
    next: Next,
) -> Response {
    let Some(pass) = pass(&app, request.headers()) else {
        return unknown(&request);
    };
    shown(&request);
    let method = request.method().clone();
    let what = format!("{method} {route}");
    let from = Some(peer(request.extensions().get::<Peer>()));
    if !pass.rights.has(right) {
        // Whoever signs in is led to the console; a tablet has a page of its own.
        if route == "/" && !pass.is_program && pass.rights.has(Right::Withdraw) {
            return Redirect::to("/door").into_response();
        }
        app.gate.audit().note(&pass.who, from, &what, "refused");
        let sentence = if pass.is_program {
            "this token was not made for that"
        } else {
            "your role may not do that; ask an operator of this shop"
        };
        return Refusal::new(StatusCode::FORBIDDEN, sentence).into_response();
    }
    let is_noted = method != Method::GET && !pass.is_program;
    let who = pass.who.clone();
    let card = match (is_noted && pass.is_tablet()).then(|| app.gate.card(&who)) {
        Some(Err(denied)) => return (wait_of(&denied), refused(&denied)).into_response(),
        Some(Ok(card)) => Some(card),
        None => None,
    };
    request.extensions_mut().insert(pass);
    let response = next.run(request).await;
    if let Some(card) = card.filter(|_| response.status().is_success()) {
        app.gate.right(&card);
    }
    if is_noted {
        let how = response.status().as_u16().to_string();
        app.gate.audit().note(&who, from, &what, &how);
    }
    response
}

/// Whoever asks has shown who they are: their connection is not the first to give way.
fn shown(request: &Request) {
    if let Some(standing) = request.extensions().get::<Standing>() {
        standing.shown();
    }
}

/// Shows a browser the way to sign in, and tells a program what is missing.
fn unknown(request: &Request) -> Response {
    let wants_page = *request.method() == Method::GET
        && text_of(request.headers(), "accept").is_some_and(|a| a.contains("text/html"));
    if wants_page {
        return Redirect::to("/login").into_response();
    }
    let mut refusal = Refusal::new(
        StatusCode::UNAUTHORIZED,
        "sign in at /login, or send an access token as `Authorization: Bearer ..`",
    )
    .into_response();
    refusal.headers_mut().insert(
        header::WWW_AUTHENTICATE,
        HeaderValue::from_static("Bearer realm=\"aislecast\""),
    );
    refusal
}

fn text_of<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers.get(name)?.to_str().ok()
}

/// Whether a `Host` is an address or a name that cannot be pointed elsewhere.
fn names_this_machine(host: &str) -> bool {
    if host.parse::<SocketAddr>().is_ok() {
        return true;
    }
    let name = match host.strip_prefix('[') {
        Some(rest) => rest.strip_suffix(']').unwrap_or(""),
        None => host.split_once(':').map_or(host, |(name, _)| name),
    };
    name.eq_ignore_ascii_case("localhost") || name.parse::<IpAddr>().is_ok()
}

/// Whether a change comes from a page of ours, or from no page at all (`curl`,
/// a till). Browsers always say where a change comes from, and pages cannot
/// keep them from it.
fn from_own_page(headers: &HeaderMap, host: Option<&str>) -> bool {
    let site = headers.get("sec-fetch-site");
    if site.is_some_and(|site| site != "same-origin" && site != "none") {
        return false;
    }
    match headers.get(header::ORIGIN) {
        None => true,
        Some(origin) => origin.to_str().is_ok_and(|origin| {
            let authority = origin
                .strip_prefix("http://")
                .or_else(|| origin.strip_prefix("https://"));
            authority.is_some_and(|a| Some(a) == host)
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_and_localhost_name_this_machine() {
        for (host, expected) in [
            ("127.0.0.1", true),
            ("127.0.0.1:8080", true),
            ("localhost:8080", true),
            ("LOCALHOST", true),
            ("[::1]:8080", true),
            ("[::1]", true),
            ("192.168.1.7:80", true),
            ("shop.example", false),
            ("localhost.evil.example:8080", false),
            ("127.0.0.1.nip.io", false),
            ("[evil]", false),
            ("", false),
        ] {
            assert_eq!(names_this_machine(host), expected, "{host:?}");
        }
    }

    #[test]
    fn changes_are_taken_from_our_pages_and_from_no_page() {
        let shop = Some("127.0.0.1:8080");
        for (origin, site, expected) in [
            (None, None, true),
            (Some("http://127.0.0.1:8080"), None, true),
            (Some("http://127.0.0.1:8080"), Some("same-origin"), true),
            (Some("https://127.0.0.1:8080"), None, true),
            (None, Some("none"), true),
            (Some("http://127.0.0.1:9090"), None, false),
            (Some("http://evil.example"), Some("cross-site"), false),
            (None, Some("cross-site"), false),
            (None, Some("same-site"), false),
            (Some("null"), None, false),
            (Some("http://127.0.0.1:8080.evil.example"), None, false),
        ] {
            let mut headers = HeaderMap::new();
            if let Some(origin) = origin {
                headers.insert("origin", HeaderValue::from_static(origin));
            }
            if let Some(site) = site {
                headers.insert("sec-fetch-site", HeaderValue::from_static(site));
            }
            let taken = from_own_page(&headers, shop);
            assert_eq!(taken, expected, "{origin:?} {site:?}");
        }
    }
}
