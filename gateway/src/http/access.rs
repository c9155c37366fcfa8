//! Who may ask: the host a page was loaded from, the origin of a change, the
//! token of the operator.

use super::{App, HttpError, pages, reply::Refusal, till::Till};
use axum::{
    Form,
    extract::{Request, State, rejection::FormRejection},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Redirect, Response},
};
use ring::hmac;
use serde::Deserialize;
use std::{
    fmt::{self, Write as _},
    fs, io,
    net::{IpAddr, SocketAddr},
    os::unix::fs::PermissionsExt as _,
    path::Path,
    sync::Arc,
};

/// Shortest token: 16 characters of base64 are 96 bits.
pub(super) const TOKEN_LEN_MIN: usize = 16;
/// Longest token file that is read, bytes.
const TOKEN_LEN_MAX: usize = 4096;
const COOKIE: &str = "aislecast";
/// A shop's tablet stays signed in for a month.
const COOKIE_AGE_S: u32 = 30 * 24 * 3600;

/// What is asked of requests.
#[derive(Debug)]
pub(super) struct Access {
    /// Listening for this machine only: then the `Host` must say so, or a
    /// web page of somebody else's could reach us by a name that it points here
    /// (DNS rebinding).
    local_only: bool,
    /// Who has which token; none where everybody may do everything.
    tokens: Vec<(Role, Token)>,
}

/// What somebody may do; each may do what those before it may.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Role {
    /// Look.
    Viewer,
    /// Plan, apply and pause offers.
    Marketer,
    /// Everything.
    Operator,
}

/// The operator's token. The cookie holds a code made with it and not the
/// token itself, so that it is worth nothing once the token is changed.
pub(super) struct Token {
    key: hmac::Key,
    cookie: String,
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("token(redacted)")
    }
}

impl Access {
    /// Reads the token and refuses what would be open to everybody.
    pub(super) fn new(http: &config::Http, listen: SocketAddr) -> Result<Self, HttpError> {
        let mut tokens = Vec::new();
        if let Some(path) = &http.token_file {
            tokens.push((Role::Operator, Token::read(path, "http.token_file")?));
        }
        let lesser = [
            (
                Role::Marketer,
                "http.marketer_token_file",
                &http.marketer_token_file,
            ),
            (
                Role::Viewer,
                "http.viewer_token_file",
                &http.viewer_token_file,
            ),
        ];
        for (role, key, path) in lesser {
            let Some(path) = path else { continue };
            if http.token_file.is_none() {
                return Err(HttpError::NoOperator(key));
            }
            tokens.push((role, Token::read_private(path, key)?));
        }
        let local_only = listen.ip().is_loopback();
        if !local_only && tokens.is_empty() {
            return Err(HttpError::OpenToAll(listen));
        }
        Ok(Self { local_only, tokens })
    }

    /// Whether a till may hand something in: by its own token, in a header or
    /// given otherwise, or as staff. A till that has a token must show one even
    /// where staff need none.
    pub(super) fn admits_till(
        &self,
        headers: &HeaderMap,
        own: Option<&Token>,
        given: Option<&str>,
    ) -> bool {
        let Some(own) = own else {
            return self.admits(headers, Role::Operator);
        };
        let shown = [bearer(headers), given].into_iter().flatten();
        shown.into_iter().any(|token| own.is(token))
            || (!self.tokens.is_empty() && self.admits(headers, Role::Operator))
    }

    fn admits(&self, headers: &HeaderMap, least: Role) -> bool {
        self.role(headers) >= Some(least)
    }

    /// What whoever asks may do; nothing without a token that is known.
    fn role(&self, headers: &HeaderMap) -> Option<Role> {
        if self.tokens.is_empty() {
            return Some(Role::Operator);
        }
        let (bearer, cookie) = (bearer(headers), cookie(headers));
        let mut tokens = self.tokens.iter();
        let shown = tokens.find(|(_, token)| {
            bearer.is_some_and(|given| token.is(given))
                || cookie.is_some_and(|given| token.is_cookie(given))
        });
        shown.map(|(role, _)| *role)
    }
}

/// Reads the tokens of tills.
pub(super) fn tills(tills: &[config::Till]) -> Result<Vec<Till>, HttpError> {
    let with_token = |till: &config::Till| {
        let key = format!("token_file of till {}", till.id);
        let path = till.token_file.as_deref();
        Ok(Till {
            config: till.clone(),
            token: path.map(|path| Token::read(path, &key)).transpose()?,
        })
    };
    tills.iter().map(with_token).collect()
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = header_text(headers, header::AUTHORIZATION.as_str())?;
    value.strip_prefix("Bearer ").map(str::trim)
}

impl Token {
    fn read(path: &Path, key: &str) -> Result<Self, HttpError> {
        let text = read_bounded(path).map_err(|source| HttpError::Token {
            key: key.to_owned(),
            path: path.to_owned(),
            source,
        })?;
        let text = text.trim();
        if text.len() < TOKEN_LEN_MIN || !text.bytes().all(|b| b.is_ascii_graphic()) {
            return Err(HttpError::WeakToken {
                key: key.to_owned(),
                path: path.to_owned(),
            });
        }
        Ok(Self::new(text))
    }

    /// The same of a file that only its owner may read.
    fn read_private(path: &Path, key: &str) -> Result<Self, HttpError> {
        let token = Self::read(path, key)?;
        let mode = fs::metadata(path).map_or(0, |found| found.permissions().mode());
        if mode & 0o077 != 0 {
            return Err(HttpError::OpenToken {
                key: key.to_owned(),
                path: path.to_owned(),
            });
        }
        Ok(token)
    }

    fn new(text: &str) -> Self {
        let key = hmac::Key::new(hmac::HMAC_SHA256, text.as_bytes());
        let mut cookie = String::new();
        for byte in hmac::sign(&key, COOKIE.as_bytes()).as_ref() {
            write!(cookie, "{byte:02x}").expect("writing to a String cannot fail");
        }
        Self { key, cookie }
    }

    fn is(&self, given: &str) -> bool {
        // Codes are compared, in constant time, instead of tokens.
        let code = hmac::sign(
            &hmac::Key::new(hmac::HMAC_SHA256, given.as_bytes()),
            COOKIE.as_bytes(),
        );
        hmac::verify(&self.key, COOKIE.as_bytes(), code.as_ref()).is_ok()
    }

    fn is_cookie(&self, given: &str) -> bool {
        let tag = |text: &str| hmac::sign(&self.key, text.as_bytes());
        hmac::verify(&self.key, given.as_bytes(), tag(&self.cookie).as_ref()).is_ok()
    }
}

fn read_bounded(path: &Path) -> io::Result<String> {
    use io::Read as _;
    let mut text = String::new();
    fs::File::open(path)?
        .take(TOKEN_LEN_MAX as u64)
        .read_to_string(&mut text)?;
    Ok(text)
}

/// Asked of every request: loaded from here, and changes only from our own pages.
pub(super) async fn same_house(
    State(app): State<Arc<App>>,
    request: Request,
    next: Next,
) -> Response {
    let host = header_text(request.headers(), "host");
    if app.access.local_only && !host.is_some_and(names_this_machine) {
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

/// Asked of every route behind the counter.
pub(super) async fn staff_only(
    State((app, least)): State<(Arc<App>, Role)>,
    request: Request,
    next: Next,
) -> Response {
    let role = app.access.role(request.headers());
    if role >= Some(least) {
        return next.run(request).await;
    }
    if role.is_some() {
        let refusal = "this token may not do that: it takes the operator's";
        return Refusal::new(StatusCode::FORBIDDEN, refusal).into_response();
    }
    let wants_page = *request.method() == Method::GET
        && header_text(request.headers(), "accept").is_some_and(|a| a.contains("text/html"));
    if wants_page {
        return Redirect::to("/login").into_response();
    }
    let mut refusal = Refusal::new(
        StatusCode::UNAUTHORIZED,
        "send the access token as `Authorization: Bearer ..`, or sign in at /login",
    )
    .into_response();
    refusal.headers_mut().insert(
        header::WWW_AUTHENTICATE,
        HeaderValue::from_static("Bearer realm=\"aislecast\""),
    );
    refusal
}

/// What the login page sends.
#[derive(Deserialize)]
pub(super) struct Login {
    token: String,
}

/// Gives a cookie for the token.
pub(super) async fn login(
    State(app): State<Arc<App>>,
    form: Result<Form<Login>, FormRejection>,
) -> Response {
    let tokens = &app.access.tokens;
    if tokens.is_empty() {
        return Redirect::to("/").into_response();
    }
    let given = form.map(|Form(login)| login.token).unwrap_or_default();
    match tokens.iter().find(|(_, token)| token.is(given.trim())) {
        Some((_, token)) => {
            let cookie = format!(
                "{COOKIE}={}; Path=/; Max-Age={COOKIE_AGE_S}; HttpOnly; SameSite=Strict",
                token.cookie
            );
            ([(header::SET_COOKIE, cookie)], Redirect::to("/")).into_response()
        }
        None => pages::login_refused(),
    }
}

fn header_text<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers.get(name)?.to_str().ok()
}

fn cookie(headers: &HeaderMap) -> Option<&str> {
    let all = headers.get_all(header::COOKIE).iter();
    all.filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(name, value)| (name == COOKIE).then_some(value))
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

    #[test]
    fn a_token_knows_itself_and_its_cookie_and_nothing_else() {
        let token = Token::new("correct-horse-battery");
        assert!(token.is("correct-horse-battery"));
        for wrong in ["", "correct-horse-batter", "correct-horse-battery2"] {
            assert!(!token.is(wrong), "{wrong:?}");
        }
        assert!(token.is_cookie(&token.cookie));
        assert!(!token.is_cookie("correct-horse-battery"));
        assert!(!token.is_cookie(&Token::new("another-token-here").cookie));
        assert_eq!(format!("{token:?}"), "token(redacted)");
    }

    #[test]
    fn what_others_could_reach_needs_a_good_token() {
        let dir = tempfile::tempdir().unwrap();
        let file = |name: &str, text: &str| {
            let path = dir.path().join(name);
            fs::write(&path, text).unwrap();
            Some(path)
        };
        let open: SocketAddr = "0.0.0.0:8080".parse().unwrap();
        let local: SocketAddr = "127.0.0.1:8080".parse().unwrap();
        for (listen, token_file, expected) in [
            (local, None, None),
            (open, None, Some("other machines could reach it")),
            (open, file("good", "0123456789abcdef\n"), None),
            (
                open,
                file("short", "0123456789abcde\n"),
                Some("at least 16"),
            ),
            (
                open,
                file("blank", "01234567 9abcdef012"),
                Some("no blanks"),
            ),
            (
                local,
                Some(dir.path().join("none")),
                Some("failed to read the access token"),
            ),
        ] {
            let http = config::Http {
                listen,
                token_file,
                marketer_token_file: None,
                viewer_token_file: None,
            };
            let error = Access::new(&http, listen).err().map(|e| e.to_string());
            match expected {
                None => assert_eq!(error, None),
                Some(part) => assert!(error.unwrap().contains(part), "{part}"),
            }
        }
    }

    #[test]
    fn each_token_has_its_role_and_lesser_ones_are_private() {
        let dir = tempfile::tempdir().unwrap();
        let file = |name: &str, mode: u32| {
            let path = dir.path().join(name);
            fs::write(&path, format!("the-token-of-a-{name}")).unwrap();
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
            Some(path)
        };
        let http = config::Http {
            listen: "127.0.0.1:8080".parse().unwrap(),
            token_file: file("operator", 0o644),
            marketer_token_file: file("marketer", 0o600),
            viewer_token_file: file("viewer", 0o600),
        };
        let access = Access::new(&http, http.listen).unwrap();
        for (token, role) in [
            ("the-token-of-a-operator", Some(Role::Operator)),
            ("the-token-of-a-marketer", Some(Role::Marketer)),
            ("the-token-of-a-viewer", Some(Role::Viewer)),
            ("the-token-of-a-nobody", None),
        ] {
            let mut headers = HeaderMap::new();
            let value = HeaderValue::try_from(format!("Bearer {token}")).unwrap();
            headers.insert(header::AUTHORIZATION, value);
            assert_eq!(access.role(&headers), role, "{token}");
        }
        let open = config::Http {
            viewer_token_file: file("viewer", 0o640),
            ..http.clone()
        };
        let refused = Access::new(&open, open.listen).unwrap_err();
        assert!(matches!(refused, HttpError::OpenToken { .. }), "{refused}");
        let alone = config::Http {
            token_file: None,
            ..http
        };
        let refused = Access::new(&alone, alone.listen).unwrap_err();
        assert!(matches!(refused, HttpError::NoOperator(_)), "{refused}");
    }
}
